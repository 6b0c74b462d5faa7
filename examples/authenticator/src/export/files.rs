//! Exports as files: new ones, for the user alone, whole or not at all.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use otp_uri::KeyUri;

use super::{LeftOut, TransferCode, aegis, transfer, uri_list};
use crate::vault::{VaultError, write_new};

/// What is written for other apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A list of `otpauth` URIs, which most apps read
    Uris,
    /// QR codes as Google Authenticator shows them
    Migration,
    /// A backup of Aegis
    Aegis,
}

/// Writes the keys into the new file `to`; of QR codes, into a new folder of pictures. Says which keys the format cannot hold. If it
/// can hold none of them, nothing is written.
///
/// # Errors
/// There is something at `to` already, or it cannot be written; the system's random source failed.
pub fn write_files(keys: &[&KeyUri], format: Format, to: &Path) -> Result<Vec<LeftOut>> {
    let all = keys.len();
    let keys = keys.iter().copied();
    match format {
        Format::Uris => {
            write_new(to, uri_list(keys).as_bytes())?;
            Ok(Vec::new())
        }
        Format::Aegis => {
            let exported = aegis(keys)?;
            if exported.left_out.len() < all {
                write_new(to, exported.written.as_bytes())?;
            }
            Ok(exported.left_out)
        }
        Format::Migration => {
            let exported = transfer(keys, transfer_id()?);
            if exported.left_out.len() < all {
                write_pictures(to, &exported.written)?;
            }
            Ok(exported.left_out)
        }
    }
}

/// Tells one transfer from others.
///
/// # Errors
/// The system's random source failed.
pub fn transfer_id() -> Result<i32, getrandom::Error> {
    let mut id = [0; 4];
    getrandom::fill(&mut id)?;
    Ok(i32::from_ne_bytes(id))
}

/// A folder of pictures.
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

/// What is to be known of what was written.
pub const EXPORTED_IN_CLEAR: &str =
    "Whoever reads this can make their codes: delete it when it has served.";
