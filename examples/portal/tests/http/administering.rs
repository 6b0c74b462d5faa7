//! The administration, through its pages: who gets in, what is done for others, and what is shown before a policy changes.

use std::time::UNIX_EPOCH;

use otp_core::{Secret, Totp, TotpParameters, UnixTime};

use crate::common::browser::{Answer, Browser};
use crate::common::{Portal, accounts};

/// The key of the authenticators that are given.
const KEY: &[u8; 20] = b"12345678901234567890";
/// The seed of the tokens that are imported here, in hexadecimal digits.
const SEED: &[u8; 20] = b"abcdefghijklmnopqrst";
const HEX: &str = "6162636465666768696a6b6c6d6e6f7071727374";
const ADA: &str = "/administration/people/demonstration-ada";
const GRACE: &str = "/administration/people/demonstration-grace";

/// Signs somebody in who got an authenticator.
fn sign_in(portal: &Portal, name: &str) -> Browser {
    accounts::give_authenticator(portal, name);
    let mut browser = Browser::of(portal);
    let password = portal.password(name);
    browser.post("/sign-in", &[("name", name), ("password", password)]);
    assert_eq!(browser.get("/verify").status, 200);
    let answer = browser.post("/verify/answer", &[("code", &code(KEY, 0))]);
    assert_eq!(answer.location(), "/security-info");
    browser
}

/// What a token or an app shows now, or some steps later.
fn code(seed: &[u8], steps: u64) -> String {
    let totp = Totp::new(&Secret::import(seed).unwrap(), TotpParameters::default());
    let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
    let code = totp
        .generate(UnixTime::from_secs(now + 30 * steps))
        .unwrap();
    code.as_str().to_owned()
}

/// Whether a page says that.
fn says(answer: &Answer, text: &str) -> bool {
    answer
        .body
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .contains(text)
}

/// The value of the first hidden field of that name.
fn hidden(answer: &Answer, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = answer.body.split_once(&field).unwrap();
    let value = rest.split('"').next().unwrap();
    value
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

/// The text that is shown once.
fn secret(answer: &Answer) -> &str {
    let (_, rest) = answer.body.split_once("<p class=\"secret\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split('<').next().unwrap()
}

#[test]
fn to_others_the_administration_is_not_there() {
    let portal = Portal::start(&[]);
    let mut ada = sign_in(&portal, "ada");
    for path in [
        "/administration",
        "/administration/people",
        "/administration/people/new",
        GRACE,
        "/administration/people/demonstration-grace/suspend",
        "/administration/people/demonstration-grace/pass",
        "/administration/people/demonstration-grace/phone/text",
        "/administration/tokens",
        "/administration/tokens/import",
        "/administration/policy",
        "/administration/audit",
        "/administration/audit.csv",
    ] {
        assert_eq!(ada.get(path).status, 404, "{path}");
    }
    for path in [
        "/administration/people/new",
        "/administration/people/demonstration-grace/suspend",
        "/administration/policy/save",
        "/administration/policy/check",
    ] {
        let form = [("version", "0"), ("text", "schema = 1")];
        assert_eq!(ada.post(path, &form).status, 404, "{path}");
    }
    let uploaded = ada.upload(
        "/administration/tokens/import",
        "file",
        b"serial,seed,type\n",
    );
    assert_eq!(uploaded.status, 404);
    let mut stranger = Browser::of(&portal);
    assert_eq!(
        stranger.get("/administration/people").location(),
        "/sign-in"
    );
}

#[test]
fn somebody_who_is_added_signs_in_with_the_password_that_was_shown_once() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let form = [
        ("name", "Barbara"),
        ("shown", "=Barbara"),
        ("mail", "barbara@example.com"),
        ("groups", "staff"),
    ];
    let added = grace.post("/administration/people/new", &form);
    assert_eq!(added.status, 200);
    let password = secret(&added).to_owned();
    assert!(password.len() >= 16);
    let mut barbara = Browser::of(&portal);
    let answer = barbara.post("/sign-in", &[("name", "barbara"), ("password", &password)]);
    assert_eq!(answer.location(), "/register");

    let again = grace.post("/administration/people/new", &form);
    assert_eq!(again.status, 422);
    assert!(says(&again, "Somebody has this user name already."));
    assert!(!says(&again, &password));
    let wrong = [
        ("name", "a b"),
        ("shown", ""),
        ("mail", "nobody"),
        ("groups", ""),
    ];
    let wrong = grace.post("/administration/people/new", &wrong);
    assert_eq!(wrong.status, 422);
    for text in ["no spaces", "1 to 64 characters", "not an e-mail address"] {
        assert!(says(&wrong, text), "{text}");
    }
    let found = grace.get("/administration/people?search=BARB");
    assert!(says(&found, "barbara") && !says(&found, "Ada Lovelace"));
    assert!(says(
        &grace.get("/administration/people?search=%25"),
        "Ada Lovelace"
    ));
}

#[test]
fn a_list_of_tokens_is_imported_row_by_row_and_a_token_given_to_somebody() {
    let portal = Portal::start(&[("RUST_LOG", "trace")]);
    let mut grace = sign_in(&portal, "grace");
    let list = format!(
        "serial,seed,type,person\nT-1,{HEX},totp,ada\nT-2,{HEX},totp,nobody\nT-3,{HEX},morse,\nT/4,{HEX},hotp,\n"
    );
    let imported = grace.upload("/administration/tokens/import", "file", list.as_bytes());
    assert_eq!(imported.status, 422);
    assert!(says(&imported, "Tokens imported: 2. Rows left out: 2."));
    assert!(says(
        &imported,
        "<code>line 3</code>Nobody has this user name."
    ));
    assert!(says(
        &imported,
        "<code>line 4</code>The type is totp or hotp."
    ));
    assert!(!says(&imported, HEX));
    let again = grace.upload("/administration/tokens/import", "list", list.as_bytes());
    assert!(says(
        &again,
        "<code>line 2</code>A token of this serial number waits already."
    ));
    let waiting = grace.get("/administration/tokens");
    assert!(says(&waiting, "T1") && says(&waiting, "T/4"));
    assert_eq!(
        grace
            .get("/administration/tokens/assign?serial=T%2F4")
            .status,
        200
    );

    let assign = "/administration/tokens/assign";
    let form = |code| [("serial", "T1"), ("person", "ada"), ("code", code)];
    assert!(says(
        &grace.get("/administration/tokens/assign?serial=T1"),
        "value=\"ada\""
    ));
    assert_eq!(grace.post(assign, &form("12345")).status, 422);
    let given = grace.post(assign, &form(&code(SEED, 0)));
    assert_eq!(given.location(), ADA);
    let page = grace.get(ADA);
    assert!(says(&page, "Hardware token registered") && says(&page, "by Grace Hopper"));
    assert!(!says(&grace.get("/administration/tokens"), "T1"));
    assert_eq!(
        grace.get("/administration/tokens/assign?serial=T1").status,
        404
    );

    // The same token under the same serial number is nobody else's.
    let list = format!("serial;seed;type\nt1;{HEX};totp\n");
    assert_eq!(
        grace
            .upload("/administration/tokens/import", "file", list.as_bytes())
            .status,
        303
    );
    let form = [
        ("serial", "T1"),
        ("person", "ada"),
        ("code", &code(SEED, 1)),
    ];
    let refused = grace.post(assign, &form);
    assert_eq!(
        refused.location(),
        "/administration/tokens/assign?serial=T1"
    );
    let log = portal.log().to_lowercase();
    assert!(log.contains("/administration/tokens/import") && !log.contains(HEX));
}

#[test]
fn a_list_that_is_too_large_or_none_is_refused() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let import = "/administration/tokens/import";
    let large = vec![b'x'; 2 * 1024 * 1024];
    assert_eq!(grace.upload(import, "file", &large).status, 413);
    let nothing = grace.upload(import, "other", b"x");
    assert!(says(&nothing, "The first line has to name the columns"));
    let cut = grace.post_body(import, b"--edge\r\n");
    assert!((400..500).contains(&cut.status), "{}", cut.status);
}

#[test]
fn a_person_is_suspended_and_resumed_and_nobody_does_it_for_himself() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let mut ada = sign_in(&portal, "ada");
    let suspend = format!("{ADA}/suspend");
    assert!(says(&grace.get(&suspend), "Suspend Ada Lovelace?"));
    assert_eq!(grace.post(&suspend, &[]).location(), ADA);
    assert!(says(&grace.get(ADA), "Suspended"));
    assert_ne!(ada.get("/security-info").status, 200);
    let mut again = Browser::of(&portal);
    let form = [("name", "ada"), ("password", portal.password("ada"))];
    assert_ne!(again.post("/sign-in", &form).status, 303);
    assert_eq!(grace.post(&format!("{ADA}/resume"), &[]).location(), ADA);
    assert_eq!(again.post("/sign-in", &form).location(), "/verify");

    assert!(says(
        &grace.get(GRACE),
        "As an administrator you can't do this for your own account."
    ));
    assert_eq!(grace.get(&format!("{GRACE}/suspend")).status, 404);
    grace.post(&format!("{GRACE}/suspend"), &[]);
    assert_eq!(grace.get(GRACE).status, 200, "still in");
    assert_eq!(grace.get(&format!("{ADA}/nonsense")).status, 404);
    assert_eq!(grace.get("/administration/people/nobody").status, 404);
}

#[test]
fn a_method_of_somebody_is_removed_after_a_question() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    accounts::give_authenticator(&portal, "ada");
    let page = grace.get(ADA);
    let (_, link) = page
        .body
        .split_once(&format!("href=\"{ADA}/remove?registration="))
        .unwrap();
    let registration = link.split('"').next().unwrap();
    let asked = grace.get(&format!("{ADA}/remove?registration={registration}"));
    assert!(says(&asked, "from the account of Ada Lovelace?"));
    let form = [("registration", registration)];
    assert_eq!(grace.post(&format!("{ADA}/remove"), &form).location(), ADA);
    let after = grace.get(ADA);
    assert!(says(&after, "The method was removed.") && says(&after, "Nothing is registered."));
    // It is there no more.
    grace.post(&format!("{ADA}/remove"), &form);
    assert!(!says(&grace.get(ADA), "The method was removed."));
}

#[test]
fn what_a_policy_would_change_is_shown_before_it_is_in_force() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let check = "/administration/policy/check";
    let wrong = grace.post(
        check,
        &[("version", "0"), ("text", "schema = 1\nnonsense = 2\n")],
    );
    assert!(says(&wrong, "<code>line 2") && !says(&wrong, "Put in force"));
    let saved = grace.post(
        "/administration/policy/save",
        &[("version", "0"), ("text", "nonsense")],
    );
    assert!(saved.status == 200 && says(&saved, "Problems"));

    // Temporary passes are switched on: shown first, then put in force.
    assert!(says(&grace.get(ADA), "has turned off"));
    let turn = [
        ("version", "0"),
        ("method", "temporary_pass"),
        ("on", "true"),
    ];
    let shown = grace.post("/administration/policy/switch", &turn);
    assert!(
        says(&shown, "be given a temporary access pass"),
        "{}",
        shown.body
    );
    assert!(says(&shown, "Tried on all people: 2."));
    assert!(says(
        &grace.get("/administration/policy"),
        "Version 0 is in force."
    ));
    let text = hidden(&shown, "text");
    assert!(text.contains("# security-info: the policy of the documents"));
    let save = "/administration/policy/save";
    let form = [("version", "0"), ("text", text.as_str())];
    assert_eq!(grace.post(save, &form).location(), "/administration/policy");
    assert!(says(
        &grace.get("/administration/policy"),
        "Version 1 is in force."
    ));

    // Whoever began before that is told, and sees what would be undone.
    let old = text.replace(
        "[methods.temporary_pass]\nenabled = true",
        "[methods.temporary_pass]\nenabled = false",
    );
    let conflict = grace.post(save, &[("version", "0"), ("text", &old)]);
    assert_eq!(conflict.status, 422);
    assert!(says(
        &conflict,
        "Somebody else has changed the policy meanwhile."
    ));
    assert_eq!(hidden(&conflict, "version"), "1");
    assert_eq!(
        grace.post(save, &[("version", "7"), ("text", &old)]).status,
        422
    );

    // A pass within the limits is shown once.
    let pass = format!("{ADA}/pass");
    assert!(says(&grace.get(&pass), "60 to 480 minutes."));
    assert_eq!(
        grace
            .post(&pass, &[("minutes", "5"), ("one_time", "yes")])
            .location(),
        pass
    );
    let issued = grace.post(&pass, &[("minutes", "60"), ("one_time", "yes")]);
    assert_eq!(issued.header("cache-control"), Some("no-store"));
    let shown = secret(&issued).to_owned();
    assert!(shown.chars().filter(|c| c.is_alphanumeric()).count() >= 8);
    assert!(!says(&grace.get(ADA), &shown));
}

#[test]
fn who_would_lock_himself_out_has_to_say_so() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let turn = [
        ("version", "0"),
        ("method", "authenticator_code"),
        ("on", "false"),
    ];
    let shown = grace.post("/administration/policy/switch", &turn);
    assert!(says(
        &shown,
        "you could no longer pass two-step verification yourself"
    ));
    let text = hidden(&shown, "text");
    let save = "/administration/policy/save";
    let form = [
        ("version", "0"),
        ("text", text.as_str()),
        ("confirmed", "yes"),
    ];
    assert_eq!(grace.post(save, &form[..2]).status, 422);
    assert!(says(
        &grace.get("/administration/policy"),
        "Version 0 is in force."
    ));
    assert_eq!(grace.post(save, &form).location(), "/administration/policy");
    assert_ne!(
        grace.get("/administration/policy").status,
        200,
        "locked out"
    );
}

#[test]
fn the_audit_log_is_filtered_and_its_table_holds_no_formulas() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let form = [
        ("name", "eve"),
        ("shown", "=cmd|'x'!A1"),
        ("mail", "eve@example.com"),
    ];
    grace.post("/administration/people/new", &form);
    let found = grace.get("/administration/people?search=eve");
    let (_, link) = found.body.split_once("<td><a href=\"").unwrap();
    let eve = link.split('"').next().unwrap().to_owned();
    grace.post(&format!("{eve}/suspend"), &[]);

    // The worker writes it down in a moment.
    let path = "/administration/audit?person=eve&kind=administration&from=&until=";
    let mut pages = (0..10_000).map(|_| grace.get(path));
    let page = pages.find(|page| !says(page, "No events found.")).unwrap();
    assert!(says(&page, "Grace Hopper") && !says(&page, "Ada Lovelace"));
    assert!(says(
        &grace.get("/administration/audit?person=eve&kind=reset"),
        "No events found."
    ));
    assert!(says(
        &grace.get("/administration/audit?until=2001-01-01"),
        "No events found."
    ));
    assert!(says(
        &grace.get("/administration/audit?person=x'--"),
        "Nobody has this user name."
    ));
    let table = grace.get(&path.replace("audit?", "audit.csv?"));
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert!(table.body.contains(",'=cmd|'x'!A1,"), "{}", table.body);
    assert_eq!(grace.get("/administration/audit?page=x").status, 400);
}

#[test]
fn an_administrator_without_a_proof_of_his_own_gives_one_and_comes_back() {
    let portal = Portal::start(&[]);
    let mut grace = sign_in(&portal, "grace");
    let page = grace.post(
        "/administration/policy/switch",
        &[
            ("version", "0"),
            ("method", "temporary_pass"),
            ("on", "true"),
        ],
    );
    // So that a sign-in needs no second step, and a clock is nothing to wait for.
    let text = hidden(&page, "text")
        .replace(
            "[remembered_devices]\nenabled = false",
            "[remembered_devices]\nenabled = true",
        )
        .replace("window_past = 1", "window_past = 0")
        .replace("window_future = 1", "window_future = 2");
    let save = "/administration/policy/save";
    let saved = grace.post(save, &[("version", "0"), ("text", &text)]);
    assert_eq!(saved.location(), "/administration/policy");
    let password = portal.password("grace");
    let form = [("name", "grace"), ("password", password)];
    grace.post("/sign-out", &[]);
    assert_eq!(grace.post("/sign-in", &form).location(), "/verify");
    grace.get("/verify");
    let answer = [("code", code(KEY, 1)), ("remember", "yes".to_owned())];
    let answer = answer
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    assert_eq!(
        grace.post("/verify/answer", &answer).location(),
        "/security-info"
    );
    grace.post("/sign-out", &[]);
    assert_eq!(grace.post("/sign-in", &form).location(), "/security-info");

    // The device is remembered, so the session is in, and has proven nothing.
    assert_eq!(grace.get("/administration/people").status, 200);
    let suspend = format!("{ADA}/suspend");
    assert_eq!(grace.post(&suspend, &[]).location(), "/verify");
    assert!(!says(&grace.get(ADA), "Suspended"));
    let form = [("version", "1"), ("text", text.as_str())];
    let kept = grace.post(save, &form);
    assert_eq!(kept.status, 422);
    assert!(says(&kept, "Nothing was changed yet") && hidden(&kept, "text") == text);
    assert_eq!(grace.get(&suspend).location(), "/verify");
    assert_eq!(grace.get("/verify").status, 200);
    let proven = grace.post("/verify/answer", &[("code", &code(KEY, 2))]);
    assert_eq!(proven.location(), suspend);
    assert_eq!(grace.get(&suspend).status, 200);
    assert_eq!(grace.post(&suspend, &[]).location(), ADA);
    assert!(says(&grace.get(ADA), "Suspended"));
}
