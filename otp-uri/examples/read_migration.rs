//! Reads the QR codes of a Google Authenticator export, given as texts, and says what is in them, without the secrets.
//!
//! `cargo run -p otp-uri --example read_migration -- 'otpauth-migration://offline?data=...' ...`

use std::env;
use std::error::Error;

use otp_uri::migration::{self, Collector};

/// An export with one account, for when nothing is given.
const EXAMPLE: &str = "otpauth-migration://offline?data=CiwKFGFiY2RlZmdoaWprbG1ub3BxcnN0EghBY21lOmJvYhoEQWNtZSABKAEwAhABGAEgACgH";

fn main() -> Result<(), Box<dyn Error>> {
    let mut scans: Vec<String> = env::args().skip(1).collect();
    if scans.is_empty() {
        scans.push(EXAMPLE.into());
    }

    let mut collector = Collector::new();
    for scan in &scans {
        collector.add(migration::read(scan)?)?;
    }
    for index in collector.missing() {
        println!("QR code {} is still to be scanned", index.saturating_add(1));
    }
    for entry in collector.into_entries() {
        match entry {
            Ok(key) => {
                println!(
                    "{}  {}  {}",
                    key.kind(),
                    key.issuer().unwrap_or("-").escape_debug(),
                    key.account().escape_debug()
                );
                for warning in key.warnings() {
                    println!("      warning: {warning}");
                }
            }
            Err(skipped) => println!(
                "left out  {}: {}",
                skipped.name().escape_debug(),
                skipped.error()
            ),
        }
    }
    Ok(())
}
