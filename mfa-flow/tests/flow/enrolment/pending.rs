//! Pending and active: what waits for its test, in which session, and for how long.

use super::*;

#[test]
fn what_is_pending_neither_satisfies_nor_demands_a_second_step() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    assert!(world.happened(&What::EnrolmentBegun));
    assert!(methods(&world, &ada).is_empty());
    assert_eq!(world.password(&mut ada.elsewhere()), Next::Register);
    let asked = world.run(&ada, |on| on.challenge(Purpose::TwoStep));
    assert!(matches!(asked, Err(Refused::Over)));

    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = world.confirm(&mut ada, &id, Test::Code(&code)).unwrap();
    assert_eq!(enrolled.registration(), &id);
    let account = world.account(&ada.key);
    let states: Vec<State> = account.registrations().map(|r| r.state()).collect();
    assert_eq!(states, [State::Active]);
    assert_eq!(world.password(&mut ada.elsewhere()), Next::SecondStep);
}

#[test]
fn a_wrong_test_leaves_it_pending() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    for test in [Test::Code(&wrong(&code)), Test::Code(""), Test::Approved] {
        let refused = world.confirm(&mut ada, &id, test).unwrap_err();
        assert!(matches!(refused, Refused::Rejected(_)));
        assert!(methods(&world, &ada).is_empty());
    }
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
    assert_eq!(methods(&world, &ada), [Method::OtherAuthenticator]);
}

#[test]
fn a_test_of_another_kind_passes_nothing_and_is_not_counted() {
    let mut world = World::new();
    let (mut ada, _) = world.with_app("ada");
    let (id, _) = begin_app(&mut world, &ada, TotpParameters::default());
    let key = NewSecurityKey {
        credential: "a",
        data: "",
        sign_count: 0,
        user_verified: true,
    };
    for test in [
        Test::SecurityKey(key),
        Test::ConsecutiveCodes(["123456", "123456"].into()),
        Test::Approved,
    ] {
        assert!(world.confirm(&mut ada, &id, test).is_err());
    }
    assert!(world.stored(&ada).get("enrolling").is_none());
    assert_eq!(methods(&world, &ada), [Method::OtherAuthenticator]);
}

#[test]
fn it_waits_ten_minutes_and_not_a_second_more() {
    for (seconds, in_time) in [(599, true), (600, false)] {
        let mut world = World::with(|draft| draft.freshness.add = None);
        let mut ada = with_password(&mut world, "ada");
        let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
        world.pass_seconds(seconds);
        let code = code_of(&key, TotpParameters::default(), world.unix());
        let confirmed = world.confirm(&mut ada, &id, Test::Code(&code));
        assert_eq!(confirmed.is_ok(), in_time);
        if !in_time {
            assert!(matches!(confirmed, Err(Refused::Over)));
            assert!(world.happened(&What::EnrolmentEnded));
            assert!(world.stored(&ada).get("enrolment").is_none());
        }
    }
}

#[test]
fn a_clock_that_goes_back_does_not_break_it() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.now = "2026-11-30T00:00:00Z".parse().unwrap();
    let code = code_of(&key, TotpParameters::default(), world.unix());
    // The password was proven in what is now the future: that is no proof.
    let refused = world.confirm(&mut ada, &id, Test::Code(&code)).unwrap_err();
    assert!(matches!(refused, Refused::Policy(_)));
}

#[test]
fn it_is_bound_to_the_session_in_which_it_was_begun() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let mut elsewhere = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let mut nowhere = ada.elsewhere();
    for other in [&mut elsewhere, &mut nowhere] {
        let refused = world.confirm(other, &id, Test::Code(&code));
        assert!(matches!(refused, Err(Refused::Over)));
        let cancelled = world.run(other, |on| on.cancel_enrolment(&id));
        assert!(matches!(cancelled, Err(Refused::Over)));
        assert_eq!(world.test_state(other), None);
    }
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn it_is_bound_to_the_account() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let mut bob = with_password(&mut world, "bob");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    begin_app(&mut world, &bob, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = world.confirm(&mut bob, &id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
    // The session of another account is none here.
    bob.session.clone_from(&ada.session);
    let refused = begin(&mut world, &bob, Enrol::SecurityKey);
    assert!(matches!(refused, Err(Refused::Policy(_))));
}

#[test]
fn it_ends_with_its_session() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.run(&ada, |on| on.sign_out());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_err());
    assert!(world.stored(&ada).get("enrolment").is_none());
}

#[test]
fn a_new_start_ends_the_older_one_and_leaves_what_is_active_as_it_was() {
    let mut world = World::new();
    let (mut ada, app) = world.with_app("ada");
    let before = world.stored(&ada)["registrations"].clone();
    let (older, older_key) = begin_app(&mut world, &ada, TotpParameters::default());
    let (newer, newer_key) = begin_app(&mut world, &ada, TotpParameters::default());
    assert!(world.happened(&What::EnrolmentEnded));
    assert_ne!((&older, &older_key), (&newer, &newer_key));
    assert_eq!(world.stored(&ada)["registrations"], before);

    let code = code_of(&older_key, TotpParameters::default(), world.unix());
    let refused = world.confirm(&mut ada, &older, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
    // The key of the older one is good for nothing any more.
    let refused = world.confirm(&mut ada, &newer, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
    assert!(
        world
            .account(&ada.key)
            .registrations()
            .any(|r| *r.id() == app)
    );
}

#[test]
fn what_is_refused_leaves_the_older_one_pending() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    assert!(begin(&mut world, &ada, Enrol::SecurityKey).is_err());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn it_can_be_given_up() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.run(&ada, |on| on.cancel_enrolment(&id)).unwrap();
    assert!(world.happened(&What::EnrolmentEnded));
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = world.confirm(&mut ada, &id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
}

#[test]
fn a_name_that_cannot_be_seen_is_refused() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let number = phone(NUMBER);
    for name in ["", " ", "a\nb", "a\u{202e}b", &"x".repeat(65)] {
        let refused = world.run(&ada, |on| on.begin_enrolment(Enrol::Text(&number), name));
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{name:?}");
        assert!(world.sent_code().is_none());
    }
}

#[test]
fn what_was_begun_can_be_gone_on_with_in_the_same_session_and_nowhere_else() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    assert!(world.read(&ada, |on| on.pending()).is_none());
    let number = phone(NUMBER);
    let begun = world
        .run(&ada, |on| {
            on.begin_enrolment(Enrol::Text(&number), "My phone")
        })
        .unwrap();
    let code = world.sent_code().unwrap();
    let pending = world.read(&ada, |on| on.pending()).unwrap();
    assert_eq!(pending.registration(), begun.registration());
    assert_eq!(
        (pending.method(), pending.name()),
        (&Method::Text, "My phone")
    );
    assert_eq!(pending.until(), begun.until());
    assert_eq!(pending.test(), TestState::Waiting { number: None });
    assert_eq!(pending.hint(), Some("••• 78"));
    let shown = format!("{pending:?}");
    assert!(!shown.contains(&code) && !shown.contains(NUMBER), "{shown}");
    for other in [with_password(&mut world, "ada"), ada.elsewhere()] {
        assert!(world.read(&other, |on| on.pending()).is_none());
    }
    let _ = world
        .confirm(&mut ada, pending.registration(), Test::Code(&code))
        .unwrap();
    assert!(world.read(&ada, |on| on.pending()).is_none());
}

#[test]
fn what_took_too_long_cannot_be_gone_on_with() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    begin(&mut world, &ada, Enrol::Text(&phone(NUMBER))).unwrap();
    world.pass_minutes(10);
    assert!(world.read(&ada, |on| on.pending()).is_none());
}
