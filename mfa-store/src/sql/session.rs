//! One connection of either database: values in, rows out.

use sqlx::SqlStr;

/// A value for a statement. Values are bound, never written into a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// A row of a result.
pub(crate) trait Row: Send {
    fn int(&self, column: usize) -> Result<i64, sqlx::Error>;
    fn text(&self, column: usize) -> Result<String, sqlx::Error>;
    fn bytes(&self, column: usize) -> Result<Vec<u8>, sqlx::Error>;
}

/// A connection, in a transaction or not.
pub(crate) trait Session: Send {
    type Row: Row;

    /// Runs a statement, and says how many rows it changed.
    fn execute(
        &mut self,
        sql: SqlStr,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Runs a statement, and gives its rows.
    fn rows(
        &mut self,
        sql: SqlStr,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;
}

/// The two databases of sqlx have the same methods, and no trait that says so in a line.
macro_rules! session {
    ($database:ty, $connection:ty, $row:ty) => {
        impl crate::sql::session::Row for $row {
            fn int(&self, column: usize) -> Result<i64, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn text(&self, column: usize) -> Result<String, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }

            fn bytes(&self, column: usize) -> Result<Vec<u8>, sqlx::Error> {
                sqlx::Row::try_get(self, column)
            }
        }

        impl crate::sql::session::Session for $connection {
            type Row = $row;

            async fn execute(
                &mut self,
                sql: sqlx::SqlStr,
                values: &[crate::sql::session::Value<'_>],
            ) -> Result<u64, sqlx::Error> {
                Ok(bound(sql, values).execute(self).await?.rows_affected())
            }

            async fn rows(
                &mut self,
                sql: sqlx::SqlStr,
                values: &[crate::sql::session::Value<'_>],
            ) -> Result<Vec<$row>, sqlx::Error> {
                bound(sql, values).fetch_all(self).await
            }
        }

        fn bound<'q>(
            sql: sqlx::SqlStr,
            values: &[crate::sql::session::Value<'_>],
        ) -> sqlx::query::Query<'q, $database, <$database as sqlx::Database>::Arguments> {
            use crate::sql::session::Value;
            values
                .iter()
                .fold(sqlx::query(sql), |query, value| match *value {
                    Value::Int(int) => query.bind(int),
                    Value::Text(text) => query.bind(text),
                    Value::Bytes(bytes) => query.bind(bytes),
                })
        }
    };
}
pub(crate) use session;
