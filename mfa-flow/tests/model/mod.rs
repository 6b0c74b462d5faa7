//! A story told twice: to `mfa-flow`, and to a reference that is written to be read. Whatever happens, both say the same, and
//! what must always hold, holds. Properties tell random stories, and fuzzing tells whatever it comes upon.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may stop"
)]

pub(crate) mod naive;
pub(crate) mod reference;
pub(crate) mod secrets;
pub(crate) mod steps;
pub(crate) mod world;
