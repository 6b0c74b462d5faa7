/// Dark modules that lie side by side in a row.
pub(crate) struct Run {
    /// The light modules before it: from the run before, or from the left edge of the code.
    pub(crate) gap: u32,
    /// Its length.
    pub(crate) length: u32,
}

/// The runs of a row from the left, where bit `x` stands for column `x`.
pub(crate) fn runs(row: u128) -> impl Iterator<Item = Run> {
    let mut rest = row;
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        let gap = rest.trailing_zeros();
        rest = rest.unbounded_shr(gap);
        let length = rest.trailing_ones();
        rest = rest.unbounded_shr(length);
        Some(Run { gap, length })
    })
}
