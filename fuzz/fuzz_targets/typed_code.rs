//! What people type: cleaning against a model, and what is left over goes through a verification.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_core::{Counter, Digits, Hotp, HotpParameters, LookAhead, Secret, TypedCode, Verdict};

const SPACES_AND_DASHES: [char; 10] = [
    ' ', '\t', '\r', '\n', '\u{a0}', '\u{202f}', '-', '\u{2010}', '\u{2011}', '\u{2013}',
];

fuzz_target!(|data: &[u8]| {
    let Ok(typed) = str::from_utf8(data) else {
        return;
    };
    let cleaned = TypedCode::clean(typed);
    let digits = typed.replace(SPACES_AND_DASHES, "");
    let good = digits.len() <= 8 && digits.bytes().all(|digit| digit.is_ascii_digit());
    assert_eq!(cleaned.as_str(), if good { &digits } else { "" });
    // Nothing is left to clean.
    assert_eq!(
        TypedCode::clean(cleaned.as_str()).as_str(),
        cleaned.as_str()
    );
    assert_eq!(format!("{cleaned:?}"), "TypedCode(redacted)");

    // Cleaning makes no code right that is not, and spoils none.
    let secret = Secret::import(b"12345678901234567890").unwrap();
    for length in Digits::ALL {
        let hotp = Hotp::new(&secret, HotpParameters::default().with_digits(length));
        let right = hotp.generate(Counter::new(7));
        let verdict = |code| hotp.verify(code, Counter::new(7), LookAhead::new(0).unwrap());
        assert_eq!(
            verdict(cleaned.as_str()).unwrap() == Verdict::Rejected,
            digits != right.as_str()
        );
        assert_eq!(
            verdict(typed).unwrap() == Verdict::Rejected,
            typed != right.as_str()
        );
    }
});
