use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine as _;
use otp_core::{Algorithm, Digits, Period};
use zeroize::Zeroizing;

use super::protobuf::{push_bytes, push_varint};
use super::{BASE64, MAX_LEN};
use crate::percent::{encode_into, encoded_len};
use crate::{KeyUri, Kind, SecretText};

/// What Google Authenticator puts into one QR code.
const ENTRIES_PER_TEXT: usize = 10;

/// What a QR code of version 25 holds at level L. Phones read larger ones badly; keys with long names go into fewer a code.
const TEXT_LEN: usize = 1273;

/// Writes keys as `otpauth-migration://` URIs, at most ten in each, one for every QR code to be shown.
///
/// `batch_id` ties the URIs of one export together: any number will do, a random one is usual. Parameters that are
/// [not known](KeyUri::unknown_parameters) have no place in the format and are left out.
///
/// # Errors
/// [`WriteError`] for the first key that the format cannot hold: seven digits, a period other than 30, Steam, a counter
/// of 2^63 or more, or more text than can be read again. Nothing is written then.
///
/// # Security
/// Each text holds up to ten secrets. Show the codes only after a fresh proof of who asks.
pub fn write<'keys, Keys>(keys: Keys, batch_id: i32) -> Result<Vec<SecretText>, WriteError>
where
    Keys: IntoIterator<Item = &'keys KeyUri>,
{
    let mut groups: Vec<Group> = Vec::new();
    for (index, key) in keys.into_iter().enumerate() {
        let entry = entry(key).map_err(|kind| WriteError { index, kind })?;
        match groups.last_mut() {
            Some(group) if group.has_room_for(entry.len()) => group.push(entry),
            _ => groups.push(Group::of(vec![entry], index)),
        }
    }
    loop {
        let texts = texts(&groups, batch_id)?;
        let count = groups.len();
        groups = groups
            .into_iter()
            .zip(&texts)
            .flat_map(|(group, text)| group.halved_if_too_long(text))
            .collect();
        if groups.len() == count {
            return Ok(texts);
        }
    }
}

fn texts(groups: &[Group], batch_id: i32) -> Result<Vec<SecretText>, WriteError> {
    groups
        .iter()
        .enumerate()
        .map(|(index, group)| group.text(groups.len(), index, batch_id))
        .collect()
}

/// The entries of one text.
struct Group {
    entries: Vec<Zeroizing<Vec<u8>>>,
    /// Which of the keys is the first of them.
    first: usize,
    /// The bytes of the message so far.
    len: usize,
}

impl Group {
    fn of(entries: Vec<Zeroizing<Vec<u8>>>, first: usize) -> Self {
        let lengths = entries.iter().map(|entry| field_len(entry.len()));
        Self {
            len: lengths.fold(0, usize::saturating_add),
            entries,
            first,
        }
    }

    fn has_room_for(&self, entry: usize) -> bool {
        self.entries.len() < ENTRIES_PER_TEXT
            && text_len(self.len.saturating_add(field_len(entry))) <= TEXT_LEN
    }

    fn push(&mut self, entry: Zeroizing<Vec<u8>>) {
        self.len = self.len.saturating_add(field_len(entry.len()));
        self.entries.push(entry);
    }

    /// In keys that are mostly set bits far more characters are escaped than the rule is. Nobody issues such keys, but a
    /// text of several has to fit into a QR code all the same.
    fn halved_if_too_long(mut self, text: &SecretText) -> impl Iterator<Item = Self> {
        let later = (text.expose().len() > TEXT_LEN && self.entries.len() > 1).then(|| {
            let middle = self.entries.len() / 2;
            let first = self.first.saturating_add(middle);
            Self::of(self.entries.split_off(middle), first)
        });
        [Some(Self::of(self.entries, self.first)), later]
            .into_iter()
            .flatten()
    }

    fn text(&self, size: usize, index: usize, batch_id: i32) -> Result<SecretText, WriteError> {
        // Each buffer has the room for all of it, as what grows leaves copies behind.
        let capacity = self.len.saturating_add(BATCH_FIELDS);
        let mut message = Zeroizing::new(Vec::with_capacity(capacity));
        for entry in &self.entries {
            push_bytes(&mut message, 1, entry);
        }
        push_varint(&mut message, 2, 1);
        push_varint(&mut message, 3, size as u64);
        push_varint(&mut message, 4, index as u64);
        push_varint(&mut message, 5, i64::from(batch_id).cast_unsigned());
        let mut base64 = Zeroizing::new(String::with_capacity(base64_len(message.len())));
        BASE64.encode_string(message.as_slice(), &mut base64);
        let length = PREFIX.len().saturating_add(encoded_len(&base64));
        if length > MAX_LEN {
            // Only a key that is alone can be as long as that.
            return Err(WriteError {
                index: self.first,
                kind: WriteErrorKind::TooLong,
            });
        }
        let mut text = Zeroizing::new(String::with_capacity(length));
        text.push_str(PREFIX);
        encode_into(&base64, &mut text);
        Ok(SecretText::new(text))
    }
}

const PREFIX: &str = "otpauth-migration://offline?data=";

/// Version, size, index and identifier of a batch, at their longest.
const BATCH_FIELDS: usize = 2 + 11 + 11 + 11;

/// A field of so many bytes, with its number and length: of two bytes, as no text that can be read has more.
const fn field_len(length: usize) -> usize {
    length.saturating_add(4)
}

/// About how long a text with so many bytes of entries is: as a rule one character in thirty-two is escaped, and twice as
/// many are allowed for.
const fn text_len(entries: usize) -> usize {
    let base64 = base64_len(entries.saturating_add(BATCH_FIELDS));
    PREFIX
        .len()
        .saturating_add(base64)
        .saturating_add(base64 / 8)
}

const fn base64_len(length: usize) -> usize {
    length.div_ceil(3).saturating_mul(4)
}

/// One key as the format has it.
fn entry(key: &KeyUri) -> Result<Zeroizing<Vec<u8>>, WriteErrorKind> {
    let (kind, digits, counter) = match key.kind() {
        Kind::Totp { period, .. } if period != Period::DEFAULT => {
            return Err(WriteErrorKind::Period);
        }
        Kind::Totp { digits, .. } => (2, digits, None),
        Kind::Hotp {
            digits, counter, ..
        } => match i64::try_from(counter.get()) {
            Ok(_) => (1, digits, Some(counter.get())),
            Err(_) => return Err(WriteErrorKind::Counter),
        },
        Kind::Steam => return Err(WriteErrorKind::Steam),
    };
    let digits = match digits {
        Digits::Six => 1,
        Digits::Seven => return Err(WriteErrorKind::Digits),
        Digits::Eight => 2,
    };
    let algorithm = match key.kind().algorithm() {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    };
    let name = key.written_label().concat();
    let issuer = key.issuer().unwrap_or_default();
    let secret = key.expose_key();
    /// Numbers and lengths of the fields, and the numbers.
    const FIXED: usize = 64;
    let capacity = [name.len(), issuer.len(), secret.len()]
        .into_iter()
        .fold(FIXED, usize::saturating_add);
    let mut entry = Zeroizing::new(Vec::with_capacity(capacity));
    push_bytes(&mut entry, 1, secret);
    push_bytes(&mut entry, 2, name.as_bytes());
    push_bytes(&mut entry, 3, issuer.as_bytes());
    push_varint(&mut entry, 4, algorithm);
    push_varint(&mut entry, 5, digits);
    push_varint(&mut entry, 6, kind);
    if let Some(counter) = counter {
        push_varint(&mut entry, 7, counter);
    }
    Ok(entry)
}

/// A key that the migration format cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("key {index}: {kind}")]
pub struct WriteError {
    index: usize,
    kind: WriteErrorKind,
}

impl WriteError {
    /// Which of the keys, from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// What cannot be held.
    #[must_use]
    pub const fn kind(&self) -> WriteErrorKind {
        self.kind
    }
}

/// What the migration format cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// Seven digits.
    Digits,
    /// Another period than 30 seconds.
    Period,
    /// A counter of 2^63 or more.
    Counter,
    /// A Steam key.
    Steam,
    /// A key and names of thousands of bytes.
    TooLong,
}

impl fmt::Display for WriteErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "digits: neither 6 nor 8",
            Self::Period => "period: not 30",
            Self::Counter => "counter: 2^63 or more",
            Self::Steam => "type: steam",
            Self::TooLong => "size: too long",
        })
    }
}
