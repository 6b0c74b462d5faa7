//! Challenges and their answers: what is sent, what counts, what is void.

#![expect(
    unused_must_use,
    reason = "most tests need no more of a proof than that there is one"
)]

use crate::common::{KEY, Person, World, approved, code_of, push_at, wrong};
use mfa_flow::{
    Answer, Class, Decision, Effect, Next, Notice, PhoneSaid, PushRequest, Refused,
    SecurityKeyResult, What,
};
use mfa_policy::{Method, Purpose, RegistrationId, Sending, Timestamp};
use otp_core::{Counter, Hotp, HotpParameters, Secret, TotpParameters, UnixTime};
use serde_json::json;

/// Ada with one authenticator, past the password.
fn ada_with_totp() -> (World, Person, RegistrationId) {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let app = world.give_totp(&ada, "app");
    assert_eq!(world.password(&mut ada), Next::SecondStep);
    (world, ada, app)
}

fn answer_now(
    world: &mut World,
    ada: &Person,
    registration: &RegistrationId,
    answer: Answer<'_>,
) -> Option<Class> {
    let prompt = world.run(ada, |on| on.challenge(Purpose::TwoStep)).unwrap();
    let _ = world.run(ada, |on| {
        on.answer(prompt.challenge(), registration, answer)
    });
    world.class()
}

#[test]
fn a_right_code_lets_in_by_a_new_session() {
    let (mut world, mut ada, app) = ada_with_totp();
    let before = ada.elsewhere();
    let before = Person {
        session: ada.session.clone(),
        ..before
    };
    let code = world.code();
    let proof = world
        .prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code))
        .unwrap();
    assert_eq!(
        (proof.person(), proof.registration()),
        (Some(ada.subject.id()), &app)
    );
    assert_eq!((proof.purpose(), proof.at()), (Purpose::TwoStep, world.now));
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    assert_eq!(
        world.read(&before, |on| on.next()),
        Next::SecondStep,
        "the session from before the proof is over"
    );
    assert!(matches!(
        world.run(&before, |on| on.challenge(Purpose::StepUp)),
        Err(Refused::Over)
    ));
    assert!(
        world
            .effects()
            .all(|effect| !matches!(effect, Effect::RotateSession { .. }))
    );
}

#[test]
fn a_code_is_good_once_whatever_it_is_for() {
    let (mut world, mut ada, app) = ada_with_totp();
    let code = world.code();
    world
        .prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code))
        .unwrap();
    for purpose in [
        Purpose::TwoStep,
        Purpose::StepUp,
        Purpose::ManageSecurityInfo,
    ] {
        world
            .prove(&mut ada, purpose, &app, Answer::Code(&code))
            .unwrap_err();
        assert_eq!(world.class(), Some(Class::Replayed));
    }
    world.pass_seconds(30);
    world
        .prove(&mut ada, Purpose::StepUp, &app, Answer::Code(&code))
        .unwrap_err();
    let code = world.code();
    world
        .prove(&mut ada, Purpose::StepUp, &app, Answer::Code(&code))
        .unwrap();
}

#[test]
fn the_window_is_one_step_to_both_sides() {
    for (offset, accepted) in [
        (-60, false),
        (-30, true),
        (0, true),
        (30, true),
        (60, false),
    ] {
        let (mut world, mut ada, app) = ada_with_totp();
        let at = world.now.unix_seconds() + offset;
        let code = code_of(
            &KEY,
            TotpParameters::default(),
            UnixTime::from_secs(at.unsigned_abs()),
        );
        let answer = world.prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code));
        assert_eq!(answer.is_ok(), accepted, "{offset} s");
    }
}

#[test]
fn what_people_type_is_cleaned_and_nothing_else() {
    let (mut world, mut ada, app) = ada_with_totp();
    let long = "1".repeat(100_000);
    for bad in ["", "12345", "1234567", "١٢٣٤٥٦", "+12345", "12345a", &long] {
        assert_eq!(
            answer_now(&mut world, &ada, &app, Answer::Code(bad)),
            Some(Class::Wrong),
            "{} bytes",
            bad.len()
        );
        world.pass_minutes(61);
    }
    let code = world.code();
    let (first, second) = code.split_at(3);
    let typed = format!(" {first} {second} ");
    world
        .prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&typed))
        .unwrap();
}

#[test]
fn a_challenge_is_answered_once_in_its_session_in_its_time() {
    let (mut world, mut ada, app) = ada_with_totp();
    let first = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let second = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let code = world.code();
    let code = Answer::Code(&code);
    // A new one for the same makes the older one void.
    world
        .run(&ada, |on| on.answer(first.challenge(), &app, code))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::NoChallenge));
    // Another session of the same person, and one of somebody else.
    let mut other = ada.elsewhere();
    world.password(&mut other);
    world
        .run(&other, |on| on.answer(second.challenge(), &app, code))
        .unwrap_err();
    let mut bob = Person::new("bob");
    world.give_totp(&bob, "app");
    world.password(&mut bob);
    world
        .run(&bob, |on| on.answer(second.challenge(), &app, code))
        .unwrap_err();
    // Nobody was charged for it.
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none()
    );
    let proof = world
        .run(&ada, |on| on.answer(second.challenge(), &app, code))
        .unwrap();
    ada.session = Some(proof.session().clone());
    world.pass_seconds(30);
    let code = world.code();
    world
        .run(&ada, |on| {
            on.answer(second.challenge(), &app, Answer::Code(&code))
        })
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::NoChallenge));

    let late = world.run(&ada, |on| on.challenge(Purpose::StepUp)).unwrap();
    assert_eq!(late.expires(), world.now.plus_minutes(10));
    world.pass_minutes(10);
    let code = world.code();
    world
        .run(&ada, |on| {
            on.answer(late.challenge(), &app, Answer::Code(&code))
        })
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::NoChallenge));
}

#[test]
fn nothing_is_asked_of_a_session_without_a_first_factor() {
    let (mut world, ada, app) = ada_with_totp();
    let stranger = ada.elsewhere();
    for purpose in [
        Purpose::TwoStep,
        Purpose::StepUp,
        Purpose::ManageSecurityInfo,
    ] {
        assert!(matches!(
            world.run(&stranger, |on| on.challenge(purpose)),
            Err(Refused::Over)
        ));
    }
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    for _ in 0..200 {
        world
            .run(&stranger, |on| {
                on.answer(prompt.challenge(), &app, Answer::Code("000000"))
            })
            .unwrap_err();
    }
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none(),
        "fed without the first factor"
    );
}

#[test]
fn the_fifth_wrong_code_locks_that_factor_and_no_other() {
    let (mut world, mut ada, app) = ada_with_totp();
    let text = world.give_text(&ada, "phone", "+31612345678");
    for failure in 1..=5 {
        let bad = wrong(&world.code());
        assert_eq!(
            answer_now(&mut world, &ada, &app, Answer::Code(&bad)),
            Some(Class::Wrong)
        );
        assert_eq!(
            world
                .notices()
                .any(|notice| matches!(notice, Notice::Locked { .. })),
            failure == 5
        );
    }
    let code = world.code();
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::Locked),
        "right, and locked"
    );
    // A new session, and the other factor.
    let mut other = ada.elsewhere();
    world.password(&mut other);
    assert_eq!(
        answer_now(&mut world, &other, &app, Answer::Code(&code)),
        Some(Class::Locked)
    );
    world.sign_in_by_code(&mut other, &text);
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::Wrong),
        "the lock ended, the code too"
    );
    let code = world.code();
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::Locked),
        "and the next failure locks again"
    );
    world.pass_minutes(2);
    let code = world.code();
    let proof = world
        .prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code))
        .unwrap();
    assert_eq!(proof.failures().count(), 6);
}

#[test]
fn a_hundred_failures_in_a_row_disable_until_it_is_bound_again() {
    let (mut world, mut ada, app) = ada_with_totp();
    for _ in 0..100 {
        let bad = wrong(&world.code());
        assert_eq!(
            answer_now(&mut world, &ada, &app, Answer::Code(&bad)),
            Some(Class::Wrong)
        );
        world.pass_minutes(61);
    }
    assert!(
        world.happened(&What::Disabled)
            || world.stored(&ada)["registrations"][0]["state"] == "disabled"
    );
    assert_eq!(
        world.password(&mut ada),
        Next::SecondStep,
        "a spoiled factor is not nothing"
    );
    assert!(matches!(
        world.run(&ada, |on| on.challenge(Purpose::TwoStep)),
        Err(Refused::Over)
    ));
}

#[test]
fn a_default_text_is_sent_at_once_and_a_shy_one_on_demand() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", "+31612345678");
    world.password(&mut ada);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    assert_eq!(prompt.asked().unwrap().choice().hint(), Some("••• 78"));
    assert!(world.sent_code().is_some());

    let mut world = World::with(|draft| {
        draft.methods.get_mut(&Method::Text).unwrap().sending = Some(Sending::AskFirst);
    });
    let mut bob = Person::new("bob");
    let text_of_bob = world.give_text(&bob, "phone", "+31612345678");
    world.password(&mut bob);
    let prompt = world
        .run(&bob, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    assert!(prompt.asked().is_none() && world.sent_code().is_none());
    assert_eq!(prompt.choices()[0].registration(), &text_of_bob);
    world
        .run(&bob, |on| on.ask(prompt.challenge(), &text))
        .unwrap();
    assert!(world.sent_code().is_some());
}

#[test]
fn a_code_is_void_after_the_next_one_and_after_five_minutes() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", "+31612345678");
    world.password(&mut ada);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let first = world.sent_code().unwrap();
    assert_eq!(first.len(), 6);
    let again = world.run(&ada, |on| on.ask(prompt.challenge(), &text));
    assert!(
        matches!(again, Err(Refused::TooSoon { until }) if until == world.now.plus_seconds(30))
    );
    assert!(world.sent_code().is_none());
    world.pass_seconds(30);
    world
        .run(&ada, |on| on.ask(prompt.challenge(), &text))
        .unwrap();
    let second = world.sent_code().unwrap();
    if first != second {
        world
            .run(&ada, |on| {
                on.answer(prompt.challenge(), &text, Answer::Code(&first))
            })
            .unwrap_err();
        assert_eq!(world.class(), Some(Class::Wrong));
    }
    world.pass_minutes(5);
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &text, Answer::Code(&second))
        })
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Expired));
}

#[test]
fn a_sent_code_belongs_to_one_challenge_and_one_registration() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", "+31612345678");
    let other = world.give(
        &ada,
        "other",
        Method::CallOffice,
        json!({ "phone": { "number": "+31201234567" } }),
    );
    world.password(&mut ada);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let code = world.sent_code().unwrap();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &other, Answer::Code(&code))
        })
        .unwrap_err();
    let step_up = world.run(&ada, |on| on.challenge(Purpose::StepUp)).unwrap();
    world
        .run(&ada, |on| {
            on.answer(step_up.challenge(), &text, Answer::Code(&code))
        })
        .unwrap_err();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &text, Answer::Code(&code))
        })
        .unwrap();
}

#[test]
fn at_most_three_codes_for_a_challenge_and_ten_an_hour() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", "+31612345678");
    world.password(&mut ada);
    let mut sent = 0;
    for _ in 0..6 {
        let prompt = world
            .run(&ada, |on| on.challenge(Purpose::TwoStep))
            .unwrap();
        sent += usize::from(world.sent_code().is_some());
        for attempt in 0..3 {
            world.pass_minutes(1);
            let asked = world.run(&ada, |on| on.ask(prompt.challenge(), &text));
            sent += usize::from(world.sent_code().is_some());
            if attempt == 2 {
                assert!(matches!(
                    asked,
                    Err(Refused::NoMoreSends | Refused::TooSoon { .. })
                ));
            }
        }
    }
    assert_eq!(sent, 10);
}

/// Ada with the authenticator app, asked for a notification.
fn asked_by_push() -> (World, Person, RegistrationId, mfa_flow::Prompt, PushRequest) {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    ada.origin = Some("Payroll, Utrecht".to_owned());
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push_at("device-1"));
    world.password(&mut ada);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let request = world.sent_request().unwrap();
    (world, ada, push, prompt, request)
}

#[test]
fn a_notification_is_approved_with_the_number_on_the_screen() {
    let (mut world, ada, push, prompt, request) = asked_by_push();
    let shown = prompt.asked().unwrap().number().unwrap();
    assert!((10..100).contains(&shown));
    assert_eq!(request.origin(), Some("Payroll, Utrecht"));
    let challenge = prompt.challenge();
    world
        .run(&ada, |on| on.answer(challenge, &push, Answer::Approved))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Waiting));
    assert!(!world.read(&ada, |on| on.is_approved(challenge)));
    // The phone has no session of its own.
    let phone = ada.elsewhere();
    world
        .device_says(&phone, &request, approved(shown))
        .unwrap();
    assert!(world.read(&ada, |on| on.is_approved(challenge)));
    assert!(!world.read(&phone, |on| on.is_approved(challenge)));
    world
        .run(&phone, |on| on.answer(challenge, &push, Answer::Approved))
        .unwrap_err();
    world
        .run(&ada, |on| on.answer(challenge, &push, Answer::Approved))
        .unwrap();
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none(),
        "waiting is no failure"
    );
}

#[test]
fn a_wrong_number_is_a_failure_and_the_number_is_not_guessed_at_twice() {
    let (mut world, ada, push, prompt, request) = asked_by_push();
    let shown = prompt.asked().unwrap().number().unwrap();
    world
        .device_says(&ada, &request, approved(shown ^ 1))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Wrong));
    world
        .device_says(&ada, &request, approved(shown))
        .unwrap_err();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &push, Answer::Approved)
        })
        .unwrap_err();
    assert_eq!(
        world.stored(&ada)["registrations"][0]["budget"]["consecutive"],
        1
    );
}

#[test]
fn a_suspicious_notification_ends_the_session_that_asked() {
    let (mut world, ada, push, prompt, request) = asked_by_push();
    let shown = prompt.asked().unwrap().number().unwrap();
    world
        .device_says(&ada, &request, Decision::Suspicious)
        .unwrap();
    assert!(world.happened(&What::ReportedSuspicious));
    assert!(
        world
            .notices()
            .any(|notice| *notice == Notice::SuspiciousReported)
    );
    world
        .device_says(&ada, &request, approved(shown))
        .unwrap_err();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &push, Answer::Approved)
        })
        .unwrap_err();
    assert!(matches!(
        world.run(&ada, |on| on.challenge(Purpose::TwoStep)),
        Err(Refused::Over)
    ));
}

#[test]
fn five_notifications_without_success_are_enough_for_a_day() {
    let (mut world, mut ada, _, _, _) = asked_by_push();
    let sent = |world: &World| {
        world
            .effects()
            .any(|effect| matches!(effect, Effect::Push { .. }))
    };
    let mut pushes = 1;
    for _ in 0..9 {
        world.pass_minutes(1);
        world
            .run(&ada, |on| on.challenge(Purpose::TwoStep))
            .unwrap();
        pushes += usize::from(sent(&world));
    }
    assert_eq!(pushes, 5);
    world.pass_minutes(24 * 60);
    world.password(&mut ada);
    world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    assert!(sent(&world));
}

#[test]
fn a_call_is_answered_with_the_hash_key() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let office = world.give(
        &ada,
        "office",
        Method::CallOffice,
        json!({ "phone": { "number": "+31201234567" } }),
    );
    world.password(&mut ada);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let reason = world.sent_for().unwrap();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &office, Answer::Approved)
        })
        .unwrap_err();
    world
        .run(&ada, |on| on.phone_said(&reason, PhoneSaid::PressedHash))
        .unwrap();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &office, Answer::Approved)
        })
        .unwrap();
}

#[test]
fn a_token_that_counts_moves_on_and_never_back() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let secret = Secret::import(&KEY).unwrap();
    let hotp = Hotp::new(&secret, HotpParameters::default());
    let factor = json!({ "hotp": { "secret": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "next": 7 } });
    let token = world.give(&ada, "token", Method::HardwareToken, factor);
    world.password(&mut ada);
    let code = |counter| hotp.generate(Counter::new(counter)).as_str().to_owned();
    for (counter, class) in [
        (6, Class::Wrong),
        (10, Class::Wrong),
        (9, Class::Accepted),
        (9, Class::Wrong),
        (8, Class::Wrong),
        (10, Class::Accepted),
    ] {
        let code = code(counter);
        let prompt = world
            .run(&ada, |on| on.challenge(Purpose::TwoStep))
            .unwrap();
        if let Ok(proof) = world.run(&ada, |on| {
            on.answer(prompt.challenge(), &token, Answer::Code(&code))
        }) {
            ada.session = Some(proof.session().clone());
        }
        assert_eq!(world.class(), Some(class), "counter {counter}");
    }
}

#[test]
fn a_security_key_needs_its_user_and_a_count_that_grows() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let factor = json!({ "security_key": { "credential": "abc", "data": "{}", "sign_count": 5 } });
    let key = world.give(&ada, "key", Method::SecurityKey, factor);
    world.password(&mut ada);
    let result = |credential, user_verified, sign_count| {
        Answer::SecurityKey(SecurityKeyResult {
            credential,
            user_verified,
            sign_count,
        })
    };
    for bad in [
        result("abd", true, 6),
        result("abc", false, 6),
        result("abc", true, 5),
        result("abc", true, 0),
    ] {
        assert_eq!(answer_now(&mut world, &ada, &key, bad), Some(Class::Wrong));
    }
    assert!(world.happened(&What::SecurityKeyCopied));
    assert_eq!(
        answer_now(&mut world, &ada, &key, Answer::Code("123456")),
        Some(Class::NoFactor)
    );
    world
        .prove(&mut ada, Purpose::TwoStep, &key, result("abc", true, 6))
        .unwrap();
}

#[test]
fn a_stored_step_beyond_the_window_is_refused_and_reported() {
    let (mut world, mut ada, app) = ada_with_totp();
    world.sign_in(&mut ada, &app);
    world.now = Timestamp::from_unix_seconds(world.now.unix_seconds() - 3600);
    world.password(&mut ada);
    let code = world.code();
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::ClockBehind)
    );
    assert!(world.happened(&What::ClockBehind));
}

#[test]
fn no_time_at_all_makes_it_panic_or_accept() {
    for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
        let (mut world, mut ada, app) = ada_with_totp();
        world.now = Timestamp::from_unix_seconds(seconds);
        world.password(&mut ada);
        let _ = world.run(&ada, |on| on.challenge(Purpose::TwoStep));
        assert_ne!(
            answer_now(&mut world, &ada, &app, Answer::Code("000000")),
            Some(Class::Accepted)
        );
    }
}

#[test]
fn a_full_account_takes_nothing_more_and_still_signs_in() {
    let (mut world, mut ada, app) = ada_with_totp();
    for number in 0..12 {
        let method: Method = "external:badge".parse().unwrap();
        let factor = json!({ "external": { "data": "x".repeat(4_096) } });
        world.give(&ada, &format!("badge-{number}"), method, factor);
    }
    world.sign_in(&mut ada, &app);
    let number = mfa_flow::PhoneNumber::new("+31612345678").unwrap();
    let before = world.stored(&ada);
    let refused = world.run(&ada, |on| {
        on.begin_enrolment(mfa_flow::Enrol::Text(&number), "phone")
    });
    assert!(matches!(refused, Err(Refused::Full)));
    assert_eq!(world.stored(&ada), before);
    world.pass_minutes(1);
    world.sign_in(&mut ada, &app);
}

#[test]
fn a_session_that_does_not_exist_is_let_in_nowhere() {
    for required in [true, false] {
        let mut world = World::with(|draft| {
            if !required {
                draft.requirements.clear();
            }
        });
        let nobody = Person::new("nobody");
        assert_eq!(world.read(&nobody, |on| on.next()), Next::SecondStep);
    }
}

#[test]
fn what_was_begun_in_a_session_ends_with_it() {
    let (mut world, mut ada, app) = ada_with_totp();
    world.sign_in(&mut ada, &app);
    let number = mfa_flow::PhoneNumber::new("+31612345678").unwrap();
    world
        .run(&ada, |on| {
            on.begin_enrolment(mfa_flow::Enrol::Text(&number), "phone")
        })
        .unwrap();
    world.run(&ada, |on| on.sign_out());
    assert!(world.happened(&What::EnrolmentEnded) && world.happened(&What::SessionEnded));
    assert!(world.stored(&ada).get("enrolment").is_none());
}

#[test]
fn a_challenge_that_is_refused_stands_in_the_audit_log() {
    let (mut world, ada, app) = ada_with_totp();
    let refused = |reason: &str| What::Refused {
        reasons: vec![reason.to_owned()],
    };
    let stranger = ada.elsewhere();
    world
        .run(&stranger, |on| on.challenge(Purpose::TwoStep))
        .unwrap_err();
    assert!(world.happened(&refused("over")));
    world.run(&stranger, |on| on.next_gate()).unwrap_err();
    assert!(world.happened(&refused("over")));
    let text = world.give_text(&ada, "phone", "+31612345678");
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    world
        .run(&ada, |on| on.ask(prompt.challenge(), &text))
        .unwrap();
    world
        .run(&ada, |on| on.ask(prompt.challenge(), &text))
        .unwrap_err();
    assert!(world.happened(&refused("too_soon")));
    world
        .run(&stranger, |on| on.ask(prompt.challenge(), &app))
        .unwrap_err();
    assert!(world.happened(&refused("over")));
}

#[test]
fn a_page_that_is_loaded_again_asks_for_what_was_chosen_last() {
    let (mut world, ada, app) = ada_with_totp();
    let text = world.give_text(&ada, "text", "+31612345678");
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let challenge = prompt.challenge();
    let asked = |world: &mut World, chosen: Option<&RegistrationId>| {
        if let Some(chosen) = chosen {
            world.pass_minutes(1);
            world.run(&ada, |on| on.ask(challenge, chosen)).unwrap();
        }
        let page = world.read(&ada, |on| on.prompt(challenge)).unwrap();
        let ask = page.asked().unwrap();
        (ask.choice().registration().clone(), ask.until())
    };
    let expires = prompt.expires();
    assert_eq!(asked(&mut world, None), (app.clone(), expires));
    let sent = asked(&mut world, Some(&text));
    assert_eq!(sent, (text.clone(), world.now.plus_minutes(5)));
    let code = world.sent_code().unwrap();
    assert_eq!(asked(&mut world, Some(&app)), (app, expires));
    // What was sent is as good as it was.
    let answer = Answer::Code(&code);
    world
        .run(&ada, |on| on.answer(challenge, &text, answer))
        .unwrap();
    assert!(world.read(&ada, |on| on.prompt(challenge)).is_none());
}

#[test]
fn a_page_that_is_loaded_again_shows_what_was_denied_as_asked_no_more() {
    let (mut world, ada, _) = ada_with_totp();
    let push = push_at("phone");
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let challenge = prompt.challenge();
    world.pass_minutes(1);
    let number = |world: &mut World| {
        let page = world.read(&ada, |on| on.prompt(challenge)).unwrap();
        page.asked().map(mfa_flow::Ask::number)
    };
    world.run(&ada, |on| on.ask(challenge, &push)).unwrap();
    let request = world.sent_request().unwrap();
    assert!(number(&mut world).flatten().is_some());
    world.device_says(&ada, &request, Decision::Denied).unwrap();
    assert_eq!(number(&mut world), None);
}

#[test]
fn of_too_many_challenges_the_oldest_goes_whichever_was_asked_last() {
    let (mut world, ada, app) = ada_with_totp();
    let mut begun = Vec::new();
    for _ in 0..8 {
        let mut browser = ada.elsewhere();
        world.password(&mut browser);
        let prompt = world.run(&browser, |on| on.challenge(Purpose::TwoStep));
        begun.push((browser, prompt.unwrap().challenge()));
    }
    let (first, oldest) = begun.first().unwrap();
    world.run(first, |on| on.ask(*oldest, &app)).unwrap();
    world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let lives: Vec<bool> = begun
        .iter()
        .map(|(browser, id)| world.read(browser, |on| on.prompt(*id)).is_some())
        .collect();
    assert_eq!(lives, [false, true, true, true, true, true, true, true]);
}
