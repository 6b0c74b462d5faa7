//! The program as a person or a script uses it: commands, files, exit codes.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may stop"
)]

mod accounts;
#[path = "../common/age_file.rs"]
mod age_file;
mod at_the_terminal;
mod bad_input;
mod codes;
mod common;
mod disk;
mod exchange;
mod keeping;
#[path = "../common/portal.rs"]
mod portal;
mod portals;
