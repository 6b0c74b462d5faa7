//! Authenticator apps: being connected, hearing what waits for an answer, and being heard, by nobody but the device itself.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mfa_flow::{Decision, PushRequest};
use serde_json::json;

use crate::common::browser::{Answer, Browser, connect, send};
use crate::common::device::{Device, Heard, Hearing, hear, now, post, post_to};
use crate::common::{Folder, Portal, accounts, until};
use crate::postgres::Database;

/// Ada's password and the code of her first app, in a new browser.
fn ada(portal: &Portal) -> Browser {
    let mut browser = types_password(portal);
    assert_eq!(browser.get("/verify").status, 200);
    let answer = browser.post("/verify/answer", &[("code", &accounts::code())]);
    assert_eq!(answer.location(), "/security-info");
    browser
}

fn types_password(portal: &Portal) -> Browser {
    let mut browser = Browser::of(portal);
    let form = [("name", "ada"), ("password", portal.password("ada"))];
    let answer = browser.post("/sign-in", &form);
    assert_eq!(answer.location(), "/verify");
    browser
}

/// Begins to add an app, and what its page shows.
fn begins_to_add(browser: &mut Browser, method: &[(&str, &str)]) -> Answer {
    let answer = browser.post("/security-info/add/begin", method);
    assert!([200, 303].contains(&answer.status), "{answer:?}");
    answer
}

/// An app that is connected and not tested yet.
fn connects(portal: &Portal, browser: &mut Browser) -> Device {
    let push = [("method", "authenticator_push"), ("name", "My phone")];
    let page = begins_to_add(browser, &push);
    let device = Device::scans(between(&page.body, "id=\"link\">", "<"));
    assert_eq!(device.reports(portal).status, 200);
    device
}

/// An app that Ada has added, beside her first one.
fn adds_device(portal: &Portal, browser: &mut Browser) -> Device {
    let device = connects(portal, browser);
    let request = device.listens(portal).request();
    let page = browser.get("/security-info/add/test");
    assert_eq!(device.answers(portal, &request, approved(&page)), 204);
    let answer = browser.post("/security-info/add/test", &[]);
    assert_eq!(answer.location(), "/security-info/add/done", "{answer:?}");
    device
}

/// A portal where Ada has a device, and the browser in which she added it.
fn with_device(settings: &[(&str, &str)]) -> (Portal, Browser, Device) {
    let portal = Portal::start(settings);
    accounts::give_authenticator(&portal, "ada");
    let mut browser = ada(&portal);
    let device = adds_device(&portal, &mut browser);
    (portal, browser, device)
}

/// Somebody who knows Ada's password asks for her approval, which is asked for first. The page with the number.
fn asks(portal: &Portal) -> (Browser, Answer) {
    let mut browser = types_password(portal);
    let page = browser.get("/verify");
    (browser, page)
}

fn asks_again(browser: &mut Browser, device: &Device) -> Answer {
    let form = [("registration", device.registration.as_str())];
    assert_eq!(browser.post("/verify/ask", &form).location(), "/verify");
    browser.get("/verify")
}

/// A yes with the number that a page shows.
fn approved(page: &Answer) -> Decision {
    let (_, number) = page.body.split_once("class=\"number\"").unwrap();
    Decision::Approved {
        number: between(number, ">", "<").parse().unwrap(),
        user_verified: false,
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{text}"));
    rest.split_once(after).unwrap().0
}

/// What the script of a page that waits is told.
fn is_over(browser: &mut Browser, path: &str) -> bool {
    let told = browser.get(path);
    assert_eq!(told.status, 200, "{told:?}");
    told.body == r#"{"over":true}"#
}

#[test]
fn an_app_is_connected_once_and_with_the_token_of_the_page_only() {
    let portal = Portal::start(&[]);
    accounts::give_authenticator(&portal, "ada");
    let mut browser = ada(&portal);
    let push = [("method", "authenticator_push")];
    let page = begins_to_add(&mut browser, &push);
    let device = Device::scans(between(&page.body, "id=\"link\">", "<"));
    assert_eq!(device.audience, portal.origin);
    let refused = |report| post(&portal, "/device/pair", &report);
    for (field, value) in [
        ("token", "ABCD-EFGH"),
        ("token", ""),
        ("person", "demonstration-grace"),
        ("person", "nobody"),
        ("registration", "AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let mut report = device.report();
        report[field] = json!(value);
        let answer = refused(report);
        assert_eq!(answer.status, 422, "{field} {value}");
        assert_eq!(answer.body, r#"{"error":"refused"}"#);
    }
    // What is no key, and one that signs anything.
    for key in [
        "",
        "AAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let mut report = device.report();
        report["key"] = json!(key);
        assert_eq!(refused(report).status, 400, "{key}");
    }
    assert!(!is_over(&mut browser, "/security-info/add/paired"));
    let paired = device.reports(&portal);
    assert_eq!(
        (paired.status, paired.body.as_str()),
        (200, r#"{"product":"Acme","account":"ada"}"#)
    );
    assert!(is_over(&mut browser, "/security-info/add/paired"));
    assert_eq!(device.reports(&portal).status, 422, "a second time");
    let other = Device {
        key: Device::scans(&format!("{}/device#a.b.YQ", device.audience)).key,
        ..device
    };
    assert_eq!(other.reports(&portal).status, 422, "another one");

    // What was given up connects nobody.
    let page = begins_to_add(&mut browser, &push);
    let late = Device::scans(between(&page.body, "id=\"link\">", "<"));
    assert_eq!(browser.post("/security-info/add/cancel", &[]).status, 303);
    assert_eq!(late.reports(&portal).status, 422);
}

#[test]
fn a_request_says_who_and_where_comes_again_until_it_is_answered_and_lets_in_who_asked() {
    let (portal, _, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    let (mut browser, page) = asks(&portal);
    let request = hearing.request();
    assert_eq!(request.application(), Some("Acme"));
    assert_eq!(
        request.origin(),
        Some("127.0.0.1"),
        "this browser says nothing of itself"
    );
    assert_eq!(
        request.purpose().map(|purpose| purpose.as_str()),
        Some("two_step")
    );
    assert!(!request.needs_gesture());
    let Decision::Approved { number, .. } = approved(&page) else {
        panic!()
    };
    assert!(
        page.body.contains(&format!("and enter {number} there")),
        "{}",
        page.body
    );
    assert!(!is_over(&mut browser, "/verify/approved"));
    drop(hearing);

    // Whoever comes again hears it again.
    let mut hearing = device.listens(&portal);
    assert_eq!(hearing.request().as_str(), request.as_str());

    assert_eq!(device.answers(&portal, &request, approved(&page)), 204);
    hearing.is_over(&request);
    assert!(is_over(&mut browser, "/verify/approved"));
    let answer = browser.post("/verify/approved", &[]);
    assert_eq!(answer.location(), "/security-info");
    assert_eq!(browser.get("/security-info").status, 200);
}

#[test]
fn two_programs_with_one_device_hear_every_request_and_the_first_answer_counts() {
    let (portal, _, device) = with_device(&[]);
    let mut one = device.listens(&portal);
    let (mut browser, page) = asks(&portal);
    let first = one.request();
    // The second comes while something waits, and the first goes on.
    let mut two = device.listens(&portal);
    assert_eq!(two.request().as_str(), first.as_str());
    assert_eq!(device.answers(&portal, &first, Decision::Denied), 204);
    assert_eq!(device.answers(&portal, &first, approved(&page)), 422);
    one.is_over(&first);
    two.is_over(&first);
    assert!(is_over(&mut browser, "/verify/approved"));
    assert_eq!(browser.post("/verify/approved", &[]).location(), "/verify");

    // A request comes to both, and so does its withdrawal.
    asks_again(&mut browser, &device);
    let second = one.request();
    assert_eq!(two.request().as_str(), second.as_str());
    let page = asks_again(&mut browser, &device);
    for hearing in [&mut one, &mut two] {
        hearing.is_over(&second);
    }
    let third = two.request();
    assert_eq!(one.request().as_str(), third.as_str());
    drop(one);
    assert_eq!(device.answers(&portal, &third, approved(&page)), 204);
    two.is_over(&third);
    let answer = browser.post("/verify/approved", &[]);
    assert_eq!(answer.location(), "/security-info");
}

#[test]
fn a_device_has_four_streams_and_a_fifth_ends_the_oldest() {
    let (portal, mut browser, device) = with_device(&[]);
    let mut hearings: Vec<Hearing> = (0..5).map(|_| device.listens(&portal)).collect();
    assert!(matches!(hearings.remove(0).next(), Heard::End));
    asks(&portal);
    for hearing in &mut hearings {
        hearing.request();
    }
    let path = format!("/security-info/methods/{}/remove", device.registration);
    assert_eq!(browser.post(&path, &[]).status, 303);
    for hearing in &mut hearings {
        assert!(matches!(hearing.next(), Heard::Removed));
        assert!(matches!(hearing.next(), Heard::End));
    }
}

#[test]
fn a_request_is_over_when_another_takes_its_place_or_the_person_gets_in_by_another_way() {
    let (portal, _, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    let (mut browser, _) = asks(&portal);
    let first = hearing.request();
    let page = asks_again(&mut browser, &device);
    hearing.is_over(&first);
    let second = hearing.request();
    // The number on the screen is that of the second.
    assert_eq!(device.answers(&portal, &first, approved(&page)), 422);
    browser.post("/verify/ask", &[("registration", "AAAAAAAAAAAAAAAAAAAAAA")]);
    let answer = browser.post("/verify/answer", &[("code", &accounts::next_code())]);
    assert_eq!(answer.location(), "/security-info");
    hearing.is_over(&second);
}

#[test]
fn who_was_away_hears_which_of_the_requests_on_its_screen_are_over() {
    let (portal, _, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    let (mut browser, _) = asks(&portal);
    let first = hearing.request();
    drop(hearing);
    asks_again(&mut browser, &device);
    let mut hearing = device.listens_showing(&portal, &format!("nonsense,{}", first.id()));
    hearing.is_over(&first);
    let second = hearing.request();
    // What it shows already is not told again, and its end is.
    let mut hearing = device.listens_showing(&portal, &second.id().to_string());
    browser.post("/verify/ask", &[("registration", "AAAAAAAAAAAAAAAAAAAAAA")]);
    let answer = browser.post("/verify/answer", &[("code", &accounts::next_code())]);
    assert_eq!(answer.location(), "/security-info");
    hearing.is_over(&second);
}

#[test]
fn a_no_a_wrong_number_and_a_report_are_told_to_the_page_that_waits() {
    let (portal, _, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    let (mut browser, page) = asks(&portal);
    let Decision::Approved { number, .. } = approved(&page) else {
        panic!()
    };
    let wrong = Decision::Approved {
        number: if number == 10 { 11 } else { number - 1 },
        user_verified: false,
    };
    for (decision, status) in [(Decision::Denied, 204), (wrong, 422)] {
        let request = hearing.request();
        assert!(!is_over(&mut browser, "/verify/approved"));
        assert_eq!(device.answers(&portal, &request, decision), status);
        hearing.is_over(&request);
        assert!(is_over(&mut browser, "/verify/approved"));
        assert_eq!(browser.post("/verify/approved", &[]).location(), "/verify");
        let page = browser.get("/verify").body;
        assert!(
            page.contains("The request was denied on your phone"),
            "{page}"
        );
        assert!(
            page.contains("class=\"choices\""),
            "another way can be chosen"
        );
        asks_again(&mut browser, &device);
    }
    let request = hearing.request();
    assert_eq!(device.answers(&portal, &request, Decision::Suspicious), 204);
    hearing.is_over(&request);
    assert!(is_over(&mut browser, "/verify/approved"));
    assert_eq!(browser.post("/verify/approved", &[]).location(), "/sign-in");
    let page = browser.get("/sign-in").body;
    assert!(page.contains("reported on your phone"), "{page}");
    assert_eq!(browser.get("/security-info").status, 303, "not in");
    assert_eq!(browser.get("/verify").location(), "/sign-in");
}

#[test]
fn a_no_to_the_test_of_a_new_app_is_told_and_it_can_be_tried_again() {
    let portal = Portal::start(&[]);
    accounts::give_authenticator(&portal, "ada");
    let mut browser = ada(&portal);
    let device = connects(&portal, &mut browser);
    let mut hearing = device.listens(&portal);
    let request = hearing.request();
    assert_eq!(request.purpose(), None, "it is for the enrolment");
    assert_eq!(device.answers(&portal, &request, Decision::Denied), 204);
    hearing.is_over(&request);
    assert!(is_over(&mut browser, "/security-info/add/state"));
    let answer = browser.post("/security-info/add/test", &[]);
    assert_eq!(answer.location(), "/security-info/add/test");
    let page = browser.get("/security-info/add/test");
    assert_eq!(page.heading(), "It was not approved");
    browser.post("/security-info/add/again", &[]);
    let request = hearing.request();
    let page = browser.get("/security-info/add/test");
    assert_eq!(device.answers(&portal, &request, approved(&page)), 204);
    let answer = browser.post("/security-info/add/test", &[]);
    assert_eq!(answer.location(), "/security-info/add/done");

    // What is given up while the app listens is told to it.
    let device = connects(&portal, &mut browser);
    let mut hearing = device.listens(&portal);
    hearing.request();
    browser.post("/security-info/add/cancel", &[]);
    assert!(matches!(hearing.next(), Heard::Removed));
    let visit = format!("Device {}", device.visit());
    assert_eq!(
        hear(&portal, &visit).unwrap_err(),
        401,
        "it was never registered"
    );
}

#[test]
fn who_is_not_the_device_hears_nothing() {
    let (portal, _, device) = with_device(&[]);
    let foreign = Device {
        key: Device::scans("x/device#a.b.YQ").key,
        person: device.person.clone(),
        registration: device.registration.clone(),
        token: String::new(),
        audience: device.audience.clone(),
    };
    let elsewhere = |audience: &str| {
        let (person, registration) = (&device.person, &device.registration);
        device.key.visit(person, registration, audience, now())
    };
    let (seconds, good) = (now().unix_seconds(), device.visit().to_string());
    let at = |seconds| device.visit_at(mfa_policy::Timestamp::from_unix_seconds(seconds));
    for bad in [
        format!("Device {}", foreign.visit()),
        format!("Device {}", elsewhere("https://evil.example")),
        format!("Device {}", elsewhere("")),
        format!("Device {}", at(seconds - 90)),
        format!("Device {}", at(seconds + 90)),
        format!("Device {good}A"),
        format!("Device {}", good.replace('.', "")),
        format!("Bearer {good}"),
        format!("Device{good}"),
        good,
        "Device".to_owned(),
        "Device ".to_owned(),
        String::new(),
    ] {
        assert_eq!(hear(&portal, &bad).unwrap_err(), 401, "{bad}");
    }
    let answer = send(
        portal.at,
        b"GET /device/requests HTTP/1.1\r\nhost: x\r\n\r\n",
    );
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), Some("Device"));
    assert!(hear(&portal, &format!("device {}", device.visit())).is_ok());
}

#[test]
fn a_device_that_is_removed_is_told_and_hears_nothing_more() {
    let (portal, mut browser, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    let path = format!("/security-info/methods/{}/remove", device.registration);
    assert_eq!(browser.post(&path, &[]).status, 303);
    assert!(matches!(hearing.next(), Heard::Removed));
    assert!(matches!(hearing.next(), Heard::End));
    let visit = format!("Device {}", device.visit());
    assert_eq!(hear(&portal, &visit).unwrap_err(), 410);
}

#[test]
fn what_the_device_has_not_signed_is_refused_alike_and_counted() {
    let metrics = free_address();
    let settings = [("PORTAL_METRICS_LISTEN", metrics.to_string())];
    let settings = settings
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let (portal, _, device) = with_device(&settings);
    let mut hearing = device.listens(&portal);
    let (mut browser, page) = asks(&portal);
    let (request, yes) = (hearing.request(), approved(&page));
    let foreign = Device::scans("x/device#a.b.YQ").key;
    // Another origin was shown on the way.
    let altered = request.as_str().replace("127.0.0.1", "192.0.2.77");
    let altered: PushRequest = altered.parse().unwrap();
    let signed = serde_json::to_value(device.key.answer(&request, Decision::Denied)).unwrap();
    let mut turned = signed.clone();
    turned["decision"] = serde_json::to_value(yes).unwrap();
    let mut moved = signed;
    moved["request"] = json!(altered.as_str());
    let sends = |answer: serde_json::Value| {
        let body = json!({ "person": device.person, "answer": answer });
        post(&portal, "/device/answers", &body)
    };
    let is_refused = |answer: Answer| {
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (422, r#"{"error":"refused"}"#)
        );
    };
    is_refused(device.sends(&portal, &foreign.answer(&request, yes)));
    is_refused(sends(turned));
    is_refused(sends(moved));
    is_refused(device.sends(&portal, &device.key.answer(&altered, yes)));
    // To the account of somebody else, and of nobody.
    for person in ["demonstration-grace", "nobody"] {
        let body = json!({ "person": person, "answer": device.key.answer(&request, yes) });
        is_refused(post(&portal, "/device/answers", &body));
    }
    assert!(
        !is_over(&mut browser, "/verify/approved"),
        "none of it was heard"
    );
    assert_eq!(device.answers(&portal, &request, yes), 204);
    is_refused(device.sends(&portal, &device.key.answer(&request, yes)));
    assert_eq!(
        browser.post("/verify/approved", &[]).location(),
        "/security-info"
    );
    is_refused(device.sends(&portal, &device.key.answer(&request, yes)));
    // Signed by the right device with the right number, a minute after it was over.
    let (late, number) = accounts::asked_before(&portal, "ada", 6 * 60);
    assert!(late.until() < now());
    let yes = Decision::Approved {
        number,
        user_verified: false,
    };
    is_refused(device.sends(&portal, &device.key.answer(&late, yes)));

    let counted = |result: &str| {
        let text = send(metrics, b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").body;
        let line = text.lines().find(|line| {
            line.starts_with("portal_events_total{what=\"answered\"")
                && line.contains(&format!("result=\"{result}\""))
        });
        line.and_then(|line| line.rsplit_once(' ')?.1.parse().ok())
            .unwrap_or(0)
    };
    for (result, times) in [("not_signed", 3), ("replayed", 2), ("expired", 1)] {
        until(|| counted(result) >= times);
    }
}

#[test]
fn what_is_no_message_of_a_device_is_refused_and_harms_nothing() {
    let portal = Portal::start(&[]);
    for path in ["/device/pair", "/device/answers"] {
        for body in [
            &b""[..],
            b"{",
            b"{}",
            b"[]",
            b"null",
            b"\"x\"",
            b"\xff\xfe",
            b"{\"person\":\"a\0\"}",
            br#"{"person":"a\u0000","answer":{"request":"","decision":"denied","signature":""}}"#,
            br#"{"person":"ada","answer":{"request":"{}","decision":"denied","signature":"AA"}}"#,
            br#"{"registration":"a","token":7,"person":"a","key":"x"}"#,
        ] {
            let answer = post_to(portal.at, path, body);
            assert_eq!(answer.status, 400, "{path} {body:?}");
        }
        let long = vec![b' '; 16 * 1024 + 1];
        assert_eq!(post_to(portal.at, path, &long).status, 413);
        let deep = "[".repeat(16 * 1024);
        assert_eq!(post_to(portal.at, path, deep.as_bytes()).status, 400);
        let get = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        assert_eq!(send(portal.at, get.as_bytes()).status, 405);
    }
    let long = format!("Device {}", "A".repeat(20_000));
    assert_eq!(hear(&portal, &long).unwrap_err(), 401);
    let log = portal.log();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
}

#[test]
fn nothing_of_a_device_is_in_the_log_at_its_most_verbose() {
    let (portal, _, device) = with_device(&[("RUST_LOG", "trace")]);
    let mut hearing = device.listens(&portal);
    let (_, page) = asks(&portal);
    let request = hearing.request();
    let (visit, yes) = (
        device.visit().to_string(),
        device.key.answer(&request, approved(&page)),
    );
    assert!(hear(&portal, &format!("Device {visit}")).is_ok());
    assert_eq!(device.sends(&portal, &yes).status, 204);
    hearing.is_over(&request);
    portal.terminate();
    assert!(matches!(hearing.next(), Heard::End));
    let (_, folder) = portal.ended();
    let log = std::fs::read_to_string(folder.0.join("log")).unwrap();
    assert!(log.contains("/device/answers"), "{log}");
    let yes = serde_json::to_value(yes).unwrap();
    let secrets = [
        visit.as_str(),
        device.token.as_str(),
        yes["signature"].as_str().unwrap(),
        device.registration.as_str(),
        "demonstration-ada",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret}\n{log}");
    }
}

#[test]
fn who_asks_too_often_has_to_wait() {
    let portal = Portal::start(&[
        ("PORTAL_FORMS_PER_MINUTE", "3"),
        ("PORTAL_SIGN_INS_PER_MINUTE", "2"),
    ]);
    let asked = |times, ask: &dyn Fn() -> u16| -> Vec<u16> { (0..times).map(|_| ask()).collect() };
    let pair = || post(&portal, "/device/pair", &json!({})).status;
    assert_eq!(asked(3, &pair), [400, 400, 429]);
    let listen = || hear(&portal, "Device x").unwrap_err();
    assert_eq!(asked(4, &listen), [401, 401, 401, 429]);
    let answer = post(&portal, "/device/answers", &json!({}));
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(
        answer.status == 429 && (1..=60).contains(&seconds),
        "{answer:?}"
    );
}

#[test]
fn hearings_end_when_the_portal_ends() {
    let (portal, _, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    // One that never reads.
    let silent = connect(portal.at);
    let begun = Instant::now();
    portal.terminate();
    assert!(matches!(hearing.next(), Heard::End));
    drop(silent);
    let (status, _) = portal.ended();
    assert!(status.success());
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn without_a_password_the_device_has_to_know_its_user() {
    let (portal, mut browser, device) = with_device(&[]);
    let mut hearing = device.listens(&portal);
    let on = [
        ("method", "phone_sign_in"),
        ("on", device.registration.as_str()),
    ];
    begins_to_add(&mut browser, &on);
    let page = browser.get("/security-info/add/test");
    let request = hearing.request();
    assert!(request.needs_gesture());
    // It knows its user, as it has to for every request of this registration.
    let with_gesture = |page: &Answer| match approved(page) {
        Decision::Approved { number, .. } => Decision::Approved {
            number,
            user_verified: true,
        },
        other => other,
    };
    assert_eq!(device.answers(&portal, &request, with_gesture(&page)), 204);
    hearing.is_over(&request);
    assert_eq!(browser.post("/security-info/add/test", &[]).status, 303);

    let mut elsewhere = Browser::of(&portal);
    let begun = elsewhere.post("/sign-in/phone", &[("name", "ada")]);
    assert_eq!(begun.location(), "/verify");
    let page = elsewhere.get("/verify");
    let request = hearing.request();
    assert_eq!(
        request.purpose().map(|purpose| purpose.as_str()),
        Some("first_factor")
    );
    assert_eq!(
        device.answers(&portal, &request, approved(&page)),
        422,
        "without the gesture"
    );
    assert_eq!(device.answers(&portal, &request, with_gesture(&page)), 204);
    assert_eq!(elsewhere.post("/verify/approved", &[]).status, 303);
    assert_ne!(
        elsewhere.get("/security-info").location(),
        "/sign-in",
        "known"
    );
}

#[test]
fn a_request_made_at_one_portal_reaches_a_device_at_another() {
    let Some(database) = Database::make("devices") else {
        return;
    };
    // Both are one address to the public, as behind a proxy.
    let folder = Folder::new();
    let one = Portal::start(&database.settings());
    accounts::give_authenticator_in(&database.url, &database.keys, "ada");
    let public = [
        ("PORTAL_PUBLIC_URL", one.origin.as_str()),
        ("PORTAL_DEMONSTRATION", "true"),
    ];
    let listen = free_address().to_string();
    let settings = [
        &database.settings()[..],
        &public,
        &[("PORTAL_LISTEN", &listen)],
    ]
    .concat();
    let mut two = Portal::start_in(folder, &settings);
    two.at = listen.parse().unwrap();

    let mut browser = ada(&one);
    let device = adds_device(&one, &mut browser);
    let mut hearing: Hearing = device.listens(&two);
    let (mut asking, page) = asks(&one);
    let request = hearing.request();
    assert_eq!(device.answers(&two, &request, approved(&page)), 204);
    hearing.is_over(&request);
    until(|| is_over(&mut asking, "/verify/approved"));
    assert_eq!(
        asking.post("/verify/approved", &[]).location(),
        "/security-info"
    );

    // What is removed at the one is told by the other.
    let path = format!("/security-info/methods/{}/remove", device.registration);
    assert_eq!(browser.post(&path, &[]).status, 303);
    assert!(matches!(hearing.next(), Heard::Removed));
    assert!(!two.log().contains("ERROR"), "{}", two.log());
}

fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
