//! The row that names share of which there is no person: a record for each, so that one behaves as a person does, whatever is
//! done under the others.

use mfa_policy::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::{Record, SCHEMA};

/// Names of which one row keeps something. Of more the oldest go: who types more than 16 names for each of the 1024 rows while a
/// challenge lives can tell which were decoys.
const MOST: usize = 16;

/// The bytes of all of them together: not more than a few people have, so that they take as long to read and to write.
const LARGEST: usize = 20 * 1024;

/// The records of the other names, oldest first.
pub(crate) type Beside = Vec<(u64, Record)>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row<R> {
    schema: u16,
    /// INVARIANT: each name once, the newest last.
    decoys: Vec<(u64, R)>,
}

/// The record of the name that was typed, and those of the others.
pub(crate) fn read(
    stored: &[u8],
    typed: u64,
) -> Result<(Option<Record>, Beside), serde_json::Error> {
    let row: Row<Record> = serde_json::from_slice(stored)?;
    let mut beside = row.decoys;
    let place = beside.iter().position(|(name, _)| *name == typed);
    let own = place.map(|place| beside.remove(place).1);
    Ok((own, beside))
}

/// Writes the record of the name that was typed as the newest, and of the others what there is room for. What was begun a day
/// before is over.
pub(crate) fn write(
    typed: u64,
    own: &Record,
    beside: &[(u64, Record)],
    to: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let now = begun(own);
    // Of a person wrong passwords count until there is a right one, which a decoy has not.
    let is_live = |record: &Record| {
        !record.password.is_empty() || begun(record).map(|begun| begun.plus_days(1)) > now
    };
    let beside = beside.iter().map(|(name, record)| (*name, record));
    let beside = beside.rev().filter(|(_, record)| is_live(record));
    // Without a session or a password nothing was begun by that name.
    let own = now.map(|_| (typed, own));
    let mut decoys = Vec::new();
    let mut bytes = 0_usize;
    for (name, record) in own.into_iter().chain(beside).take(MOST) {
        bytes = bytes.saturating_add(serde_json::to_vec(record)?.len());
        if bytes > LARGEST && !decoys.is_empty() {
            break;
        }
        decoys.push((name, record));
    }
    decoys.reverse();
    let row = Row {
        schema: SCHEMA,
        decoys,
    };
    serde_json::to_writer(to, &row)
}

/// When something was last begun by that name.
fn begun(record: &Record) -> Option<Timestamp> {
    let sessions = record.sessions.iter().map(|session| session.begun);
    sessions.chain(record.password.last()).max()
}
