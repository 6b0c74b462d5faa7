//! The portals: pairing, what they ask, and the answers.

mod answer;
mod listen;
mod pairings;

use std::fmt;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use mfa_flow::RequestId;

use super::ask::Source;
use super::desk::Desk;
use crate::Pairing;
use crate::vault::Vault;
use answer::Choice;
pub(super) use pairings::NotOnePortal;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Pair this device with a portal, by the link or the QR code that its page shows
    #[command(after_help = "Example:\n  authenticator pair --qr screenshot.png")]
    Pair {
        /// A picture or a screenshot with the QR code
        #[arg(long, value_name = "IMAGE", conflicts_with = "link_from")]
        qr: Option<PathBuf>,
        /// Take the link from the first line of a file, or of standard input (-), instead of asking for it
        #[arg(long, value_name = "FILE")]
        link_from: Option<Source>,
    },
    /// List the portals that this device is paired with, and whether they can be reached
    #[command(after_help = "Example:\n  authenticator portals --json")]
    Portals {
        /// Write JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Remove a portal, and the key that this device has for it
    #[command(after_help = "Example:\n  authenticator unpair id.example.com")]
    Unpair {
        /// Words of what it is called, in any order, or the registration from `portals --json`
        #[arg(required = true, value_name = "NAME")]
        name: Vec<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Print what the portals ask, line by line, until it is ended
    #[command(after_help = "Example:\n  authenticator listen --json")]
    Listen {
        /// Write JSON, an object on each line, for programs
        #[arg(long)]
        json: bool,
    },
    /// Approve what a portal asks: waits for it, shows it, and asks for the number on the page
    #[command(after_help = "Example:\n  authenticator approve")]
    Approve(Which),
    /// Deny what a portal asks
    #[command(after_help = "Example:\n  authenticator deny")]
    Deny(Which),
    /// Deny it, and tell the portal that it was somebody else who asked
    #[command(after_help = "Example:\n  authenticator report")]
    Report(Which),
}

/// Which request.
#[derive(Args)]
pub(super) struct Which {
    /// The one with that identifier, as `listen` shows it; the first one if absent
    #[arg(long, value_name = "ID")]
    request: Option<RequestId>,
}

pub(super) fn run(desk: &Desk, command: Command, out: &mut dyn Write) -> Result<()> {
    match command {
        Command::Pair { qr, link_from } => {
            pairings::pair(desk, qr.as_deref(), link_from.as_ref(), out)
        }
        Command::Portals { json } => pairings::list(desk, json, out),
        Command::Unpair { name, yes } => pairings::unpair(desk, &name, yes, out),
        Command::Listen { json } => listen::listen(desk, json, out),
        Command::Approve(which) => answer::answer(desk, &which, Choice::Approve, out),
        Command::Deny(which) => answer::answer(desk, &which, Choice::Deny, out),
        Command::Report(which) => answer::answer(desk, &which, Choice::Report, out),
    }
}

/// The pairings, if there is one.
fn some_pairings(vault: &Vault) -> Result<&[Pairing]> {
    let pairings = vault.contents().pairings();
    ensure!(
        !pairings.is_empty(),
        "this device is paired with no portal: see `authenticator pair --help`"
    );
    Ok(pairings)
}

/// The pairing that something was heard of.
fn whose<'a>(
    pairings: &'a [Pairing],
    registration: &mfa_policy::RegistrationId,
) -> Result<&'a Pairing> {
    let mut pairings = pairings.iter();
    pairings
        .find(|pairing| pairing.registration() == registration)
        .context("something was heard of a portal that is not there")
}

/// A pairing as people tell it from others.
struct Called<'a>(&'a Pairing);

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairing = self.0;
        let host = pairing.portal().host_str().unwrap_or_default();
        match (pairing.product(), pairing.account()) {
            ("", "") => f.write_str(host),
            (product, "") => write!(f, "{product} at {host}"),
            ("", account) => write!(f, "{host} ({account})"),
            (product, account) => write!(f, "{product} at {host} ({account})"),
        }
    }
}
