//! A server enrols a user: secret, URI for the QR code, and the key in groups for those who cannot scan it.
//!
//! `cargo run -p otp-uri --example enrolment_uri -- Acme bob@example.com`

use std::env;
use std::error::Error;

use otp_core::{Algorithm, Secret};
use otp_uri::{Account, Issuer, KeyUri, base32};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let issuer = Issuer::new(&arguments.next().unwrap_or_else(|| "Acme".into()))?;
    let account = Account::new(&arguments.next().unwrap_or_else(|| "bob@example.com".into()))?;

    // Kept by the server, encrypted, and not valid before the user has shown a first code.
    let secret = Secret::generate_from_system(Algorithm::Sha1)?;
    let uri = KeyUri::widely_compatible(issuer, account, &secret);

    // Shown once, on a page that is never cached. These lines are the only ones that expose anything.
    println!("Scan this as a QR code: {}", uri.to_text().expose());
    println!(
        "Or type the key:        {}",
        base32::grouped(secret.expose()).expose()
    );
    println!("Account:                {}", uri.account());

    for misreading in uri.compatibility() {
        eprintln!("note: {misreading}");
    }
    Ok(())
}
