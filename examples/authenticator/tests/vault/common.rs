//! Vaults for the tests.

use std::fs;
use std::path::{Path, PathBuf};

use authenticator::vault::{Vault, VaultError};
use authenticator::{Account, Contents};
use mfa_policy::Timestamp;
use otp_uri::KeyUri;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::age_file::{LITTLE, written_by_age};

pub(crate) const PASSPHRASE: &str = "correct horse battery";
pub(crate) const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
pub(crate) const EMPTY: &str = r#"{"version":1,"contents":{"accounts":[],"pairings":[]}}"#;

/// A folder with a vault that is opened and written in no time. Its work factor is kept at every change.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self::empty();
        fs::write(place.vault(), written_by_age(EMPTY, PASSPHRASE, LITTLE)).unwrap();
        place
    }

    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.file("vault.age")
    }

    pub(crate) fn open(&self) -> Vault {
        open(&self.vault()).unwrap()
    }

    /// The names of all files, and what is in them.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            // Taking the lock is no change.
            .filter(|path| path.extension().is_none_or(|extension| extension != "lock"))
            .map(|path| (path.clone(), fs::read(path).unwrap_or_default()))
            .collect();
        files.sort();
        files
    }
}

pub(crate) fn text(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

pub(crate) fn open(path: &Path) -> Result<Vault, VaultError> {
    Vault::open(path, text(PASSPHRASE))
}

pub(crate) fn account(name: &str) -> Account {
    let uri = format!("otpauth://totp/Acme:{name}?secret={SECRET}");
    let key = KeyUri::parse_lenient(&uri).unwrap();
    Account::new(key, Timestamp::from_unix_seconds(1_700_000_000)).unwrap()
}

pub(crate) fn add(vault: &mut Vault, name: &str) -> Result<(), VaultError> {
    vault.change(|contents| {
        contents.add(account(name));
        Ok(())
    })
}

pub(crate) fn names(contents: &Contents) -> Vec<String> {
    let accounts = contents.accounts().iter();
    accounts
        .map(|account| account.key().account().to_owned())
        .collect()
}
