//! The commands.

mod accounts;
mod add;
mod ask;
mod desk;
mod find;
mod hand_over;
mod keep;
mod push;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::error::{ContextKind, ContextValue};
use clap::{Args, Parser, Subcommand};
use mfa_policy::Timestamp;
use otp_uri::{Account, Issuer};

use crate::harmless;
use crate::import::ImportError;
use crate::screen;
use crate::vault::VaultError;
use ask::Source;
use desk::Desk;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.iter().any(is_key) {
        return fail(2, KEY_AS_ARGUMENT);
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(error),
    };
    match carry_out(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => fail(exit_code(&error), &format!("{error:#}")),
    }
}

/// An authenticator app in the terminal: codes for two-step verification, from an encrypted vault
///
/// Without a command it opens the screen. What is secret is never an argument, since other programs see those: it is typed, or read from a
/// file or standard input.
#[derive(Parser)]
#[command(name = "authenticator", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Lock the screen when nothing was typed for that long
    #[arg(long, value_name = "SECONDS", default_value_t = screen::IDLE.as_secs(), value_parser = clap::value_parser!(u64).range(1..=86_400))]
    idle: u64,
    #[command(flatten)]
    global: Global,
}

const EXIT_CODES: &str = "\
Example, a vault and the first code:
  authenticator create
  authenticator add --qr screenshot.png
  authenticator code example.com

Exit codes:
  0  done
  1  failed; nothing was changed
  2  the command line is wrong
  3  the passphrase is wrong, or the password of a backup
  4  no account or portal is called that, or several are";

/// What every command takes.
#[derive(Args)]
struct Global {
    /// The file of the vault; by default one in the folder for the data of programs
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "AUTHENTICATOR_VAULT",
        hide_env_values = true
    )]
    vault: Option<PathBuf>,
    /// Take the passphrase from the first line of a file, or of standard input (-)
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<Source>,
    /// The time that it is, as 2027-02-01T09:00:00Z; the clock if absent
    #[arg(long, global = true, value_name = "TIME")]
    now: Option<Timestamp>,
}

#[derive(Subcommand)]
enum Command {
    /// Make an empty vault
    #[command(after_help = "Example:\n  authenticator --vault /media/stick/vault.age create")]
    Create,
    /// List the accounts, without any secret
    #[command(after_help = "Example:\n  authenticator list example --json")]
    List {
        /// Only those whose names have these words
        words: Vec<String>,
        /// Write JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show the code of an account, and nothing else; one of a counter is used up by that
    #[command(after_help = "Example:\n  authenticator code example ada")]
    Code {
        #[command(flatten)]
        name: Name,
        /// The code that comes after this one, of an account that goes by the time
        #[arg(long)]
        next: bool,
        /// Write JSON, for programs, with the seconds that are left or the counter
        #[arg(long)]
        json: bool,
    },
    /// Add accounts: by their QR codes, by `otpauth` URIs, or by hand
    #[command(
        after_help = "Examples:\n  authenticator add --qr screenshot.png\n  wl-paste | authenticator add --uri-from -\n  authenticator add --issuer Example --account ada"
    )]
    Add(Box<add::Add>),
    /// Add accounts from files of other apps, all that are good and new
    #[command(
        after_help = "Example, the QR codes of Google Authenticator's transfer:\n  authenticator import transfer-1.png transfer-2.png"
    )]
    Import(add::Bring),
    /// Write accounts for other apps; what is written holds the keys, not encrypted
    #[command(after_help = "Example:\n  authenticator export --as uris --to keys.txt")]
    Export(hand_over::HandOver),
    /// Call an account by another name
    #[command(
        after_help = "Example:\n  authenticator rename example ada --account 'ada (work)'",
        group = clap::ArgGroup::new("names").required(true).multiple(true)
    )]
    Rename {
        #[command(flatten)]
        name: Name,
        /// Who gave the key out
        #[arg(long, group = "names", value_parser = Issuer::new)]
        issuer: Option<Issuer>,
        /// Whose it is
        #[arg(long, group = "names", value_parser = Account::new)]
        account: Option<Account>,
    },
    /// Move an account to another place of the list
    #[command(after_help = "Example:\n  authenticator move example ada --to 1")]
    Move {
        #[command(flatten)]
        name: Name,
        /// The place, from 1
        #[arg(long, value_name = "PLACE", value_parser = clap::value_parser!(u32).range(1..))]
        to: u32,
    },
    /// Remove an account and its key
    #[command(after_help = "Example:\n  authenticator remove example ada")]
    Remove {
        #[command(flatten)]
        name: Name,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Show the QR code of an account, for another app; it holds the key
    #[command(after_help = "Example:\n  authenticator show example ada")]
    Show {
        #[command(flatten)]
        name: Name,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Change the passphrase; backups keep the old one
    #[command(after_help = "Example:\n  authenticator passphrase")]
    Passphrase {
        /// Take the new one from the first line of a file, or of standard input (-)
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<Source>,
    },
    /// Copy the vault, after a check that it opens
    #[command(after_help = "Example:\n  authenticator backup /media/stick/vault-2027-02-01.age")]
    Backup {
        /// The new file
        to: PathBuf,
    },
    /// Put a backup in the place of the vault, after a check that it opens; what was there is kept beside it
    #[command(after_help = "Example:\n  authenticator restore /media/stick/vault-2027-02-01.age")]
    Restore {
        /// The file that `backup` wrote
        from: PathBuf,
    },
    #[command(flatten)]
    Push(push::Command),
}

/// Which account.
#[derive(Args)]
struct Name {
    /// Words of its name in any order, or its identifier from `list --json`
    #[arg(required = true, value_name = "NAME")]
    name: Vec<String>,
}

fn carry_out(arguments: Arguments) -> Result<()> {
    let Global {
        vault,
        passphrase_file,
        now,
    } = arguments.global;
    let is_for_commands = passphrase_file.is_some() || now.is_some();
    let desk = Desk::new(vault, passphrase_file, now)?;
    let Some(command) = arguments.command else {
        anyhow::ensure!(
            !is_for_commands,
            "the screen asks for the passphrase and looks at the clock itself: --passphrase-file and --now are for commands"
        );
        return screen::run(desk.vault(), Duration::from_secs(arguments.idle));
    };
    let mut out = io::stdout().lock();
    match command {
        Command::Create => keep::create(&desk, &mut out)?,
        Command::List { words, json } => accounts::list(&desk, &words, json, &mut out)?,
        Command::Code { name, next, json } => {
            accounts::code(&desk, &name.name, next, json, &mut out)?;
        }
        Command::Add(order) => add::add(&desk, *order, &mut out)?,
        Command::Import(order) => add::bring(&desk, &order, &mut out)?,
        Command::Export(order) => hand_over::export(&desk, &order, &mut out)?,
        Command::Rename {
            name,
            issuer,
            account,
        } => accounts::rename(&desk, &name.name, issuer, account, &mut out)?,
        Command::Move { name, to } => accounts::reorder(&desk, &name.name, to, &mut out)?,
        Command::Remove { name, yes } => accounts::remove(&desk, &name.name, yes, &mut out)?,
        Command::Show { name, yes } => accounts::show(&desk, &name.name, yes, &mut out)?,
        Command::Passphrase {
            new_passphrase_file,
        } => keep::change_passphrase(&desk, new_passphrase_file.as_ref(), &mut out)?,
        Command::Backup { to } => keep::back_up(&desk, &to, &mut out)?,
        Command::Restore { from } => keep::restore(&desk, &from, &mut out)?,
        Command::Push(command) => push::run(&desk, command, &mut out)?,
    }
    out.flush()?;
    Ok(())
}

/// The error of a command line, without values that nobody expected: one could be a key.
fn refuse(mut error: clap::Error) -> ExitCode {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidValue] {
        let Some(ContextValue::String(value)) = error.get(kind) else {
            continue;
        };
        let is_unexpected = kind == ContextKind::InvalidArg && !value.starts_with('-');
        let shown = if is_unexpected {
            "...".to_owned()
        } else {
            harmless(value)
        };
        error.insert(kind, ContextValue::String(shown));
    }
    // Nobody is left to tell if this fails.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn fail(code: u8, why: &str) -> ExitCode {
    note(&format!("error: {why}"));
    ExitCode::from(code)
}

/// Tells the person, beside what a program reads. Names of files do nothing to the terminal.
fn note(text: &str) {
    let mut error = io::stderr().lock();
    for line in text.lines() {
        // Nobody is left to tell if this fails.
        let _ = writeln!(error, "{}", harmless(line));
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<find::NotOne>() || error.is::<push::NotOnePortal>() {
        return 4;
    }
    let is_wrong = matches!(error.downcast_ref(), Some(VaultError::Passphrase))
        || matches!(error.downcast_ref(), Some(ImportError::WrongPassword));
    if is_wrong { 3 } else { 1 }
}

fn is_key(argument: &OsString) -> bool {
    let text = argument.to_string_lossy().to_ascii_lowercase();
    text.contains("otpauth:") || text.contains("otpauth-migration:")
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        kind == Some(ErrorKind::BrokenPipe)
    })
}

const KEY_AS_ARGUMENT: &str = "a key is no argument, since other programs see those; give it to standard input: authenticator add --uri-from -";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed_and_every_command_has_an_example() {
        let mut command = Arguments::command();
        command.build();
        command.clone().debug_assert();
        for command in command.get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string);
            let has_example = help.is_some_and(|help| help.contains("Example"));
            assert!(
                has_example || command.get_name() == "help",
                "{}",
                command.get_name()
            );
        }
    }
}
