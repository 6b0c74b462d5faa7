//! Sign-ins through the stores beside bare statements, and how long an answer takes where there are many accounts.
//!
//! `cargo run --release --bin stores [-- [ROUNDS [MILLISECONDS]]]`: rates, in so many rounds with turns as long.
//! `cargo run --release --bin stores -- growth [ACCOUNTS…]`: answers beside so many accounts (1000, 100000, 1000000).
//!
//! SQLite is in the folder that `OTP_BENCH_FOLDER` names, else in that for temporary files; PostgreSQL where `OTP_POSTGRES`
//! says, and SKIPPED without it. It asserts nothing about time.

use std::sync::Arc;
use std::time::Duration;

use otp_benches::stores::{Place, Postgres, Sqlite, growth, rates};

const ROUNDS: usize = 15;
const TURN: u64 = 400;
const CLIENTS: [usize; 3] = [1, 8, 32];
const SIZES: [u64; 3] = [1_000, 100_000, 1_000_000];
const ANSWERS: usize = 2_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if_eq("growth").is_some() {
        let mut sizes: Vec<u64> = arguments
            .map(|size| size.parse().expect("a number of accounts"))
            .collect();
        if sizes.is_empty() {
            sizes = SIZES.to_vec();
        }
        println!("| store | accounts | bytes a row | answer, median | 99 of 100 within |");
        println!("|---|---:|---:|---:|---:|");
        let sqlite = Sqlite::anywhere().await;
        print_growth(&sqlite, &sizes).await;
        sqlite.remove().await;
        match Postgres::anywhere().await {
            Some(postgres) => {
                print_growth(&postgres, &sizes).await;
                postgres.remove().await;
            }
            None => println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES"),
        }
        return;
    }
    let rounds = arguments
        .next()
        .map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let turn = arguments
        .next()
        .map_or(TURN, |turn| turn.parse().expect("milliseconds"));
    let turn = Duration::from_millis(turn);
    println!(
        "| store | clients | bytes a row | commits a second | barely | goal | ratio | reached |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---|");
    let sqlite = Sqlite::anywhere().await;
    let sqlite = Arc::new(sqlite);
    print_rates(&sqlite, rounds, turn).await;
    alone(sqlite).remove().await;
    match Postgres::anywhere().await {
        Some(postgres) => {
            let postgres = Arc::new(postgres);
            print_rates(&postgres, rounds, turn).await;
            alone(postgres).remove().await;
        }
        None => println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES"),
    }
}

async fn print_rates<P: Place + Send + 'static>(place: &Arc<P>, rounds: usize, turn: Duration) {
    for clients in CLIENTS {
        println!("{}", rates(place, clients, rounds, turn).await);
    }
}

async fn print_growth<P: Place>(place: &P, sizes: &[u64]) {
    for grown in growth(place, sizes, ANSWERS).await {
        println!("{grown}");
    }
}

/// Every task has ended.
fn alone<P>(place: Arc<P>) -> P {
    Arc::into_inner(place).expect("nobody else has it")
}
