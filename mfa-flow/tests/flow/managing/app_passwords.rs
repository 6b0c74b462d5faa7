//! App passwords.

use super::*;

#[test]
fn an_app_password_lets_a_client_in_that_gives_nothing_else() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (mail, password) = app_password(&mut world, &ada, "Mail");
    let notice = Notice::Added {
        method: Method::AppPassword,
        name: "Mail".to_owned(),
    };
    assert!(world.told(&notice).is_some());
    let _ = app_password(&mut world, &ada, "Calendar");
    world.pass_minutes(5);

    let client = ada.elsewhere();
    for typed in [password.clone(), password.to_lowercase().replace('-', "")] {
        let used = world
            .run(&client, |on| on.use_app_password(&typed))
            .unwrap();
        assert_eq!((used.registration(), used.name()), (&mail, "Mail"));
        assert_eq!(used.person(), ada.key.person());
        assert_eq!((used.tenant(), used.at()), (ada.key.tenant(), world.now));
    }

    assert_eq!(world.class(), Some(Class::Accepted));
    let account = world.account(&ada.key);
    let used = account.registrations().find(|r| *r.id() == mail).unwrap();
    assert_eq!(used.last_used(), Some(world.now));
    assert_eq!(
        world.stored(&ada)["sessions"].as_array().unwrap().len(),
        1,
        "no session"
    );
}

#[test]
fn an_app_password_is_shown_once_and_carries_120_bits() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);

    let (_, password) = app_password(&mut world, &ada, "Mail");

    let letters = password.replace('-', "");
    assert_eq!((password.len(), letters.len()), (29, 24));
    let stored = String::from_utf8(world.account(&ada.key).to_stored().to_vec()).unwrap();
    let went_out = serde_json::to_string(&world.outgoing).unwrap();
    for text in [stored, went_out] {
        assert!(!text.contains(&letters) && !text.contains(&password));
    }
}

#[test]
fn a_wrong_app_password_is_told_to_the_audit_log_and_locks_nothing() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (_, password) = app_password(&mut world, &ada, "Mail");
    let before = world.stored(&ada);
    let client = ada.elsewhere();

    let long = "A".repeat(10_000);
    for typed in ["", "AAAA", &"A".repeat(24), &long, &format!("{password}A")] {
        for _ in 0..50 {
            assert!(world.run(&client, |on| on.use_app_password(typed)).is_err());
            assert_eq!(world.class(), Some(Class::Wrong));
            assert_eq!(world.outgoing.len(), 1, "one event and nothing else");
        }
    }

    assert_eq!(world.stored(&ada), before);
    let _ = world
        .run(&client, |on| on.use_app_password(&password))
        .unwrap();
}

#[test]
fn an_app_password_of_somebody_else_or_one_that_is_removed_never_works() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (eve, _) = world.with_app("eve");
    let (mail, password) = app_password(&mut world, &ada, "Mail");

    let client = eve.elsewhere();
    assert!(
        world
            .run(&client, |on| on.use_app_password(&password))
            .is_err()
    );
    let _ = world.run(&ada, |on| on.remove(&mail, yes())).unwrap();
    let client = ada.elsewhere();
    assert!(
        world
            .run(&client, |on| on.use_app_password(&password))
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::Wrong));
}

#[test]
fn an_app_password_answers_no_challenge_and_no_code_is_an_app_password() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let (mail, password) = app_password(&mut world, &ada, "Mail");
    let (_, codes) = recovery_codes(&mut world, &ada);
    let mut browser = ada.elsewhere();
    world.password(&mut browser);

    for registration in [&mail, &app] {
        let answer = Answer::Code(&password);
        let answer = world.prove(&mut browser, Purpose::TwoStep, registration, answer);
        assert!(answer.is_err());
    }
    for code in [&codes[0], &world.code()] {
        assert!(world.run(&browser, |on| on.use_app_password(code)).is_err());
    }
}

#[test]
fn an_app_password_works_as_long_as_the_policy_has_it() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (_, password) = app_password(&mut world, &ada, "Mail");
    let mut stricter = World::with(|draft| {
        draft.methods.get_mut(&Method::AppPassword).unwrap().enabled = Some(false);
    });
    stricter.plant(&ada, |stored| *stored = world.stored(&ada));

    let client = ada.elsewhere();
    let before = stricter.stored(&ada);
    assert!(
        stricter
            .run(&client, |on| on.use_app_password(&password))
            .is_err()
    );
    assert_eq!(stricter.class(), Some(Class::NotAllowed));
    assert_eq!(stricter.stored(&ada), before);
    let refused = stricter.refused(&ada, |on| on.create_app_password("Mail"));
    assert_eq!(codes(&refused), ["method_off"]);
}

#[test]
fn an_app_password_of_an_account_that_is_switched_off_looks_like_a_wrong_one() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (_, password) = app_password(&mut world, &ada, "Mail");
    world.plant(&ada, |stored| stored["suspended"] = json!(true));

    let client = ada.elsewhere();
    let rejected = world
        .run(&client, |on| on.use_app_password(&password))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Suspended));
    let other = world
        .run(&client, |on| on.use_app_password("AAAA"))
        .unwrap_err();
    assert_eq!(rejected, other);

    let key = world.flow.decoy(ada.key.tenant().clone(), "nobody");
    let visit = world.visit(&client);
    let unknown = world.run_at(&key, &visit, |on| on.use_app_password(&password));
    assert_eq!(unknown.unwrap_err(), rejected);
    assert_eq!(world.class(), Some(Class::UnknownPerson));
}

#[test]
fn an_app_password_comes_after_a_second_factor_and_with_a_name() {
    let mut world = World::new();
    let mut bob = Person::new("bob");
    world.password(&mut bob);
    let refused = world.refused(&bob, |on| on.create_app_password("Mail"));
    assert_eq!(codes(&refused), ["needs_method"]);

    let (ada, ..) = ada(&mut world);
    let refused = world.refused(&ada, |on| on.create_app_password("\u{200b}"));
    assert!(matches!(refused, Refused::Invalid(_)));
}

#[test]
fn there_are_as_many_app_passwords_as_the_pool_has_room_for() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let passwords: Vec<_> = (0..40)
        .map(|n| app_password(&mut world, &ada, &format!("client {n}")).1)
        .collect();

    let refused = world.refused(&ada, |on| on.create_app_password("one more"));

    assert_eq!(codes(&refused), ["limit_reached"]);
    let client = ada.elsewhere();
    for password in [&passwords[0], &passwords[20], &passwords[39]] {
        let _ = world
            .run(&client, |on| on.use_app_password(password))
            .unwrap();
    }
}
