//! What memcheck knows about memory: uninitialised stands for secret.

use std::ffi::c_void;
use std::hint::black_box;
use std::ptr;

use crabgrind::memcheck::{MemState, mark_mem, vbits};

/// Whether memcheck is watching.
pub fn is_watched() -> bool {
    secret_bits(&0_u8).is_some()
}

/// Makes these bytes secret. The optimiser has to believe that they changed.
pub fn conceal(bytes: &mut [u8]) {
    let (start, length) = (bytes.as_mut_ptr(), bytes.len());
    mark(start.cast(), length, MemState::Undefined);
    black_box(bytes);
}

/// A text that is secret from here on; its length is not.
pub fn concealed(text: &str) -> Box<str> {
    let text: Box<str> = text.into();
    // Reading the characters as UTF-8 already looks at them, so they are concealed in place.
    mark(
        text.as_ptr().cast_mut().cast(),
        text.len(),
        MemState::Undefined,
    );
    black_box(text)
}

/// Makes a result public.
pub fn reveal<T>(value: &mut T) {
    mark(
        ptr::from_mut(value).cast(),
        size_of::<T>(),
        MemState::Defined,
    );
    black_box(value);
}

/// Whether any bit of a value is secret. Where a result has to depend on the secret, this shows that memcheck
/// really followed it there.
pub fn is_secret<T>(value: &T) -> bool {
    secret_bits(value).is_some_and(|bits| bits.iter().any(|&bits| bits != 0))
}

/// The bits of a value that are secret, or `None` if nobody is watching.
fn secret_bits<T>(value: &T) -> Option<Vec<u8>> {
    let mut bits = vec![0_u8; size_of::<T>()];
    let address = ptr::from_ref(value).cast_mut().cast();
    vbits(address, bits.as_mut_ptr(), bits.len()).ok()?;
    Some(bits)
}

fn mark(start: *mut c_void, length: usize, state: MemState) {
    // Valgrind answers -1 when it did as asked, which the crate takes for a failure; `is_secret` tells.
    let _ = mark_mem(start, length, state);
}
