//! What each factor accepts: codes of a time and of a count, and the assertions of security keys.

use super::*;

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
        let prompt = world.challenge(&ada, Purpose::TwoStep);
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
