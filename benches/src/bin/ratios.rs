//! Runs every task and every rival interleaved, and prints the tables of the README.
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

    let measured: Vec<(Task, Vec<Times>)> = otp_benches::all()
        .into_iter()
        .filter(|task| task.name.contains(&part))
        .map(|mut task| {
            let times = measure(&mut task, rounds);
            (task, times)
        })
        .collect();

    println!("{}\n", machine());
    println!("| task | compared with | goal | ratio | reached |");
    println!("|---|---|---:|---:|---|");
    for (task, times) in &measured {
        print_goals(task, times);
    }
    println!("\n| task | by | least | median | bytes | ours / theirs |");
    println!("|---|---|---:|---:|---:|---:|");
    for (task, times) in &measured {
        print_times(task, times);
    }
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown CPU", |name| {
            name.trim_start_matches([' ', '\t', ':'])
        });
    let rustc = std::process::Command::new("rustc").arg("-V").output();
    let rustc = rustc.map_or_else(
        |_| "unknown rustc".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    );
    #[cfg(target_arch = "x86_64")]
    let sha = std::arch::is_x86_feature_detected!("sha");
    #[cfg(target_arch = "aarch64")]
    let sha = std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let sha = false;
    let sha = if sha { "with" } else { "without" };
    format!("{cpu}, {sha} SHA extensions, {rustc}")
}

/// Seconds per call.
struct Times {
    least: f64,
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
                least: turns[0],
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

fn print_goals(task: &Task, times: &[Times]) {
    let (ours, others) = times.split_first().expect("our own time");
    if let Some(within) = task.within {
        let (name, goal, least) = (task.name, time(within.as_secs_f64()), time(ours.least));
        let reached = yes_or_no(ours.least <= within.as_secs_f64());
        println!("| {name} | the clock | ≤ {goal} | {least} | {reached} |");
    }
    for (other, theirs) in task.others.iter().zip(others) {
        let (name, by) = (task.name, other.contender.name);
        if let Some(goal) = other.time {
            let (goal, ratio, reached) = verdict(goal, ours.least, theirs.least);
            println!("| {name} | {by} | {goal} | {ratio} | {reached} |");
        }
        if let (Some(goal), Some(ours), Some(theirs)) =
            (other.bytes, task.ours.bytes, other.contender.bytes)
        {
            let (goal, ratio, reached) = verdict(goal, ours as f64, theirs as f64);
            println!("| {name}, bytes | {by} | {goal} | {ratio} | {reached} |");
        }
    }
}

fn print_times(task: &Task, times: &[Times]) {
    let contenders =
        std::iter::once(&task.ours).chain(task.others.iter().map(|other| &other.contender));
    for (index, (contender, theirs)) in contenders.zip(times).enumerate() {
        let bytes = contender
            .bytes
            .map_or(String::new(), |bytes| bytes.to_string());
        let (name, ratio) = match index {
            0 => (format!("**{}**", task.name), String::new()),
            _ => (
                String::new(),
                format!("{:.2}", times[0].least / theirs.least),
            ),
        };
        let (by, least, median) = (contender.name, time(theirs.least), time(theirs.median));
        println!("| {name} | {by} | {least} | {median} | {bytes} | {ratio} |");
    }
}

fn verdict(goal: Goal, ours: f64, theirs: f64) -> (String, String, &'static str) {
    let reached = yes_or_no(goal.is_reached(ours, theirs));
    let ratio = format!("{:.3}", ours / theirs);
    match goal {
        Goal::AtMost(goal) => (format!("≤ {goal}"), ratio, reached),
        Goal::Equal(tolerance) => (format!("1 ± {tolerance}"), ratio, reached),
        Goal::AtMostLonger(most) => (
            format!("≤ {} more", time(most.as_secs_f64())),
            format!("{} more", time(ours - theirs)),
            reached,
        ),
    }
}

const fn yes_or_no(reached: bool) -> &'static str {
    if reached { "yes" } else { "**no**" }
}

fn time(seconds: f64) -> String {
    let nanoseconds = seconds * 1e9;
    if nanoseconds < 10_000.0 {
        format!("{nanoseconds:.0} ns")
    } else {
        format!("{:.1} µs", nanoseconds / 1e3)
    }
}
