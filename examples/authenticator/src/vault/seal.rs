//! The encryption: a file of `age` with one recipient, the passphrase.

use std::io::{self, Read, Write};
use std::iter;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use zeroize::Zeroizing;

use super::VaultError;
use super::passphrase::Passphrase;

/// Encrypts, with a new key and salt each time.
pub(super) fn seal(
    plain: &[u8],
    passphrase: &Passphrase,
    work_factor: u8,
) -> Result<Vec<u8>, VaultError> {
    let mut recipient = scrypt::Recipient::new(secret(passphrase));
    recipient.set_work_factor(work_factor);
    let mut sealed = Vec::new();
    // Writing into memory fails for no reason that a person could mend.
    Encryptor::with_recipients(iter::once(&recipient as _))
        .map_err(io::Error::other)
        .and_then(|encryptor| encryptor.wrap_output(&mut sealed))
        .and_then(|mut writer| {
            writer.write_all(plain)?;
            writer.finish()
        })
        .map_err(|_| VaultError::TooLarge)?;
    Ok(sealed)
}

/// Decrypts.
pub(super) fn open(
    sealed: &[u8],
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let begins_right = sealed.starts_with(MAGIC);
    let decryptor = Decryptor::new_buffered(sealed).map_err(|error| match error {
        DecryptError::InvalidHeader | DecryptError::Io(_) if begins_right => VaultError::Damaged,
        _ => VaultError::NotAVault,
    })?;
    if !decryptor.is_scrypt() {
        return Err(VaultError::NotAVault);
    }
    let mut identity = scrypt::Identity::new(secret(passphrase));
    identity.set_max_work_factor(MOST_WORK);
    let mut reader =
        decryptor
            .decrypt(iter::once(&identity as _))
            .map_err(|error| match error {
                DecryptError::ExcessiveWork { required, .. } => {
                    VaultError::TooMuchWork { factor: required }
                }
                DecryptError::DecryptionFailed
                | DecryptError::KeyDecryptionFailed
                | DecryptError::NoMatchingKeys => VaultError::Passphrase,
                _ => VaultError::Damaged,
            })?;
    // What is encrypted is longer than what it holds, so this never grows and leaves no copy behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut plain)
        .map_err(|_| VaultError::Damaged)?;
    Ok(plain)
}

/// That of a file: the last word of its second line, `-> scrypt SALT FACTOR`.
pub(super) fn work_factor(sealed: &[u8]) -> Option<u8> {
    let line = sealed.split(|byte| *byte == b'\n').nth(1)?;
    let factor = line.rsplit(|byte| *byte == b' ').next()?;
    str::from_utf8(factor).ok()?.parse().ok()
}

fn secret(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.expose().to_owned())
}

/// The first line of the format.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// The work of one guess, as an exponent of 2: the least that OWASP's cheat sheet on storing passwords recommends for scrypt with `r` = 8
/// and `p` = 1, as `age` has them. It takes 128 MiB; more would be felt at every change, since `age` makes a new key for each file.
pub(super) const WORK_FACTOR: u8 = 17;
/// The most that is done to open a file: 1 GiB, and some seconds. Who writes files for others could demand any amount otherwise.
const MOST_WORK: u8 = 20;
