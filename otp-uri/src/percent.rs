//! Percent-encoding of the parts of a URI, decoded once, after splitting.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use core::ops::Deref;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use zeroize::{Zeroize, Zeroizing};

use crate::ParseError;

/// What a raw `+` in a query means: itself in RFC 3986, a space in HTML forms.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    Literal,
    Space,
}

/// A decoded part: the text itself where nothing had to be decoded.
pub(crate) enum Decoded<'a> {
    Borrowed(&'a str),
    Owned(Zeroizing<String>),
}

impl Deref for Decoded<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

impl Decoded<'_> {
    pub(crate) fn into_string(self) -> String {
        match self {
            Self::Borrowed(text) => text.into(),
            Self::Owned(mut text) => mem::take(&mut text),
        }
    }
}

/// Decodes a part, and refuses escapes that are malformed or not UTF-8.
pub(crate) fn decode(raw: &str, plus: Plus) -> Result<Decoded<'_>, ParseError> {
    let escaped = raw.bytes().any(|byte| byte == b'%');
    let spaced = plus == Plus::Space && raw.bytes().any(|byte| byte == b'+');
    if !escaped && !spaced {
        return Ok(Decoded::Borrowed(raw));
    }
    if escaped && !escapes_are_well_formed(raw) {
        return Err(ParseError::MalformedEscape);
    }
    // The room for all of it, so that no copy of a secret is left behind by growing.
    let mut bytes = Vec::with_capacity(raw.len());
    if spaced {
        for (index, piece) in raw.split('+').enumerate() {
            if index != 0 {
                bytes.push(b' ');
            }
            bytes.extend(percent_decode_str(piece));
        }
    } else {
        bytes.extend(percent_decode_str(raw));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded::Owned(Zeroizing::new(text))),
        Err(error) => {
            error.into_bytes().zeroize();
            Err(ParseError::NotUtf8)
        }
    }
}

pub(crate) fn escapes_are_well_formed(raw: &str) -> bool {
    raw.split('%').skip(1).all(|after| {
        matches!(after.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

/// Everything but the unreserved characters of RFC 3986 §2.3 and `@`, which both a path and a query allow and every
/// e-mail address has.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@');

/// A byte that is not in [`ESCAPED`].
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@')
}

/// Appends a part, encoded.
pub(crate) fn encode_into(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, ESCAPED));
}

/// The bytes that a part takes when it is encoded.
pub(crate) fn encoded_len(text: &str) -> usize {
    let escaped = text.bytes().filter(|byte| !is_plain(*byte)).count();
    text.len().saturating_add(escaped.saturating_mul(2))
}

/// Splits at the first such byte, which is ASCII. Parts of a URI are a few bytes long: a plain loop finds the end sooner than
/// the machinery behind `str::split_once` is set up.
pub(crate) fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    let (before, after) = text.split_at_checked(place)?;
    Some((before, after.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_are_those_that_are_not_escaped() {
        for byte in 0..=0x7f_u8 {
            let mut encoded = String::new();
            let text = String::from(char::from(byte));
            encoded.extend(utf8_percent_encode(&text, ESCAPED));
            assert_eq!(encoded == text, is_plain(byte), "{byte}");
            assert_eq!(encoded.len(), encoded_len(&text));
        }
        assert_eq!(encoded_len("é漢a"), 16);
        assert!((0x80..=0xff).all(|byte| !is_plain(byte)));
    }

    #[test]
    fn cutting_is_splitting_once() {
        for text in ["", "=", "a=b", "a=", "=b", "a=b=c", "é=漢", "abc"] {
            assert_eq!(cut(text, b'='), text.split_once('='), "{text}");
        }
    }
}
