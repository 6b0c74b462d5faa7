//! What the audit log says, in words.

use mfa_flow::{Class, Event, What};
use mfa_policy::{Language, Messages, Purpose, Timestamp};

use crate::texts::Texts;

/// As long as looking at a password takes where there is a queue, in seconds.
const SOON: u32 = 10;

/// Who reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The person whose account it is: an attempt failed, whatever the cause. Who got into the account reads along.
    Person,
    /// An administrator, who is told the cause.
    Administrator,
}

/// The event as one line: what happened, and with which method.
pub(crate) fn words(language: Language, event: &Event, reader: Reader) -> String {
    let (texts, messages) = (Texts::of(language), Messages::new(language));
    let until = until(&event.what).map(|time| messages.time(time));
    let purpose = purpose(&event.what);
    let variables = [
        ("until", until.as_deref().unwrap_or_default()),
        ("purpose", purpose.map_or("", Purpose::as_str)),
    ];
    let mut line = texts.say(name(&event.what), &variables);
    match (&event.what, &event.method) {
        (What::Challenged { purpose }, _) => line = with(&line, &messages.purpose(*purpose)),
        // Their words name the method already.
        (What::RecoveryCodesMade | What::PassIssued | What::AppPasswordUsed { .. }, _) => {}
        (_, Some(method)) => line = with(&line, &messages.method(method)),
        (_, None) => {}
    }
    let cause = match (reader, &event.what) {
        (Reader::Person, _) => None,
        // Whether it was right is not known when it is written down.
        (
            _,
            What::PasswordTried {
                result: Class::Waiting,
            },
        ) => None,
        (Reader::Administrator, What::Refused { reasons }) => Some(reasons.join(", ")),
        (Reader::Administrator, what) => result(what)
            .filter(|class| *class != Class::Accepted)
            .map(|class| texts.say(class_name(class), &[])),
    };
    match cause {
        Some(cause) if !cause.is_empty() => format!("{line} ({cause})"),
        _ => line,
    }
}

fn with(line: &str, what: &str) -> String {
    format!("{line}: {what}")
}

/// How it is to be taken: the class of a row in a time line.
pub(crate) const fn tone(event: &Event) -> &'static str {
    match &event.what {
        What::ReportedSuspicious
        | What::SecurityKeyCopied
        | What::Disabled
        | What::Locked { .. }
        | What::PasswordLocked { .. }
        | What::ResetLocked { .. }
        | What::FirstFactorLocked { .. }
        | What::Suspended
        | What::Unreadable => "bad",
        What::DeniedByPerson | What::NotSent | What::Refused { .. } => "warn",
        What::FirstFactor | What::Bound | What::PasswordReset | What::PasswordChanged => "good",
        what => match result(what) {
            Some(Class::Accepted) => "good",
            Some(Class::Waiting) | None => "",
            Some(_) => "warn",
        },
    }
}

/// The events, the newest first, with what became of each password. The log has only that one was typed, since nobody knows more
/// when it is written: one that was right is left out, because that it was accepted stands beside it; the others were wrong.
pub(crate) fn settled(events: Vec<Event>) -> Vec<Option<Event>> {
    let accepted = events.iter().map(|event| match event.what {
        What::FirstFactor => Some(event.at),
        _ => None,
    });
    let mut accepted: Vec<Timestamp> = accepted.flatten().collect();
    let settle = |mut event: Event| {
        if let What::PasswordTried {
            result: result @ Class::Waiting,
        } = &mut event.what
        {
            // The oldest that came after it and soon enough. Of one second it is not known what came first.
            let soon = event.at.plus_seconds(SOON)..;
            let follows = |time: &Timestamp| event.at <= *time && !soon.contains(time);
            if let Some(place) = accepted.iter().rposition(follows) {
                accepted.remove(place);
                return None;
            }
            *result = Class::Wrong;
        }
        Some(event)
    };
    events.into_iter().map(settle).collect()
}

/// Whether somebody tried to get in and did not.
pub(crate) const fn is_failed_attempt(event: &Event) -> bool {
    match &event.what {
        What::Answered { result, .. }
        | What::AppPasswordUsed { result }
        | What::PasswordTried { result }
        | What::PermissionRefused { result } => !matches!(result, Class::Accepted | Class::Waiting),
        _ => false,
    }
}

const fn result(what: &What) -> Option<Class> {
    match what {
        What::Answered { result, .. }
        | What::PasswordTried { result }
        | What::EnrolmentTested { result }
        | What::Paired { result }
        | What::Resynchronised { result }
        | What::ResetBegun { result }
        | What::PermissionRefused { result }
        | What::PhoneSignInBegun { result }
        | What::AppPasswordUsed { result } => Some(*result),
        _ => None,
    }
}

const fn until(what: &What) -> Option<Timestamp> {
    match what {
        What::Locked { until } | What::PasswordLocked { until } | What::ResetLocked { until } => {
            Some(*until)
        }
        What::FirstFactorLocked { until } => *until,
        _ => None,
    }
}

const fn purpose(what: &What) -> Option<Purpose> {
    match what {
        What::Answered { purpose, .. } => *purpose,
        _ => None,
    }
}

/// The name of the text.
const fn name(what: &What) -> &'static str {
    let accepted = matches!(result(what), Some(Class::Accepted));
    match what {
        What::FirstFactor => "event-first-factor",
        What::PasswordTried {
            result: Class::Waiting,
        } => "event-password-tried",
        What::PasswordTried { .. } => "event-password-not-tried",
        What::PasswordLocked { .. } => "event-password-locked",
        What::Challenged { .. } => "event-challenged",
        What::Sent => "event-sent",
        What::Answered { .. } if accepted => "event-verified",
        What::Answered { .. } => "event-failed",
        What::Locked { .. } => "event-locked",
        What::Disabled => "event-disabled",
        What::DeniedByPerson => "event-denied",
        What::ReportedSuspicious => "event-reported",
        What::ClockBehind => "event-clock-behind",
        What::ClockRepaired => "event-clock-repaired",
        What::SecurityKeyCopied => "event-key-copied",
        What::EnrolmentBegun => "event-enrolment-begun",
        What::EnrolmentTested { .. } if accepted => "event-enrolment-tested",
        What::EnrolmentTested { .. } => "event-enrolment-failed",
        What::Paired { .. } if accepted => "event-paired",
        What::Paired { .. } => "event-not-paired",
        What::EnrolmentEnded => "event-enrolment-ended",
        What::Resynchronised { .. } if accepted => "event-resynchronised",
        What::Resynchronised { .. } => "event-not-resynchronised",
        What::Bound => "event-bound",
        What::Removed => "event-removed",
        What::Renamed => "event-renamed",
        What::DefaultChanged => "event-default-changed",
        What::Refused { .. } => "event-refused",
        What::ResetBegun { .. } if accepted => "event-reset-begun",
        What::ResetBegun { .. } => "event-reset-not-begun",
        What::ResetLocked { .. } => "event-reset-locked",
        What::ResetPermitted => "event-reset-permitted",
        What::PasswordReset => "event-password-reset",
        What::PermissionRefused { .. } => "event-permission-refused",
        What::PhoneSignInBegun { .. } if accepted => "event-phone-sign-in-begun",
        What::PhoneSignInBegun { .. } => "event-phone-sign-in-not-begun",
        What::FirstFactorLocked { until: Some(_) } => "event-first-factor-locked",
        What::FirstFactorLocked { until: None } => "event-first-factor-disabled",
        What::PassIssued => "event-pass-issued",
        What::RecoveryCodesMade => "event-recovery-codes-made",
        What::AppPasswordUsed { .. } if accepted => "event-app-password-used",
        What::AppPasswordUsed { .. } => "event-app-password-failed",
        What::DeviceRemembered => "event-device-remembered",
        What::DevicesForgotten => "event-devices-forgotten",
        What::RegistrationDemanded => "event-registration-demanded",
        What::Unlocked => "event-unlocked",
        What::Suspended => "event-suspended",
        What::Resumed => "event-resumed",
        What::Burned => "event-burned",
        What::SessionEnded => "event-session-ended",
        What::SessionsEnded => "event-sessions-ended",
        What::PasswordChanged => "event-password-changed",
        What::Reconfirmed => "event-reconfirmed",
        What::CampaignSnoozed => "event-campaign-snoozed",
        What::Unreadable => "event-unreadable",
        What::NotSent => "event-not-sent",
        // The enum may grow; a test says what has no words yet.
        _ => "event-other",
    }
}

const fn class_name(class: Class) -> &'static str {
    match class {
        Class::Accepted => "class-accepted",
        Class::Wrong => "class-wrong",
        Class::Replayed => "class-replayed",
        Class::Locked => "class-locked",
        Class::NoChallenge => "class-no-challenge",
        Class::NoSession => "class-no-session",
        Class::NoFactor => "class-no-factor",
        Class::NotAllowed => "class-not-allowed",
        Class::Expired => "class-expired",
        Class::Suspended => "class-suspended",
        Class::UnknownPerson => "class-unknown-person",
        Class::ClockBehind => "class-clock-behind",
        Class::Waiting => "class-waiting",
        Class::NotSigned => "class-not-signed",
        Class::NoGesture => "class-no-gesture",
        _ => "class-other",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use mfa_policy::Method;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;

    /// The names of all variants, as the reader of the enum lists them when it meets an unknown one.
    fn variants<T: DeserializeOwned>() -> Vec<String> {
        let error = serde_json::from_value::<T>(json!("nonsense")).err();
        let error = error.unwrap().to_string();
        let names = error.split('`').skip(3).step_by(2);
        names.map(str::to_owned).collect()
    }

    fn classes() -> Vec<Class> {
        let names = variants::<Class>().into_iter();
        names
            .map(|name| serde_json::from_value(json!(name)).unwrap())
            .collect()
    }

    /// Every kind of event, with every result and every purpose where it has one.
    fn events() -> Vec<Event> {
        let mut all = Vec::new();
        for name in variants::<What>() {
            for class in classes() {
                for purpose in Purpose::ALL {
                    let fields = json!({
                        "purpose": purpose, "result": class, "until": "2030-01-01T00:00:00Z", "reasons": ["method_off"],
                    });
                    let what = [json!({ &name: fields }), json!(name)];
                    let what: What = what
                        .into_iter()
                        .find_map(|what| serde_json::from_value(what).ok())
                        .unwrap();
                    all.push(Event {
                        at: Timestamp::from_unix_seconds(0),
                        what,
                        registration: None,
                        method: Some(Method::Text),
                        session: None,
                        by: None,
                        origin: None,
                    });
                }
            }
        }
        all
    }

    #[test]
    fn every_event_and_every_result_has_words_in_both_languages() {
        assert!(variants::<What>().len() > 40 && classes().len() > 12);
        for event in events() {
            assert_ne!(name(&event.what), "event-other", "{:?}", event.what);
            for language in Language::ALL {
                for reader in [Reader::Person, Reader::Administrator] {
                    let words = words(language, &event, reader);
                    assert!(
                        !words.starts_with("event-") && !words.contains("class-"),
                        "{words}: {:?}",
                        event.what
                    );
                }
            }
        }
        for class in classes() {
            assert_ne!(class_name(class), "class-other", "{class:?}");
        }
    }

    #[test]
    fn a_person_reads_of_every_failed_attempt_the_same() {
        for language in Language::ALL {
            let failed = events().into_iter().filter(is_failed_attempt);
            let mut read = BTreeSet::new();
            for event in failed {
                let mut kind = event.what.clone();
                if let What::Answered { result, .. }
                | What::AppPasswordUsed { result }
                | What::PasswordTried { result }
                | What::PermissionRefused { result } = &mut kind
                {
                    *result = Class::Wrong;
                }
                read.insert((format!("{kind:?}"), words(language, &event, Reader::Person)));
            }
            let kinds: BTreeSet<_> = read.iter().map(|(kind, _)| kind).collect();
            assert_eq!(kinds.len(), read.len(), "{read:#?}");
        }
    }

    #[test]
    fn a_password_that_was_typed_is_wrong_unless_it_was_accepted_soon_after() {
        let event = |at, what| Event {
            at: Timestamp::from_unix_seconds(at),
            what,
            registration: None,
            method: None,
            session: None,
            by: None,
            origin: None,
        };
        let typed = |at| {
            let result = Class::Waiting;
            event(at, What::PasswordTried { result })
        };
        // Typed at 100 (never accepted), 200, 203 (accepted at 204) and 300 (accepted in the same second).
        let events = vec![
            typed(300),
            event(300, What::FirstFactor),
            event(204, What::FirstFactor),
            typed(203),
            typed(200),
            typed(100),
        ];
        let left = settled(events).into_iter().flatten();
        let left: Vec<_> = left
            .map(|event| (event.at.unix_seconds(), is_failed_attempt(&event)))
            .collect();
        assert_eq!(left, [(300, false), (204, false), (200, true), (100, true)]);
    }

    #[test]
    fn an_administrator_reads_the_cause() {
        let event = Event {
            at: Timestamp::from_unix_seconds(0),
            what: What::Answered {
                purpose: Some(Purpose::TwoStep),
                result: Class::Replayed,
            },
            registration: None,
            method: Some(Method::Text),
            session: None,
            by: None,
            origin: None,
        };
        let words = |reader| words(Language::English, &event, reader);
        assert_eq!(words(Reader::Person), "Failed attempt: Text message");
        assert_eq!(
            words(Reader::Administrator),
            "Failed attempt: Text message (used before)"
        );
    }
}
