//! The measurements of the stores, with small numbers: that they run, and that every sign-in is accepted.

use std::sync::Arc;
use std::time::Duration;

use otp_benches::stores::{Place, Postgres, Sqlite, growth, rates};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

async fn measures<P: Place + Send + 'static>(place: &Arc<P>) {
    let measured = rates(place, 2, 1, Duration::from_millis(30)).await;
    assert!(measured.ours > 0.0 && measured.bare > 0.0 && measured.ratio > 0.0);
    // An account of five methods, sealed, is at most four kibibytes.
    assert!((2_000..=4_096).contains(&measured.row), "{}", measured.row);
    let grown = growth(place.as_ref(), &[100, 200], 64).await;
    let accounts: Vec<u64> = grown.iter().map(|grown| grown.accounts).collect();
    assert_eq!(accounts, [100, 200]);
    assert!(grown.iter().all(|grown| !grown.median.is_zero()));
}

#[test]
fn sign_ins_through_sqlite_are_measured() {
    block_on(async {
        let sqlite = Sqlite::anywhere().await;
        let sqlite = Arc::new(sqlite);
        measures(&sqlite).await;
        alone(sqlite).remove().await;
    });
}

#[test]
fn sign_ins_through_postgresql_are_measured() {
    block_on(async {
        let Some(postgres) = Postgres::anywhere().await else {
            println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES");
            return;
        };
        let postgres = Arc::new(postgres);
        measures(&postgres).await;
        alone(postgres).remove().await;
    });
}

/// Every task has ended.
fn alone<P>(place: Arc<P>) -> P {
    Arc::into_inner(place).expect("nobody else has it")
}
