//! Lenient reading, rule by rule: what is read, and the warning that says so.

use otp_uri::{KeyUri, Kind, Warning};

const SECRET: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn read(uri: &str) -> KeyUri {
    KeyUri::parse_lenient(uri).unwrap()
}

/// Reads a URI that strict reading refuses, for this and nothing else.
fn tolerated(uri: &str, warning: Warning) -> KeyUri {
    assert!(KeyUri::parse(uri).is_err(), "{uri}");
    let read = read(uri);
    let refused: Vec<_> = read
        .warnings()
        .into_iter()
        .filter(|warning| warning.is_refused_by_strict_reading())
        .collect();
    assert_eq!(refused, [warning], "{uri}");
    read
}

#[test]
fn space_around_the_uri_is_taken_away() {
    for uri in [
        format!(" otpauth://totp/a?{SECRET}"),
        format!("\t\r\notpauth://totp/a?{SECRET} \n"),
    ] {
        assert_eq!(tolerated(&uri, Warning::SurroundingSpace).account(), "a");
    }
}

#[test]
fn raw_characters_stand_for_themselves() {
    for account in ["Zoë Müller", "a\"b", "a|b", "株式会社", "#1"] {
        let uri = format!("otpauth://totp/{account}?{SECRET}");
        assert_eq!(tolerated(&uri, Warning::RawCharacters).account(), account);
    }
}

#[test]
fn apples_scheme_and_the_steam_type_are_read() {
    assert_eq!(
        tolerated(
            &format!("Apple-OTPAuth://totp/a?{SECRET}"),
            Warning::AppleScheme
        )
        .account(),
        "a"
    );
    assert_eq!(
        tolerated(&format!("otpauth://STEAM/a?{SECRET}"), Warning::SteamType).kind(),
        Kind::Steam
    );
}

#[test]
fn labels_may_be_incomplete() {
    for (label, issuer, account) in [("", None, ""), ("/", None, "")] {
        let uri = tolerated(
            &format!("otpauth://totp{label}?{SECRET}"),
            Warning::LabelMissing,
        );
        assert_eq!((uri.issuer(), uri.account()), (issuer, account));
    }
    for (label, issuer, account) in [
        ("a:", Some("a"), ""),
        (":b", None, "b"),
        ("%20", None, ""),
        ("a:%20", Some("a"), ""),
        (":", None, ""),
    ] {
        let uri = tolerated(
            &format!("otpauth://totp/{label}?{SECRET}"),
            Warning::LabelEmptyPart,
        );
        assert_eq!((uri.issuer(), uri.account()), (issuer, account), "{label}");
    }
}

#[test]
fn labels_with_colons_are_split_where_they_were_joined() {
    for (label, parameter, prefix, account) in [
        ("a:b:c", "", Some("a"), "b:c"),
        ("a:b:c", "&issuer=x", Some("a"), "b:c"),
        ("a:b:c", "&issuer=a", Some("a"), "b:c"),
        ("a:b:c", "&issuer=a:b", Some("a:b"), "c"),
        ("a%3Ab%3Ac", "&issuer=a%3Ab", Some("a:b"), "c"),
        ("a:b:%20c", "&issuer=%20a:b%20", Some("a:b"), "c"),
        ("a:bc:d", "&issuer=a:b", Some("a"), "bc:d"),
    ] {
        let uri = tolerated(
            &format!("otpauth://totp/{label}?{SECRET}{parameter}"),
            Warning::LabelColons,
        );
        assert_eq!(
            (uri.issuer_prefix(), uri.account()),
            (prefix, account),
            "{label}{parameter}"
        );
    }
}

#[test]
fn the_colons_of_a_label_are_written_so_that_they_split_there_again() {
    for (uri, written) in [
        (
            "a:b:c?issuer=a:b",
            "a%3Ab:c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a%3Ab",
        ),
        (
            "::b?x=1",
            ":%3Ab?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&x=1",
        ),
        (
            "a :b:c?issuer=a:b",
            "a:%20b%3Ac?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a%3Ab",
        ),
        (
            ": :?issuer=:",
            ":%20%3A?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%3A",
        ),
        (
            "b?issuer=a:c",
            "b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a%3Ac",
        ),
        (
            "b?issuer=c",
            "c:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=c",
        ),
        (
            "a:b?issuer=c",
            "a:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=c",
        ),
    ] {
        let first = read(&format!("otpauth://totp/{uri}&{SECRET}"));
        assert_eq!(
            first.to_text().expose(),
            format!("otpauth://totp/{written}")
        );
        let again = read(first.to_text().expose());
        assert_eq!(
            (again.issuer(), again.account()),
            (first.issuer(), first.account())
        );
    }
}

#[test]
fn empty_and_incomplete_parameters_are_passed_over() {
    for query in [
        format!("&{SECRET}"),
        format!("{SECRET}&"),
        format!("x=1&&{SECRET}"),
    ] {
        tolerated(
            &format!("otpauth://totp/a?{query}"),
            Warning::EmptyParameter,
        );
    }
    let unknown = |uri: KeyUri| {
        uri.unknown_parameters()
            .map(|(name, _)| name.into_owned())
            .collect::<Vec<_>>()
    };
    let nameless = tolerated(
        &format!("otpauth://totp/a?{SECRET}&=x"),
        Warning::IncompleteParameter,
    );
    assert_eq!(unknown(nameless), Vec::<String>::new());
    let valueless = tolerated(
        &format!("otpauth://totp/a?{SECRET}&x"),
        Warning::IncompleteParameter,
    );
    assert_eq!(unknown(valueless), ["x"]);
    let issuer = tolerated(
        &format!("otpauth://totp/a?{SECRET}&issuer"),
        Warning::IncompleteParameter,
    );
    assert_eq!(issuer.issuer(), None);
}

/// Who takes a `+` for a space reads two issuers here, and who does not reads two there.
#[test]
fn duplicates_that_differ_in_what_a_plus_means_are_refused() {
    for issuers in ["issuer=a%2Bb&issuer=a+b", "issuer=a+b&issuer=a%20b"] {
        let error = KeyUri::parse_lenient(&format!("otpauth://totp/a?{SECRET}&{issuers}"));
        assert_eq!(error.unwrap_err().to_string(), "duplicate: issuer");
    }
}

#[test]
fn duplicates_are_tolerated_where_they_are_identical() {
    for pair in [
        "issuer=a&issuer=a",
        "issuer=a&ISSUER=%61",
        "digits=8&digits=8",
    ] {
        tolerated(
            &format!("otpauth://totp/a?{SECRET}&{pair}"),
            Warning::IdenticalDuplicate,
        );
    }
    for (pair, name) in [
        ("issuer=a&issuer=A", "issuer"),
        ("digits=8&digits=08", "digits"),
        ("period=30&period=31", "period"),
    ] {
        let error =
            KeyUri::parse_lenient(&format!("otpauth://totp/a?{SECRET}&{pair}")).unwrap_err();
        assert_eq!(error.to_string(), format!("duplicate: {name}"));
    }
}

#[test]
fn secrets_are_read_as_people_write_them() {
    for (secret, warning, bytes) in [
        ("mzxw%206ytb", Warning::SecretSeparated, "fooba"),
        ("MZXW+6YTB", Warning::SecretSeparated, "fooba"),
        ("MZXW-6YTB", Warning::SecretSeparated, "fooba"),
        ("MZXW6===", Warning::SecretPadding, "foo"),
        ("MZXW6=", Warning::SecretPadding, "foo"),
        ("MZXW6YTBA", Warning::SecretLength, "fooba"),
    ] {
        let uri = tolerated(&format!("otpauth://totp/a?secret={secret}"), warning);
        assert_eq!(uri.expose_key(), bytes.as_bytes(), "{secret}");
    }
    for secret in [
        "MZXW6YT0",
        "MZXW6YT1",
        "MZXW6YT8",
        "MZ_XW",
        "MZ%0AXW",
        "MZ\tXW",
        "MZ%C2%A0XW",
    ] {
        let error =
            KeyUri::parse_lenient(&format!("otpauth://totp/a?secret={secret}")).unwrap_err();
        assert_eq!(error.to_string(), "secret: not Base32", "{secret}");
    }
}

#[test]
fn algorithms_have_their_usual_other_names() {
    for (name, algorithm) in [
        ("SHA-1", "SHA1"),
        ("sha-256", "SHA256"),
        ("HmacSHA256", "SHA256"),
        ("HMACSHA512", "SHA512"),
        ("HMAC-SHA-256", "SHA256"),
        ("hmac-sha1", "SHA1"),
        ("HMACSHA-512", "SHA512"),
    ] {
        let uri = tolerated(
            &format!("otpauth://totp/a?{SECRET}&algorithm={name}"),
            Warning::AlgorithmName,
        );
        assert_eq!(uri.kind().algorithm().name(), algorithm);
    }
    for name in [
        "",
        "MD5",
        "SHA",
        "SHA384",
        "SHA2",
        "SHA3-256",
        "HMAC",
        "HMAC-",
        "HMAC--SHA1",
        "SHA--1",
        "SHA1 ",
        "SHA01",
        "HMAC-MD5",
        "256",
    ] {
        let error =
            KeyUri::parse_lenient(&format!("otpauth://totp/a?{SECRET}&algorithm={name}&x=1"))
                .unwrap_err();
        assert_eq!(error.to_string(), "algorithm: unsupported", "{name}");
    }
}

#[test]
fn a_missing_counter_is_zero() {
    let uri = tolerated(
        &format!("otpauth://hotp/a?{SECRET}"),
        Warning::CounterMissing,
    );
    assert_eq!(uri.kind().counter().unwrap().get(), 0);
    assert!(KeyUri::parse_lenient(&format!("otpauth://hotp/a?{SECRET}&counter=")).is_err());
}

#[test]
fn a_plus_is_a_space_unless_the_label_says_otherwise() {
    for (uri, issuer) in [
        ("b?issuer=Google+One", "Google One"),
        ("Google+:b?issuer=Google+", "Google+"),
        ("Google%2B:b?issuer=Google+", "Google+"),
        ("Google+%20:b?issuer=Google+", "Google+"),
        ("Google%20One:b?issuer=Google+One", "Google One"),
        ("Google+One?issuer=Google+One", "Google One"),
        ("b?issuer=Google%2BOne", "Google+One"),
        ("A+B:C:b?issuer=A+B:C", "A+B:C"),
    ] {
        assert_eq!(
            read(&format!("otpauth://totp/{uri}&{SECRET}")).issuer(),
            Some(issuer),
            "{uri}"
        );
    }
    let uri = read(&format!("otpauth://totp/a+b?{SECRET}&c+d=e+f"));
    assert_eq!(uri.account(), "a+b");
    assert_eq!(
        uri.unknown_parameters().next(),
        Some(("c d".into(), "e f".into()))
    );
}

#[test]
fn an_issuer_of_nothing_but_space_is_none() {
    for issuer in ["", "%20", "+"] {
        assert_eq!(
            read(&format!("otpauth://totp/a?{SECRET}&issuer={issuer}")).issuer(),
            None
        );
    }
}
