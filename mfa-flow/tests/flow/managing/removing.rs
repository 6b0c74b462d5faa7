//! Removing: what goes with it, what stays, who is told.

use super::*;

#[test]
fn what_is_removed_is_gone_at_once_and_its_number_is_told() {
    let mut world = World::new();
    let (ada, app, text) = ada(&mut world);

    let removed = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert_eq!(removed.default().unwrap().registration(), &app);
    assert!(!removed.default_changed());
    let account = world.account(&ada.key);
    let left: Vec<_> = account.registrations().map(|r| r.id().clone()).collect();
    assert_eq!(left, [app]);
    let last = account.history().last().unwrap();
    assert_eq!(
        (last.registration(), last.what()),
        (&text, Binding::Removed)
    );
    assert_eq!(last.by(), None);
    assert!(
        world
            .events()
            .any(|event| event.what == What::Removed && event.registration.as_ref() == Some(&text))
    );
    let notice = Notice::Removed {
        method: Method::Text,
        name: "text".to_owned(),
    };
    let number = Contact::Phone(PhoneNumber::new(NUMBER).unwrap());
    assert_eq!(world.told(&notice), Some(vec![number]));
}

#[test]
fn a_number_is_told_of_its_removal_also_when_it_is_disabled() {
    let mut world = World::new();
    let (ada, _, text) = ada(&mut world);
    world.plant(&ada, |stored| {
        stored["registrations"][1]["state"] = json!("disabled");
    });

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    let number = Contact::Phone(PhoneNumber::new(NUMBER).unwrap());
    let also: Vec<_> = world
        .effects()
        .filter_map(|effect| match effect {
            Effect::NotifyUser { also, .. } => Some(also.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(also, [number]);
}

#[test]
fn removing_does_not_need_the_factor_that_goes() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let lost = world.give_totp(&ada, "lost");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in_by_code(&mut ada, &text);

    let removed = world.run(&ada, |on| on.remove(&lost, yes())).unwrap();

    assert_eq!(removed.default().unwrap().registration(), &text);
}

#[test]
fn removing_the_default_tells_what_follows_it() {
    let mut world = World::new();
    let (ada, app, text) = ada(&mut world);
    world.run(&ada, |on| on.set_default(&text)).unwrap();

    let removed = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert!(removed.default_changed());
    assert_eq!(removed.default().unwrap().registration(), &app);
    assert!(world.happened(&What::DefaultChanged));
    let method = Some(Method::OtherAuthenticator);
    assert!(world.told(&Notice::DefaultChanged { method }).is_some());
}

#[test]
fn removing_the_last_one_leaves_no_default() {
    let mut world = World::with(|draft| draft.requirements.clear());
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let _ = world.sign_in(&mut ada, &app);

    let removed = world.run(&ada, |on| on.remove(&app, yes())).unwrap();

    assert_eq!(removed.default(), None);
    assert!(removed.default_changed());
}

#[test]
fn the_last_method_that_the_policy_requires_stays() {
    // `security-info` requires two-step verification of everybody.
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let _ = world.sign_in(&mut ada, &app);

    let refused = world.refused(&ada, |on| on.remove(&app, yes()));

    assert_eq!(codes(&refused), ["last_method"]);
    assert!(world.happened(&What::Refused {
        reasons: vec!["last_method".to_owned()]
    }));
}

#[test]
fn removing_ends_the_other_sessions_and_forgets_devices() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, _, text) = ada(&mut world);
    let mut other = ada.elsewhere();
    world.password(&mut other);
    let prompt = world.challenge(&other, Purpose::TwoStep);
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    let stored = world.stored(&ada);
    assert_eq!(stored["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(stored.get("challenges"), None);
    assert_eq!(stored.get("remembered"), None);
    assert!(world.happened(&What::DevicesForgotten));
    assert!(world.ended_sessions().unwrap().is_some(), "this one stays");
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    let challenge = prompt.challenge();
    let refused = world.refused(&other, |on| on.ask(challenge, &text));
    assert!(matches!(refused, Refused::Over));
}

#[test]
fn a_challenge_that_asks_for_what_is_removed_is_void() {
    let mut world = World::new();
    let (ada, app, text) = ada(&mut world);
    let challenge = world.challenge(&ada, Purpose::StepUp);
    let challenge = challenge.challenge();
    world.ask(&ada, challenge, &text);
    let code = world.sent_code().unwrap();

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    for registration in [&text, &app] {
        let answer = world.run(&ada, |on| {
            on.answer(challenge, registration, Answer::Code(&code))
        });
        assert!(answer.is_err());
        assert_eq!(world.class(), Some(Class::NoChallenge));
    }
}

#[test]
fn a_proof_by_what_is_removed_no_longer_counts() {
    let mut world = World::with(|draft| draft.requirements.clear());
    let (mut ada, app, text) = ada(&mut world);
    let _ = world.sign_in_by_code(&mut ada, &text);
    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert_eq!(world.stored(&ada)["sessions"][0].get("proofs"), None);
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
    let refused = world.refused(&ada, |on| on.remove(&app, yes()));
    assert_eq!(codes(&refused), ["needs_proof"]);
}

#[test]
fn an_enrolment_that_would_replace_what_is_removed_is_over() {
    let mut world = World::new();
    let (ada, _, text) = ada(&mut world);
    let session = world.stored(&ada)["sessions"][0]["id"].clone();
    let now = world.now;
    world.plant(&ada, |stored| {
        stored["enrolment"] = json!({
            "id": "new", "session": session, "method": "text", "name": "new", "begun": now,
            "replaces": "text", "factor": { "phone": { "number": "+31687654321" } },
        });
    });

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert_eq!(world.stored(&ada).get("enrolment"), None);
    assert!(world.happened(&What::EnrolmentEnded));
}

#[test]
fn what_is_pending_is_given_up_and_nothing_else_changes() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let before = world.stored(&ada);
    let session = before["sessions"][0]["id"].clone();
    let now = world.now;
    world.plant(&ada, |stored| {
        stored["enrolment"] = json!({
            "id": "new", "session": session, "method": "email", "name": "new", "begun": now,
            "factor": { "email": { "address": "ada@example.org" } },
        });
    });
    let pending = RegistrationId::new("new").unwrap();

    let removed = world.run(&ada, |on| on.remove(&pending, yes())).unwrap();

    assert!(!removed.default_changed());
    assert_eq!(world.stored(&ada), before);
    assert_eq!(world.effects().count(), 0);
}

#[test]
fn what_does_not_exist_is_not_removed() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);

    let refused = world.refused(&ada, |on| on.remove(&nobody(), yes()));

    assert_eq!(codes(&refused), ["no_such_registration"]);
}
