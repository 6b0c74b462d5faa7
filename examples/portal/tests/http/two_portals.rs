//! Two portals on one PostgreSQL are one website: people, sessions, accounts and the policy are those of both.

use std::thread;

use mfa_policy::Preset;
use sqlx::{Connection as _, PgConnection};

use crate::common::browser::Browser;
use crate::common::{Portal, accounts, until};
use crate::postgres::Database;

/// Somebody who was with one portal goes on with the other.
fn moved(browser: &Browser, portal: &Portal) -> Browser {
    let mut moved = Browser::of(portal);
    moved.cookies.clone_from(&browser.cookies);
    moved
}

#[test]
fn two_portals_on_one_postgresql_are_one_website() {
    let Some(database) = Database::make("portals") else {
        return;
    };
    let settings = database.settings();
    // Both make the tables and the people at once, and nobody minds.
    let [one, two] = thread::scope(|scope| {
        let starting = [(); 2].map(|()| scope.spawn(|| Portal::start(&settings)));
        starting.map(|portal| portal.join().unwrap())
    });
    let password = |name: &str| {
        let who = if one.said_password(name) { &one } else { &two };
        who.password(name)
    };
    for name in ["ada", "grace"] {
        accounts::give_authenticator_in(&database.url, &database.keys, name);
    }

    // The password goes to one, the code to the other, and both know who is in.
    let mut at_one = Browser::of(&one);
    let answer = at_one.post(
        "/sign-in",
        &[("name", "ada"), ("password", password("ada"))],
    );
    assert_eq!((answer.status, answer.location()), (303, "/verify"));
    let mut at_two = moved(&at_one, &two);
    assert_eq!(at_two.get("/security-info").location(), "/verify");
    assert_eq!(at_two.get("/verify").status, 200);
    let code = accounts::code();
    let answer = at_two.post("/verify/answer", &[("code", &code)]);
    assert_eq!((answer.status, answer.location()), (303, "/security-info"));
    assert_eq!(moved(&at_two, &one).get("/security-info").status, 200);
    // Its cookie from before the second step is good nowhere.
    assert_eq!(at_one.get("/security-info").location(), "/sign-in");

    // What one has taken, the other does not take again.
    let mut again = Browser::of(&one);
    again.post(
        "/sign-in",
        &[("name", "ada"), ("password", password("ada"))],
    );
    again.get("/verify");
    let answer = again.post("/verify/answer", &[("code", &code)]);
    assert_eq!(answer.location(), "/verify", "not in");

    // A policy that comes into force is in force at both.
    let mut grace = Browser::of(&one);
    grace.post(
        "/sign-in",
        &[("name", "grace"), ("password", password("grace"))],
    );
    let mut here_and_there = [moved(&grace, &one), moved(&grace, &two)];
    for place in &mut here_and_there {
        assert!(!place.get("/verify").body.contains("name=\"remember\""));
    }
    let mut draft = Preset::SecurityInfo.draft();
    draft.remembered_devices.enabled = Some(true);
    draft.remembered_devices.days = Some(30);
    let policy = draft.to_toml();
    accounts::run(async {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query(
            "INSERT INTO portal_policy (version, at, author, text) VALUES (1, 0, 'test', $1)",
        )
        .bind(policy)
        .execute(&mut connection)
        .await
        .unwrap();
    });
    for place in &mut here_and_there {
        until(|| place.get("/verify").body.contains("name=\"remember\""));
    }

    // When one is gone, nobody notices; when somebody signs out, he is out.
    drop(one);
    assert_eq!(at_two.get("/security-info").status, 200);
    let before = at_two.clone();
    assert_eq!(at_two.post("/sign-out", &[]).location(), "/sign-in");
    assert_eq!(
        moved(&before, &two).get("/security-info").location(),
        "/sign-in"
    );
    assert!(!two.log().contains("ERROR"), "{}", two.log());
}
