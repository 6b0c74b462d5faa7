//! Everything in otp-core that touches a key or a code on the way of a verification.
//!
//! Each computation runs in the open first, then with the key concealed, then with the code concealed; the three
//! results must be equal.

use std::fmt::Debug;

use otp_core::{
    Algorithm, Counter, Digits, Hotp, HotpParameters, LookAhead, ResyncRange, Secret, Steam,
    TimeStep, Totp, TotpParameters, UnixTime, Verdict, Window,
};

use crate::secrecy::{conceal, concealed, is_secret, reveal};

const KEY: &[u8; 20] = b"12345678901234567890";
/// Longer than the block of any of the hash functions but not longer than a secret: it is hashed first.
const LONG_KEY: [u8; 128] = [0x5a; 128];
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
const NOW: UnixTime = UnixTime::from_secs(1_111_111_109);
const PRESENT: u64 = 1_111_111_109 / 30;

/// Runs them all and says how many there were.
///
/// # Panics
///
/// When a result differs from that of the same computation in the open.
pub fn check_all() -> usize {
    let mut count = 0;
    for algorithm in ALGORITHMS {
        for digits in Digits::ALL {
            for key in [&KEY[..], &LONG_KEY[..]] {
                count += totp(
                    key,
                    TotpParameters::default()
                        .with_algorithm(algorithm)
                        .with_digits(digits),
                );
                count += hotp(
                    key,
                    HotpParameters::default()
                        .with_algorithm(algorithm)
                        .with_digits(digits),
                );
            }
        }
    }
    count + steam() + import_of_a_very_long_key()
}

fn secret(key: &[u8]) -> Secret {
    Secret::import(key).expect("1 to 128 bytes")
}

/// A key that is longer than a secret can be is hashed at once.
fn import_of_a_very_long_key() -> usize {
    let import = |key: &[u8], algorithm| Secret::import_long(key, algorithm).expect("not empty");
    let key = [LONG_KEY, LONG_KEY].concat();
    let mut hidden_key = key.clone();
    conceal(&mut hidden_key);
    for algorithm in ALGORITHMS {
        let hidden = import(&hidden_key, algorithm);
        assert!(is_secret(&hidden), "the secret does not depend on the key");
        assert_eq!(revealed(hidden).expose(), import(&key, algorithm).expose());
    }
    ALGORITHMS.len()
}

fn concealed_secret(key: &[u8]) -> Secret {
    let mut key = key.to_vec();
    conceal(&mut key);
    let secret = secret(&key);
    assert!(is_secret(&secret), "the secret was lost before it was used");
    secret
}

/// The result of a computation on something secret, once it is public.
fn revealed<T>(mut result: T) -> T {
    reveal(&mut result);
    result
}

fn compare<T: PartialEq + Debug>(open: &T, results: [T; 2]) -> usize {
    for result in &results {
        assert_eq!(result, open, "a secret input changed the result");
    }
    results.len()
}

fn totp(key: &[u8], parameters: TotpParameters) -> usize {
    let mut count = 0;
    let open = Totp::new(&secret(key), parameters);
    let hidden = Totp::new(&concealed_secret(key), parameters);

    let at = |offset: u64| TimeStep::new(PRESENT - 5 + offset);
    let code = |offset: u64| open.generate_at(at(offset)).as_str().to_owned();

    let generated = hidden.generate_at(at(5));
    assert!(is_secret(&generated), "the code does not depend on the key");
    assert_eq!(revealed(generated).as_str(), code(5));
    count += 1;

    // Before the window, each step of it, after it; malformed; too short; too long.
    let attempts = [
        code(3),
        code(4),
        code(5),
        code(6),
        code(7),
        "x".repeat(parameters.digits().get().into()),
        "12345".to_owned(),
        "1234567890".to_owned(),
    ];
    let widest = Window::new(5, 5).expect("ten in total");
    let mut accepted = 0;
    for attempt in &attempts {
        for window in [Window::default(), Window::strict(), widest] {
            for last_accepted in [None, Some(at(4)), Some(at(6))] {
                let expected = open.verify(attempt, NOW, window, last_accepted);
                let with_key = hidden.verify(attempt, NOW, window, last_accepted);
                let with_code = open.verify(&concealed(attempt), NOW, window, last_accepted);
                if expected != Verdict::Rejected {
                    accepted += 1;
                    assert!(
                        is_secret(&with_key),
                        "the verdict does not depend on the key"
                    );
                    assert!(
                        is_secret(&with_code),
                        "the verdict does not depend on the code"
                    );
                }
                count += compare(&expected, [with_key, with_code].map(revealed));
            }
        }
    }
    assert!(accepted > 0, "nothing was accepted, so little was shown");

    let range = ResyncRange::new(20).expect("at most 1000");
    for codes in [[code(0), code(1), code(2)], [code(0), code(2), code(1)]] {
        let [first, second, third] = &codes;
        let [hidden_first, hidden_second, hidden_third] =
            codes.each_ref().map(|code| concealed(code));
        count += compare(
            &open.resynchronise([first.as_str(), second].into(), NOW, range, None),
            [
                hidden.resynchronise([first.as_str(), second].into(), NOW, range, None),
                open.resynchronise([&*hidden_first, &*hidden_second].into(), NOW, range, None),
            ]
            .map(revealed),
        );
        count += compare(
            &open.resynchronise(
                [first.as_str(), second, third].into(),
                NOW,
                range,
                Some(at(0)),
            ),
            [
                hidden.resynchronise(
                    [first.as_str(), second, third].into(),
                    NOW,
                    range,
                    Some(at(0)),
                ),
                open.resynchronise(
                    [&*hidden_first, &*hidden_second, &*hidden_third].into(),
                    NOW,
                    range,
                    Some(at(0)),
                ),
            ]
            .map(revealed),
        );
    }
    count
}

fn hotp(key: &[u8], parameters: HotpParameters) -> usize {
    let mut count = 0;
    let open = Hotp::new(&secret(key), parameters);
    let hidden = Hotp::new(&concealed_secret(key), parameters);

    let next = Counter::new(100);
    let code = |counter: u64| open.generate(Counter::new(counter)).as_str().to_owned();

    let generated = hidden.generate(next);
    assert!(is_secret(&generated), "the code does not depend on the key");
    assert_eq!(revealed(generated).as_str(), code(100));
    count += 1;

    let farthest = LookAhead::new(50).expect("at most 50");
    for attempt in [code(99), code(100), code(103), code(104), code(150)] {
        for look_ahead in [LookAhead::default(), farthest] {
            count += compare(
                &open.verify(&attempt, next, look_ahead),
                [
                    hidden.verify(&attempt, next, look_ahead),
                    open.verify(&concealed(&attempt), next, look_ahead),
                ]
                .map(revealed),
            );
        }
    }

    let range = ResyncRange::new(20).expect("at most 1000");
    for codes in [
        [code(110), code(111), code(112)],
        [code(110), code(112), code(111)],
    ] {
        let [first, second, third] = &codes;
        let [hidden_first, hidden_second, hidden_third] =
            codes.each_ref().map(|code| concealed(code));
        count += compare(
            &open.resynchronise([first.as_str(), second].into(), next, range),
            [
                hidden.resynchronise([first.as_str(), second].into(), next, range),
                open.resynchronise([&*hidden_first, &*hidden_second].into(), next, range),
            ]
            .map(revealed),
        );
        count += compare(
            &open.resynchronise([first.as_str(), second, third].into(), next, range),
            [
                hidden.resynchronise([first.as_str(), second, third].into(), next, range),
                open.resynchronise(
                    [&*hidden_first, &*hidden_second, &*hidden_third].into(),
                    next,
                    range,
                ),
            ]
            .map(revealed),
        );
    }
    count
}

fn steam() -> usize {
    let open = Steam::new(&secret(KEY)).generate(NOW);
    let hidden = Steam::new(&concealed_secret(KEY)).generate(NOW);
    assert!(is_secret(&hidden), "the code does not depend on the key");
    assert_eq!(revealed(hidden).as_str(), open.as_str());
    1
}
