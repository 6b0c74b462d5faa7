//! Accounts: what is shown of them, and what is done with them.

use crossterm::event::{KeyCode, KeyModifiers};
use otp_core::UnixTime;

use super::{Desk, assert_screen};
use crate::screen::look::Look;
use crate::screen::state::{CLIPBOARD, Do};

fn names(desk: &Desk) -> Vec<String> {
    let accounts = desk.contents.accounts().iter();
    accounts
        .map(|account| account.key().issuer().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn codes_are_hidden_until_they_are_chosen() {
    let mut desk = Desk::of_ada();
    assert_screen(
        &desk.screen(80, 12),
        "
 authenticator                                                       3 accounts

 › •••• ••••                   1   Acme     ada@example.com
   ••• •••                     1   Example  ada
   ••• •••    by counter           Bank     ada






 ? help  ⏎ show  c copy  a add  / search  n next  i details  p portals  l lock
",
    );
    desk.key(KeyCode::Enter);
    desk.wait(2);
    assert_screen(
        &desk.screen(80, 12),
        "
 authenticator                                                       3 accounts

 › 1405 0471  ━━━━━━━━━━━━━━  29   Acme     ada@example.com
   ••• •••                    29   Example  ada
   ••• •••    by counter           Bank     ada






 ? help  ⏎ show  c copy  a add  / search  n next  i details  p portals  l lock
",
    );
    desk.types("j");
    assert!(!desk.screen(80, 12).contains("1405"));
    desk.types(" ");
    assert!(desk.screen(80, 12).contains(" › 050 471"));
    desk.types(" ");
    assert!(!desk.screen(80, 12).contains("050 471"));
}

#[test]
fn codes_are_those_of_rfc_6238() {
    let mut desk = Desk::open(&["totp/a?digits=8"]);
    desk.key(KeyCode::Enter);
    for (at, code) in [
        (59, "9428 7082"),
        (1_111_111_109, "0708 1804"),
        (1_234_567_890, "8900 5924"),
        (2_000_000_000, "6927 9037"),
    ] {
        desk.now.clock = UnixTime::from_secs(at);
        // Setting the clock by years locks the vault otherwise.
        desk.state.opened(desk.now);
        desk.key(KeyCode::Enter);
        assert!(desk.screen(80, 8).contains(code), "{at}");
    }
}

#[test]
fn the_next_code_is_shown_beside_this_one() {
    let mut desk = Desk::of_ada();
    desk.types("n");
    assert!(
        desk.screen(80, 12)
            .contains(" › 0708 1804  next 1405 0471   1   Acme")
    );
    desk.types("n");
    assert!(
        desk.screen(80, 12)
            .contains(" › 0708 1804  ━─────────────   1   Acme")
    );
    assert!(!desk.screen(80, 12).contains("1405"));
}

#[test]
fn all_codes_can_be_shown() {
    let mut desk = Desk::of_ada();
    desk.types("v");
    let screen = desk.screen(80, 12);
    assert!(screen.contains("0708 1804") && screen.contains("081 804"));
    desk.types("v");
    assert!(!desk.screen(80, 12).contains("1804"));
}

#[test]
fn a_counter_is_used_only_when_that_is_wanted_and_stored_first() {
    let mut desk = Desk::of_ada();
    desk.types("G");
    desk.key(KeyCode::Enter);
    assert!(desk.says("Press n for the next code: its counter is used up by it."));
    desk.types("c");
    assert!(desk.says("Press n for the next code first.") && desk.done.is_empty());
    for (used, code) in [(1, "755 224"), (2, "287 082"), (3, "359 152")] {
        desk.types("n");
        assert!(
            desk.screen(80, 12).contains(&format!(" › {code} ")),
            "{code}"
        );
        let counter = desk.contents.accounts()[2].key().kind().counter().unwrap();
        assert_eq!(counter.get(), used);
    }
    // Hidden and shown again it is the same, and no other counter is used.
    desk.key(KeyCode::Enter);
    assert!(!desk.screen(80, 12).contains("359 152"));
    desk.key(KeyCode::Enter);
    assert!(desk.screen(80, 12).contains("359 152"));
}

#[test]
fn a_counter_that_is_used_up_says_so() {
    let mut desk = Desk::open(&["hotp/a?counter=18446744073709551615"]);
    desk.types("n");
    assert!(desk.says("! Its last counter was used: there are no more codes."));
}

#[test]
fn steam_has_letters() {
    let mut desk = Desk::open(&["totp/Steam:ada?encoder=steam"]);
    let shown = desk.contents.accounts()[0].code_at(desk.now.clock).unwrap();
    desk.key(KeyCode::Enter);
    let grouped = shown.grouped();
    assert_eq!(grouped.len(), 6);
    assert!(desk.screen(80, 12).contains(grouped.as_str()));
}

#[test]
fn searching_finds_issuers_and_accounts_in_any_case() {
    let mut desk = Desk::of_ada();
    desk.types("/ADA@");
    assert_screen(
        &desk.screen(66, 10),
        "
 /ADA@                                                     1 of 3

 › •••• ••••                   1   Acme  ada@example.com






 ⏎ keep  Esc all accounts
",
    );
    desk.key(KeyCode::Enter);
    desk.types("c");
    assert!(matches!(&desk.done[..], [Do::Copy(code)] if **code == "07081804"));
    desk.key(KeyCode::Esc);
    assert!(desk.screen(80, 12).contains("Bank"));
    desk.types("/xyz");
    assert!(desk.says("No account is called that. Esc shows all of them."));
    // With nothing chosen, no key does anything.
    desk.key(KeyCode::Enter);
    desk.types("cnrdix");
    assert_eq!(desk.done.len(), 1);
}

#[test]
fn accounts_are_moved_and_the_chosen_one_stays_chosen() {
    let mut desk = Desk::of_ada();
    desk.types("J");
    assert_eq!(names(&desk), ["Example", "Acme", "Bank"]);
    desk.with(KeyModifiers::SHIFT, KeyCode::Down);
    desk.types("J");
    assert_eq!(names(&desk), ["Example", "Bank", "Acme"]);
    assert!(
        desk.screen(80, 12)
            .contains(" › •••• ••••                   1   Acme")
    );
    desk.with(KeyModifiers::SHIFT, KeyCode::Up);
    desk.types("K");
    assert_eq!(names(&desk), ["Acme", "Example", "Bank"]);
    desk.types("/a");
    desk.key(KeyCode::Enter);
    desk.types("J");
    assert!(desk.says("End the search with Esc to move accounts."));
    assert_eq!(names(&desk), ["Acme", "Example", "Bank"]);
}

#[test]
fn an_account_is_renamed() {
    let mut desk = Desk::of_ada();
    desk.types("r");
    for _ in 0..4 {
        desk.key(KeyCode::Backspace);
    }
    desk.types("A:B");
    desk.key(KeyCode::Enter);
    desk.key(KeyCode::Enter);
    assert!(desk.says("! Issuer: there is a colon.") || desk.says("colon"));
    assert_eq!(names(&desk)[0], "Acme");
    desk.key(KeyCode::Up);
    desk.with(KeyModifiers::CONTROL, KeyCode::Char('u'));
    desk.paste("Acme Ltd\n");
    desk.key(KeyCode::Enter);
    desk.key(KeyCode::Enter);
    assert_eq!(names(&desk)[0], "Acme Ltd");
    assert!(desk.says("Renamed."));
}

#[test]
fn an_account_is_deleted_only_when_that_is_confirmed() {
    for (typed, left) in [
        ("", 3),
        ("y", 3),
        ("Bank", 3),
        ("yes", 2),
        ("YES", 2),
        ("Acme", 2),
    ] {
        let mut desk = Desk::of_ada();
        desk.types("d");
        desk.types(typed);
        desk.key(KeyCode::Enter);
        assert_eq!(desk.contents.accounts().len(), left, "{typed:?}");
        if left == 3 {
            assert!(desk.says("! That is neither yes nor its name: nothing was deleted."));
            desk.key(KeyCode::Esc);
            assert!(desk.screen(80, 12).contains("Bank"));
        } else {
            assert!(
                desk.screen(80, 12)
                    .contains(" › ••• •••                     1   Example")
            );
        }
    }
}

#[test]
fn a_copied_code_is_taken_out_of_the_clipboard_again() {
    let mut desk = Desk::of_ada();
    desk.types("c");
    assert!(matches!(&desk.done[..], [Do::Copy(code)] if **code == "07081804"));
    assert!(
        !desk.screen(80, 12).contains("0708"),
        "copying shows nothing"
    );
    assert!(desk.says("Copied, if the terminal allows it. The clipboard is emptied in 30 s."));
    desk.wait(CLIPBOARD.as_secs() - 1);
    assert_eq!(desk.done.len(), 1);
    desk.wait(1);
    assert!(matches!(desk.done[1..], [Do::EmptyClipboard]));
    desk.wait(60);
    assert_eq!(
        desk.done.len(),
        2,
        "what somebody else copied since is not ours"
    );
}

#[test]
fn quitting_and_locking_empty_the_clipboard_if_it_is_ours() {
    for key in ['q', 'l'] {
        let mut desk = Desk::of_ada();
        desk.types("c");
        desk.types(&key.to_string());
        assert!(
            matches!(desk.done[1..3], [Do::EmptyClipboard, Do::Lock]),
            "{key}"
        );
        let mut desk = Desk::of_ada();
        desk.types(&key.to_string());
        assert!(matches!(desk.done[0], Do::Lock), "{key}");
    }
}

#[test]
fn details_are_told_in_plain_words() {
    let mut desk = Desk::open(&["totp/Other:ada?issuer=Acme"]);
    desk.types("i");
    assert_screen(
        &desk.screen(80, 18),
        "
 authenticator                                                        1 account

    ╭ Details ─────────────────────────────────────────────────────────────╮
    │                                                                      │
    │  Issuer    Acme                                                      │
    │  Account   ada                                                       │
    │  Codes     6 digits, every 30 seconds                                │
    │  Hash      SHA1                                                      │
    │  Key       160 bits                                                  │
    │  Added     2004-11-09T11:33:20Z                                      │
    │                                                                      │
    │  ! it names two issuers, Other and Acme: be sure that you know       │
    │    where it is from                                                  │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯


 Esc back  r rename  d delete  x as a picture
",
    );
}

#[test]
fn details_are_scrolled_where_there_is_no_room_for_all() {
    let mut desk = Desk::open(&["totp/Other:ada?issuer=Acme"]);
    desk.types("i");
    assert!(!desk.screen(30, 6).contains("Added"));
    desk.types("          ");
    assert!(
        desk.screen(30, 6).contains("from"),
        "{}",
        desk.screen(30, 6)
    );
    desk.key(KeyCode::Esc);
    assert!(desk.screen(30, 6).contains("•••"));
}

#[test]
fn the_key_is_shown_as_a_picture_only_after_a_question() {
    let mut desk = Desk::of_ada();
    desk.types("x");
    assert!(desk.says("Whoever sees or photographs it can make its codes from then on."));
    desk.types("n");
    assert!(!desk.screen(80, 30).contains('▀'));
    desk.types("xy");
    for look in [Look::COLOUR, Look::PLAIN] {
        let uri = read_picture(&desk.buffer(80, 30, look)).expect("a code that can be read");
        let shown = desk.contents.accounts()[0].key().to_text();
        assert_eq!(uri, shown.expose());
    }
    // On a terminal with dark letters it is turned.
    let before = desk.buffer(80, 30, Look::PLAIN);
    desk.types("t");
    let after = desk.buffer(80, 30, Look::PLAIN);
    let letters = |before: &str| if before == "▀" { "▄" } else { "▀" };
    let mut halves = 0;
    for (before, after) in before.content().iter().zip(after.content()) {
        if matches!(before.symbol(), "▀" | "▄") {
            assert_eq!(after.symbol(), letters(before.symbol()));
            halves += 1;
        }
    }
    assert!(halves > 100, "{halves}");
    desk.key(KeyCode::Esc);
    assert!(!desk.screen(80, 30).contains('▀'));
}

#[test]
fn a_picture_that_does_not_fit_says_how_much_it_needs() {
    let mut desk = Desk::of_ada();
    desk.types("xy");
    let screen = desk.screen(30, 12);
    assert!(screen.contains("The picture needs"), "{screen}");
    assert!(!screen.contains('▀'));
}

/// What a reader of QR codes makes of the screen, on which letters are light, if nothing says otherwise.
fn read_picture(buffer: &ratatui::buffer::Buffer) -> Option<String> {
    use ratatui::style::Color;
    const SCALE: u32 = 4;
    let area = buffer.area;
    let (width, height) = (
        u32::from(area.width) * SCALE,
        u32::from(area.height) * 2 * SCALE,
    );
    let mut pixels = vec![0_u8; usize::try_from(width * height).unwrap()];
    for y in 0..height {
        for x in 0..width {
            let at = |pixel: u32, letter: u32| u16::try_from(pixel / SCALE / letter).unwrap();
            let cell = &buffer[(at(x, 1), at(y, 2))];
            let is_upper = (y / SCALE).is_multiple_of(2);
            let is_letter = match cell.symbol() {
                "█" => true,
                "▀" => is_upper,
                "▄" => !is_upper,
                _ => false,
            };
            let dark_letters = cell.fg == Color::Indexed(16);
            let is_light = if dark_letters { !is_letter } else { is_letter };
            pixels[usize::try_from(y * width + x).unwrap()] = if is_light { 255 } else { 0 };
        }
    }
    let found = otp_qr::decode::from_grey(width, height, &pixels).ok()?;
    Some(found.first()?.expose().to_owned())
}
