use alloc::vec::Vec;

use super::{Batch, SkippedEntry};
use crate::KeyUri;

/// Puts the URIs of one export together, scanned in any order and as often as it happens.
///
/// ```
/// use otp_uri::migration::{Collector, read};
///
/// # let scans = ["otpauth-migration://offline?data=CiwKFGFiY2RlZmdoaWprbG1ub3BxcnN0EghBY21lOmJvYhoEQWNtZSABKAEwAhABGAEgACgH"];
/// let mut collector = Collector::new();
/// for scan in scans {
///     collector.add(read(scan)?)?;
///     println!("{} QR codes to go", collector.missing().count());
/// }
/// assert!(collector.is_complete());
/// assert_eq!(collector.into_entries().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Collector {
    /// In the order of their index, each once, all of one export.
    batches: Vec<Batch>,
}

impl Collector {
    /// The most URIs of an export.
    pub const MAX_BATCHES: i32 = 256;

    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            batches: Vec::new(),
        }
    }

    /// Takes one URI of the export. One that is there already changes nothing.
    ///
    /// # Errors
    /// [`CollectError`]; what was collected stays.
    pub fn add(&mut self, batch: Batch) -> Result<(), CollectError> {
        let size = size(&batch);
        if !(1..=Self::MAX_BATCHES).contains(&size) || !(0..size).contains(&batch.index()) {
            return Err(CollectError::Index);
        }
        if self
            .batches
            .first()
            .is_some_and(|first| first.id() != batch.id() || self::size(first) != size)
        {
            return Err(CollectError::OtherExport);
        }
        if let Err(place) = self.position(batch.index()) {
            self.batches.insert(place, batch);
        }
        Ok(())
    }

    /// The indices that were not scanned yet; none before the first scan, which tells how many there are.
    pub fn missing(&self) -> impl Iterator<Item = i32> {
        let size = self.batches.first().map_or(0, size);
        (0..size).filter(|index| self.position(*index).is_err())
    }

    /// Whether all are there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.batches.is_empty() && self.missing().next().is_none()
    }

    /// The entries of all URIs that were scanned, in the order of the export.
    #[must_use = "the keys are lost otherwise"]
    pub fn into_entries(self) -> Vec<Result<KeyUri, SkippedEntry>> {
        self.batches
            .into_iter()
            .flat_map(Batch::into_entries)
            .collect()
    }

    fn position(&self, index: i32) -> Result<usize, usize> {
        self.batches.binary_search_by_key(&index, Batch::index)
    }
}

/// A writer that says nothing of batches means the only one.
fn size(batch: &Batch) -> i32 {
    match batch.size() {
        0 => 1,
        size => size,
    }
}

/// Why a URI does not belong to what was collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// It is of another export.
    #[error("batch: of another export")]
    OtherExport,
    /// Its index is not below its size, or the size is not 1 to 256.
    #[error("batch: index or size out of range")]
    Index,
}
