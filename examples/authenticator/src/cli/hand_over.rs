//! Accounts for other apps, in clear.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use otp_qr::Qr;
use otp_uri::KeyUri;

use super::accounts::write_qr;
use super::ask;
use super::desk::Desk;
use super::find;
use super::note;
use crate::Account;
use crate::export::{self, LeftOut, TransferCode};
use crate::vault::{VaultError, write_new};

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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A list of `otpauth` URIs, which most apps read
    Uris,
    /// QR codes as Google Authenticator shows them
    Migration,
    /// A backup of Aegis
    Aegis,
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
    let all = keys.len();
    let left_out = match (&order.to, order.format) {
        (Some(to), Format::Uris) => {
            write_new(to, export::uri_list(keys).as_bytes())?;
            Vec::new()
        }
        (Some(to), Format::Aegis) => {
            let exported = export::aegis(keys)?;
            some_of(all, &exported.left_out)?;
            write_new(to, exported.written.as_bytes())?;
            exported.left_out
        }
        (to, Format::Migration) => {
            let mut id = [0; 4];
            getrandom::fill(&mut id)?;
            let exported = export::transfer(keys, i32::from_ne_bytes(id));
            some_of(all, &exported.left_out)?;
            match to {
                Some(to) => write_pictures(to, &exported.written)?,
                None => show_codes(&exported.written, order.yes, out)?,
            }
            exported.left_out
        }
        (None, _) => bail!("name a file with --to"),
    };
    let count = all.saturating_sub(left_out.len());
    if let Some(to) = &order.to {
        writeln!(out, "exported {count} accounts: {}", to.display())?;
        writeln!(
            out,
            "Whoever reads this can make their codes: delete it when it has served."
        )?;
    }
    Ok(())
}

/// Says what the format cannot hold, and refuses to write what holds nothing.
fn some_of(all: usize, left_out: &[LeftOut]) -> Result<()> {
    for left_out in left_out {
        note(&format!("left out: {left_out}"));
    }
    ensure!(
        left_out.len() < all,
        "none of these accounts can be exported so"
    );
    Ok(())
}

fn show_codes(codes: &[TransferCode], yes: bool, out: &mut dyn Write) -> Result<()> {
    if !yes {
        ask::confirm("Show the keys? Whoever sees these QR codes can make the codes.")?;
    }
    for (number, code) in (1..).zip(codes) {
        let number: usize = number;
        writeln!(out, "Code {number} of {}", codes.len())?;
        write_qr(&Qr::encode(code.text())?, out)?;
    }
    Ok(())
}

/// A folder of pictures, for the user alone, whole or not at all.
fn write_pictures(to: &Path, codes: &[TransferCode]) -> Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        let path = to.to_owned();
        return Err(VaultError::Exists { path }.into());
    }
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let cannot = || format!("cannot write `{}`", to.display());
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.tempdir_in(parent).with_context(cannot)?;
    for (number, code) in (1..).zip(codes) {
        let number: usize = number;
        let name = format!("code-{number}-of-{}.png", codes.len());
        write_new(&folder.path().join(name), code.png())?;
    }
    fs::rename(folder.path(), to).with_context(cannot)?;
    // It is no longer there to be removed.
    let _ = folder.keep();
    Ok(())
}
