use subtle::ConstantTimeEq;

use crate::{Digits, mask::Mask};

/// A code as somebody sent it, read as a number.
///
/// Exactly as many ASCII digits as the token shows. Anything else keeps its number but matches nothing, so that it
/// costs the same work as a wrong code.
#[derive(Clone, Copy)]
pub(crate) struct Attempt {
    number: u32,
    well_formed: Mask,
}

impl Attempt {
    /// Takes the same steps for all texts of one length.
    pub(crate) fn read(text: &str, digits: Digits) -> Self {
        let mut number = 0_u32;
        // The top bit is set as soon as one byte was no digit.
        let mut out_of_range = 0_u32;
        let mut length = 0_u8;
        for byte in text.bytes().take(9) {
            let digit = u32::from(byte).wrapping_sub(u32::from(b'0'));
            out_of_range |= digit | 9_u32.wrapping_sub(digit);
            number = number.wrapping_mul(10).wrapping_add(digit);
            length = length.saturating_add(1);
        }
        Self {
            number,
            well_formed: Mask::from((out_of_range >> 31).ct_eq(&0) & length.ct_eq(&digits.get())),
        }
    }

    /// Whether the token shows this number.
    #[inline]
    pub(crate) fn matches(self, shown: u32) -> Mask {
        Mask::from(self.number.ct_eq(&shown)) & self.well_formed
    }
}
