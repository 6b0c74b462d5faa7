//! What nobody should send: each gets a clear page or status, never a failure of ours, nothing of it is in the log, and the
//! portal goes on.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::thread;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::common::browser::{Answer, Browser, connect, encode, half_close, read_answer, send};
use crate::common::{Portal, accounts};
use crate::postgres::Database;

/// What stands in everything bad that is sent.
const MARKER: &str = "marker";

/// The log has nothing of what was sent, and the portal goes on.
fn is_unharmed(portal: &Portal) {
    let log = portal.log();
    assert!(!log.to_lowercase().contains(MARKER), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    assert_eq!(Browser::of(portal).get("/sign-in").status, 200);
}

/// A page that says what is wrong, with that heading.
fn is_page(answer: &Answer, status: u16, heading: &str) {
    assert_eq!(
        (answer.status, answer.heading()),
        (status, heading),
        "{answer:?}"
    );
    assert!(answer.header("content-security-policy").is_some());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(
        !answer.body.to_lowercase().contains(MARKER),
        "{}",
        answer.body
    );
}

/// The head of a request to sign in from our own page, with that line in it.
fn head(portal: &Portal, line: &str) -> String {
    format!(
        "POST /sign-in HTTP/1.1\r\nhost: portal\r\norigin: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n{line}\r\n",
        portal.origin
    )
}

#[test]
fn a_form_that_is_too_large_is_refused_whether_or_not_it_says_so() {
    let portal = Portal::start(&[]);
    let mut browser = Browser::of(&portal);
    let largest = 64 * 1024;
    let form = format!("name={MARKER}&password={}", "x".repeat(largest));
    let exact = &form[..largest];
    assert_eq!(browser.post_body("/sign-in", exact.as_bytes()).status, 422);
    let longer = &form[..=largest];
    is_page(
        &browser.post_body("/sign-in", longer.as_bytes()),
        413,
        "Too large",
    );

    let chunked = format!(
        "{}{:x}\r\n{longer}\r\n0\r\n\r\n",
        head(&portal, "transfer-encoding: chunked\r\n"),
        longer.len()
    );
    is_page(&send(portal.at, chunked.as_bytes()), 413, "Too large");
    // It is refused before it is sent.
    let announced = head(&portal, "content-length: 99999999999\r\n");
    is_page(&send(portal.at, announced.as_bytes()), 413, "Too large");
    is_unharmed(&portal);
}

#[test]
fn headers_that_are_too_long_or_too_many_are_refused() {
    let portal = Portal::start(&[]);
    let long = format!(
        "GET /sign-in HTTP/1.1\r\nhost: x\r\ncookie: {MARKER}={}\r\n\r\n",
        "x".repeat(100_000)
    );
    let many: String = (0..5_000)
        .map(|number| format!("{MARKER}-{number}: x\r\n"))
        .collect();
    let many = format!("GET /sign-in HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    let path = format!(
        "GET /{MARKER}{} HTTP/1.1\r\nhost: x\r\n\r\n",
        "x".repeat(100_000)
    );
    for request in [long, many, path] {
        let mut connection = connect(portal.at);
        let _ = connection.write_all(request.as_bytes());
        // It may be closed before all was sent, and then nothing is read.
        if let Some(answer) = read_answer(&mut connection) {
            assert!([414, 431].contains(&answer.status), "{answer:?}");
        }
        is_unharmed(&portal);
    }
}

#[test]
fn forms_that_cannot_be_read_are_not_understood() {
    let portal = Portal::start(&[]);
    let mut browser = Browser::of(&portal);
    let fields = [
        "",
        "name=marker",
        "name=marker&password=a&password=b",
        "%",
        "=&=&=",
        "marker",
    ];
    for form in fields {
        is_page(
            &browser.post_body("/sign-in", form.as_bytes()),
            400,
            "Not understood",
        );
    }
    for nul in ["name=marker%00&password=x", "name=marker\0&password=x"] {
        is_page(
            &browser.post_body("/sign-in", nul.as_bytes()),
            400,
            "Not understood",
        );
    }
    // What is no UTF-8 is no name that anybody has.
    for odd in [
        &b"name=marker%ff%fe&password=x"[..],
        b"name=marker%zz&password=%",
        b"name=marker\xff&password=\xc0\x80",
    ] {
        assert!(
            [400, 422].contains(&browser.post_body("/sign-in", odd).status),
            "{odd:?}"
        );
    }
    for kind in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "\u{7f}",
    ] {
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nhost: x\r\norigin: {}\r\ncontent-type: {kind}\r\ncontent-length: 2\r\n\r\n{{}}",
            portal.origin
        );
        assert_eq!(send(portal.at, request.as_bytes()).status, 400, "{kind}");
    }
    is_unharmed(&portal);
}

#[test]
fn cookies_that_are_not_ours_are_nobodys() {
    let portal = Portal::start(&[]);
    let own = {
        let mut browser = Browser::of(&portal);
        let password = portal.password("ada");
        browser.post("/sign-in", &[("name", "ada"), ("password", password)]);
        browser.cookies["__Host-session"].clone()
    };
    let get = |cookie: &[u8]| {
        let request = [
            b"GET /security-info HTTP/1.1\r\nhost: x\r\ncookie: ",
            cookie,
            b"\r\n\r\n",
        ]
        .concat();
        let answer = send(portal.at, &request);
        (answer.status, answer.location().to_owned())
    };
    let mine = get(format!("__Host-session={own}").as_bytes());
    assert_eq!(mine, (303, "/register".to_owned()), "the cookie is good");
    for cookie in [
        "marker".to_owned(),
        "__Host-session=marker".to_owned(),
        "__Host-session=".to_owned(),
        format!("__Host-session={own}; __Host-session={own}"),
        format!("__Host-session=marker; __Host-session={own}"),
        format!("__Host-session={own}; __Host-session=marker"),
        format!("__Host-Session={own}"),
        format!("session={own}"),
        format!("__Host-session={own}x"),
        format!("__Host-session={}", own.to_lowercase()),
        format!("__Host-session={}", "marker".repeat(1_000)),
        "__Host-session=%00".to_owned(),
        ";;;=;=".to_owned(),
    ] {
        let (status, place) = get(cookie.as_bytes());
        assert_eq!((status, place.as_str()), (303, "/sign-in"), "{cookie}");
    }
    assert_eq!(get(b"__Host-session=\xff\xfe").0, 303);
    is_unharmed(&portal);
}

#[test]
fn forms_from_elsewhere_are_not_accepted_on_any_path() {
    let portal = Portal::start(&[]);
    let own = format!("origin: {}\r\n", portal.origin);
    for path in paths().iter().filter(|path| {
        let of_programs = ["/gateway", "/legacy", "/device/"];
        !of_programs.iter().any(|program| path.starts_with(program))
    }) {
        let path = path.replace(['{', '}'], "x");
        for from in [
            String::new(),
            "origin: https://marker.example\r\n".to_owned(),
            "origin: null\r\n".to_owned(),
            format!("{own}sec-fetch-site: cross-site\r\n"),
            format!("{own}sec-fetch-site: same-site\r\n"),
            format!("{own}{own}"),
        ] {
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\n{from}content-type: application/x-www-form-urlencoded\r\n\
                 content-length: 0\r\n\r\n"
            );
            is_page(&send(portal.at, request.as_bytes()), 403, "Not accepted");
        }
    }
    is_unharmed(&portal);
}

#[test]
fn methods_that_a_page_does_not_take_and_paths_that_are_not_there_get_a_page() {
    let portal = Portal::start(&[]);
    let own = |line: &str| {
        let request = format!(
            "{line} HTTP/1.1\r\nhost: x\r\norigin: {}\r\nconnection: close\r\n\r\n",
            portal.origin
        );
        send(portal.at, request.as_bytes())
    };
    for method in ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "MARKER"] {
        let answer = own(&format!("{method} /sign-in"));
        is_page(&answer, 405, "Not possible");
        assert_eq!(answer.header("allow"), Some("GET,HEAD,POST"));
    }
    for path in [
        "/marker",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/assets/..%2fmarker",
        "/assets/..\\marker",
        "/../../../../etc/passwd",
        "//marker.example/sign-in",
        "/sign-in/",
        "/SIGN-IN",
        "/%73ign-in",
        "/sign-in;marker",
        "http://marker.example/marker",
    ] {
        is_page(&own(&format!("GET {path}")), 404, "Page not found");
    }
    is_page(&own("GET /marker%00"), 400, "Not understood");
    is_page(&own("GET /sign-in?x=%00marker"), 400, "Not understood");
    for odd in [
        "OPTIONS *",
        "GET *",
        "CONNECT marker.example:443",
        "GET /%",
        "GET /%zz",
        "GET /sign-in?%ff%",
        "GET /security-info/%ff",
    ] {
        let answer = own(odd);
        assert!(
            (300..500).contains(&answer.status) || answer.status == 200,
            "{odd}: {answer:?}"
        );
    }
    let head = own("HEAD /sign-in");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    is_unharmed(&portal);
}

#[test]
fn what_is_no_request_is_refused() {
    let portal = Portal::start(&[]);
    let own = format!("origin: {}", portal.origin);
    for request in [
        "\r\n\r\n\r\nmarker\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / marker HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\0marker\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nmarker\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost: mar\0ker\r\n\r\n".to_owned(),
        // Two lengths: what one reader takes for a form, another takes for a request.
        format!(
            "POST /sign-in HTTP/1.1\r\n{own}\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"
        ),
        format!("POST /sign-in HTTP/1.1\r\n{own}\r\ncontent-length: -1\r\n\r\n"),
        format!("POST /sign-in HTTP/1.1\r\n{own}\r\ncontent-length: +5\r\n\r\nxxxxx"),
        format!("POST /sign-in HTTP/1.1\r\n{own}\r\ntransfer-encoding: marker\r\n\r\n"),
        format!(
            "POST /sign-in HTTP/1.1\r\n{own}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\nmarker\r\n"
        ),
    ] {
        let mut connection = connect(portal.at);
        connection.write_all(request.as_bytes()).unwrap();
        half_close(&connection);
        if let Some(answer) = read_answer(&mut connection) {
            assert!(
                (400..500).contains(&answer.status),
                "{request:?}: {answer:?}"
            );
        }
    }
    is_unharmed(&portal);
}

#[test]
fn who_is_slow_is_sent_away_and_disturbs_nobody() {
    let portal = Portal::start(&[]);
    let mut waiting = Vec::new();
    let head = head(&portal, "content-length: 100\r\n");
    let never_ending = [
        // Nothing at all; headers that never end; a second request that never comes; a form that never comes.
        (String::new(), None),
        (
            "GET /sign-in HTTP/1.1\r\nhost: marker\r\nx".to_owned(),
            None,
        ),
        (
            "GET /assets/portal.css HTTP/1.1\r\nhost: x\r\n\r\nGET /marker".to_owned(),
            Some(200),
        ),
        (format!("{head}name=marker"), Some(408)),
    ];
    for (begun, expected) in never_ending {
        let mut connection = connect(portal.at);
        connection.write_all(begun.as_bytes()).unwrap();
        waiting.push(thread::spawn(move || {
            if let Some(status) = expected {
                let answer = read_answer(&mut connection).unwrap();
                assert_eq!(answer.status, status);
                if status == 408 {
                    is_page(&answer, 408, "Took too long");
                    return;
                }
            }
            let rest = read_answer(&mut connection);
            assert!(
                rest.is_none_or(|answer| answer.status == 408),
                "it is closed"
            );
        }));
    }
    // A crowd of them, and everybody else is served.
    let crowd: Vec<_> = (0..200).map(|_| connect(portal.at)).collect();
    assert_eq!(Browser::of(&portal).get("/sign-in").status, 200);
    drop(crowd);
    for slow in waiting {
        slow.join().unwrap();
    }
    is_unharmed(&portal);
}

#[test]
fn who_hangs_up_half_way_leaves_nothing_behind() {
    let portal = Portal::start(&[]);
    let whole = format!(
        "{}name=ada&password=marker",
        head(&portal, "content-length: 24\r\n")
    );
    for length in (0..whole.len()).step_by(7) {
        let mut connection = connect(portal.at);
        connection.write_all(&whole.as_bytes()[..length]).unwrap();
        half_close(&connection);
        if let Some(answer) = read_answer(&mut connection) {
            assert!((400..500).contains(&answer.status), "{length}: {answer:?}");
        }
        let mut gone = connect(portal.at);
        gone.write_all(&whole.as_bytes()[..length]).unwrap();
    }
    is_unharmed(&portal);
}

#[test]
fn a_crowd_at_the_door_is_let_in_as_far_as_there_is_room_and_nobody_waits_for_ever() {
    let portal = Portal::start(&[]);
    let crowd: Vec<_> = (0..300)
        .map(|number| {
            let mut connection = connect(portal.at);
            let body = format!("name=marker-{number}&password=x");
            let length = format!("content-length: {}\r\n", body.len());
            let request = format!("{}{body}", head(&portal, &length));
            connection.write_all(request.as_bytes()).unwrap();
            connection
        })
        .collect();
    let mut statuses = crowd
        .into_iter()
        .map(|mut connection| read_answer(&mut connection).unwrap().status);
    let (mut answered, mut refused) = (0, 0);
    for status in &mut statuses {
        match status {
            422 => answered += 1,
            503 => refused += 1,
            other => panic!("{other}"),
        }
    }
    assert!(answered >= 100 && refused > 0, "{answered} and {refused}");
    is_unharmed(&portal);
}

#[test]
fn too_many_forms_from_one_address_have_to_wait() {
    let three = ("PORTAL_SIGN_INS_PER_MINUTE", "3");
    let portal = Portal::start(&[three]);
    let form = [("name", "marker"), ("password", "x")];
    let sign_in = |told: &str| {
        let body = "name=marker&password=x";
        let length = format!(
            "content-length: {}\r\nx-forwarded-for: {told}\r\n",
            body.len()
        );
        send(
            portal.at,
            format!("{}{body}", head(&portal, &length)).as_bytes(),
        )
    };
    let statuses: Vec<u16> = (0..3).map(|_| sign_in("192.0.2.1").status).collect();
    assert_eq!(statuses, [422, 422, 422]);
    // Whatever a visitor says of himself.
    let answer = sign_in("192.0.2.2");
    is_page(&answer, 429, "Too many attempts");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(Browser::of(&portal).post("/reset", &form).status, 429);
    assert_eq!(
        Browser::of(&portal).get("/sign-in").status,
        200,
        "pages can be read"
    );
    is_unharmed(&portal);

    let behind = Portal::start(&[
        three,
        ("PORTAL_BEHIND_PROXY", "true"),
        ("PORTAL_DEMONSTRATION", "true"),
    ]);
    let sign_in = |told: &str| {
        let line = format!("content-length: 22\r\nx-forwarded-for: {told}\r\n");
        let body = "name=marker&password=x";
        send(
            behind.at,
            format!("{}{body}", head(&behind, &line)).as_bytes(),
        )
        .status
    };
    for _ in 0..3 {
        assert_eq!(sign_in("192.0.2.1"), 422);
    }
    assert_eq!(sign_in("192.0.2.1"), 429);
    assert_eq!(
        sign_in("192.0.2.9, 192.0.2.1"),
        429,
        "the proxy says who it is"
    );
    assert_eq!(sign_in("192.0.2.1, 192.0.2.9"), 422);
    is_unharmed(&behind);
}

#[test]
fn random_forms_never_make_any_page_fail() {
    let portal = Portal::start(&[]);
    try_random_forms(&portal, |name| accounts::give_authenticator(&portal, name));
}

#[test]
fn random_forms_never_make_any_page_fail_on_postgresql() {
    let Some(database) = Database::make("random_forms") else {
        return;
    };
    let portal = Portal::start(&database.settings());
    try_random_forms(&portal, |name| {
        accounts::give_authenticator_in(&database.url, &database.keys, name);
    });
}

/// As a stranger, as Ada and as the administrator Grace.
fn try_random_forms(portal: &Portal, give_authenticator: impl Fn(&str)) {
    let mut visitors = vec![Browser::of(portal)];
    for name in ["ada", "grace"] {
        give_authenticator(name);
        let mut browser = Browser::of(portal);
        browser.post(
            "/sign-in",
            &[("name", name), ("password", portal.password(name))],
        );
        browser.get("/verify");
        browser.post("/verify/answer", &[("code", &accounts::code())]);
        assert_eq!(browser.get("/security-info").status, 200, "{name} is in");
        visitors.push(browser);
    }
    // A session that ends would be that of a stranger.
    let paths: Vec<String> = paths()
        .into_iter()
        .filter(|path| !path.contains("sign-out"))
        .collect();
    let names: Vec<String> = field_names().into_iter().collect();
    let value = prop_oneof![
        4 => "\\PC{0,20}",
        2 => "[0-9]{1,8}",
        1 => ".{0,300}",
        1 => Just("demonstration-ada".to_owned()),
        1 => Just("AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        1 => Just("-1".to_owned()),
        1 => Just("99999999999999999999".to_owned()),
        1 => Just("+31612345678".to_owned()),
        1 => Just("ada@example.com".to_owned()),
    ];
    let field = (prop::sample::select(names), value.clone());
    let case = (
        0..visitors.len(),
        prop::sample::select(paths),
        any::<bool>(),
        value,
        prop::collection::vec(field, 0..8),
    );
    let config = Config {
        cases: 1_500,
        failure_persistence: None,
        ..Config::default()
    };
    let tried = TestRunner::new(config).run(&case, |(visitor, path, is_post, inserted, form)| {
        let mut browser = visitors[visitor].clone();
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let path = with_inserted(&path, &inserted);
        let answer = if is_post {
            browser.post(&path, &form)
        } else {
            let query: Vec<String> = form
                .iter()
                .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
                .collect();
            browser.get(&format!("{path}?{}", query.join("&")))
        };
        prop_assert!(answer.status < 500, "{path}: {answer:?}");
        Ok(())
    });
    let log = portal.log();
    tried.unwrap_or_else(|failed| panic!("{failed}\n{log}"));
    assert!(!log.contains("panicked"), "{log}");
}

/// A path with that in the place of its variables.
fn with_inserted(path: &str, inserted: &str) -> String {
    let mut whole = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        whole.push_str(&encode(inserted).replace('+', "%20"));
        rest = after.split_once('}').unwrap().1;
    }
    whole + rest
}

/// Every path of the website, from the lines that say where pages are.
fn paths() -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for source in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages")) {
        for route in source.split(".route(").skip(1) {
            if let Some((path, _)) = route
                .trim_start()
                .strip_prefix('"')
                .and_then(|route| route.split_once('"'))
            {
                paths.insert(path.to_owned());
            }
        }
    }
    assert!(
        paths.contains("/verify/answer") && paths.len() > 20,
        "{paths:?}"
    );
    paths
}

/// The name of every field, from the templates.
fn field_names() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["code", "name", "path", "password"]
        .map(str::to_owned)
        .into();
    for source in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")) {
        for mark in [" name=\"", "field(\"", "check(\""] {
            let fields = source
                .split(mark)
                .skip(1)
                .filter_map(|field| field.split('"').next());
            names.extend(fields.map(str::to_owned));
        }
    }
    names
}

fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(fs::read_to_string(&path).unwrap());
        }
    }
    all
}
