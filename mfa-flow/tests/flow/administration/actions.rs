//! What administrators do: remove, demand registration, unlock, switch off, end sessions.

use super::*;

#[test]
fn an_administrator_removes_even_the_last_method_and_the_person_is_told() {
    let mut world = world();
    let mut ada = Person::new("ada");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in_by_code(&mut ada, &text);
    let visit = world.visit_by_root(&ada);

    let removed = done(&mut world, &ada, &visit, |on| {
        on.remove_for_person(&text, yes())
    });

    assert_eq!(removed.default(), None);
    assert!(all_by(&world, "root") && world.ended_sessions() == Some(None));
    let root = PersonId::new("root").unwrap();
    let notice = Notice::Administered {
        by: root.clone(),
        what: What::Removed,
        method: Some(Method::Text),
    };
    let number = Contact::Phone(PhoneNumber::new(NUMBER).unwrap());
    assert_eq!(world.told(&notice), Some(vec![number]), "the one that goes");
    let account = world.account(&ada.key);
    assert_eq!(account.registrations().count(), 0);
    let last = account.history().last().unwrap();
    assert_eq!((last.what(), last.by()), (Binding::Removed, Some(&root)));
    assert_eq!(world.password(&mut ada), Next::Register);
}

#[test]
fn what_does_not_exist_is_not_removed() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = world.visit_by_root(&ada);
    let nobody = RegistrationId::new("nobody").unwrap();
    let refused = world.refused_at(&ada.key, &visit, |on| on.remove_for_person(&nobody, yes()));
    assert_eq!(codes(&refused), ["no_such_registration"]);
}

/// Ada with everything that demanding registration looks at.
fn ada_with_everything(world: &mut World) -> Person {
    let (ada, ..) = ada(world);
    let _ = world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    let _ = world
        .run(&ada, |on| on.create_app_password("Mail"))
        .unwrap();
    let token = json!({ "hotp": { "secret": KEY_BASE64, "next": 0 } });
    world.give(&ada, "token", Method::HardwareToken, token.clone());
    world.give(&ada, "spoiled", Method::HardwareToken, token.clone());
    world.give(&ada, "off", Method::HardwareToken, token);
    world.plant(&ada, |stored| {
        stored["registrations"][5]["state"] = json!("disabled");
        stored["registrations"][6]["state"] = json!("deactivated");
    });
    world.give_email(&ada, "email", "ada@example.org");
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();
    ada
}

#[test]
fn demanding_registration_takes_telephones_and_apps_and_switches_tokens_off() {
    let mut world = world();
    let mut ada = ada_with_everything(&mut world);
    let visit = world.visit_by_root(&ada);

    done(&mut world, &ada, &visit, |on| on.require_registration());

    assert!(all_by(&world, "root") && world.ended_sessions() == Some(None));
    assert!(administered(&world, &What::RegistrationDemanded));
    let also = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser { also, .. } => Some(also.len()),
        _ => None,
    });
    assert_eq!(
        also,
        Some(2),
        "the number that goes and the mailbox that stays"
    );
    let account = world.account(&ada.key);
    let left: Vec<_> = account
        .registrations()
        .map(|r| (r.method().clone(), r.state()))
        .collect();
    assert_eq!(
        left,
        [
            (Method::AppPassword, State::Active),
            (Method::HardwareToken, State::Deactivated),
            (Method::HardwareToken, State::Disabled),
            (Method::HardwareToken, State::Deactivated),
            (Method::Email, State::Active),
        ]
    );
    let last: Vec<_> = account.history().iter().rev().take(4).collect();
    let off = last
        .iter()
        .filter(|entry| entry.what() == Binding::Deactivated);
    let off: Vec<_> = off.map(|entry| entry.registration().as_str()).collect();
    assert_eq!(off, ["token"]);
    assert!(account.remembered_devices().is_empty());
    assert_eq!(world.stored(&ada).get("sessions"), None);
    // What was disabled by guessing still stands in the way of the password alone.
    assert_eq!(world.password(&mut ada), Next::SecondStep);

    world.plant(&ada, |stored| {
        stored["registrations"].as_array_mut().unwrap().remove(2);
    });
    let mut ada = ada.elsewhere();
    assert_eq!(
        world.password(&mut ada),
        Next::Register,
        "a token that is switched off does not"
    );
}

#[test]
fn unlocking_switches_on_what_was_switched_off_and_not_what_was_disabled() {
    let mut world = world();
    let ada = ada_with_everything(&mut world);
    let visit = world.visit_by_root(&ada);
    done(&mut world, &ada, &visit, |on| on.require_registration());

    let visit = world.visit_by_root(&ada);
    done(&mut world, &ada, &visit, |on| on.unlock());

    let account = world.account(&ada.key);
    let tokens = account
        .registrations()
        .filter(|r| *r.method() == Method::HardwareToken);
    let states: Vec<_> = tokens.map(mfa_flow::Registered::state).collect();
    assert_eq!(states, [State::Active, State::Disabled, State::Active]);
    assert!(all_by(&world, "root") && administered(&world, &What::Unlocked));
}

#[test]
fn after_unlocking_the_next_failure_locks_again() {
    let mut world = world();
    let (mut ada, app, _) = ada(&mut world);
    world.pass_minutes(5);
    world.password(&mut ada);
    let wrong = |world: &mut World, ada: &mut Person| {
        let code = crate::common::wrong(&world.code());
        let answer = world.prove(ada, Purpose::TwoStep, &app, Answer::Code(&code));
        assert!(answer.is_err());
        world.class().unwrap()
    };
    for _ in 0..5 {
        assert_eq!(wrong(&mut world, &mut ada), Class::Wrong);
    }
    assert_eq!(wrong(&mut world, &mut ada), Class::Locked);
    let own = world.stored(&ada)["sessions"].clone();

    let visit = world.visit_by_root(&ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    assert_eq!(world.stored(&ada)["sessions"], own, "nobody is thrown out");
    assert_eq!(wrong(&mut world, &mut ada), Class::Wrong);
    assert_eq!(wrong(&mut world, &mut ada), Class::Locked);

    let visit = world.visit_by_root(&ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    let _ = world.sign_in(&mut ada, &app);
}

#[test]
fn unlocking_ends_the_locks_of_password_reset_and_of_enrolments() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let later = world.now.plus_days(1);
    world.plant(&ada, |stored| {
        stored["reset"] = json!({ "locked_until": later });
        stored["registrations"][0]["first_factor_budget"] =
            json!({ "consecutive": 6, "locked_until": later });
        stored["enrolling"] = json!({ "consecutive": 100, "locked_until": later });
    });
    let visit = world.visit_by_root(&ada);

    done(&mut world, &ada, &visit, |on| on.unlock());

    let stored = world.stored(&ada);
    assert_eq!((stored.get("reset"), stored.get("enrolling")), (None, None));
    let budget = &stored["registrations"][0]["first_factor_budget"];
    assert_eq!(budget, &json!({ "consecutive": 6 }));
}

#[test]
fn remembered_devices_are_revoked_all_at_once() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let visit = world.visit_by_root(&ada);

    done(&mut world, &ada, &visit, |on| {
        on.revoke_remembered_devices()
    });

    assert!(all_by(&world, "root") && administered(&world, &What::DevicesForgotten));
    let token = token.token().expose();
    let (next, _) = world.password_on_device(&ada, token);
    assert_eq!(next, Next::SecondStep);
}

#[test]
fn an_account_that_is_switched_off_accepts_nothing_and_shows_nothing_of_it() {
    let mut world = world();
    let (ada, app, _) = ada(&mut world);
    let prompt = world.challenge(&ada, Purpose::StepUp);
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();
    world.pass_minutes(1);
    let visit = world.visit_by_root(&ada);

    done(&mut world, &ada, &visit, |on| on.suspend());

    assert!(all_by(&world, "root") && world.ended_sessions() == Some(None));
    assert!(administered(&world, &What::Suspended));
    assert!(world.account(&ada.key).is_suspended());
    let stored = world.stored(&ada);
    assert_eq!(
        (stored.get("sessions"), stored.get("challenges")),
        (None, None)
    );
    assert_eq!(stored.get("remembered"), None);
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
    let code = world.code();
    let challenge = prompt.challenge();
    let answer = world.run(&ada, |on| on.answer(challenge, &app, Answer::Code(&code)));
    let rejected = answer.unwrap_err();
    let mut browser = ada.elsewhere();
    let first = world.run(&browser, |on| on.first_factor(None)).unwrap_err();
    assert_eq!(rejected, first);
    assert_eq!(world.class(), Some(Class::Suspended));

    // An administrator puts it in order all the same.
    let visit = world.visit_by_root(&ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    done(&mut world, &ada, &visit, |on| on.resume());
    assert!(administered(&world, &What::Resumed));
    world.pass_minutes(1);
    let _ = world.sign_in(&mut browser, &app);
}

#[test]
fn an_administrator_ends_every_session() {
    let mut world = world();
    let (ada, app, _) = ada(&mut world);
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);
    let visit = world.visit_by_root(&ada);

    done(&mut world, &ada, &visit, |on| on.end_sessions());

    assert!(all_by(&world, "root") && world.ended_sessions() == Some(None));
    assert!(administered(&world, &What::SessionsEnded));
    for browser in [&ada, &other] {
        assert_eq!(world.read(browser, |on| on.next()), Next::SecondStep);
    }

    // Not even the one that he has in hand stays.
    let mut ada = ada;
    let _ = world.sign_in(&mut ada, &app);
    let (root, proof) = world.administrator("root");
    let visit = world.visit(&ada).by_administrator(&root.subject, &proof);
    done(&mut world, &ada, &visit, |on| on.end_sessions());
    assert_eq!(world.ended_sessions(), Some(None));
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
}
