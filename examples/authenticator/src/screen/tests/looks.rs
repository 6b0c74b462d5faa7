//! Every size, every name, with and without colours.

use crossterm::event::{KeyCode, KeyModifiers};
use proptest::prelude::*;
use ratatui::style::{Color, Modifier};

use super::{Desk, assert_screen};
use crate::screen::look::Look;

#[test]
fn a_narrow_terminal_has_two_lines_for_each_account() {
    let mut desk = Desk::of_ada();
    desk.wait(2);
    desk.types("v");
    assert_screen(
        &desk.screen(40, 12),
        "
 authenticator               3 accounts

 › Acme  ada@example.com
   1405 0471  ━━━━━━━━━━━━━━  29
   Example  ada
   050 471    ━━━━━━━━━━━━━━  29
   Bank  ada
   ••• •••    by counter



 ? help  ⏎ show  c copy  a add
",
    );
    desk.types("n");
    assert_screen(
        &desk.screen(20, 6),
        "
 › next 4426 6759
   1405 0471   29
   next 266 759
   050 471     29

 ? help  ⏎ show
",
    );
}

#[test]
fn no_code_is_ever_cut() {
    for columns in (15..90).step_by(4).chain([63, 64, 65, 200]) {
        for rows in [2, 3, 5, 6, 9, 10, 11, 30] {
            let mut desk = Desk::open(&[
                "totp/A%20very%20long%20issuer%20indeed:with-a-very-long-account@subdomain.example.com?digits=8&period=100000",
                "totp/b",
            ]);
            desk.key(KeyCode::Enter);
            let account = &desk.contents.accounts()[0];
            let code = account.code_at(desk.now.clock).unwrap();
            let screen = desk.screen(columns, rows);
            assert!(
                screen.contains(code.grouped().as_str()),
                "{columns}×{rows}\n{screen}"
            );
        }
    }
}

#[test]
fn the_chosen_account_is_always_in_sight() {
    let accounts: Vec<_> = (0..40)
        .map(|number| format!("totp/Issuer{number}:a"))
        .collect();
    let accounts: Vec<_> = accounts.iter().map(String::as_str).collect();
    let mut desk = Desk::open(&accounts);
    for number in 0..40 {
        for (columns, rows) in [(80, 24), (80, 3), (30, 4), (200, 60)] {
            let screen = desk.screen(columns, rows);
            let chosen = screen.lines().find(|line| line.contains('›'));
            assert!(
                chosen.is_some_and(|line| line.contains(&format!("Issuer{number}"))),
                "{number} on {columns}×{rows}\n{screen}"
            );
        }
        desk.types("j");
    }
}

#[test]
fn without_colours_there_is_not_a_single_one() {
    let mut desk = Desk::of_ada();
    desk.types("v");
    for keys in ["", "?", "i", "d", "a", "p", "m", "x"] {
        let mut at = desk.buffer(80, 24, Look::PLAIN);
        desk.types(keys);
        for look in [Look::PLAIN, Look::COLOUR] {
            at = desk.buffer(80, 24, look);
            let coloured = at
                .content()
                .iter()
                .any(|cell| (cell.fg, cell.bg) != (Color::Reset, Color::Reset));
            assert_eq!(coloured, look.has_colour(), "{keys}");
        }
        drop(at);
        desk.key(KeyCode::Esc);
    }
}

#[test]
fn the_last_seconds_are_seen_with_and_without_colours() {
    let seconds_of = |desk: &Desk, look| {
        let buffer = desk.buffer(80, 12, look);
        buffer[(31, 2)].clone()
    };
    let mut desk = Desk::of_ada();
    desk.key(KeyCode::Enter);
    assert_eq!(seconds_of(&desk, Look::COLOUR).symbol(), "1");
    assert_eq!(seconds_of(&desk, Look::COLOUR).fg, Color::Red);
    assert!(
        seconds_of(&desk, Look::PLAIN)
            .modifier
            .contains(Modifier::REVERSED)
    );
    desk.wait(2);
    assert_eq!(seconds_of(&desk, Look::COLOUR).symbol(), "9");
    assert_eq!(seconds_of(&desk, Look::COLOUR).fg, Color::Reset);
    assert!(
        !seconds_of(&desk, Look::PLAIN)
            .modifier
            .contains(Modifier::REVERSED)
    );
}

#[test]
fn names_of_strangers_do_nothing_to_the_screen() {
    // Right-to-left override, zero width, a pile of marks, an escape sequence of eight bits.
    let mut desk = Desk::open(&[
        "totp/Acme%E2%80%AEmoc.live%E2%80%8B:a",
        "totp/Z%CC%81%CC%82%CC%83%CC%84%CC%85:b",
        "totp/%E4%BE%8B%E3%81%88:%D7%A9%D7%9C%D7%95%D7%9D",
    ]);
    desk.types("v");
    assert_screen(
        &desk.screen(70, 10),
        "
 authenticator                                             3 accounts

 › 081 804    ━─────────────   1   Acme�moc.live�  a
   081 804    ━─────────────   1   Z\u{301}\u{302}               b
   081 804    ━─────────────   1   例え            שלום




 ? help  ⏎ show  c copy  a add  / search  n next  i details
",
    );
    for keys in ["i", "d", "r", "x"] {
        desk.types(keys);
        assert!(
            !desk.screen(80, 24).contains(['\u{202e}', '\u{200b}']),
            "{keys}"
        );
        desk.key(KeyCode::Esc);
    }
}

#[test]
fn help_names_every_key_on_every_screen() {
    let mut desk = Desk::of_ada();
    desk.types("?");
    let tall = desk.screen(80, 50);
    for words in [
        "copy the code",
        "the portals that may ask",
        "OSC 52",
        "the vault: another passphrase, a backup, an export",
        "authenticator restore FILE",
        "lock",
    ] {
        assert!(tall.contains(words), "{words}\n{tall}");
    }
    // On a small one it scrolls to its end, and no further.
    for _ in 0..60 {
        desk.key(KeyCode::PageDown);
    }
    assert!(
        desk.screen(40, 8).contains("list."),
        "{}",
        desk.screen(40, 8)
    );
    desk.key(KeyCode::Esc);
    assert!(desk.screen(80, 24).contains("3 accounts"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed on whatever terminal: it goes on, and no secret is in what is logged of it.
    #[test]
    fn no_keys_and_no_size_break_it(
        keys in prop::collection::vec((any::<u8>(), 0_u8..4), 0..60),
        columns in 1_u16..130,
        rows in 1_u16..50,
        colour: bool,
    ) {
        let look = if colour { Look::COLOUR } else { Look::PLAIN };
        let mut desk = Desk::of_ada();
        for (key, modifier) in keys {
            let code = match key {
                0..=9 => KeyCode::Enter,
                10..=14 => KeyCode::Esc,
                15..=18 => KeyCode::Down,
                19..=20 => KeyCode::Backspace,
                21 => KeyCode::PageDown,
                22 => KeyCode::Tab,
                23 => KeyCode::Left,
                24 => KeyCode::Home,
                25 => KeyCode::Delete,
                _ => KeyCode::Char(char::from(key)),
            };
            if modifier == 3 {
                desk.with(KeyModifiers::SHIFT, code);
            } else {
                desk.key(code);
            }
            if key % 7 == 0 {
                desk.wait(u64::from(key));
            }
            if desk.state.open().is_none() {
                desk.state.opened(desk.now);
            }
            let _ = desk.buffer(columns, rows, look);
            let logged = format!("{:?}", desk.state);
            prop_assert!(!logged.contains("GEZDG"), "{logged}");
        }
    }
}
