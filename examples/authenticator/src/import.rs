//! What other apps write: read row by row, so that a bad one is named and the others are kept.
//!
//! ```
//! use authenticator::import::Import;
//!
//! let mut import = Import::new();
//! import.read(b"otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP\notpauth://totp/Acme:eve?secret=1")?;
//! let imported = import.finish();
//! assert_eq!(imported.keys().count(), 1);
//! assert_eq!(imported.skipped()[0].to_string(), "line 2 (Acme: eve): the secret is not Base32");
//! # Ok::<(), authenticator::import::ImportError>(())
//! ```
//!
//! # What is read
//! - Pictures (PNG, JPEG) with any number of QR codes: key URIs, transfers of Google Authenticator, a portal's pairing link.
//! - Lists of such texts, one a line (empty lines and lines that begin with `#` are passed over), or a JSON array of them.
//! - Backups of Aegis (plain, or encrypted with a password), 2FAS (plain) and Proton Authenticator (plain).
//!
//! # What is not kept
//! Icons, groups, notes, favourites, and an order that an app keeps beside its list: a key URI has no place for them. Kinds of codes other
//! than TOTP, HOTP and Steam (Yandex, mOTP) are named and skipped.
//!
//! # Limits
//! A file has at most 16 MiB ([`MAX_FILE`]): as much as `otp-qr` reads of a picture, and room for the icons in a backup. All files of one
//! import together have at most 10,000 rows ([`MAX_ROWS`]): more than anybody has, and few enough that a hostile file costs a moment. A row
//! becomes a URI of at most [`KeyUri::MAX_LEN`] bytes, so a name of thousands of letters is skipped. What an encrypted backup may cost to
//! open is limited, too.

mod aegis;
mod error;
mod list;
mod picture;
mod proton;
mod row;
mod skipped;
mod transfer;
mod two_fas;

use std::fmt;
use std::str::FromStr;

use otp_uri::KeyUri;
use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

pub use error::ImportError;
pub use skipped::{Place, Skipped, Why};
pub use transfer::Transfer;

use skipped::Rows;
use transfer::Transfers;

/// The most bytes of a file: 16 MiB.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// The most rows of all files of an import.
pub const MAX_ROWS: usize = 10_000;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A picture with QR codes, PNG or JPEG.
    Picture,
    /// Texts of QR codes, one a line or a JSON array of them.
    List,
    /// A backup of Aegis, plain or encrypted.
    Aegis,
    /// A backup of 2FAS.
    TwoFas,
    /// An export of Proton Authenticator.
    Proton,
}

/// Reads files, one after the other and in any order, into one list of keys. Nothing of it is kept anywhere.
#[derive(Debug, Default)]
pub struct Import {
    files: usize,
    rows: Rows,
    transfers: Transfers,
}

/// What was in the files.
#[derive(Debug)]
pub struct Imported {
    rows: Rows,
    transfers: Vec<Transfer>,
}

impl Import {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one more file, whatever it is, and says what it was.
    ///
    /// # Errors
    /// [`ImportError`], if the whole of it cannot be read: then the import is as it was.
    pub fn read(&mut self, file: &[u8]) -> Result<Format, ImportError> {
        let format = Format::of(file)?;
        self.read_as(format, file)?;
        Ok(format)
    }

    /// Reads one more file of that format.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_as(&mut self, format: Format, file: &[u8]) -> Result<(), ImportError> {
        self.take(format, file, None)
    }

    /// Reads one more file that [needs a password](ImportError::PasswordNeeded).
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_encrypted(&mut self, file: &[u8], password: &str) -> Result<Format, ImportError> {
        let format = Format::of(file)?;
        self.take(format, file, Some(password))?;
        Ok(format)
    }

    fn take(
        &mut self,
        format: Format,
        file: &[u8],
        password: Option<&str>,
    ) -> Result<(), ImportError> {
        if file.len() > MAX_FILE {
            return Err(ImportError::TooLarge);
        }
        let number = self.files.saturating_add(1);
        let room = MAX_ROWS
            .saturating_sub(self.rows.len())
            .saturating_sub(self.transfers.len());
        let mut rows = Rows::of_file(number, room);
        match format {
            Format::Picture => picture::read(file, &mut rows),
            Format::List => list::read(text(file)?, &mut rows),
            Format::Aegis => aegis::read(text(file)?, password, &mut rows),
            Format::TwoFas => two_fas::read(text(file)?, &mut rows),
            Format::Proton => proton::read(text(file)?, &mut rows),
        }?;
        self.files = number;
        self.transfers.take(&mut rows);
        self.rows.append(rows);
        Ok(())
    }

    /// The transfers of Google Authenticator of which codes were read, and which codes are missing.
    #[must_use]
    pub fn transfers(&self) -> Vec<Transfer> {
        self.transfers.summary()
    }

    /// Whether no transfer misses a code.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.transfers().iter().all(Transfer::is_complete)
    }

    /// What was read: of a transfer, the codes that are there. A key that stands twice is kept once; of a counter, the highest.
    #[must_use]
    pub fn finish(self) -> Imported {
        let transfers = self.transfers();
        let mut rows = self.rows;
        self.transfers.give(&mut rows);
        rows.keep_once();
        Imported { rows, transfers }
    }
}

impl Imported {
    /// The keys, in their order; those of transfers come last.
    pub fn keys(&self) -> impl Iterator<Item = &KeyUri> {
        self.rows.keys.iter().map(|(_, key)| key)
    }

    /// What was left out, in the order of the files.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.rows.skipped
    }

    /// Links that bring this device together with a portal: each holds a token, and is no key.
    #[must_use]
    pub fn links(&self) -> &[Zeroizing<String>] {
        &self.rows.links
    }

    /// The transfers of which codes were read, complete or not.
    #[must_use]
    pub fn transfers(&self) -> &[Transfer] {
        &self.transfers
    }

    /// Leaves out the keys that are there already, whatever they are called there: [`Why::Known`].
    pub fn leave_out<'known, Known>(&mut self, known: Known)
    where
        Known: IntoIterator<Item = &'known KeyUri>,
    {
        self.rows.leave_out(known);
    }

    /// The keys, given away.
    #[must_use]
    pub fn into_keys(self) -> Vec<KeyUri> {
        self.rows.keys.into_iter().map(|(_, key)| key).collect()
    }
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Picture,
        Self::List,
        Self::Aegis,
        Self::TwoFas,
        Self::Proton,
    ];

    /// Its name on a command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::List => "list",
            Self::Aegis => "aegis",
            Self::TwoFas => "2fas",
            Self::Proton => "proton",
        }
    }

    /// Finds out what a file is, by what is in it and never by its name.
    ///
    /// # Errors
    /// [`ImportError::Unknown`], [`ImportError::NotText`] and [`ImportError::TooLarge`].
    pub fn of(file: &[u8]) -> Result<Self, ImportError> {
        if file.len() > MAX_FILE {
            return Err(ImportError::TooLarge);
        }
        if picture::is_picture(file) {
            return Ok(Self::Picture);
        }
        let text = text(file)?;
        if text.trim_start().starts_with('{') {
            return Self::of_backup(text).ok_or(ImportError::Unknown);
        }
        list::is_list(text)
            .then_some(Self::List)
            .ok_or(ImportError::Unknown)
    }

    fn of_backup(text: &str) -> Option<Self> {
        let has: Fields = serde_json::from_str(text).ok()?;
        if has.db.is_some() {
            Some(Self::Aegis)
        } else if has.services.is_some() || has.services_encrypted.is_some() {
            Some(Self::TwoFas)
        } else if has.entries.is_some() || has.salt.is_some() && has.content.is_some() {
            Some(Self::Proton)
        } else {
            None
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Picture => "a picture with QR codes",
            Self::List => "a list of key URIs",
            Self::Aegis => "a backup of Aegis",
            Self::TwoFas => "a backup of 2FAS",
            Self::Proton => "an export of Proton Authenticator",
        })
    }
}

/// No [name](Format::name) of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the formats are picture, list, aegis, 2fas and proton")]
pub struct NoFormat;

impl FromStr for Format {
    type Err = NoFormat;

    fn from_str(name: &str) -> Result<Self, NoFormat> {
        let mut formats = Self::ALL.into_iter();
        formats.find(|format| format.name() == name).ok_or(NoFormat)
    }
}

/// The fields that tell backups apart.
#[derive(Deserialize)]
struct Fields {
    db: Option<IgnoredAny>,
    services: Option<IgnoredAny>,
    #[serde(rename = "servicesEncrypted")]
    services_encrypted: Option<IgnoredAny>,
    entries: Option<IgnoredAny>,
    salt: Option<IgnoredAny>,
    content: Option<IgnoredAny>,
}

/// The text of a file, without the mark that some editors put before it.
fn text(file: &[u8]) -> Result<&str, ImportError> {
    let text = str::from_utf8(file).map_err(|_| ImportError::NotText)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}
