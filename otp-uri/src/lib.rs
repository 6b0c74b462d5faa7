//! The URIs in the QR codes of authenticator apps: `otpauth://` and `otpauth-migration://`, read and written.
//!
//! ```
//! use otp_core::{Algorithm, Secret, UnixTime};
//! use otp_uri::{Account, Issuer, KeyUri, base32};
//!
//! // The server: make a secret, keep it, show it once.
//! let secret = Secret::generate_from_system(Algorithm::Sha1)?;
//! let uri = KeyUri::widely_compatible(Issuer::new("Acme")?, Account::new("bob@example.com")?, &secret);
//! let qr_payload = uri.to_text();
//! let to_type = base32::grouped(secret.expose());
//! assert!(qr_payload.expose().starts_with("otpauth://totp/Acme:bob@example.com?secret="));
//! assert_eq!(to_type.expose().len(), 39);
//!
//! // The phone: read what was scanned, warn, make codes.
//! let scanned = KeyUri::parse_lenient(qr_payload.expose())?;
//! assert_eq!(scanned.issuer(), Some("Acme"));
//! assert!(scanned.warnings().is_empty());
//! let totp = scanned.totp().ok_or("no TOTP key")?;
//! println!("{}", totp.generate(UnixTime::from_secs(1_900_000_000))?.as_str());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The main types
//! - [`KeyUri`]: a key with its issuer, account and [`Kind`]. [`KeyUri::parse`] is strict, [`KeyUri::parse_lenient`] reads
//!   what real issuers write, [`Warnings`] tell the difference. Writing is canonical.
//! - [`Issuer`] and [`Account`]: names that can be shown, so that no invalid URI can be made of them.
//! - [`KeyUri::compatibility`]: which apps would show wrong codes.
//! - [`migration`]: the export format of Google Authenticator, with batches.
//! - [`base32`]: secrets as text, strictly, and one function that cleans what people type.
//! - [`SecretText`]: what holds a secret, and is redacted and wiped.
//!
//! # Reading is import, not enrolment
//! A server that enrols a user makes the secret itself. Taking one from a URI that a client sends hands the second
//! factor to whoever wrote that URI (RFC 6238 §3, R5). Reading is for the side that makes codes and for moving accounts.
//!
//! # Security
//! Every URI here holds a secret. Types that hold one print as redacted and are wiped when dropped; errors carry what is
//! wrong and where, never the text. Wiping is best effort: what the caller passed in, and what the compiler copied, stays.
//! Reading and writing take linear time and bounded memory, but not constant time: they work once, on text that
//! its owner sees. The promise of constant time is `otp-core`'s, for verification.
//!
//! # What it does not do
//! No codes ([`otp_core`] makes and verifies them), no QR codes, no clock, no random source, no input or output.
//! Issuers whose letters merely look alike are not told apart.

#![no_std]

extern crate alloc;

pub mod base32;
mod compatibility;
mod error;
mod key_uri;
mod kind;
mod label;
pub mod migration;
mod name;
mod percent;
mod query;
mod reader;
mod secret_text;
mod warning;
mod writer;

pub use compatibility::{App, Handling, Misreading};
pub use error::{Parameter, ParseError, Place};
pub use key_uri::KeyUri;
pub use kind::{Kind, T0Error};
pub use name::{Account, Issuer, NameError, NameErrorKind};
pub use secret_text::{SecretBytes, SecretText};
pub use warning::{Warning, Warnings, WarningsIter};
