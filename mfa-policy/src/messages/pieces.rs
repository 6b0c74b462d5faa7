//! The pieces of which texts are put together: names, lists, numbers and times.

use fluent_bundle::FluentValue;

use super::Messages;
use super::catalogue::Catalogue;
use super::names::insertable;
use crate::method::{Method, Strength};
use crate::name::RegistrationId;
use crate::purpose::Purpose;
use crate::timestamp::Timestamp;

impl Messages {
    pub(super) fn text(
        &self,
        id: &str,
        variables: &[(&'static str, FluentValue<'_>)],
    ) -> Option<String> {
        Catalogue::of(self.language).text(id, variables)
    }

    pub(super) fn method_in_form(&self, method: &Method, form: &str, number: u32) -> String {
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

    pub(super) fn used(&self, method: &Method) -> FluentValue<'static> {
        self.method_in_form(method, ".used", 1).into()
    }

    pub(super) fn set_up(&self, method: &Method) -> FluentValue<'static> {
        self.method_in_form(method, ".set_up", 1).into()
    }

    pub(super) fn one_to_set_up(&self, methods: &[Method]) -> FluentValue<'static> {
        let forms = methods
            .iter()
            .map(|method| self.method_in_form(method, ".set_up", 1));
        self.list(without_repetition(forms), "list-or")
    }

    /// That many of what a pool counts.
    pub(super) fn counted(&self, methods: &[Method], number: u32) -> FluentValue<'static> {
        let forms = methods
            .iter()
            .map(|method| self.method_in_form(method, ".counted", number));
        self.list(without_repetition(forms), "list-or")
    }

    pub(super) fn purpose_in_form(&self, purpose: Purpose, form: &str) -> String {
        self.text(&format!("purpose-{purpose}{form}"), &[])
            .unwrap_or_else(|| purpose.to_string())
    }

    pub(super) fn strength(&self, strength: Strength, form: &str) -> FluentValue<'static> {
        let code = strength.as_str();
        self.text(&format!("strength-{code}{form}"), &[])
            .unwrap_or_else(|| code.to_owned())
            .into()
    }

    pub(super) fn quoted(&self, name: &str) -> FluentValue<'static> {
        let name = insertable(name);
        self.text("quoted", &[("name", name.as_str().into())])
            .unwrap_or(name)
            .into()
    }

    pub(super) fn named(&self, registration: &RegistrationId) -> FluentValue<'static> {
        self.quoted(
            self.names
                .get(registration)
                .map_or(registration.as_str(), String::as_str),
        )
    }

    pub(super) fn one_of(&self, registrations: &[RegistrationId]) -> FluentValue<'static> {
        let names = registrations.iter().map(|id| self.named(id));
        self.list(names.collect(), "list-or")
    }

    pub(super) fn all_of(&self, registrations: &[RegistrationId]) -> FluentValue<'static> {
        let names = registrations.iter().map(|id| self.named(id));
        self.list(names.collect(), "list-and")
    }

    /// "a, b or c", or with "and".
    pub(super) fn list(
        &self,
        mut items: Vec<FluentValue<'static>>,
        joint: &str,
    ) -> FluentValue<'static> {
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
    pub(super) fn number(&self, number: u32) -> FluentValue<'static> {
        self.text("number", &[("number", number.into())])
            .unwrap_or_else(|| number.to_string())
            .into()
    }

    pub(super) fn days(&self, days: u32) -> FluentValue<'static> {
        self.text("days", &[("number", days.into())])
            .unwrap_or_else(|| days.to_string())
            .into()
    }

    /// Minutes in the greatest unit that holds them without a rest.
    pub(super) fn duration(&self, minutes: u32) -> FluentValue<'static> {
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
    pub(super) fn from(&self, time: Timestamp) -> FluentValue<'static> {
        self.time(time.plus_seconds(59)).into()
    }

    /// Dates in a policy mean their midnight, which nobody wants to read.
    pub(super) fn date_or_time(&self, time: Timestamp) -> FluentValue<'static> {
        let date = (time.unix_seconds().rem_euclid(86_400) == 0)
            .then(|| self.written_date(utc(time)?.date()))
            .flatten();
        date.unwrap_or_else(|| self.time(time)).into()
    }

    pub(super) fn written_time(&self, time: Timestamp) -> Option<String> {
        let time = utc(time)?;
        let clock = format!("{:02}:{:02}", time.hour(), time.minute());
        let date = self.written_date(time.date())?;
        self.text("time", &[("date", date.into()), ("clock", clock.into())])
    }

    pub(super) fn written_date(&self, date: jiff::civil::Date) -> Option<String> {
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
