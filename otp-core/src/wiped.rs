use core::ops::{Deref, DerefMut};

use zeroize::{ZeroizeOnDrop, optimization_barrier};

/// Bytes that are overwritten when dropped, all at once; `Zeroizing` would store one after the other.
pub(crate) struct Wiped<const N: usize>([u8; N]);

impl<const N: usize> Wiped<N> {
    pub(crate) const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> Deref for Wiped<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> DerefMut for Wiped<N> {
    fn deref_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Drop for Wiped<N> {
    fn drop(&mut self) {
        wipe(&mut self.0, 0);
    }
}

impl<const N: usize> ZeroizeOnDrop for Wiped<N> {}

/// Overwrites values so that no optimiser may leave it out.
#[inline]
pub(crate) fn wipe<T: Copy, const N: usize>(values: &mut [T; N], empty: T) {
    *values = [empty; N];
    optimization_barrier(values);
}
