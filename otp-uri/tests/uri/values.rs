//! The value itself: what it gives to `otp-core`, what it shows, how it is changed.

use otp_core::{Algorithm, Counter, Secret, TimeStep, TotpParameters, UnixTime};
use otp_uri::{Account, Issuer, KeyUri, Kind, SecretText, T0Error, base32};
use zeroize::ZeroizeOnDrop;

const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[test]
fn codes_are_those_of_the_rfcs() {
    let totp = KeyUri::parse(&format!("otpauth://totp/a?secret={RFC}&digits=8")).unwrap();
    assert_eq!(
        totp.totp()
            .unwrap()
            .generate(UnixTime::from_secs(1_111_111_109))
            .unwrap()
            .as_str(),
        "07081804"
    );
    assert!(totp.hotp().is_none() && totp.steam().is_none());

    let hotp = KeyUri::parse(&format!("otpauth://hotp/a?secret={RFC}&counter=9")).unwrap();
    let (generator, counter) = hotp.hotp().unwrap();
    assert_eq!(generator.generate(counter).as_str(), "520489");
    assert!(hotp.totp().is_none() && hotp.steam().is_none());
}

#[test]
fn steam_codes_are_those_of_the_same_key() {
    let uri = KeyUri::parse(&format!("otpauth://totp/a?secret={RFC}&encoder=steam")).unwrap();
    let expected = otp_core::Steam::new(&Secret::import(b"12345678901234567890").unwrap());
    let step = TimeStep::new(7);
    assert_eq!(
        uri.steam().unwrap().generate_at(step).as_str(),
        expected.generate_at(step).as_str()
    );
    assert_eq!(uri.kind().to_string(), "steam");
}

#[test]
fn a_long_key_is_kept_and_makes_the_codes_of_its_hash() {
    let key = "A".repeat(1600);
    for (algorithm, length) in [("SHA1", 20), ("SHA512", 64)] {
        let uri = KeyUri::parse(&format!(
            "otpauth://totp/a?secret={key}&algorithm={algorithm}"
        ))
        .unwrap();
        assert_eq!(uri.expose_key(), [0; 1000]);
        assert_eq!(uri.secret().expose().len(), length);
        assert!(uri.to_text().expose().contains(&key));
    }
    // The longest one that needs no hash.
    let uri = KeyUri::parse(&format!("otpauth://totp/a?secret={}", "A".repeat(205))).unwrap();
    assert_eq!(
        (uri.expose_key().len(), uri.secret().expose().len()),
        (128, 128)
    );
}

#[test]
fn another_t0_than_0_is_no_uri() {
    let parameters = TotpParameters::default();
    assert_eq!(Kind::try_from(parameters), Ok(Kind::default()));
    assert_eq!(
        Kind::try_from(parameters.with_t0(UnixTime::from_secs(1))),
        Err(T0Error)
    );
}

#[test]
fn kinds_give_back_their_parameters() {
    let parameters = TotpParameters::default().with_algorithm(Algorithm::Sha512);
    assert_eq!(
        Kind::try_from(parameters).unwrap().totp_parameters(),
        Some(parameters)
    );
    assert_eq!(Kind::Steam.totp_parameters(), None);
    assert_eq!(Kind::Steam.hotp_parameters(), None);
    assert_eq!(Kind::default().hotp_parameters(), None);
    assert_eq!(Kind::Steam.algorithm(), Algorithm::Sha1);
}

#[test]
fn an_entry_is_renamed_and_its_counter_advanced() {
    let uri = KeyUri::parse(&format!(
        "otpauth://hotp/Acme:bob?secret={RFC}&counter=1&x=y"
    ))
    .unwrap();
    let uri = uri
        .with_account(Account::new("alice").unwrap())
        .with_counter(Counter::new(2));
    let written = format!("otpauth://hotp/Acme:alice?secret={RFC}&issuer=Acme&counter=2&x=y");
    assert_eq!(uri.to_text().expose(), written);
    let uri = uri.with_issuer(Issuer::new("Acme Ltd").unwrap());
    assert_eq!(
        (uri.issuer(), uri.issuer_prefix(), uri.account()),
        (Some("Acme Ltd"), Some("Acme Ltd"), "alice")
    );
    let totp = KeyUri::parse(&format!("otpauth://totp/a?secret={RFC}")).unwrap();
    assert_eq!(totp.with_counter(Counter::new(2)).kind(), Kind::default());
}

#[test]
fn what_holds_a_secret_shows_nothing_and_is_wiped() {
    fn is_wiped<T: ZeroizeOnDrop>(_: &T) {}
    let uri = KeyUri::parse(&format!(
        "otpauth://totp/Acme:bob?secret={RFC}&issuer=Acme&x=y"
    ))
    .unwrap();
    assert_eq!(format!("{uri:?}"), "KeyUri { kind: totp, .. }");
    let text: SecretText = uri.to_text();
    assert_eq!(format!("{text:?}"), "SecretText(redacted)");
    let bytes = base32::decode_strict(RFC).unwrap();
    assert_eq!(format!("{bytes:?}"), "SecretBytes(redacted)");
    is_wiped(&text);
    is_wiped(&bytes);
    is_wiped(uri.secret());
}

#[test]
fn steam_is_written_as_other_readers_take_it() {
    let steam = KeyUri::new(
        Kind::Steam,
        Account::new("bob").unwrap(),
        &Secret::import(b"fooba").unwrap(),
    )
    .with_issuer(Issuer::new("Steam").unwrap());
    assert_eq!(
        steam.to_text().expose(),
        "otpauth://totp/Steam:bob?secret=MZXW6YTB&issuer=Steam&encoder=steam"
    );
    assert_eq!(
        steam.to_explicit_text().expose(),
        "otpauth://totp/Steam:bob?secret=MZXW6YTB&issuer=Steam&algorithm=SHA1&digits=5&period=30&encoder=steam"
    );
}

#[test]
fn warnings_are_a_set() {
    let warnings = |uri: &str| KeyUri::parse_lenient(uri).unwrap().warnings();
    let none = warnings(&format!("otpauth://totp/a?secret={RFC}"));
    assert!(none.is_empty());
    assert_eq!(format!("{none:?}"), "{}");
    let some = warnings("otpauth://steam/?secret=MZXW6YTB");
    assert!(!some.is_empty());
    assert_eq!(
        format!("{some:?}"),
        "{SteamType, LabelMissing, ShortSecret}"
    );
    assert_eq!(some.into_iter().count(), 3);
}
