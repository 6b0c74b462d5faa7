//! The audit log: what happened, in a table that is only ever added to.

use mfa_flow::{AccountKey, Event};
use mfa_policy::{PersonId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::Database;

/// Writes events, each once however often it is delivered. They come in the order in which they happened to an account, and are kept
/// in it: many fall into one second.
pub(crate) async fn write(
    database: &Database,
    events: &[(String, &AccountKey, &Event)],
) -> anyhow::Result<()> {
    let written = std::time::UNIX_EPOCH.elapsed()?.as_micros();
    let places = i64::try_from(written)?..;
    let mut transaction = database.begin().await?;
    for (place, (delivery, account, event)) in places.zip(events) {
        sqlx::query(
            "INSERT INTO portal_audit (delivery, person, at, place, event) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (delivery) DO NOTHING",
        )
        .bind(delivery.clone())
        .bind(account.holder().into_owned())
        .bind(event.at.unix_seconds())
        .bind(place)
        .bind(serde_json::to_string(event)?)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Which events are looked for. What is left out does not matter.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) person: Option<PersonId>,
    /// Events of these names only; none for all.
    pub(crate) names: &'static [&'static str],
    /// What administrators did, alone.
    pub(crate) administration: bool,
    pub(crate) from: Option<Timestamp>,
    /// Before that time.
    pub(crate) until: Option<Timestamp>,
}

/// The events and whose account they are about (`None` for a name that nobody has), the latest first.
pub(crate) async fn read(
    database: &Database,
    filter: &Filter,
    most: i64,
    skipped: i64,
) -> sqlx::Result<Vec<(Option<PersonId>, Event)>> {
    // Each name stands in the text of an event as a word or as the key of its facts.
    let named = filter.names.iter().flat_map(|name| {
        [
            format!("event LIKE '%\"what\":\"{name}\"%'"),
            format!("event LIKE '%\"what\":{{\"{name}\"%'"),
        ]
    });
    let named: Vec<String> = named.collect();
    let mut sql = "SELECT person, event FROM portal_audit WHERE at >= $1 AND at < $2".to_owned();
    if !named.is_empty() {
        sql.push_str(&format!(" AND ({})", named.join(" OR ")));
    }
    if filter.administration {
        sql.push_str(" AND event LIKE '%\"by\":\"%'");
    }
    if filter.person.is_some() {
        sql.push_str(" AND person = $5");
    }
    sql.push_str(" ORDER BY at DESC, place DESC LIMIT $3 OFFSET $4");
    // Nothing of it comes from a visitor.
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(filter.from.map_or(i64::MIN, Timestamp::unix_seconds))
        .bind(filter.until.map_or(i64::MAX, Timestamp::unix_seconds))
        .bind(most)
        .bind(skipped);
    let query = match &filter.person {
        Some(person) => query.bind(person.as_str().to_owned()),
        None => query,
    };
    let rows = query.fetch_all(database).await?;
    let read = |row: &AnyRow| {
        let (person, event): (&str, &str) =
            (row.try_get("person").ok()?, row.try_get("event").ok()?);
        // What a newer portal wrote is left out.
        Some((
            PersonId::new(person).ok(),
            serde_json::from_str(event).ok()?,
        ))
    };
    Ok(rows.iter().filter_map(read).collect())
}
