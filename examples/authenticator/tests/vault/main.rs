//! The vault: what is kept stays kept, and opens with its passphrase alone.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may stop"
)]

#[path = "../common/age_file.rs"]
mod age_file;
mod backup;
mod change;
mod common;
mod crash;
mod open;
mod other_age;
