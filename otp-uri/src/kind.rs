use core::fmt;

use otp_core::{
    Algorithm, Counter, Digits, HotpParameters, Period, Steam, TotpParameters, UnixTime,
};

/// What codes a key makes, and with which parameters.
///
/// ```
/// use otp_core::{Algorithm, Counter, HotpParameters, TotpParameters};
/// use otp_uri::Kind;
///
/// let totp = Kind::try_from(TotpParameters::default().with_algorithm(Algorithm::Sha256))?;
/// let hotp = Kind::hotp(HotpParameters::default(), Counter::new(0));
/// assert_eq!(totp.algorithm(), Algorithm::Sha256);
/// assert_eq!(hotp.algorithm(), Algorithm::Sha1);
/// # Ok::<(), otp_uri::T0Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Codes by the time (RFC 6238), from 1970 on.
    Totp {
        /// The hash function.
        algorithm: Algorithm,
        /// The length of a code.
        digits: Digits,
        /// How long a code lives.
        period: Period,
    },
    /// Codes by a counter (RFC 4226).
    Hotp {
        /// The hash function.
        algorithm: Algorithm,
        /// The length of a code.
        digits: Digits,
        /// The counter of the next code.
        counter: Counter,
    },
    /// Steam's codes of five letters: SHA-1, 30 seconds.
    Steam,
}

impl Kind {
    /// HOTP with these parameters, at this counter.
    #[must_use]
    pub const fn hotp(parameters: HotpParameters, counter: Counter) -> Self {
        Self::Hotp {
            algorithm: parameters.algorithm(),
            digits: parameters.digits(),
            counter,
        }
    }

    /// The parameters that `otp-core` takes, of a TOTP key.
    #[must_use]
    pub fn totp_parameters(self) -> Option<TotpParameters> {
        match self {
            Self::Totp {
                algorithm,
                digits,
                period,
            } => Some(
                TotpParameters::default()
                    .with_algorithm(algorithm)
                    .with_digits(digits)
                    .with_period(period),
            ),
            Self::Hotp { .. } | Self::Steam => None,
        }
    }

    /// The parameters that `otp-core` takes and the counter of the next code, of a HOTP key.
    #[must_use]
    pub fn hotp_parameters(self) -> Option<(HotpParameters, Counter)> {
        match self {
            Self::Hotp {
                algorithm,
                digits,
                counter,
            } => Some((
                HotpParameters::default()
                    .with_algorithm(algorithm)
                    .with_digits(digits),
                counter,
            )),
            Self::Totp { .. } | Self::Steam => None,
        }
    }

    /// The hash function.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Totp { algorithm, .. } | Self::Hotp { algorithm, .. } => algorithm,
            Self::Steam => Algorithm::Sha1,
        }
    }

    /// The number of characters of a code: 6 to 8 digits, or Steam's five letters.
    #[must_use]
    pub const fn code_len(self) -> u8 {
        match self {
            Self::Totp { digits, .. } | Self::Hotp { digits, .. } => digits.get(),
            Self::Steam => 5,
        }
    }

    /// How long a code lives; a HOTP code lives until it is used.
    #[must_use]
    pub const fn period(self) -> Option<Period> {
        match self {
            Self::Totp { period, .. } => Some(period),
            Self::Hotp { .. } => None,
            Self::Steam => Some(Steam::PERIOD),
        }
    }

    /// The counter of the next code, of a HOTP key.
    #[must_use]
    pub const fn counter(self) -> Option<Counter> {
        match self {
            Self::Hotp { counter, .. } => Some(counter),
            Self::Totp { .. } | Self::Steam => None,
        }
    }
}

/// TOTP with SHA-1, six digits and 30 seconds.
impl Default for Kind {
    fn default() -> Self {
        Self::Totp {
            algorithm: Algorithm::Sha1,
            digits: Digits::Six,
            period: Period::DEFAULT,
        }
    }
}

/// TOTP with these parameters. No URI can say another T0 than 0.
impl TryFrom<TotpParameters> for Kind {
    type Error = T0Error;

    fn try_from(parameters: TotpParameters) -> Result<Self, T0Error> {
        if parameters.t0() != UnixTime::from_secs(0) {
            return Err(T0Error);
        }
        Ok(Self::Totp {
            algorithm: parameters.algorithm(),
            digits: parameters.digits(),
            period: parameters.period(),
        })
    }
}

/// Only the name, as it stands in a URI.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Totp { .. } => "totp",
            Self::Hotp { .. } => "hotp",
            Self::Steam => "steam",
        })
    }
}

/// TOTP parameters with another T0 than 0, which no URI can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("t0: not 0")]
pub struct T0Error;
