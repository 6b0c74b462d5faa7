//! The program from its start to its end: what it refuses to run, that nothing of a visitor is in its log, that it is
//! watched, and that it ends in order.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::browser::{Browser, connect, read_answer, send};
use crate::common::{Folder, Portal, accounts, refusal, until};

/// Signs somebody in with a password and a code.
fn sign_in(portal: &Portal, name: &str) -> Browser {
    accounts::give_authenticator(portal, name);
    let mut browser = Browser::of(portal);
    let password = portal.password(name);
    let answer = browser.post("/sign-in", &[("name", name), ("password", password)]);
    assert_eq!((answer.status, answer.location()), (303, "/verify"));
    assert_eq!(browser.get("/verify").status, 200);
    let answer = browser.post("/verify/answer", &[("code", &accounts::code())]);
    assert_eq!((answer.status, answer.location()), (303, "/security-info"));
    assert_eq!(browser.get("/security-info").status, 200);
    browser
}

#[test]
fn nothing_of_a_visitor_is_in_the_log_at_its_most_verbose() {
    for json in ["false", "true"] {
        let portal = Portal::start(&[("RUST_LOG", "trace"), ("PORTAL_LOG_JSON", json)]);
        let mut markers = vec![portal.password("ada").to_owned(), accounts::code()];
        let browser = sign_in(&portal, "ada");
        markers.extend(browser.cookies.values().cloned());
        assert!(markers.len() > 2, "no cookie was set");
        markers.push(accounts::code());

        let mut stranger = Browser::of(&portal);
        stranger
            .cookies
            .insert("__Host-session".to_owned(), "cookie-marker".to_owned());
        for (path, form) in [
            (
                "/sign-in",
                [("name", "name-marker"), ("password", "password-marker")],
            ),
            ("/verify/answer", [("code", "code-marker"), ("x", "")]),
            (
                "/path-marker?x=query-marker",
                [("x", "form-marker"), ("y", "")],
            ),
        ] {
            assert!(stranger.post(path, &form).status < 500);
        }
        let request = "METHODMARKER /sign-in?query-marker HTTP/1.1\r\nhost: host-marker\r\n\
            authorization: Basic header-marker\r\nx-forwarded-for: header-marker\r\nx-request-id: header-marker\r\n\
            user-agent: header-marker\r\nreferer: http://header-marker\r\n\r\n";
        assert!(send(portal.at, request.as_bytes()).status < 500);
        portal.terminate();
        let (status, folder) = portal.ended();
        assert!(status.success());

        let log = fs::read_to_string(folder.0.join("log")).unwrap();
        assert!(
            log.contains("/verify/answer"),
            "requests are not in the log:\n{log}"
        );
        let lines = log.lines().filter(|line| line.contains("answered"));
        assert!(lines.count() >= 8, "{log}");
        markers.push("marker".to_owned());
        for marker in markers {
            // The line itself may hold a secret.
            let found = log.to_lowercase().contains(&marker.to_lowercase());
            assert!(
                !found,
                "a secret or a word of a visitor is in the log: {marker}\n{log}"
            );
        }
    }
}

#[test]
fn what_is_unsafe_does_not_start_and_says_why() {
    let said = refusal(&[("PORTAL_PUBLIC_URL", "http://id.example.com")]);
    assert!(said.contains("https://"), "{said}");
    let said = refusal(&[(
        "DATABASE_URL",
        "postgres://nobody:database-marker@localhost:1/none",
    )]);
    assert!(
        said.contains("--make-keys") && !said.contains("marker"),
        "{said}"
    );

    let portal = Portal::start(&[]);
    portal.terminate();
    let (_, folder) = portal.ended();
    let keys = folder.0.join("portal.keys");
    let mode = fs::metadata(&keys).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644)).unwrap();
    let said = refusal(&[("PORTAL_DATA", folder.0.to_str().unwrap())]);
    assert!(said.contains("chmod"), "{said}");
}

#[test]
fn a_password_that_was_changed_is_not_printed_at_the_next_start() {
    let portal = Portal::start(&[]);
    let first = portal.password("grace").to_owned();
    portal.terminate();
    let (status, folder) = portal.ended();
    assert!(status.success());
    accounts::run(async {
        let url = format!("sqlite://{}", folder.0.join("portal.db").display());
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let swapped = sqlx::query(
            "UPDATE portal_person SET password = (SELECT password FROM portal_person WHERE name = 'grace') WHERE name = 'ada'",
        );
        assert_eq!(swapped.execute(&pool).await.unwrap().rows_affected(), 1);
        pool.close().await;
    });
    let portal = Portal::start_in(folder, &[]);
    assert_eq!(portal.password("grace"), first);
    assert!(!portal.said_password("ada"));
}

#[test]
fn a_real_portal_has_nobody_but_the_administrator_who_was_added() {
    let real = [
        ("PORTAL_PUBLIC_URL", "https://id.example.com"),
        ("PORTAL_BEHIND_PROXY", "true"),
        ("PORTAL_SMTP_URL", "smtp://localhost:1"),
        ("PORTAL_MAIL_FROM", "security@example.com"),
    ];
    let folder = Folder::new();
    let added = std::process::Command::new(env!("CARGO_BIN_EXE_portal"))
        .env_clear()
        .args(["--add-administrator", "Ada@example.com", "--data"])
        .arg(&folder.0)
        .output()
        .unwrap();
    assert!(added.status.success(), "{added:?}");
    let said = String::from_utf8(added.stdout).unwrap();
    let password = said.split_whitespace().next_back().unwrap();
    // It says the address that browsers see, not where it listens.
    let at = free_address();
    let listen = at.to_string();
    let mut settings = real.to_vec();
    settings.push(("PORTAL_LISTEN", &listen));
    let mut portal = Portal::start_in(folder, &settings);
    assert_eq!(portal.origin, "https://id.example.com");
    portal.at = at;
    let mut browser = Browser::of(&portal);
    let page = browser.get("/sign-in");
    assert_eq!(
        page.header("strict-transport-security"),
        Some("max-age=31536000")
    );
    assert_eq!(
        browser.get("/outbox").status,
        404,
        "only a demonstration has one"
    );
    let answer = browser.post(
        "/sign-in",
        &[("name", "ada@EXAMPLE.com"), ("password", password)],
    );
    assert_eq!((answer.status, answer.location()), (303, "/register"));
    let answer = Browser::of(&portal).post("/sign-in", &[("name", "ada"), ("password", password)]);
    assert_eq!(answer.status, 422);
}

/// An address that nobody listens on.
fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[test]
fn what_was_asked_is_answered_before_the_portal_ends() {
    let portal = Portal::start(&[]);
    let mut waiting = connect(portal.at);
    let body = "name=ada&password=x";
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nhost: x\r\norigin: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        portal.origin,
        body.len()
    );
    waiting.write_all(head.as_bytes()).unwrap();
    // The portal has read the head, and waits for the form, when it says so.
    let mut lines = BufReader::new(waiting.try_clone().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "HTTP/1.1 100 Continue");
    portal.terminate();
    until(|| portal.log().contains("stopping"));
    waiting.write_all(body.as_bytes()).unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "");
    assert_eq!(
        lines.next().unwrap().unwrap(),
        "HTTP/1.1 422 Unprocessable Entity"
    );
    let (status, _folder) = portal.ended();
    assert!(status.success(), "{status}");
}

#[test]
fn who_watches_sees_health_and_numbers_without_names_and_the_public_sees_no_numbers() {
    let metrics_at = free_address();
    let portal = Portal::start(&[("PORTAL_METRICS_LISTEN", &metrics_at.to_string())]);
    let get = |at: SocketAddr, path: &str| {
        let mut connection = connect(at);
        connection
            .write_all(
                format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
            )
            .unwrap();
        read_answer(&mut connection).unwrap()
    };
    for at in [portal.at, metrics_at] {
        let health = get(at, "/healthz");
        assert_eq!((health.status, health.body.as_str()), (200, "ok\n"));
    }
    assert_eq!(get(portal.at, "/metrics").status, 404);
    sign_in(&portal, "ada");
    assert_eq!(Browser::of(&portal).get("/name-marker").status, 404);
    // The audit log is told within a second or so.
    let accepted =
        "portal_events_total{what=\"answered\",purpose=\"two_step\",result=\"accepted\"} 1";
    let mut text = String::new();
    until(|| {
        text = get(metrics_at, "/metrics").body;
        text.contains(accepted)
    });
    for line in [
        "portal_requests_total{method=\"POST\",path=\"/sign-in\",status=\"303\"} 1",
        "portal_requests_total{method=\"GET\",path=\"none\",status=\"404\"} 2",
        "portal_outbox_given_up 0",
        "portal_passwords_waiting 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|there| there == line), "{line}\n{text}");
    }
    assert!(!text.contains("marker") && !text.contains("ada"), "{text}");
    let memory = text
        .lines()
        .find_map(|line| line.strip_prefix("portal_memory_bytes "));
    let memory: u64 = memory.unwrap().parse().unwrap();
    assert!(
        memory > 1_000_000 || cfg!(not(target_os = "linux")),
        "{memory}"
    );
}
