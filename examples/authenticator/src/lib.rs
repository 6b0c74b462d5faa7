//! An authenticator app in the terminal: the phone's side of the portal, and of every site that shows an `otpauth` QR code.
//!
//! The program is `authenticator`; this library is what it is made of, so that others can be tried with it.
//!
//! - [`Account`]: a key and the codes that it makes.
//! - [`Contents`]: everything that is kept: accounts in their order, and the portals that this device is paired with.
//! - [`vault`]: the one file that it is kept in, encrypted.
//! - [`import`] and [`export`]: what other apps write and read; [`words`]: keys in plain words.
//! - [`push`]: pairing, notifications, and the signed answers.
//! - [`screen`]: the terminal, and [`cli`]: the commands beneath it.

#[cfg(feature = "program")]
pub mod cli;
pub mod export;
pub mod import;
#[cfg(feature = "program")]
pub mod push;
#[cfg(feature = "program")]
pub mod screen;
#[cfg(feature = "program")]
pub mod vault;
pub mod words;

#[cfg(feature = "program")]
mod account;
#[cfg(feature = "program")]
mod contents;
mod harmless;
#[cfg(feature = "program")]
mod pairing;

#[cfg(feature = "program")]
pub use account::{Account, AccountId, Code};
#[cfg(feature = "program")]
pub use contents::{Contents, NoAccount};
pub use harmless::harmless;
#[cfg(feature = "program")]
pub use pairing::Pairing;
