//! Issuer and account: what can be shown.

use otp_uri::{Account, Issuer, NameErrorKind};

fn refused(name: &str) -> NameErrorKind {
    let issuer = Issuer::new(name).unwrap_err();
    assert_eq!(issuer.kind(), Account::new(name).unwrap_err().kind());
    issuer.kind()
}

#[test]
fn names_of_all_languages_are_taken() {
    for name in [
        "Acme",
        "a",
        "100% Legit",
        "Zürich Bank",
        "株式会社",
        "🦀 Crab",
        "банк",
        "بنك",
        "bob+tag@example.com",
        "A/B",
        "<b>",
    ] {
        assert_eq!(Issuer::new(name).unwrap().as_str(), name);
        assert_eq!(Account::new(name).unwrap().as_str(), name);
    }
}

#[test]
fn control_characters_are_refused() {
    for character in [
        '\0', '\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{80}', '\u{85}', '\u{9f}',
    ] {
        assert_eq!(
            refused(&format!("a{character}b")),
            NameErrorKind::ControlCharacter
        );
    }
}

#[test]
fn misleading_characters_are_refused() {
    // Bidirectional controls, line separators, zero-width and other format characters, unassigned ones.
    for character in [
        '\u{061c}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{2028}',
        '\u{2029}',
        '\u{200b}',
        '\u{200d}',
        '\u{2060}',
        '\u{feff}',
        '\u{ad}',
        '\u{e0041}',
        '\u{378}',
        '\u{ffff}',
        '\u{10ffff}',
    ] {
        assert_eq!(
            refused(&format!("a{character}b")),
            NameErrorKind::MisleadingCharacter,
            "{character:?}"
        );
    }
}

#[test]
fn a_colon_is_refused() {
    assert_eq!(refused("a:b"), NameErrorKind::Colon);
    assert!(Issuer::new("a：b").is_ok());
}

#[test]
fn space_at_an_end_is_refused() {
    for name in [" a", "a ", "\u{a0}a", "a\u{3000}"] {
        assert_eq!(refused(name), NameErrorKind::SurroundingSpace);
    }
    assert!(Issuer::new("a b").is_ok());
}

#[test]
fn nothing_is_refused() {
    for name in ["", " ", "\u{3000}"] {
        assert_eq!(refused(name), NameErrorKind::Empty);
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    for (character, longer) in [("a", "aa"), ("🦀", "🦀a")] {
        assert!(Issuer::new(&character.repeat(64)).is_ok());
        assert!(Account::new(&character.repeat(128)).is_ok());
        let issuer = Issuer::new(&(character.repeat(63) + longer)).unwrap_err();
        let account = Account::new(&(character.repeat(127) + longer)).unwrap_err();
        assert_eq!([issuer.kind(), account.kind()], [NameErrorKind::TooLong; 2]);
    }
    // Refused before it is looked at.
    assert_eq!(refused(&"\n".repeat(5000)), NameErrorKind::Empty);
    assert_eq!(refused(&"a\n".repeat(5000)), NameErrorKind::TooLong);
}

#[test]
fn names_are_kept_composed() {
    let decomposed = "Cafe\u{301}";
    assert_eq!(Issuer::new(decomposed).unwrap().as_str(), "Café");
    assert_eq!(Account::new(decomposed).unwrap().as_str(), "Café");
    // Counted after it.
    assert!(Issuer::new(&"e\u{301}".repeat(64)).is_ok());
}

#[test]
fn a_domain_is_kept_as_browsers_compare_it() {
    assert_eq!(
        Issuer::domain("Example.COM").unwrap().as_str(),
        "example.com"
    );
    assert_eq!(
        Issuer::domain("BÜCHER.example").unwrap().as_str(),
        "xn--bcher-kva.example"
    );
    for text in [
        "",
        "localhost",
        "example.com.",
        "127.0.0.1",
        "[::1]",
        "a b.com",
        "https://a.com",
        "a.com/",
        "a.com:80",
        "u@a.com",
        "xn--a.com",
    ] {
        assert_eq!(
            Issuer::domain(text).unwrap_err().kind(),
            NameErrorKind::NotADomain,
            "{text}"
        );
    }
    let long = format!("{}.example", "a".repeat(60));
    assert_eq!(
        Issuer::domain(&long).unwrap_err().kind(),
        NameErrorKind::TooLong
    );
}
