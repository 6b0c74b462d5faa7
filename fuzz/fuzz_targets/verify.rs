//! Verification and resynchronisation against a naive search with the `hmac` crate.

#![no_main]

use std::ops::RangeInclusive;

use libfuzzer_sys::fuzz_target;
use otp_core::{
    Algorithm, BeforeT0, ConsecutiveCodes, Counter, Digits, Drift, Exhausted, Hotp, HotpParameters,
    LookAhead, Period, ResyncRange, Secret, Steam, TimeStep, Totp, TotpParameters, UnixTime,
    Window,
};
use otp_fuzz::codes::Token;
use otp_fuzz::verification::Input;

fuzz_target!(|data: &[u8]| {
    let input = Input::read(data).unwrap();
    let case = Case::new(&input);
    case.time_follows_the_model();
    case.codes_follow_the_model();
    case.totp_follows_the_model();
    case.hotp_follows_the_model();
    case.totp_is_found_again();
    case.hotp_is_found_again();
});

struct Case<'a> {
    input: &'a Input,
    model: Token<'a>,
    totp: Totp,
    hotp: Hotp,
    steam: Steam,
    now: UnixTime,
    /// By arithmetic that cannot overflow.
    present: Option<u64>,
    last_accepted: Option<u64>,
    range: ResyncRange,
}

impl<'a> Case<'a> {
    fn new(input: &'a Input) -> Self {
        let algorithm = Algorithm::ALL[usize::from(input.algorithm) % 3];
        let digits = Digits::ALL[usize::from(input.digits) % 3];
        let period = Period::new(input.period);
        assert_eq!(period.is_ok(), (1..=0x7fff_ffff).contains(&input.period));
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits)
            .with_period(period.unwrap_or_default())
            .with_t0(UnixTime::from_secs(input.t0));
        let secret = Secret::import_long(&input.key, algorithm).unwrap();
        assert_eq!(
            Secret::import(&input.key).is_ok(),
            input.key.len() <= Secret::MAX_LEN
        );
        let present = input
            .now
            .checked_sub(input.t0)
            .map(|since| since / u64::from(parameters.period().seconds()));
        Self {
            input,
            model: Token {
                key: &input.key,
                algorithm,
                digits,
            },
            totp: Totp::new(&secret, parameters),
            hotp: Hotp::new(
                &secret,
                HotpParameters::default()
                    .with_algorithm(algorithm)
                    .with_digits(digits),
            ),
            steam: Steam::new(&secret),
            now: UnixTime::from_secs(input.now),
            present,
            last_accepted: match input.last_accepted_is % 3 {
                0 => None,
                1 => Some(
                    present
                        .unwrap_or_default()
                        .wrapping_add_signed(input.last_accepted.cast_signed() % 16),
                ),
                _ => Some(input.last_accepted),
            },
            // The widest one is two thousand codes, so it is rare.
            range: match input.range {
                0xf000.. => ResyncRange::MAX,
                narrow => ResyncRange::new(narrow % 16 + 1).unwrap(),
            },
        }
    }

    fn time_follows_the_model(&self) {
        let period = u64::from(self.totp.parameters().period().seconds());
        let seconds_left = self
            .present
            .map(|_| period - (self.input.now - self.input.t0) % period)
            .map(|seconds| u32::try_from(seconds).unwrap());
        assert_eq!(
            self.totp.step_at(self.now),
            self.present.map(TimeStep::new).ok_or(BeforeT0)
        );
        assert_eq!(
            self.totp.seconds_left(self.now),
            seconds_left.ok_or(BeforeT0)
        );
    }

    fn codes_follow_the_model(&self) {
        let expected = self.model.code(self.input.counter);
        let counter = Counter::new(self.input.counter);
        let step = TimeStep::new(self.input.counter);
        assert_eq!(self.hotp.generate(counter).as_str(), expected);
        assert_eq!(self.totp.generate_at(step).as_str(), expected);
        match (self.totp.generate(self.now), self.present) {
            (Ok(code), Some(present)) => assert_eq!(code.as_str(), self.model.code(present)),
            (Err(BeforeT0), None) => {}
            _ => panic!("a code without a step, or a step without a code"),
        }
        if self.model.algorithm == Algorithm::Sha1 || self.model.key.len() <= Secret::MAX_LEN {
            let sha1 = Token {
                algorithm: Algorithm::Sha1,
                ..self.model
            };
            let mut rest = sha1.truncated(self.input.counter) as usize;
            let letters: String = (0..5)
                .map(|_| {
                    let letter = char::from(b"23456789BCDFGHJKMNPQRTVWXY"[rest % 26]);
                    rest /= 26;
                    letter
                })
                .collect();
            assert_eq!(self.steam.generate_at(step).as_str(), letters);
        }
    }

    fn totp_follows_the_model(&self) {
        let (past, future) = (self.input.past % 16, self.input.future % 16);
        let window = Window::new(past, future);
        assert_eq!(
            window.is_ok(),
            u16::from(past) + u16::from(future) <= u16::from(Window::MAX_STEPS)
        );
        let drift = Drift::new(self.input.drift);
        assert_eq!(drift.is_ok(), (-1000..=1000).contains(&self.input.drift));
        let (window, drift) = (window.unwrap_or_default(), drift.unwrap_or_default());
        let around = window.centred_on(drift);
        let code = self.code(self.present.unwrap_or_default());

        let accepted = |last_accepted: Option<u64>| {
            let last_accepted = last_accepted.map(TimeStep::new);
            self.totp
                .verify(&code, self.now, around, last_accepted)
                .accepted()
        };
        let expected = |last_accepted| {
            let centre = add(self.present?, drift.steps().into());
            let ends = add(centre, -i64::from(window.past()))..=add(centre, window.future().into());
            self.highest_step(&[&code], ends, last_accepted)
        };
        let found = accepted(self.last_accepted);
        assert_eq!(
            found.map(|found| found.step().get()),
            expected(self.last_accepted)
        );
        let Some(found) = found else { return };
        assert_eq!(found.offset(), self.offset(found.step()));
        // Once accepted, never again. Not even where another step of the window has the same code.
        assert_eq!(accepted(Some(found.step().get())), None);

        let learned = drift.learned(&found);
        assert!((learned.steps() - drift.steps()).abs() <= 1);
        assert!(learned.steps().abs() <= Drift::MAX_STEPS);
    }

    fn hotp_follows_the_model(&self) {
        let look_ahead = LookAhead::new(self.input.future);
        assert_eq!(look_ahead.is_ok(), self.input.future <= 50);
        let look_ahead = look_ahead.unwrap_or_default();
        let code = self.code(self.input.counter);
        let verify = |next| {
            self.hotp
                .verify(&code, next, look_ahead)
                .map(|verdict| verdict.accepted())
        };
        let next = self.input.counter;
        let found = match verify(Counter::new(next)) {
            Ok(found) => found,
            Err(Exhausted) => return assert_eq!(next, u64::MAX),
        };
        let last = add(next, look_ahead.get().into()).min(u64::MAX - 1);
        assert_eq!(
            found.map(|found| found.counter().get()),
            self.model.highest(&[&code], next..=last, next)
        );
        if let Some(found) = found {
            assert_eq!(found.next().get(), found.counter().get() + 1);
            // Another counter further on may have the same code, so this one may be accepted; but no counter twice.
            if let Ok(Some(again)) = verify(found.next()) {
                assert!(again.counter() > found.counter());
            }
        }
    }

    fn totp_is_found_again(&self) {
        let range = i64::from(self.range.get());
        let present = self.present.unwrap_or_default();
        let ends = add(present, -range)..=add(present, range);
        self.for_rows(present, |codes, row| {
            let last_accepted = self.last_accepted.map(TimeStep::new);
            let found = self
                .totp
                .resynchronise(row, self.now, self.range, last_accepted)
                .accepted();
            let expected = self
                .present
                .and_then(|_| self.highest_step(codes, ends.clone(), self.last_accepted));
            assert_eq!(found.map(|found| found.step().get()), expected);
            let Some(found) = found else { return };
            assert_eq!(
                i32::from(found.drift().steps()),
                self.offset(found.step()),
                "the drift is where the last code was"
            );
            let again = self
                .totp
                .resynchronise(row, self.now, self.range, Some(found.step()));
            assert_eq!(again.accepted(), None);
        });
    }

    fn hotp_is_found_again(&self) {
        let next = self.input.counter;
        self.for_rows(next, |codes, row| {
            let found = match self.hotp.resynchronise(row, Counter::new(next), self.range) {
                Ok(verdict) => verdict.accepted(),
                Err(Exhausted) => return assert_eq!(next, u64::MAX),
            };
            let last = add(next, i64::from(self.range.get()) + codes.len() as i64 - 1);
            let ends = next..=last.min(u64::MAX - 1);
            assert_eq!(
                found.map(|found| found.counter().get()),
                self.model.highest(codes, ends, next)
            );
        });
    }

    /// The highest fresh step; none is fresh after the very last.
    fn highest_step(
        &self,
        codes: &[&str],
        ends: RangeInclusive<u64>,
        last_accepted: Option<u64>,
    ) -> Option<u64> {
        let first_fresh = match last_accepted {
            None => 0,
            Some(last) => last.checked_add(1)?,
        };
        self.model.highest(codes, ends, first_fresh)
    }

    fn offset(&self, step: TimeStep) -> i32 {
        let offset = i128::from(step.get()) - i128::from(self.present.unwrap());
        i32::try_from(offset).unwrap()
    }

    /// What somebody sends.
    fn code(&self, around: u64) -> String {
        let at = add(around, self.input.code_at.into());
        let text = || String::from_utf8_lossy(&self.input.text).into_owned();
        match self.input.code_is % 4 {
            0 => self.model.code(at),
            1 => {
                let mut code = self.model.code(at).into_bytes();
                let place = usize::from(self.input.text[1]) % code.len();
                code[place] = self.input.text[0];
                String::from_utf8_lossy(&code).into_owned()
            }
            2 => {
                let other = usize::from(self.input.digits.wrapping_add(self.input.text[0]));
                let other = Token {
                    digits: Digits::ALL[other % 3],
                    ..self.model
                };
                other.code(at)
            }
            _ => text().trim_end_matches('\0').to_owned(),
        }
    }

    /// Two and three codes that the token shows one after the other, and the same with one of them replaced.
    fn for_rows(&self, around: u64, check: impl Fn(&[&str], ConsecutiveCodes<'_>)) {
        let start = add(around, self.input.code_at.into());
        let mut codes = [0, 1, 2].map(|after| self.model.code(start.saturating_add(after)));
        if !self.input.code_is.is_multiple_of(4) {
            codes[usize::from(self.input.text[2]) % 3] = self.code(around);
        }
        let [first, second, third] = codes.each_ref().map(String::as_str);
        let (two, three) = ([first, second], [first, second, third]);
        check(&two, two.into());
        check(&three, three.into());
    }
}

/// Cut off at both ends of the numbers.
fn add(number: u64, difference: i64) -> u64 {
    let sum = (i128::from(number) + i128::from(difference)).max(0);
    u64::try_from(sum).unwrap_or(u64::MAX)
}
