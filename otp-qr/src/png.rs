use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Colors, Qr, SecretBytes, runs::runs};

/// How a PNG looks. The default is black on white, with 8 pixels a module, or more where the image would be below 240
/// pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PngOptions {
    scale: Option<u32>,
    colors: Colors,
}

impl PngOptions {
    /// The least scale: below it, phones often fail to read the image.
    pub const MIN_SCALE: u32 = 4;

    /// The most pixels on a side of the image.
    pub const MAX_PIXELS: u32 = 4096;

    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses the pixels on a side of each module, [`Self::MIN_SCALE`] or more. From 6 to 8 are good on a screen; print
    /// needs more.
    #[must_use]
    pub fn scale(mut self, pixels: u32) -> Self {
        self.scale = Some(pixels);
        self
    }

    /// Chooses the colours.
    #[must_use]
    pub fn colors(mut self, colors: Colors) -> Self {
        self.colors = colors;
        self
    }
}

/// Why a PNG cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PngError {
    /// The scale is below [`PngOptions::MIN_SCALE`].
    #[error(
        "a scale below {} pixels a module cannot be read",
        PngOptions::MIN_SCALE
    )]
    ScaleTooSmall,
    /// The image would have more than [`PngOptions::MAX_PIXELS`] on a side.
    #[error("the image has more than {} pixels on a side", PngOptions::MAX_PIXELS)]
    TooLarge,
    /// The encoder failed, which it does not do when memory is left.
    #[error("the encoder failed")]
    Encoder,
}

impl Qr {
    /// Draws the code as a PNG with one bit a pixel, quiet zone included.
    ///
    /// ```
    /// use otp_qr::{PngOptions, Qr};
    ///
    /// let qr = Qr::encode("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example")?;
    /// let png = qr.png(&PngOptions::new().scale(6))?;
    /// assert!(png.expose().starts_with(b"\x89PNG"));
    ///
    /// assert!(qr.png(&PngOptions::new().scale(1000)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PngError::ScaleTooSmall`] and [`PngError::TooLarge`] for a scale that cannot be used.
    ///
    /// # Security
    ///
    /// The encoder compresses through buffers of its own, which are not wiped.
    pub fn png(&self, options: &PngOptions) -> Result<SecretBytes, PngError> {
        let scale = options.scale.unwrap_or_else(|| self.default_scale());
        if scale < PngOptions::MIN_SCALE {
            return Err(PngError::ScaleTooSmall);
        }
        let pixels = self
            .image_width()
            .checked_mul(scale)
            .filter(|pixels| *pixels <= PngOptions::MAX_PIXELS)
            .ok_or(PngError::TooLarge)?;
        self.write_png(pixels, scale, options.colors)
            .map_err(|_| PngError::Encoder)
    }

    fn write_png(
        &self,
        pixels: u32,
        scale: u32,
        colors: Colors,
    ) -> Result<SecretBytes, png::EncodingError> {
        let image = self.pixels(pixels, scale);
        let mut file = Zeroizing::new(Vec::with_capacity(file_capacity(image.len())));

        let mut encoder = png::Encoder::new(&mut *file, pixels, pixels);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::One);
        let palette =
            [colors.light(), colors.dark()].map(|color| [color.red, color.green, color.blue]);
        encoder.set_palette(palette.as_flattened().to_vec());
        // All but one of the rows of a module are equal to the row above, so the difference to that is nearly all
        // zeros, and even the fastest compression makes little of it.
        encoder.set_compression(png::Compression::Fast);
        encoder.set_filter(png::Filter::Up);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&image)?;
        writer.finish()?;
        Ok(SecretBytes::new(file))
    }

    /// The image row by row, eight pixels a byte with the leftmost in the highest bit, set where it is dark.
    fn pixels(&self, pixels: u32, scale: u32) -> Zeroizing<Vec<u8>> {
        let stride = pixels.div_ceil(8) as usize;
        let mut image = Zeroizing::new(Vec::with_capacity(stride.saturating_mul(pixels as usize)));
        let mut line = Zeroizing::new(vec![0; stride]);
        for row in self.image_rows() {
            line.fill(0);
            let mut x = 0_u32;
            for run in runs(row) {
                let start = x.saturating_add(run.gap.saturating_mul(scale));
                let end = start.saturating_add(run.length.saturating_mul(scale));
                (start..end).for_each(|x| darken(&mut line, x));
                x = end;
            }
            (0..scale).for_each(|_| image.extend_from_slice(&line));
        }
        image
    }
}

/// Enough for the file, so that it never moves and leaves a copy behind: of the four rows or more of a module, all but
/// the first are zeros once the filter is through with them.
fn file_capacity(image: usize) -> usize {
    (image / 2).saturating_add(1024)
}

/// Sets the pixel in column `x`.
fn darken(line: &mut [u8], x: u32) {
    if let Some(byte) = line.get_mut((x / 8) as usize) {
        *byte |= 0b1000_0000_u8.unbounded_shr(x % 8);
    }
}

#[cfg(test)]
mod tests {
    use crate::{PngOptions, Qr};

    #[test]
    fn no_output_moves_while_it_is_written() {
        for length in [1, 20, 100, 300, 700, 1273] {
            let qr = Qr::encode(&"a".repeat(length)).unwrap();
            for scale in [4, 5, 8, 32] {
                let file = qr.png(&PngOptions::new().scale(scale)).unwrap();
                let pixels = (qr.width() + 8) * scale as usize;
                let image = pixels.div_ceil(8) * pixels;
                assert_eq!(
                    file.capacity(),
                    super::file_capacity(image),
                    "{length}, {scale}"
                );
            }
        }
    }
}
