//! Accounts for other apps, in clear.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::Args;
use otp_qr::Qr;
use otp_uri::KeyUri;

use super::accounts::write_qr;
use super::ask;
use super::desk::Desk;
use super::find;
use super::note;
use crate::export::{self, EXPORTED_IN_CLEAR, Format, LeftOut, transfer_id, write_files};
use crate::{Account, words};

/// What is written, and where.
#[derive(Args)]
pub(super) struct HandOver {
    /// What is written
    #[arg(long = "as", value_name = "FORMAT")]
    format: Format,
    /// The new file; of QR codes, the new folder for their pictures
    #[arg(long, value_name = "PATH", required_unless_present = "show")]
    to: Option<PathBuf>,
    /// Show the QR codes in the terminal
    #[arg(long, conflicts_with = "to")]
    show: bool,
    /// Do not ask before something is shown
    #[arg(long)]
    yes: bool,
    /// Only accounts whose names have these words
    words: Vec<String>,
}

pub(super) fn export(desk: &Desk, order: &HandOver, out: &mut dyn Write) -> Result<()> {
    if order.show && order.format != Format::Migration {
        bail!("only `--as migration` has QR codes to show; name a file with --to");
    }
    let vault = desk.open()?;
    let accounts = vault.contents().accounts().iter();
    let keys: Vec<&KeyUri> = accounts
        .filter(|account| find::has_words(account, &order.words))
        .map(Account::key)
        .collect();
    ensure!(!keys.is_empty(), "there is no account to export");
    let Some(to) = &order.to else {
        return show(keys, order.yes, out);
    };
    let left_out = write_files(&keys, order.format, to)?;
    let count = some_of(keys.len(), &left_out)?;
    writeln!(out, "exported {}: {}", words::accounts(count), to.display())?;
    writeln!(out, "{EXPORTED_IN_CLEAR}")?;
    Ok(())
}

/// Says what the format cannot hold, and how many it holds, which have to be some.
fn some_of(all: usize, left_out: &[LeftOut]) -> Result<usize> {
    for left_out in left_out {
        note(&format!("left out: {left_out}"));
    }
    ensure!(
        left_out.len() < all,
        "none of these accounts can be exported so"
    );
    Ok(all.saturating_sub(left_out.len()))
}

/// The QR codes of a transfer, in the terminal.
fn show(keys: Vec<&KeyUri>, yes: bool, out: &mut dyn Write) -> Result<()> {
    let all = keys.len();
    let exported = export::transfer(keys, transfer_id()?);
    some_of(all, &exported.left_out)?;
    if !yes {
        ask::confirm("Show the keys? Whoever sees these QR codes can make the codes.")?;
    }
    let codes = &exported.written;
    for (number, code) in (1..).zip(codes) {
        let number: usize = number;
        writeln!(out, "Code {number} of {}", codes.len())?;
        write_qr(&Qr::encode(code.text())?, out)?;
    }
    Ok(())
}
