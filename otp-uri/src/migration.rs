//! `otpauth-migration://` URIs: how Google Authenticator hands its accounts to another phone, ten in a QR code.
//!
//! The format is a protobuf message in Base64. It holds SHA-1, SHA-256 and SHA-512 (and MD5, which is skipped), six or
//! eight digits, and no period: every TOTP key has 30 seconds.
//!
//! ```
//! use otp_uri::migration;
//!
//! let batch = migration::read("otpauth-migration://offline?data=CiwKFGFiY2RlZmdoaWprbG1ub3BxcnN0EghBY21lOmJvYhoEQWNtZSABKAEwAhABGAEgACgH")?;
//! for entry in batch.entries() {
//!     match entry {
//!         Ok(key) => println!("{:?}: {}", key.issuer(), key.account()),
//!         Err(skipped) => println!("{} is left out: {}", skipped.name(), skipped.error()),
//!     }
//! }
//!
//! let keys = batch.into_entries().into_iter().filter_map(Result::ok).collect::<Vec<_>>();
//! let texts = migration::write(&keys, 7)?;
//! assert_eq!(texts.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Security
//! One such URI holds many secrets, and reading it is import: never enrolment.

mod collector;
mod protobuf;
mod reader;
mod writer;

pub use collector::{CollectError, Collector};
pub use protobuf::ProtobufError;
pub use reader::{Batch, EntryError, MigrationError, SkippedEntry, read};
pub use writer::{WriteError, WriteErrorKind, write};

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The most bytes of a URI that are read.
pub const MAX_LEN: usize = 8192;

/// The most entries of a URI that are read.
pub const MAX_ENTRIES: usize = 256;

/// Written with padding, read with or without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
