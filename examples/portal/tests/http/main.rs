//! The portal as a process of its own, over HTTP: what browsers, programs, gateways and devices send to it, and what comes back.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

mod administering;
mod bad_input;
mod common;
mod delivery;
mod devices;
#[path = "../browser/postgres.rs"]
mod postgres;
mod running;
mod security_info;
mod signing_in;
mod strangers;
mod two_portals;
