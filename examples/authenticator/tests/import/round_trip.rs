//! What we write, we read again as the same.

use authenticator::export;
use authenticator::import::{Format, Import};
use otp_core::{Algorithm, Counter, Digits, HotpParameters, Period, TotpParameters};
use otp_uri::{KeyUri, Kind, base32};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use crate::assert_same;

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(Algorithm::ALL.to_vec())
}

fn digits() -> impl Strategy<Value = Digits> {
    prop::sample::select(vec![Digits::Six, Digits::Seven, Digits::Eight])
}

fn kind() -> impl Strategy<Value = Kind> {
    let period = prop_oneof![Just(30_u32), Just(60), 1..=0x7fff_ffff_u32];
    let totp = (algorithm(), digits(), period).prop_map(|(algorithm, digits, period)| {
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits)
            .with_period(Period::new(period).unwrap());
        Kind::try_from(parameters).unwrap()
    });
    let counter = prop_oneof![0..10_u64, any::<u64>()];
    let hotp = (algorithm(), digits(), counter).prop_map(|(algorithm, digits, counter)| {
        let parameters = HotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits);
        Kind::hotp(parameters, Counter::new(counter))
    });
    prop_oneof![4 => totp, 2 => hotp, 1 => Just(Kind::Steam)]
}

/// Names as they are in the wild: with colons, spaces around them, letters of every language, or none at all.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Za-z0-9 .@+-]{0,20}",
        1 => "[ :%&?#/\"\\\\a]{0,6}",
        1 => "\\PC{0,12}",
    ]
}

/// Any key that reading gives: leniently, from a URI that is put together here.
fn key() -> impl Strategy<Value = KeyUri> {
    let secret = prop::collection::vec(any::<u8>(), 1..80);
    (name(), name(), kind(), secret).prop_map(|(issuer, account, kind, secret)| {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let counter = kind.counter().map_or(String::new(), |counter| {
            format!("&counter={}", counter.get())
        });
        let period = kind.period().map_or(String::new(), |period| {
            format!("&period={}", period.seconds())
        });
        let digits = if kind == Kind::Steam {
            "&encoder=steam".to_owned()
        } else {
            format!("&digits={}&algorithm={}", kind.code_len(), kind.algorithm())
        };
        let uri = format!(
            "otpauth://{}/{}?secret={}&issuer={}{digits}{period}{counter}",
            if kind.counter().is_some() {
                "hotp"
            } else {
                "totp"
            },
            encode(&account),
            base32::encode(&secret).expose(),
            encode(&issuer),
        );
        KeyUri::parse_lenient(&uri).unwrap()
    })
}

/// Different ones: what is the same is kept once.
fn keys() -> impl Strategy<Value = Vec<KeyUri>> {
    prop::collection::vec(key(), 1..25).prop_map(|keys| {
        let numbered = (0_u32..).zip(keys).map(|(number, key)| {
            let account = format!("{number} {}", key.account());
            match otp_uri::Account::new(&account) {
                Ok(account) => key.with_account(account),
                Err(_) => key.with_account(otp_uri::Account::new(&number.to_string()).unwrap()),
            }
        });
        numbered.collect()
    })
}

fn import(file: &[u8], format: Format) -> Vec<KeyUri> {
    let mut import = Import::new();
    assert_eq!(import.read(file), Ok(format));
    let imported = import.finish();
    assert!(imported.skipped().is_empty(), "{:?}", imported.skipped());
    imported.into_keys()
}

/// The keys that were not left out.
fn rest<'keys>(keys: &'keys [KeyUri], left_out: &[export::LeftOut]) -> Vec<&'keys KeyUri> {
    let left_out: Vec<usize> = left_out.iter().map(export::LeftOut::index).collect();
    let rest = keys.iter().enumerate();
    rest.filter(|(index, _)| !left_out.contains(index))
        .map(|(_, key)| key)
        .collect()
}

proptest! {
    #[test]
    fn a_list_is_read_as_it_was_written(keys in keys()) {
        let list = export::uri_list(&keys);
        assert_same(&import(list.as_bytes(), Format::List), &keys);
    }

    #[test]
    fn one_key_of_any_name_survives_every_text(key in key()) {
        let list = export::uri_list([&key]);
        assert_same(&import(list.as_bytes(), Format::List), [&key]);
        let aegis = export::aegis([&key]).unwrap();
        if aegis.left_out.is_empty() {
            assert_same(&import(aegis.written.as_bytes(), Format::Aegis), [&key]);
        }
    }

    #[test]
    fn a_backup_for_aegis_is_read_as_it_was_written(keys in keys()) {
        let exported = export::aegis(&keys).unwrap();
        let read = import(exported.written.as_bytes(), Format::Aegis);
        let rest = rest(&keys, &exported.left_out);
        // Aegis counts in 63 bits, and knows everything else.
        let knows = |key: &KeyUri| key.kind().counter().is_none_or(|counter| counter.get() < 1 << 63);
        prop_assert_eq!(rest.len(), keys.iter().filter(|key| knows(key)).count());
        assert_same(&read, rest);
    }

    #[test]
    fn a_transfer_is_read_as_it_was_written_whatever_the_order(keys in keys(), id: i32) {
        let exported = export::transfer(&keys, id);
        let mut import = Import::new();
        for code in exported.written.iter().rev() {
            import.read(code.text().as_bytes()).unwrap();
        }
        prop_assert!(import.is_complete());
        let imported = import.finish();
        prop_assert!(imported.skipped().is_empty());
        assert_same(imported.keys(), rest(&keys, &exported.left_out));
    }
}

proptest! {
    // Drawing and finding codes takes its time.
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_transfer_is_read_off_its_pictures(keys in keys(), id: i32) {
        let exported = export::transfer(&keys, id);
        let mut import = Import::new();
        for code in &exported.written {
            import.read(code.png()).unwrap();
        }
        prop_assert!(import.is_complete());
        assert_same(import.finish().keys(), rest(&keys, &exported.left_out));
    }
}

#[test]
fn a_colon_in_a_name_without_an_issuer_stays_where_it_is() {
    // As from a label that begins with a colon; what stood before the next one became the issuer.
    for label in ["::", ":%23%20:", ":a:b"] {
        let uri = format!("otpauth://totp/{label}?secret=GEZDGNBVGY3TQOJQ");
        let key = KeyUri::parse_lenient(&uri).unwrap();
        assert_eq!(key.issuer(), None);
        let exported = export::aegis([&key]).unwrap();
        assert_same(&import(exported.written.as_bytes(), Format::Aegis), [&key]);
    }
}

#[test]
fn entries_for_aegis_have_identifiers_of_their_own_and_every_field_that_it_asks_for() {
    let uri = "otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQ&issuer=Acme";
    let keys = [uri, uri].map(|uri| KeyUri::parse(uri).unwrap());
    let exported = export::aegis(&keys).unwrap();
    let backup: serde_json::Value = serde_json::from_str(&exported.written).unwrap();
    assert_eq!(backup["version"], 1);
    assert!(backup["header"]["slots"].is_null() && backup["header"]["params"].is_null());
    let entries = backup["db"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_ne!(entries[0]["uuid"], entries[1]["uuid"]);
    for entry in entries {
        let uuid = entry["uuid"].as_str().unwrap();
        let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(
            matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'),
            "{uuid}"
        );
        let mut rest = entry.clone();
        rest.as_object_mut().unwrap().remove("uuid");
        let expected = serde_json::json!({
            "type": "totp", "name": "bob", "issuer": "Acme", "note": "", "favorite": false, "icon": null,
            "info": { "secret": "GEZDGNBVGY3TQOJQ", "algo": "SHA1", "digits": 6, "period": 30 },
        });
        assert_eq!(rest, expected);
    }
}
