use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine as _;
use otp_core::{Algorithm, Counter, Digits, Period};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::protobuf::{Fields, ProtobufError};
use super::{BASE64, MAX_ENTRIES, MAX_LEN};
use crate::label::Label;
use crate::percent::escapes_are_well_formed;
use crate::reader::strip_prefix_any_case;
use crate::{KeyUri, Kind, SecretBytes};

/// Reads an `otpauth-migration://` URI.
///
/// An entry that cannot be a key here is [skipped](SkippedEntry) with the reason, and the others are read.
///
/// # Errors
/// [`MigrationError`], where the whole text cannot be read.
pub fn read(uri: &str) -> Result<Batch, MigrationError> {
    let message = message(uri)?;
    let mut batch = Batch {
        version: 0,
        size: 0,
        index: 0,
        id: 0,
        entries: Vec::new(),
    };
    let mut count = 0_usize;
    for field in Fields::new(&message) {
        let field = field?;
        match field.number {
            1 => {
                RawEntry::read(field.bytes()?)?;
                count = count.saturating_add(1);
            }
            2 => batch.version = field.int32()?,
            3 => batch.size = field.int32()?,
            4 => batch.index = field.int32()?,
            5 => batch.id = field.int32()?,
            _ => {}
        }
    }
    if count > MAX_ENTRIES {
        return Err(MigrationError::TooManyEntries);
    }
    batch.entries.reserve_exact(count);
    for field in Fields::new(&message) {
        let field = field?;
        if field.number == 1 {
            batch.entries.push(RawEntry::read(field.bytes()?)?.key());
        }
    }
    Ok(batch)
}

/// The bytes of the message, out of percent escapes and Base64.
fn message(uri: &str) -> Result<Zeroizing<Vec<u8>>, MigrationError> {
    if uri.len() > MAX_LEN {
        return Err(MigrationError::TooLong);
    }
    // Not the spaces at the end: see below.
    let uri = uri.trim_ascii_start().trim_end_matches(['\n', '\r', '\t']);
    let query =
        strip_prefix_any_case(uri, "otpauth-migration://offline?").ok_or(MigrationError::Scheme)?;
    let mut data = None;
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !escapes_are_well_formed(pair) {
            return Err(MigrationError::MalformedEscape);
        }
        if percent_decode_str(name).eq(*b"data") && data.replace(value).is_some() {
            return Err(MigrationError::DuplicateData);
        }
    }
    let data = data
        .filter(|data| !data.is_empty())
        .ok_or(MigrationError::DataMissing)?;
    let mut base64 = Zeroizing::new(Vec::with_capacity(data.len()));
    base64.extend(percent_decode_str(data));
    // A space at the end may be a plus sign, or be pasted. Whole groups of four are what writers make.
    while !base64.len().is_multiple_of(4) && base64.last() == Some(&b' ') {
        base64.pop();
    }
    for byte in base64.iter_mut() {
        // The URL-safe alphabet, and what form decoding makes of a plus sign.
        *byte = match *byte {
            b'-' | b' ' => b'+',
            b'_' => b'/',
            other => other,
        };
    }
    let mut message = Zeroizing::new(Vec::with_capacity(base64::decoded_len_estimate(
        base64.len(),
    )));
    BASE64
        .decode_vec(base64.as_slice(), &mut message)
        .map_err(|_| MigrationError::NotBase64)?;
    Ok(message)
}

/// One URI: a part, or all, of an export.
#[derive(Debug)]
pub struct Batch {
    pub(super) version: i32,
    pub(super) size: i32,
    pub(super) index: i32,
    pub(super) id: i32,
    pub(super) entries: Vec<Result<KeyUri, SkippedEntry>>,
}

impl Batch {
    /// The version of the format: 1, in all that is known.
    #[must_use]
    pub const fn version(&self) -> i32 {
        self.version
    }

    /// How many URIs the export has. 0 where the writer does not say; nothing is checked, [`Collector`](super::Collector) does.
    #[must_use]
    pub const fn size(&self) -> i32 {
        self.size
    }

    /// Which of them this is, from 0.
    #[must_use]
    pub const fn index(&self) -> i32 {
        self.index
    }

    /// What the URIs of one export have in common: any number.
    #[must_use]
    pub const fn id(&self) -> i32 {
        self.id
    }

    /// The entries in their order: keys, and what is skipped.
    pub fn entries(&self) -> &[Result<KeyUri, SkippedEntry>] {
        &self.entries
    }

    /// The entries, given away.
    #[must_use = "the keys are lost otherwise"]
    pub fn into_entries(self) -> Vec<Result<KeyUri, SkippedEntry>> {
        self.entries
    }
}

/// An entry that is no key here, with what a person needs to know it again.
pub struct SkippedEntry {
    name: String,
    issuer: String,
    error: EntryError,
}

impl SkippedEntry {
    /// Its name, mostly `issuer:account`. Empty where it is not UTF-8.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its issuer. Empty where it is missing or not UTF-8.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Why it is skipped.
    #[must_use]
    pub const fn error(&self) -> EntryError {
        self.error
    }
}

/// Without the names, as logs should be.
impl fmt::Debug for SkippedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SkippedEntry")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// An entry as it stands in the message.
#[derive(Default)]
struct RawEntry<'a> {
    secret: &'a [u8],
    name: &'a [u8],
    issuer: &'a [u8],
    algorithm: i32,
    digits: i32,
    kind: i32,
    counter: i64,
}

impl<'a> RawEntry<'a> {
    /// Of a field that stands twice the last one counts.
    fn read(message: &'a [u8]) -> Result<Self, ProtobufError> {
        let mut entry = Self::default();
        for field in Fields::new(message) {
            let field = field?;
            match field.number {
                1 => entry.secret = field.bytes()?,
                2 => entry.name = field.bytes()?,
                3 => entry.issuer = field.bytes()?,
                4 => entry.algorithm = field.int32()?,
                5 => entry.digits = field.int32()?,
                6 => entry.kind = field.int32()?,
                7 => entry.counter = field.varint()?.cast_signed(),
                _ => {}
            }
        }
        Ok(entry)
    }

    fn key(&self) -> Result<KeyUri, SkippedEntry> {
        let (Ok(name), Ok(issuer)) = (str::from_utf8(self.name), str::from_utf8(self.issuer))
        else {
            return Err(SkippedEntry {
                name: String::new(),
                issuer: String::new(),
                error: EntryError::NotUtf8,
            });
        };
        self.checked_key(name, issuer)
            .map_err(|error| SkippedEntry {
                name: name.into(),
                issuer: issuer.into(),
                error,
            })
    }

    fn checked_key(&self, name: &str, issuer: &str) -> Result<KeyUri, EntryError> {
        if name.contains(char::is_control) || issuer.contains(char::is_control) {
            return Err(EntryError::ControlCharacter);
        }
        if self.secret.is_empty() {
            return Err(EntryError::SecretEmpty);
        }
        let kind = self.kind()?;
        let issuer = issuer.trim_matches(' ');
        let issuer = (!issuer.is_empty()).then(|| String::from(issuer));
        KeyUri::assemble(
            kind,
            Label::read(name.into(), issuer.as_deref()),
            issuer,
            SecretBytes::new(Zeroizing::new(self.secret.to_vec())),
        )
        .map_err(|_| EntryError::SecretEmpty)
    }

    fn kind(&self) -> Result<Kind, EntryError> {
        let algorithm = match self.algorithm {
            0 | 1 => Algorithm::Sha1,
            2 => Algorithm::Sha256,
            3 => Algorithm::Sha512,
            4 => return Err(EntryError::Md5),
            other => return Err(EntryError::Algorithm(other)),
        };
        let digits = match self.digits {
            0 | 1 => Digits::Six,
            2 => Digits::Eight,
            other => return Err(EntryError::Digits(other)),
        };
        match self.kind {
            0 | 2 => Ok(Kind::Totp {
                algorithm,
                digits,
                period: Period::DEFAULT,
            }),
            1 => Ok(Kind::Hotp {
                algorithm,
                digits,
                counter: u64::try_from(self.counter)
                    .map(Counter::new)
                    .map_err(|_| EntryError::CounterNegative)?,
            }),
            other => Err(EntryError::Type(other)),
        }
    }
}

/// Why a text is no migration URI: what is wrong, and where. Never what stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// More than [`MAX_LEN`] bytes.
    #[error("size: more than 8192 bytes")]
    TooLong,
    /// Not `otpauth-migration://offline?`.
    #[error("scheme: not otpauth-migration://offline?")]
    Scheme,
    /// A percent sign that two hexadecimal digits do not follow.
    #[error("percent: malformed escape")]
    MalformedEscape,
    /// No `data` parameter, or an empty one.
    #[error("data: missing")]
    DataMissing,
    /// Two `data` parameters.
    #[error("duplicate: data")]
    DuplicateData,
    /// Data that is not Base64.
    #[error("data: not Base64")]
    NotBase64,
    /// Data that is no message of this format.
    #[error("protobuf: {0}")]
    Protobuf(#[from] ProtobufError),
    /// More than [`MAX_ENTRIES`] entries.
    #[error("entries: more than 256")]
    TooManyEntries,
}

/// Why an entry is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// Name or issuer are not UTF-8.
    #[error("name or issuer is not UTF-8")]
    NotUtf8,
    /// Name or issuer hold a control character.
    #[error("name or issuer has a control character")]
    ControlCharacter,
    /// No secret.
    #[error("secret: empty")]
    SecretEmpty,
    /// HMAC-MD5, which no standard of one-time passwords has.
    #[error("algorithm: MD5")]
    Md5,
    /// An unknown algorithm.
    #[error("algorithm: {0}")]
    Algorithm(i32),
    /// An unknown number of digits: the format has a list, not a number.
    #[error("digits: enum {0}")]
    Digits(i32),
    /// Neither TOTP nor HOTP.
    #[error("type: enum {0}")]
    Type(i32),
    /// A HOTP counter below 0.
    #[error("counter: negative")]
    CounterNegative,
}
