//! A token without an operating system: no `std`, no allocation, a clock and a key in memory.
//!
//! Run with `cargo run -p otp-core --example firmware`. On a device the two functions below are the same;
//! only `main` is the host's, to have something to print to.

#![no_std]

extern crate std;

use otp_core::{Code, Secret, SecretError, Totp, TotpParameters, UnixTime};

/// What the device keeps: the key is hashed once, at start.
struct Token {
    totp: Totp,
}

impl Token {
    fn from_flash(key: &[u8]) -> Result<Self, SecretError> {
        let totp = Totp::new(&Secret::import(key)?, TotpParameters::default());
        Ok(Self { totp })
    }

    /// The code to show, and for how many seconds.
    fn display(&self, clock: UnixTime) -> Option<(Code, u32)> {
        Some((
            self.totp.generate(clock).ok()?,
            self.totp.seconds_left(clock).ok()?,
        ))
    }
}

fn main() -> Result<(), SecretError> {
    let token = Token::from_flash(b"12345678901234567890")?;
    if let Some((code, seconds)) = token.display(UnixTime::from_secs(1_111_111_109)) {
        std::println!("{} for {seconds} s", code.as_str());
    }
    Ok(())
}
