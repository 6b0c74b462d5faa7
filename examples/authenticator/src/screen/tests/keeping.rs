//! The vault itself: its passphrase, a backup, accounts for other apps.

use std::path::Path;

use crossterm::event::KeyCode;
use otp_uri::KeyUri;

use super::{Desk, RFC, assert_screen};
use crate::export::{Format, transfer};
use crate::screen::state::Do;

/// Fills in the passphrases, one on each line.
fn passphrases(desk: &mut Desk, typed: [&str; 3]) {
    for typed in typed {
        desk.types(typed);
        desk.key(KeyCode::Enter);
    }
}

#[test]
fn the_menu_says_what_there_is_and_how_a_backup_is_put_back() {
    let mut desk = Desk::of_ada();
    desk.types("m");
    assert_screen(
        &desk.screen(76, 18),
        "
 authenticator                                                   3 accounts



  ╭ The vault ───────────────────────────────────────────────────────────╮
  │                                                                      │
  │  p   change its passphrase                                           │
  │  b   back it up to a file                                            │
  │  e   export the accounts for other apps, not encrypted               │
  │                                                                      │
  │  A backup is put back by a command: authenticator restore FILE.      │
  │  What was there is kept beside it.                                   │
  │                                                                      │
  ╰──────────────────────────────────────────────────────────────────────╯



 p passphrase  b backup  e export  Esc back
",
    );
    for key in ['m', 'q'] {
        assert!(desk.says("The vault"));
        desk.types(&key.to_string());
        assert!(!desk.says("The vault"), "{key}");
        desk.types("m");
    }
    desk.key(KeyCode::Esc);
    assert!(!desk.says("The vault") && desk.done.is_empty());
}

#[test]
fn another_passphrase_is_typed_twice_and_never_shown() {
    let mut desk = Desk::of_ada();
    desk.types("mp");
    passphrases(&mut desk, ["altes Wort", "neues Wort", "anderes Wort"]);
    assert!(desk.says("! The two new ones are not the same. Type all again."));
    assert!(desk.done.is_empty());
    desk.types("altes Wort");
    for secret in ["altes", "neues", "anderes"] {
        assert!(!desk.says(secret), "{}", desk.screen(80, 24));
        assert!(!format!("{:?}", desk.state).contains(secret));
    }
    // What was typed before is gone.
    passphrases(&mut desk, ["", "neues Wort", "neues Wort"]);
    let done = std::mem::take(&mut desk.done);
    assert!(
        matches!(&done[..], [Do::ChangePassphrase { old, new }] if **old == "altes Wort" && **new == "neues Wort")
    );
    // Until it is done, that is what is seen, and keys change nothing.
    desk.types("q");
    assert!(desk.says("Changing the passphrase …") && desk.done.is_empty());

    let open = desk.state.open().unwrap();
    open.passphrase_changed(Err("the old passphrase is wrong".to_owned()));
    assert!(desk.says("Change the passphrase") && desk.says("! The old passphrase is wrong."));
    passphrases(&mut desk, ["a", "b", "b"]);
    desk.state.open().unwrap().passphrase_changed(Ok(()));
    assert!(desk.says("Changed. Backups still open with the old passphrase."));
    assert!(desk.says("3 accounts"));
}

#[test]
fn a_backup_goes_where_it_is_told_to_or_it_is_said_why_not() {
    let mut desk = Desk::of_ada();
    desk.types("mb ");
    desk.key(KeyCode::Enter);
    assert!(desk.says("! Say where it is to be written.") && desk.done.is_empty());
    desk.paste("/media/stick/vault.age");
    desk.key(KeyCode::Enter);
    assert!(
        matches!(&desk.done[..], [Do::BackUp { typed }] if typed == "/media/stick/vault.age"),
        "{:?}",
        desk.done
    );
    assert!(desk.says("Opening the vault, and copying it …"));
    let (typed, to) = (
        "/media/stick/vault.age",
        Path::new("/media/stick/vault.age"),
    );
    let why = "there is a file at `/media/stick/vault.age` already";
    let open = desk.state.open().unwrap();
    open.backed_up(typed, to, Err(why.to_owned()));
    // It can be mended where it stands.
    assert!(desk.says("! There is a file at `/media/stick/vault.age` already."));
    desk.types("2");
    desk.key(KeyCode::Enter);
    assert!(
        matches!(desk.done.last(), Some(Do::BackUp { typed }) if typed == "/media/stick/vault.age2")
    );
    let open = desk.state.open().unwrap();
    open.backed_up(typed, Path::new("/media/\u{202e}stick"), Ok(()));
    assert!(desk.says("Backed up, and checked: /media/\u{fffd}stick"));
}

#[test]
fn an_export_is_asked_for_once_more_in_plain_words() {
    let mut desk = Desk::of_ada();
    desk.types("me");
    desk.key(KeyCode::Right);
    desk.key(KeyCode::Enter);
    desk.key(KeyCode::Enter);
    assert!(desk.says("! Say where it is to be written."));
    desk.types("codes");
    desk.key(KeyCode::Enter);
    assert!(desk.says("Write the keys of all 3 accounts to codes?"));
    assert!(desk.says("They are not encrypted there: whoever reads them"));
    desk.types("x");
    assert!(desk.says("Write the keys?") && desk.done.is_empty());
    desk.types("n");
    assert!(!desk.says("Write the keys?") && desk.done.is_empty());

    desk.types("me");
    desk.key(KeyCode::Right);
    desk.key(KeyCode::Tab);
    desk.types("codes");
    desk.key(KeyCode::Enter);
    desk.types("y");
    let done = std::mem::take(&mut desk.done);
    let [Do::Export { format, typed }] = &done[..] else {
        panic!("{done:?}");
    };
    assert_eq!((*format, typed.as_str()), (Format::Migration, "codes"));
    assert!(desk.says("Writing …"));
}

#[test]
fn after_an_export_it_is_said_what_is_in_it_and_what_is_not() {
    let mut desk = Desk::of_ada();
    let to = Path::new("/home/ada/codes");
    let open = desk.state.open().unwrap();
    let why = "there is a file at `codes` already".to_owned();
    open.exported(Format::Migration, "codes", to, Err(why), &desk.contents);
    // As it was filled in.
    assert!(desk.says("[QR pictures]") && desk.says("New file codes"));
    assert!(desk.says("! There is a file at `codes` already."));

    let long = format!("otpauth://totp/Long:ada?secret={RFC}&period=60");
    let long = KeyUri::parse_lenient(&long).unwrap();
    let left_out = transfer([&long], 1).left_out;
    let open = desk.state.open().unwrap();
    let outcome = Ok(left_out.clone());
    open.exported(Format::Migration, "codes", to, outcome, &desk.contents);
    for words in [
        "Exported: 2, left out: 1",
        "+ /home/ada/codes",
        "delete it when it has served",
        "- Long: ada: its period is 60 s, and a transfer knows 30 s only",
    ] {
        assert!(desk.says(words), "{words}\n{}", desk.screen(80, 24));
    }
    let outcome = Ok([&left_out[..], &left_out, &left_out].concat());
    let open = desk.state.open().unwrap();
    open.exported(Format::Migration, "codes", to, outcome, &desk.contents);
    assert!(desk.says("None of the accounts can be exported so"));
    assert!(!desk.says("/home/ada/codes"));
}

#[test]
fn where_there_is_no_account_nothing_is_exported() {
    let mut desk = Desk::open(&[]);
    desk.types("me");
    assert!(desk.says("There is no account to export."));
    assert!(!desk.says("Export for other apps"));
}
