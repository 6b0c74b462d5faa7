//! Security info over HTTP: what is shown once, what follows from a change, and what an old mail client gets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_policy::{PolicyDraft, Preset};

use crate::common::browser::{Answer, Browser, send};
use crate::common::{Portal, accounts};

/// A portal under `security-info` after that change to it.
fn under(change: impl FnOnce(&mut PolicyDraft)) -> Portal {
    let mut draft = Preset::SecurityInfo.draft();
    change(&mut draft);
    let text = draft.validate().unwrap().draft().to_toml();
    let portal = Portal::start(&[]);
    portal.terminate();
    let (_, folder) = portal.ended();
    let database = format!("sqlite://{}", folder.0.join("portal.db").display());
    accounts::run(async {
        let database = sqlx::SqlitePool::connect(&database).await.unwrap();
        sqlx::query(
            "INSERT INTO portal_policy (version, at, author, text) VALUES (1, 0, 'test', $1)",
        )
        .bind(text)
        .execute(&database)
        .await
        .unwrap();
        database.close().await;
    });
    Portal::start_in(folder, &[])
}

/// Ada, signed in by her authenticator.
fn ada(portal: &Portal) -> Browser {
    accounts::give_authenticator(portal, "ada");
    let mut browser = Browser::of(portal);
    let form = [("name", "ada"), ("password", portal.password("ada"))];
    assert_eq!(browser.post("/sign-in", &form).location(), "/verify");
    assert_eq!(browser.get("/verify").status, 200);
    let answer = browser.post("/verify/answer", &[("code", &accounts::code())]);
    assert_eq!(answer.location(), "/security-info");
    browser
}

/// What stands between these two in a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("{before} is not in {page}"));
    rest.split_once(after).unwrap().0
}

/// The identifier of the registration that a section is about, by its link.
fn registration(page: &str, section: &str) -> String {
    let section = between(page, &format!("id=\"{section}\""), "</section>");
    between(section, "/security-info/methods/", "/").to_owned()
}

fn app_password(browser: &mut Browser, name: &str) -> String {
    let made = browser.post("/security-info/app-passwords", &[("name", name)]);
    assert_eq!((made.status, made.heading()), (200, "Your app password"));
    assert_eq!(made.header("cache-control"), Some("no-store"));
    between(&made.body, "id=\"app-password\">", "<").to_owned()
}

/// Ten codes that are shown now.
fn recovery_codes(browser: &mut Browser) -> Vec<String> {
    let made = browser.post("/security-info/recovery-codes", &[]);
    assert_eq!((made.status, made.heading()), (200, "Your recovery codes"));
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let list = between(&made.body, "id=\"recovery-codes\">", "</ol>");
    let codes = list.split("<li>").skip(1);
    let codes: Vec<_> = codes
        .map(|code| code.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    codes
}

/// Signs in by a recovery code, in another browser.
fn by_recovery_code(portal: &Portal, password: &str, set: &str, code: &str) -> Browser {
    let mut browser = Browser::of(portal);
    let form = [("name", "ada"), ("password", password)];
    assert_eq!(browser.post("/sign-in", &form).location(), "/verify");
    assert_eq!(browser.get("/verify").status, 200);
    browser.post("/verify/ask", &[("registration", set)]);
    let answer = browser.post("/verify/answer", &[("code", code)]);
    assert_eq!(answer.location(), "/security-info");
    assert_eq!(browser.get("/security-info").status, 200);
    browser
}

/// A mail client that knows a name and a password.
fn mail(portal: &Portal, name: &str, password: &str) -> Answer {
    let credentials = STANDARD.encode(format!("{name}:{password}"));
    mail_with(portal, &format!("authorization: Basic {credentials}\r\n"))
}

fn mail_with(portal: &Portal, header: &str) -> Answer {
    let request = format!("GET /legacy/mail HTTP/1.1\r\nhost: portal\r\n{header}\r\n");
    send(portal.at, request.as_bytes())
}

/// What is not let in looks the same, whatever the cause.
fn assert_denied(answer: &Answer) {
    assert_eq!(answer.status, 401, "{}", answer.body);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Basic realm="), "{challenge}");
    assert_eq!(answer.body, "An app password is needed.\n");
    assert_eq!(answer.header("set-cookie"), None);
}

#[test]
fn an_old_mail_client_gets_in_by_an_app_password_and_by_nothing_else() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let password = app_password(&mut ada, "Mail on the old tablet");

    let mailbox = mail(&portal, "ada", &password);
    assert_eq!(mailbox.status, 200);
    let kind = mailbox.header("content-type").unwrap();
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert!(mailbox.body.contains("Ada Lovelace"), "{}", mailbox.body);
    assert!(mailbox.body.contains("“Mail on the old tablet”"));
    assert_eq!(mailbox.header("set-cookie"), None);
    // As a person types it.
    let typed = password.replace('-', " ").to_uppercase();
    assert_eq!(mail(&portal, " ADA ", &typed).status, 200);

    assert_denied(&mail(&portal, "ada", portal.password("ada")));
    assert_denied(&mail(&portal, "ada", &accounts::code()));
    assert_denied(&mail(&portal, "ada", ""));
    assert_denied(&mail(&portal, "grace", &password));
    assert_denied(&mail(&portal, "nobody", &password));
    assert_denied(&mail_with(&portal, ""));
    for header in ["Basic", "Basic ", "Basic %%%", "Basic /w==", "Bearer YTpi"] {
        assert_denied(&mail_with(&portal, &format!("authorization: {header}\r\n")));
    }
    // A session opens nothing there.
    let cookie = &ada.cookies["__Host-session"];
    assert_denied(&mail_with(
        &portal,
        &format!("cookie: __Host-session={cookie}\r\n"),
    ));
}

#[test]
fn a_removed_app_password_is_over_at_once_and_the_others_stay() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let old = app_password(&mut ada, "Old");
    let page = ada.get("/security-info").body;
    let id = registration(&page, "app-passwords");
    let new = app_password(&mut ada, "New");
    assert_eq!(mail(&portal, "ada", &old).status, 200);

    let remove = format!("/security-info/methods/{id}/remove");
    let asked = ada.get(&remove);
    assert!(
        asked.body.contains("can't get in any more") || asked.body.contains("can&#39;t get in")
    );
    assert_eq!(mail(&portal, "ada", &old).status, 200, "asked only");
    assert_eq!(ada.post(&remove, &[]).location(), "/security-info");

    assert_denied(&mail(&portal, "ada", &old));
    assert_eq!(mail(&portal, "ada", &new).status, 200);
    // What is gone has no page.
    assert_eq!(ada.get(&remove).status, 404);
}

#[test]
fn recovery_codes_are_shown_once_and_new_ones_take_the_place_of_the_old() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let codes = recovery_codes(&mut ada);
    for path in [
        "/security-info",
        "/security-info/recovery-codes",
        "/activity",
    ] {
        let page = ada.get(path).body;
        assert!(codes.iter().all(|code| !page.contains(code)), "{path}");
    }
    let page = ada.get("/security-info").body;
    assert!(page.contains("10 of 10 left"), "{page}");
    let set = registration(&page, "codes");
    by_recovery_code(&portal, portal.password("ada"), &set, &codes[0]);
    let page = ada.get("/security-info/recovery-codes").body;
    assert!(page.contains("You still have 9 good codes"), "{page}");

    let made = ada.post("/security-info/recovery-codes", &[]);
    assert!(made.body.contains("Destroy them"), "{}", made.body);
    let mut elsewhere = Browser::of(&portal);
    let form = [("name", "ada"), ("password", portal.password("ada"))];
    elsewhere.post("/sign-in", &form);
    elsewhere.get("/verify");
    let set = registration(&ada.get("/security-info").body, "codes");
    elsewhere.post("/verify/ask", &[("registration", &set)]);
    let answer = elsewhere.post("/verify/answer", &[("code", &codes[1])]);
    assert_eq!(answer.location(), "/verify", "a code of the old set");
}

#[test]
fn the_last_method_stays_and_the_page_says_why_before_it_asks() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let id = registration(&ada.get("/security-info").body, "methods");
    let remove = format!("/security-info/methods/{id}/remove");

    let page = ada.get(&remove);
    assert_eq!((page.status, page.heading()), (200, "Remove"));
    assert!(page.body.contains("Add another method first."));
    assert!(!page.body.contains("Yes, remove it"));
    let refused = ada.post(&remove, &[]);
    assert_eq!((refused.status, refused.location()), (303, remove.as_str()));
    assert!(ada.get(&remove).body.contains("role=\"alert\""));
    assert_eq!(registration(&ada.get("/security-info").body, "methods"), id);
}

#[test]
fn a_name_is_changed_and_one_that_cannot_be_is_asked_for_again() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let id = registration(&ada.get("/security-info").body, "methods");
    let rename = format!("/security-info/methods/{id}/rename");

    let again = ada.post(&rename, &[("name", "\u{202e}")]);
    assert_eq!((again.status, again.heading()), (422, "Rename"));
    assert!(again.body.contains("aria-invalid=\"true\"") && again.body.contains("role=\"alert\""));
    let name = "<b>My \"phone\"</b>";
    assert_eq!(
        ada.post(&rename, &[("name", name)]).location(),
        "/security-info"
    );
    let page = ada.get("/security-info").body;
    assert!(
        page.contains("&#60;b&#62;My &#34;phone&#34;&#60;/b&#62;"),
        "{page}"
    );
    assert!(!page.contains("<b>My"));

    let unknown = "/security-info/methods/nobody/rename";
    assert_eq!(ada.get(unknown).status, 404);
    assert_eq!(ada.post(unknown, &[("name", "x")]).status, 303);
}

#[test]
fn another_password_takes_the_old_one_and_ends_the_sessions_elsewhere() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let codes = recovery_codes(&mut ada);
    let set = registration(&ada.get("/security-info").body, "codes");
    let old = portal.password("ada");
    let mut elsewhere = by_recovery_code(&portal, old, &set, &codes[0]);
    let mut change = |old: &str, new: &str, repeated: &str| {
        let form = [("old", old), ("password", new), ("repeated", repeated)];
        ada.post("/security-info/password", &form)
    };

    let new = "correct horse battery";
    assert_eq!(change("wrong", new, new).status, 422);
    assert_eq!(change(old, new, "correct horse").status, 422);
    assert_eq!(change(old, "short", "short").status, 422);
    assert_eq!(elsewhere.get("/security-info").status, 200);
    assert_eq!(change(old, new, new).location(), "/security-info");

    assert_eq!(ada.get("/security-info").status, 200);
    assert_eq!(elsewhere.get("/security-info").status, 303);
    let mut browser = Browser::of(&portal);
    let mut sign_in =
        |password| browser.post("/sign-in", &[("name", "ada"), ("password", password)]);
    assert_eq!(sign_in(old).status, 422);
    assert_eq!(sign_in(new).location(), "/verify");
}

#[test]
fn signing_out_everywhere_ends_every_session() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    let codes = recovery_codes(&mut ada);
    let set = registration(&ada.get("/security-info").body, "codes");
    let mut elsewhere = by_recovery_code(&portal, portal.password("ada"), &set, &codes[0]);
    let mut copied = ada.clone();

    let answer = ada.post("/security-info/sign-out-everywhere", &[]);
    assert_eq!((answer.status, answer.location()), (303, "/sign-in"));
    for browser in [&mut ada, &mut elsewhere, &mut copied] {
        assert_eq!(browser.get("/security-info").status, 303);
    }
}

#[test]
fn activity_tells_what_happened_from_where_and_of_failures_no_cause() {
    let portal = Portal::start(&[]);
    let mut ada = ada(&portal);
    app_password(&mut ada, "Mail");
    assert_denied(&mail(&portal, "ada", "wrong"));
    assert_denied(&mail(&portal, "ada", portal.password("ada")));

    // The worker writes it down when it has been told, and asking again is what a person would do.
    let expected = [
        ("Failed attempt with an app password", 2),
        ("old mail client, from 127.0.0.1", 2),
        ("Added: App password", 1),
        ("Second step passed: Authenticator app (code)", 1),
    ];
    let mut pages = (0..5000).map(|_| ada.get("/activity").body);
    let page = pages.find(|page| {
        let mut all = expected.iter();
        all.all(|(words, times)| page.matches(words).count() == *times)
    });
    let page = page.expect("everything is told");
    assert!(!page.contains("wrong"), "{page}");
    let info = ada.get("/security-info").body;
    assert!(info.contains("id=\"failures\""), "{info}");

    assert_eq!(ada.get("/activity?page=1000000").status, 200);
    assert_eq!(ada.get("/activity?page=-1").status, 200);
    assert_eq!(ada.get("/activity?page=many").status, 400);
}

#[test]
fn a_device_that_spared_the_second_step_is_asked_for_it_before_security_info_opens() {
    let portal = under(|draft| draft.remembered_devices.enabled = Some(true));
    accounts::give_authenticator(&portal, "ada");
    let mut ada = Browser::of(&portal);
    let form = [("name", "ada"), ("password", portal.password("ada"))];
    ada.post("/sign-in", &form);
    assert!(ada.get("/verify").body.contains("name=\"remember\""));
    let code = accounts::code();
    let answer = ada.post("/verify/answer", &[("code", &code), ("remember", "yes")]);
    assert_eq!(answer.location(), "/security-info");
    let page = ada.get("/security-info").body;
    let listed = page.contains("class=\"method-name\">127.0.0.1<");
    assert!(listed, "the device is listed");

    let mut again = Browser::of(&portal);
    let device = ada.cookies["__Host-device"].clone();
    again.cookies.insert("__Host-device".to_owned(), device);
    let answer = again.post("/sign-in", &form);
    assert_eq!(answer.location(), "/security-info", "the device is known");
    assert_eq!(again.get("/security-info").location(), "/verify");
    assert_eq!(again.get("/verify").status, 200);
    // It is spared what only looks on, and still nothing of the security info.
    assert_eq!(again.get("/activity").status, 200);
    let made = again.post("/security-info/app-passwords", &[("name", "x")]);
    assert_eq!(made.location(), "/verify");

    let forgotten = ada.post("/security-info/devices/forget", &[]);
    assert_eq!(forgotten.location(), "/security-info");
    assert_eq!(again.get("/activity").location(), "/verify", "at once");
    assert_eq!(again.post("/sign-in", &form).location(), "/verify");
}

#[test]
fn what_the_policy_asks_for_stands_on_top_until_it_is_answered() {
    let portal = under(|draft| {
        draft.reconfirmation.days = Some(180);
        draft.campaign.enabled = Some(true);
        draft.campaign.limited = Some(true);
    });
    let mut ada = ada(&portal);
    let page = ada.get("/security-info").body;
    assert!(page.contains("Is this still right?"), "{page}");
    assert!(page.contains("You can put it off 3 more times."), "{page}");
    assert!(page.contains("href=\"/security-info/add/authenticator_push\""));
    assert!(page.contains("You have one device only."), "{page}");

    for (form, gone) in [
        ("/security-info/reconfirm", "Is this still right?"),
        ("/security-info/campaign", "You can put it off"),
    ] {
        assert_eq!(ada.post(form, &[]).location(), "/security-info");
        let page = ada.get("/security-info").body;
        assert!(!page.contains(gone), "{page}");
    }
    // Nothing asks now, so there is nothing to put off.
    ada.post("/security-info/campaign", &[]);
    assert!(ada.get("/security-info").body.contains("role=\"alert\""));
}

#[test]
fn nothing_is_shown_or_done_without_a_second_step() {
    let portal = Portal::start(&[]);
    drop(ada(&portal));
    let mut half = Browser::of(&portal);
    half.post(
        "/sign-in",
        &[("name", "ada"), ("password", portal.password("ada"))],
    );
    let mut stranger = Browser::of(&portal);
    let method = "/security-info/methods/AAAAAAAAAAAAAAAAAAAAAA";
    let (rename, remove) = (format!("{method}/rename"), format!("{method}/remove"));
    let pages = [
        "/security-info",
        "/security-info/default",
        "/security-info/recovery-codes",
        "/security-info/app-passwords",
        "/security-info/password",
        "/activity",
        &rename,
        &remove,
    ];
    for page in pages {
        assert_eq!(stranger.get(page).location(), "/sign-in", "{page}");
        assert_eq!(half.get(page).location(), "/verify", "{page}");
    }
    let form = [
        ("name", "x"),
        ("registration", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("old", portal.password("ada")),
        ("password", "correct horse battery"),
        ("repeated", "correct horse battery"),
    ];
    let forms = [
        "/security-info/default",
        "/security-info/recovery-codes",
        "/security-info/app-passwords",
        "/security-info/password",
        "/security-info/sign-out-everywhere",
        "/security-info/devices/forget",
        "/security-info/reconfirm",
        "/security-info/campaign",
        &rename,
        &remove,
    ];
    for page in forms {
        assert_eq!(stranger.post(page, &form).location(), "/sign-in", "{page}");
        assert_eq!(half.post(page, &form).location(), "/verify", "{page}");
    }
}
