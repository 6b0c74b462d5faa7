//! What is refused, what is warned of, and in which words.

use otp_qr::{Colors, EncodeError, Level, Qr, Rgb, SvgOptions, TerminalOptions, Warning};

use crate::common::{LEVELS, URI, letters, longest};

#[test]
fn refuses_an_empty_text() {
    assert_eq!(Qr::encode("").unwrap_err(), EncodeError::Empty);
    assert_eq!(Qr::encode_at("", Level::H).unwrap_err(), EncodeError::Empty);
}

#[test]
fn refuses_what_is_not_ascii_and_says_where() {
    for (text, position) in [
        ("é", 0),
        ("Zoë", 2),
        ("otpauth://totp/\u{1f511}", 15),
        ("a\u{80}", 1),
    ] {
        let Err(EncodeError::NotAscii(error)) = Qr::encode(text) else {
            panic!("{text} was taken")
        };
        assert_eq!(error.position(), position);
    }
    // All of ASCII is taken, control characters too.
    let ascii: String = (0..128_u8).map(char::from).collect();
    assert!(Qr::encode(&ascii).is_ok());
}

#[test]
fn refuses_what_needs_more_than_version_25() {
    // ISO/IEC 18004, table 7: the letters that version 25 holds in byte mode.
    for (level, most) in [
        (Level::L, 1273),
        (Level::M, 997),
        (Level::Q, 715),
        (Level::H, 535),
    ] {
        assert_eq!(Qr::encode_at(&letters(most), level).unwrap().version(), 25);
        let Err(EncodeError::TooLong(error)) = Qr::encode_at(&letters(most + 1), level) else {
            panic!("one letter too many at {level:?} was taken");
        };
        assert_eq!((error.length(), error.level()), (most + 1, level));
    }
    // The same table for digits and for upper-case letters.
    for (digit, most) in [("7", 3057), ("A", 1853)] {
        assert_eq!(Qr::encode(&digit.repeat(most)).unwrap().version(), 25);
        let Err(EncodeError::TooLong(error)) = Qr::encode(&digit.repeat(most + 1)) else {
            panic!("one `{digit}` too many was taken");
        };
        assert_eq!((error.length(), error.level()), (most + 1, Level::L));
    }
    // Up to version 40 and far above.
    for length in [2953, 2954, 7089, 7090, 10_000_000] {
        assert!(matches!(
            Qr::encode(&letters(1).repeat(length)),
            Err(EncodeError::TooLong(_))
        ));
    }
}

#[test]
fn falls_to_level_l_above_version_10() {
    // ISO/IEC 18004, table 7: 213 bytes at M and 271 at L in version 10, 321 at L in version 11.
    for (length, version, level) in [
        (213, 10, Level::M),
        (214, 9, Level::L),
        (230, 9, Level::L),
        (231, 10, Level::L),
        (271, 10, Level::L),
        (272, 11, Level::L),
        (998, 22, Level::L),
    ] {
        let qr = Qr::encode(&letters(length)).unwrap();
        assert_eq!(
            (qr.version(), qr.level()),
            (version, level),
            "{length} letters"
        );
    }
}

#[test]
fn warns_above_version_15() {
    for version in 1..=Qr::MAX_VERSION {
        let qr = Qr::encode_at(&longest(version, Level::L), Level::L).unwrap();
        let expected = (version > 15).then_some(Warning::Dense { version });
        assert_eq!(qr.warnings().collect::<Vec<_>>(), Vec::from_iter(expected));
    }
}

#[test]
fn width_is_17_and_four_for_each_version() {
    for level in LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let qr = Qr::encode_at(&longest(version, level), level).unwrap();
            assert_eq!(qr.width(), 17 + 4 * usize::from(version));
        }
    }
}

#[test]
fn colours_need_contrast_and_dark_on_light() {
    let grey = |level| Rgb::new(level, level, level);
    assert!(Colors::new(Rgb::BLACK, Rgb::WHITE).is_ok());
    assert!(Colors::new(Rgb::WHITE, Rgb::BLACK).is_err());
    assert!(Colors::new(grey(90), grey(90)).is_err());
    // On white, #808080 has a contrast of 3.95, and #7f7f7f of 4.00.
    assert!(Colors::new(grey(0x80), Rgb::WHITE).is_err());
    assert!(Colors::new(grey(0x7f), Rgb::WHITE).is_ok());
    // On black, #6c6c6c has 3.999, and #6d6d6d has 4.06.
    assert!(Colors::new(Rgb::BLACK, grey(0x6c)).is_err());
    assert!(Colors::new(Rgb::BLACK, grey(0x6d)).is_ok());
    // The eye sees blue as dark, and green as light: on white, green has 1.37, blue 8.59, and red 3.998.
    assert!(Colors::new(Rgb::new(0, 255, 0), Rgb::WHITE).is_err());
    assert!(Colors::new(Rgb::new(0, 0, 255), Rgb::WHITE).is_ok());
    assert!(Colors::new(Rgb::new(254, 0, 0), Rgb::WHITE).is_ok());
    assert!(Colors::new(Rgb::new(255, 0, 0), Rgb::WHITE).is_err());
    assert_eq!(Colors::default(), Colors::BLACK_ON_WHITE);
}

#[test]
fn prints_are_redacted() {
    let qr = Qr::encode(URI).unwrap();
    let svg = qr.svg(&SvgOptions::new());
    assert_eq!(format!("{qr:?}"), "Qr { version: 6, level: M, .. }");
    assert_eq!(format!("{svg:?}"), "SecretText(redacted)");
    assert_eq!(
        format!("{:?}", qr.data_uri(&SvgOptions::new())),
        "SecretText(redacted)"
    );
    assert_eq!(
        format!("{:?}", qr.terminal(&TerminalOptions::ansi())),
        "SecretText(redacted)"
    );
    #[cfg(feature = "png")]
    assert_eq!(
        format!("{:?}", qr.png(&otp_qr::PngOptions::new()).unwrap()),
        "SecretBytes(redacted)"
    );
}

#[test]
fn texts_are_as_they_were() {
    let long = longest(16, Level::L);
    let dense = Qr::encode_at(&long, Level::L)
        .unwrap()
        .warnings()
        .next()
        .unwrap();
    let texts = [
        Qr::encode("").unwrap_err().to_string(),
        Qr::encode("Zoë").unwrap_err().to_string(),
        Qr::encode_at(&letters(536), Level::H)
            .unwrap_err()
            .to_string(),
        Colors::new(Rgb::WHITE, Rgb::BLACK).unwrap_err().to_string(),
        dense.to_string(),
    ];
    assert_eq!(
        texts,
        [
            "there is no text to encode",
            "the text has a character outside ASCII at byte 2",
            "536 bytes do not fit into a code of version 25 at level H",
            "the light colour has less than 4 times the brightness of the dark one",
            "a code of version 16 has many small modules, which some phones cannot read from a screen",
        ]
    );
}

#[cfg(feature = "png")]
#[test]
fn png_texts_are_as_they_were() {
    let qr = Qr::encode(URI).unwrap();
    let text = |scale| {
        qr.png(&otp_qr::PngOptions::new().scale(scale))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(text(1), "a scale below 4 pixels a module cannot be read");
    assert_eq!(text(1000), "the image has more than 4096 pixels on a side");
}
