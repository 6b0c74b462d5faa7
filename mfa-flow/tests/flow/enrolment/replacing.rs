//! In the place of another.

use super::*;

#[test]
fn what_is_replaced_is_used_until_the_test_is_passed_and_goes_with_the_same_change() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (old_number, new_number) = (phone(NUMBER), phone("+31687654321"));
    let old = enrol_text(&mut world, &mut ada, &old_number);
    world.pass_minutes(1);
    let what = Enrol::Text(&new_number);
    // There is one mobile number.
    let refused = begin(&mut world, &ada, what).unwrap_err();
    assert!(matches!(reasons(&refused), [Reason::LimitReached { .. }]));

    let enrolling = world
        .run(&ada, |on| on.begin_replacement(what, "new", &old))
        .unwrap();
    let code = world.sent_code().unwrap();
    let id = enrolling.registration();
    assert!(
        world
            .confirm(&mut ada, id, Test::Code(&wrong(&code)))
            .is_err()
    );
    let account = world.account(&ada.key);
    assert!(account.registrations().all(|r| *r.id() == old));
    assert_eq!(default_of(&world, &ada).as_ref(), Some(&old));

    let enrolled = world.confirm(&mut ada, id, Test::Code(&code)).unwrap();
    assert!(enrolled.is_default(), "it was the default, and stays it");
    let account = world.account(&ada.key);
    assert!(account.registrations().all(|r| r.id() == id));
    let bindings: Vec<_> = account.history().iter().map(|entry| entry.what()).collect();
    assert_eq!(bindings, [Binding::Bound, Binding::Removed, Binding::Bound]);
    let notice = Notice::Replaced {
        method: Method::Text,
        by: Method::Text,
    };
    let also = world.told(&notice).unwrap();
    assert!(also.contains(&Contact::Phone(old_number)));
    assert!(also.contains(&Contact::Phone(new_number)));
}

#[test]
fn what_was_disabled_after_failures_is_bound_again_in_its_own_place() {
    let mut world = World::new();
    let (mut ada, _) = world.with_app("ada");
    let number = phone(NUMBER);
    let old = enrol_text(&mut world, &mut ada, &number);
    world.plant(&ada, |stored| {
        stored["registrations"][1]["state"] = json!("disabled");
        stored["registrations"][1]["budget"] = json!({ "consecutive": 100 });
    });
    world.pass_minutes(1);
    assert!(begin(&mut world, &ada, Enrol::Text(&number)).is_err());
    let what = Enrol::Text(&number);
    let begun = world.run(&ada, |on| on.begin_replacement(what, "again", &old));
    let begun = begun.unwrap();
    let code = world.sent_code().unwrap();
    let id = begun.registration();
    assert!(world.confirm(&mut ada, id, Test::Code(&code)).is_ok());
    assert_ne!(id, &old, "nothing of the old one is used");
    let stored = &world.stored(&ada)["registrations"];
    assert!(stored[1].get("budget").is_none() && stored.get(2).is_none());
    let proof = world.sign_in_by_code(&mut ada, id);
    assert_eq!(proof.failures().count(), 0);
}

#[test]
fn an_enrolment_ends_when_what_it_replaces_is_removed() {
    let mut world = World::new();
    let (mut ada, _) = world.with_app("ada");
    let old = enrol_text(&mut world, &mut ada, &phone(NUMBER));
    let number = phone("+31687654321");
    let enrolling = world
        .run(&ada, |on| {
            on.begin_replacement(Enrol::Text(&number), "new", &old)
        })
        .unwrap();
    let code = world.sent_code().unwrap();
    let removed = world.run(&ada, |on| on.remove(&old, Confirmed::after_asking()));
    assert!(removed.is_ok());
    let id = enrolling.registration();
    let refused = world.confirm(&mut ada, id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
}
