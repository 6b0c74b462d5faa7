//! A file of `age`, without the vault's own writer.

use std::io::Write as _;
use std::iter;

use age::secrecy::SecretString;

/// As an exponent of 2: the least work, which a vault keeps at every change.
pub(crate) const LITTLE: u8 = 1;

/// Encrypts this with a passphrase.
pub(crate) fn written_by_age(plain: &str, passphrase: &str, work_factor: u8) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(work_factor);
    let encryptor = age::Encryptor::with_recipients(iter::once(&recipient as _)).unwrap();
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(plain.as_bytes()).unwrap();
    writer.finish().unwrap();
    sealed
}
