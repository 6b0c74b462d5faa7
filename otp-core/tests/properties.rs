//! What must hold for every key, time, window and sequence of tries; the plain model decides what is right.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

mod model;

use otp_core::{
    Algorithm, Code, ConsecutiveCodes, Counter, Digits, Drift, Exhausted, Hotp, HotpParameters,
    LookAhead, Period, ResyncRange, Secret, TimeStep, Totp, TotpParameters, TypedCode, UnixTime,
    Verdict, Window,
};
use proptest::{prelude::*, sample::select};

fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(&Algorithm::ALL[..])
}

fn digits() -> impl Strategy<Value = Digits> {
    select(&Digits::ALL[..])
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..=128),
        proptest::collection::vec(any::<u8>(), 129..=300),
    ]
}

fn window() -> impl Strategy<Value = Window> {
    (0..=10_u8).prop_flat_map(|past| {
        (0..=10 - past).prop_map(move |future| Window::new(past, future).unwrap())
    })
}

/// Numbers near both ends and near those of 32 bit, and any other.
fn number() -> impl Strategy<Value = u64> {
    let near = |middle: u64| (middle.saturating_sub(60)..=middle.saturating_add(60)).boxed();
    prop_oneof![
        near(0),
        near(1 << 31),
        near(1 << 32),
        near(u64::MAX),
        any::<u64>()
    ]
}

fn hotp(key: &[u8], algorithm: Algorithm, digits: Digits) -> Hotp {
    let secret = Secret::import_long(key, algorithm).unwrap();
    Hotp::new(
        &secret,
        HotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits),
    )
}

fn totp(key: &[u8], algorithm: Algorithm, digits: Digits) -> Totp {
    let secret = Secret::import_long(key, algorithm).unwrap();
    let parameters = TotpParameters::default()
        .with_algorithm(algorithm)
        .with_digits(digits)
        .with_period(Period::new(1).unwrap());
    Totp::new(&secret, parameters)
}

proptest! {
    #[test]
    fn a_code_equals_the_model(key in key(), algorithm in algorithm(), digits in digits(), counter in number()) {
        let expected = model::code(&key, algorithm, counter, digits);
        let code = hotp(&key, algorithm, digits).generate(Counter::new(counter));
        prop_assert_eq!(code.as_str(), &expected);
        prop_assert_eq!(code.digits(), digits);
        let code = totp(&key, algorithm, digits).generate_at(TimeStep::new(counter));
        prop_assert_eq!(code.as_str(), &expected);
    }

    #[test]
    fn totp_verification_equals_the_model(
        key in key(), algorithm in algorithm(), digits in digits(), present in number(), window in window(),
        drift in -12..=12_i16, code_offset in -14..=14_i64, last_offset in proptest::option::of(-14..=14_i64),
    ) {
        let totp = totp(&key, algorithm, digits);
        let shown = |step| model::code(&key, algorithm, step, digits);
        let code = shown(present.saturating_add_signed(code_offset));
        let last = last_offset.map(|offset| present.saturating_add_signed(offset));
        let centre = present.saturating_add_signed(drift.into());
        let range = centre.saturating_sub(window.past().into())..=centre.saturating_add(window.future().into());
        let expected = model::highest(&[&code], range, last, shown);

        let window = window.centred_on(Drift::new(drift).unwrap());
        let verdict = totp.verify(&code, UnixTime::from_secs(present), window, last.map(TimeStep::new));
        prop_assert_eq!(verdict.accepted().map(|accepted| accepted.step().get()), expected);
        if let Verdict::Accepted(accepted) = verdict {
            let offset = i128::from(accepted.step().get()) - i128::from(present);
            prop_assert_eq!(i128::from(accepted.offset()), offset);
        }
    }

    #[test]
    fn hotp_verification_equals_the_model(
        key in key(), algorithm in algorithm(), digits in digits(), next in number(), ahead in 0..=50_u8, code_offset in -3..=53_i64,
    ) {
        let shown = |counter| model::code(&key, algorithm, counter, digits);
        let code = shown(next.saturating_add_signed(code_offset));
        let last = next.saturating_add(ahead.into()).min(u64::MAX - 1);
        let expected = model::highest(&[&code], next..=last, None, shown);
        let verdict = hotp(&key, algorithm, digits).verify(&code, Counter::new(next), LookAhead::new(ahead).unwrap());
        if next == u64::MAX {
            prop_assert_eq!(verdict, Err(Exhausted));
        } else {
            let accepted = verdict.unwrap().accepted();
            prop_assert_eq!(accepted.map(|accepted| accepted.counter().get()), expected);
            prop_assert_eq!(accepted.map(|accepted| accepted.next().get()), expected.map(|counter| counter + 1));
        }
    }

    #[test]
    fn resynchronisation_equals_the_model(
        key in key(), digits in digits(), present in number(), range in 1..=40_u16, offset in -44..=44_i64,
        three in any::<bool>(), wrong in 0..4_usize, last_offset in proptest::option::of(-44..=44_i64),
    ) {
        let algorithm = Algorithm::Sha1;
        let shown = |counter| model::code(&key, algorithm, counter, digits);
        let start = present.saturating_add_signed(offset);
        let mut codes: Vec<String> = (0..3).map(|i| shown(start.wrapping_add(i))).collect();
        if let Some(code) = codes.get_mut(wrong) {
            *code = shown(start.wrapping_sub(7));
        }
        let [a, b, c] = [0, 1, 2].map(|i| codes[i].as_str());
        let (row, consecutive) = if three {
            (vec![a, b, c], ConsecutiveCodes::from([a, b, c]))
        } else {
            (vec![a, b], ConsecutiveCodes::from([a, b]))
        };
        let wide = u64::from(range);
        let range = ResyncRange::new(range).unwrap();

        let last = last_offset.map(|offset| present.saturating_add_signed(offset));
        let places = present.saturating_sub(wide)..=present.saturating_add(wide);
        let expected = model::highest(&row, places, last, shown);
        let found = totp(&key, algorithm, digits)
            .resynchronise(consecutive, UnixTime::from_secs(present), range, last.map(TimeStep::new))
            .accepted();
        prop_assert_eq!(found.map(|found| found.step().get()), expected);
        if let Some(found) = found {
            let drift = i128::from(found.step().get()) - i128::from(present);
            prop_assert_eq!(i128::from(found.drift().steps()), drift);
        }

        let first_place = present.saturating_add(row.len() as u64 - 1);
        let last_place = first_place.saturating_add(wide).min(u64::MAX - 1);
        let expected = model::highest(&row, first_place..=last_place, present.checked_sub(1), shown);
        let found = hotp(&key, algorithm, digits).resynchronise(consecutive, Counter::new(present), range);
        if present == u64::MAX {
            prop_assert_eq!(found, Err(Exhausted));
        } else {
            prop_assert_eq!(found.unwrap().accepted().map(|found| found.counter().get()), expected);
        }
    }

    /// The whole life of a token: whatever is tried whenever, what is stored only grows, and no text is good twice while
    /// a step that shows it is in the window.
    #[test]
    fn no_sequence_of_tries_lets_a_code_in_twice(
        key in key(), window in window(), tries in proptest::collection::vec((0..4_u64, -6..=6_i64), 1..60),
    ) {
        let totp = totp(&key, Algorithm::Sha1, Digits::Six);
        let (mut present, mut last, mut drift) = (1_000_u64, None, Drift::default());
        let mut used: Vec<(Code, u64)> = Vec::new();
        for (passed, offset) in tries {
            present += passed;
            let code = totp.generate_at(TimeStep::new(present.saturating_add_signed(offset)));
            let moved = window.centred_on(drift);
            let Verdict::Accepted(accepted) = totp.verify(code.as_str(), UnixTime::from_secs(present), moved, last) else {
                continue;
            };
            prop_assert!(Some(accepted.step()) > last);
            for (text, step) in &used {
                // A later step may show the same text; the step that was used up never counts again.
                prop_assert!(text.as_str() != code.as_str() || accepted.step().get() > *step);
            }
            let again = totp.verify(code.as_str(), UnixTime::from_secs(present), moved, Some(accepted.step()));
            prop_assert_eq!(again, Verdict::Rejected);
            last = Some(accepted.step());
            drift = drift.learned(&accepted);
            used.push((code, accepted.step().get()));
        }
    }

    #[test]
    fn a_window_looks_as_far_back_as_ahead(key in key(), width in 0..=5_u8, offset in -8..=8_i64) {
        let totp = totp(&key, Algorithm::Sha256, Digits::Eight);
        let window = Window::new(width, width).unwrap();
        let (here, there) = (10_000_u64, 10_000_u64.saturating_add_signed(offset));
        let accepted_at = |now, step| {
            let code = totp.generate_at(TimeStep::new(step));
            totp.verify(code.as_str(), UnixTime::from_secs(now), window, None) != Verdict::Rejected
        };
        prop_assert_eq!(accepted_at(here, there), offset.unsigned_abs() <= width.into());
        prop_assert_eq!(accepted_at(here, there), accepted_at(there, here));
    }

    #[test]
    fn no_text_but_the_exact_digits_is_accepted(key in key(), digits in digits(), now in number(), text in "\\PC{0,12}|[0-9 +-]{0,12}") {
        let totp = totp(&key, Algorithm::Sha1, digits);
        let code = totp.generate(UnixTime::from_secs(now)).unwrap();
        let only = Window::new(0, 0).unwrap();
        let accepted = |text: &str| totp.verify(text, UnixTime::from_secs(now), only, None) != Verdict::Rejected;
        prop_assert!(accepted(code.as_str()));
        prop_assert_eq!(accepted(&text), text == code.as_str());
        for changed in [format!(" {}", code.as_str()), format!("{}0", code.as_str()), code.as_str().replacen(|_| true, "", 1)] {
            prop_assert!(!accepted(&changed));
        }
        for place in 0..code.as_str().len() {
            let mut changed = code.as_str().as_bytes().to_vec();
            // The bytes around the digits, and those that differ from a digit by one high bit.
            for byte in [b'/', b':', changed[place] ^ 0x40, changed[place] ^ 0x20] {
                changed[place] = byte;
                prop_assert!(!accepted(str::from_utf8(&changed).unwrap()));
            }
        }
    }

    /// Ten less in one place is one more in the place before it: the number is the same, the text is no code.
    #[test]
    fn a_text_of_the_same_number_is_no_code(key in key(), digits in digits(), now in number()) {
        let totp = totp(&key, Algorithm::Sha1, digits);
        let code = totp.generate(UnixTime::from_secs(now)).unwrap();
        for place in 1..code.as_str().len() {
            for carry in [-1_i8, 1] {
                let mut same_number = code.as_str().as_bytes().to_vec();
                same_number[place - 1] = same_number[place - 1].wrapping_sub_signed(carry);
                same_number[place] = same_number[place].wrapping_add_signed(carry * 10);
                let text = String::from_utf8(same_number).unwrap();
                let verdict = totp.verify(&text, UnixTime::from_secs(now), Window::new(0, 0).unwrap(), None);
                prop_assert_eq!(verdict, Verdict::Rejected);
            }
        }
    }

    #[test]
    fn what_a_person_types_is_cleaned_to_digits_or_nothing(text in "\\PC{0,16}|[0-9 \u{2013}-]{0,14}") {
        let cleaned = TypedCode::clean(&text);
        prop_assert!(cleaned.as_str().len() <= 8);
        prop_assert!(cleaned.as_str().bytes().all(|byte| byte.is_ascii_digit()));
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}".contains(*c)).collect();
        let is_code = digits.len() <= 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
        prop_assert_eq!(cleaned.as_str(), if is_code { digits.as_str() } else { "" });
    }

    #[test]
    fn time_is_divided_into_steps(now in number(), t0 in number(), seconds in 1..=i32::MAX.unsigned_abs()) {
        let parameters = TotpParameters::default().with_t0(UnixTime::from_secs(t0)).with_period(Period::new(seconds).unwrap());
        let totp = Totp::new(&Secret::import(b"k").unwrap(), parameters);
        let at = UnixTime::from_secs(now);
        if now < t0 {
            prop_assert!(totp.step_at(at).is_err());
            prop_assert!(totp.generate(at).is_err());
            prop_assert!(totp.seconds_left(at).is_err());
            prop_assert_eq!(totp.verify("000000", at, Window::default(), None), Verdict::Rejected);
        } else {
            let (step, left) = (totp.step_at(at).unwrap().get(), totp.seconds_left(at).unwrap());
            prop_assert!((1..=seconds).contains(&left));
            let end = u128::from(t0) + (u128::from(step) + 1) * u128::from(seconds);
            prop_assert_eq!(end, u128::from(now) + u128::from(left));
        }
    }
}
