//! Adding accounts.

use crossterm::event::{KeyCode, KeyModifiers};
use otp_core::Algorithm;

use super::{Desk, RFC, assert_screen};
use crate::screen::state::Do;

/// Of another key than those that are there: with another hash function.
fn uri(label: &str) -> String {
    format!("otpauth://totp/{label}?secret={RFC}&algorithm=SHA512")
}

#[test]
fn a_pasted_link_is_added_and_chosen() {
    let mut desk = Desk::of_ada();
    desk.types("al");
    desk.paste(&format!("{}\n", uri("New:ada")));
    let typed = desk.screen(80, 24);
    assert!(
        typed.contains("•••") && !typed.contains("otpauth://totp") && !typed.contains("GEZD"),
        "{typed}"
    );
    desk.key(KeyCode::Enter);
    assert!(desk.says("Added: 1") && desk.says("+ New (ada)"));
    assert!(!desk.screen(80, 24).contains(RFC));
    desk.key(KeyCode::Esc);
    assert!(
        desk.screen(80, 24)
            .contains(" › ••• •••                     1   New")
    );
}

#[test]
fn a_link_can_be_pasted_into_the_list_and_there_may_be_several() {
    let mut desk = Desk::of_ada();
    desk.paste(&format!(
        "{}\n{}\nnonsense\n",
        uri("One:ada"),
        uri("Two:ada")
    ));
    assert!(
        desk.says("Added: 2, left out: 1"),
        "{}",
        desk.screen(80, 24)
    );
    assert_eq!(desk.contents.accounts().len(), 5);
}

#[test]
fn what_is_there_already_is_left_out() {
    let mut desk = Desk::of_ada();
    // By whatever name.
    desk.paste(&format!("otpauth://totp/Other:name?secret={RFC}"));
    assert!(
        desk.says("Added: 0, left out: 1"),
        "{}",
        desk.screen(80, 24)
    );
    assert_eq!(desk.contents.accounts().len(), 3);
}

#[test]
fn nonsense_is_not_added() {
    for text in [
        "",
        "hello",
        "otpauth://totp/a?secret=1",
        "https://example.com/",
    ] {
        let mut desk = Desk::of_ada();
        desk.paste(text);
        assert_eq!(desk.contents.accounts().len(), 3, "{text}");
        assert!(
            desk.screen(80, 24).contains("Nothing was added") || desk.says("left out: 1"),
            "{text}\n{}",
            desk.screen(80, 24)
        );
    }
}

#[test]
fn a_key_is_typed_by_hand() {
    let mut desk = Desk::of_ada();
    desk.types("ah");
    assert_screen(
        &desk.screen(70, 20),
        "
 authenticator                                             3 accounts



  ╭ Add by hand ───────────────────────────────────────────────────╮
  │                                                                │
  │  Issuer                                                        │
  │  Account                                                       │
  │  Key                                                           │
  │  Kind     [by time] by counter  Steam                          │
  │  Digits   [6] 7  8                                             │
  │  Hash     [SHA-1] SHA-256  SHA-512                             │
  │  Seconds  30                                                   │
  │  Counter  0                                                    │
  │                                                                │
  ╰────────────────────────────────────────────────────────────────╯



 ⏎ go on  Esc cancel  ↑↓ line  ←→ choose  Ctrl+S show the key
",
    );
    for line in ["Hand", "ada", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq"] {
        desk.types(line);
        desk.key(KeyCode::Enter);
    }
    assert!(!desk.says("gezd") && desk.says("Key •••••"));
    desk.key(KeyCode::Up);
    desk.with(KeyModifiers::CONTROL, KeyCode::Char('s'));
    assert!(desk.says("gezd gnbv"));
    desk.with(KeyModifiers::CONTROL, KeyCode::Char('s'));
    desk.key(KeyCode::Down);
    for _ in 0..5 {
        desk.key(KeyCode::Enter);
    }
    let key = desk.contents.accounts()[3].key();
    assert_eq!((key.issuer(), key.account()), (Some("Hand"), "ada"));
    let code = desk.contents.accounts()[3].code_at(desk.now.clock).unwrap();
    assert_eq!(code.expose(), "081804");
}

#[test]
fn everything_can_be_chosen_by_hand() {
    let mut desk = Desk::of_ada();
    desk.types("ah");
    for keys in [&[][..], &[KeyCode::Char('a')], &[]] {
        keys.iter().for_each(|key| desk.key(*key));
        desk.key(KeyCode::Enter);
    }
    // By counter, eight digits, SHA-256, counter 07.
    for right in [1, 2, 1] {
        (0..right).for_each(|_| desk.key(KeyCode::Right));
        desk.key(KeyCode::Enter);
    }
    desk.key(KeyCode::Enter);
    desk.types("7");
    desk.key(KeyCode::Enter);
    assert!(desk.says("! The key is missing."));
    for _ in 0..5 {
        desk.key(KeyCode::Up);
    }
    desk.paste("1");
    for _ in 0..6 {
        desk.key(KeyCode::Enter);
    }
    assert!(desk.says("! The key is not Base32"));
    for _ in 0..5 {
        desk.key(KeyCode::Up);
    }
    desk.key(KeyCode::Backspace);
    desk.paste(RFC);
    for _ in 0..6 {
        desk.key(KeyCode::Enter);
    }
    let key = desk.contents.accounts()[3].key();
    let kind = key.kind();
    assert_eq!((key.issuer(), key.account()), (None, "a"));
    assert_eq!((kind.algorithm(), kind.code_len()), (Algorithm::Sha256, 8));
    assert_eq!(kind.counter().unwrap().get(), 7);
}

#[test]
fn a_file_is_read_from_its_path() {
    let mut desk = Desk::of_ada();
    desk.types("af");
    desk.paste("'/tmp/my list.txt'");
    desk.key(KeyCode::Enter);
    assert!(
        matches!(&desk.done[..], [Do::ReadFile { typed, password: None }] if typed == "'/tmp/my list.txt'")
    );
    desk.read(format!("{}\nbad\n", uri("File:ada")).as_bytes());
    assert!(
        desk.says("Added: 1, left out: 1") && desk.says("+ File (ada)"),
        "{}",
        desk.screen(80, 24)
    );
    assert!(desk.says("- line 2"), "{}", desk.screen(80, 24));
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_form_as_it_was() {
    let mut desk = Desk::of_ada();
    desk.types("af/nowhere");
    desk.key(KeyCode::Enter);
    desk.done.clear();
    let open = desk.state.open().unwrap();
    let why = Err("`/nowhere` cannot be read: no such file".to_owned());
    let todo = open.file_read("/nowhere".to_owned(), None, why, &desk.contents);
    assert!(todo.is_none());
    assert!(
        desk.says("! `/nowhere` cannot be read: no such file."),
        "{}",
        desk.screen(80, 24)
    );
    assert!(desk.says("File /nowhere"));
    desk.key(KeyCode::Enter);
    desk.read(b"\x00\x01\x02");
    assert!(desk.says("File /nowhere"), "{}", desk.screen(80, 24));
    assert_eq!(desk.contents.accounts().len(), 3);
}

#[test]
fn pictures_of_a_transfer_are_asked_for_until_all_are_read() {
    let filler = (0..20)
        .map(|number| format!("totp/Number{number}:with-a-long-name@example.com?algorithm=SHA256"));
    let filler: Vec<_> = filler.collect();
    let filler: Vec<_> = filler.iter().map(String::as_str).collect();
    let other = Desk::open(&filler);
    let keys = other.contents.accounts().iter().map(crate::Account::key);
    let codes = crate::export::transfer(keys, 7).written;
    assert!(codes.len() > 1, "the transfer has several codes");

    let mut desk = Desk::of_ada();
    desk.types("af");
    for (place, code) in codes.iter().enumerate() {
        desk.types("picture.png");
        desk.key(KeyCode::Enter);
        desk.read(code.png());
        let is_last = place + 1 == codes.len();
        assert_eq!(desk.says("codes read"), !is_last, "{}", desk.screen(80, 24));
        assert_eq!(desk.contents.accounts().len(), if is_last { 23 } else { 3 });
    }
    assert!(desk.says("Added: 20"), "{}", desk.screen(80, 24));

    // With one missing, what was read is added when no other picture is named.
    let mut desk = Desk::of_ada();
    desk.types("afpicture.png");
    desk.key(KeyCode::Enter);
    desk.read(codes[0].png());
    desk.key(KeyCode::Enter);
    let added = desk.contents.accounts().len() - 3;
    assert!(added > 0 && added < 20);
    assert!(desk.says("missing"), "{}", desk.screen(80, 24));
}

#[test]
fn an_encrypted_file_asks_for_its_password() {
    let file = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/aegis-encrypted.json"
    ))
    .unwrap();
    let mut desk = Desk::of_ada();
    desk.types("afvault.json");
    desk.key(KeyCode::Enter);
    desk.read(&file);
    assert!(
        desk.says("The file is encrypted"),
        "{}",
        desk.screen(80, 24)
    );
    desk.types("wrong");
    desk.key(KeyCode::Enter);
    desk.read(&file);
    assert!(
        desk.says("! The password is wrong."),
        "{}",
        desk.screen(80, 24)
    );
    desk.types("correct horse Zoë");
    desk.key(KeyCode::Enter);
    desk.read(&file);
    assert!(desk.says("Added:"), "{}", desk.screen(80, 24));
}

#[test]
fn a_link_to_pair_with_is_asked_about_and_its_token_is_not_shown() {
    let mut desk = Desk::of_ada();
    let link = "https://portal.example/device#app.c2VjcmV0LXRva2Vu.YWRh";
    desk.paste(link);
    assert!(
        desk.says("Pair this app with the portal at https://portal.example so that"),
        "{}",
        desk.screen(80, 24)
    );
    assert!(!desk.screen(80, 24).contains("c2Vj"));
    desk.types("n");
    assert!(desk.done.is_empty());
    desk.paste(link);
    desk.types("y");
    assert!(matches!(&desk.done[..], [Do::Pair(to)] if **to == link));
    assert!(desk.says("Pairing with the portal …"));
    let open = desk.state.open().unwrap();
    assert!(open.paired(Err("the portal is shut".to_owned())).is_none());
    assert!(desk.says("! Not paired: the portal is shut."));
}
