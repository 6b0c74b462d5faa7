//! The modules are those that the `qrcode` crate makes, which tries every mask on a canvas of single modules.

use crate::common::{letters, longest};
use otp_qr::{EncodeError, Level, Qr};
use proptest::prelude::*;
use qrcode::{EcLevel, QrCode, Version};

const LEVELS: [(Level, EcLevel); 4] = [
    (Level::L, EcLevel::L),
    (Level::M, EcLevel::M),
    (Level::Q, EcLevel::Q),
    (Level::H, EcLevel::H),
];

/// What is compared: the version, and every module from the upper left.
fn ours(qr: &Qr) -> (Version, Vec<qrcode::Color>) {
    let colors = qr.modules().flatten().map(|dark| {
        if dark {
            qrcode::Color::Dark
        } else {
            qrcode::Color::Light
        }
    });
    (Version::Normal(i16::from(qr.version())), colors.collect())
}

fn theirs(text: &str, level: EcLevel) -> (Version, Vec<qrcode::Color>) {
    let code = QrCode::with_error_correction_level(text, level).unwrap();
    (code.version(), code.into_colors())
}

#[test]
fn every_version_and_level_equals_the_qrcode_crate() {
    for (level, their_level) in LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let text = longest(version, level);
            let qr = Qr::encode_at(&text, level).unwrap();
            assert_eq!((qr.version(), qr.level()), (version, level));
            assert!(
                ours(&qr) == theirs(&text, their_level),
                "version {version} at {level:?}"
            );
        }
    }
}

#[test]
fn the_example_of_the_standard() {
    // ISO/IEC 18004, annex I: "01234567" at level M is a code of version 1.
    let qr = Qr::encode_at("01234567", Level::M).unwrap();
    let drawn: Vec<String> = qr
        .modules()
        .map(|row| row.map(|dark| if dark { '#' } else { '.' }).collect())
        .collect();
    assert_eq!(
        drawn,
        [
            "#######..#.##.#######",
            "#.....#..####.#.....#",
            "#.###.#.#.....#.###.#",
            "#.###.#.##....#.###.#",
            "#.###.#.#.###.#.###.#",
            "#.....#.#...#.#.....#",
            "#######.#.#.#.#######",
            "........#..##........",
            "#.#####..#..#.#####..",
            "...#.#.##.#.#..#.##..",
            "..#...##.#.#.#..#####",
            "....#....#.....####..",
            "...######..#.#..#....",
            "........#.#####..##..",
            "#######..##.#.##.....",
            "#.....#.#.#####...#.#",
            "#.###.#.#...#..#.##..",
            "#.###.#.##..#..#.....",
            "#.###.#.#.##.#..#.#..",
            "#.....#........##.##.",
            "#######.####.#..#.#..",
        ]
    );
}

#[test]
fn is_dark_says_the_same_as_modules_and_is_light_outside() {
    let qr = Qr::encode(&letters(300)).unwrap();
    let width = qr.width();
    for (y, row) in qr.modules().enumerate() {
        for (x, dark) in row.enumerate() {
            assert_eq!(qr.is_dark(x, y), dark, "{x}, {y}");
        }
    }
    assert!(
        qr.is_dark(width - 1, width - 7) || qr.is_dark(0, width - 1),
        "a finder pattern has a dark corner"
    );
    for (x, y) in [
        (width, 0),
        (0, width),
        (127, 0),
        (128, 0),
        (1 << 32, 0),
        (usize::MAX, 0),
        (0, usize::MAX),
    ] {
        assert!(!qr.is_dark(x, y), "{x}, {y}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_equals_the_qrcode_crate(text in "[ -~]{1,400}|[0-9]{1,900}|[A-Z0-9 $%*+./:-]{1,500}|\\PC{1,60}", choice in 0_usize..4) {
        let (level, their_level) = LEVELS[choice];
        match Qr::encode_at(&text, level) {
            Ok(qr) => {
                prop_assert_eq!(qr.level(), level);
                prop_assert!(ours(&qr) == theirs(&text, their_level));
            }
            Err(EncodeError::NotAscii(error)) => prop_assert!(!text.as_bytes()[error.position()].is_ascii()),
            Err(error) => {
                prop_assert!(matches!(error, EncodeError::TooLong(_)));
                let needed = QrCode::with_error_correction_level(&text, their_level).map(|code| code.width());
                prop_assert!(needed.map_or(true, |width| width > 117));
            }
        }
    }

    #[test]
    fn patterns_in_the_text_equal_the_qrcode_crate(part in "[ -~]{1,3}", times in 1_usize..120) {
        // Texts that repeat themselves make long runs, blocks and finder-like patterns, where the penalties matter.
        let text = part.repeat(times);
        let qr = Qr::encode_at(&text, Level::L).unwrap();
        prop_assert!(ours(&qr) == theirs(&text, EcLevel::L));
    }

    #[test]
    fn the_automatic_level_is_m_up_to_version_10_and_l_above(text in "[ -~]{1,1000}") {
        let qr = Qr::encode(&text).unwrap();
        let at_m = QrCode::new(&text).unwrap();
        let (level, their_level) = if at_m.width() <= 57 { (Level::M, EcLevel::M) } else { (Level::L, EcLevel::L) };
        prop_assert_eq!(qr.level(), level);
        prop_assert!(ours(&qr) == theirs(&text, their_level));
    }
}
