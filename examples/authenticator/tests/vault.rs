//! The vault: what is kept stays kept, and opens with its passphrase alone.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use authenticator::vault::{Vault, VaultError};
use authenticator::{Account, Contents};
use mfa_policy::Timestamp;
use otp_uri::KeyUri;
use zeroize::Zeroizing;

const PASSPHRASE: &str = "correct horse battery";

fn text(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

fn account(name: &str) -> Account {
    let uri = format!("otpauth://totp/Acme:{name}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let key = KeyUri::parse_lenient(&uri).unwrap();
    Account::new(key, Timestamp::from_unix_seconds(1_700_000_000)).unwrap()
}

fn names(contents: &Contents) -> Vec<String> {
    let accounts = contents.accounts().iter();
    accounts
        .map(|account| account.key().account().to_owned())
        .collect()
}

fn add(vault: &mut Vault, name: &str) -> Result<(), VaultError> {
    vault.change(|contents| {
        contents.add(account(name));
        Ok(())
    })
}

#[test]
fn what_was_changed_is_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a").join("vault.age");
    let mut vault = Vault::create(&path, text(PASSPHRASE)).unwrap();
    add(&mut vault, "ada").unwrap();
    let mut other = Vault::open(&path, text(PASSPHRASE)).unwrap();
    assert_eq!(names(other.contents()), ["ada"]);
    add(&mut other, "bob").unwrap();
    assert!(vault.refresh().unwrap());
    assert!(!vault.refresh().unwrap());
    assert_eq!(names(vault.contents()), ["ada", "bob"]);
    assert!(vault.has_passphrase(PASSPHRASE) && !vault.has_passphrase("something else"));
    let refused = Vault::open(&path, text("something else"));
    assert!(matches!(refused, Err(VaultError::Passphrase)));
}
