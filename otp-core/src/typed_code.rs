use core::fmt;

use zeroize::ZeroizeOnDrop;

use crate::wiped::Wiped;

/// A code as a person typed it, without the spaces and dashes that apps show and people copy.
///
/// Cleaning is a step of its own, before everything else; `verify` takes exact digits. It never fails: what it cannot
/// clean it leaves empty, which matches no code and costs the same as a wrong one.
///
/// ```
/// use otp_core::TypedCode;
///
/// assert_eq!(TypedCode::clean(" 123 456").as_str(), "123456");
/// assert_eq!(TypedCode::clean("1234-5678").as_str(), "12345678");
/// assert_eq!(TypedCode::clean("+123456").as_str(), "");
/// ```
pub struct TypedCode {
    text: Wiped<{ Self::MAX_LEN }>,
    len: usize,
}

impl TypedCode {
    /// The longest code.
    const MAX_LEN: usize = 8;

    /// Takes out white space and dashes: ASCII, no-break and narrow no-break space, hyphen-minus, hyphens, en dash.
    ///
    /// What is left must be 1 to 8 ASCII digits, else the result is empty. Digits of other scripts are not translated.
    #[must_use]
    pub fn clean(typed: &str) -> Self {
        let mut cleaned = Self {
            text: Wiped::new([0; Self::MAX_LEN]),
            len: 0,
        };
        for character in typed.chars() {
            match (character, cleaned.text.get_mut(cleaned.len)) {
                (' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{202f}', _) => {}
                ('-' | '\u{2010}' | '\u{2011}' | '\u{2013}', _) => {}
                (digit @ '0'..='9', Some(place)) => {
                    *place = u8::try_from(digit).unwrap_or_default();
                    cleaned.len = cleaned.len.saturating_add(1);
                }
                _ => {
                    cleaned.len = 0;
                    break;
                }
            }
        }
        cleaned
    }

    /// The digits, or an empty text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text
            .get(..self.len)
            .and_then(|digits| str::from_utf8(digits).ok())
            .unwrap_or_default()
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(redacted)")
    }
}

impl ZeroizeOnDrop for TypedCode {}
