//! One-time passwords: HOTP (RFC 4226) and TOTP (RFC 6238), constant-time, with replay protection.
//!
//! ```
//! use otp_core::{Secret, Totp, TotpParameters, TypedCode, UnixTime, Verdict, Window};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, at enrolment: 20 bytes from your random source (see the features `getrandom` and `rand_core`).
//! let secret = Secret::issue(b"12345678901234567890")?;
//! let totp = Totp::new(&secret, TotpParameters::default());
//!
//! // At every sign-in: what the person typed, the time, and the step stored at the last acceptance.
//! let typed = TypedCode::clean("287 082");
//! let now = UnixTime::from_secs(59);
//! let last_accepted = None;
//!
//! match totp.verify(typed.as_str(), now, Window::default(), last_accepted) {
//!     Verdict::Accepted(accepted) => {
//!         // Store it first, then let the person in: the same code is not accepted twice.
//!         let last_accepted = Some(accepted.step());
//!         assert_eq!(totp.verify("287082", now, Window::default(), last_accepted), Verdict::Rejected);
//!     }
//!     Verdict::Rejected => panic!("say no more than that it was rejected"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What there is
//! - [`Secret`]: 1 to 128 bytes, wiped and redacted; [`Strength`] says what an imported one is worth.
//! - [`Totp`] with its [`TotpParameters`], [`Window`] and [`Drift`]; [`Hotp`] with its [`HotpParameters`] and [`LookAhead`];
//!   [`Steam`] for the phone's side.
//! - [`Verdict`]: accepted, with what has to be stored, or rejected without a reason.
//! - [`ConsecutiveCodes`] and [`ResyncRange`] for a token that is too far away.
//! - [`TypedCode`] for what people type.
//!
//! Values that are wrong cannot be made: [`Digits`] are 6, 7 or 8, a [`Period`] is never 0, a [`Window`] has an end.
//!
//! # What there is not
//! No clock, no random source, no storage, no lock-out: time and randomness are arguments, and what has to be kept between
//! two calls is handed back. A server has to store [`AcceptedStep::step`] or [`AcceptedCounter::next`] in one conditional
//! update and to count failures, or the best verification is worth little. URIs are in `otp-uri`, QR codes in `otp-qr`.
//!
//! # Security
//! Keys and codes are handled in constant time: each candidate is computed and compared, nothing is looked up or
//! divided by secret values, and there is one branch, at the end. This is checked by machine on release builds for
//! `x86_64` (see `constant-time/` in the repository); 32-bit ARM is not claimed. The promise holds for the
//! verification of codes, not for reading Base32 or URIs, which happens once, in text that the person sees. One-time passwords
//! are not resistant to phishing (NIST SP 800-63B-4 §3.1.4).
//!
//! # Features
//! None is on by default; the crate needs neither `std` nor `alloc`.
//! - `getrandom`: `Secret::generate_from_system`
//! - `rand_core`: `Secret::generate`
//! - `serde`: `Serialize` and `Deserialize`, checked, for everything that is no secret

#![no_std]

#[cfg(test)]
extern crate std;

mod algorithm;
mod attempt;
mod code;
mod counter;
mod digits;
mod division;
mod drift;
mod hotp;
mod look_ahead;
mod mask;
mod parameters;
mod period;
mod prepared_key;
mod resynchronisation;
mod search;
mod secret;
mod steam;
mod time;
mod totp;
mod truncate;
mod typed_code;
mod verdict;
mod window;
mod wiped;

pub use algorithm::Algorithm;
pub use code::Code;
pub use counter::{Counter, Exhausted};
pub use digits::{Digits, DigitsError};
pub use drift::{Drift, DriftError};
pub use hotp::{AcceptedCounter, Hotp};
pub use look_ahead::{LookAhead, LookAheadError};
pub use parameters::{HotpParameters, TotpParameters};
pub use period::{Period, PeriodError};
pub use resynchronisation::{ConsecutiveCodes, ResyncRange, ResyncRangeError};
#[cfg(feature = "getrandom")]
pub use secret::SystemRandomError;
pub use secret::{Secret, SecretError, Strength};
pub use steam::{Steam, SteamCode};
pub use time::{BeforeT0, TimeStep, UnixTime};
pub use totp::{AcceptedStep, Resynchronised, Totp};
pub use typed_code::TypedCode;
pub use verdict::Verdict;
pub use window::{Window, WindowError};
