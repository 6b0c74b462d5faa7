//! Transfers of Google Authenticator: several QR codes, read in any order.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use otp_uri::migration::{Batch, Collector};

use super::skipped::{Identity, Place, Rows, Why};
use crate::words;

/// How far the reading of a transfer has come. Its text is `3 of 4 codes read, code 2 is missing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    size: usize,
    missing: Vec<usize>,
}

impl Transfer {
    /// How many QR codes it has.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// How many were read.
    #[must_use]
    pub const fn read(&self) -> usize {
        self.size.saturating_sub(self.missing.len())
    }

    /// Which ones were not, counted from 1.
    #[must_use]
    pub fn missing(&self) -> &[usize] {
        &self.missing
    }

    /// Whether all were read.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

impl fmt::Display for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} codes read", self.read(), self.size)?;
        match self.missing.as_slice() {
            [] => Ok(()),
            [one] => write!(f, ", code {one} is missing"),
            many => {
                let many: Vec<String> = many.iter().map(usize::to_string).collect();
                write!(f, ", codes {} are missing", many.join(", "))
            }
        }
    }
}

/// The transfers that are being read. Codes of different ones are not mixed.
#[derive(Debug, Default)]
pub(super) struct Transfers(Vec<Reading>);

/// One of them.
#[derive(Debug)]
struct Reading {
    id: i32,
    size: i32,
    collector: Collector,
    codes: BTreeMap<i32, Code>,
}

/// A code that was read.
#[derive(Clone, Copy, Debug)]
struct Code {
    file: usize,
    entries: usize,
    /// Tells it from another one that calls itself the same.
    content: u64,
}

impl Code {
    fn of(file: usize, batch: &Batch) -> Self {
        let mut content = DefaultHasher::new();
        for entry in batch.entries() {
            let entry = entry.as_ref();
            let key = entry.map(|key| (Identity::of(key), key.kind().counter()));
            let key = key.map_err(|skipped| (skipped.issuer(), skipped.name(), skipped.error()));
            key.hash(&mut content);
        }
        Self {
            file,
            entries: batch.entries().len(),
            content: content.finish(),
        }
    }
}

impl Transfers {
    /// What counts against the limit.
    pub(super) fn len(&self) -> usize {
        let codes = self.0.iter().flat_map(|reading| reading.codes.values());
        codes.fold(0, |sum, code| sum.saturating_add(code.entries))
    }

    /// Takes the codes out of the rows. A code that was read before changes nothing.
    pub(super) fn take(&mut self, rows: &mut Rows) {
        let file = rows.file();
        for (place, batch) in std::mem::take(&mut rows.batches) {
            if !self.add(file, batch) {
                rows.skip(file, place, String::new(), Why::TransferCode);
            }
        }
    }

    fn add(&mut self, file: usize, batch: Batch) -> bool {
        // A writer that says nothing of its size means the only one.
        let (id, size, index) = (batch.id(), batch.size().max(1), batch.index());
        let code = Code::of(file, &batch);
        // Some writers have one number for all their transfers: what has another content belongs to another one.
        let belongs = |reading: &&mut Reading| {
            let read = reading.codes.get(&index);
            (reading.id, reading.size) == (id, size)
                && read.is_none_or(|read| read.content == code.content)
        };
        if let Some(reading) = self.0.iter_mut().find(belongs) {
            return reading.add(index, code, batch);
        }
        let mut reading = Reading {
            id,
            size,
            collector: Collector::new(),
            codes: BTreeMap::new(),
        };
        let taken = reading.add(index, code, batch);
        if taken {
            self.0.push(reading);
        }
        taken
    }

    pub(super) fn summary(&self) -> Vec<Transfer> {
        self.0.iter().map(Reading::summary).collect()
    }

    /// Gives the entries to the rows.
    pub(super) fn give(self, rows: &mut Rows) {
        for reading in self.0 {
            reading.give(rows);
        }
    }
}

impl Reading {
    fn add(&mut self, index: i32, code: Code, batch: Batch) -> bool {
        let taken = self.collector.add(batch).is_ok();
        if taken {
            self.codes.entry(index).or_insert(code);
        }
        taken
    }

    fn summary(&self) -> Transfer {
        let missing = self.collector.missing();
        Transfer {
            size: usize::try_from(self.size).unwrap_or(0),
            missing: missing.map(code_number).collect(),
        }
    }

    fn give(self, rows: &mut Rows) {
        let places = self.codes.iter().flat_map(|(index, read)| {
            let code = code_number(*index);
            (1..=read.entries).map(move |entry| (read.file, Place::Transfer { code, entry }))
        });
        for ((file, place), entry) in places.zip(self.collector.into_entries()) {
            match entry {
                Ok(key) => rows.keep(file, place, key),
                Err(skipped) => {
                    let name = words::joined(skipped.issuer(), skipped.name());
                    rows.skip(file, place, name, Why::TransferEntry(skipped.error()));
                }
            }
        }
    }
}

/// Counted from 1, as people do.
fn code_number(index: i32) -> usize {
    usize::try_from(index).unwrap_or(0).saturating_add(1)
}
