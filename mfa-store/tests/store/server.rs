//! The server of PostgreSQL that the tests are given.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Its URL; or nothing, and it says so.
pub(crate) fn server() -> Option<String> {
    let url = std::env::var("OTP_POSTGRES").ok();
    if url.is_none() {
        assert!(std::env::var_os("OTP_REQUIRE_ALL").is_none());
        println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES");
    }
    url
}

/// A schema of that name for this process alone, as a URL.
pub(crate) async fn schema(server: &str, name: &str) -> String {
    let schema = format!("{name}_{}", std::process::id());
    let mut connection = PgConnection::connect(server).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::raw_sql(create)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    format!("{server}&options[search_path]={schema}")
}
