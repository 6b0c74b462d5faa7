//! Texts as they stand in QR codes, one a line, or in a JSON array.

use otp_uri::{KeyUri, ParseError, migration};

use super::row::{Entries, Kind, Row, Scalar, shown_name};
use super::skipped::{Place, Rows, Why};
use super::{Format, ImportError};

/// Whether at least one of the texts is what can stand in such a list.
pub(super) fn is_list(text: &str) -> bool {
    if let Some(array) = array(text) {
        return array.0.iter().any(|text| {
            let text: Result<Scalar, _> = serde_json::from_str(text.get());
            text.is_ok_and(|text| belongs(text.text()))
        });
    }
    lines(text).any(|(_, line)| belongs(line))
}

/// Any text may have an address of the web in it.
fn belongs(text: &str) -> bool {
    match Scheme::of(text) {
        Some(Scheme::Web) => is_pairing_link(text),
        scheme => scheme.is_some(),
    }
}

pub(super) fn read(text: &str, rows: &mut Rows) -> Result<(), ImportError> {
    if !is_list(text) {
        return Err(ImportError::Not(Format::List));
    }
    if let Some(array) = array(text) {
        for (number, text) in (1..).zip(array.0) {
            let place = Place::Entry(number);
            match serde_json::from_str::<Scalar>(text.get()) {
                Ok(text) => understand(text.text(), place, rows)?,
                Err(_) => rows.push(place, Err((String::new(), Why::Form)))?,
            }
        }
        return Ok(());
    }
    for (number, line) in lines(text) {
        understand(line, Place::Line(number), rows)?;
    }
    Ok(())
}

/// Reads one text.
pub(super) fn understand(text: &str, place: Place, rows: &mut Rows) -> Result<(), ImportError> {
    let text = text.trim();
    let row = match Scheme::of(text) {
        Some(Scheme::Key) => key(text),
        Some(Scheme::Transfer) => match migration::read(text) {
            Ok(batch) => return rows.batch(place, batch),
            Err(error) => Err((String::new(), Why::Transfer(error))),
        },
        Some(Scheme::Steam) => steam(text, ""),
        Some(Scheme::MicrosoftPush) => Err((String::new(), Why::Key(ParseError::MicrosoftPush))),
        Some(Scheme::Web) if is_pairing_link(text) => return rows.link(text),
        Some(Scheme::Web) => Err((String::new(), Why::WebAddress)),
        None => Err((String::new(), Why::NoKey)),
    };
    rows.push(place, row)
}

/// A key URI.
pub(super) fn key(uri: &str) -> Result<KeyUri, (String, Why)> {
    KeyUri::parse_lenient(uri).map_err(|error| {
        let why = match error {
            ParseError::Type => Why::kind(kind_name(uri)),
            error => Why::Key(error),
        };
        (label(uri), why)
    })
}

/// `steam://SECRET`, as Bitwarden and Proton write a key of Steam: it has no name. The secret is Base32 or, as Steam itself writes it,
/// Base64; Proton takes in Base64 what is not Base32 in upper case.
pub(super) fn steam(uri: &str, account: &str) -> Result<KeyUri, (String, Why)> {
    let (_, secret) = uri.split_once("://").unwrap_or_default();
    let row = Row {
        kind: Kind::Steam,
        issuer: "Steam",
        account,
        ..Row::default()
    };
    row.with_steam_secret(secret)
}

/// What is known of texts in QR codes, by their beginning.
#[derive(Clone, Copy)]
enum Scheme {
    Key,
    Transfer,
    Steam,
    MicrosoftPush,
    Web,
}

impl Scheme {
    fn of(text: &str) -> Option<Self> {
        let (scheme, _) = text.trim_start().split_once("://")?;
        let is = |name: &str| scheme.eq_ignore_ascii_case(name);
        if is("otpauth") || is("apple-otpauth") {
            Some(Self::Key)
        } else if is("otpauth-migration") {
            Some(Self::Transfer)
        } else if is("steam") {
            Some(Self::Steam)
        } else if is("phonefactor") {
            Some(Self::MicrosoftPush)
        } else if is("https") || is("http") {
            Some(Self::Web)
        } else {
            None
        }
    }
}

/// `…/device#REGISTRATION.TOKEN.PERSON`: what it says is for the pairing to find out.
fn is_pairing_link(link: &str) -> bool {
    link.rsplit_once("/device#")
        .is_some_and(|(_, parts)| parts.split('.').count() == 3)
}

/// The texts of a JSON array.
fn array(text: &str) -> Option<Entries<'_>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// The lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines().map(str::trim))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The type of a key URI.
fn kind_name(uri: &str) -> &str {
    let (_, rest) = uri.split_once("://").unwrap_or_default();
    rest.split(['/', '?']).next().unwrap_or_default()
}

/// What a URI that is no key calls itself, if the place where that stands can be told from where the secret stands.
fn label(uri: &str) -> String {
    let Some((head, query)) = uri.split_once('?') else {
        return String::new();
    };
    let Some((_, label)) = head
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
    else {
        return String::new();
    };
    let Ok(label) = percent_encoding::percent_decode_str(label).decode_utf8() else {
        return String::new();
    };
    if label.contains(['=', '&', '?']) {
        return String::new();
    }
    let mut parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    let secret = parameters
        .find(|(name, _)| name.eq_ignore_ascii_case("secret"))
        .map_or("", |(_, secret)| secret);
    let (issuer, account) = label.split_once(':').unwrap_or(("", &label));
    shown_name(issuer, account, secret)
}
