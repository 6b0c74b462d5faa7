//! Hardware tokens, as an administrator imports them.

use otp_core::{Counter, Drift, HotpParameters, Secret, Strength, TotpParameters};

use crate::enrolment::begin::has_usual_period;
use crate::registration::Factor;
use crate::secret::StoredSecret;
use crate::used_steps::UsedSteps;

/// The longest serial number in characters.
const LONGEST_SERIAL: usize = 64;

/// A hardware token: its serial number, and the seed that its maker delivered.
///
/// A serial number belongs to one person of an organisation only; whether it is somebody else's already is found when the
/// test is passed. Wiped when dropped, and redacted.
#[derive(Debug)]
pub struct HardwareToken {
    serial: String,
    secret: Secret,
    kind: TokenKind,
}

#[derive(Clone, Copy, Debug)]
enum TokenKind {
    Totp(TotpParameters),
    Hotp(HotpParameters, Counter),
}

/// A token that cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HardwareTokenError {
    /// No serial number of 1 to 64 letters, digits and signs of ASCII.
    #[error("a serial number has 1 to 64 letters, digits and signs")]
    Serial,
    /// A seed of less than 128 bits (RFC 4226 §4, R6).
    #[error("the seed has less than 128 bits")]
    ShortSeed,
    /// A code that lives for less than 15 or more than 60 seconds.
    #[error("the codes of a token are good for 15 to 60 seconds")]
    Period,
}

impl HardwareToken {
    /// A token whose codes come from the time. Spaces and hyphens in the serial number are left out, and letters made large.
    ///
    /// # Errors
    /// [`HardwareTokenError`].
    pub fn totp(
        serial: &str,
        seed: Secret,
        parameters: TotpParameters,
    ) -> Result<Self, HardwareTokenError> {
        if !has_usual_period(parameters.period()) {
            return Err(HardwareTokenError::Period);
        }
        Self::new(serial, seed, TokenKind::Totp(parameters))
    }

    /// A token whose codes come from a counter: `next` is that of its next code, 0 for a new token.
    ///
    /// # Errors
    /// [`HardwareTokenError`].
    pub fn hotp(
        serial: &str,
        seed: Secret,
        parameters: HotpParameters,
        next: Counter,
    ) -> Result<Self, HardwareTokenError> {
        Self::new(serial, seed, TokenKind::Hotp(parameters, next))
    }

    fn new(serial: &str, secret: Secret, kind: TokenKind) -> Result<Self, HardwareTokenError> {
        let kept = serial.chars().filter(|c| !matches!(c, ' ' | '-'));
        let serial: String = kept.map(|c| c.to_ascii_uppercase()).collect();
        let fits = (1..=LONGEST_SERIAL).contains(&serial.len());
        if !fits || !serial.chars().all(|c| c.is_ascii_graphic()) {
            return Err(HardwareTokenError::Serial);
        }
        if secret.strength() == Strength::Short {
            return Err(HardwareTokenError::ShortSeed);
        }
        Ok(Self {
            serial,
            secret,
            kind,
        })
    }

    /// The serial number, as tokens are told apart by it.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    pub(super) fn factor(&self) -> Factor {
        let secret = StoredSecret::new(self.secret.duplicate());
        match self.kind {
            TokenKind::Totp(parameters) => Factor::Totp {
                secret,
                parameters,
                used: UsedSteps::default(),
                drift: Drift::default(),
            },
            TokenKind::Hotp(parameters, next) => Factor::Hotp {
                secret,
                parameters,
                next: Some(next),
            },
        }
    }
}
