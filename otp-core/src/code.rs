use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Digits, division::Divisor};

/// A one-time password: text of fixed width, leading zeros kept, wiped when dropped.
///
/// # Security
/// `Debug` is redacted, and there is neither `Display` nor `==`: a code that is compared as text is compared
/// too quickly. To check one, use [`Totp::verify`](crate::Totp::verify) or [`Hotp::verify`](crate::Hotp::verify).
pub struct Code {
    text: [u8; 8],
    digits: Digits,
}

impl Code {
    /// The code for a truncated HMAC value.
    pub(crate) fn new(truncated: u32, digits: Digits) -> Self {
        const TEN: Divisor = Divisor::new(10);
        let mut rest = digits.reduce(truncated);
        let mut text = [b'0'; 8];
        for byte in text.iter_mut().take(digits.get().into()).rev() {
            let (quotient, digit) = TEN.divide(rest);
            *byte = ascii_digit(digit);
            rest = quotient;
        }
        Self { text, digits }
    }

    /// The digits, to show to the owner of the token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text
            .get(..self.digits.get().into())
            .and_then(|digits| str::from_utf8(digits).ok())
            .unwrap_or_default()
    }

    /// How many digits it has.
    #[must_use]
    pub const fn digits(&self) -> Digits {
        self.digits
    }
}

#[expect(clippy::cast_possible_truncation, reason = "one digit")]
const fn ascii_digit(digit: u32) -> u8 {
    b'0'.wrapping_add(digit as u8)
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl ZeroizeOnDrop for Code {}
