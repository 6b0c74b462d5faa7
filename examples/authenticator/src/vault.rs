//! The vault: one file, encrypted with a passphrase, in the format of `age` (<https://age-encryption.org/v1>).
//!
//! `age --decrypt` and `rage --decrypt` read it, too, so nobody needs this program to get at his keys. Inside is JSON: the number of
//! the form, and the [`Contents`].
//!
//! Programs that share a vault take turns at changing it, by a lock on a file beside it. A change is written to a new file, which takes
//! the place of the old one when it is on disk: whoever reads finds the old or the new one whole, also after a loss of power.

mod file;
mod form;
mod passphrase;
mod seal;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use zeroize::Zeroizing;

use crate::Contents;
use file::Lock;
use passphrase::Passphrase;

pub use file::write_new;
pub use passphrase::{LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE};

/// An open vault. Redacted; passphrase and contents are wiped when it is dropped.
pub struct Vault {
    path: PathBuf,
    passphrase: Passphrase,
    state: State,
}

/// What keeps a vault from being read or written. It holds no secret; its text says all of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// There is no file.
    #[error("there is no vault at `{}`", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// There is a file already, and nothing is written over.
    #[error("there is a file at `{}` already", path.display())]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// The file is something else, or was not encrypted with a passphrase.
    #[error("this file is not a vault")]
    NotAVault,
    /// The passphrase is not the one of this vault. A file whose first lines were altered looks the same.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// Somebody changed the passphrase while the vault was open here.
    #[error("the passphrase was changed by another program: open the vault anew")]
    PassphraseChanged,
    /// A new passphrase is too short.
    #[error("a passphrase needs at least {SHORTEST_PASSPHRASE} characters")]
    PassphraseTooShort,
    /// A passphrase is longer than anybody types.
    #[error("a passphrase has at most {LONGEST_PASSPHRASE} characters")]
    PassphraseTooLong,
    /// The file is not whole, or not as it was written.
    #[error("the vault is damaged: it was cut off or altered")]
    Damaged,
    /// It was decrypted, and what is inside was not written by this program.
    #[error("the vault holds something else than accounts (line {line}, column {column})")]
    Contents {
        /// Where inside.
        line: usize,
        /// Where inside.
        column: usize,
    },
    /// It is of a form that is not known here.
    #[error("the vault is of form {version}, and this program knows form 1: a newer one reads it")]
    Form {
        /// The number of its form.
        version: u32,
    },
    /// The file demands more memory and time to be opened than is bearable.
    #[error("opening the vault demands 2^{factor} steps of work, which is more than is done")]
    TooMuchWork {
        /// The exponent.
        factor: u8,
    },
    /// The file is larger than any vault.
    #[error("the vault is too large")]
    TooLarge,
    /// The system could not read it.
    #[error("cannot read `{}`: {cause}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The system could not write it. What was there is there.
    #[error("cannot write `{}`: {cause}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// There is no home directory to keep a vault in.
    #[error("there is no home directory: name the file of the vault")]
    Homeless,
}

impl Vault {
    /// Makes an empty vault, and the folder of it if there is none, for the user alone.
    ///
    /// # Errors
    /// The passphrase is too short or too long, there is a file already, or it cannot be written.
    pub fn create(path: &Path, passphrase: Zeroizing<String>) -> Result<Self, VaultError> {
        let passphrase = Passphrase::chosen(&passphrase)?;
        let state = State::write(Contents::default(), &passphrase, seal::WORK_FACTOR)?;
        file::make_folder(path)?;
        write_new(path, &state.sealed)?;
        Ok(Self {
            path: file::real(path)?,
            passphrase,
            state,
        })
    }

    /// Opens a vault. It takes some tenths of a second, by design.
    ///
    /// # Errors
    /// Everything that [`VaultError`] knows about reading.
    pub fn open(path: &Path, passphrase: Zeroizing<String>) -> Result<Self, VaultError> {
        let path = file::real(path)?;
        let passphrase = Passphrase::typed(&passphrase)?;
        let state = State::read(file::read(&path)?, &passphrase)?;
        Ok(Self {
            path,
            passphrase,
            state,
        })
    }

    /// What it holds.
    #[must_use]
    pub const fn contents(&self) -> &Contents {
        &self.state.contents
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is its passphrase, in constant time: the gesture of a sign-in without a password.
    #[must_use]
    pub fn has_passphrase(&self, typed: &str) -> bool {
        Passphrase::typed(typed).is_ok_and(|typed| self.passphrase.is(&typed))
    }

    /// Applies a change to the newest contents (another program may have changed the file) and writes it, whole or not at all. When
    /// this returns without an error, it is on disk.
    ///
    /// # Errors
    /// Those of `change`, and those of reading and writing. Nothing is written then, and the contents are as they were.
    pub fn change<T, E: From<VaultError>>(
        &mut self,
        change: impl FnOnce(&mut Contents) -> Result<T, E>,
    ) -> Result<T, E> {
        let _lock = Lock::take(&self.path)?;
        self.refresh()?;
        // A copy is changed, so that nothing has to be undone.
        let mut contents = form::read(&self.state.plain)?;
        let outcome = change(&mut contents)?;
        let state = State::write(contents, &self.passphrase, self.state.work_factor())?;
        file::replace(&self.path, &state.sealed)?;
        self.state = state;
        Ok(outcome)
    }

    /// Reads the file anew if another program changed it. Says whether it did.
    ///
    /// # Errors
    /// As for [`open`](Self::open). The contents are as they were.
    pub fn refresh(&mut self) -> Result<bool, VaultError> {
        let sealed = file::read(&self.path)?;
        if sealed == self.state.sealed {
            return Ok(false);
        }
        self.state = State::read(sealed, &self.passphrase).map_err(|error| match error {
            VaultError::Passphrase => VaultError::PassphraseChanged,
            other => other,
        })?;
        Ok(true)
    }

    /// Encrypts the vault with another passphrase. Backups keep the old one.
    ///
    /// # Errors
    /// The new one is too short or too long; those of reading and writing. The vault is as it was then.
    pub fn change_passphrase(&mut self, new: Zeroizing<String>) -> Result<(), VaultError> {
        let new = Passphrase::chosen(&new)?;
        let _lock = Lock::take(&self.path)?;
        self.refresh()?;
        let contents = form::read(&self.state.plain)?;
        let state = State::write(contents, &new, seal::WORK_FACTOR)?;
        file::replace(&self.path, &state.sealed)?;
        self.state = state;
        self.passphrase = new;
        Ok(())
    }

    /// Copies the newest state of the file, after it was opened with the passphrase; the copy is read again and compared.
    ///
    /// # Errors
    /// There is a file at `to` already; those of reading and writing.
    pub fn back_up(&self, to: &Path) -> Result<(), VaultError> {
        let sealed = file::read(&self.path)?;
        State::read(sealed.clone(), &self.passphrase)?;
        write_new(to, &sealed)?;
        if file::read(to)? == sealed {
            Ok(())
        } else {
            Err(VaultError::Damaged)
        }
    }

    /// Puts a backup in the place of a vault, or where there is none. It is opened before anything is touched. What was there is kept
    /// beside it as `NAME.before-restore-1`, or the next number that is free.
    ///
    /// # Errors
    /// The backup cannot be opened with this passphrase; those of reading and writing. The vault is as it was then.
    pub fn restore(
        backup: &Path,
        passphrase: Zeroizing<String>,
        to: &Path,
    ) -> Result<Self, VaultError> {
        let passphrase = Passphrase::typed(&passphrase)?;
        let state = State::read(file::read(backup)?, &passphrase)?;
        file::make_folder(to)?;
        match file::real(to) {
            Ok(to) => {
                let _lock = Lock::take(&to)?;
                let kept = file::keep_beside(&to)?;
                if let Err(error) = file::replace(&to, &state.sealed) {
                    // It is still at its place, and the copy is one too many. If it cannot be removed, it is no harm.
                    let _ = std::fs::remove_file(kept);
                    return Err(error);
                }
            }
            Err(VaultError::Missing { .. }) => write_new(to, &state.sealed)?,
            Err(error) => return Err(error),
        }
        Ok(Self {
            path: file::real(to)?,
            passphrase,
            state,
        })
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Where a vault is that was not named: where this system keeps the data of a person.
///
/// # Errors
/// [`VaultError::Homeless`].
pub fn default_path() -> Result<PathBuf, VaultError> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| VaultError::Homeless)?;
    Ok(strategy.data_dir().join("authenticator").join("vault.age"))
}

/// One state of a vault, in its three forms.
struct State {
    /// The file.
    sealed: Vec<u8>,
    /// What is encrypted in it, kept to make copies of the contents.
    plain: Zeroizing<Vec<u8>>,
    contents: Contents,
}

impl State {
    fn read(sealed: Vec<u8>, passphrase: &Passphrase) -> Result<Self, VaultError> {
        let plain = seal::open(&sealed, passphrase)?;
        let contents = form::read(&plain)?;
        Ok(Self {
            sealed,
            plain,
            contents,
        })
    }

    fn write(
        contents: Contents,
        passphrase: &Passphrase,
        work_factor: u8,
    ) -> Result<Self, VaultError> {
        let plain = form::write(&contents)?;
        let sealed = seal::seal(&plain, passphrase, work_factor)?;
        if sealed.len() > file::MOST_BYTES {
            return Err(VaultError::TooLarge);
        }
        Ok(Self {
            sealed,
            plain,
            contents,
        })
    }

    /// That of the file is kept, since who made it with another one (`age --passphrase` takes 18) meant it.
    fn work_factor(&self) -> u8 {
        seal::work_factor(&self.sealed).unwrap_or(seal::WORK_FACTOR)
    }
}
