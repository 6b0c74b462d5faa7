//! Who may administer, by which proof, and whose account.

use super::*;

#[test]
fn nobody_administers_his_own_account() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = world.visit(&ada);
    assert_denied(&mut world, &ada, &visit);

    let (root, proof) = world.administrator("root");
    world.give_text(&root, "text", NUMBER);
    let visit = world.visit_by(&root, &proof, &root);
    assert_denied(&mut world, &root, &visit);
    let refused = world.refused_at(&root.key, &visit, |on| on.issue_pass(PassTerms::new()));
    assert_eq!(codes(&refused), ["not_for_oneself"]);
}

#[test]
fn nobody_administers_without_the_role() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let (mut mallory, app) = world.with_app("mallory");
    let proof = world.sign_in(&mut mallory, &app);
    let visit = world.visit_by(&mallory, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    let refused = world.refused_at(&ada.key, &visit, |on| on.unlock());
    assert_eq!(codes(&refused), ["not_an_administrator"]);
}

#[test]
fn nobody_administers_with_the_proof_of_another_person() {
    let mut world = world();
    let (mut ada, app, _) = ada(&mut world);
    let proof = world.sign_in(&mut ada, &app);
    let root = Person::administrator("root");
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
}

#[test]
fn nobody_administers_the_people_of_another_tenant() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let mut root = Person::of("other", "root");
    root.subject = Subject::new(PersonId::new("root").unwrap()).administrator();
    let app = world.give_totp(&root, "own");
    let proof = world.sign_in(&mut root, &app);
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
}

#[test]
fn nobody_administers_by_a_recovery_code() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let (mut root, _) = world.administrator("root");
    let set = world.run(&root, |on| on.make_recovery_codes()).unwrap();
    world.password(&mut root);
    let code = set.codes()[0].expose();
    let answer = Answer::Code(code);
    let proof = world
        .prove(&mut root, Purpose::TwoStep, set.registration(), answer)
        .unwrap();
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    assert!(world.read(&root, |on| on.own_proof()).is_none());
}

#[test]
fn nobody_administers_by_a_gate_of_a_password_reset() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let root = Person::administrator("root");
    let text = world.give_text(&root, "text", NUMBER);
    world.give_email(&root, "email", "root@example.org");
    let (mut browser, prompt) = world.begin_reset(&Person::new("root"));
    let proof = world.answer_sent_code(&mut browser, prompt.challenge(), &text);

    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    assert!(world.read(&browser, |on| on.own_proof()).is_none());
}

#[test]
fn nobody_administers_by_a_first_factor_alone() {
    let mut world = World::with(|draft| {
        let text = draft.methods.get_mut(&Method::Text).unwrap();
        text.purposes.as_mut().unwrap().insert(Purpose::FirstFactor);
    });
    let (ada, ..) = ada(&mut world);
    let root = Person::administrator("root");
    let text = world.give_text(&root, "text", NUMBER);
    let (mut browser, prompt) = world.begin_phone_sign_in(&root);
    let proof = world.answer_sent_code(&mut browser, prompt.challenge(), &text);

    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    assert!(world.read(&browser, |on| on.own_proof()).is_none());
}

#[test]
fn an_old_proof_is_not_enough_where_the_policy_wants_a_fresh_one() {
    let mut world = World::with(|draft| draft.freshness.administer = Some(10));
    let (ada, ..) = ada(&mut world);
    let (root, proof) = world.administrator("root");
    world.pass_minutes(9);
    let visit = world.visit_by(&root, &proof, &ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    world.pass_minutes(1);
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
}

#[test]
fn a_visit_about_another_person_than_the_accounts_administers_nothing() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let eve = Person::new("eve");
    for visit in [world.visit_by_root(&eve), by_operator(&world, &eve)] {
        assert_denied(&mut world, &ada, &visit);
    }
}

#[test]
fn nobody_administers_a_name_that_nobody_has() {
    let mut world = world();
    let (mut ada, ..) = ada(&mut world);
    let visits = [world.visit_by_root(&ada), by_operator(&world, &ada)];
    ada.key = world.flow.decoy(ada.key.tenant().clone(), "nobody");
    for visit in visits {
        assert_denied(&mut world, &ada, &visit);
    }
}

#[test]
fn the_operator_repairs_and_switches_off_and_touches_no_factor() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = by_operator(&world, &ada);
    assert_administers_nothing(&mut world, &ada, &visit);

    done(&mut world, &ada, &visit, |on| on.end_sessions());
    assert!(all_by(&world, "night-shift"));
    done(&mut world, &ada, &visit, |on| on.suspend());
    done(&mut world, &ada, &visit, |on| on.resume());
    done(&mut world, &ada, &visit, |on| on.repair_clock());
    done(&mut world, &ada, &visit, |on| on.burn());
    assert!(all_by(&world, "night-shift"));
}

#[test]
fn an_administrator_does_nothing_in_the_name_of_the_person() {
    let mut world = world();
    let (ada, app, _) = ada(&mut world);
    let (root, proof) = world.administrator("root");
    // Not even with a session of the person in hand.
    let visit = world.visit(&ada).by_administrator(&root.subject, &proof);
    let key = &ada.key;
    let refused = world.refused_at(key, &visit, |on| on.remove(&app, yes()));
    assert!(codes(&refused).contains(&"not_oneself"));
    let _ = world.refused_at(key, &visit, |on| on.rename(&app, "mine"));
    let _ = world.refused_at(key, &visit, |on| on.set_default(&app));
    let _ = world.refused_at(key, &visit, |on| on.make_recovery_codes());
    let _ = world.refused_at(key, &visit, |on| on.create_app_password("mail"));
    let _ = world.refused_at(key, &visit, |on| on.remember_device());
    let _ = world.refused_at(key, &visit, |on| on.forget_all_devices());
    let _ = world.refused_at(key, &visit, |on| on.reconfirm());
    let _ = world.refused_at(key, &visit, |on| on.sign_out_elsewhere());
}

#[test]
fn an_administrators_proof_is_read_from_his_own_session() {
    let mut world = World::with(|draft| draft.freshness.administer = Some(10));
    let (ada, _, text) = ada(&mut world);
    let (root, _) = world.administrator("root");
    let proof = world.read(&root, |on| on.own_proof()).unwrap();
    let visit = world
        .visit(&ada.elsewhere())
        .by_administrator(&root.subject, proof.clone());
    let _ = done(&mut world, &ada, &visit, |on| {
        on.remove_for_person(&text, yes())
    });

    // It is as old as the proof was, and gone when the session is.
    world.pass_minutes(10);
    let old = world.read(&root, |on| on.own_proof()).unwrap();
    let visit = world
        .visit(&ada.elsewhere())
        .by_administrator(&root.subject, old);
    assert_denied(&mut world, &ada, &visit);
    world.run(&root, |on| on.sign_out());
    assert!(world.read(&root, |on| on.own_proof()).is_none());
}
