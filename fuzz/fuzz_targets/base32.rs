//! Keys as text: strict and human reading against a model, and writing as its inverse.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::{base32 as model, leak};
use otp_uri::base32::{self, Base32Error};

fuzz_target!(|data: &[u8]| {
    bytes_are_read_back(data);
    if let Ok(text) = str::from_utf8(data) {
        reading_follows_the_model(text);
        nothing_is_shown(text);
    }
});

fn bytes_are_read_back(bytes: &[u8]) {
    let text = base32::encode(bytes);
    assert_eq!(text.expose(), model::encode(bytes));
    let grouped = base32::grouped(bytes);
    let groups: Vec<&str> = grouped.expose().split(' ').collect();
    assert_eq!(groups.concat(), text.expose());
    let (last, whole) = groups.split_last().unwrap();
    assert!(whole.iter().all(|group| group.len() == 4));
    assert!((1..=4).contains(&last.len()) || bytes.is_empty());
    if bytes.is_empty() {
        assert_eq!(base32::decode_strict("").unwrap_err(), Base32Error::Empty);
        return;
    }
    let padding = "=".repeat((8 - text.expose().len() % 8) % 8);
    for spelling in [
        text.expose().to_owned(),
        format!("{}{padding}", text.expose()),
        text.expose().to_lowercase(),
    ] {
        assert_eq!(base32::decode_strict(&spelling).unwrap().expose(), bytes);
        assert_eq!(base32::decode_human(&spelling).unwrap().expose(), bytes);
    }
    let typed = base32::decode_human(grouped.expose()).unwrap();
    assert_eq!(typed.expose(), bytes);
}

fn reading_follows_the_model(text: &str) {
    let human = base32::decode_human(text);
    let typed = text.replace([' ', '-'], "");
    let symbols = typed.trim_end_matches('=');
    let bits = model::bits(symbols);
    let key = bits.as_deref().map(|bits| model::bytes(bits).0);
    match (&human, key) {
        (Ok(read), Some(key)) => assert_eq!(read.expose(), key),
        (Err(error), None) => assert_eq!(*error, Base32Error::Character),
        (Err(error), Some(key)) => {
            assert_eq!(*error, Base32Error::Empty);
            assert!(key.is_empty());
        }
        (Ok(_), None) => panic!("took what is no Base32"),
    }

    let separated = typed != text;
    let padding = typed.len() - symbols.len();
    let exact_padding = (8 - symbols.len() % 8) % 8;
    let wrong_padding = padding != 0 && padding != exact_padding;
    let wrong_length = matches!(symbols.len() % 8, 1 | 3 | 6);
    let leftover = bits
        .as_deref()
        .is_some_and(|bits| model::bytes(bits).1.contains('1'));
    match base32::decode_strict(text) {
        Ok(strict) => {
            assert!(!separated && !wrong_padding && !wrong_length && !leftover);
            assert_eq!(strict.expose(), human.unwrap().expose());
            let canonical = base32::encode(strict.expose());
            assert_eq!(canonical.expose(), symbols.to_uppercase());
        }
        // What is complained about is there.
        Err(Base32Error::Character) => assert!(separated || bits.is_none()),
        Err(Base32Error::Padding) => assert!(wrong_padding),
        Err(Base32Error::Length) => assert!(wrong_length),
        Err(Base32Error::LeftoverBits) => assert!(leftover),
        Err(Base32Error::Empty) => assert!(symbols.is_empty()),
        Err(other) => panic!("an error without a cause: {other}"),
    }
}

fn nothing_is_shown(text: &str) {
    for text in leak::marked(text) {
        for result in [base32::decode_strict(&text), base32::decode_human(&text)] {
            match result {
                Ok(bytes) => {
                    leak::assert_debug_hides(&bytes);
                    leak::assert_debug_hides(&base32::encode(bytes.expose()));
                }
                Err(error) => leak::assert_error_hides(&error),
            }
        }
    }
}
