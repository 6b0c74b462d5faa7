//! The vault itself: making it, its passphrase, backups.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use otp_uri::Kind;

use super::ask::Source;
use super::desk::{Desk, WITHOUT_TERMINAL};
use crate::vault::{Vault, VaultError};
use crate::words;

pub(super) fn create(desk: &Desk, out: &mut dyn Write) -> Result<()> {
    // Nobody makes up a passphrase for nothing.
    if desk.vault().exists() {
        let path = desk.vault().to_owned();
        return Err(VaultError::Exists { path }.into());
    }
    let passphrase = Desk::new_passphrase(desk.passphrase_source(), WITHOUT_TERMINAL)?;
    let vault = Vault::create(desk.vault(), passphrase)?;
    writeln!(out, "made a vault: {}", vault.path().display())?;
    writeln!(out, "Without its passphrase nobody can open it.")?;
    Ok(())
}

pub(super) fn change_passphrase(
    desk: &Desk,
    new: Option<&Source>,
    out: &mut dyn Write,
) -> Result<()> {
    let mut vault = desk.open()?;
    let instead = "name the file of the new passphrase with --new-passphrase-file";
    vault.change_passphrase(Desk::new_passphrase(new, instead)?)?;
    writeln!(out, "changed; backups still open with the old passphrase")?;
    Ok(())
}

pub(super) fn back_up(desk: &Desk, to: &Path, out: &mut dyn Write) -> Result<()> {
    let vault = desk.open()?;
    vault.back_up(to)?;
    let count = vault.contents().accounts().len();
    writeln!(
        out,
        "backed up {}, and checked: {}",
        words::accounts(count),
        to.display()
    )?;
    Ok(())
}

pub(super) fn restore(desk: &Desk, from: &Path, out: &mut dyn Write) -> Result<()> {
    if !from.exists() {
        let path = from.to_owned();
        return Err(VaultError::Missing { path }.into());
    }
    let is_replaced = desk.vault().exists();
    let passphrase = desk.passphrase("Passphrase of the backup")?;
    let vault = Vault::restore(from, passphrase, desk.vault())?;
    let accounts = vault.contents().accounts();
    writeln!(
        out,
        "restored {}: {}",
        words::accounts(accounts.len()),
        vault.path().display()
    )?;
    if is_replaced {
        writeln!(
            out,
            "What was there is kept beside it, as the newest `.before-restore` file."
        )?;
    }
    let is_counted = |kind| matches!(kind, Kind::Hotp { .. });
    if accounts
        .iter()
        .any(|account| is_counted(account.key().kind()))
    {
        writeln!(
            out,
            "Accounts with a counter are at that of the backup: if a code is refused, take the next ones."
        )?;
    }
    Ok(())
}
