//! `otpauth://` URIs: reading and writing.
//!
//! Reading ours strictly; `totp-rs` has one way of reading. The baseline is what `url` needs to take a URI apart, without
//! understanding any of it.

use std::hint::black_box;

use otp_core::Secret;
use otp_uri::{Account, Issuer, KeyUri};
use url::Url;

use crate::{Contender, Task};

/// A common enrolment, exactly as `totp-rs` writes it.
pub(crate) const SHORT: &str = "otpauth://totp/Example%20Bank:alice.b.example\
    ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Bank";

/// An enrolment with everything: a long label, a secret of 64 bytes, all parameters.
pub(crate) const LONG: &str = "otpauth://totp/Example%20Bank%20of%20the%20Northern%20Provinces:\
    alice.cooper%40customers.northern-provinces.example.com\
    ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA\
    &issuer=Example%20Bank%20of%20the%20Northern%20Provinces\
    &algorithm=SHA512&digits=8&period=60";

/// Every task about URIs.
pub fn tasks() -> Vec<Task> {
    assert_eq!((SHORT.len(), LONG.len()), (107, 322));
    vec![
        parse("URI parse, 107 bytes", SHORT),
        parse("URI parse, 322 bytes", LONG),
        write(),
    ]
}

fn parse(name: &'static str, uri: &'static str) -> Task {
    let ours = move || KeyUri::parse(black_box(uri)).unwrap();
    let theirs = move || totp_rs::Totp::from_url(black_box(uri)).unwrap();
    let url = move || {
        let url = Url::parse(black_box(uri)).unwrap();
        for pair in url.query_pairs() {
            black_box(pair);
        }
        url
    };

    let (our, their) = (ours(), theirs());
    assert_eq!(our.expose_key(), their.secret().as_bytes());
    assert_eq!(our.issuer(), their.issuer());
    assert_eq!(our.account(), their.account_name());
    let kind = our.kind();
    assert_eq!(kind.algorithm().name(), their.algorithm().to_string());
    assert_eq!(kind.code_len(), their.digits());
    assert_eq!(
        kind.period().map(|period| period.seconds().into()),
        Some(their.step())
    );
    assert!(url().query_pairs().any(|(name, _)| name == "secret"));

    Task::new(name, ours)
        .at_most(1.2, Contender::new("Url::parse and query_pairs", url))
        .at_most(0.8, Contender::new("totp-rs", theirs))
}

/// From the value to its text.
fn write() -> Task {
    const SECRET: &[u8] = b"12345678901234567890";

    let ours = KeyUri::widely_compatible(
        Issuer::new("Example Bank").unwrap(),
        Account::new("alice.b.example").unwrap(),
        &Secret::issue(SECRET).unwrap(),
    );
    let theirs = totp_rs::Builder::new()
        .with_secret(SECRET)
        .with_issuer(Some("Example Bank"))
        .with_account_name("alice.b.example")
        .build()
        .unwrap();
    assert_eq!(ours.to_text().expose(), SHORT);
    assert_eq!(theirs.to_url().unwrap(), SHORT);

    Task::new("URI write", move || black_box(&ours).to_text()).at_most(
        0.35,
        Contender::new("totp-rs", move || black_box(&theirs).to_url()),
    )
}
