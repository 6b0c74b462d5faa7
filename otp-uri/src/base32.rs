//! Secrets as text: Base32 of RFC 4648 §6, as keys stand in URIs and are typed by people.
//!
//! [`decode_strict`] takes the canonical spelling only. [`decode_human`] is the one function that cleans what a person
//! typed or an issuer got nearly right. Neither ever guesses: `0`, `1` and `8` are no letters.
//!
//! ```
//! use otp_uri::base32;
//!
//! let key = base32::decode_human("jbsw y3dp-ehpk 3pxp")?;
//! assert_eq!(base32::encode(key.expose()).expose(), "JBSWY3DPEHPK3PXP");
//! assert_eq!(base32::grouped(key.expose()).expose(), "JBSW Y3DP EHPK 3PXP");
//!
//! assert!(base32::decode_strict("JBSW Y3DP EHPK 3PXP").is_err());
//! assert!(base32::decode_human("JBSW Y3DP EHPK 3PX8").is_err());
//! # Ok::<(), base32::Base32Error>(())
//! ```
//!
//! # Security
//! This happens once, when a key is handed over, in text that its owner sees. It uses tables, so its time can tell
//! something about the key: the constant-time promise of `otp-core` is about verification and does not reach here.

use alloc::string::String;

use zeroize::Zeroizing;

use crate::{SecretBytes, SecretText};

/// Reads Base32 as RFC 4648 defines it: without padding or with the exact padding, in either case.
///
/// # Errors
/// [`Base32Error`]: another character (space and dash too), wrong padding, a length that no bytes encode to, leftover
/// bits that are not zero, no text at all.
pub fn decode_strict(text: &str) -> Result<SecretBytes, Base32Error> {
    let spelling = Spelling::of(text)?;
    if spelling.separated {
        return Err(Base32Error::Character);
    }
    if spelling.padding != 0 && spelling.padding != spelling.exact_padding() {
        return Err(Base32Error::Padding);
    }
    if spelling.impossible_length() {
        return Err(Base32Error::Length);
    }
    if spelling.leftover_bits() {
        return Err(Base32Error::LeftoverBits);
    }
    spelling.decode()
}

/// Reads Base32 as people type it: also in groups with spaces or dashes, with any padding at the end, with leftover bits.
///
/// A last character that completes no byte is dropped, as every app does; no other character ever is.
///
/// # Errors
/// [`Base32Error::Character`] for anything else, and [`Base32Error::Empty`] where no whole byte results.
pub fn decode_human(text: &str) -> Result<SecretBytes, Base32Error> {
    Spelling::of(text)?.decode()
}

/// Writes Base32 in upper case, in one line, without padding: how keys stand in URIs.
#[must_use]
pub fn encode(bytes: &[u8]) -> SecretText {
    let mut text = Zeroizing::new(String::with_capacity(encoded_len(bytes.len())));
    encode_into(bytes, &mut text);
    SecretText::new(text)
}

/// Writes Base32 in groups of four, for a person to type.
#[must_use]
pub fn grouped(bytes: &[u8]) -> SecretText {
    let encoded = encode(bytes);
    let length = encoded.expose().len();
    let mut text = Zeroizing::new(String::with_capacity(
        length.saturating_add(length.div_ceil(4)),
    ));
    for (index, symbol) in encoded.expose().char_indices() {
        if index != 0 && index.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(symbol);
    }
    SecretText::new(text)
}

/// Why a text is not the Base32 of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Base32Error {
    /// A character that is not allowed.
    #[error("not Base32")]
    Character,
    /// Padding that is wrong, or that has no place here.
    #[error("padding")]
    Padding,
    /// 1, 3 or 6 characters after the last group of eight: no bytes encode to that.
    #[error("impossible Base32 length")]
    Length,
    /// The bits after the last byte are not zero, so that two texts would mean the same key.
    #[error("leftover bits")]
    LeftoverBits,
    /// Not one whole byte.
    #[error("empty")]
    Empty,
}

/// The characters that `length` bytes take.
pub(crate) const fn encoded_len(length: usize) -> usize {
    // Eight fifths, rounded up. Lengths are those of slices in memory, far from the edge.
    length.saturating_mul(8).div_ceil(5)
}

/// Appends Base32 to a text that has the room.
///
/// Not `base32::encode`: that one starts with a buffer that is too small, so it grows while it holds the secret and
/// leaves a copy behind that nobody wipes.
pub(crate) fn encode_into(bytes: &[u8], text: &mut String) {
    let (groups, rest) = bytes.as_chunks();
    for group in groups {
        push(&symbols(*group), text);
    }
    let mut last = [0; 5];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let last = symbols(last);
    push(
        last.get(..encoded_len(rest.len())).unwrap_or_default(),
        text,
    );
}

fn push(symbols: &[u8], text: &mut String) {
    // Always: they are ASCII.
    if let Ok(symbols) = str::from_utf8(symbols) {
        text.push_str(symbols);
    }
}

/// The eight characters of five bytes.
fn symbols([a, b, c, d, e]: [u8; 5]) -> [u8; 8] {
    let bits = u64::from_be_bytes([0, 0, 0, a, b, c, d, e]);
    [35, 30, 25, 20, 15, 10, 5, 0].map(|shift| symbol(bits >> shift))
}

/// The character for the last five bits: `A` to `Z`, then `2` to `7`.
fn symbol(bits: u64) -> u8 {
    let [.., low] = bits.to_be_bytes();
    match low & 31 {
        letter @ 0..26 => letter.wrapping_add(b'A'),
        digit => digit.wrapping_add(b'2' - 26),
    }
}

/// A text of nothing but Base32, spaces, dashes and padding, and how it is spelled. Each reader decides what it takes.
pub(crate) struct Spelling<'a> {
    text: &'a str,
    /// The number of letters and digits.
    symbols: usize,
    /// Spaces or dashes among them.
    pub(crate) separated: bool,
    /// The number of `=` at the end.
    pub(crate) padding: usize,
    lower_case: bool,
    /// The last letter or digit.
    last: u8,
}

impl<'a> Spelling<'a> {
    pub(crate) fn of(text: &'a str) -> Result<Self, Base32Error> {
        let mut spelling = Self {
            text,
            symbols: text.len(),
            separated: false,
            padding: 0,
            lower_case: false,
            last: text.bytes().last().unwrap_or_default(),
        };
        // How nearly all keys are spelled, seen without branches, so that the compiler looks at many bytes at once.
        let usual = text.bytes().fold(true, |usual, byte| {
            usual & (byte.is_ascii_uppercase() | matches!(byte, b'2'..=b'7'))
        });
        if !usual {
            spelling.look_closer()?;
        }
        if spelling.symbols == 0 {
            return Err(Base32Error::Empty);
        }
        Ok(spelling)
    }

    fn look_closer(&mut self) -> Result<(), Base32Error> {
        self.symbols = 0;
        for byte in self.text.bytes() {
            match byte {
                b' ' | b'-' => self.separated = true,
                b'=' => self.padding = self.padding.saturating_add(1),
                b'A'..=b'Z' | b'2'..=b'7' | b'a'..=b'z' if self.padding == 0 => {
                    self.symbols = self.symbols.saturating_add(1);
                    self.lower_case |= byte.is_ascii_lowercase();
                    self.last = byte;
                }
                _ => return Err(Base32Error::Character),
            }
        }
        Ok(())
    }

    /// The bits that the last, incomplete byte has too many: 0 to 7, or less than one byte in all.
    const fn surplus_bits(&self) -> u32 {
        match self.symbols % 8 {
            1 => 5,
            2 => 2,
            3 => 7,
            4 => 4,
            5 => 1,
            6 => 6,
            7 => 3,
            _ => 0,
        }
    }

    pub(crate) const fn impossible_length(&self) -> bool {
        self.surplus_bits() >= 5
    }

    const fn exact_padding(&self) -> usize {
        match self.symbols % 8 {
            0 => 0,
            incomplete => 8_usize.saturating_sub(incomplete),
        }
    }

    /// Whether a bit after the last byte is set. Of an impossible length only the last character is looked at.
    pub(crate) const fn leftover_bits(&self) -> bool {
        let value = match self.last {
            letter @ b'A'..=b'Z' => letter.wrapping_sub(b'A'),
            letter @ b'a'..=b'z' => letter.wrapping_sub(b'a'),
            digit => digit.wrapping_sub(b'2').wrapping_add(26),
        };
        let surplus = self.surplus_bits();
        let mask = if surplus >= 5 {
            31
        } else {
            (1_u8 << surplus).wrapping_sub(1)
        };
        value & mask != 0
    }

    pub(crate) fn decode(&self) -> Result<SecretBytes, Base32Error> {
        // The crate reads upper case and whole groups only, and its buffer is exact for the lengths that bytes encode
        // to; so that is what it gets.
        let dropped = usize::from(self.impossible_length());
        let symbols = self.symbols.saturating_sub(dropped);
        let mut cleaned = Zeroizing::new(String::new());
        let canonical = if self.lower_case || self.separated {
            cleaned.reserve_exact(symbols);
            cleaned.extend(
                self.text
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .take(symbols)
                    .map(|symbol| symbol.to_ascii_uppercase()),
            );
            cleaned.as_str()
        } else {
            self.text.get(..symbols).unwrap_or_default()
        };
        let bytes = base32::decode(base32::Alphabet::Rfc4648 { padding: false }, canonical)
            .map(Zeroizing::new)
            .ok_or(Base32Error::Character)?;
        if bytes.is_empty() {
            return Err(Base32Error::Empty);
        }
        Ok(SecretBytes::new(bytes))
    }
}
