//! A program is killed while it writes. What it said is kept is there, and the vault opens.

use std::env;
use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::common::{Place, add, names, open};

/// Processes that are killed.
const KILLS: u32 = 60;
/// Changes that are waited for, at most, before one is killed.
const MOST_WAITED_FOR: u64 = 4;
/// Turns of an empty loop after the last of them, at most: some milliseconds, so as long as a change.
const MOST_TURNS: u64 = 1 << 21;
/// Names the vault to the process that is killed.
const WRITER: &str = "AUTHENTICATOR_TEST_WRITER";
/// Which of the processes it is.
const LIFE: &str = "AUTHENTICATOR_TEST_LIFE";
/// Before what it says, to tell it from what the test program says.
const KEPT: &str = "kept ";

#[test]
fn a_program_that_is_killed_loses_nothing_that_it_said_is_kept() {
    let place = Place::new();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut expected: Vec<String> = Vec::new();
    let mut untold = 0;
    for life in 0..KILLS {
        let (mut child, mut output) = start(&place, life);
        for _ in 0..next(&mut random) % (MOST_WAITED_FOR + 1) {
            expected.push(next_kept(&mut output).unwrap());
        }
        for _ in 0..next(&mut random) % MOST_TURNS {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(name) = next_kept(&mut output) {
            expected.push(name);
        }

        let kept = names(open(&place.vault()).unwrap().contents());
        assert!(kept.starts_with(&expected), "{kept:?} {expected:?}");
        // One may be kept that nobody was told of.
        let more = kept.len() - expected.len();
        assert!(more <= 1, "{kept:?} {expected:?}");
        untold += more;
        expected = kept;
    }
    // The next one is not kept from writing by what a dead one left.
    add(&mut place.open(), "last").unwrap();
    println!(
        "{KILLS} kills, {} changes, {untold} of them kept and not told",
        expected.len()
    );
}

/// The process that is killed; as a test of its own it does nothing.
#[test]
fn writes_until_it_is_killed() {
    let Some(path) = env::var_os(WRITER) else {
        return;
    };
    let mut vault = open(path.as_ref()).unwrap();
    let life = env::var(LIFE).unwrap();
    for turn in 0.. {
        let name = format!("{life}-{turn}");
        add(&mut vault, &name).unwrap();
        let mut output = std::io::stdout().lock();
        writeln!(output, "{KEPT}{name}").unwrap();
        output.flush().unwrap();
    }
}

fn start(place: &Place, life: u32) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::writes_until_it_is_killed", "--nocapture"])
        .env(WRITER, place.vault())
        .env(LIFE, life.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

/// The next change that it said is kept. A line without an end was not said.
fn next_kept(output: &mut impl std::io::BufRead) -> Option<String> {
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).unwrap() == 0 || !line.ends_with('\n') {
            return None;
        }
        if let Some(name) = line.trim_end().split(KEPT).nth(1) {
            return Some(name.to_owned());
        }
    }
}

/// Numbers that look random and are the same in every run.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
