//! What holds for every text that is read as a key URI, and for every key.

use std::fmt::Debug;

use otp_uri::{KeyUri, Kind, ParseError, SecretText, Warning};

use crate::{base32 as model, leak};

/// All that can be seen of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    /// TOTP, HOTP or Steam, with the parameters.
    pub kind: Kind,
    /// The issuer that is shown.
    pub issuer: Option<String>,
    /// The account.
    pub account: String,
    /// The bytes of the key.
    pub key: Vec<u8>,
    /// Names and values of unknown parameters.
    pub unknown: Vec<(String, String)>,
}

impl Fields {
    /// Of this key.
    #[must_use]
    pub fn of(uri: &KeyUri) -> Self {
        Self {
            kind: uri.kind(),
            issuer: uri.issuer().map(str::to_owned),
            account: uri.account().to_owned(),
            key: uri.expose_key().to_vec(),
            unknown: uri
                .unknown_parameters()
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        }
    }
}

/// Panics if a property does not hold for this text.
pub fn check_text(text: &str) {
    let strict = KeyUri::parse(text);
    let lenient = KeyUri::parse_lenient(text);
    strict_is_lenient_without_complaint(text, &strict, &lenient);
    if let Ok(strict) = &strict {
        other_readers_see_the_same(text, strict);
        check_key(strict, KeyUri::parse);
        one_more_parameter_changes_nothing(text, strict, KeyUri::parse);
    }
    if let Ok(lenient) = &lenient {
        check_key(lenient, KeyUri::parse_lenient);
        let trimmed = text.trim_matches(|character: char| character.is_ascii_whitespace());
        nothing_is_guessed(trimmed, lenient);
        one_more_parameter_changes_nothing(trimmed, lenient, KeyUri::parse_lenient);
        space_around_changes_nothing(text, lenient);
    }
    for text in leak::marked(text) {
        nothing_is_shown(KeyUri::parse(&text));
        nothing_is_shown(KeyUri::parse_lenient(&text));
    }
}

/// Panics if a property does not hold for this key. `parse` is the strictest reader that has to take what is written.
pub fn check_key(key: &KeyUri, parse: fn(&str) -> Result<KeyUri, ParseError>) {
    for text in texts(key) {
        written_canonically(text.expose());
        if text.expose().len() > KeyUri::MAX_LEN {
            // As documented: escapes may make a text longer that was near the limit.
            assert_eq!(parse(text.expose()).unwrap_err(), ParseError::TooLong);
            continue;
        }
        let again = parse(text.expose()).unwrap();
        assert_eq!(Fields::of(&again), Fields::of(key));
        // The issuer is written in both places, unless they differ or a colon in it would split the label elsewhere.
        assert_eq!(again.issuer_parameter(), key.issuer());
        let parameter_alone = || {
            key.issuer_parameter()
                .filter(|issuer| !issuer.contains(':'))
        };
        assert_eq!(
            again.issuer_prefix(),
            key.issuer_prefix().or_else(parameter_alone)
        );
        for warning in [Warning::IssuerMismatch, Warning::ShortSecret] {
            assert_eq!(
                again.warnings().contains(warning),
                key.warnings().contains(warning)
            );
        }
        let [minimal, explicit] = texts(&again);
        let [before, explicit_before] = texts(key);
        assert_eq!(minimal.expose(), before.expose(), "a fixed point");
        assert_eq!(explicit.expose(), explicit_before.expose());
    }
    its_codes_are_those_of_the_key(key);
    if key.kind() == Kind::default() {
        assert_eq!(key.compatibility(), []);
    }
}

fn texts(key: &KeyUri) -> [SecretText; 2] {
    [key.to_text(), key.to_explicit_text()]
}

fn strict_is_lenient_without_complaint(
    text: &str,
    strict: &Result<KeyUri, ParseError>,
    lenient: &Result<KeyUri, ParseError>,
) {
    let complaint = |uri: &KeyUri| {
        let mut warnings = uri.warnings().into_iter();
        warnings.any(Warning::is_refused_by_strict_reading)
    };
    assert_eq!(
        strict.is_ok(),
        lenient.as_ref().is_ok_and(|uri| !complaint(uri))
    );
    let (Ok(strict), Ok(lenient)) = (strict, lenient) else {
        return;
    };
    // In a query a `+` is a plus sign to one reader and a space to the other. No other difference is there.
    assert_eq!(strict.kind(), lenient.kind());
    assert_eq!(strict.expose_key(), lenient.expose_key());
    assert_eq!(strict.label(), lenient.label());
    if !text.contains('+') {
        assert_eq!(Fields::of(strict), Fields::of(lenient));
        assert_eq!(strict.issuer_prefix(), lenient.issuer_prefix());
        assert_eq!(strict.issuer_parameter(), lenient.issuer_parameter());
        assert_eq!(strict.warnings(), lenient.warnings());
    }
}

/// The `url` crate, and the model of Base32, for what strict reading took.
fn other_readers_see_the_same(text: &str, strict: &KeyUri) {
    assert!(text.is_ascii() && !text.contains(|character: char| character <= ' '));
    let url = url::Url::parse(text).unwrap();
    assert_eq!(url.scheme(), "otpauth");
    let hotp = strict.kind().counter().is_some();
    let host = url.host_str().unwrap().to_ascii_lowercase();
    assert_eq!(host, if hotp { "hotp" } else { "totp" });
    assert!(url.username().is_empty() && url.password().is_none() && url.port().is_none());
    assert_eq!(url.fragment(), None);
    assert_eq!(url.query(), text.split_once('?').map(|(_, query)| query));

    let value = |wanted: &str| {
        let mut values = url
            .query_pairs()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.into_owned());
        let value = values.next();
        assert_eq!(values.next(), None, "read although it stands twice");
        value
    };
    let (key, _) = model::bits(&value("secret").unwrap())
        .map(|bits| {
            let (key, rest) = model::bytes(&bits);
            (key, rest.to_owned())
        })
        .unwrap();
    assert_eq!(key, strict.expose_key());
    let number = |name| value(name).map(|number| number.parse::<u64>().unwrap());
    match strict.kind() {
        Kind::Totp { digits, period, .. } => {
            assert_eq!(number("digits").unwrap_or(6), u64::from(digits.get()));
            assert_eq!(number("period").unwrap_or(30), u64::from(period.seconds()));
        }
        Kind::Hotp {
            digits, counter, ..
        } => {
            assert_eq!(number("digits").unwrap_or(6), u64::from(digits.get()));
            assert_eq!(number("counter"), Some(counter.get()));
        }
        Kind::Steam => assert!(value("encoder").unwrap().eq_ignore_ascii_case("steam")),
    }
    let algorithm = value("algorithm").unwrap_or_else(|| "SHA1".to_owned());
    assert_eq!(
        algorithm.to_ascii_uppercase(),
        strict.kind().algorithm().name()
    );
    if let Some(issuer) = value("issuer").filter(|_| !text.contains('+')) {
        let issuer = issuer.trim_matches(' ');
        assert_eq!(
            strict.issuer_parameter(),
            Some(issuer).filter(|issuer| !issuer.is_empty())
        );
    }
}

/// What lenient reading took, split and decoded by hand: every known parameter is what stands there, and stands there once.
fn nothing_is_guessed(text: &str, lenient: &KeyUri) {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8();
        decoded.unwrap().into_owned()
    };
    let (_, query) = text.split_once('?').unwrap();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let pairs: Vec<(String, &str)> = pairs.map(|(name, value)| (decode(name), value)).collect();
    let value = |wanted: &str| {
        let mut values = pairs
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| decode(value));
        let value = values.next();
        assert!(values.all(|other| value.as_ref() == Some(&other)));
        value
    };
    let secret = value("secret").unwrap().replace([' ', '-'], "");
    let bits = model::bits(secret.trim_end_matches('=')).unwrap();
    assert_eq!(model::bytes(&bits).0, lenient.expose_key());

    let kind = lenient.kind();
    let algorithm = value("algorithm").unwrap_or_else(|| "SHA1".to_owned());
    let algorithm = algorithm.to_ascii_uppercase().replace('-', "");
    assert_eq!(
        algorithm.trim_start_matches("HMAC"),
        kind.algorithm().name()
    );
    let number = |name| {
        value(name).map(|number| {
            assert!(number.bytes().all(|digit| digit.is_ascii_digit()));
            number.parse::<u64>().unwrap()
        })
    };
    let encoder = value("encoder").unwrap_or_default().to_ascii_lowercase();
    let rest = text.split_once("://").unwrap().1.to_ascii_lowercase();
    match kind {
        Kind::Totp { digits, period, .. } => {
            assert!(rest.starts_with("totp") && encoder.is_empty());
            assert_eq!(number("digits").unwrap_or(6), u64::from(digits.get()));
            assert_eq!(number("period").unwrap_or(30), u64::from(period.seconds()));
        }
        Kind::Hotp {
            digits, counter, ..
        } => {
            assert!(rest.starts_with("hotp") && encoder.is_empty());
            assert_eq!(number("digits").unwrap_or(6), u64::from(digits.get()));
            assert_eq!(number("counter").unwrap_or(0), counter.get());
        }
        Kind::Steam => {
            assert!(rest.starts_with("steam") || rest.starts_with("totp") && encoder == "steam");
            assert!(encoder.is_empty() || encoder == "steam");
            assert!((5..=8).contains(&number("digits").unwrap_or(5)));
            assert_eq!(number("period").unwrap_or(30), 30);
        }
    }
    if let Some(issuer) = value("issuer").filter(|_| !text.contains('+')) {
        let issuer = Some(issuer.trim_matches(' ')).filter(|issuer| !issuer.is_empty());
        assert_eq!(lenient.issuer_parameter(), issuer);
    }
    let known = |name: &str| {
        let known = [
            "secret",
            "issuer",
            "algorithm",
            "digits",
            "period",
            "counter",
            "encoder",
        ];
        known.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let unknown = pairs
        .iter()
        .filter(|(name, _)| !name.is_empty() && !known(name))
        .map(|(name, value)| (name.clone(), decode(value)));
    let read: Vec<_> = Fields::of(lenient).unknown;
    // Those without `=` are read too.
    assert!(
        unknown
            .into_iter()
            .all(|parameter| read.contains(&parameter))
    );
}

/// Nothing at the end of a URI is cut off.
fn one_more_parameter_changes_nothing(
    text: &str,
    read: &KeyUri,
    parse: fn(&str) -> Result<KeyUri, ParseError>,
) {
    let longer = format!("{text}&zz9=%26");
    if longer.len() <= KeyUri::MAX_LEN {
        let longer = parse(&longer).unwrap();
        let mut expected = Fields::of(read);
        expected.unknown.push(("zz9".to_owned(), "&".to_owned()));
        assert_eq!(Fields::of(&longer), expected);
        assert_eq!(longer.label(), read.label());
    }
}

fn space_around_changes_nothing(text: &str, lenient: &KeyUri) {
    let spaced = format!(" \t{text}\r\n");
    if spaced.len() <= KeyUri::MAX_LEN {
        let spaced = KeyUri::parse_lenient(&spaced).unwrap();
        assert_eq!(Fields::of(&spaced), Fields::of(lenient));
        assert_eq!(spaced.label(), lenient.label());
        let others = |uri: &KeyUri| -> Vec<Warning> {
            let warnings = uri.warnings().into_iter();
            warnings
                .filter(|warning| *warning != Warning::SurroundingSpace)
                .collect()
        };
        assert_eq!(others(&spaced), others(lenient));
        assert!(spaced.warnings().contains(Warning::SurroundingSpace));
    }
}

/// The characters of RFC 3986 that need no thought, escapes in upper case, one scheme and type.
fn written_canonically(text: &str) {
    let rest = text.strip_prefix("otpauth://").unwrap();
    assert!(rest.starts_with("totp/") || rest.starts_with("hotp/"));
    let mut bytes = rest.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let hex = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
                assert!(bytes.next().is_some_and(hex) && bytes.next().is_some_and(hex));
            }
            other => assert!(
                other.is_ascii_alphanumeric() || b"-._~@:/?&=".contains(&other),
                "wrote {other:#x} as it is"
            ),
        }
    }
}

fn its_codes_are_those_of_the_key(key: &KeyUri) {
    let token = crate::codes::Token {
        key: key.expose_key(),
        algorithm: key.kind().algorithm(),
        digits: otp_core::Digits::new(key.kind().code_len()).unwrap_or_default(),
    };
    if let Some((hotp, counter)) = key.hotp() {
        assert_eq!(hotp.generate(counter).as_str(), token.code(counter.get()));
    }
    if let Some(totp) = key.totp() {
        let step = otp_core::TimeStep::new(1);
        assert_eq!(totp.generate_at(step).as_str(), token.code(1));
    }
    assert_eq!(key.steam().is_some(), key.kind() == Kind::Steam);
}

/// Neither in errors nor in what is printed by mistake.
fn nothing_is_shown(result: Result<KeyUri, ParseError>) {
    match result {
        Ok(uri) => {
            leak::assert_debug_hides(&uri);
            leak::assert_debug_hides(&texts(&uri));
            leak::assert_debug_hides(&(uri.secret(), uri.warnings(), uri.compatibility()));
            assert_displayed_hide(uri.warnings());
            assert_displayed_hide(uri.compatibility());
        }
        Err(error) => leak::assert_error_hides(&error),
    }
}

fn assert_displayed_hide(values: impl IntoIterator<Item = impl ToString + Debug>) {
    for value in values {
        leak::assert_hidden(&value.to_string());
    }
}
