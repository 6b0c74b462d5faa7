//! What every command works with: which vault, how its passphrase comes, what time it is.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail, ensure};
use mfa_policy::Timestamp;
use otp_core::UnixTime;
use zeroize::Zeroizing;

use super::ask::{self, Source};
use crate::vault::{self, Vault, VaultError};

pub(super) struct Desk {
    vault: PathBuf,
    passphrase: Option<Source>,
    given_time: Option<Timestamp>,
}

impl Desk {
    pub(super) fn new(
        vault: Option<PathBuf>,
        passphrase: Option<Source>,
        given_time: Option<Timestamp>,
    ) -> Result<Self> {
        let vault = match vault {
            Some(vault) => vault,
            None => vault::default_path()?,
        };
        Ok(Self {
            vault,
            passphrase,
            given_time,
        })
    }

    pub(super) fn vault(&self) -> &Path {
        &self.vault
    }

    /// Opens the vault, with its passphrase.
    pub(super) fn open(&self) -> Result<Vault> {
        // Nobody types a passphrase for nothing.
        if !self.vault.exists() {
            let path = self.vault.clone();
            bail!(
                "{}: make one with `authenticator create`",
                VaultError::Missing { path }
            );
        }
        Ok(Vault::open(&self.vault, self.passphrase("Passphrase")?)?)
    }

    /// The passphrase of what is there.
    pub(super) fn passphrase(&self, question: &str) -> Result<Zeroizing<String>> {
        match &self.passphrase {
            Some(source) => source.first_line().context("the passphrase"),
            None => ask::hidden(question, WITHOUT_TERMINAL),
        }
    }

    /// A passphrase for what is to be made, typed twice, since nobody sees what he types.
    pub(super) fn new_passphrase(
        given: Option<&Source>,
        instead: &str,
    ) -> Result<Zeroizing<String>> {
        if let Some(source) = given {
            return source.first_line().context("the new passphrase");
        }
        let first = ask::hidden("New passphrase", instead)?;
        let second = ask::hidden("The same again", instead)?;
        ensure!(*first == *second, "these were two different passphrases");
        Ok(first)
    }

    pub(super) const fn passphrase_source(&self) -> Option<&Source> {
        self.passphrase.as_ref()
    }

    /// The one place that reads the clock.
    pub(super) fn now(&self) -> Result<Timestamp> {
        if let Some(time) = self.given_time {
            return Ok(time);
        }
        let since_1970 = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .context("the clock shows a time before 1970")?;
        Ok(Timestamp::from_unix_seconds(i64::try_from(
            since_1970.as_secs(),
        )?))
    }

    /// The same as codes are counted by.
    pub(super) fn unix_time(&self) -> Result<UnixTime> {
        let seconds = u64::try_from(self.now()?.unix_seconds())
            .ok()
            .context("there are no codes of the time before 1970")?;
        Ok(UnixTime::from_secs(seconds))
    }
}

/// What to do where a passphrase cannot be typed.
pub(super) const WITHOUT_TERMINAL: &str = "name the file of the passphrase with --passphrase-file";
