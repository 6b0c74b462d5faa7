//! What is proven in a reset opens nothing else, and nothing else opens a reset.

use super::*;

#[test]
fn what_is_proven_in_a_reset_opens_nothing_else() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (mut browser, prompt) = world.begin_reset(&ada);
    let proof = world.answer_sent_code(&mut browser, prompt.challenge(), &gates[0]);
    assert_eq!(proof.purpose(), Purpose::PasswordReset);
    assert_eq!(proof.strength(), None);
    assert_ne!(world.read(&browser, |on| on.next()), Next::Done);
    for purpose in Purpose::ALL {
        let asked = world.run(&browser, |on| on.challenge(purpose));
        assert!(matches!(asked, Err(Refused::Over)), "{purpose}");
    }
    let refused = set_questions(&mut world, &browser).unwrap_err();
    assert_eq!(codes(&refused), ["needs_proof"]);
    opens_nothing(&mut world, &browser, &gates[0]);
    permission_is_there_after_all(&mut world, &mut browser, &gates[1]);
}

/// Everything that a person who is signed in can do.
fn opens_nothing(world: &mut World, browser: &Person, gate: &RegistrationId) {
    let number = PhoneNumber::new("+31687654321").unwrap();
    let enrol = Enrol::Text(&number);
    let refused = [
        world
            .run(browser, |on| on.begin_enrolment(enrol, "mine"))
            .is_err(),
        world
            .run(browser, |on| on.begin_replacement(enrol, "mine", gate))
            .is_err(),
        world
            .run(browser, |on| on.remove(gate, Confirmed::after_asking()))
            .is_err(),
        world.run(browser, |on| on.rename(gate, "mine")).is_err(),
        world.run(browser, |on| on.set_default(gate)).is_err(),
        world.run(browser, |on| on.make_recovery_codes()).is_err(),
        world
            .run(browser, |on| on.create_app_password("mine"))
            .is_err(),
        world.run(browser, |on| on.remember_device()).is_err(),
        world.run(browser, |on| on.forget_all_devices()).is_err(),
        world.run(browser, |on| on.sign_out_elsewhere()).is_err(),
        world.run(browser, |on| on.reconfirm()).is_err(),
        world.run(browser, |on| on.snooze_campaign()).is_err(),
    ];
    assert_eq!(refused, [true; 12]);
    assert!(world.read(browser, |on| on.own_proof()).is_none());
}

#[test]
fn where_there_is_no_second_factor_a_reset_opens_nothing_either() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let ada = Person::new("ada");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = world.begin_reset(&ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    opens_nothing(&mut world, &browser, &mail);
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
    // What the password opens.
    let mut ada = ada;
    world.password(&mut ada);
    let number = PhoneNumber::new("+31687654321").unwrap();
    let enrol = Enrol::Text(&number);
    assert!(
        world
            .run(&ada, |on| on.begin_enrolment(enrol, "mine"))
            .is_ok()
    );
    assert!(world.run(&ada, |on| on.make_recovery_codes()).is_ok());
}

#[test]
fn a_gate_is_no_proof_of_an_administrator() {
    let mut world = World::new();
    let root = Person::administrator("root");
    let text = world.give_text(&root, "text", "+31612345642");
    world.give_email(&root, "mail", "root@example.org");
    let ada = Person::new("ada");
    world.give_totp(&ada, "totp");
    let (mut browser, prompt) = world.begin_reset(&root);
    let proof = world.answer_sent_code(&mut browser, prompt.challenge(), &text);
    let visit = world.visit_by(&root, &proof, &ada);
    assert!(world.run_at(&ada.key, &visit, |on| on.unlock()).is_err());
}

/// So what was refused was refused for being a reset, and not for being over.
fn permission_is_there_after_all(world: &mut World, browser: &mut Person, gate: &RegistrationId) {
    let prompt = next_gate(world, browser);
    pass_by_sent_code(world, browser, &prompt, gate);
    assert_ne!(world.read(browser, |on| on.next()), Next::Done);
    assert!(set_questions(world, browser).is_err());
    assert!(world.run(browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn a_reset_session_gets_no_first_factor_by_signing_in_beside_it() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (browser, prompt) = world.begin_reset(&ada);
    let begun = world.run(&browser, |on| on.begin_phone_sign_in());
    assert_ne!(
        *begun.session().expose(),
        *browser.session.as_ref().unwrap().expose()
    );
    let mut ada = ada.elsewhere();
    world.password(&mut ada);
    assert_ne!(world.read(&browser, |on| on.next()), Next::Done);
    // And a gate is not answered in a session that is signed in.
    world.ask(&browser, prompt.challenge(), &gates[0]);
    let code = world.sent_code().unwrap();
    let no = world.type_code(&mut ada, &prompt, &gates[0], &code);
    assert!(no.is_err());
    assert_eq!(world.class(), Some(Class::NoSession));
}

#[test]
fn a_session_that_is_signed_in_finishes_no_reset() {
    let mut world = World::new();
    let (mut ada, gates) = ada_with_text_and_mail(&mut world);
    let _ = world.sign_in_by_code(&mut ada, &gates[0]);
    assert!(matches!(
        world.run(&ada, |on| on.finish_reset()),
        Err(Refused::Over)
    ));
    assert!(matches!(
        world.run(&ada, |on| on.next_gate()),
        Err(Refused::Over)
    ));
}
