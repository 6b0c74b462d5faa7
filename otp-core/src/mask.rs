use core::ops::{BitAnd, BitOr};

use subtle::Choice;

/// A secret yes or no, as all ones or all zeros.
///
/// It comes from a [`Choice`] and becomes one in the end. In between it spares the barrier that `subtle` puts behind each
/// `&` and `|` of choices; the barrier at the start already hides from the compiler that there are only two values.
#[derive(Clone, Copy)]
pub(crate) struct Mask(u64);

impl Mask {
    pub(crate) const NO: Self = Self(0);

    /// A decision that is no secret.
    pub(crate) fn public(yes: bool) -> Self {
        Self(u64::from(yes).wrapping_neg())
    }

    /// One of two numbers.
    #[inline]
    pub(crate) const fn select(self, yes: u64, no: u64) -> u64 {
        (yes & self.0) | (no & !self.0)
    }
}

impl From<Choice> for Mask {
    #[inline]
    fn from(choice: Choice) -> Self {
        Self(u64::from(choice.unwrap_u8()).wrapping_neg())
    }
}

impl From<Mask> for Choice {
    fn from(mask: Mask) -> Self {
        Self::from(mask.0.to_le_bytes()[0] & 1)
    }
}

impl BitAnd for Mask {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Mask {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
