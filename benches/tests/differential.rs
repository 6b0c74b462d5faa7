//! `otp-core` against crates that are written independently of it: the same codes, the same verdicts.

use libreauth::oath::HOTPBuilder;
use otp_core::{
    Algorithm, Counter, Digits, Hotp, HotpParameters, LookAhead, Period, Secret, TimeStep, Totp,
    TotpParameters, UnixTime, Window,
};
use proptest::prelude::*;
use slauth::oath::hotp::HOTPContext;

fn key() -> impl Strategy<Value = Vec<u8>> {
    // totp-rs takes no key below 16 bytes; the upper end crosses the block lengths of 64 and 128.
    prop::collection::vec(any::<u8>(), 16..=128)
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(Algorithm::ALL.as_slice())
}

fn digits() -> impl Strategy<Value = Digits> {
    prop::sample::select(Digits::ALL.as_slice())
}

fn totp_rs(
    key: &[u8],
    algorithm: Algorithm,
    digits: Digits,
    period: u32,
    skew: u8,
) -> totp_rs::Totp {
    totp_rs::Builder::new()
        .with_algorithm(match algorithm {
            Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
            Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
            Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
        })
        .with_secret(key)
        .with_digits(digits.get())
        .with_step_duration(period.into())
        .with_skew(skew.into())
        .with_account_name("alice")
        .build_noncompliant()
}

fn totp(key: &[u8], algorithm: Algorithm, digits: Digits, period: u32) -> Totp {
    let parameters = TotpParameters::default()
        .with_algorithm(algorithm)
        .with_digits(digits)
        .with_period(Period::new(period).unwrap());
    Totp::new(&Secret::import(key).unwrap(), parameters)
}

fn hotp(key: &[u8], algorithm: Algorithm, digits: Digits) -> Hotp {
    let parameters = HotpParameters::default()
        .with_algorithm(algorithm)
        .with_digits(digits);
    Hotp::new(&Secret::import(key).unwrap(), parameters)
}

/// Whether both found the code, or neither. Of steps that share a code we report the highest, and others the lowest or
/// the nearest.
fn agree(totp: &Totp, code: &str, ours: Option<TimeStep>, theirs: Option<u64>) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            ours.get() == theirs || ours.get() > theirs && totp.generate_at(ours).as_str() == code
        }
        (None, None) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn totp_codes_equal_those_of_totp_rs(
        key in key(),
        algorithm in algorithm(),
        digits in digits(),
        period in 1_u32..=i32::MAX as u32,
        time in any::<u64>(),
    ) {
        let ours = totp(&key, algorithm, digits, period).generate(UnixTime::from_secs(time)).unwrap();
        let theirs = totp_rs(&key, algorithm, digits, period, 1).generate(time);
        prop_assert_eq!(ours.as_str(), theirs.to_string());
    }

    #[test]
    fn totp_codes_and_verdicts_equal_those_of_totp_rfc(
        key in key(),
        algorithm in algorithm(),
        digits in digits(),
        period in 1_u32..=i32::MAX as u32,
        t0 in 0_u64..1 << 40,
        age in 0_u64..1 << 40,
        (past, future) in (0_u8..=5, 0_u8..=5),
        distance in -7_i64..=7,
    ) {
        let now = UnixTime::from_secs(t0 + age);
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits)
            .with_period(Period::new(period).unwrap())
            .with_t0(UnixTime::from_secs(t0));
        let ours = Totp::new(&Secret::import(&key).unwrap(), parameters);

        let name = match algorithm {
            Algorithm::Sha1 => totp_rfc::Algorithm::Sha1,
            Algorithm::Sha256 => totp_rfc::Algorithm::Sha256,
            Algorithm::Sha512 => totp_rfc::Algorithm::Sha512,
        };
        let width = totp_rfc::Digits::new(digits.get()).unwrap();
        let theirs = totp_rfc::Totp::new(name, width, period.into(), t0).unwrap();
        let secret = totp_rfc::Secret::new(&key).unwrap();

        // The code of a moment so many periods away.
        let then = t0 + age.saturating_add_signed(distance * i64::from(period));
        let code = ours.generate(UnixTime::from_secs(then)).unwrap();
        prop_assert_eq!(code.as_str(), theirs.generate(&secret, then).unwrap().to_string());

        let window = Window::new(past, future).unwrap();
        let accepted = ours.verify(code.as_str(), now, window, None).accepted();
        let their_window = totp_rfc::ValidationWindow::new(past.into(), future.into());
        let found = theirs.verify_window(&secret, now.secs(), their_window, code.as_str()).unwrap();
        let accepted = accepted.map(|accepted| accepted.step());
        prop_assert!(agree(&ours, code.as_str(), accepted, found.map(|found| found.counter())));
    }

    #[test]
    fn totp_verdicts_equal_those_of_totp_rs(
        key in key(),
        algorithm in algorithm(),
        time in 0_u64..1 << 40,
        skew in 0_u8..=5,
        distance in -7_i64..=7,
    ) {
        let ours = totp(&key, algorithm, Digits::Six, 30);
        let theirs = totp_rs(&key, algorithm, Digits::Six, 30, skew);
        let code = theirs.generate(time.saturating_add_signed(30 * distance)).to_string();
        let window = Window::new(skew, skew).unwrap();
        let accepted = ours.verify(&code, UnixTime::from_secs(time), window, None).accepted();
        let accepted = accepted.map(|accepted| accepted.step());
        prop_assert!(agree(&ours, &code, accepted, theirs.check(&code, time)));
    }

    #[test]
    fn hotp_codes_equal_those_of_libreauth(
        key in key(),
        algorithm in algorithm(),
        digits in digits(),
        counter in any::<u64>(),
    ) {
        let ours = hotp(&key, algorithm, digits).generate(Counter::new(counter));
        let theirs = HOTPBuilder::new()
            .key(&key)
            .hash_function(match algorithm {
                Algorithm::Sha1 => libreauth::hash::HashFunction::Sha1,
                Algorithm::Sha256 => libreauth::hash::HashFunction::Sha256,
                Algorithm::Sha512 => libreauth::hash::HashFunction::Sha512,
            })
            .output_len(digits.get().into())
            .counter(counter)
            .finalize()
            .unwrap();
        prop_assert_eq!(ours.as_str(), theirs.generate());
    }

    #[test]
    fn hotp_counters_equal_those_of_slauth(
        key in key(),
        next in 0_u64..1 << 60,
        ahead in 0_u8..=50,
        distance in 0_u64..=60,
    ) {
        let ours = hotp(&key, Algorithm::Sha1, Digits::Six);
        let code = ours.generate(Counter::new(next + distance));
        // Its range does not include its end.
        let mut theirs = HOTPContext::builder()
            .secret(&key)
            .counter(next)
            .re_sync_parameter(u16::from(ahead) + 1)
            .build();

        let look_ahead = LookAhead::new(ahead).unwrap();
        let accepted = ours.verify(code.as_str(), Counter::new(next), look_ahead).unwrap().accepted();
        prop_assert_eq!(accepted.is_some(), theirs.verify(code.as_str()));
    }
}
