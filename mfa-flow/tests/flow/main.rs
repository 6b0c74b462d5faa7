//! The flows as a host sees them: what is asked, what counts, what changes, what is told, and that nothing else does. They go against an
//! organisation in memory (`common`), and beside a reference that is written to be read (`model`).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

mod administration;
mod challenge;
mod clock;
mod common;
mod device;
mod enrolment;
mod equal_answers;
mod golden;
mod managing;
#[path = "../model/mod.rs"]
mod model;
mod password;
mod phone_sign_in;
mod preview;
mod reset;
mod stories;
mod tokens;
