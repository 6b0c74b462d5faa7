//! Any text as a key URI, read strictly and leniently, written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::key_uri;
use otp_uri::{Account, Issuer, KeyUri};

fuzz_target!(|data: &[u8]| {
    // Far beyond the limit nothing changes, and every byte costs time.
    if data.len() > 2 * KeyUri::MAX_LEN {
        return;
    }
    if let Ok(text) = str::from_utf8(data) {
        key_uri::check_text(text);
        names_are_safe(text);
    }
});

/// Any text as a name: what is taken is written so that it is read back.
fn names_are_safe(text: &str) {
    let issuer = Issuer::new(text);
    let account = Account::new(text);
    if let (Ok(issuer), Ok(account)) = (issuer, account) {
        assert!(issuer.as_str().chars().count() <= Issuer::MAX_CHARS);
        assert_eq!(issuer.as_str(), account.as_str());
        // Once in its normal form, a name stays as it is.
        assert_eq!(Issuer::new(issuer.as_str()).as_ref(), Ok(&issuer));
        let secret = otp_core::Secret::import(b"12345678901234567890").unwrap();
        let key = KeyUri::widely_compatible(issuer.clone(), account.clone(), &secret);
        key_uri::check_key(&key, KeyUri::parse);
        let read = KeyUri::parse(key.to_text().expose()).unwrap();
        assert_eq!(read.issuer(), Some(issuer.as_str()));
        assert_eq!(read.account(), account.as_str());
        assert!(read.warnings().is_empty());
    }
    if let Ok(domain) = Issuer::domain(text) {
        assert!(domain.as_str().is_ascii() && domain.as_str().contains('.'));
        assert_eq!(Issuer::domain(domain.as_str()).as_ref(), Ok(&domain));
    }
}
