//! Tests of the crate from outside, by file: what is drawn, and whether others can read it.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the helpers of a test may stop where a library may not"
)]

mod common;
mod errors;
mod matrix;
#[cfg(feature = "png")]
mod png;
mod read_back;
mod svg;
mod terminal;

#[cfg(feature = "decode")]
mod decode;
