use core::fmt;

use crate::{
    Code, ConsecutiveCodes, Counter, Exhausted, HotpParameters, LookAhead, ResyncRange, Secret,
    Verdict, attempt::Attempt, prepared_key::PreparedKey, search::highest_match,
};

/// HOTP, the event-based one-time password (RFC 4226), over a prepared key.
///
/// ```
/// use otp_core::{Counter, Hotp, HotpParameters, LookAhead, Secret, Verdict};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hotp = Hotp::new(&Secret::import(b"12345678901234567890")?, HotpParameters::default());
/// let next = Counter::new(0);
///
/// // The person pressed the button twice before using a code.
/// let Verdict::Accepted(accepted) = hotp.verify("359152", next, LookAhead::default())? else {
///     return Err("rejected".into());
/// };
/// assert_eq!(accepted.counter(), Counter::new(2));
///
/// // Store this before letting anybody in: the code and all before it are used up.
/// let next = accepted.next();
/// assert_eq!(hotp.verify("359152", next, LookAhead::default())?, Verdict::Rejected);
/// # Ok(())
/// # }
/// ```
pub struct Hotp {
    key: PreparedKey,
    parameters: HotpParameters,
}

impl Hotp {
    /// A token with this secret. Hashes the key once; make it once and keep it where many codes follow.
    #[must_use]
    pub fn new(secret: &Secret, parameters: HotpParameters) -> Self {
        Self {
            key: PreparedKey::new(secret, parameters.algorithm()),
            parameters,
        }
    }

    /// The parameters of the token.
    #[must_use]
    pub const fn parameters(&self) -> HotpParameters {
        self.parameters
    }

    /// The code that the token shows at a counter.
    #[must_use]
    pub fn generate(&self, counter: Counter) -> Code {
        let [truncated] = self.key.truncated(counter.get());
        Code::new(truncated, self.parameters.digits())
    }

    /// Checks a code against the next counter and those after it (RFC 4226 §7.2).
    ///
    /// The code must be exactly as many ASCII digits as the token shows; for what people type, see
    /// [`TypedCode::clean`](crate::TypedCode::clean). On acceptance store [`AcceptedCounter::next`], in one
    /// conditional update that fails when somebody else was faster, and only then let the person in.
    ///
    /// # Errors
    /// [`Exhausted`] if the next counter is 2^64-1: nothing can follow it.
    ///
    /// # Security
    /// Takes the same time for every key and every code of one length. Count the failures: 1 + look-ahead places
    /// are open to every guess.
    pub fn verify(
        &self,
        code: &str,
        next: Counter,
        look_ahead: LookAhead,
    ) -> Result<Verdict<AcceptedCounter>, Exhausted> {
        self.search([code], next, look_ahead.get().into())
    }

    /// Finds a token that is further ahead than the look-ahead, by two or three consecutive codes (RFC 4226 §7.4).
    ///
    /// The first of them may lie up to `range` counters after the next one. What is accepted is the last code;
    /// store [`AcceptedCounter::next`] as after [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Exhausted`] if the next counter is 2^64-1.
    ///
    /// # Security
    /// As [`verify`](Self::verify), over range + 1 places. Offer it only to somebody who has passed the first factor, and count its failures.
    pub fn resynchronise(
        &self,
        codes: ConsecutiveCodes<'_>,
        next: Counter,
        range: ResyncRange,
    ) -> Result<Verdict<AcceptedCounter>, Exhausted> {
        match codes {
            ConsecutiveCodes::Two(codes) => self.search(codes, next, range.get()),
            ConsecutiveCodes::Three(codes) => self.search(codes, next, range.get()),
        }
    }

    fn search<const N: usize>(
        &self,
        codes: [&str; N],
        next: Counter,
        ahead: u16,
    ) -> Result<Verdict<AcceptedCounter>, Exhausted> {
        // The last counter that has a next one.
        let last_usable = u64::MAX.saturating_sub(1);
        let first = next.get();
        if first > last_usable {
            return Err(Exhausted);
        }
        let row = N.saturating_sub(1) as u64;
        let last = first
            .saturating_add(ahead.into())
            .saturating_add(row)
            .min(last_usable);
        let digits = self.parameters.digits();
        let highest = highest_match(
            &self.key,
            digits,
            &codes.map(|code| Attempt::read(code, digits)),
            first..=last,
            None,
        );
        Ok(Verdict::declassify(
            highest.found,
            AcceptedCounter {
                counter: highest.counter,
            },
        ))
    }
}

impl fmt::Debug for Hotp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hotp")
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// The counter of an accepted HOTP code. Only this crate makes one.
#[must_use = "store the next counter, or the code can be used again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedCounter {
    // INVARIANT: below 2^64-1.
    counter: u64,
}

impl AcceptedCounter {
    /// The counter that the code belongs to; of a row of codes, the last one's.
    #[must_use]
    pub const fn counter(&self) -> Counter {
        Counter::new(self.counter)
    }

    /// The next counter, to be stored.
    #[must_use]
    pub const fn next(&self) -> Counter {
        Counter::new(self.counter.saturating_add(1))
    }
}
