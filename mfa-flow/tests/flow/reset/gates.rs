//! Gates: how many, by which methods, what of one device counts once, and what the person says to them.

use super::*;

#[test]
fn two_independent_gates_give_a_permission_that_is_good_once() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    assert!(world.happened(&What::ResetPermitted));
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_ok());
    assert!(world.happened(&What::PasswordReset));
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::NoSession,
    };
    assert!(world.happened(&refused));
}

#[test]
fn nothing_is_sent_before_somebody_chooses() {
    let mut world = World::new();
    let (ada, _) = ada_with_text_and_mail(&mut world);
    let (_, prompt) = world.begin_reset(&ada);
    assert!(prompt.asked().is_none());
    assert!(world.sent_for().is_none());
}

#[test]
fn the_person_is_told_that_a_reset_was_begun_but_not_at_every_one() {
    let mut world = World::new();
    let (ada, _) = ada_with_text_and_mail(&mut world);
    world.begin_reset(&ada);
    let told = world.told(&Notice::ResetBegun);
    assert_eq!(told.unwrap().len(), 2);
    world.pass_minutes(14);
    world.begin_reset(&ada);
    assert_eq!(world.notices().count(), 0);
    world.pass_minutes(1);
    world.begin_reset(&ada);
    assert_eq!(world.notices().count(), 1);
}

#[test]
fn the_choices_of_a_stranger_have_no_names_and_no_addresses() {
    let mut world = World::new();
    let (ada, _) = ada_with_text_and_mail(&mut world);
    let (_, prompt) = world.begin_reset(&ada);
    let shown: Vec<_> = prompt
        .choices()
        .iter()
        .map(|c| (c.name(), c.hint()))
        .collect();
    assert_eq!(shown, [("", Some("••• 42")), ("", None)]);
}

#[test]
fn push_and_code_of_one_app_are_one_gate() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    let factor = totp_factor(&mut world);
    let app_code = world.give(&ada, "code", Method::AuthenticatorCode, factor);
    put_on(&mut world, &ada, &app_code, "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = world.begin_reset(&ada);
    assert_eq!(prompt.choices().len(), 3);
    let code = world.code();
    world
        .type_code(&mut browser, &prompt, &app_code, &code)
        .unwrap();

    let prompt = next_gate(&mut world, &browser);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Email]));
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &push));
    assert!(matches!(asked, Err(Refused::Over)));
    let answered = answer(&mut world, &mut browser, &prompt, &push, Answer::Approved);
    assert!(answered.is_err());
    assert_eq!(world.class(), Some(Class::NotAllowed));
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(codes(&refused), ["too_few_gates"]);
}

/// The factor of the planted authenticator.
fn totp_factor(world: &mut World) -> Value {
    let other = Person::new("somebody");
    world.give_totp(&other, "totp");
    world.stored(&other)["registrations"][0]["factor"].clone()
}

#[test]
fn text_and_call_of_one_number_are_one_gate() {
    let mut world = World::new();
    let (ada, [text, mail]) = ada_with_text_and_mail(&mut world);
    let number = json!({ "phone": { "number": "+31612345642" } });
    let call = world.give(&ada, "call", Method::CallMobile, number);
    put_on(&mut world, &ada, &text, "mobile");
    put_on(&mut world, &ada, &call, "mobile");
    let (mut browser, prompt) = world.begin_reset(&ada);
    world.ask(&browser, prompt.challenge(), &call);
    world.press_hash(&ada);
    answer(&mut world, &mut browser, &prompt, &call, Answer::Approved).unwrap();
    let prompt = next_gate(&mut world, &browser);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Email]));
    assert!(world.run(&browser, |on| on.finish_reset()).is_err());
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn one_gate_is_enough_where_the_policy_says_so() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let ada = Person::new("ada");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = world.begin_reset(&ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    let token = permission(&mut world, &browser);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_ok());
}

#[test]
fn where_one_gate_is_enough_some_methods_are_not() {
    let mut world = World::with(|draft| {
        draft.reset.gates = Some(1);
        draft.reset.one_gate_without = Some(BTreeSet::from([Method::AuthenticatorPush]));
    });
    let ada = Person::new("ada");
    give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (_, prompt) = world.begin_reset(&ada);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Email]));
}

#[test]
fn an_administrator_takes_two_gates_and_no_questions() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let mut root = Person::administrator("root");
    let totp = world.give_totp(&root, "totp");
    let mail = world.give_email(&root, "mail", "root@example.org");
    let _ = world.sign_in(&mut root, &totp);
    set_questions(&mut world, &root).unwrap();
    let (mut browser, prompt) = world.begin_reset(&root);
    let gates = BTreeSet::from([Method::Email, Method::OtherAuthenticator]);
    assert_eq!(methods(&prompt), gates);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(codes(&refused), ["too_few_gates"]);
    let prompt = next_gate(&mut world, &browser);
    world.pass_seconds(30);
    let code = world.code();
    world
        .type_code(&mut browser, &prompt, &totp, &code)
        .unwrap();
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn a_gate_that_was_removed_counts_no_longer() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.plant(&ada, |stored| {
        stored["registrations"].as_array_mut().unwrap().remove(0);
    });
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(codes(&refused), ["too_few_gates"]);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
}

#[test]
fn a_gate_that_the_person_denies_is_a_failed_proof() {
    let mut world = World::with(|draft| draft.reset_limits.failed_proofs_a_day = Some(1));
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (browser, prompt) = world.begin_reset(&ada);
    world.ask(&browser, prompt.challenge(), &push);
    let request = world.sent_request().unwrap();
    world.device_says(&ada, &request, Decision::Denied).unwrap();
    assert!(world.happened(&What::DeniedByPerson));
    assert!(
        world
            .notices()
            .any(|n| matches!(n, Notice::ResetLocked { .. }))
    );
}

#[test]
fn a_gate_that_the_person_reports_ends_the_reset() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = world.begin_reset(&ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    let prompt = next_gate(&mut world, &browser);
    world.ask(&browser, prompt.challenge(), &push);
    let request = world.sent_request().unwrap();
    world
        .device_says(&ada, &request, Decision::Suspicious)
        .unwrap();
    assert!(world.notices().any(|n| *n == Notice::SuspiciousReported));
    assert!(matches!(
        world.run(&browser, |on| on.next_gate()),
        Err(Refused::Over)
    ));
}

#[test]
fn a_wrong_number_on_the_phone_is_counted_on_the_reset() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (browser, prompt) = world.begin_reset(&ada);
    let asked = world.ask(&browser, prompt.challenge(), &push);
    let number = asked.asked().unwrap().number().unwrap();
    let request = world.sent_request().unwrap();
    let said = world.device_says(&ada, &request, approved(number ^ 1));
    assert!(said.is_err());
    let stored = world.stored(&ada);
    assert!(stored["registrations"][0].get("budget").is_none());
    assert_eq!(
        stored["reset"]["failed_proofs"].as_array().unwrap().len(),
        1
    );
}
