//! What the stores promise, shown with many processes on real databases, which are killed at any moment.
//!
//! The processes are this program again, see [`node`]. So it has a `main` of its own, and runs one proof after the other.
//! `OTP_STORE_PROOFS=full` makes them as long as `cargo xtask test store` wants them.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "../common/mod.rs"]
mod common;
mod crash;
mod durability;
mod either;
mod exactly_once;
mod history;
mod node;
#[path = "../common/place.rs"]
mod place;

use std::env;
use std::panic::catch_unwind;
use std::process::ExitCode;

/// A name that says what is shown, and what shows it.
type Proof = (&'static str, fn());

const PROOFS: &[Proof] = &[
    (
        "of_24_equal_codes_one_is_accepted",
        exactly_once::of_24_equal_codes_one_is_accepted,
    ),
    (
        "of_24_wrong_codes_five_are_looked_at",
        exactly_once::of_24_wrong_codes_five_are_looked_at,
    ),
    (
        "a_history_that_was_tampered_with_is_caught",
        history::a_history_that_was_tampered_with_is_caught,
    ),
    (
        "mixed_traffic_leaves_a_consistent_history",
        history::mixed_traffic_leaves_a_consistent_history,
    ),
    (
        "sqlite_tells_nothing_that_is_not_on_disk",
        durability::sqlite_tells_nothing_that_is_not_on_disk,
    ),
    (
        "postgres_tells_nothing_that_is_not_on_disk",
        durability::postgres_tells_nothing_that_is_not_on_disk,
    ),
    (
        "killed_nodes_of_sqlite_lose_nothing",
        crash::killed_nodes_of_sqlite_lose_nothing,
    ),
    (
        "killed_nodes_of_postgres_lose_nothing",
        crash::killed_nodes_of_postgres_lose_nothing,
    ),
    (
        "a_crashed_server_loses_nothing",
        crash::a_crashed_server_loses_nothing,
    ),
    (
        "a_server_that_does_not_wait_for_the_disk_is_caught",
        crash::a_server_that_does_not_wait_for_the_disk_is_caught,
    ),
];

fn main() -> ExitCode {
    if let Some(place) = node::place() {
        node::serve(&place);
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> = env::args().skip(1).collect();
    let filters: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let chosen = PROOFS.iter().filter(|(name, _)| {
        filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()))
    });
    if words.iter().any(|word| word == "--list") {
        chosen.for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let (mut passed, mut failed) = (0, 0);
    for (name, proof) in chosen {
        match catch_unwind(proof) {
            Ok(()) => {
                println!("test {name} ... ok");
                passed += 1;
            }
            Err(_) => {
                println!("test {name} ... FAILED");
                failed += 1;
            }
        }
    }
    let result = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {result}. {passed} passed; {failed} failed; 0 ignored");
    ExitCode::from(u8::from(failed > 0))
}

/// The one number for every run, the other where the proofs are asked for in full.
fn length(short: u32, full: u32) -> u32 {
    match env::var("OTP_STORE_PROOFS") {
        Ok(length) if length == "full" => full,
        _ => short,
    }
}
