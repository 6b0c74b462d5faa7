//! Every vector of `testdata/otp/otp.json`: the RFCs' tables, computed edge cases, close steps that share a code,
//! and texts that are no code.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

use std::collections::BTreeMap;

use otp_core::{
    Algorithm, Counter, Digits, Hotp, HotpParameters, LookAhead, Period, Secret, SecretError,
    TimeStep, Totp, TotpParameters, UnixTime, Verdict, Window,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    kind: String,
    algorithm: Option<String>,
    secret_hex: Option<String>,
    counter: Option<u64>,
    counter_b: Option<u64>,
    time: Option<u64>,
    time_b: Option<u64>,
    period: Option<u32>,
    t0: Option<u64>,
    digits: Option<u8>,
    code: Option<String>,
    expected: String,
}

impl Vector {
    fn key(&self) -> Vec<u8> {
        let hex = self.secret_hex.as_deref().unwrap();
        (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(hex.get(2 * i..2 * i + 2).unwrap(), 16).unwrap())
            .collect()
    }

    /// The algorithm and digits, or which of them no type of ours can say.
    fn parameters(&self) -> Result<(Algorithm, Digits), &'static str> {
        let name = self.algorithm.as_deref().unwrap();
        let algorithm = Algorithm::ALL.into_iter().find(|a| a.name() == name);
        let digits = Digits::new(self.digits.unwrap_or(8));
        Ok((algorithm.ok_or("algorithm")?, digits.map_err(|_| "digits")?))
    }

    fn hotp(&self) -> Result<Hotp, &'static str> {
        let (algorithm, digits) = self.parameters()?;
        let secret = match Secret::import_long(&self.key(), algorithm) {
            Err(SecretError::Empty) => return Err("empty key"),
            secret => secret.unwrap(),
        };
        let parameters = HotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits);
        Ok(Hotp::new(&secret, parameters))
    }

    fn totp(&self) -> Result<Totp, &'static str> {
        let (algorithm, digits) = self.parameters()?;
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits)
            .with_period(Period::new(self.period.unwrap()).unwrap())
            .with_t0(UnixTime::from_secs(self.t0.unwrap()));
        Ok(Totp::new(&Secret::import(&self.key()).unwrap(), parameters))
    }
}

/// Runs `check` on every vector of a kind, and says how many of them it counted under which name.
fn tally(kind: &str, check: impl Fn(&Vector) -> &'static str) -> BTreeMap<&'static str, usize> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/otp/otp.json");
    let file: File = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut counts = BTreeMap::new();
    for vector in file.vectors.iter().filter(|vector| vector.kind == kind) {
        *counts.entry(check(vector)).or_default() += 1;
    }
    counts
}

#[test]
fn hotp_codes_are_right_and_the_rest_cannot_be_said() {
    let counts = tally("hotp", |vector| match vector.hotp() {
        Ok(hotp) => {
            let counter = Counter::new(vector.counter.unwrap());
            let code = hotp.generate(counter);
            assert_eq!(code.as_str(), vector.expected, "{}", vector.id);
            match hotp.verify(&vector.expected, counter, LookAhead::new(0).unwrap()) {
                Ok(verdict) => assert_eq!(verdict.accepted().unwrap().counter(), counter),
                Err(_) => assert_eq!(counter, Counter::MAX),
            }
            "right"
        }
        Err(cannot_be_said) => cannot_be_said,
    });
    // SHA-224 and SHA-384; 2, 4, 5, 9 and 10 digits; keys of no byte.
    let expected = [
        ("algorithm", 6),
        ("digits", 6),
        ("empty key", 2),
        ("right", 30),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn the_31_bits_before_the_reduction_end_in_the_code() {
    let counts = tally("hotp_raw31", |vector| {
        let code = vector
            .hotp()
            .unwrap()
            .generate(Counter::new(vector.counter.unwrap()));
        let raw: u32 = vector.expected.parse().unwrap();
        assert_eq!(
            code.as_str(),
            format!("{:08}", raw % 100_000_000),
            "{}",
            vector.id
        );
        "right"
    });
    assert_eq!(counts, BTreeMap::from([("right", 10)]));
}

#[test]
fn totp_codes_are_right_and_verify() {
    let counts = tally("totp", |vector| match vector.totp() {
        Ok(totp) => {
            let now = UnixTime::from_secs(vector.time.unwrap());
            let code = totp.generate(now).unwrap();
            assert_eq!(code.as_str(), vector.expected, "{}", vector.id);
            let verdict = totp.verify(&vector.expected, now, Window::default(), None);
            assert!(verdict.accepted().is_some(), "{}", vector.id);
            "right"
        }
        Err(cannot_be_said) => cannot_be_said,
    });
    // SHA-224 and SHA-384.
    assert_eq!(counts, BTreeMap::from([("algorithm", 4), ("right", 31)]));
}

#[test]
fn a_text_that_is_no_code_is_rejected_like_a_wrong_one() {
    let counts = tally("code_reject", |vector| {
        let text = vector.code.as_deref().unwrap();
        let counter = Counter::new(vector.counter.unwrap());
        let verdict = vector
            .hotp()
            .unwrap()
            .verify(text, counter, LookAhead::new(0).unwrap());
        assert_eq!(verdict, Ok(Verdict::Rejected), "{}", vector.id);
        let totp = Totp::new(
            &Secret::import(&vector.key()).unwrap(),
            TotpParameters::default(),
        );
        let verdict = totp.verify(
            text,
            UnixTime::from_secs(0),
            Window::new(0, 0).unwrap(),
            None,
        );
        assert_eq!(verdict, Verdict::Rejected, "{}", vector.id);
        "rejected"
    });
    assert_eq!(counts, BTreeMap::from([("rejected", 15)]));
}

#[test]
fn steps_that_share_a_code_burn_together_and_never_block_a_fresh_one() {
    let counts = tally("collision_pair", |vector| {
        let totp = vector.totp().unwrap();
        let (low, high) = (vector.counter.unwrap(), vector.counter_b.unwrap());
        let (early, late) = (vector.time.unwrap(), vector.time_b.unwrap());
        let (early, late) = (UnixTime::from_secs(early), UnixTime::from_secs(late));
        assert_eq!(totp.step_at(early), Ok(TimeStep::new(low)));
        assert_eq!(totp.step_at(late), Ok(TimeStep::new(high)));
        let code = vector.expected.as_str();
        let window = Window::new(2, 2).unwrap();
        let accept = |now, last: Option<u64>| {
            let verdict = totp.verify(code, now, window, last.map(TimeStep::new));
            verdict.accepted().map(|accepted| accepted.step().get())
        };
        // Both steps lie in the window: the highest is taken, so that the same text is not good for the other one.
        assert_eq!(accept(early, None), Some(high), "{}", vector.id);
        assert_eq!(accept(late, Some(high)), None, "{}", vector.id);
        // The lower one was used when the higher one was out of sight: the fresh code is not refused as a replay.
        assert_eq!(accept(late, Some(low)), Some(high), "{}", vector.id);
        let narrow = totp.verify(code, early, Window::new(2, 0).unwrap(), None);
        assert_eq!(
            narrow.accepted().unwrap().step().get(),
            low,
            "{}",
            vector.id
        );

        // The same for HOTP.
        let hotp = vector.hotp().unwrap();
        let verdict = hotp
            .verify(code, Counter::new(low), LookAhead::default())
            .unwrap();
        let next = verdict.accepted().unwrap().next();
        assert_eq!(next, Counter::new(high + 1), "{}", vector.id);
        "right"
    });
    assert_eq!(counts, BTreeMap::from([("right", 10)]));
}
