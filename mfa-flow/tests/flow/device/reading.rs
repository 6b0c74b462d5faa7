//! Requests, answers and visits as text.

use super::*;

#[test]
fn a_request_says_who_where_and_for_what_and_never_the_number() {
    let mut world = World::new();
    let ada = Person::new("ada");
    world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    let signed_in = world.run(&ada, |on| on.first_factor(None)).unwrap();
    let visit = world
        .visit(&ada)
        .in_session(signed_in.session().clone())
        .from("Utre\u{202e}cht\n")
        .for_application("Pay\u{7}roll");
    let prompt = world
        .run_at(&ada.key, &visit, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let request = world.sent_request().unwrap();
    assert_eq!(request.person(), "ada");
    assert_eq!(request.application(), Some("Payroll"));
    assert_eq!(request.origin(), Some("Utrecht"));
    assert_eq!(request.purpose(), Some(Purpose::TwoStep));
    assert_eq!(request.until(), prompt.asked().unwrap().until());
    let read: PushRequest = request.to_string().parse().unwrap();
    assert_eq!(read, request);
    let value: Value = serde_json::from_str(request.as_str()).unwrap();
    let fields: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        fields,
        ["application", "id", "origin", "person", "reason", "until"]
    );
}

#[test]
fn the_longest_request_that_is_sent_can_be_read() {
    let mut world = World::new();
    let name = "\"".repeat(256);
    let ada = Person::new(&name);
    let id = "\\".repeat(256);
    world.give(&ada, &id, Method::PhoneSignIn, push_at("phone"));
    let visit = world
        .visit(&ada)
        .from(&"🦀".repeat(300))
        .for_application(&"🦀".repeat(300));
    world.run_at(&ada.key, &visit, |on| on.begin_phone_sign_in());
    let request = world.sent_request().unwrap();
    assert_eq!(request.origin().unwrap().chars().count(), 200);
    assert_eq!(request.as_str().parse::<PushRequest>().unwrap(), request);
}

#[test]
fn a_request_that_is_too_long_odd_or_misleading_is_refused() {
    let text = asked().request.as_str().to_owned();
    let with = |name: &str, value: Value| {
        let mut says: Value = serde_json::from_str(&text).unwrap();
        says[name] = value;
        says.to_string().parse::<PushRequest>()
    };
    let padded = format!("{text}{}", " ".repeat(4096 - text.len()));
    assert!(padded.parse::<PushRequest>().is_ok());
    let longer = format!("{padded} ");
    assert_eq!(
        longer.parse::<PushRequest>(),
        Err(PushRequestError::TooLong)
    );
    for (name, value) in [
        ("id", json!("short")),
        ("person", json!("")),
        ("person", json!("a\u{1b}b")),
        ("person", json!("a".repeat(257))),
        ("until", json!("tomorrow")),
        ("reason", json!("because")),
        ("gesture", json!("no")),
        ("more", json!(1)),
    ] {
        assert_eq!(
            with(name, value),
            Err(PushRequestError::Malformed),
            "{name}"
        );
    }
    for (name, value) in [
        ("origin", "a\u{1b}[2Jb"),
        ("origin", "a\u{202e}b"),
        ("application", "a\u{2066}b"),
        ("application", "a\u{2028}b"),
        ("application", "a\u{85}b"),
        ("application", &"a".repeat(201)),
    ] {
        assert_eq!(
            with(name, json!(value)),
            Err(PushRequestError::Unshowable),
            "{value}"
        );
    }
    for text in ["", "{}", "null", "[1]", "{\"id\":", &"[".repeat(4000)] {
        assert_eq!(
            text.parse::<PushRequest>(),
            Err(PushRequestError::Malformed)
        );
    }
    let twice = text.replacen('{', "{\"person\":\"bob\",", 1);
    assert_eq!(
        twice.parse::<PushRequest>(),
        Err(PushRequestError::Malformed)
    );
}

#[test]
fn a_key_is_a_point_in_its_one_form_and_not_of_small_order() {
    let key = device().public();
    assert_eq!(key.to_string().parse(), Ok(key));
    assert_eq!(key.to_string(), to_base64url(key.as_bytes()));
    // The points of small order (of RFC 8032's curve, as libsodium lists them), and those written beyond the prime.
    let small = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];
    for point in small {
        let key = to_base64url(&hex(point)).parse::<DeviceKey>();
        assert_eq!(key, Err(DeviceKeyError::Weak), "{point}");
    }
    let beyond = [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ];
    for point in beyond {
        let key = to_base64url(&hex(point)).parse::<DeviceKey>();
        assert_eq!(key, Err(DeviceKeyError::Malformed), "{point}");
    }
    let text = key.to_string();
    for odd in [
        String::new(),
        text[1..].to_owned(),
        format!("{text}A"),
        format!("{text}="),
        format!(" {text}"),
        "A".repeat(1 << 20),
    ] {
        assert_eq!(odd.parse::<DeviceKey>(), Err(DeviceKeyError::Malformed));
        assert!(serde_json::from_value::<DeviceKey>(json!(odd)).is_err());
    }
}

#[test]
fn a_stored_account_with_a_key_of_small_order_is_not_read() {
    let mut world = World::new();
    let ada = Person::new("ada");
    world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    let mut stored = world.stored(&ada);
    let read = |stored: &Value| {
        let bytes = serde_json::to_vec(stored).unwrap();
        mfa_flow::Account::from_stored(ada.key.clone(), mfa_flow::Version::new(1), &bytes).is_ok()
    };
    assert!(read(&stored));
    stored["registrations"][0]["factor"]["push"]["key"] =
        json!("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(!read(&stored));
}

#[test]
fn what_is_no_answer_and_no_visit_is_refused() {
    let right = asked().right();
    let value = serde_json::to_value(&right).unwrap();
    assert_eq!(altered(&right, |_| {}), Some(right.clone()));
    let signature = value["signature"].as_str().unwrap().to_owned();
    for (name, odd) in [
        ("signature", json!("")),
        ("signature", json!(signature[1..])),
        ("signature", json!(format!("{signature}="))),
        ("signature", json!("A".repeat(1 << 20))),
        ("decision", json!("maybe")),
        ("decision", json!({ "approved": {} })),
        ("decision", json!({ "approved": { "number": 42 } })),
        (
            "decision",
            json!({ "approved": { "number": 256, "user_verified": true } }),
        ),
        (
            "decision",
            json!({ "approved": { "number": -1, "user_verified": true } }),
        ),
        (
            "decision",
            json!({ "approved": { "number": 42, "user_verified": true, "more": 1 } }),
        ),
        ("request", json!("")),
        ("request", json!("x".repeat(5000))),
        ("more", json!(1)),
    ] {
        assert!(
            altered(&right, |value| value[name] = odd.clone()).is_none(),
            "{name} {odd}"
        );
    }

    let (ada, push) = (
        PersonId::new("ada").unwrap(),
        RegistrationId::new("push").unwrap(),
    );
    let now = "2026-12-01T09:00:00Z".parse().unwrap();
    let visit = |audience: &str| device().visit(&ada, &push, audience, now).to_string();
    assert_eq!(
        visit(PORTAL).parse::<SignedVisit>().unwrap().to_string(),
        visit(PORTAL)
    );
    assert!(visit(&"a".repeat(2048)).parse::<SignedVisit>().is_ok());
    let malformed = Err(SignedVisitError::Malformed);
    assert_eq!(visit(&"a".repeat(2049)).parse::<SignedVisit>(), malformed);
    assert_eq!(
        visit(&"a".repeat(5000)).parse::<SignedVisit>(),
        Err(SignedVisitError::TooLong)
    );
    let text = visit(PORTAL);
    for odd in [
        "",
        ".",
        "a",
        "a.b",
        &text[1..],
        &format!("{text}."),
        &format!(" {text}"),
        &text.replace('.', ""),
    ] {
        assert_eq!(odd.parse::<SignedVisit>(), malformed, "{odd}");
    }
}
