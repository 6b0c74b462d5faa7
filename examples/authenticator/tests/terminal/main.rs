//! The program in a real terminal, as a person sees it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod accounts;
#[path = "../common/age_file.rs"]
mod age_file;
mod ending;
mod keeping;
mod looks;
#[path = "../common/portal.rs"]
mod portal;
mod program;
mod push;
