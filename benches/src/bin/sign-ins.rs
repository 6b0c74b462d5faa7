//! Real sign-ins at the portal over HTTP, on SQLite and PostgreSQL, beside a hundred thousand accounts.
//!
//! `cargo run --release --bin sign-ins [-- [PEOPLE [CLIENTS…]]]`: that many people (1000) sign in with password and code, and as
//! many with the second step measured alone, so many at once (1, 8, 32).
//!
//! The program is built in release, or is that of `OTP_PORTAL`. SQLite is in the folder that `OTP_BENCH_FOLDER` names, else
//! in that for temporary files; PostgreSQL where `OTP_POSTGRES` says, and SKIPPED without it. It asserts nothing about time.

use std::time::Duration;

use otp_benches::portal::{Measured, Postgres, Size, Sqlite, measure, program};

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("a number"));
    let people = arguments.next().unwrap_or(1_000);
    let mut clients: Vec<usize> = arguments.collect();
    if clients.is_empty() {
        clients = vec![1, 8, 32];
    }
    let program = program(true);
    println!("{}", Measured::HEAD);
    for clients in clients {
        let size = Size {
            accounts: 100_000,
            people,
            clients,
            bare: Duration::from_secs(5),
        };
        println!("{}", measure(&Sqlite::new(&program), size));
        match Postgres::new(&program) {
            Some(postgres) => println!("{}", measure(&postgres, size)),
            None => println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES"),
        }
    }
}
