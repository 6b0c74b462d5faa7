//! wip
mod colors;
mod error;
mod level;
mod mask;
mod qr;
mod runs;
mod secret;
mod svg;
mod symbol;
mod terminal;

#[cfg(feature = "png")]
mod png;

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
