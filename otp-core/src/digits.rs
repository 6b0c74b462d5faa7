use crate::division::Divisor;

/// How many digits a code has: six, seven or eight (RFC 4226 §5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u8", into = "u8")
)]
pub enum Digits {
    /// Six digits, the default everywhere.
    #[default]
    Six,
    /// Seven digits.
    Seven,
    /// Eight digits.
    Eight,
}

impl Digits {
    /// Every length, the shortest first.
    pub const ALL: [Self; 3] = [Self::Six, Self::Seven, Self::Eight];

    /// The length from its number.
    ///
    /// # Errors
    /// [`DigitsError`] for anything but 6, 7 and 8.
    pub const fn new(digits: u8) -> Result<Self, DigitsError> {
        match digits {
            6 => Ok(Self::Six),
            7 => Ok(Self::Seven),
            8 => Ok(Self::Eight),
            given => Err(DigitsError { given }),
        }
    }

    /// The number: 6, 7 or 8.
    #[must_use]
    pub const fn get(self) -> u8 {
        match self {
            Self::Six => 6,
            Self::Seven => 7,
            Self::Eight => 8,
        }
    }

    /// 10^digits, by which a truncated HMAC value is reduced.
    pub(crate) const fn modulus(self) -> Divisor {
        const TEN_TO_THE_6: Divisor = Divisor::new(1_000_000);
        const TEN_TO_THE_7: Divisor = Divisor::new(10_000_000);
        const TEN_TO_THE_8: Divisor = Divisor::new(100_000_000);
        match self {
            Self::Six => TEN_TO_THE_6,
            Self::Seven => TEN_TO_THE_7,
            Self::Eight => TEN_TO_THE_8,
        }
    }
}

impl TryFrom<u8> for Digits {
    type Error = DigitsError;

    fn try_from(digits: u8) -> Result<Self, DigitsError> {
        Self::new(digits)
    }
}

impl From<Digits> for u8 {
    fn from(digits: Digits) -> Self {
        digits.get()
    }
}

/// A code length that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has 6, 7 or 8 digits, not `{given}`")]
pub struct DigitsError {
    given: u8,
}

impl DigitsError {
    /// The number that was refused.
    #[must_use]
    pub const fn given(&self) -> u8 {
        self.given
    }
}
