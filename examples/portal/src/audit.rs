//! The audit log: what happened, in a table that is only ever added to.

use mfa_flow::{AccountKey, Event};

use crate::database::Database;

/// Writes events, each once however often it is delivered.
pub(crate) async fn write(
    database: &Database,
    events: &[(String, &AccountKey, &Event)],
) -> anyhow::Result<()> {
    let mut transaction = database.begin().await?;
    for (delivery, account, event) in events {
        sqlx::query(
            "INSERT INTO portal_audit (delivery, person, at, event) VALUES ($1, $2, $3, $4) ON CONFLICT (delivery) DO NOTHING",
        )
        .bind(delivery.clone())
        .bind(account.holder().into_owned())
        .bind(event.at.unix_seconds())
        .bind(serde_json::to_string(event)?)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}
