//! What portals ask.

use crossterm::event::KeyCode;
use mfa_flow::{Decision, PushRequest, RequestId};
use mfa_policy::RegistrationId;

use super::{AT, Desk, assert_screen};
use crate::Pairing;
use crate::push::Heard;
use crate::screen::state::Do;

const SIGN_IN: &str = "AAECAwQFBgcICQoLDA0ODw";
const OTHER: &str = "EAECAwQFBgcICQoLDA0ODw";

fn registration() -> RegistrationId {
    RegistrationId::new("app").unwrap()
}

fn id(id: &str) -> RequestId {
    id.parse().unwrap()
}

/// With one portal.
fn desk() -> Desk {
    let mut desk = Desk::of_ada();
    let pairing = r#"{
        "portal": "https://portal.example/", "product": "Acme portal", "account": "ada@example.com", "person": "p-1",
        "registration": "app", "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "added": "2005-03-01T00:00:00Z"
    }"#;
    let pairing: Pairing = serde_json::from_str(pairing).unwrap();
    desk.contents.pairings_mut().push(pairing);
    desk
}

fn hear(desk: &mut Desk, heard: Heard) {
    let now = desk.now;
    desk.state.open().unwrap().heard(heard, now);
}

/// What a portal asks, two minutes long.
fn request(id: &str, purpose: &str, gesture: bool) -> Heard {
    let gesture = if gesture { r#""gesture":true,"# } else { "" };
    let text = format!(
        r#"{{"id":"{id}","reason":{{"challenge":{{"challenge":"{id}","registration":"app","purpose":"{purpose}"}}}},"person":"p-1",{gesture}"application":"Mail","origin":"192.0.2.7 · Firefox on Linux","until":"2005-03-18T02:00:29Z"}}"#
    );
    Heard::Asked {
        registration: registration(),
        request: text.parse::<PushRequest>().unwrap(),
    }
}

fn over(id_: &str) -> Heard {
    Heard::Over {
        registration: registration(),
        request: id(id_),
    }
}

fn answered(desk: &mut Desk, outcome: Result<(), &str>) {
    let outcome = outcome.map_err(ToOwned::to_owned);
    desk.state
        .open()
        .unwrap()
        .requests
        .answered(&id(SIGN_IN), outcome);
}

/// With a request on top for long enough to be answered.
fn asked(purpose: &str, gesture: bool) -> Desk {
    let mut desk = desk();
    hear(&mut desk, request(SIGN_IN, purpose, gesture));
    desk.wait(1);
    desk
}

/// A request with its number typed, as the documentation shows it.
pub(super) fn asked_for_pictures() -> Desk {
    let mut desk = asked("two_step", false);
    let connected = Heard::Connected {
        registration: registration(),
    };
    hear(&mut desk, connected);
    desk.types("42");
    desk
}

fn decisions(desk: &Desk) -> Vec<Decision> {
    let answers = desk.done.iter().filter_map(|done| match done {
        Do::Answer {
            decision,
            request,
            registration: of,
        } => {
            assert_eq!((*request, of), (id(SIGN_IN), &registration()));
            Some(*decision)
        }
        _ => None,
    });
    answers.collect()
}

#[test]
fn a_request_says_who_where_and_what_for() {
    let desk = asked("two_step", false);
    assert_eq!(AT, 1_111_111_109);
    assert_screen(
        &desk.screen(80, 20),
        "
 authenticator                            0 of 1 portals connected · 3 accounts


    ╭ Acme portal asks ────────────────────────────────────────────────────╮
    │                                                                      │
    │  Somebody signs in with your password. Is it you?                    │
    │                                                                      │
    │  Who     ada@example.com                                             │
    │  At      portal.example                                              │
    │  To use  Mail                                                        │
    │  From    192.0.2.7 · Firefox on Linux                                │
    │  Open    for 119 s more                                              │
    │                                                                      │
    │  The number on the page:                                             │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯



 ⏎ approve  d deny  n this was not me  Esc later
",
    );
}

#[test]
fn the_number_of_the_page_approves() {
    let mut desk = asked("two_step", false);
    desk.key(KeyCode::Enter);
    assert!(desk.says("! Type the two digits that the page shows."));
    desk.types("4");
    desk.key(KeyCode::Enter);
    assert!(decisions(&desk).is_empty());
    // A third digit and letters without a meaning are not taken.
    desk.types("27xyz");
    assert!(desk.says("The number on the page: 42"));
    desk.key(KeyCode::Enter);
    let approved = Decision::Approved {
        number: 42,
        user_verified: false,
    };
    assert_eq!(decisions(&desk), [approved]);
    assert!(desk.says("Telling the portal …"));
    // Pressed again it is not sent again.
    desk.key(KeyCode::Enter);
    assert_eq!(decisions(&desk).len(), 1);
    answered(&mut desk, Ok(()));
    hear(&mut desk, over(SIGN_IN));
    assert!(desk.says("Approved. The page goes on by itself."));
    desk.key(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains(" › •••• ••••"));
    assert!(!desk.says("Acme portal asks"));
}

#[test]
fn a_number_may_begin_with_a_zero() {
    let mut desk = asked("two_step", false);
    desk.types("07");
    desk.key(KeyCode::Enter);
    assert_eq!(
        decisions(&desk),
        [Decision::Approved {
            number: 7,
            user_verified: false
        }]
    );
}

#[test]
fn a_request_is_denied() {
    let mut desk = asked("password_reset", false);
    assert!(desk.says("Somebody resets your password. Is it you?"));
    desk.types("d");
    assert_eq!(decisions(&desk), [Decision::Denied]);
    answered(&mut desk, Ok(()));
    assert!(desk.says("Denied."));
}

#[test]
fn a_stranger_is_reported_after_a_question() {
    let mut desk = asked("two_step", false);
    desk.types("n");
    assert!(desk.says("Report that somebody else did this?"));
    desk.types("n");
    assert!(desk.says("The number on the page:") && decisions(&desk).is_empty());
    desk.types("ny");
    assert_eq!(decisions(&desk), [Decision::Suspicious]);
    answered(&mut desk, Ok(()));
    assert!(desk.says("Denied and reported."));
}

#[test]
fn without_a_password_the_passphrase_is_the_gesture() {
    let mut desk = asked("first_factor", true);
    desk.types("42");
    desk.key(KeyCode::Enter);
    assert!(desk.says("Show with the passphrase of the vault that it is you."));
    assert!(decisions(&desk).is_empty());
    desk.types("geheim");
    assert!(!desk.says("geheim") && desk.says("Passphrase: ••••••"));
    desk.key(KeyCode::Enter);
    assert!(matches!(desk.done.pop(), Some(Do::Verify(typed)) if *typed == "geheim"));
    let open = desk.state.open().unwrap();
    assert!(open.verified(false).is_none());
    assert!(desk.says("! The passphrase is wrong."));
    desk.types("x");
    desk.key(KeyCode::Enter);
    assert!(matches!(desk.done.pop(), Some(Do::Verify(_))));
    let todo = desk.state.open().unwrap().verified(true);
    desk.done.extend(todo);
    assert_eq!(
        decisions(&desk),
        [Decision::Approved {
            number: 42,
            user_verified: true
        }]
    );
}

#[test]
fn nothing_is_approved_by_a_passphrase_that_nobody_asked_for() {
    let mut desk = asked("two_step", false);
    assert!(desk.state.open().unwrap().verified(true).is_none());
}

#[test]
fn keys_that_were_meant_for_something_else_answer_nothing() {
    let mut desk = desk();
    desk.types("r");
    hear(&mut desk, request(SIGN_IN, "two_step", false));
    desk.types("dny42");
    desk.key(KeyCode::Enter);
    desk.key(KeyCode::Esc);
    assert!(desk.done.is_empty() && desk.says("The number on the page:"));
    assert!(!desk.says("42"));
    desk.wait(1);
    desk.types("d");
    assert_eq!(decisions(&desk), [Decision::Denied]);
    answered(&mut desk, Ok(()));
    desk.key(KeyCode::Enter);
    // What was being typed is still there.
    assert!(desk.says("Rename"));
}

#[test]
fn the_newest_request_comes_first() {
    let mut desk = asked("two_step", false);
    hear(&mut desk, request(OTHER, "step_up", false));
    // Sent again after the connection was lost, it is the same.
    hear(&mut desk, request(SIGN_IN, "two_step", false));
    assert!(desk.says("Acme portal asks · 1 of 2"));
    assert!(desk.says("Somebody who is signed in as you does something of weight."));
    // Keys that were meant for the one before do not answer it.
    desk.types("d");
    assert!(desk.done.is_empty());
    desk.wait(1);
    hear(&mut desk, over(OTHER));
    desk.key(KeyCode::Enter);
    assert!(desk.says("Somebody signs in with your password."));
    desk.types("d");
    assert!(desk.done.is_empty());
    desk.wait(1);
    desk.types("d");
    assert_eq!(decisions(&desk), [Decision::Denied]);
}

#[test]
fn no_request_takes_the_place_of_one_that_is_being_answered() {
    let mut desk = asked("two_step", false);
    desk.types("4");
    hear(&mut desk, request(OTHER, "step_up", false));
    assert!(desk.says("Acme portal asks · 1 of 2"));
    desk.types("2");
    desk.key(KeyCode::Enter);
    let approved = Decision::Approved {
        number: 42,
        user_verified: false,
    };
    assert_eq!(decisions(&desk), [approved]);
    answered(&mut desk, Ok(()));
    desk.key(KeyCode::Enter);
    assert!(desk.says("Somebody who is signed in as you does something of weight."));
}

#[test]
fn a_request_can_be_put_aside_and_looked_at_again() {
    let mut desk = asked("two_step", false);
    desk.key(KeyCode::Esc);
    assert!(desk.screen(80, 24).contains(" › •••• ••••"));
    assert!(desk.screen(80, 24).contains(" w 1 waiting "));
    desk.types("w");
    assert!(desk.says("Acme portal asks"));
    desk.wait(1);
    desk.key(KeyCode::Esc);
    hear(&mut desk, over(SIGN_IN));
    assert!(!desk.screen(80, 24).contains("waiting"));
    desk.types("w");
    assert!(!desk.says("Acme portal asks"));
}

#[test]
fn what_ended_elsewhere_says_so() {
    let mut desk = asked("two_step", false);
    hear(&mut desk, over(SIGN_IN));
    assert!(desk.says("It is over: it was answered elsewhere, or there is a newer one."));
    desk.types("42");
    assert!(decisions(&desk).is_empty());
}

#[test]
fn a_number_that_was_wrong_says_so() {
    let mut desk = asked("two_step", false);
    desk.types("41");
    desk.key(KeyCode::Enter);
    answered(&mut desk, Err("the portal refused it"));
    assert!(desk.says("! It was not taken: the portal refused it."));
    hear(&mut desk, over(SIGN_IN));
    assert!(desk.says("The answer was not taken, and the request is over."));
}

#[test]
fn a_request_whose_time_has_run_out_goes_even_if_the_portal_is_gone() {
    let mut desk = asked("two_step", false);
    desk.wait(125);
    assert!(desk.says("its time should be over"));
    desk.wait(60);
    assert!(desk.says("It is over: its time has run out."));
    desk.key(KeyCode::Enter);
    assert!(!desk.says("Acme portal asks"));
}

#[test]
fn locking_forgets_what_is_asked() {
    let mut desk = asked("first_factor", true);
    desk.types("42");
    desk.key(KeyCode::Enter);
    desk.wait(300);
    assert!(desk.state.open().is_none());
    assert!(!desk.says("Acme portal") && !desk.says("192.0.2.7"));
    desk.state.opened(desk.now);
    assert!(!desk.says("Acme portal asks"));
}

#[test]
fn every_purpose_has_words() {
    for purpose in [
        "two_step",
        "first_factor",
        "password_reset",
        "manage_security_info",
        "step_up",
        "legacy_clients",
    ] {
        let desk = asked(purpose, false);
        assert!(desk.says("Is it you"), "{purpose}");
    }
    let mut desk = desk();
    let test = format!(
        r#"{{"id":"{SIGN_IN}","reason":{{"enrolment":{{"registration":"app"}}}},"person":"p-1","until":"2005-03-18T02:00:29Z"}}"#
    );
    hear(
        &mut desk,
        Heard::Asked {
            registration: registration(),
            request: test.parse().unwrap(),
        },
    );
    assert!(desk.says("A test: this app is being added to the account."));
}

#[test]
fn portals_say_how_their_connection_is() {
    let mut desk = desk();
    assert!(desk.screen(80, 24).contains("0 of 1 portals connected"));
    desk.types("p");
    assert!(desk.says("Acme portal (ada@example.com) at portal.example"));
    assert!(desk.says("○ connecting …"));
    hear(
        &mut desk,
        Heard::Connected {
            registration: registration(),
        },
    );
    assert!(desk.says("● connected"));
    hear(
        &mut desk,
        Heard::Lost {
            registration: registration(),
            why: "it does not answer".to_owned(),
        },
    );
    assert!(desk.says("○ not connected, it is tried again: it does not answer"));
    hear(
        &mut desk,
        Heard::Removed {
            registration: registration(),
        },
    );
    assert!(desk.says("× removed at the portal: it does not ask any more. Delete it here with d."));
    desk.types("d");
    desk.types("no");
    desk.key(KeyCode::Enter);
    assert_eq!(desk.contents.pairings().len(), 1);
    desk.key(KeyCode::Esc);
    desk.types("pdyes");
    desk.key(KeyCode::Enter);
    assert!(desk.contents.pairings().is_empty());
}

#[test]
fn a_request_fits_on_a_small_terminal() {
    let mut desk = asked("two_step", false);
    desk.types("42");
    for (columns, rows) in [(20, 6), (24, 8), (40, 10), (200, 60)] {
        let screen = desk.screen(columns, rows);
        assert!(screen.contains("42"), "{columns}×{rows}\n{screen}");
    }
}
