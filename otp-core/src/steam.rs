use core::fmt;

use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::ZeroizeOnDrop;

use crate::{
    Algorithm, Period, Secret, TimeStep, UnixTime, division::Divisor, prepared_key::PreparedKey,
    wiped::Wiped,
};

/// Steam Guard codes, the phone's side: TOTP with SHA-1 and 30 seconds, shown as five letters.
///
/// ```
/// use otp_core::{Secret, Steam, UnixTime};
///
/// let steam = Steam::new(&Secret::import(b"12345678901234567890")?);
/// assert_eq!(steam.generate(UnixTime::from_secs(59)).as_str().len(), 5);
/// # Ok::<(), otp_core::SecretError>(())
/// ```
pub struct Steam {
    key: PreparedKey,
}

impl Steam {
    /// How long a code is shown: 30 seconds.
    pub const PERIOD: Period = Period::DEFAULT;

    /// A token with this secret.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        Self {
            key: PreparedKey::new(secret, Algorithm::Sha1),
        }
    }

    /// The code that the token shows at a moment.
    #[must_use]
    pub fn generate(&self, now: UnixTime) -> SteamCode {
        let (step, _) = Self::PERIOD.divide(now.secs());
        self.generate_at(TimeStep::new(step))
    }

    /// The code that the token shows during a time step of 30 seconds.
    #[must_use]
    pub fn generate_at(&self, step: TimeStep) -> SteamCode {
        const LETTERS: Divisor = Divisor::new(26);
        let [mut rest] = self.key.truncated(step.get());
        let text = Wiped::new(core::array::from_fn(|_| {
            let letter = letter(LETTERS.remainder(rest));
            rest = LETTERS.quotient(rest);
            letter
        }));
        SteamCode { text }
    }
}

impl fmt::Debug for Steam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steam").finish_non_exhaustive()
    }
}

/// The letter for a number below 26. All are read and one is kept: an index would be a secret address.
fn letter(number: u32) -> u8 {
    const ALPHABET: [u8; 26] = *b"23456789BCDFGHJKMNPQRTVWXY";
    let mut kept = 0;
    for (letter, index) in ALPHABET.iter().zip(0_u32..) {
        kept.conditional_assign(letter, number.ct_eq(&index));
    }
    kept
}

/// A Steam Guard code: five characters of `23456789BCDFGHJKMNPQRTVWXY`, wiped when dropped, redacted in `Debug`.
pub struct SteamCode {
    text: Wiped<5>,
}

impl SteamCode {
    /// The five characters, to show to the owner of the token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text[..]).unwrap_or_default()
    }
}

impl fmt::Debug for SteamCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SteamCode(redacted)")
    }
}

impl ZeroizeOnDrop for SteamCode {}
