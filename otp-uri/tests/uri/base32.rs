//! Base32 of secrets, rule by rule.

use otp_uri::base32::{Base32Error, decode_human, decode_strict, encode, grouped};

fn strict(text: &str) -> Result<Vec<u8>, Base32Error> {
    decode_strict(text).map(|bytes| bytes.expose().to_vec())
}

fn human(text: &str) -> Result<Vec<u8>, Base32Error> {
    decode_human(text).map(|bytes| bytes.expose().to_vec())
}

/// RFC 4648 §10.
const VECTORS: [(&str, &str); 6] = [
    ("f", "MY======"),
    ("fo", "MZXQ===="),
    ("foo", "MZXW6==="),
    ("foob", "MZXW6YQ="),
    ("fooba", "MZXW6YTB"),
    ("foobar", "MZXW6YTBOI======"),
];

#[test]
fn reads_and_writes_the_vectors_of_the_rfc() {
    for (bytes, padded) in VECTORS {
        let unpadded = padded.trim_end_matches('=');
        assert_eq!(encode(bytes.as_bytes()).expose(), unpadded);
        for text in [padded, unpadded, &padded.to_lowercase()] {
            assert_eq!(strict(text).unwrap(), bytes.as_bytes());
            assert_eq!(human(text).unwrap(), bytes.as_bytes());
        }
    }
}

#[test]
fn never_reads_a_digit_as_a_letter() {
    for text in [
        "MZXW6YT0",
        "MZXW6YT1",
        "MZXW6YT8",
        "MZXW6YT9",
        "ＭＺＸＷ",
        "MZXW,",
        "MZ\tXW",
        "MZ\nXW",
        "MZ_XW",
    ] {
        assert_eq!(strict(text), Err(Base32Error::Character), "{text}");
        assert_eq!(human(text), Err(Base32Error::Character), "{text}");
    }
}

#[test]
fn strict_refuses_spaces_and_dashes() {
    for text in ["MZXW 6YTB", "MZXW-6YTB", " MZXW6YTB", "MZXW6YTB "] {
        assert_eq!(strict(text), Err(Base32Error::Character), "{text}");
        assert_eq!(human(text).unwrap(), b"fooba", "{text}");
    }
}

#[test]
fn strict_takes_the_exact_padding_or_none() {
    for text in [
        "MY=",
        "MY=====",
        "MY=======",
        "MZXW6YTB=",
        "MZXW6YTB========",
    ] {
        assert_eq!(strict(text), Err(Base32Error::Padding), "{text}");
        assert!(human(text).is_ok(), "{text}");
    }
}

#[test]
fn nothing_follows_padding() {
    for text in ["MY=MY", "MZXW6===MZXW6===", "=MY"] {
        assert_eq!(strict(text), Err(Base32Error::Character), "{text}");
        assert_eq!(human(text), Err(Base32Error::Character), "{text}");
    }
}

#[test]
fn strict_refuses_lengths_that_no_bytes_have() {
    for length in 1..=40 {
        let result = strict(&"A".repeat(length));
        if [1, 3, 6].contains(&(length % 8)) {
            assert_eq!(result, Err(Base32Error::Length), "{length}");
        } else {
            assert_eq!(result.unwrap(), vec![0; length * 5 / 8], "{length}");
        }
    }
}

#[test]
fn strict_refuses_every_leftover_bit() {
    // Two characters hold one byte and two bits, four hold two bytes and four bits, and so on.
    for (symbols, surplus) in [(2, 2), (4, 4), (5, 1), (7, 3), (8, 0)] {
        for (value, last) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".chars().enumerate() {
            for last in [last, last.to_ascii_lowercase()] {
                let text = format!("{}{last}", "A".repeat(symbols - 1));
                let leftover = value % (1 << surplus) != 0;
                assert_eq!(
                    strict(&text) == Err(Base32Error::LeftoverBits),
                    leftover,
                    "{text}"
                );
                assert!(human(&text).is_ok(), "{text}");
            }
        }
    }
}

#[test]
fn human_drops_the_bits_after_the_last_byte() {
    assert_eq!(human("ABC").unwrap(), [0x00]);
    assert_eq!(human("AB").unwrap(), [0x00]);
    assert_eq!(human("77777777 7").unwrap(), [0xff; 5]);
    assert_eq!(human("777777").unwrap(), [0xff; 3]);
}

#[test]
fn no_byte_is_no_key() {
    for text in ["", " ", "-", "====", "A", "A=", "a "] {
        assert_eq!(human(text), Err(Base32Error::Empty), "{text}");
    }
    for text in ["", " ", "========"] {
        assert_eq!(strict(text), Err(Base32Error::Empty), "{text}");
    }
}

#[test]
fn groups_have_four_characters_and_no_space_at_the_end() {
    assert_eq!(grouped(b"fooba").expose(), "MZXW 6YTB");
    assert_eq!(grouped(b"foobar").expose(), "MZXW 6YTB OI");
    assert_eq!(grouped(b"f").expose(), "MY");
    assert_eq!(grouped(b"").expose(), "");
}

#[test]
fn a_key_of_any_length_becomes_a_secret() {
    use otp_core::Algorithm;
    let long = decode_human(&"A".repeat(400)).unwrap();
    assert_eq!(long.expose().len(), 250);
    assert_eq!(
        long.to_secret(Algorithm::Sha256).unwrap().expose().len(),
        32
    );
    let short = decode_human("MY").unwrap();
    assert_eq!(short.to_secret(Algorithm::Sha1).unwrap().expose(), b"f");
}
