//! Every text in every language: there, whole, used, and seen when it changes.

mod everything;
mod patterns;

use std::collections::BTreeSet;

use everything::{DEVICES, everything, id, inputs, limit_reached, lints, reasons, steps, time};
use patterns::patterns;

use super::Messages;
use super::catalogue::Catalogue;
use crate::decision::{Remedy, Step};
use crate::language::Language;
use crate::method::Method;
use crate::name::Group;
use crate::reason::Reason;
use crate::timestamp::Timestamp;

const PRODUCT: &str = "Microsoft Authenticator";

fn both() -> [Messages; 2] {
    Language::ALL.map(|language| Messages::new(language).with_product(PRODUCT))
}

#[test]
fn nothing_lacks_a_text_and_no_text_is_broken() {
    for messages in both() {
        for (value, text) in everything(&messages) {
            assert!(!text.is_empty(), "{value}");
            // Outside the names of fields, an underscore would be a code that stands for a missing piece.
            let words: String = text.split('`').step_by(2).collect();
            assert!(!words.contains(['{', '}', '_', '\n']), "{value}: {text}");
            assert!(
                !text.contains("  ") && text.trim() == text,
                "{value}: {text}"
            );
        }
        // A text that is missing is its code, and codes of one word would pass the test above.
        for reason in reasons() {
            let text = messages.reason(&reason);
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
        for step in steps() {
            let text = messages.step(&step);
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
        for input in inputs() {
            let text = messages.input(input);
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
        for lint in lints() {
            for text in [messages.lint(&lint), messages.fix(&lint)] {
                assert!(text.ends_with('.') && text.contains(' '), "{text}");
            }
        }
    }
}

#[test]
fn a_text_that_is_missing_or_lacks_a_variable_is_none() {
    // One of its own, because the shared one records what is asked for.
    let catalogue = Catalogue::new(Language::English);
    assert_eq!(
        catalogue.text("quoted", &[("name", "a".into())]).as_deref(),
        Some("“a”")
    );
    assert_eq!(catalogue.text("quoted", &[]), None);
    for id in ["no-such", "quoted.no-such", "", "."] {
        assert_eq!(catalogue.text(id, &[]), None, "{id}");
    }
}

#[test]
fn no_text_is_unused_and_none_is_asked_for_in_vain() {
    for language in Language::ALL {
        let without_product = Messages::new(language);
        let _ = without_product.method(&Method::AuthenticatorPush);
        let _ = everything(&without_product.with_product(PRODUCT));
        let asked = Catalogue::of(language).asked.lock().unwrap().clone();
        let there: BTreeSet<String> = patterns(language).into_keys().collect();
        assert_eq!(there, asked);
    }
}

#[test]
fn catalogues_agree_in_ids_and_variables() {
    let english = patterns(Language::English);
    for language in Language::ALL {
        assert_eq!(patterns(language), english, "{language:?}");
    }
}

#[test]
fn five_devices_are_refused_word_for_word_as_in_the_documents() {
    // Signing in by phone is a part of the app, so it has no name of its own here.
    let devices = [&DEVICES[..], &[Method::PhoneSignIn]].concat();
    let reason = limit_reached(Method::AuthenticatorPush, &devices, 5, 5);
    let [english, dutch] = both();
    assert_eq!(
        english.reason(&reason),
        "You can't set up Microsoft Authenticator because you already have five authenticator apps or hardware tokens. \
         Please contact your administrator to delete one of your authenticator apps or hardware tokens."
    );
    assert_eq!(
        dutch.reason(&reason),
        "U kunt Microsoft Authenticator niet instellen omdat u al vijf verificator-apps of hardware-tokens hebt. \
         Neem contact op met uw beheerder om een van uw verificator-apps of hardware-tokens te verwijderen."
    );
    // The product and the numbers are parameters.
    let other = Messages::new(Language::English).with_product("Acme Key");
    assert_eq!(
        other.reason(&limit_reached(Method::AuthenticatorCode, &DEVICES, 12, 13)),
        "You can't set up Acme Key because you already have 13 authenticator apps or hardware tokens. \
         Please contact your administrator to delete two of your authenticator apps or hardware tokens."
    );
}

#[test]
fn one_is_singular_and_the_rest_is_plural() {
    let [english, dutch] = both();
    let pass = |minutes| Step::ChangePass {
        minutes,
        one_time: false,
    };
    for (minutes, in_english, in_dutch) in [
        (0, "0 minutes", "0 minuten"),
        (1, "1 minute", "1 minuut"),
        (5, "5 minutes", "5 minuten"),
        (60, "1 hour", "1 uur"),
        (90, "90 minutes", "90 minuten"),
        (480, "8 hours", "8 uur"),
        (1_440, "1 day", "1 dag"),
        (43_200, "30 days", "30 dagen"),
        (u32::MAX, "4294967295 minutes", "4294967295 minuten"),
    ] {
        assert_eq!(
            english.step(&pass(minutes)),
            format!("Issue the pass for {in_english}.")
        );
        assert_eq!(
            dutch.step(&pass(minutes)),
            format!("Geef de pas uit voor {in_dutch}.")
        );
    }
}

#[test]
fn numbers_to_twelve_are_words() {
    let refused = |messages: &Messages, has| {
        messages.reason(&limit_reached(
            Method::SecurityKey,
            &[Method::SecurityKey],
            has,
            has,
        ))
    };
    let english = "two three four five six seven eight nine ten eleven twelve 13 14";
    let dutch = "twee drie vier vijf zes zeven acht negen tien elf twaalf 13 14";
    let [in_english, in_dutch] = both();
    for (has, (english, dutch)) in (2..).zip(english.split(' ').zip(dutch.split(' '))) {
        let text = refused(&in_english, has);
        assert!(
            text.contains(&format!("already have {english} security keys")),
            "{text}"
        );
        let text = refused(&in_dutch, has);
        assert!(
            text.contains(&format!("al {dutch} beveiligingssleutels hebt")),
            "{text}"
        );
    }
}

#[test]
fn every_month_has_its_name() {
    let english =
        "January February March April May June July August September October November December";
    let dutch =
        "januari februari maart april mei juni juli augustus september oktober november december";
    let [in_english, in_dutch] = both();
    for (month, (english, dutch)) in (1..).zip(english.split(' ').zip(dutch.split(' '))) {
        let time: Timestamp = format!("2027-{month:02}-09T08:05:00Z").parse().unwrap();
        assert_eq!(
            in_english.time(time),
            format!("9 {english} 2027, 08:05 UTC")
        );
        assert_eq!(in_dutch.time(time), format!("9 {dutch} 2027, 08:05 UTC"));
    }
}

#[test]
fn a_time_to_wait_for_is_rounded_up_and_a_past_one_down() {
    let [english, dutch] = both();
    let odd: Timestamp = "2027-02-28T23:59:01Z".parse().unwrap();
    assert_eq!(
        english.step(&Step::Wait { until: odd }),
        "Wait until 1 March 2027, 00:00 UTC."
    );
    assert_eq!(
        dutch.step(&Step::Wait { until: time() }),
        "Wacht tot 1 februari 2027, 09:00 UTC."
    );
    assert_eq!(english.time(odd), "28 February 2027, 23:59 UTC");
    for seconds in [i64::MIN, -1, 0, i64::MAX] {
        let far = Timestamp::from_unix_seconds(seconds);
        assert!(dutch.time(far).ends_with(" UTC"));
        assert!(dutch.step(&Step::Wait { until: far }).ends_with(" UTC."));
    }
}

#[test]
fn a_registration_is_called_by_its_name() {
    let messages =
        Messages::new(Language::English).with_names([(id("r1"), "phone ending in 34".to_owned())]);
    let step = Step::RemoveOneOf {
        registrations: vec![id("r1"), id("r2"), id("r3")],
    };
    assert_eq!(
        messages.step(&step),
        "Remove “phone ending in 34”, “r2” or “r3”."
    );
}

#[test]
fn a_name_cannot_change_the_text_around_it() {
    let group = Group::new("{ $method } \u{202E}x\u{2069}").unwrap();
    let text = Messages::new(Language::English).reason(&Reason::ResetExcluded { group });
    assert!(
        text.starts_with("Members of “{ $method } x” can't"),
        "{text}"
    );
}

#[test]
fn a_remedy_is_its_steps_in_order() {
    let remedy = Remedy {
        steps: vec![
            Step::SignIn,
            Step::Add {
                method: Method::Text,
            },
        ],
    };
    assert_eq!(
        Messages::new(Language::Dutch).remedy(&remedy),
        "Meld u aan. Stel sms-berichten in."
    );
}

#[test]
fn texts_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Messages::new(Language::Dutch));
    std::thread::scope(|scope| {
        for messages in both() {
            scope.spawn(move || everything(&messages));
        }
    });
}

#[test]
fn the_wording_is_as_it_was_read_over() {
    let [english, dutch] = both();
    let mut written = String::from(
        "Every text in every language, made by `RENEW=1 cargo test -p mfa-policy --all-features wording`; the catalogues are beside this file.\n",
    );
    for ((value, english), (_, dutch)) in everything(&english).iter().zip(everything(&dutch)) {
        written.push_str(&format!("\n{value}\n  en  {english}\n  nl  {dutch}\n"));
    }
    crate::published::compare("messages/texts.txt", &written);
}
