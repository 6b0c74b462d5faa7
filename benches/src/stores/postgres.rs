//! PostgreSQL: both in one schema of the server, through pools of the same size.

use std::time::Duration;
use std::{env, process};

use mfa_store::{KeyId, Keyring, PostgresOptions, PostgresStore, Store};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};

use super::{BareRow, Place};

/// Connections of each pool. More clients than that wait for one.
const CONNECTIONS: u32 = 16;

/// The tables of the store, and tables like them that are written barely.
pub struct Postgres {
    store: PostgresStore,
    bare: PgPool,
    server: String,
    schema: String,
}

impl Postgres {
    /// In a new schema of the server that `OTP_POSTGRES` names. `None` if it names none.
    pub async fn anywhere() -> Option<Self> {
        let server = env::var("OTP_POSTGRES").ok()?;
        let schema = format!("otp_stores_{}", process::id());
        run(&server, &format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await;
        run(&server, &format!("CREATE SCHEMA {schema}")).await;
        let sign = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{sign}options[search_path]={schema}");
        let keyring = Keyring::new(KeyId::new(1), [7; 32]);
        let options = PostgresOptions::new(&url)
            .with_connections(CONNECTIONS)
            .with_acquire_timeout(Duration::from_secs(60));
        let store = PostgresStore::connect(options, keyring).await.unwrap();
        let connect: PgConnectOptions = url.parse().unwrap();
        let bare = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(60))
            .test_before_acquire(false)
            .connect_lazy_with(connect.disable_statement_logging());
        for sql in [
            "CREATE TABLE bare_account (LIKE mfa_account INCLUDING ALL)",
            "CREATE TABLE bare_outbox (LIKE mfa_outbox INCLUDING ALL, \
             FOREIGN KEY (tenant, holder) REFERENCES bare_account (tenant, holder))",
        ] {
            sqlx::query(sql).execute(&bare).await.unwrap();
        }
        Some(Self {
            store,
            bare,
            server,
            schema,
        })
    }

    /// Closes everything and removes the schema.
    pub async fn remove(self) {
        self.store.close().await;
        self.bare.close().await;
        run(
            &self.server,
            &format!("DROP SCHEMA {} CASCADE", self.schema),
        )
        .await;
    }

    /// One commit as the store makes it: what is there, and then the account and so many rows of the outbox.
    async fn commit(&self, row: &mut BareRow, outbox: usize) {
        let holder = row.number.to_string();
        let mut connection = self.bare.acquire().await.unwrap();
        sqlx::query(LOAD)
            .bind("acme")
            .bind(&holder)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        drop(connection);
        let mut commit = [0; 16];
        let (number, version) = (u64::try_from(row.number).unwrap(), row.version + 1);
        commit[..8].copy_from_slice(&number.to_be_bytes());
        commit[8..].copy_from_slice(&version.to_be_bytes());
        let positions: Vec<i64> = (0..).take(outbox).collect();
        let ones = vec![1_i64; outbox];
        // As long as an event is, sealed.
        let bodies = vec![vec![7_u8; 220]; outbox];
        let mut connection = self.bare.acquire().await.unwrap();
        let done = sqlx::query(WRITE)
            .bind("acme")
            .bind(&holder)
            .bind(version)
            .bind(commit.as_slice())
            .bind(1_i64)
            .bind(1_i64)
            .bind(&row.body)
            .bind(row.version)
            .bind(positions)
            .bind(vec![0_i64; outbox])
            .bind(&ones)
            .bind(&ones)
            .bind(bodies)
            .execute(&mut *connection)
            .await
            .unwrap();
        assert_eq!(done.rows_affected(), u64::try_from(outbox).unwrap());
        row.version = version;
    }
}

const LOAD: &str = "SELECT version, commit_id, format, sealing_key, body FROM bare_account \
    WHERE tenant = $1 AND holder = $2";

const WRITE: &str = "WITH written AS (UPDATE bare_account \
    SET version = $3, commit_id = $4, format = $5, sealing_key = $6, body = $7 \
    WHERE tenant = $1 AND holder = $2 AND version = $8 AND version < $3 RETURNING tenant) \
    INSERT INTO bare_outbox (tenant, holder, commit_id, version, due, position, ordered, format, sealing_key, body) \
    SELECT $1, $2, $4, $3, 0, o.position, o.ordered, o.format, o.sealing_key, o.body FROM written, \
    unnest($9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bytea[]) \
    AS o (position, ordered, format, sealing_key, body)";

async fn run(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the server of OTP_POSTGRES");
    // Our own words and a number.
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Puts so many rows more beside those of the accounts, as long as they are.
pub(crate) const FILL: &str = "INSERT INTO mfa_account (tenant, holder, version, commit_id, format, sealing_key, body) \
     SELECT tenant, md5(random()::text || x), 1, decode(md5(x::text), 'hex'), format, sealing_key, body \
     FROM (SELECT * FROM mfa_account LIMIT 1) AS one, generate_series(1, $1) AS x";

impl Place for Postgres {
    const NAME: &'static str = "PostgreSQL";

    fn store(&self) -> &(impl Store + 'static) {
        &self.store
    }

    async fn row_length(&self) -> usize {
        let length = "SELECT length(body)::bigint FROM mfa_account LIMIT 1";
        let length: i64 = sqlx::query_scalar(length)
            .fetch_one(&self.bare)
            .await
            .unwrap();
        usize::try_from(length).unwrap()
    }

    async fn prepare_bare(&self, rows: usize, length: usize) {
        for sql in ["DELETE FROM bare_outbox", "DELETE FROM bare_account"] {
            sqlx::query(sql).execute(&self.bare).await.unwrap();
        }
        for number in 0..rows {
            sqlx::query("INSERT INTO bare_account VALUES ('acme', $1, 1, $2, 1, 1, $3)")
                .bind(number.to_string())
                .bind(vec![7_u8; 16])
                .bind(vec![7_u8; length])
                .execute(&self.bare)
                .await
                .unwrap();
        }
    }

    async fn bare(&self, row: &mut BareRow) {
        self.commit(row, 1).await;
        self.commit(row, 2).await;
    }

    async fn fill(&self, rows: u64) {
        let mut left = i64::try_from(rows).unwrap();
        while left > 0 {
            let some = left.min(50_000);
            let fill = sqlx::query(FILL).bind(some);
            fill.execute(&self.bare).await.unwrap();
            left -= some;
        }
        sqlx::query("ANALYZE mfa_account")
            .execute(&self.bare)
            .await
            .unwrap();
    }
}
