use thiserror::Error;

/// A colour of the sRGB space: red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Rgb {
    /// Black.
    pub const BLACK: Self = Self::new(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self::new(255, 255, 255);

    /// A colour from its three parts.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The relative luminance, 0 for black to 1 for white: WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// The colours of an image: dark modules on a light ground, with contrast enough to be read.
///
/// ```
/// use otp_qr::{Colors, Rgb};
///
/// let navy_on_white = Colors::new(Rgb::new(0, 0, 96), Rgb::WHITE)?;
/// assert_eq!(navy_on_white.light(), Rgb::WHITE);
///
/// // Light on dark is no matter of taste: many readers do not find such a code.
/// assert!(Colors::new(Rgb::WHITE, Rgb::BLACK).is_err());
/// # Ok::<(), otp_qr::ContrastError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colors {
    // INVARIANT: the contrast of `light` over `dark` is at least `Self::CONTRAST`.
    dark: Rgb,
    light: Rgb,
}

impl Colors {
    /// Black on white, the default.
    pub const BLACK_ON_WHITE: Self = Self {
        dark: Rgb::BLACK,
        light: Rgb::WHITE,
    };

    /// The least contrast: how many times brighter the light colour is, as WCAG 2.2 counts it (1 to 21).
    pub const CONTRAST: f64 = 4.0;

    /// Takes two colours that differ enough.
    ///
    /// # Errors
    ///
    /// [`ContrastError`] if the contrast of `light` over `dark` is below [`Self::CONTRAST`], as it also is when the two are
    /// swapped.
    pub fn new(dark: Rgb, light: Rgb) -> Result<Self, ContrastError> {
        let contrast = (light.luminance() + 0.05) / (dark.luminance() + 0.05);
        if contrast >= Self::CONTRAST {
            Ok(Self { dark, light })
        } else {
            Err(ContrastError(()))
        }
    }

    /// The colour of the modules.
    #[must_use]
    pub fn dark(self) -> Rgb {
        self.dark
    }

    /// The colour of the ground and of the quiet zone.
    #[must_use]
    pub fn light(self) -> Rgb {
        self.light
    }
}

impl Default for Colors {
    fn default() -> Self {
        Self::BLACK_ON_WHITE
    }
}

/// The dark colour is not dark enough, or the light one not light enough, to be told apart by a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the light colour has less than {} times the brightness of the dark one",
    Colors::CONTRAST
)]
pub struct ContrastError(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luminance_is_that_of_wcag() {
        // Computed in Python from the text of WCAG 2.2; 10 is the last part on the straight piece of the curve.
        let expected = [
            ((1, 2, 3), 0.000_564_438_8),
            ((10, 10, 10), 0.003_035_269_8),
            ((11, 11, 11), 0.003_346_535_8),
            ((128, 128, 128), 0.215_860_500_1),
            ((255, 0, 0), 0.2126),
            ((0, 255, 0), 0.7152),
            ((0, 0, 255), 0.0722),
        ];
        for ((red, green, blue), luminance) in expected {
            let difference = Rgb::new(red, green, blue).luminance() - luminance;
            assert!(difference.abs() < 1e-9, "{red} {green} {blue}");
        }
    }
}
