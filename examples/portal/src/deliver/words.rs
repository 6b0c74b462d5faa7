//! What people are told, in their language: what it is about, and what to do if it was not they. Nothing in it signs anybody in.

use mfa_flow::{Notice, What, Why};
use mfa_policy::{Language, Messages, Method, Timestamp};

use crate::texts::Texts;

/// The words for one person.
pub(crate) struct Words<'a> {
    texts: &'static Texts,
    messages: Messages,
    site: &'a str,
    /// Where the person sees the security info, after signing in.
    address: String,
}

/// A mail.
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl<'a> Words<'a> {
    pub(crate) fn new(language: Language, site: &'a str, public_url: &str) -> Self {
        Self {
            texts: Texts::of(language),
            messages: Messages::new(language),
            site,
            address: format!("{public_url}/security-info"),
        }
    }

    /// A text message with a code.
    pub(crate) fn text(&self, code: &str, why: &Why, left: Minutes) -> String {
        self.with_code("message-text", code, why, left)
    }

    /// A mail with a code. The subject has none: it is seen on locked screens.
    pub(crate) fn mail(&self, code: &str, why: &Why, left: Minutes) -> Letter {
        Letter {
            subject: self
                .texts
                .say("message-mail-subject", &[("site", self.site)]),
            text: self.with_code("message-mail", code, why, left),
        }
    }

    /// What a call says.
    pub(crate) fn call(&self, why: &Why) -> String {
        let purpose = self.purpose(why);
        let variables = [("site", self.site), ("purpose", &purpose)];
        self.texts.say("message-call", &variables)
    }

    /// What a notification asks.
    pub(crate) fn push(&self, why: &Why, origin: Option<&str>) -> String {
        let purpose = self.purpose(why);
        let variables = [("site", self.site), ("purpose", purpose.as_str())];
        let asks = self.texts.say("message-push", &variables);
        let Some(origin) = origin else { return asks };
        let from = self.texts.say("message-push-origin", &[("origin", origin)]);
        format!("{asks}\n{from}")
    }

    /// A notice as a text message.
    pub(crate) fn notice_text(&self, notice: &str) -> String {
        self.with_notice("message-notice-text", notice)
    }

    /// A notice as a mail.
    pub(crate) fn notice_mail(&self, notice: &str) -> Letter {
        Letter {
            subject: self
                .texts
                .say("message-notice-subject", &[("site", self.site)]),
            text: self.with_notice("message-notice", notice),
        }
    }

    /// What happened. `administrator` is the name of the one who did it, where one did.
    pub(crate) fn notice(&self, notice: &Notice, administrator: &str) -> String {
        let say = |name, variables: &[(&str, &str)]| self.texts.say(name, variables);
        let method = |method: &Method| self.messages.method(method);
        let time = |time: Timestamp| self.messages.time(time);
        match notice {
            Notice::Added { method: of, name } => {
                say("notice-added", &[("method", &method(of)), ("name", name)])
            }
            Notice::Removed { method: of, name } => {
                say("notice-removed", &[("method", &method(of)), ("name", name)])
            }
            Notice::Replaced { method: of, by } => say(
                "notice-replaced",
                &[("method", &method(of)), ("by", &method(by))],
            ),
            Notice::DefaultChanged { method: Some(of) } => {
                say("notice-default-changed", &[("method", &method(of))])
            }
            Notice::DefaultChanged { method: None } => say("notice-no-default", &[]),
            Notice::Locked {
                method: of,
                until: Some(until),
            } => say(
                "notice-locked",
                &[("method", &method(of)), ("time", &time(*until))],
            ),
            Notice::Locked {
                method: of,
                until: None,
            } => say("notice-disabled", &[("method", &method(of))]),
            Notice::RecoveryCodeUsed { left } => {
                say("notice-recovery-code-used", &[("left", &left.to_string())])
            }
            Notice::RecoveryCodesMade => say("notice-recovery-codes-made", &[]),
            Notice::SuspiciousReported => say("notice-suspicious-reported", &[]),
            Notice::ResetBegun => say("notice-reset-begun", &[]),
            Notice::PasswordReset => say("notice-password-reset", &[]),
            Notice::ResetLocked { until } => say("notice-reset-locked", &[("time", &time(*until))]),
            Notice::PasswordLocked { until } => {
                say("notice-password-locked", &[("time", &time(*until))])
            }
            Notice::Administered {
                what, method: of, ..
            } => say(
                "notice-administered",
                &[
                    ("what", administered(what)),
                    ("by", administrator),
                    ("method", &of.as_ref().map(method).unwrap_or_default()),
                ],
            ),
            Notice::DeviceRemembered => say("notice-device-remembered", &[]),
            // One that came after this was written: the person is told all the same.
            _ => say("notice-other", &[]),
        }
    }

    fn with_code(&self, name: &str, code: &str, why: &Why, Minutes(left): Minutes) -> String {
        let (purpose, left) = (self.purpose(why), left.to_string());
        let variables = [
            ("site", self.site),
            ("code", code),
            ("purpose", &purpose),
            ("minutes", &left),
            ("address", &self.address),
        ];
        self.texts.say(name, &variables)
    }

    fn with_notice(&self, name: &str, notice: &str) -> String {
        let variables = [
            ("site", self.site),
            ("notice", notice),
            ("address", &self.address),
        ];
        self.texts.say(name, &variables)
    }

    fn purpose(&self, why: &Why) -> String {
        let purpose = match why {
            Why::Challenge { purpose, .. } => purpose.as_str(),
            Why::Enrolment { .. } => "enrolment",
        };
        self.texts.say("message-purpose", &[("purpose", purpose)])
    }
}

/// How long a code is good.
#[derive(Clone, Copy)]
pub(crate) struct Minutes(u64);

impl Minutes {
    /// Rounded down, but for the last minute.
    pub(crate) fn left(now: Timestamp, until: Timestamp) -> Self {
        let seconds = until.unix_seconds().saturating_sub(now.unix_seconds());
        Self(
            u64::try_from(seconds)
                .unwrap_or_default()
                .div_euclid(60)
                .max(1),
        )
    }
}

/// What an administrator does, as the texts call it.
const fn administered(what: &What) -> &'static str {
    match what {
        What::Bound => "added",
        What::Removed => "removed",
        What::DefaultChanged => "default",
        What::RegistrationDemanded => "registration",
        What::Unlocked => "unlocked",
        What::DevicesForgotten => "devices",
        What::SessionsEnded => "sessions",
        What::Suspended => "suspended",
        What::Resumed => "resumed",
        What::PassIssued => "pass",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use mfa_policy::{Purpose, RegistrationId};

    use super::*;

    /// Every notice that there is, by the list that serde gives when it is asked for one that there is not.
    fn all_notices() -> Vec<Notice> {
        let refused = serde_json::from_str::<Notice>("\"?\"")
            .unwrap_err()
            .to_string();
        let names: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
        assert!(names.contains(&"added"), "{refused}");
        let time = "2027-02-01T09:00:00Z";
        let fields = serde_json::json!({
            "method": "text", "by": "security_key", "name": "My phone", "until": time, "left": 3, "what": "unlocked",
        });
        let mut notices = Vec::new();
        for name in names {
            let with_fields = serde_json::json!({ name: fields });
            let plain = serde_json::json!(name);
            let notice =
                serde_json::from_value(with_fields).or_else(|_| serde_json::from_value(plain));
            notices.push(notice.unwrap_or_else(|error| panic!("{name}: {error}")));
        }
        let until = time.parse().unwrap();
        notices.extend([
            Notice::DefaultChanged { method: None },
            Notice::Locked {
                method: Method::Text,
                until: None,
            },
            Notice::ResetLocked { until },
        ]);
        notices
    }

    fn words(language: Language) -> Words<'static> {
        Words::new(language, "Acme", "https://id.example.com")
    }

    #[test]
    fn every_notice_has_words_of_its_own_in_both_languages() {
        for language in Language::ALL {
            let words = words(language);
            let other = words.texts.say("notice-other", &[]);
            for notice in all_notices() {
                let text = words.notice(&notice, "Grace");
                assert!(
                    text.contains(' ') && text != other,
                    "{language:?} {notice:?}: {text}"
                );
            }
        }
    }

    #[test]
    fn everything_that_an_administrator_tells_of_has_words_of_its_own() {
        for language in Language::ALL {
            let words = words(language);
            let mut texts = BTreeSet::new();
            let told = [
                What::Bound,
                What::Removed,
                What::DefaultChanged,
                What::RegistrationDemanded,
                What::Unlocked,
                What::DevicesForgotten,
                What::SessionsEnded,
                What::Suspended,
                What::Resumed,
                What::PassIssued,
                What::Renamed,
            ];
            let count = told.len();
            for what in told {
                let notice = Notice::Administered {
                    by: mfa_policy::PersonId::new("g").unwrap(),
                    what,
                    method: Some(Method::Text),
                };
                let text = words.notice(&notice, "Grace");
                assert!(text.contains("(Grace)"), "{text}");
                texts.insert(text);
            }
            assert_eq!(texts.len(), count, "{texts:?}");
        }
    }

    #[test]
    fn a_message_says_what_it_is_for_and_where_to_go_if_it_was_not_you() {
        let registration = RegistrationId::new("phone").unwrap();
        let reset = Why::Challenge {
            challenge: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
            registration: registration.clone(),
            purpose: Purpose::PasswordReset,
        };
        let left = Minutes(4);
        assert_eq!(
            words(Language::English).text("123456", &reset, left),
            "Acme: 123456 is your code to set a new password, for 4 min. Give it to nobody. Not you? https://id.example.com/security-info"
        );
        let mail = words(Language::Dutch).mail("123456", &Why::Enrolment { registration }, left);
        assert_eq!(mail.subject, "Uw code voor Acme");
        assert!(
            mail.text.starts_with(
                "123456 is uw code om dit aan uw beveiligingsgegevens toe te voegen bij Acme."
            ),
            "{}",
            mail.text
        );
        assert!(
            mail.text
                .ends_with("\nhttps://id.example.com/security-info"),
            "{}",
            mail.text
        );
    }

    #[test]
    fn a_text_message_with_a_code_is_one_message() {
        let registration = RegistrationId::new("phone").unwrap();
        for language in Language::ALL {
            let mut reasons = vec![Why::Enrolment {
                registration: registration.clone(),
            }];
            reasons.extend(Purpose::ALL.map(|purpose| Why::Challenge {
                challenge: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
                registration: registration.clone(),
                purpose,
            }));
            for why in reasons {
                let text = words(language).text("12345678", &why, Minutes(10));
                assert!(
                    text.len() <= 160 && text.is_ascii(),
                    "{} {text}",
                    text.len()
                );
            }
        }
    }

    #[test]
    fn a_code_is_not_said_to_be_good_for_longer_than_it_is() {
        let now: Timestamp = "2026-12-01T09:00:00Z".parse().unwrap();
        for (seconds, minutes) in [(300, 5), (299, 4), (61, 1), (59, 1), (0, 1)] {
            assert_eq!(Minutes::left(now, now.plus_seconds(seconds)).0, minutes);
        }
    }
}
