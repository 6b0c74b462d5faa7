//! Once in an organisation.

use super::*;

#[test]
fn a_number_that_is_to_be_unique_is_registered_for_one_person() {
    let mut world = World::with(|draft| {
        for method in [Method::Text, Method::CallMobile] {
            let rule = draft.methods.get_mut(&method).unwrap();
            rule.unique = Some(Unique::Organisation);
        }
    });
    let number = phone(NUMBER);
    let (mut ada, _) = world.with_app("ada");
    let text = enrol_text(&mut world, &mut ada, &number);
    world.pass_minutes(1);
    let call = begin(&mut world, &ada, Enrol::CallMobile(&number)).unwrap();
    world.press_hash(&ada);
    let call = call.registration().clone();
    assert!(world.confirm(&mut ada, &call, Test::Approved).is_ok());

    let bob = Person::new("bob");
    let tries = |world: &mut World| {
        world.plant(&bob, |stored| stored["registrations"] = json!([]));
        world.pass_minutes(1);
        let (mut bob, _) = world.with_app("bob");
        let enrolling = begin(world, &bob, Enrol::Text(&number)).unwrap();
        let code = world.sent_code().unwrap();
        world.confirm(&mut bob, enrolling.registration(), Test::Code(&code))
    };
    let refused = tries(&mut world).unwrap_err();
    assert!(matches!(
        reasons(&refused),
        [Reason::RegisteredElsewhere { .. }]
    ));
    assert!(world.stored(&bob).get("enrolment").is_none());
    // The claim stands as long as one of the two uses it.
    for (id, free) in [(text, false), (call, true)] {
        let removed = world.run(&ada, |on| on.remove(&id, Confirmed::after_asking()));
        assert!(removed.is_ok());
        assert_eq!(tries(&mut world).is_ok(), free);
    }
}

#[test]
fn an_app_that_is_to_be_unique_is_paired_for_one_person() {
    let mut world = World::with(|draft| {
        let rule = draft.methods.get_mut(&Method::AuthenticatorPush).unwrap();
        rule.unique = Some(Unique::Organisation);
    });
    for (name, free) in [("ada", true), ("bob", false)] {
        let mut person = with_password(&mut world, name);
        let id = begin_paired(&mut world, &person);
        world.approve_test(&person);
        let confirmed = world.confirm(&mut person, &id, Test::Approved);
        assert_eq!(confirmed.is_ok(), free);
    }
}

#[test]
fn a_number_is_shared_where_the_policy_does_not_say_otherwise() {
    let mut world = World::new();
    let number = phone(NUMBER);
    for name in ["ada", "bob"] {
        let mut person = with_password(&mut world, name);
        enrol_text(&mut world, &mut person, &number);
    }
}

#[test]
fn a_credential_of_a_security_key_is_registered_once_whatever_the_policy_says() {
    let key = Test::SecurityKey(NewSecurityKey {
        credential: "Y3JlZGVudGlhbA",
        data: "{}",
        sign_count: 0,
        user_verified: true,
    });
    let mut world = World::new();
    let (mut ada, _) = world.with_app("ada");
    let enrolling = begin(&mut world, &ada, Enrol::SecurityKey).unwrap();
    assert!(
        world
            .confirm(&mut ada, enrolling.registration(), key)
            .is_ok()
    );

    let again = begin(&mut world, &ada, Enrol::SecurityKey).unwrap();
    let refused = world
        .confirm(&mut ada, again.registration(), key)
        .unwrap_err();
    assert!(matches!(
        reasons(&refused),
        [Reason::AlreadyRegistered { .. }]
    ));
    let (mut bob, _) = world.with_app("bob");
    let other = begin(&mut world, &bob, Enrol::SecurityKey).unwrap();
    let refused = world.confirm(&mut bob, other.registration(), key);
    assert!(matches!(refused, Err(Refused::Invalid(_))));
    assert_eq!(methods(&world, &bob), [Method::OtherAuthenticator]);
}
