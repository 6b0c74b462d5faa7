//! Sets of the methods that one policy knows.

/// The place of a method in one policy: the built-in ones first, then its external ones by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MethodIndex(pub(crate) u8);

/// The most external methods of one policy, so that a set of methods fits a word.
pub(crate) const MOST_EXTERNALS: usize = 32;

/// A set of methods of one policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct MethodSet(u64);

impl MethodSet {
    pub(crate) const fn with(self, MethodIndex(index): MethodIndex) -> Self {
        Self(self.0 | bit(index))
    }

    pub(crate) const fn contains(self, MethodIndex(index): MethodIndex) -> bool {
        self.0 & bit(index) != 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = MethodIndex> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let index = u8::try_from(rest.trailing_zeros())
                .ok()
                .filter(|&index| index < 64)?;
            // Without the lowest bit.
            rest &= rest.wrapping_sub(1);
            Some(MethodIndex(index))
        })
    }
}

impl FromIterator<MethodIndex> for MethodSet {
    fn from_iter<I: IntoIterator<Item = MethodIndex>>(indices: I) -> Self {
        indices.into_iter().fold(Self::default(), Self::with)
    }
}

const fn bit(index: u8) -> u64 {
    // An index of 64 or more does not occur; it would be in no set.
    1_u64.unbounded_shl(index as u32)
}
