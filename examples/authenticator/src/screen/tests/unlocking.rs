//! The way in, and locking.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use otp_core::UnixTime;

use super::{Desk, assert_screen};
use crate::screen::IDLE;
use crate::screen::state::{Do, Stage};

fn is_locked(desk: &Desk) -> bool {
    matches!(desk.state.stage(), Stage::Locked(_))
}

#[test]
fn the_passphrase_is_asked_for_and_not_shown() {
    let mut desk = Desk::locked(false);
    desk.types("geheim");
    assert_screen(
        &desk.screen(60, 12),
        "


  ╭ The vault is locked ─────────────────────────────────╮
  │                                                      │
  │  Passphrase  ••••••                                  │
  │                                                      │
  ╰──────────────────────────────────────────────────────╯



 ⏎ go on  Esc quit
",
    );
    desk.key(KeyCode::Enter);
    assert!(matches!(&desk.done[..], [Do::Open(typed)] if **typed == "geheim"));
    desk.state.refused("The passphrase is wrong.");
    assert!(desk.says("! The passphrase is wrong."));
    assert!(!format!("{:?}", desk.state).contains("geheim"));
}

#[test]
fn a_new_vault_wants_its_passphrase_twice() {
    let mut desk = Desk::locked(true);
    assert!(desk.says("There is no vault yet."));
    desk.types("one");
    desk.key(KeyCode::Enter);
    desk.types("two");
    desk.key(KeyCode::Enter);
    assert!(desk.says("! The two are not the same. Type both again.") && desk.done.is_empty());
    for _ in 0..2 {
        desk.types("three");
        desk.key(KeyCode::Enter);
    }
    assert!(matches!(&desk.done[..], [Do::Create(typed)] if **typed == "three"));
}

#[test]
fn nothing_typed_for_five_minutes_locks() {
    let mut desk = Desk::of_ada();
    desk.types("v");
    desk.wait(IDLE.as_secs() - 1);
    assert!(!is_locked(&desk));
    desk.types("j");
    desk.wait(IDLE.as_secs() - 1);
    assert!(!is_locked(&desk));
    desk.wait(1);
    assert!(is_locked(&desk) && matches!(desk.done[..], [Do::Lock]));
}

#[test]
fn neither_sleep_nor_a_clock_that_is_set_back_keeps_it_open() {
    let mut desk = Desk::of_ada();
    // The machine slept: only the clock went on.
    desk.now.clock = UnixTime::from_secs(desk.now.clock.secs() + IDLE.as_secs());
    desk.wait(0);
    assert!(is_locked(&desk));
    let mut desk = Desk::of_ada();
    desk.now.clock = UnixTime::from_secs(1);
    desk.now.running = IDLE - Duration::from_millis(1);
    desk.wait(0);
    assert!(!is_locked(&desk));
    desk.now.running = IDLE;
    desk.wait(0);
    assert!(is_locked(&desk));
}

#[test]
fn a_locked_screen_shows_nothing_of_the_vault() {
    for lock in [KeyCode::Char('l'), KeyCode::Char('L')] {
        let mut desk = Desk::of_ada();
        desk.types("v/a");
        if lock == KeyCode::Char('l') {
            desk.with(KeyModifiers::CONTROL, lock);
        } else {
            desk.wait(IDLE.as_secs());
        }
        let screen = desk.screen(80, 24);
        for secret in ["Acme", "ada", "0708", "081", "accounts"] {
            assert!(!screen.contains(secret), "{secret}:\n{screen}");
        }
        // Nor does the state keep it: what was shown and searched for is gone when it is opened again.
        desk.state.opened(desk.now);
        let screen = desk.screen(80, 24);
        assert!(
            screen.contains("3 accounts") && !screen.contains("0708"),
            "{screen}"
        );
    }
}

#[test]
fn control_c_quits_everywhere() {
    for open in [true, false] {
        let mut desk = if open {
            Desk::of_ada()
        } else {
            Desk::locked(true)
        };
        if open {
            desk.types("r");
        }
        desk.with(KeyModifiers::CONTROL, KeyCode::Char('c'));
        assert!(matches!(desk.done.last(), Some(Do::Quit)));
    }
}
