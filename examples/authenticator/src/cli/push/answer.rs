//! Answering what a portal asks.

use std::io::{self, BufRead as _, Read as _, Write};
use std::sync::mpsc::Receiver;

use anyhow::{Context, Result, bail, ensure};
use mfa_flow::{Decision, PushRequest};

use super::listen::question;
use super::{Called, Which, some_pairings, whose};
use crate::Pairing;
use crate::cli::desk::Desk;
use crate::push::{Heard, Listener};
use crate::vault::{Vault, VaultError};

/// What is answered.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    Approve,
    Deny,
    Report,
}

pub(super) fn answer(
    desk: &Desk,
    which: &Which,
    choice: Choice,
    out: &mut dyn Write,
) -> Result<()> {
    let vault = desk.open()?;
    let pairings = some_pairings(&vault)?;
    let (listener, heard) = Listener::start(pairings)?;
    let (pairing, request) = wait_for(which, pairings, &heard)?;
    writeln!(
        io::stderr(),
        "{} asks: {}",
        Called(pairing),
        question(&request)
    )?;
    let decision = match choice {
        Choice::Approve => approval(desk, &vault, &request)?,
        Choice::Deny => Decision::Denied,
        Choice::Report => Decision::Suspicious,
    };
    listener.answer(pairing.registration(), &request, decision);
    loop {
        if let Heard::Answered { outcome, .. } = heard.recv()? {
            outcome?;
            break;
        }
    }
    let done = match choice {
        Choice::Approve => "approved",
        Choice::Deny => "denied",
        Choice::Report => "denied, and reported as somebody else's",
    };
    writeln!(out, "{done}")?;
    Ok(())
}

/// The request that is meant, as soon as it is there. What keeps it from coming is said.
fn wait_for<'a>(
    which: &Which,
    pairings: &'a [Pairing],
    heard: &Receiver<Heard>,
) -> Result<(&'a Pairing, PushRequest)> {
    let mut error = io::stderr();
    let mut removed = 0_usize;
    loop {
        match heard.recv()? {
            Heard::Asked {
                registration,
                request,
            } => {
                let is_meant = which.request.as_ref().is_none_or(|id| id == request.id());
                if is_meant {
                    return Ok((whose(pairings, &registration)?, request));
                }
            }
            Heard::Lost { registration, why } | Heard::Problem { registration, why } => {
                writeln!(error, "{}: {why}", Called(whose(pairings, &registration)?))?;
            }
            Heard::Removed { registration } => {
                let called = Called(whose(pairings, &registration)?);
                writeln!(error, "{called}: this device was removed there")?;
                removed = removed.saturating_add(1);
                ensure!(removed < pairings.len(), "there is nobody who could ask");
            }
            Heard::Connected { .. } | Heard::Over { .. } | Heard::Answered { .. } => {}
        }
    }
}

fn approval(desk: &Desk, vault: &Vault, request: &PushRequest) -> Result<Decision> {
    let number = number()?;
    let user_verified = request.needs_gesture();
    if user_verified {
        // Who finds the vault open is not its owner yet.
        let typed = desk.passphrase("Passphrase, because this signs in without a password")?;
        if !vault.has_passphrase(&typed) {
            return Err(VaultError::Passphrase).context("nothing was answered");
        }
    }
    Ok(Decision::Approved {
        number,
        user_verified,
    })
}

/// The number that stands on the page. It is no secret; who has the page sees it.
fn number() -> Result<u8> {
    let mut error = io::stderr();
    write!(error, "Number on the page: ")?;
    error.flush()?;
    let mut line = String::new();
    let mut input = io::stdin().lock().take(LONGEST_LINE);
    input
        .read_line(&mut line)
        .context("the number cannot be read")?;
    let digits = line.trim();
    let is_number =
        (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        bail!("the number on the page has two digits; nothing was answered");
    }
    Ok(digits.parse()?)
}

const LONGEST_LINE: u64 = 64;
