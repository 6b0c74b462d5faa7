//! Reading QR codes back from images: for the phone's side, for tests, and for moving accounts.
//!
//! Codes may be turned, skewed, mirrored or inverted (light on dark), and there may be several in one image.
//!
//! ```
//! # #[cfg(feature = "png")] {
//! use otp_qr::{PngOptions, Qr, decode};
//!
//! let text = "otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example";
//! let png = Qr::encode(text)?.png(&PngOptions::new())?;
//! let found = decode::from_image(png.expose())?;
//! assert_eq!(found.iter().map(|text| text.expose()).collect::<Vec<_>>(), [text]);
//!
//! assert_eq!(decode::from_image(b"GIF89a").unwrap_err(), decode::DecodeError::UnknownFormat);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Security
//!
//! What is read is a secret, and is returned as such. The reader itself keeps copies while it works, which are not
//! wiped. An image is untrusted input: its size is checked before memory is taken for it, and the search is bounded; the
//! worst image that we could make took two seconds. Whether a text that was found is what it should be, is for a parser
//! to say.

mod image;

use rxing::{
    Binarizer, Luma8Source,
    common::{BitMatrix, DetectorRXingResult, HybridBinarizer},
    qrcode::cpp_port::{
        decoder::Decode,
        detector::{FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR},
    },
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::SecretText;

/// The most pixels that an image may have: those of 4096 by 4096, which is more than a photo of 12 megapixels.
pub const MAX_PIXELS: u32 = 4096 * 4096;

/// The most bytes that an image file may have: 16 MiB.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// Why nothing was read from an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// There are not as many grey values as width times height.
    #[error("the number of pixels is not width times height")]
    WrongSize,
    /// The image has more than [`MAX_PIXELS`].
    #[error("the image has more than {MAX_PIXELS} pixels")]
    TooManyPixels,
    /// The file has more than [`MAX_FILE`] bytes.
    #[error("the image file has more than {MAX_FILE} bytes")]
    FileTooLarge,
    /// The file is neither a PNG nor a JPEG.
    #[error("the file is neither a PNG nor a JPEG")]
    UnknownFormat,
    /// The file is damaged, or of a kind of PNG or JPEG that is not supported.
    #[error("the image file cannot be read")]
    Unreadable,
    /// No code was found that can be read.
    #[error("there is no readable code in the image")]
    NoCode,
}

/// Reads all codes in an image of grey values, row by row from the top, 0 for black to 255 for white.
///
/// The order of the results has no meaning.
///
/// # Errors
///
/// [`DecodeError::TooManyPixels`], [`DecodeError::WrongSize`], and [`DecodeError::NoCode`], so that what is returned is
/// never empty.
pub fn from_grey(width: u32, height: u32, pixels: &[u8]) -> Result<Vec<SecretText>, DecodeError> {
    let expected = checked_pixels(width, height)?;
    if pixels.len() != expected {
        return Err(DecodeError::WrongSize);
    }
    let inverted = Zeroizing::new(pixels.iter().map(|grey| !grey).collect::<Vec<_>>());
    let mut texts = dark_on_light(width, height, pixels);
    texts.extend(dark_on_light(width, height, &inverted));
    if texts.is_empty() {
        Err(DecodeError::NoCode)
    } else {
        Ok(texts)
    }
}

/// Reads all codes in a PNG or JPEG file. Transparent pixels count as white.
///
/// # Errors
///
/// [`DecodeError::FileTooLarge`], [`DecodeError::UnknownFormat`], [`DecodeError::TooManyPixels`] and
/// [`DecodeError::Unreadable`] for the file, and [`DecodeError::NoCode`], so that what is returned is never empty.
pub fn from_image(file: &[u8]) -> Result<Vec<SecretText>, DecodeError> {
    let image = image::read(file)?;
    from_grey(image.width, image.height, &image.pixels)
}

/// The number of pixels, if it is allowed.
fn checked_pixels(width: u32, height: u32) -> Result<usize, DecodeError> {
    let pixels = width
        .checked_mul(height)
        .filter(|pixels| *pixels <= MAX_PIXELS);
    Ok(pixels.ok_or(DecodeError::TooManyPixels)? as usize)
}

/// The codes whose modules are dark on a light ground.
fn dark_on_light(width: u32, height: u32, pixels: &[u8]) -> Vec<SecretText> {
    // What is refused here is an image of no size, and holds no code.
    let Ok(source) = Luma8Source::new_with_slice(pixels, width, height) else {
        return Vec::new();
    };
    let binarizer = HybridBinarizer::new(source);
    binarizer.get_black_matrix().map(codes).unwrap_or_default()
}

/// The codes in an image of black and white.
///
/// These are the steps of rxing's `QrReader`, with a limit to each of them. Without, a picture that is paved with finder
/// patterns keeps it busy for an hour.
fn codes(image: &BitMatrix) -> Vec<SecretText> {
    let mut patterns = FindFinderPatterns(image, true, least_module(image));
    patterns.truncate(MAX_PATTERNS);
    let sets = GenerateFinderPatternSets(&mut patterns);

    let mut texts = Vec::new();
    let mut used = Vec::new();
    for FinderPatternSet { bl, tl, tr } in sets.into_iter().take(MAX_SETS) {
        if [bl, tl, tr].iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        let code = SampleQR(image, &FinderPatternSet { bl, tl, tr })
            .and_then(|sample| Decode(sample.getBits()))
            .ok()
            .filter(|code| code.isValid());
        if let Some(code) = code {
            used.extend([bl, tl, tr]);
            texts.push(SecretText::new(Zeroizing::new(code.text())));
        }
    }
    texts
}

/// The finder patterns that are looked at: those of 85 codes.
const MAX_PATTERNS: usize = 256;

/// The triples of finder patterns that are tried, from the likeliest on.
const MAX_SETS: usize = 2048;

/// The least size of a module in pixels: 1 up to a megapixel, 2 in a screenshot of 1920 by 1080, 3 in one of 3840 by
/// 2160, and 4 in the largest image. The time to find patterns grows with the square of how many there may be.
fn least_module(image: &BitMatrix) -> u32 {
    const MEGAPIXEL: u32 = 1 << 20;
    match image.width().saturating_mul(image.height()) / MEGAPIXEL {
        0 => 1,
        1..4 => 2,
        4..9 => 3,
        _ => 4,
    }
}
