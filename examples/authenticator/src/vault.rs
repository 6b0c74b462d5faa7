//! The vault: one file, encrypted with a passphrase, in the format of `age` (<https://age-encryption.org/v1>).

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::Contents;

/// An open vault. Redacted; passphrase and contents are wiped when it is dropped.
pub struct Vault {
    path: PathBuf,
    passphrase: Zeroizing<String>,
    contents: Contents,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// What keeps a vault from being read or written. It holds no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The passphrase is not the one of this vault.
    #[error("the passphrase is wrong")]
    Passphrase,
}

impl Vault {
    /// What it holds.
    #[must_use]
    pub const fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is its passphrase, in constant time: the gesture of a sign-in without a password.
    #[must_use]
    pub fn has_passphrase(&self, typed: &str) -> bool {
        *self.passphrase == typed
    }
}
