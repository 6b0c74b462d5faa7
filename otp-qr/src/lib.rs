//! QR codes for enrolling an authenticator: drawn on the server itself, quickly, and handled as the secrets they are.
//!
//! ```
//! use otp_qr::{Qr, SvgOptions, TerminalOptions};
//!
//! // The URI comes from the crate `otp-uri`; any ASCII text will do.
//! let uri = "otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example";
//! let qr = Qr::encode(uri)?;
//! for warning in qr.warnings() {
//!     eprintln!("{warning}");
//! }
//!
//! // In a page, inline:
//! let page = format!("<figure>{}</figure>", qr.svg(&SvgOptions::new()).expose());
//!
//! // In a page, as the source of an image:
//! let image = format!(r#"<img alt="QR code" src="{}">"#, qr.data_uri(&SvgOptions::new()).expose());
//!
//! // In a terminal:
//! println!("{}", qr.terminal(&TerminalOptions::on_dark()).expose());
//! # assert!(page.contains("<svg ") && image.contains("data:image/svg+xml,"));
//! # Ok::<(), otp_qr::EncodeError>(())
//! ```
//!
//! # Showing a code on a web page
//!
//! Who sees the code has the second factor. So:
//!
//! - Answer a `POST` with it, never a `GET`: a link can be followed, prefetched and logged by others.
//! - Send `Cache-Control: no-store` with the page, and `Referrer-Policy: no-referrer`.
//! - Put the SVG into the page. A file with an address of its own needs all of the above once more.
//! - Never have it drawn by somebody else's service: its address would hold the secret.
//! - Show the key as text beside it for those who cannot scan, and show both only until the first code was confirmed.
//!
//! # What is where
//!
//! [`Qr`] is the code. [`Qr::svg`], [`Qr::data_uri`], [`Qr::terminal`] and, with the feature `png`, `Qr::png` draw it, each
//! with the quiet zone that readers need; [`Qr::modules`] is for a drawing of one's own. [`Colors`] cannot be built without
//! enough contrast. Outputs are [`SecretText`] and `SecretBytes`: redacted when printed, wiped when dropped. The module
//! `decode`, with the feature of that name, reads codes from images.
//!
//! # What this crate does not do
//!
//! It knows nothing of one-time passwords: what the text says is the business of `otp-uri`. It makes no Micro QR codes, no
//! codes above version 25, no structured append, and no pictures in the middle. It reads no file, clock or random source.

mod colors;
#[cfg(feature = "decode")]
pub mod decode;
mod error;
mod level;
mod mask;
#[cfg(feature = "png")]
mod png;
mod qr;
mod runs;
mod secret;
mod svg;
mod symbol;
mod terminal;

pub use colors::{Colors, ContrastError, Rgb};
pub use error::{EncodeError, NotAscii, TooLong};
pub use level::Level;
#[cfg(feature = "png")]
pub use png::{PngError, PngOptions};
pub use qr::{Qr, Warning};
#[cfg(feature = "png")]
pub use secret::SecretBytes;
pub use secret::SecretText;
pub use svg::SvgOptions;
pub use terminal::TerminalOptions;
