//! What somebody sees who has typed a name and proven nothing.

use crate::common::browser::Browser;
use crate::common::{Portal, accounts};

/// What stands around the choices of the page that asks, after that name was typed.
fn around(portal: &Portal, begin: &str, name: &str) -> String {
    let mut browser = Browser::of(portal);
    let begun = browser.post(begin, &[("name", name)]);
    assert_eq!(begun.location(), "/verify");
    let page = browser.get("/verify").body;
    let (before, rest) = page
        .split_once("<ul class=\"choices\">")
        .unwrap_or((&page, ""));
    let after = rest.split_once("</ul>").map_or("", |(_, after)| after);
    format!("{before}{after}")
}

#[test]
fn a_name_that_somebody_has_looks_like_one_that_nobody_has() {
    let portal = Portal::start(&[]);
    for name in ["ada", "grace"] {
        accounts::give_authenticator(&portal, name);
        let (somebody, nobody) = (
            around(&portal, "/reset", name),
            around(&portal, "/reset", "no-one"),
        );
        assert!(!somebody.contains("Lovelace") && !somebody.contains("Hopper"));
        assert!(!somebody.contains("/administration"));
        assert_eq!(somebody, nobody);
    }
}

#[test]
fn a_name_alone_changes_no_language_of_mails() {
    let portal = Portal::start(&[]);
    let mut stranger = Browser::of(&portal);
    let _ = stranger.post("/reset", &[("name", "ada")]);
    let _ = stranger.post("/language", &[("language", "nl"), ("path", "/")]);
    let database = format!("sqlite://{}", portal.folder.0.join("portal.db").display());
    let languages: i64 = accounts::run(async {
        let database = sqlx::SqlitePool::connect(&database).await.unwrap();
        let counted =
            sqlx::query_scalar("SELECT COUNT(*) FROM portal_person WHERE language = 'nl'");
        counted.fetch_one(&database).await.unwrap()
    });
    assert_eq!(languages, 0);
}
