//! The story of one enrolment in the terminal, and small commands for real use.
//!
//! Without arguments it tells the story: a server makes a secret, a phone reads the QR code, codes are accepted and refused. The commands
//! do the same with files: `new` is the server's enrolment, `verify` and `resync` its sign-in, `code` the phone.

mod commands;
mod enrolment;
mod source;
mod story;

use std::{path::PathBuf, process::ExitCode, time::SystemTime};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use otp_core::UnixTime;

use crate::source::Source;

/// Two-step verification by one-time passwords, from the first QR code to a lost clock.
///
/// Without a command: the story of one enrolment.
/// Exit code 0: done, or the code was accepted; 1: the code was rejected; 2: something was wrong with the input.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make a secret, show its QR code and key, and write it to an enrolment file
    New {
        /// Who gives the secret out, as the app will show it
        #[arg(long)]
        issuer: String,
        /// Whose it is, as the app will show it
        #[arg(long)]
        account: String,
        /// Also write the QR code as SVG
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        /// Also write the QR code as PNG
        #[arg(long, value_name = "FILE")]
        png: Option<PathBuf>,
        /// The enrolment file; it must not exist yet
        #[arg(default_value = "enrolment.json")]
        file: PathBuf,
    },
    /// Check a code, once: an accepted code is used up
    Verify {
        /// An enrolment file
        file: PathBuf,
        /// The code as typed, spaces and dashes allowed
        code: String,
    },
    /// Show what the phone or token shows now
    Code {
        /// An enrolment file, an image, a URI, or - to read a URI from standard input
        source: Source,
    },
    /// Show what a URI or a QR code holds, what is odd about it, and which apps would misread it
    Read {
        /// An image, a URI, an enrolment file, or - to read a URI from standard input
        source: Source,
    },
    /// Find a token again whose clock or counter is off, by two or three consecutive codes
    Resync {
        /// An enrolment file
        file: PathBuf,
        /// The codes in the order in which the token showed them
        #[arg(required = true, num_args = 2..=3)]
        codes: Vec<String>,
    },
    /// Show migration QR codes that take enrolments to an authenticator app
    Export {
        /// Enrolment files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write an enrolment file for every key in a migration or other URI
    Import {
        /// An image, a URI, or - to read a URI from standard input
        source: Source,
        /// Where to write the files
        #[arg(long, default_value = ".")]
        directory: PathBuf,
    },
}

/// What a command that checks codes found.
enum Outcome {
    Done,
    Rejected,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Rejected) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<Outcome> {
    let Some(command) = arguments.command else {
        return story::tell(now()?).map(|()| Outcome::Done);
    };
    match command {
        Command::New {
            issuer,
            account,
            svg,
            png,
            file,
        } => commands::new(&issuer, &account, svg.as_deref(), png.as_deref(), &file)?,
        Command::Verify { file, code } => return commands::verify(&file, &code, now()?),
        Command::Code { source } => commands::code(&source, now()?)?,
        Command::Read { source } => commands::read(&source)?,
        Command::Resync { file, codes } => return commands::resync(&file, &codes, now()?),
        Command::Export { files } => commands::export(&files)?,
        Command::Import { source, directory } => commands::import(&source, &directory)?,
    }
    Ok(Outcome::Done)
}

/// The one place that reads the clock.
fn now() -> Result<UnixTime> {
    let since_1970 = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .context("the clock shows a time before 1970")?;
    Ok(UnixTime::from_secs(since_1970.as_secs()))
}
