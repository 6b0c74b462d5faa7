//! Division of secret numbers, as a multiplication.
//!
//! A `div` instruction takes longer for some numbers than for others. Compilers turn division by a constant into a
//! multiplication, but not at every optimisation level, so it is written out here.

/// A constant divisor for numbers below 2^31.
#[derive(Clone, Copy)]
pub(crate) struct Divisor {
    divisor: u32,
    /// 2^shift / divisor, rounded up.
    reciprocal: u64,
    shift: u32,
}

impl Divisor {
    /// A divisor, which must not be 0.
    ///
    /// With 2^(shift - 31) >= divisor, rounding the reciprocal up adds less than divisor * n / (divisor * 2^shift) < 1 / divisor to
    /// the quotient of any n below 2^31, which is too little to reach the next whole number. The product stays below 2^64.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "only evaluated for the constants of this crate"
    )]
    pub(crate) const fn new(divisor: u32) -> Self {
        let shift = 31 + divisor.next_power_of_two().trailing_zeros();
        let reciprocal = (1_u64 << shift).div_ceil(divisor as u64);
        Self {
            divisor,
            reciprocal,
            shift,
        }
    }

    /// The quotient of a number below 2^31.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the quotient is not larger than the number"
    )]
    pub(crate) const fn quotient(self, number: u32) -> u32 {
        ((number as u64).wrapping_mul(self.reciprocal) >> self.shift) as u32
    }

    /// The remainder of a number below 2^31.
    #[inline]
    pub(crate) const fn remainder(self, number: u32) -> u32 {
        number.wrapping_sub(self.quotient(number).wrapping_mul(self.divisor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_division() {
        for divisor in [10, 26, 1_000_000, 10_000_000, 100_000_000] {
            let by = Divisor::new(divisor);
            let last = (1_u32 << 31) - 1;
            // Where the quotient changes, a rounding error would show first.
            let step = (last / divisor / 100_000).max(1) as usize;
            let edges = (0..=last / divisor)
                .step_by(step)
                .map(|quotient| quotient * divisor);
            for edge in edges.chain([last / divisor * divisor, last]) {
                for number in [edge.saturating_sub(1), edge, (edge + 1).min(last)] {
                    assert_eq!(by.quotient(number), number / divisor);
                    assert_eq!(by.remainder(number), number % divisor);
                }
            }
        }
    }
}
