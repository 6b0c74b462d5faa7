use core::{fmt, ops::RangeInclusive};

use crate::{
    BeforeT0, Code, ConsecutiveCodes, Drift, ResyncRange, Secret, TimeStep, TotpParameters,
    UnixTime, Verdict, Window,
    attempt::Attempt,
    prepared_key::PreparedKey,
    search::{HighestMatch, highest_match},
};

/// TOTP, the time-based one-time password (RFC 6238), over a prepared key.
///
/// ```
/// use otp_core::{Secret, Totp, TotpParameters, UnixTime, Verdict, Window};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let totp = Totp::new(&Secret::import(b"12345678901234567890")?, TotpParameters::default());
/// let now = UnixTime::from_secs(59);
/// let mut last_accepted = None; // comes from the database
///
/// let Verdict::Accepted(accepted) = totp.verify("287082", now, Window::default(), last_accepted) else {
///     return Err("rejected".into());
/// };
/// last_accepted = Some(accepted.step()); // goes to the database before anybody is let in
///
/// // The same code a second time is a replay.
/// assert_eq!(totp.verify("287082", now, Window::default(), last_accepted), Verdict::Rejected);
/// # Ok(())
/// # }
/// ```
pub struct Totp {
    key: PreparedKey,
    parameters: TotpParameters,
}

impl Totp {
    /// A token with this secret. Hashes the key once; make it once and keep it where many codes follow.
    #[must_use]
    pub fn new(secret: &Secret, parameters: TotpParameters) -> Self {
        Self {
            key: PreparedKey::new(secret, parameters.algorithm()),
            parameters,
        }
    }

    /// The parameters of the token.
    #[must_use]
    pub const fn parameters(&self) -> TotpParameters {
        self.parameters
    }

    /// The time step of a moment (RFC 6238 §4.2).
    ///
    /// # Errors
    /// [`BeforeT0`]; never with the usual T0 of 0.
    pub fn step_at(&self, now: UnixTime) -> Result<TimeStep, BeforeT0> {
        let (step, _) = self.divide_by_period(now)?;
        Ok(TimeStep::new(step))
    }

    /// How long the code of this moment is still shown, in seconds: 1 to the period.
    ///
    /// # Errors
    /// [`BeforeT0`]; never with the usual T0 of 0.
    pub fn seconds_left(&self, now: UnixTime) -> Result<u32, BeforeT0> {
        let (_, gone) = self.divide_by_period(now)?;
        Ok(self.parameters.period().seconds().saturating_sub(gone))
    }

    fn divide_by_period(&self, now: UnixTime) -> Result<(u64, u32), BeforeT0> {
        let since_t0 = now.secs().checked_sub(self.parameters.t0().secs());
        Ok(self.parameters.period().divide(since_t0.ok_or(BeforeT0)?))
    }

    /// The code that the token shows at a moment.
    ///
    /// # Errors
    /// [`BeforeT0`]; never with the usual T0 of 0.
    pub fn generate(&self, now: UnixTime) -> Result<Code, BeforeT0> {
        self.step_at(now).map(|step| self.generate_at(step))
    }

    /// The code that the token shows during a time step.
    #[must_use]
    pub fn generate_at(&self, step: TimeStep) -> Code {
        let [truncated] = self.key.truncated(step.get());
        Code::new(truncated, self.parameters.digits())
    }

    /// Checks a code against the steps of a window, and against replay (RFC 6238 §5.2).
    ///
    /// The code must be exactly as many ASCII digits as the token shows; for what people type, see
    /// [`TypedCode::clean`](crate::TypedCode::clean). `last_accepted` is the step that was stored at the last acceptance
    /// of this token, whatever it was for. On acceptance store [`AcceptedStep::step`], in one conditional update that
    /// only lets it grow, and only then let the person in.
    ///
    /// A moment before T0 is rejected.
    ///
    /// # Security
    /// Every step of the window is computed and compared, and match and replay are decided together by masks: the time
    /// is the same for every key, every code of one length, and whichever step matches. Of several matching
    /// steps the highest is accepted, because close steps can share a code: after the lowest, the same text would be
    /// good once more. Count the failures: 1 + past + future steps are open to every guess.
    pub fn verify(
        &self,
        code: &str,
        now: UnixTime,
        window: Window,
        last_accepted: Option<TimeStep>,
    ) -> Verdict<AcceptedStep> {
        let Ok(present) = self.step_at(now) else {
            return Verdict::Rejected;
        };
        let found = self.search([code], window.around(present), last_accepted);
        Verdict::declassify(
            found.found,
            AcceptedStep {
                step: found.counter,
                present: present.get(),
            },
        )
    }

    /// Finds a token whose clock is off by more than the window, by two or three consecutive codes (RFC 6238 §6).
    ///
    /// Searches `range` steps in both directions. None of the codes may have been used. On acceptance store the step
    /// and the drift, as after [`verify`](Self::verify).
    ///
    /// ```
    /// use otp_core::{ResyncRange, Secret, Totp, TotpParameters, UnixTime, Window};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let totp = Totp::new(&Secret::import(b"12345678901234567890")?, TotpParameters::default());
    /// let now = UnixTime::from_secs(1_111_111_109);
    /// let slow = |minutes: u64| totp.generate(UnixTime::from_secs(now.secs() - 60 * minutes));
    /// let (older, newer) = (slow(21)?, totp.generate(UnixTime::from_secs(now.secs() - 60 * 21 + 30))?);
    ///
    /// let found = totp
    ///     .resynchronise([older.as_str(), newer.as_str()].into(), now, ResyncRange::default(), None)
    ///     .accepted()
    ///     .ok_or("rejected")?;
    /// assert_eq!(found.drift().steps(), -41);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Security
    /// As [`verify`](Self::verify), over 2 × range + 1 places. Offer it only to somebody who has passed the first factor, and count its failures.
    pub fn resynchronise(
        &self,
        codes: ConsecutiveCodes<'_>,
        now: UnixTime,
        range: ResyncRange,
        last_accepted: Option<TimeStep>,
    ) -> Verdict<Resynchronised> {
        let Ok(present) = self.step_at(now) else {
            return Verdict::Rejected;
        };
        // The last code lies in the range; those before it may lie just outside.
        let last = present.get().saturating_add(range.get().into());
        let first = present.get().saturating_sub(range.get().into());
        let found = match codes {
            ConsecutiveCodes::Two(codes) => {
                let candidates = first.saturating_sub(1)..=last;
                self.search(codes, candidates, last_accepted)
            }
            ConsecutiveCodes::Three(codes) => {
                let candidates = first.saturating_sub(2)..=last;
                self.search(codes, candidates, last_accepted)
            }
        };
        Verdict::declassify(
            found.found,
            Resynchronised {
                accepted: AcceptedStep {
                    step: found.counter,
                    present: present.get(),
                },
            },
        )
    }

    fn search<const N: usize>(
        &self,
        codes: [&str; N],
        candidates: RangeInclusive<u64>,
        last_accepted: Option<TimeStep>,
    ) -> HighestMatch {
        let digits = self.parameters.digits();
        highest_match(
            &self.key,
            digits,
            &codes.map(|code| Attempt::read(code, digits)),
            candidates,
            last_accepted.map(TimeStep::get),
        )
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Totp")
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// The time step of an accepted TOTP code. Only this crate makes one.
///
/// # Security
/// It tells how far the clock of the token is off. Do not send it to the client or log it beside the code.
#[must_use = "store the step, or the code can be used again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedStep {
    step: u64,
    present: u64,
}

impl AcceptedStep {
    /// The highest step that the code belongs to, to be stored as the last accepted one.
    #[must_use]
    pub const fn step(&self) -> TimeStep {
        TimeStep::new(self.step)
    }

    /// How many steps the token is ahead (positive) or behind (negative) of our clock, a learned drift included.
    #[must_use]
    pub fn offset(&self) -> i32 {
        let distance = i32::try_from(self.step.abs_diff(self.present)).unwrap_or(i32::MAX);
        if self.step < self.present {
            distance.saturating_neg()
        } else {
            distance
        }
    }
}

/// A token that was found again. Only this crate makes one.
#[must_use = "store the step and the drift, or the codes can be used again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resynchronised {
    accepted: AcceptedStep,
}

impl Resynchronised {
    /// The step of the last code, to be stored as the last accepted one.
    #[must_use]
    pub const fn step(&self) -> TimeStep {
        self.accepted.step()
    }

    /// The drift of the token, to be stored and given to [`Window::centred_on`].
    #[must_use]
    pub fn drift(&self) -> Drift {
        // INVARIANT: no search is wider than a drift can be.
        i16::try_from(self.accepted.offset())
            .ok()
            .and_then(|steps| Drift::new(steps).ok())
            .unwrap_or_default()
    }
}
