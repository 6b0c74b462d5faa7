use crate::{Algorithm, Digits, Period, UnixTime};

/// What besides the secret makes a HOTP token: algorithm and digits. By default SHA-1 and six.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct HotpParameters {
    algorithm: Algorithm,
    digits: Digits,
}

impl HotpParameters {
    /// The same with another hash function.
    #[must_use]
    pub const fn with_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// The same with another length of code.
    #[must_use]
    pub const fn with_digits(mut self, digits: Digits) -> Self {
        self.digits = digits;
        self
    }

    /// The hash function.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        self.algorithm
    }

    /// The length of a code.
    #[must_use]
    pub const fn digits(self) -> Digits {
        self.digits
    }
}

/// What besides the secret makes a TOTP token: algorithm, digits, period and T0.
///
/// The default (SHA-1, six digits, 30 seconds, T0 = 0) is the only choice that every authenticator app reads.
///
/// ```
/// use otp_core::{Algorithm, Digits, Period, TotpParameters};
///
/// let parameters = TotpParameters::default()
///     .with_algorithm(Algorithm::Sha256)
///     .with_digits(Digits::Eight)
///     .with_period(Period::new(60)?);
/// assert_eq!(parameters.period().seconds(), 60);
/// # Ok::<(), otp_core::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct TotpParameters {
    algorithm: Algorithm,
    digits: Digits,
    period: Period,
    t0: UnixTime,
}

impl TotpParameters {
    /// The same with another hash function.
    #[must_use]
    pub const fn with_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// The same with another length of code.
    #[must_use]
    pub const fn with_digits(mut self, digits: Digits) -> Self {
        self.digits = digits;
        self
    }

    /// The same with another time step.
    #[must_use]
    pub const fn with_period(mut self, period: Period) -> Self {
        self.period = period;
        self
    }

    /// The same with another start of the first time step (RFC 6238 §4.1). It is 0 nearly everywhere, and no `otpauth` URI can say otherwise.
    #[must_use]
    pub const fn with_t0(mut self, t0: UnixTime) -> Self {
        self.t0 = t0;
        self
    }

    /// The hash function.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        self.algorithm
    }

    /// The length of a code.
    #[must_use]
    pub const fn digits(self) -> Digits {
        self.digits
    }

    /// The time step.
    #[must_use]
    pub const fn period(self) -> Period {
        self.period
    }

    /// The start of the first time step.
    #[must_use]
    pub const fn t0(self) -> UnixTime {
        self.t0
    }
}
