//! Every statement, in the words that SQLite and PostgreSQL share.
//!
//! Each touches rows of one account, or walks along one table; there are no procedures, no triggers, no joins across accounts.
//! So it shards by account.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

pub(crate) const LOAD: &str = "\
SELECT version, commit_id, format, sealing_key, body FROM mfa_account WHERE tenant = $1 AND holder = $2";

/// Nobody else was first. Otherwise nothing is inserted.
macro_rules! insert {
    () => {
        "INSERT INTO mfa_account (tenant, holder, version, commit_id, format, sealing_key, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, holder) DO NOTHING"
    };
}
#[cfg(feature = "postgres")]
pub(crate) use insert;
pub(crate) const INSERT: &str = insert!();

/// The version is still the one that was decided on, and it only grows. Otherwise nothing is updated.
macro_rules! update {
    () => {
        "UPDATE mfa_account SET version = $3, commit_id = $4, format = $5, sealing_key = $6, body = $7 \
         WHERE tenant = $1 AND holder = $2 AND version = $8 AND version < $3"
    };
}
#[cfg(feature = "postgres")]
pub(crate) use update;
pub(crate) const UPDATE: &str = update!();

pub(crate) const RELEASE: &str =
    "DELETE FROM mfa_claim WHERE tenant = $1 AND claim = $2 AND holder = $3";

pub(crate) const CLAIM: &str = "\
INSERT INTO mfa_claim (tenant, claim, holder) VALUES ($1, $2, $3) ON CONFLICT (tenant, claim) DO NOTHING";

pub(crate) const CLAIMED_BY: &str = "SELECT holder FROM mfa_claim WHERE tenant = $1 AND claim = $2";

pub(crate) const DELIVERED: &str = "\
DELETE FROM mfa_outbox WHERE tenant = $1 AND holder = $2 AND commit_id = $3 AND position = $4";

/// The attempt is the one that failed: whoever got the lease later is not disturbed.
pub(crate) const NOT_DELIVERED: &str = "\
UPDATE mfa_outbox SET due = $6, dead = $7 \
WHERE tenant = $1 AND holder = $2 AND commit_id = $3 AND position = $4 AND attempts = $5 AND dead = 0";

pub(crate) const KEYS: &str = "\
SELECT tenant, holder FROM mfa_account WHERE (tenant, holder) > ($1, $2) ORDER BY tenant, holder LIMIT $3";

pub(crate) const CLEAN_UP: &str = "\
DELETE FROM mfa_outbox WHERE (tenant, holder, commit_id, position) IN (\
SELECT tenant, holder, commit_id, position FROM mfa_outbox WHERE dead = 1 AND due < $1 ORDER BY due LIMIT $2)";

/// Accounts and rows of the outbox that another key sealed than the current one.
pub(crate) const ACCOUNTS_LEFT: &str =
    "SELECT COUNT(*) FROM mfa_account WHERE sealing_key < $1 OR sealing_key > $1";
pub(crate) const OUTBOX_LEFT: &str =
    "SELECT COUNT(*) FROM mfa_outbox WHERE sealing_key < $1 OR sealing_key > $1";

pub(crate) const ACCOUNTS_OF_KEY: &str = "\
SELECT version, commit_id, format, sealing_key, body, tenant, holder FROM mfa_account WHERE sealing_key = $1 LIMIT $2";
pub(crate) const OUTBOX_OF_KEY: &str = "\
SELECT version, commit_id, format, sealing_key, body, tenant, holder, position, ordered FROM mfa_outbox \
WHERE sealing_key = $1 LIMIT $2";

/// The version stays, and so does whatever was decided on it; but nothing that was written meanwhile is undone.
pub(crate) const RESEAL_ACCOUNT: &str = "\
UPDATE mfa_account SET format = $4, sealing_key = $5, body = $6 \
WHERE tenant = $1 AND holder = $2 AND version = $3 AND sealing_key = $7";
pub(crate) const RESEAL_OUTBOX: &str = "\
UPDATE mfa_outbox SET format = $5, sealing_key = $6, body = $7 \
WHERE tenant = $1 AND holder = $2 AND commit_id = $3 AND position = $4 AND sealing_key = $8";

/// Takes what is due. What sessions are told waits for what they were told before. `$lock`: how rows that another worker is
/// just taking are passed by.
macro_rules! take {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (",
            "SELECT o.tenant, o.holder, o.commit_id, o.position FROM mfa_outbox AS o ",
            "WHERE o.dead = 0 AND o.due <= $1 AND (o.ordered = 0 OR NOT EXISTS (",
            "SELECT 1 FROM mfa_outbox AS e WHERE e.tenant = o.tenant AND e.holder = o.holder ",
            "AND e.dead = 0 AND e.ordered = 1 ",
            "AND (e.version < o.version OR (e.version = o.version AND e.position < o.position)))) ",
            "ORDER BY o.due LIMIT $2",
            $lock,
            ") UPDATE mfa_outbox SET attempts = attempts + 1, due = $3, ",
            "dead = CASE WHEN attempts >= $4 THEN 1 ELSE 0 END FROM due ",
            "WHERE mfa_outbox.tenant = due.tenant AND mfa_outbox.holder = due.holder ",
            "AND mfa_outbox.commit_id = due.commit_id AND mfa_outbox.position = due.position ",
            "RETURNING mfa_outbox.version, mfa_outbox.commit_id, format, sealing_key, body, ",
            "mfa_outbox.tenant, mfa_outbox.holder, mfa_outbox.position, ordered, attempts, dead"
        )
    };
}
pub(crate) use take;

/// That many rows for the outbox. `ON CONFLICT`: an event about a row that cannot be opened is written once.
pub(crate) fn enqueue(rows: usize) -> SqlStr {
    let mut sql = String::from(
        "INSERT INTO mfa_outbox (tenant, holder, commit_id, version, due, position, ordered, format, sealing_key, body) VALUES ",
    );
    for row in 0..rows {
        let comma = if row == 0 { "" } else { ", " };
        let [position, ordered, format, key, body] =
            [5, 6, 7, 8, 9].map(|first: usize| first.saturating_add(row.saturating_mul(5)));
        // Writing into a string cannot fail.
        let _ = write!(
            sql,
            "{comma}($1, $2, $3, $4, 0, ${position}, ${ordered}, ${format}, ${key}, ${body})"
        );
    }
    sql.push_str(" ON CONFLICT (tenant, holder, commit_id, position) DO NOTHING");
    // Numbers and words of this file only.
    AssertSqlSafe(sql).into_sql_str()
}
