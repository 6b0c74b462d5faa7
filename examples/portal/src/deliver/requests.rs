//! The requests that go to authenticator apps. They are kept in a table that every portal reads, so that a request reaches an app
//! whichever portal it is connected to. The account alone knows which of them still wait for an answer.

use mfa_flow::PushRequest;
use mfa_policy::{RegistrationId, Timestamp};
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{Database, numbered};

/// Where the requests of a device go, which an account keeps as its address.
pub(crate) fn address(registration: &RegistrationId) -> String {
    format!("device:{registration}")
}

/// Keeps a request, once however often it is delivered.
pub(crate) async fn keep(
    database: &Database,
    address: &str,
    request: &PushRequest,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO portal_request (id, address, ends, request) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
    )
    .bind(request.id().to_string())
    .bind(address.to_owned())
    .bind(request.until().unix_seconds())
    .bind(request.as_str().to_owned())
    .execute(database)
    .await?;
    Ok(())
}

/// The requests to those addresses that have time left, the oldest first, each with its address.
pub(crate) async fn in_time(
    database: &Database,
    addresses: impl ExactSizeIterator<Item = &str>,
    now: Timestamp,
) -> sqlx::Result<Vec<(String, PushRequest)>> {
    let places = numbered(2, addresses.len());
    let sql = format!(
        "SELECT address, request FROM portal_request WHERE ends > $1 AND address IN ({places}) ORDER BY ends, id"
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(now.unix_seconds());
    let query = addresses.fold(query, |query, address| query.bind(address.to_owned()));
    let mut requests = Vec::new();
    for row in query.fetch_all(database).await? {
        // What a newer portal wrote in another form is left to it.
        if let Ok(request) = row.try_get::<&str, _>("request")?.parse() {
            requests.push((row.try_get("address")?, request));
        }
    }
    Ok(requests)
}

/// Forgets the requests that are out of time.
pub(crate) async fn clean_up(database: &Database, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM portal_request WHERE ends <= $1")
        .bind(now.unix_seconds())
        .execute(database)
        .await?;
    Ok(())
}
