//! The accounts: looking at them, their codes, their names and places.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result};
use otp_core::UnixTime;
use otp_qr::{Qr, TerminalOptions};
use otp_uri::{Issuer, Kind};
use serde::Serialize;

use super::ask;
use super::desk::Desk;
use super::find;
use crate::{Account, AccountId, words};

pub(super) fn list(desk: &Desk, typed: &[String], json: bool, out: &mut dyn Write) -> Result<()> {
    let vault = desk.open()?;
    let numbered = (1_usize..).zip(vault.contents().accounts());
    let found = numbered.filter(|(_, account)| find::has_words(account, typed));
    if json {
        let listed: Vec<Listed<'_>> = found
            .map(|(place, account)| Listed::new(place, account))
            .collect();
        return write_json(&listed, out);
    }
    for (place, account) in found {
        let kind = match account.key().kind() {
            Kind::Totp { .. } => "",
            Kind::Hotp { .. } => "  (counter)",
            Kind::Steam => "  (Steam)",
        };
        writeln!(out, "{place:>3}  {}{kind}", name(account))?;
    }
    Ok(())
}

pub(super) fn code(
    desk: &Desk,
    typed: &[String],
    next: bool,
    json: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let mut vault = desk.open()?;
    let account = find::one(vault.contents(), typed)?;
    let (id, name) = (account.id(), name(account));
    let mut shown = Shown {
        id,
        name: &name,
        code: "",
        seconds_left: None,
        counter: None,
    };
    let code;
    if let Some(period) = account.period() {
        let now = desk.unix_time()?.secs();
        let period = u64::from(period);
        let left = period.saturating_sub(now.checked_rem(period).unwrap_or_default());
        let (at, left) = if next {
            (now.saturating_add(left), left.saturating_add(period))
        } else {
            (now, left)
        };
        code = account
            .code_at(UnixTime::from_secs(at))
            .context("this account has no code at that time")?;
        shown.seconds_left = Some(left);
    } else {
        shown.counter = account.key().kind().counter().map(otp_core::Counter::get);
        // Stored before it is shown, so that no code is shown twice. What comes next is the next one.
        code = vault.change(|contents| {
            let code = contents.use_counter(id)?;
            code.context("the last counter of this account is used up")
        })?;
    }
    shown.code = code.expose();
    if json {
        return write_json(&shown, out);
    }
    writeln!(out, "{}", shown.code)?;
    Ok(())
}

pub(super) fn rename(
    desk: &Desk,
    typed: &[String],
    issuer: Option<Issuer>,
    account: Option<otp_uri::Account>,
    out: &mut dyn Write,
) -> Result<()> {
    let mut vault = desk.open()?;
    let found = find::one(vault.contents(), typed)?;
    let (id, before) = (found.id(), name(found));
    let after = vault.change(|contents| -> Result<_> {
        Ok(contents.change(id, |found| {
            let found = found.map_key(|key| {
                let key = match issuer {
                    Some(issuer) => key.with_issuer(issuer),
                    None => key,
                };
                match account {
                    Some(account) => key.with_account(account),
                    None => key,
                }
            });
            let after = name(&found);
            (found, after)
        })?)
    })?;
    writeln!(out, "renamed: {before} is now {after}")?;
    Ok(())
}

pub(super) fn reorder(desk: &Desk, typed: &[String], to: u32, out: &mut dyn Write) -> Result<()> {
    let mut vault = desk.open()?;
    let found = find::one(vault.contents(), typed)?;
    let (id, name) = (found.id(), name(found));
    let place = usize::try_from(to)?.saturating_sub(1);
    vault.change(|contents| -> Result<_> { Ok(contents.reorder(id, place)?) })?;
    let mut accounts = vault.contents().accounts().iter();
    let place = accounts.position(|account| account.id() == id);
    let place = place.unwrap_or_default().saturating_add(1);
    writeln!(out, "moved: {name} is at place {place}")?;
    Ok(())
}

pub(super) fn remove(desk: &Desk, typed: &[String], yes: bool, out: &mut dyn Write) -> Result<()> {
    let mut vault = desk.open()?;
    let found = find::one(vault.contents(), typed)?;
    let (id, name) = (found.id(), name(found));
    if !yes {
        ask::confirm(&format!(
            "Remove {name}? Its website goes on asking for codes, and nothing can make them then."
        ))?;
    }
    vault.change(|contents| -> Result<_> { Ok(contents.remove(id)?) })?;
    writeln!(out, "removed: {name}")?;
    Ok(())
}

pub(super) fn show(desk: &Desk, typed: &[String], yes: bool, out: &mut dyn Write) -> Result<()> {
    let vault = desk.open()?;
    let account = find::one(vault.contents(), typed)?;
    let qr = Qr::encode(account.key().to_text().expose())?;
    if !yes {
        ask::confirm(&format!(
            "Show the key of {}? Whoever sees this QR code can make its codes.",
            name(account)
        ))?;
    }
    write_qr(&qr, out)
}

fn name(account: &Account) -> String {
    words::name(account.key())
}

/// In colours where there is a terminal to show them.
pub(super) fn write_qr(qr: &Qr, out: &mut dyn Write) -> Result<()> {
    let options = if io::stdout().is_terminal() {
        TerminalOptions::ansi()
    } else {
        TerminalOptions::on_dark()
    };
    out.write_all(qr.terminal(&options).expose().as_bytes())?;
    Ok(())
}

/// An account in a list for programs; nothing secret.
#[derive(Serialize)]
struct Listed<'a> {
    place: usize,
    id: AccountId,
    issuer: Option<&'a str>,
    account: &'a str,
    kind: String,
    algorithm: &'static str,
    length: u8,
    period: Option<u32>,
    counter: Option<u64>,
    added: mfa_policy::Timestamp,
}

impl<'a> Listed<'a> {
    fn new(place: usize, account: &'a Account) -> Self {
        let key = account.key();
        let kind = key.kind();
        Self {
            place,
            id: account.id(),
            issuer: key.issuer(),
            account: key.account(),
            kind: kind.to_string(),
            algorithm: kind.algorithm().name(),
            length: kind.code_len(),
            period: account.period(),
            counter: kind.counter().map(otp_core::Counter::get),
            added: account.added(),
        }
    }
}

/// A code for programs.
#[derive(Serialize)]
struct Shown<'a> {
    id: AccountId,
    name: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_left: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
}

fn write_json(value: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)?;
    Ok(())
}
