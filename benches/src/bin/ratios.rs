//! Runs every task and every rival interleaved, and prints the table of the README.
//!
//! `cargo run --release --bin ratios [-- PART-OF-A-TASK-NAME [ROUNDS]]`
//!
//! What counts is the least time of many short rounds in which everybody takes turns: a disturbance of the machine
//! hits all alike, and the least time is the one that was disturbed least. It asserts nothing about time.

use std::time::Duration;

use otp_benches::{Contender, Goal, Task};

/// How long one turn lasts; one call of something slow may last longer.
const TURN: Duration = Duration::from_micros(40);
const ROUNDS: usize = 2000;
/// Nobody needs more of it than this much time.
const LONGEST_TASK: Duration = Duration::from_secs(6);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let part = arguments.next().unwrap_or_default();
    let rounds = arguments
        .next()
        .map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));

    println!("| task | by | min | median | ours / theirs | goal | reached |");
    println!("|---|---|---:|---:|---:|---:|---|");
    for mut task in otp_benches::all() {
        if task.name.contains(&part) {
            let times = measure(&mut task, rounds);
            print(&task, &times);
        }
    }
}

/// Seconds per call.
struct Times {
    min: f64,
    median: f64,
}

fn measure(task: &mut Task, rounds: usize) -> Vec<Times> {
    let calls: Vec<u64> = task.contenders().map(calls_in_a_turn).collect();
    let round: Duration = task
        .contenders()
        .zip(&calls)
        .map(|(contender, calls)| contender.time(*calls))
        .sum();
    let affordable = (LONGEST_TASK.as_secs_f64() / round.as_secs_f64()) as usize;

    let mut turns = vec![Vec::new(); calls.len()];
    for _ in 0..rounds.min(affordable).max(3) {
        for ((contender, calls), turns) in task.contenders().zip(&calls).zip(&mut turns) {
            turns.push(contender.time(*calls).as_secs_f64() / *calls as f64);
        }
    }
    turns
        .into_iter()
        .map(|mut turns| {
            turns.sort_by(f64::total_cmp);
            Times {
                min: turns[0],
                median: turns[turns.len() / 2],
            }
        })
        .collect()
}

fn calls_in_a_turn(contender: &mut Contender) -> u64 {
    let mut calls = 1;
    while contender.time(calls) < TURN / 2 {
        calls *= 2;
    }
    calls
}

fn print(task: &Task, times: &[Times]) {
    let (ours, others) = times.split_first().expect("our own time");
    println!(
        "| **{}** | ours | {} | {} | | | |",
        task.name,
        time(ours.min),
        time(ours.median)
    );
    for (other, theirs) in task.others.iter().zip(others) {
        let (goal, reached) = verdict(other.time, ours.min / theirs.min);
        println!(
            "| | {} | {} | {} | {:.2} | {goal} | {reached} |",
            other.contender.name,
            time(theirs.min),
            time(theirs.median),
            ours.min / theirs.min,
        );
    }
    if let Some(ours) = task.ours.bytes {
        println!("| **{}**, bytes | ours | {ours} | | | | |", task.name);
        for other in &task.others {
            if let Some(theirs) = other.contender.bytes {
                let ratio = ours as f64 / theirs as f64;
                let (goal, reached) = verdict(other.bytes, ratio);
                println!(
                    "| | {} | {theirs} | | {ratio:.2} | {goal} | {reached} |",
                    other.contender.name
                );
            }
        }
    }
}

fn verdict(goal: Option<Goal>, ratio: f64) -> (String, &'static str) {
    goal.map_or_else(Default::default, |goal| {
        let text = match goal {
            Goal::AtMost(goal) => format!("≤ {goal}"),
            Goal::Equal(tolerance) => format!("1 ± {tolerance}"),
        };
        (
            text,
            if goal.is_reached(ratio) {
                "yes"
            } else {
                "**no**"
            },
        )
    })
}

fn time(seconds: f64) -> String {
    let nanoseconds = seconds * 1e9;
    if nanoseconds < 10_000.0 {
        format!("{nanoseconds:.0} ns")
    } else {
        format!("{:.1} µs", nanoseconds / 1e3)
    }
}
