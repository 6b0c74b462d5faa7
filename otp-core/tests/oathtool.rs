//! The same codes as `oathtool` of the OATH Toolkit, an implementation in C that shares nothing with this one.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::process::Command;

use otp_core::{
    Algorithm, Counter, Digits, Hotp, HotpParameters, Period, Secret, TimeStep, Totp,
    TotpParameters, UnixTime,
};

/// How many codes after the first one a call prints.
const MORE: u64 = 20;

fn oathtool(arguments: &[String]) -> Option<Vec<String>> {
    let Ok(output) = Command::new("oathtool").args(arguments).output() else {
        assert!(
            std::env::var_os("OTP_REQUIRE_ALL").is_none(),
            "oathtool is not installed"
        );
        eprintln!("SKIPPED: oathtool is not installed");
        return None;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect(),
    )
}

/// Keys of these lengths, of bytes that look random and are the same in every run.
fn keys() -> impl Iterator<Item = Vec<u8>> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    [1, 10, 16, 20, 32, 63, 64, 65, 127, 128]
        .into_iter()
        .map(move |length| {
            (0..length)
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    state.to_le_bytes()[0]
                })
                .collect()
        })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn hotp_codes_equal_those_of_oathtool() {
    for key in keys() {
        let secret = Secret::import(&key).unwrap();
        for digits in Digits::ALL {
            let hotp = Hotp::new(&secret, HotpParameters::default().with_digits(digits));
            for first in [0, 1 << 31, 1 << 32, 1 << 53, i64::MAX.unsigned_abs() - MORE] {
                let arguments = [
                    "--hotp".to_owned(),
                    format!("--digits={}", digits.get()),
                    format!("--counter={first}"),
                    format!("--window={MORE}"),
                    hex(&key),
                ];
                let Some(expected) = oathtool(&arguments) else {
                    return;
                };
                let codes: Vec<_> = (first..=first + MORE)
                    .map(|counter| hotp.generate(Counter::new(counter)).as_str().to_owned())
                    .collect();
                assert_eq!(codes, expected);
            }
        }
    }
}

#[test]
fn totp_codes_equal_those_of_oathtool() {
    for key in keys() {
        let secret = Secret::import(&key).unwrap();
        for (algorithm, digits) in Algorithm::ALL.into_iter().zip(Digits::ALL) {
            // oathtool computes SHA-1 for a name that it does not know; these three it knows.
            let name = match algorithm {
                Algorithm::Sha1 => "sha1",
                Algorithm::Sha256 => "sha256",
                Algorithm::Sha512 => "sha512",
            };
            for (period, now) in [
                (30, 59),
                (30, 1_111_111_109),
                (60, 20_000_000_000),
                (1, 1_234_567_890),
            ] {
                let parameters = TotpParameters::default()
                    .with_algorithm(algorithm)
                    .with_digits(digits)
                    .with_period(Period::new(period).unwrap());
                let totp = Totp::new(&secret, parameters);
                let arguments = [
                    format!("--totp={name}"),
                    format!("--digits={}", digits.get()),
                    format!("--time-step-size={period}s"),
                    format!("--now=@{now}"),
                    format!("--window={MORE}"),
                    hex(&key),
                ];
                let Some(expected) = oathtool(&arguments) else {
                    return;
                };
                let first = totp.step_at(UnixTime::from_secs(now)).unwrap().get();
                let codes: Vec<_> = (first..=first + MORE)
                    .map(|step| totp.generate_at(TimeStep::new(step)).as_str().to_owned())
                    .collect();
                assert_eq!(codes, expected, "{name}, {period} s, {now}");
            }
        }
    }
}
