use std::collections::HashMap;
use std::fmt;

use otp_uri::migration::{Batch, EntryError, MigrationError};
use otp_uri::{KeyUri, Kind, ParseError};
use zeroize::Zeroizing;

use super::ImportError;
use crate::words;

/// A row that was left out. Its text is `line 2 (Acme: bob): the secret is not Base32`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    file: usize,
    place: Place,
    name: String,
    why: Why,
}

/// Where a row stands, as a person finds it; all numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A line of a list.
    Line(usize),
    /// An entry of a backup, or a text of a JSON array.
    Entry(usize),
    /// A QR code of a picture. Their order in the picture is not known.
    Code(usize),
    /// An entry of a transfer.
    Transfer {
        /// Which of the transfer's codes.
        code: usize,
        /// Which entry of that code.
        entry: usize,
    },
}

/// Why a row was left out. Its text is in plain words, and holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It is no key, or not one of which codes can be made.
    Key(ParseError),
    /// It is a code of a transfer that cannot be read.
    Transfer(MigrationError),
    /// It is an entry of a transfer that is no key.
    TransferEntry(EntryError),
    /// It is a code of a transfer that does not say which one.
    TransferCode,
    /// It makes codes of another kind, or does not say of which.
    Kind(Option<&'static str>),
    /// It is an address of the web, and no link of a portal.
    WebAddress,
    /// It is something else.
    NoKey,
    /// It has not the form of a row.
    Form,
    /// It stands there once more: one of them is kept.
    Repeated,
    /// It is known already, if by another name: [`Imported::leave_out`](super::Imported::leave_out).
    Known,
}

impl Why {
    /// Another kind of codes. Only names that are known are repeated: in a file that is not what it should be, anything may stand there.
    pub(super) fn kind(name: &str) -> Self {
        let kinds = [
            ("Yandex", ["yandex", "yaotp"]),
            ("Mobile-OTP", ["motp", "mobileotp"]),
        ];
        let known = kinds.into_iter().find(|(_, names)| {
            let mut names = names.iter();
            names.any(|known| known.eq_ignore_ascii_case(name))
        });
        Self::Kind(known.map(|(kind, _)| kind))
    }
}

impl Skipped {
    /// Which of the files, from 1.
    #[must_use]
    pub const fn file(&self) -> usize {
        self.file
    }

    /// Where in the file.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// What the row calls itself, as far as that can be read. Nothing secret, and [harmless](crate::harmless()) for a terminal.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why.
    #[must_use]
    pub const fn why(&self) -> &Why {
        &self.why
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place, name, why, ..
        } = self;
        if name.is_empty() {
            write!(f, "{place}: {why}")
        } else {
            write!(f, "{place} ({name}): {why}")
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Entry(number) => write!(f, "entry {number}"),
            Self::Code(number) => write!(f, "QR code {number}"),
            Self::Transfer { code, entry } => {
                write!(f, "code {code} of the transfer, entry {entry}")
            }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => f.write_str(words::refusal(*error)),
            Self::Transfer(error) => f.write_str(words::transfer_refusal(*error)),
            Self::TransferEntry(error) => f.write_str(words::entry_refusal(*error)),
            Self::TransferCode => f.write_str("it does not say which code of the transfer it is"),
            Self::Kind(Some(kind)) => write!(f, "codes of {kind} are not made here"),
            Self::Kind(None) => f.write_str("it makes codes of a kind that is not known here"),
            Self::WebAddress => f.write_str("it is an address of the web, and no key"),
            Self::NoKey => f.write_str("it is not a key"),
            Self::Form => f.write_str("it has not the form of an entry"),
            Self::Repeated => f.write_str("it stands there once more, and is kept once"),
            Self::Known => f.write_str("it is there already"),
        }
    }
}

/// The rows of a file, or of all files.
#[derive(Default)]
pub(super) struct Rows {
    file: usize,
    /// How many more there may be.
    room: usize,
    pub(super) keys: Vec<(Origin, KeyUri)>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) links: Vec<Zeroizing<String>>,
    pub(super) batches: Vec<(Place, Batch)>,
}

/// The file and the place of a key.
type Origin = (usize, Place);

impl Rows {
    /// None yet of this file, and room for so many.
    pub(super) fn of_file(file: usize, room: usize) -> Self {
        Self {
            file,
            room,
            ..Self::default()
        }
    }

    pub(super) const fn file(&self) -> usize {
        self.file
    }

    /// What counts against the limit.
    pub(super) const fn len(&self) -> usize {
        self.keys
            .len()
            .saturating_add(self.skipped.len())
            .saturating_add(self.links.len())
    }

    /// Takes a row: a key, or why it is none and what it calls itself.
    pub(super) fn push(
        &mut self,
        place: Place,
        row: Result<KeyUri, (String, Why)>,
    ) -> Result<(), ImportError> {
        self.make_room(1)?;
        match row {
            Ok(key) => self.keys.push(((self.file, place), key)),
            Err((name, why)) => self.skip(self.file, place, name, why),
        }
        Ok(())
    }

    pub(super) fn link(&mut self, link: &str) -> Result<(), ImportError> {
        self.make_room(1)?;
        self.links.push(Zeroizing::new(link.to_owned()));
        Ok(())
    }

    pub(super) fn batch(&mut self, place: Place, batch: Batch) -> Result<(), ImportError> {
        self.make_room(batch.entries().len().saturating_add(1))?;
        self.batches.push((place, batch));
        Ok(())
    }

    fn make_room(&mut self, rows: usize) -> Result<(), ImportError> {
        self.room = self
            .room
            .checked_sub(rows)
            .ok_or(ImportError::TooManyRows)?;
        Ok(())
    }

    /// A row that is not of this file, or no row of it any more.
    pub(super) fn skip(&mut self, file: usize, place: Place, name: String, why: Why) {
        self.skipped.push(Skipped {
            file,
            place,
            name,
            why,
        });
    }

    /// A key that is not of this file.
    pub(super) fn keep(&mut self, file: usize, place: Place, key: KeyUri) {
        self.keys.push(((file, place), key));
    }

    pub(super) fn append(&mut self, mut rows: Self) {
        self.keys.append(&mut rows.keys);
        self.skipped.append(&mut rows.skipped);
        self.links.append(&mut rows.links);
    }

    /// Keeps of equal keys the first, at the highest counter.
    pub(super) fn keep_once(&mut self) {
        let mut first = HashMap::new();
        let mut counters = vec![None; self.keys.len()];
        let mut repeated = vec![false; self.keys.len()];
        for (index, ((_, key), repeated)) in self.keys.iter().zip(&mut repeated).enumerate() {
            let kept = *first.entry(Identity::of(key)).or_insert(index);
            *repeated = kept != index;
            if let Some(counter) = counters.get_mut(kept) {
                *counter = (*counter).max(key.kind().counter());
            }
        }
        drop(first);
        let keys = std::mem::take(&mut self.keys);
        for ((origin, key), (counter, repeated)) in
            keys.into_iter().zip(counters.into_iter().zip(repeated))
        {
            if repeated {
                self.skip(origin.0, origin.1, words::name(&key), Why::Repeated);
            } else {
                let key = match counter {
                    Some(counter) => key.with_counter(counter),
                    None => key,
                };
                self.keys.push((origin, key));
            }
        }
        self.sort();
    }

    pub(super) fn leave_out<'known, Known>(&mut self, known: Known)
    where
        Known: IntoIterator<Item = &'known KeyUri>,
    {
        let known: HashMap<_, _> = known
            .into_iter()
            .map(|key| (Identity::without_names(key), ()))
            .collect();
        let keys = std::mem::take(&mut self.keys);
        for ((file, place), key) in keys {
            if known.contains_key(&Identity::without_names(&key)) {
                self.skip(file, place, words::name(&key), Why::Known);
            } else {
                self.keys.push(((file, place), key));
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.skipped.sort_by_key(|row| (row.file, row.place));
    }
}

/// Links are secret.
impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("keys", &self.keys)
            .field("skipped", &self.skipped)
            .field("links", &self.links.len())
            .field("batches", &self.batches)
            .finish_non_exhaustive()
    }
}

/// What makes two keys the same: everything but the counter, which moves.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Identity<'key> {
    issuer: Option<&'key str>,
    account: &'key str,
    kind: Kind,
    key: &'key [u8],
}

impl<'key> Identity<'key> {
    /// Of keys that are kept: they may have been renamed since they were read from the same file.
    fn without_names(key: &'key KeyUri) -> Self {
        Self {
            issuer: None,
            account: "",
            ..Self::of(key)
        }
    }

    pub(super) fn of(key: &'key KeyUri) -> Self {
        let mut kind = key.kind();
        if let Kind::Hotp { counter, .. } = &mut kind {
            *counter = otp_core::Counter::new(0);
        }
        Self {
            issuer: key.issuer(),
            account: key.account(),
            kind,
            key: key.expose_key(),
        }
    }
}
