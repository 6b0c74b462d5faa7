//! Calls everything that touches a key or a code, each through a function of its own whose name begins with `entry_`.
//!
//! The program is not run to any purpose: `cargo xtask test constant-time` disassembles it, follows the calls
//! from these functions, and looks for divisions. memcheck does not see them, though the time of a `div` depends on the values.

use std::hint::black_box;

use otp_core::{
    AcceptedCounter, AcceptedStep, Algorithm, Code, ConsecutiveCodes, Counter, Exhausted, Hotp,
    HotpParameters, LookAhead, ResyncRange, Resynchronised, Secret, SecretError, Steam, SteamCode,
    TimeStep, Totp, TotpParameters, UnixTime, Verdict, Window,
};

fn main() {
    let secret = entry_secret(black_box(b"12345678901234567890")).expect("20 bytes");
    black_box(&entry_long_secret(
        black_box(&[0; 200]),
        black_box(Algorithm::Sha1),
    ));
    let (now, range) = (
        black_box(UnixTime::from_secs(59)),
        black_box(ResyncRange::default()),
    );
    let codes = black_box(ConsecutiveCodes::from(["755224", "287082"]));

    let totp = entry_totp_new(&secret, black_box(TotpParameters::default()));
    black_box(&entry_totp_generate(&totp, TimeStep::new(black_box(1))));
    black_box(&entry_totp_verify(
        &totp,
        black_box("287082"),
        now,
        Window::default(),
        black_box(None),
    ));
    black_box(&entry_totp_resynchronise(
        &totp,
        codes,
        now,
        range,
        black_box(None),
    ));

    let hotp = entry_hotp_new(&secret, black_box(HotpParameters::default()));
    let next = Counter::new(black_box(0));
    black_box(&entry_hotp_generate(&hotp, next));
    black_box(&entry_hotp_verify(
        &hotp,
        black_box("287082"),
        next,
        black_box(LookAhead::default()),
    ));
    black_box(&entry_hotp_resynchronise(&hotp, codes, next, range));

    let steam = entry_steam_new(&secret);
    black_box(&entry_steam_generate(&steam, TimeStep::new(black_box(1))));

    black_box(twin_code(black_box(1_094_287_082), black_box(6)));
}

#[inline(never)]
fn entry_secret(key: &[u8]) -> Result<Secret, SecretError> {
    Secret::import(key)
}

#[inline(never)]
fn entry_long_secret(key: &[u8], algorithm: Algorithm) -> Result<Secret, SecretError> {
    Secret::import_long(key, algorithm)
}

#[inline(never)]
fn entry_totp_new(secret: &Secret, parameters: TotpParameters) -> Totp {
    Totp::new(secret, parameters)
}

#[inline(never)]
fn entry_totp_generate(totp: &Totp, step: TimeStep) -> Code {
    totp.generate_at(step)
}

#[inline(never)]
fn entry_totp_verify(
    totp: &Totp,
    code: &str,
    now: UnixTime,
    window: Window,
    last_accepted: Option<TimeStep>,
) -> Verdict<AcceptedStep> {
    totp.verify(code, now, window, last_accepted)
}

#[inline(never)]
fn entry_totp_resynchronise(
    totp: &Totp,
    codes: ConsecutiveCodes<'_>,
    now: UnixTime,
    range: ResyncRange,
    last_accepted: Option<TimeStep>,
) -> Verdict<Resynchronised> {
    totp.resynchronise(codes, now, range, last_accepted)
}

#[inline(never)]
fn entry_hotp_new(secret: &Secret, parameters: HotpParameters) -> Hotp {
    Hotp::new(secret, parameters)
}

#[inline(never)]
fn entry_hotp_generate(hotp: &Hotp, counter: Counter) -> Code {
    hotp.generate(counter)
}

#[inline(never)]
fn entry_hotp_verify(
    hotp: &Hotp,
    code: &str,
    next: Counter,
    look_ahead: LookAhead,
) -> Result<Verdict<AcceptedCounter>, Exhausted> {
    hotp.verify(code, next, look_ahead)
}

#[inline(never)]
fn entry_hotp_resynchronise(
    hotp: &Hotp,
    codes: ConsecutiveCodes<'_>,
    next: Counter,
    range: ResyncRange,
) -> Result<Verdict<AcceptedCounter>, Exhausted> {
    hotp.resynchronise(codes, next, range)
}

#[inline(never)]
fn entry_steam_new(secret: &Secret) -> Steam {
    Steam::new(secret)
}

#[inline(never)]
fn entry_steam_generate(steam: &Steam, step: TimeStep) -> SteamCode {
    steam.generate_at(step)
}

/// What the search must find: a divisor known only at run time, one call away.
#[inline(never)]
fn twin_code(truncated: u32, digits: u32) -> u32 {
    twin_reduce(truncated, digits) + 1
}

#[inline(never)]
fn twin_reduce(truncated: u32, digits: u32) -> u32 {
    truncated % 10_u32.pow(digits)
}
