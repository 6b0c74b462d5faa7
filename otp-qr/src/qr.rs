use std::{fmt, iter};

use qrcode::{
    Version,
    bits::{Bits, encode_auto},
};
use zeroize::Zeroizing;

use crate::{
    EncodeError, Level,
    error::{NotAscii, TooLong},
    mask,
    symbol::Symbol,
};

/// A QR code: a square of dark and light modules.
///
/// # Security
///
/// The modules say the same as the text, so a `Qr` is as secret as the URI it was made from. It prints as redacted,
/// cannot be cloned or compared, and is wiped when dropped. Wiping is best effort: the `qrcode` crate, which computes
/// segments and error correction, leaves copies of parts of the text in memory that it has freed.
// No Clone and no PartialEq: every copy of a secret is one more to look after.
pub struct Qr {
    /// Row by row from the top, bit `x` for column `x`, set where the module is dark.
    rows: Zeroizing<Vec<u128>>,
    version: u8,
    level: Level,
}

impl Qr {
    /// The highest version that is made: 117 modules on a side. What lies above is refused, because phones seldom read
    /// it from a screen. Level L holds 1,273 bytes in it, or some twenty accounts of a migration.
    pub const MAX_VERSION: u8 = Symbol::MAX_VERSION;

    /// The light modules that every image has on each of its sides, ISO/IEC 18004 §6.3.8. Readers need them to find
    /// the code, above all on a dark page.
    pub const QUIET_ZONE: u32 = 4;

    /// The last version that is made at level M when the level is chosen automatically.
    const LAST_AT_M: u8 = 10;

    /// The last version without a [`Warning`].
    const LAST_EASY: u8 = 15;

    /// The length of what fits at most: digits, at level L, in [`Self::MAX_VERSION`].
    const MAX_LENGTH: usize = 3057;

    /// Encodes `text`, which has to be ASCII, into the smallest code that holds it.
    ///
    /// The level is [`Level::M`], or [`Level::L`] where M would need a version above 10: a screen is clean, so modules
    /// that are large enough matter more than correction.
    ///
    /// ```
    /// use otp_qr::{EncodeError, Level, Qr};
    ///
    /// let qr = Qr::encode("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example")?;
    /// assert_eq!((qr.version(), qr.level(), qr.width()), (5, Level::M, 37));
    ///
    /// // A label has to be percent-encoded, as in every URI.
    /// assert!(matches!(Qr::encode("otpauth://totp/Zoë"), Err(EncodeError::NotAscii(_))));
    /// # Ok::<(), EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`EncodeError::Empty`] without any text, [`EncodeError::NotAscii`], and [`EncodeError::TooLong`] when the text does
    /// not fit into version 25 at level L.
    pub fn encode(text: &str) -> Result<Self, EncodeError> {
        check(text)?;
        match segments(text, Level::M) {
            Some(bits) if version(&bits).is_some_and(|version| version <= Self::LAST_AT_M) => {
                Self::build(text, bits, Level::M)
            }
            _ => Self::encode_checked(text, Level::L),
        }
    }

    /// Encodes `text` at a level of the caller's choice, with everything else as in [`Self::encode`].
    ///
    /// ```
    /// use otp_qr::{Level, Qr};
    ///
    /// let sticker = Qr::encode_at("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP", Level::Q)?;
    /// assert_eq!(sticker.level(), Level::Q);
    /// # Ok::<(), otp_qr::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Self::encode`], with [`EncodeError::TooLong`] when the text does not fit into version 25 at `level`.
    pub fn encode_at(text: &str, level: Level) -> Result<Self, EncodeError> {
        check(text)?;
        Self::encode_checked(text, level)
    }

    fn encode_checked(text: &str, level: Level) -> Result<Self, EncodeError> {
        match segments(text, level) {
            Some(bits) => Self::build(text, bits, level),
            None => Err(EncodeError::TooLong(TooLong::new(text.len(), level))),
        }
    }

    fn build(text: &str, bits: Bits, level: Level) -> Result<Self, EncodeError> {
        let too_long = || EncodeError::TooLong(TooLong::new(text.len(), level));
        let version = version(&bits).ok_or_else(too_long)?;
        let symbol = Symbol::new(bits, level).ok_or_else(too_long)?;
        Ok(Self {
            rows: mask::apply_best(&symbol, level),
            version,
            level,
        })
    }

    /// The version, 1 to [`Self::MAX_VERSION`]: the size of the code.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// The error correction level.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The modules on a side, 21 to 117, without the quiet zone.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.len()
    }

    /// What a caller should know about this code although it could be made.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + use<> {
        (self.version > Self::LAST_EASY)
            .then_some(Warning::Dense {
                version: self.version,
            })
            .into_iter()
    }

    /// Whether the module in column `x` of row `y` is dark, counted from the upper left corner. Everything outside is
    /// light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        let row = self.rows.get(y).copied().unwrap_or_default();
        u32::try_from(x).is_ok_and(|x| row.unbounded_shr(x) & 1 == 1)
    }

    /// All modules for a drawing of one's own: row by row from the top, each from the left, `true` for dark.
    ///
    /// The quiet zone of [`Self::QUIET_ZONE`] light modules around them is left to the caller, and is not to be left out.
    ///
    /// ```
    /// let qr = otp_qr::Qr::encode("HELLO")?;
    /// for row in qr.modules() {
    ///     let line: String = row.map(|dark| if dark { "##" } else { "  " }).collect();
    ///     # let _ = line;
    ///     // draw it
    /// }
    /// # Ok::<(), otp_qr::EncodeError>(())
    /// ```
    pub fn modules(&self) -> impl Iterator<Item = impl Iterator<Item = bool> + use<>> {
        let width = self.width();
        self.rows.iter().map(move |row| {
            let mut rest = *row;
            (0..width).map(move |_| {
                let dark = rest & 1 == 1;
                rest >>= 1;
                dark
            })
        })
    }

    /// The rows of an image from the top, quiet zone included, bit `x` for column `x`.
    pub(crate) fn image_rows(&self) -> impl Iterator<Item = u128> {
        let quiet = || iter::repeat_n(0, Self::QUIET_ZONE as usize);
        let code = self.rows.iter().map(|row| row << Self::QUIET_ZONE);
        quiet().chain(code).chain(quiet())
    }

    /// The modules on a side of an image, quiet zone included: 29 to 125.
    pub(crate) fn image_width(&self) -> u32 {
        // 4 * version + 17, and the quiet zone on both sides.
        u32::from(self.version)
            .saturating_mul(4)
            .saturating_add(17 + 2 * Self::QUIET_ZONE)
    }

    /// The pixels for each module when nobody says otherwise: 8, or more where the image would be below 240 pixels.
    ///
    /// Below 4 pixels reading fails, and from 6 to 8 on it does not get better.
    pub(crate) fn default_scale(&self) -> u32 {
        const PIXELS: u32 = 8;
        const LEAST_IMAGE: u32 = 240;
        PIXELS.max(LEAST_IMAGE.div_ceil(self.image_width().max(1)))
    }
}

/// Something to tell the user, or to avoid by a shorter text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The code is of a version above 15, and has so many modules that older phones may not read it from a screen.
    Dense {
        /// The version, 16 to 25.
        version: u8,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dense { version } => {
                write!(
                    f,
                    "a code of version {version} has many small modules, which some phones cannot read from a screen"
                )
            }
        }
    }
}

impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Qr")
            .field("version", &self.version)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// What can be said without looking for segments, so that the work is bounded for a text of any length.
fn check(text: &str) -> Result<(), EncodeError> {
    if text.is_empty() {
        Err(EncodeError::Empty)
    } else if text.len() > Qr::MAX_LENGTH {
        Err(EncodeError::TooLong(TooLong::new(text.len(), Level::L)))
    } else if let Some(position) = text.bytes().position(|byte| !byte.is_ascii()) {
        Err(EncodeError::NotAscii(NotAscii::new(position)))
    } else {
        Ok(())
    }
}

/// The text in its most compact modes, for the smallest version that holds it, if there is one up to 40.
fn segments(text: &str, level: Level) -> Option<Bits> {
    encode_auto(text.as_bytes(), level.to_qrcode()).ok()
}

/// The number of the version, if it is one that is made here.
fn version(bits: &Bits) -> Option<u8> {
    match bits.version() {
        Version::Normal(version) => u8::try_from(version)
            .ok()
            .filter(|version| *version <= Qr::MAX_VERSION),
        Version::Micro(_) => None,
    }
}
