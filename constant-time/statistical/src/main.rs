//! Times a verification with inputs of two classes in random order, and asks whether the times differ.
//!
//! dudect-bencher prints the largest t of Welch's test for each pair of classes. Beyond 5 it is a leak. What is called
//! `twin` leaks on purpose and must be far beyond.

use std::hint::black_box;

use dudect_bencher::rand::{Rng, RngExt};
use dudect_bencher::{BenchRng, Class, CtRunner, ctbench_main};
use otp_core::{Secret, TimeStep, Totp, TotpParameters, UnixTime, Window};

const SAMPLES: usize = 60_000;
const PRESENT: u64 = 37_037_037;
const NOW: UnixTime = UnixTime::from_secs(PRESENT * 30);

ctbench_main!(
    match_in_first_or_last_step,
    match_or_wrong,
    fixed_or_random_key,
    wrong_in_first_or_last_digit,
    twin_returns_early
);

/// Each sample has a token and a text of its own, so that the two classes lie in memory alike.
struct Sample {
    class: Class,
    totp: Totp,
    code: String,
}

fn samples(
    rng: &mut BenchRng,
    mut sample: impl FnMut(Class, &mut BenchRng) -> (Totp, String),
) -> Vec<Sample> {
    (0..SAMPLES)
        .map(|_| {
            let class = if rng.random::<bool>() {
                Class::Left
            } else {
                Class::Right
            };
            let (totp, code) = sample(class, rng);
            Sample { class, totp, code }
        })
        .collect()
}

fn time_verify(runner: &mut CtRunner, samples: &[Sample]) {
    for Sample { class, totp, code } in samples {
        runner.run_one(*class, || {
            totp.verify(black_box(code), NOW, Window::default(), None)
        });
    }
}

fn token(key: &[u8; 20]) -> Totp {
    let secret = Secret::import(key).expect("20 bytes");
    Totp::new(&secret, TotpParameters::default())
}

fn random_token(rng: &mut BenchRng) -> Totp {
    let mut key = [0; 20];
    rng.fill_bytes(&mut key);
    token(&key)
}

fn code_at(totp: &Totp, step: u64) -> String {
    totp.generate_at(TimeStep::new(step)).as_str().to_owned()
}

fn random_code(rng: &mut BenchRng) -> String {
    format!("{:06}", rng.random_range(0..1_000_000))
}

/// A right code before and after our own time.
fn first_or_last_step(class: Class, rng: &mut BenchRng) -> (Totp, String) {
    let totp = random_token(rng);
    let step = match class {
        Class::Left => PRESENT - 1,
        Class::Right => PRESENT + 1,
    };
    let code = code_at(&totp, step);
    (totp, code)
}

fn match_in_first_or_last_step(runner: &mut CtRunner, rng: &mut BenchRng) {
    let samples = samples(rng, first_or_last_step);
    time_verify(runner, &samples);
}

fn match_or_wrong(runner: &mut CtRunner, rng: &mut BenchRng) {
    let samples = samples(rng, |class, rng| {
        let totp = random_token(rng);
        let code = match class {
            Class::Left => code_at(&totp, PRESENT),
            // Right by chance in one of 300 000, which no mean notices.
            Class::Right => random_code(rng),
        };
        (totp, code)
    });
    time_verify(runner, &samples);
}

fn fixed_or_random_key(runner: &mut CtRunner, rng: &mut BenchRng) {
    let samples = samples(rng, |class, rng| {
        let totp = match class {
            Class::Left => token(&[0; 20]),
            Class::Right => random_token(rng),
        };
        (totp, random_code(rng))
    });
    time_verify(runner, &samples);
}

fn wrong_in_first_or_last_digit(runner: &mut CtRunner, rng: &mut BenchRng) {
    let samples = samples(rng, |class, rng| {
        let totp = random_token(rng);
        let mut code = code_at(&totp, PRESENT).into_bytes();
        let place = match class {
            Class::Left => 0,
            Class::Right => code.len() - 1,
        };
        code[place] = b'0' + (code[place] - b'0' + rng.random_range(1..10)) % 10;
        (totp, String::from_utf8(code).expect("digits"))
    });
    time_verify(runner, &samples);
}

/// How it is usually written: step by step, text against text, done at the first match.
fn twin_returns_early(runner: &mut CtRunner, rng: &mut BenchRng) {
    let samples = samples(rng, first_or_last_step);
    for Sample { class, totp, code } in &samples {
        runner.run_one(*class, || {
            (PRESENT - 1..=PRESENT + 1)
                .map(TimeStep::new)
                .find(|&step| totp.generate_at(step).as_str() == black_box(code))
        });
    }
}
