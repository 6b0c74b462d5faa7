//! Who may enrol what, and for whom.

use super::*;

#[test]
fn the_password_alone_adds_nothing_where_a_second_factor_is() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    world.password(&mut ada);
    let refused = begin(&mut world, &ada, Enrol::Text(&phone(NUMBER))).unwrap_err();
    assert!(matches!(reasons(&refused), [Reason::NeedsProof { .. }]));
    assert!(world.effects().next().is_none(), "nothing is sent");

    let proof = world.sign_in(&mut ada, &app);
    assert_eq!(proof.registration(), &app);
    assert!(begin(&mut world, &ada, Enrol::Text(&phone(NUMBER))).is_ok());
}

#[test]
fn a_proof_that_is_too_old_is_renewed_and_the_test_is_taken_then() {
    let mut world = World::new();
    let (mut ada, app) = world.with_app("ada");
    world.pass_minutes(9);
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.pass_minutes(1);
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = world.confirm(&mut ada, &id, Test::Code(&code)).unwrap_err();
    assert!(matches!(reasons(&refused), [Reason::NeedsProof { .. }]));
    // The session has another identifier after the proof, and the enrolment goes on in it.
    let own = world.code();
    let answer = mfa_flow::Answer::Code(&own);
    let proof = world.prove(&mut ada, Purpose::ManageSecurityInfo, &app, answer);
    assert_eq!(proof.unwrap().registration(), &app);
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn an_account_that_is_switched_off_begins_and_confirms_nothing() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_err());
    assert!(begin(&mut world, &ada, Enrol::Text(&phone(NUMBER))).is_err());
    assert!(methods(&world, &ada).is_empty());
}

#[test]
fn a_sixth_authenticator_is_refused_with_the_reason_of_the_policy() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    for _ in 0..5 {
        enrol_app(&mut world, &mut ada);
    }
    let account = account();
    let what = Enrol::OtherAuthenticator {
        key: AppKey::new(&account),
    };
    let refused = begin(&mut world, &ada, what).unwrap_err();
    assert!(matches!(
        reasons(&refused),
        [Reason::LimitReached {
            limit: 5,
            has: 5,
            ..
        }]
    ));
    assert!(world.events().any(
        |event| matches!(&event.what, What::Refused { reasons } if *reasons == ["limit_reached"])
    ));
}

#[test]
fn an_enrolment_for_somebody_else_is_bound_to_the_administrator() {
    let mut world = World::new();
    let (grace, grace_proof) = world.administrator("grace");
    let (heidi, heidi_proof) = world.administrator("heidi");
    let ada = with_password(&mut world, "ada");
    let number = phone(NUMBER);
    let visit = world.visit_by(&grace, &grace_proof, &ada);
    let enrolling = world
        .run_at(&ada.key, &visit, |on| {
            on.begin_enrolment(Enrol::Text(&number), "mobile")
        })
        .unwrap();
    let code = world.sent_code().unwrap();
    let id = enrolling.registration();
    let others = [
        world.visit_by(&heidi, &heidi_proof, &ada),
        visit.clone().in_session(grace.session.clone().unwrap()),
        world.visit(&ada),
    ];
    for other in others {
        let refused = world.run_at(&ada.key, &other, |on| {
            on.confirm_enrolment(id, Test::Code(&code))
        });
        assert!(matches!(refused, Err(Refused::Over)));
    }
    let confirmed = world.run_at(&ada.key, &visit, |on| {
        on.confirm_enrolment(id, Test::Code(&code))
    });
    assert!(confirmed.unwrap().is_default());
    let history = world.account(&ada.key).history().to_vec();
    assert_eq!(history[0].by(), Some(grace.subject.id()));
    assert!(world.notices().any(|notice| matches!(notice,
        Notice::Administered { by, what: What::Bound, method: Some(Method::Text) } if by == grace.subject.id())));
    // All sessions of the person end: the administrator has none here.
    assert_eq!(world.ended_sessions(), Some(None));
}

#[test]
fn an_administrator_registers_no_secret_of_somebody_else() {
    let mut world = World::new();
    let (grace, proof) = world.administrator("grace");
    let ada = Person::new("ada");
    let visit = world.visit_by(&grace, &proof, &ada);
    let account = account();
    let key = AppKey::new(&account);
    for what in [
        Enrol::OtherAuthenticator { key },
        Enrol::AuthenticatorPush { on: None },
        Enrol::SecurityKey,
    ] {
        let refused = world.run_at(&ada.key, &visit, |on| on.begin_enrolment(what, "mine"));
        let refused = refused.unwrap_err();
        assert!(
            reasons(&refused)
                .iter()
                .any(|r| matches!(r, Reason::PersonOnly { .. }))
        );
    }
}
