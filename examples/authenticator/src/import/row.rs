//! A row of another app's backup, on its way to a key.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use otp_uri::{KeyUri, ParseError, base32};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::MAX_ROWS;
use super::skipped::Why;
use crate::words;

/// What a row says. It becomes a key URI and is read as such, so that names, secrets and numbers have one reader, whatever wrote them.
#[derive(Default)]
pub(super) struct Row<'row> {
    pub(super) kind: Kind,
    pub(super) issuer: &'row str,
    pub(super) account: &'row str,
    pub(super) secret: Option<&'row str>,
    pub(super) algorithm: Option<&'row str>,
    pub(super) digits: Option<&'row str>,
    pub(super) period: Option<&'row str>,
    pub(super) counter: Option<&'row str>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Totp,
    Hotp,
    Steam,
}

impl Row<'_> {
    /// The key, or why there is none.
    pub(super) fn key(&self) -> Result<KeyUri, (String, Why)> {
        self.uri()
            .and_then(|uri| KeyUri::parse_lenient(&uri))
            .map_err(|error| (self.name(), Why::Key(error)))
    }

    /// The key of Steam with this secret, in Base32 or Base64.
    pub(super) fn with_steam_secret(self, secret: &str) -> Result<KeyUri, (String, Why)> {
        if is_upper_case_base32(secret) {
            return Row {
                secret: Some(secret),
                ..self
            }
            .key();
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(secret.len()));
        if BASE64.decode_vec(secret, &mut bytes).is_err() {
            // Perhaps Base32 in lower case or with spaces; else that is what is wrong.
            return Row {
                secret: Some(secret),
                ..self
            }
            .key();
        }
        let secret = base32::encode(&bytes);
        Row {
            secret: Some(secret.expose()),
            ..self
        }
        .key()
    }

    fn name(&self) -> String {
        shown_name(self.issuer, self.account, self.secret.unwrap_or_default())
    }

    fn uri(&self) -> Result<Zeroizing<String>, ParseError> {
        let is_hotp = self.kind == Kind::Hotp;
        // Every other space is a part of the name, as in a URI.
        let issuer = self
            .issuer
            .trim_matches(|letter: char| letter.is_ascii_whitespace());
        let account = self
            .account
            .trim_matches(|letter: char| letter.is_ascii_whitespace());
        let parameters = [
            ("issuer", Some(issuer).filter(|issuer| !issuer.is_empty())),
            ("secret", self.secret),
            ("algorithm", self.algorithm),
            ("digits", self.digits),
            // What the kind does not have stands in some backups all the same.
            ("period", self.period.filter(|_| !is_hotp)),
            ("counter", self.counter.filter(|_| is_hotp)),
            ("encoder", (self.kind == Kind::Steam).then_some("steam")),
        ];
        let values = parameters.iter().filter_map(|(_, value)| *value);
        let length = values
            .chain([issuer, account])
            .fold(0_usize, |sum, value| sum.saturating_add(value.len()));
        if length > KeyUri::MAX_LEN {
            return Err(ParseError::TooLong);
        }
        // Room for all of it, as what grows leaves copies behind.
        let capacity = length.saturating_mul(3).saturating_add(FRAME);
        let mut uri = Zeroizing::new(String::with_capacity(capacity));
        uri.push_str(if is_hotp {
            "otpauth://hotp/"
        } else {
            "otpauth://totp/"
        });
        // Without an issuer, too: a colon in the name is a part of it then.
        if !issuer.is_empty() || account.contains(':') {
            uri.extend(utf8_percent_encode(issuer, NON_ALPHANUMERIC));
            uri.push(':');
        }
        uri.extend(utf8_percent_encode(account, NON_ALPHANUMERIC));
        let mut separator = '?';
        for (name, value) in parameters {
            if let Some(value) = value {
                uri.push(separator);
                uri.push_str(name);
                uri.push('=');
                uri.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
                separator = '&';
            }
        }
        Ok(uri)
    }
}

/// A name for a row that is skipped. Who took the secret for a name, or the other way round, does not see it again.
pub(super) fn shown_name(issuer: &str, account: &str, secret: &str) -> String {
    let plain = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        Zeroizing::new(
            letters
                .map(|letter| letter.to_ascii_uppercase())
                .collect::<String>(),
        )
    };
    let name = words::joined(issuer, account);
    let secret = plain(secret);
    if !secret.is_empty() && plain(&name).contains(secret.as_str()) {
        return String::new();
    }
    name
}

/// Reads an object. Read as usual, an array would be taken for one, its values for those of the fields in their order: a secret that stands
/// first could pass for a name.
pub(super) fn object<'text, T: Deserialize<'text>>(text: &'text RawValue) -> Option<T> {
    let text = text.get();
    text.starts_with('{')
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// The entries of an array, as many as can matter: one more than there may be.
pub(super) struct Entries<'text>(pub(super) Vec<&'text RawValue>);

impl<'de: 'text, 'text> Deserialize<'de> for Entries<'text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> de::Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut array: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = array.next_element()? {
            entries.push(entry);
            if entries.len() > MAX_ROWS {
                while array.next_element::<de::IgnoredAny>()?.is_some() {}
            }
        }
        Ok(Entries(entries))
    }
}

/// A field that is a text in one app and a number in the next. What is not there, or null, is none.
#[derive(Default)]
pub(super) struct Scalar(Option<Zeroizing<String>>);

impl Scalar {
    /// What stands there, if anything does.
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref().map(String::as_str)
    }

    /// What stands there, or nothing.
    pub(super) fn text(&self) -> &str {
        self.get().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl de::Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(Some(Zeroizing::new(text.to_owned()))))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Scalar, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalar, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Scalar, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::default())
    }
}

fn is_upper_case_base32(text: &str) -> bool {
    let is_symbol = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7');
    !text.is_empty() && text.bytes().all(is_symbol)
}

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The names of all parameters, and what stands around them.
const FRAME: usize = 128;
