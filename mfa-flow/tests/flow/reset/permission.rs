//! The permission to set a password: how long, where and how often it is good, and what comes of it.

use super::*;

#[test]
fn a_suspended_account_sets_no_password() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    assert!(world.run(&browser, |on| on.finish_reset()).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::Suspended,
    };
    assert!(world.happened(&refused));
}

#[test]
fn a_reset_takes_no_longer_than_the_policy_says() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (mut browser, prompt) = world.begin_reset(&ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &gates[0]);
    world.pass_minutes(14);
    let prompt = next_gate(&mut world, &browser);
    assert_eq!(prompt.expires(), world.now.plus_minutes(1));
    world.ask(&browser, prompt.challenge(), &gates[1]);
    let code = world.sent_code().unwrap();
    world.pass_minutes(1);
    let late = world.type_code(&mut browser, &prompt, &gates[1], &code);
    assert!(late.is_err());
    assert_eq!(world.class(), Some(Class::NoChallenge));
    assert!(matches!(
        world.run(&browser, |on| on.next_gate()),
        Err(Refused::Over)
    ));
}

#[test]
fn a_reset_is_not_finished_after_its_time() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    world.pass_minutes(15);
    let refused = world.run(&browser, |on| on.finish_reset());
    assert!(matches!(refused, Err(Refused::Over)));
}

#[test]
fn a_permission_is_as_good_as_its_reset_lasts() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.pass_minutes(15);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
}

#[test]
fn a_clock_that_went_back_before_the_reset_ends_it() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.now = mfa_policy::Timestamp::from_unix_seconds(world.now.unix_seconds() - 60);
    assert!(world.run(&browser, |on| on.finish_reset()).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
}

#[test]
fn a_permission_is_good_in_its_session_only() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    let (other, _) = world.begin_reset(&ada);
    assert!(world.run(&other, |on| on.use_permission(&token)).is_err());
    let nobody = ada.elsewhere();
    assert!(world.run(&nobody, |on| on.use_permission(&token)).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_ok());
}

#[test]
fn a_permission_of_one_account_is_nothing_on_another() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    let mut bob = Person::new("bob");
    let text = world.give_text(&bob, "text", "+31687654321");
    let mail = world.give_email(&bob, "mail", "bob@example.org");
    bob.session.clone_from(&browser.session);
    assert!(world.run(&bob, |on| on.use_permission(&token)).is_err());
    // Not even where that account has a permission too.
    world.pass_minutes(1);
    let at_bobs = pass_both(&mut world, &bob, &[text, mail]);
    permission(&mut world, &at_bobs);
    assert!(world.run(&at_bobs, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::Wrong,
    };
    assert!(world.happened(&refused));
}

#[test]
fn a_new_permission_makes_the_old_one_void() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let first = permission(&mut world, &browser);
    let second = permission(&mut world, &browser);
    assert!(world.run(&browser, |on| on.use_permission(&first)).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&second)).is_ok());
}

#[test]
fn a_permission_has_128_bits_and_is_not_kept_in_clear() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    assert_eq!(token.len(), 22);
    assert!(!world.stored(&ada).to_string().contains(&token));
}

#[test]
fn setting_a_password_ends_every_session_and_forgets_every_device() {
    let mut world = World::new();
    let (mut ada, gates) = ada_with_text_and_mail(&mut world);
    let _ = world.sign_in_by_code(&mut ada, &gates[0]);
    world.pass_minutes(1);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.plant(&ada, |stored| {
        stored["remembered"] = json!([{
            "id": "AAAAAAAAAAAAAAAAAAAAAA", "token": "AAAAAAAAAAAAAAAAAAAAAA",
            "since": "2026-12-01", "until": "2027-12-01",
        }]);
    });
    world.run(&browser, |on| on.use_permission(&token)).unwrap();
    assert_eq!(world.ended_sessions(), Some(None));
    assert!(world.happened(&What::DevicesForgotten));
    let told = world.told(&Notice::PasswordReset);
    assert_eq!(told.unwrap().len(), 2);
    let stored = world.stored(&ada);
    for kept in ["sessions", "challenges", "remembered"] {
        assert!(stored.get(kept).is_none(), "{kept}");
    }
}

#[test]
fn a_reset_leaves_two_step_verification_as_it_was() {
    let mut world = World::new();
    let (mut ada, gates) = ada_with_text_and_mail(&mut world);
    let without_use = |world: &World, ada: &Person| {
        let mut registrations = world.stored(ada)["registrations"].clone();
        for registration in registrations.as_array_mut().unwrap() {
            registration.as_object_mut().unwrap().remove("last_used");
        }
        registrations
    };
    let before = without_use(&world, &ada);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.run(&browser, |on| on.use_permission(&token)).unwrap();
    assert_eq!(without_use(&world, &ada), before);
    assert_eq!(world.password(&mut ada), Next::SecondStep);
}
