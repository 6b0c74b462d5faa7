//! Shows a text as a QR code in the terminal: `cargo run --example terminal -- "otpauth://totp/..."`.
//!
//! A secret on the command line is seen by other users of the machine and kept in the history of the shell, so without
//! an argument the text is read from standard input. If there is none, an example is shown.

use std::{
    env,
    error::Error,
    io::{self, IsTerminal, Write},
};

use otp_qr::{Qr, TerminalOptions};

/// Of documentation, and opens nothing.
const EXAMPLE: &str =
    "otpauth://totp/Example:alice%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example";

fn main() -> Result<(), Box<dyn Error>> {
    let text = match env::args().nth(1) {
        Some(text) => text,
        None => io::read_to_string(io::stdin())?,
    };
    let text = if text.trim().is_empty() {
        EXAMPLE
    } else {
        text.trim()
    };
    let qr = Qr::encode(text)?;
    for warning in qr.warnings() {
        eprintln!("note: {warning}");
    }

    let mut stdout = io::stdout().lock();
    // Colours of our own where they are understood; dark on light, as on paper, in a file.
    let options = if stdout.is_terminal() {
        TerminalOptions::ansi()
    } else {
        TerminalOptions::on_light()
    };
    stdout.write_all(qr.terminal(&options).expose().as_bytes())?;
    Ok(())
}
