//! Texts for people, in the languages of [`Language`].

mod catalogue;
mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use fluent_bundle::FluentValue;

use crate::decision::{Remedy, Request, Step};
use crate::language::Language;
use crate::method::{Capability, Method, Strength};
use crate::name::RegistrationId;
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::timestamp::Timestamp;
use catalogue::Catalogue;
use names::insertable;

/// Texts in one language for everything that a decision says.
///
/// They are plain text, written for the person whose account it is: what is the matter and what to do about it. A page has to
/// escape them like any other text. Times are in UTC, to the minute. Cheap to make and to clone: the catalogues are read once.
///
/// ```
/// use mfa_policy::{Language, Messages, Method, Purpose, Reason};
///
/// let reason = Reason::PurposeNotAllowed { method: Method::Email, purpose: Purpose::TwoStep };
/// let english = Messages::new(Language::English);
/// assert_eq!(english.reason(&reason), "You can't use e-mail for two-step verification. Choose another method.");
/// let dutch = Messages::new(Language::Dutch);
/// assert_eq!(dutch.reason(&reason), "U kunt e-mail niet gebruiken voor verificatie in twee stappen. Kies een andere methode.");
/// ```
///
/// # Security
/// A text holds what its reason holds, and the names that it was given: no codes, no secrets, because this crate has none.
/// Names that go beyond what the reader may see, such as a whole telephone number, have to be shortened before.
#[derive(Clone, Debug)]
pub struct Messages {
    language: Language,
    product: Option<String>,
    names: BTreeMap<RegistrationId, String>,
}

/// The variables of a text.
type Variables = Vec<(&'static str, FluentValue<'static>)>;

impl Messages {
    /// Texts in that language.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            product: None,
            names: BTreeMap::new(),
        }
    }

    /// With the name of the authenticator app, such as "Microsoft Authenticator". Without it, texts say "the authenticator app".
    #[must_use]
    pub fn with_product(mut self, product: &str) -> Self {
        self.product = Some(insertable(product));
        self
    }

    /// With the names under which a person knows the registrations, such as "phone ending in 34". A registration without a name
    /// is called by its identifier.
    #[must_use]
    pub fn with_names(mut self, names: impl IntoIterator<Item = (RegistrationId, String)>) -> Self {
        self.names.extend(names);
        self
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Why not, and what to do.
    #[must_use]
    pub fn reason(&self, reason: &Reason) -> String {
        let (form, variables) = self.of_reason(reason);
        self.text(&format!("reason-{}{form}", reason.code()), &variables)
            .unwrap_or_else(|| reason.code().to_owned())
    }

    /// What to do, step after step.
    #[must_use]
    pub fn remedy(&self, remedy: &Remedy) -> String {
        let steps: Vec<String> = remedy.steps().iter().map(|step| self.step(step)).collect();
        steps.join(" ")
    }

    /// What to do.
    #[must_use]
    pub fn step(&self, step: &Step) -> String {
        let (id, variables) = self.of_step(step);
        self.text(id, &variables).unwrap_or_else(|| id.to_owned())
    }

    /// What is not known.
    #[must_use]
    pub fn input(&self, input: Input) -> String {
        let fact = input.field().rsplit('.').next().unwrap_or_default();
        self.text(&format!("input-{fact}"), &[])
            .unwrap_or_else(|| input.field().to_owned())
    }

    /// The name of a method, as a heading.
    #[must_use]
    pub fn method(&self, method: &Method) -> String {
        self.method_in_form(method, "", 1)
    }

    /// What a person chooses when a method becomes the default: "notification", "code", "text", "call" and so on. `None` for a
    /// method that can never be the default.
    #[must_use]
    pub fn default_choice(&self, method: &Method) -> Option<String> {
        method
            .can_be_default()
            .then(|| self.method_in_form(method, ".default", 1))
    }

    /// The name of a purpose, as a heading.
    #[must_use]
    pub fn purpose(&self, purpose: Purpose) -> String {
        self.purpose_in_form(purpose, "")
    }

    /// A time as people write it, in UTC and to the minute: "1 February 2027, 09:00 UTC".
    #[must_use]
    pub fn time(&self, time: Timestamp) -> String {
        self.written_time(time).unwrap_or_else(|| time.to_string())
    }

    fn of_reason(&self, reason: &Reason) -> (&'static str, Variables) {
        match reason {
            Reason::NotOneself
            | Reason::NotAnAdministrator
            | Reason::NotForOneself
            | Reason::ResetOff
            | Reason::ResetNotForGroups
            | Reason::RememberedDevicesOff
            | Reason::PassMustBeOneTime
            | Reason::NeedsFirstFactor
            | Reason::RecoveryCodeNotEnough
            | Reason::NoCodesLeft { .. } => ("", vec![]),
            Reason::ResetExcluded { group } => ("", vec![("group", self.quoted(group.as_str()))]),
            Reason::ResetLocked { until } => ("", vec![("time", self.from(*until))]),
            Reason::ResetExpired { at } => ("", vec![("time", self.time(*at).into())]),
            Reason::TooFewGates { needs, has } => (
                "",
                vec![
                    ("needs", (*needs).into()),
                    ("needs-word", self.number(*needs)),
                    ("has", (*has).into()),
                    ("has-word", self.number(*has)),
                ],
            ),
            Reason::NotInPolicy { method }
            | Reason::MethodOff { method }
            | Reason::NotForGroups { method }
            | Reason::NumberAtRisk { method }
            | Reason::NotAsDefault { method }
            | Reason::NotForThisReset {
                method,
                administrators: false,
            } => ("", vec![("method", self.used(method))]),
            Reason::NotForThisReset {
                method,
                administrators: true,
            } => (".administrators", vec![("method", self.used(method))]),
            Reason::Excluded { method, group } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("group", self.quoted(group.as_str())),
                ],
            ),
            Reason::Retired { method, since } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("time", self.date_or_time(*since)),
                ],
            ),
            Reason::NeedsEnabled { method, other } => (
                "",
                vec![("method", self.used(method)), ("other", self.used(other))],
            ),
            Reason::PurposeNotAllowed { method, purpose } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ],
            ),
            Reason::TooWeak { method, needs, .. } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("strength", self.strength(*needs, "")),
                ],
            ),
            Reason::CapabilityMissing { method, capability } => (
                match capability {
                    Capability::Webauthn => "-webauthn",
                    Capability::Telephony => "-telephony",
                },
                vec![("method", self.used(method))],
            ),
            Reason::AdministratorOnly { method }
            | Reason::PersonOnly { method }
            | Reason::RegisteredElsewhere { method } => ("", vec![("method", self.set_up(method))]),
            Reason::LimitReached {
                method,
                methods,
                limit,
                has,
                ..
            } => {
                // As many as make room for one.
                let excess = has.saturating_sub(*limit).saturating_add(1);
                (
                    "",
                    vec![
                        ("method", self.set_up(method)),
                        ("counted", self.counted(methods, *has)),
                        ("has", (*has).into()),
                        ("has-word", self.number(*has)),
                        ("excess", excess.into()),
                        ("excess-word", self.number(excess)),
                    ],
                )
            }
            Reason::AlreadyRegistered {
                method,
                registration,
            } => (
                "",
                vec![
                    ("method", self.set_up(method)),
                    ("registration", self.named(registration)),
                ],
            ),
            Reason::NeedsMethod { method, one_of } => (
                "",
                vec![
                    ("method", self.set_up(method)),
                    ("others", self.one_to_set_up(one_of)),
                ],
            ),
            Reason::NoSuchRegistration { registration }
            | Reason::Pending { registration }
            | Reason::NotPending { registration }
            | Reason::Disabled { registration }
            | Reason::Deactivated { registration }
            | Reason::PassUsed { registration }
            | Reason::PassWithoutValidity { registration }
            | Reason::IsDefault { registration } => {
                ("", vec![("registration", self.named(registration))])
            }
            Reason::Locked {
                registration,
                until: time,
            }
            | Reason::PassNotYetValid {
                registration,
                from: time,
            } => (
                "",
                vec![
                    ("registration", self.named(registration)),
                    ("time", self.from(*time)),
                ],
            ),
            Reason::PassExpired {
                registration,
                since,
            } => (
                "",
                vec![
                    ("registration", self.named(registration)),
                    ("time", self.time(*since).into()),
                ],
            ),
            Reason::NotIndependent {
                registration,
                passed,
            } => (
                "",
                vec![
                    ("registration", self.named(registration)),
                    ("passed", self.named(passed)),
                ],
            ),
            Reason::LastMethod {
                registration,
                purpose,
                strength,
            } => {
                let mut variables = vec![
                    ("registration", self.named(registration)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ];
                match strength {
                    None => ("", variables),
                    Some(strength) => {
                        variables.push(("strength", self.strength(*strength, "")));
                        (".strength", variables)
                    }
                }
            }
            Reason::PassMinutes { least, most, asked } => (
                "",
                vec![
                    ("least", self.duration(*least)),
                    ("most", self.duration(*most)),
                    ("asked", self.duration(*asked)),
                ],
            ),
            Reason::NeedsProof {
                strength,
                within_minutes,
            } => {
                let mut variables = vec![("with", self.strength(*strength, ".with"))];
                match within_minutes {
                    None => ("", variables),
                    Some(minutes) => {
                        variables.push(("duration", self.duration(*minutes)));
                        (".recent", variables)
                    }
                }
            }
        }
    }

    fn of_step(&self, step: &Step) -> (&'static str, Variables) {
        match step {
            Step::Wait { until } => ("step-wait", vec![("time", self.from(*until))]),
            Step::UseWhere {
                capability: Capability::Webauthn,
            } => ("step-use_where-webauthn", vec![]),
            Step::UseWhere {
                capability: Capability::Telephony,
            } => ("step-use_where-telephony", vec![]),
            Step::SignIn => ("step-sign_in", vec![]),
            Step::Prove { strength, one_of } if one_of.is_empty() => (
                "step-prove.any",
                vec![("with", self.strength(*strength, ".with"))],
            ),
            Step::Prove { one_of, .. } => {
                ("step-prove", vec![("registrations", self.one_of(one_of))])
            }
            Step::Confirm { registration } => (
                "step-confirm",
                vec![("registration", self.named(registration))],
            ),
            Step::RemoveOneOf { registrations } => (
                "step-remove_one_of",
                vec![("registrations", self.one_of(registrations))],
            ),
            Step::Add { method } => ("step-add", vec![("method", self.set_up(method))]),
            Step::SetDefault { one_of } => (
                "step-set_default",
                vec![("registrations", self.one_of(one_of))],
            ),
            Step::StartAgain => ("step-start_again", vec![]),
            Step::PassGates { registrations } => (
                "step-pass_gates",
                vec![("registrations", self.all_of(registrations))],
            ),
            Step::ChangePass { minutes, one_time } => (
                if *one_time {
                    "step-change_pass.one_time"
                } else {
                    "step-change_pass"
                },
                vec![("duration", self.duration(*minutes))],
            ),
            Step::Ask(request) => self.of_request(request),
        }
    }

    fn of_request(&self, request: &Request) -> (&'static str, Variables) {
        match request {
            Request::AllowMethod {
                method,
                purpose: None,
            } => ("request-allow_method", vec![("method", self.used(method))]),
            Request::AllowMethod {
                method,
                purpose: Some(purpose),
            } => (
                "request-allow_method.purpose",
                vec![
                    ("method", self.used(method)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ],
            ),
            Request::AllowReset => ("request-allow_reset", vec![]),
            Request::AllowRememberedDevices => ("request-allow_remembered_devices", vec![]),
            Request::Register { method } => {
                ("request-register", vec![("method", self.set_up(method))])
            }
            Request::RemoveOneOf { registrations } => (
                "request-remove_one_of",
                vec![("registrations", self.one_of(registrations))],
            ),
            Request::Unlock => ("request-unlock", vec![]),
            Request::IssuePass => ("request-issue_pass", vec![]),
            Request::DoIt => ("request-do_it", vec![]),
        }
    }

    fn text(&self, id: &str, variables: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        Catalogue::of(self.language).text(id, variables)
    }

    fn method_in_form(&self, method: &Method, form: &str, number: u32) -> String {
        let product = self
            .product
            .clone()
            .or_else(|| self.text("product", &[]))
            .unwrap_or_default();
        let name = match method {
            Method::External(name) => insertable(name.as_str()),
            _ => String::new(),
        };
        let variables = [
            ("product", product.into()),
            ("name", name.into()),
            ("number", number.into()),
        ];
        self.text(&format!("method-{}{form}", method.kind()), &variables)
            .unwrap_or_else(|| method.to_string())
    }

    fn used(&self, method: &Method) -> FluentValue<'static> {
        self.method_in_form(method, ".used", 1).into()
    }

    fn set_up(&self, method: &Method) -> FluentValue<'static> {
        self.method_in_form(method, ".set_up", 1).into()
    }

    fn one_to_set_up(&self, methods: &[Method]) -> FluentValue<'static> {
        let forms = methods
            .iter()
            .map(|method| self.method_in_form(method, ".set_up", 1));
        self.list(without_repetition(forms), "list-or")
    }

    /// That many of what a pool counts.
    fn counted(&self, methods: &[Method], number: u32) -> FluentValue<'static> {
        let forms = methods
            .iter()
            .map(|method| self.method_in_form(method, ".counted", number));
        self.list(without_repetition(forms), "list-or")
    }

    fn purpose_in_form(&self, purpose: Purpose, form: &str) -> String {
        self.text(&format!("purpose-{purpose}{form}"), &[])
            .unwrap_or_else(|| purpose.to_string())
    }

    fn strength(&self, strength: Strength, form: &str) -> FluentValue<'static> {
        let code = match strength {
            Strength::TwoStep => "two_step",
            Strength::Passwordless => "passwordless",
            Strength::PhishingResistant => "phishing_resistant",
        };
        self.text(&format!("strength-{code}{form}"), &[])
            .unwrap_or_else(|| code.to_owned())
            .into()
    }

    fn quoted(&self, name: &str) -> FluentValue<'static> {
        let name = insertable(name);
        self.text("quoted", &[("name", name.as_str().into())])
            .unwrap_or(name)
            .into()
    }

    fn named(&self, registration: &RegistrationId) -> FluentValue<'static> {
        self.quoted(
            self.names
                .get(registration)
                .map_or(registration.as_str(), String::as_str),
        )
    }

    fn one_of(&self, registrations: &[RegistrationId]) -> FluentValue<'static> {
        let names = registrations.iter().map(|id| self.named(id));
        self.list(names.collect(), "list-or")
    }

    fn all_of(&self, registrations: &[RegistrationId]) -> FluentValue<'static> {
        let names = registrations.iter().map(|id| self.named(id));
        self.list(names.collect(), "list-and")
    }

    /// "a, b or c", or with "and".
    fn list(&self, mut items: Vec<FluentValue<'static>>, joint: &str) -> FluentValue<'static> {
        let last = items.pop().unwrap_or_else(|| "".into());
        let before = items.into_iter().reduce(|first, next| {
            let variables = [("first", first), ("next", next.clone())];
            self.text("list-comma", &variables)
                .map_or(next, FluentValue::from)
        });
        let Some(before) = before else {
            return last;
        };
        self.text(joint, &[("first", before), ("last", last.clone())])
            .map_or(last, FluentValue::from)
    }

    /// A number to twelve as a word, and digits beyond.
    fn number(&self, number: u32) -> FluentValue<'static> {
        self.text("number", &[("number", number.into())])
            .unwrap_or_else(|| number.to_string())
            .into()
    }

    /// Minutes in the greatest unit that holds them without a rest.
    fn duration(&self, minutes: u32) -> FluentValue<'static> {
        let (unit, number) = if minutes > 0 && minutes.is_multiple_of(1_440) {
            ("days", minutes / 1_440)
        } else if minutes > 0 && minutes.is_multiple_of(60) {
            ("hours", minutes / 60)
        } else {
            ("minutes", minutes)
        };
        self.text(unit, &[("number", number.into())])
            .unwrap_or_else(|| minutes.to_string())
            .into()
    }

    /// A time from which on something is possible: rounded up, so that nobody comes too early.
    fn from(&self, time: Timestamp) -> FluentValue<'static> {
        self.time(time.plus_seconds(59)).into()
    }

    /// Dates in a policy mean their midnight, which nobody wants to read.
    fn date_or_time(&self, time: Timestamp) -> FluentValue<'static> {
        let date = (time.unix_seconds().rem_euclid(86_400) == 0)
            .then(|| self.written_date(utc(time)?.date()))
            .flatten();
        date.unwrap_or_else(|| self.time(time)).into()
    }

    fn written_time(&self, time: Timestamp) -> Option<String> {
        let time = utc(time)?;
        let clock = format!("{:02}:{:02}", time.hour(), time.minute());
        let date = self.written_date(time.date())?;
        self.text("time", &[("date", date.into()), ("clock", clock.into())])
    }

    fn written_date(&self, date: jiff::civil::Date) -> Option<String> {
        let month = self.text("month", &[("month", date.month().into())])?;
        self.text(
            "date",
            &[
                ("day", date.day().into()),
                ("month", month.into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }
}

fn utc(time: Timestamp) -> Option<jiff::civil::DateTime> {
    let time = jiff::Timestamp::from_second(time.unix_seconds()).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(time))
}

/// Push and code of one app have one name; it is said once.
fn without_repetition(texts: impl Iterator<Item = String>) -> Vec<FluentValue<'static>> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.into_iter().map(FluentValue::from).collect()
}
