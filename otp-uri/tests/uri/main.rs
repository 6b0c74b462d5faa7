//! One binary for all tests: vectors kept as files, properties, and rules one by one.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod base32;
mod compatibility;
mod error_texts;
mod export;
mod lenient;
mod migration;
mod names;
mod properties;
mod reading;
mod rows;
mod strict;
mod values;
mod writing;
