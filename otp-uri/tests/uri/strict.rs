//! Strict reading, rule by rule, where the vectors do not reach.

use otp_uri::{KeyUri, ParseError, Warning};

fn error(uri: &str) -> String {
    KeyUri::parse(uri).unwrap_err().to_string()
}

/// The error of a URI with these parameters after a good secret.
fn error_of(parameters: &str) -> String {
    error(&format!(
        "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&{parameters}"
    ))
}

fn warnings(uri: &str) -> Vec<Warning> {
    KeyUri::parse(uri).unwrap().warnings().into_iter().collect()
}

#[test]
fn size_is_limited_before_anything_is_looked_at() {
    let start = "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&x=";
    let fits = format!("{start}{}", "é".repeat((KeyUri::MAX_LEN - start.len()) / 2));
    let fits = format!("{fits}{}", "a".repeat(KeyUri::MAX_LEN - fits.len()));
    assert_eq!(fits.len(), KeyUri::MAX_LEN);
    assert_eq!(error(&fits), "chars: not RFC 3986 characters");
    assert!(KeyUri::parse_lenient(&fits).is_ok());
    let over = format!("{fits}a");
    assert_eq!(KeyUri::parse(&over).unwrap_err(), ParseError::TooLong);
    assert_eq!(
        KeyUri::parse_lenient(&over).unwrap_err(),
        ParseError::TooLong
    );
}

#[test]
fn other_schemes_that_people_scan_are_told_apart() {
    for (uri, expected) in [
        (
            "phonefactor://activate_account?code=1",
            ParseError::MicrosoftPush,
        ),
        (
            "PhoneFactor://activate_account?code=1",
            ParseError::MicrosoftPush,
        ),
        (
            "otpauth-migration://offline?data=CgA%3D",
            ParseError::Migration,
        ),
        ("https://example.com", ParseError::Scheme),
        (
            "apple-otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
            ParseError::Scheme,
        ),
    ] {
        assert_eq!(KeyUri::parse(uri).unwrap_err(), expected);
        assert_eq!(expected.to_string(), "scheme: not otpauth://");
    }
}

#[test]
fn the_authority_is_the_type_and_nothing_else() {
    for authority in [
        "user@totp",
        "user:pw@totp",
        "totp:80",
        "totp:",
        "%74otp",
        "totp.",
        "totp@",
        "",
        "steam",
        "[totp]",
    ] {
        assert_eq!(
            error(&format!("otpauth://{authority}/a?secret=JBSWY3DPEHPK3PXP")),
            "type: not totp or hotp"
        );
    }
}

#[test]
fn tabs_and_line_feeds_do_not_vanish() {
    for uri in [
        "otpauth://to\ttp/a?secret=JBSWY3DPEHPK3PXP",
        "otpauth://totp/a\n?secret=JBSWY3DPEHPK3PXP",
        "otpauth://totp/a?secret=JBSWY3DP\r\nEHPK3PXP",
        "\notpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\n\n",
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\r\n",
    ] {
        assert_eq!(error(uri), "chars: not RFC 3986 characters");
    }
}

#[test]
fn a_final_line_feed_is_refused_wherever_it_lands() {
    for (last, expected) in [
        ("secret=JBSWY3DPEHPK3PXP\n", "duplicate: secret"),
        ("digits=6\n", "digits: not a decimal number"),
        ("issuer=Acme\n", "issuer: control character"),
        ("x=y\n", "query: control character"),
        ("counter=1\n", "query: control character"),
        ("algorithm=SHA1\n", "algorithm: unsupported"),
        ("encoder=steam\n", "encoder: unsupported"),
        ("\n", "query: parameter without name or value"),
    ] {
        assert_eq!(error_of(last), expected, "{last:?}");
    }
    assert_eq!(error("otpauth://totp/a\n"), "secret: missing");
}

#[test]
fn control_characters_are_refused_in_escapes_too() {
    for escape in ["%00", "%0A", "%1F", "%7F", "%C2%85"] {
        assert_eq!(
            error(&format!("otpauth://totp/a{escape}?secret=JBSWY3DPEHPK3PXP")),
            "label: control character"
        );
        assert_eq!(
            error_of(&format!("issuer=a{escape}")),
            "issuer: control character"
        );
        assert_eq!(
            error_of(&format!("x=a{escape}")),
            "query: control character"
        );
        assert_eq!(
            error_of(&format!("x{escape}=a")),
            "query: control character"
        );
        assert_eq!(
            error_of(&format!("counter={escape}")),
            "query: control character"
        );
    }
}

#[test]
fn escapes_are_complete_and_utf8() {
    for escape in ["%", "%4", "%4g", "%g4", "%u0041", "%%41", "%+4"] {
        for uri in [
            format!("otpauth://totp/a{escape}?secret=JBSWY3DPEHPK3PXP"),
            format!("otpauth://totp/a?secret={escape}"),
            format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&{escape}=1"),
            format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&counter={escape}"),
        ] {
            assert_eq!(error(&uri), "percent: malformed escape", "{uri}");
        }
    }
    for escape in ["%FF", "%C3", "%C0%AF", "%ED%A0%80", "%C3(", "%F5%80%80%80"] {
        for uri in [
            format!("otpauth://totp/a{escape}?secret=JBSWY3DPEHPK3PXP"),
            format!("otpauth://totp/a?secret={escape}"),
            format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer={escape}"),
            format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&x={escape}"),
        ] {
            assert_eq!(error(&uri), "utf8: escapes are not UTF-8", "{uri}");
        }
    }
}

#[test]
fn there_is_no_fragment() {
    assert_eq!(
        error_of("issuer=Acme#1&digits=8"),
        "chars: not RFC 3986 characters"
    );
    let uri = "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer=Acme#1&digits=8";
    let uri = KeyUri::parse_lenient(uri).unwrap();
    assert_eq!((uri.issuer(), uri.kind().code_len()), (Some("Acme#1"), 8));
}

#[test]
fn every_known_parameter_stands_once() {
    for name in [
        "secret",
        "issuer",
        "algorithm",
        "digits",
        "period",
        "counter",
        "encoder",
    ] {
        for second in [
            name.to_owned(),
            name.to_uppercase(),
            name.replacen('e', "%65", 1),
        ] {
            let parameters = format!("{name}=1&{second}=1");
            let uri = format!("otpauth://totp/a?{parameters}");
            assert_eq!(error(&uri), format!("duplicate: {name}"), "{uri}");
        }
    }
}

#[test]
fn numbers_are_digits_and_in_range() {
    for number in [
        "", "-1", "+6", " 6", "6 ", "6.0", "6e0", "0x6", "٦", "1_0", "%20",
    ] {
        let number = number.replace(' ', "%20").replace('٦', "%D9%A6");
        assert_eq!(
            error_of(&format!("digits={number}")),
            "digits: not a decimal number"
        );
        assert_eq!(
            error_of(&format!("period={number}")),
            "period: not a decimal number"
        );
        let hotp = format!("otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter={number}");
        assert_eq!(error(&hotp), "counter: not a decimal number");
    }
    for digits in [
        "0",
        "5",
        "9",
        "10",
        "262",
        "4294967302",
        "18446744073709551622",
    ] {
        assert_eq!(
            error_of(&format!("digits={digits}")),
            "digits: out of range"
        );
    }
    for period in ["0", "2147483648", "4294967326", "18446744073709551616"] {
        assert_eq!(
            error_of(&format!("period={period}")),
            "period: out of range"
        );
    }
    let hotp = "otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=18446744073709551616";
    assert_eq!(error(hotp), "counter: out of range");
    let edge = "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&digits=00000000000000000000000000008&period=2147483647";
    let edge = KeyUri::parse(edge).unwrap().kind();
    assert_eq!(
        (edge.code_len(), edge.period().unwrap().seconds()),
        (8, 2_147_483_647)
    );
}

#[test]
fn steam_has_one_algorithm_and_one_period() {
    let steam = |parameters: &str| {
        KeyUri::parse(&format!(
            "otpauth://totp/Steam:bob?secret=JBSWY3DPEHPK3PXP&encoder=Steam&{parameters}"
        ))
    };
    let key = steam("algorithm=SHA1&digits=5&period=30").unwrap();
    assert!(key.steam().is_some() && key.totp().is_none() && key.hotp().is_none());
    assert!(!key.warnings().contains(Warning::DigitsIgnored));
    assert!(
        steam("digits=6")
            .unwrap()
            .warnings()
            .contains(Warning::DigitsIgnored)
    );
    assert_eq!(
        steam("algorithm=SHA256").unwrap_err(),
        ParseError::Algorithm
    );
    assert_eq!(
        steam("period=60").unwrap_err().to_string(),
        "period: out of range"
    );
    for digits in ["4", "9"] {
        assert_eq!(
            steam(&format!("digits={digits}")).unwrap_err().to_string(),
            "digits: out of range"
        );
    }
    assert_eq!(error_of("encoder=other"), "encoder: unsupported");
    let hotp = "otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=1&encoder=steam";
    assert_eq!(error(hotp), "encoder: unsupported");
}

#[test]
fn what_is_allowed_but_worth_knowing_is_warned_of() {
    let long = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (uri, expected) in [
        (format!("otpauth://totp/a?secret={long}"), vec![]),
        (
            "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP".to_owned(),
            vec![Warning::ShortSecret],
        ),
        (
            format!("otpauth://totp/a?secret={long}AB"),
            vec![Warning::SecretLeftoverBits],
        ),
        (
            format!("otpauth://totp/a:b?secret={long}&issuer=c"),
            vec![Warning::IssuerMismatch],
        ),
        (format!("otpauth://totp/a:b?secret={long}&issuer=a"), vec![]),
        (
            format!("otpauth://totp/a?secret={long}&counter=1"),
            vec![Warning::CounterIgnored],
        ),
        (
            format!("otpauth://hotp/a?secret={long}&counter=1&period=x"),
            vec![Warning::PeriodIgnored],
        ),
        (
            format!("otpauth://totp/a?secret={long}&algorithm=Sha1"),
            vec![Warning::AlgorithmCase],
        ),
        (
            format!("otpauth://totp/a?secret={long}&issuer=a+b"),
            vec![Warning::PlusSign],
        ),
        (
            format!("otpauth://totp/a+b:c?secret={long}&issuer=a+b"),
            vec![],
        ),
        (
            format!("otpauth://totp/a%E2%80%AEb?secret={long}"),
            vec![Warning::SuspiciousCharacters],
        ),
        (
            format!("otpauth://totp/a?secret={long}&issuer=%E2%80%8B"),
            vec![Warning::SuspiciousCharacters],
        ),
    ] {
        assert_eq!(warnings(&uri), expected, "{uri}");
    }
}

#[test]
fn unknown_parameters_are_kept_and_written() {
    let uri = "otpauth://totp/a?image=https%3A%2F%2Fa.example%2Fb%20c&secret=JBSWY3DPEHPK3PXP&x=&tag=1&tag=2&c+d=e+f";
    let uri = KeyUri::parse(uri).unwrap();
    let parameters: Vec<_> = uri.unknown_parameters().collect();
    let expected = [
        ("image", "https://a.example/b c"),
        ("x", ""),
        ("tag", "1"),
        ("tag", "2"),
        ("c+d", "e+f"),
    ];
    assert_eq!(
        parameters,
        expected.map(|(name, value)| (name.into(), value.into()))
    );
    assert_eq!(
        uri.to_text().expose(),
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&image=https%3A%2F%2Fa.example%2Fb%20c&x=&tag=1&tag=2&c%2Bd=e%2Bf"
    );
}
