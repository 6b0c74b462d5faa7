//! Keys and pairing tokens: each for one enrolment, and shown once.

use super::*;

#[test]
fn a_pairing_token_pairs_one_app_of_one_enrolment_in_time() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
        let token = pairing_token(&enrolling);
        tokens.push((enrolling.registration().clone(), token.to_owned()));
    }
    let [(older, older_token), (id, token)] = &tokens[..] else {
        panic!("two tokens");
    };
    let phone = ada.elsewhere();
    let long = "a".repeat(1025);
    for (id, token, address) in [
        (older, older_token.as_str(), "apns:1"),
        (id, older_token, "apns:1"),
        (older, token, "apns:1"),
        (id, "", "apns:1"),
        (id, token, ""),
        (id, token, "a\nb"),
        (id, token, &long),
    ] {
        let paired = world.run(&phone, |on| on.pair(id, token, address, device().public()));
        assert!(paired.is_err());
        assert!(world.effects().next().is_none(), "nothing is sent");
    }
    world
        .run(&phone, |on| on.pair(id, token, "apns:1", device().public()))
        .unwrap();
    let second = world.run(&phone, |on| on.pair(id, token, "apns:2", device().public()));
    assert!(second.is_err(), "a token is used once");

    let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
    let token = pairing_token(&enrolling);
    world.pass_minutes(10);
    let late = world.run(&phone, |on| {
        on.pair(enrolling.registration(), token, "apns:1", device().public())
    });
    assert!(late.is_err());
}

#[test]
fn a_secret_is_shown_once_and_nowhere_else() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let base32 = otp_uri::base32::encode(&key);
    let said = format!("{:?}", world.outgoing);
    let sent = serde_json::to_string(&world.outgoing).unwrap();
    for told in [said, sent] {
        assert!(!told.contains(base32.expose()));
    }
    let again = world.run(&ada, |on| on.send_enrolment_again(&id));
    assert!(matches!(again, Err(Refused::Invalid(_))));
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = world.confirm(&mut ada, &id, Test::Code(&code)).unwrap();
    assert!(!format!("{enrolled:?}").contains(base32.expose()));
    let sent = serde_json::to_string(&world.outgoing).unwrap();
    assert!(!sent.contains(base32.expose()));
    // The pairing token stands nowhere in the account, not even in what is sealed.
    let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
    let token = pairing_token(&enrolling);
    assert!(!format!("{enrolling:?}").contains(token));
    assert!(!world.stored(&ada).to_string().contains(token));
}

#[test]
fn every_enrolment_has_a_key_of_its_own() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let lengths = [
        (Algorithm::Sha1, 20),
        (Algorithm::Sha256, 32),
        (Algorithm::Sha512, 64),
    ];
    let mut keys = std::collections::BTreeSet::new();
    for (algorithm, length) in lengths {
        let parameters = TotpParameters::default().with_algorithm(algorithm);
        let (id, key) = begin_app(&mut world, &ada, parameters);
        assert_eq!(key.len(), length);
        assert!(keys.insert(key[..16].to_vec()));
        assert_eq!(id.as_str().len(), 22, "128 bits");
    }
}
