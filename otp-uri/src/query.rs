use alloc::borrow::Cow;
use alloc::string::String;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::percent::{Plus, cut, decode, encode_into};
use crate::reader::Reader;
use crate::{Parameter, ParseError, Place, Warning};

/// The parameters of a URI. The known ones as they stand there, because what a `+` means in the issuer is known later.
#[derive(Default)]
pub(crate) struct Query<'a> {
    known: [Option<&'a str>; Parameter::COUNT],
    /// The others: `&name=value`, encoded as they are written.
    pub(crate) unknown: Zeroizing<String>,
}

impl<'a> Query<'a> {
    pub(crate) fn read(text: &'a str, reader: &mut Reader) -> Result<Self, ParseError> {
        let mut query = Self::default();
        let mut rest = Some(text);
        while let Some(text) = rest {
            let pair;
            (pair, rest) = match cut(text, b'&') {
                Some((pair, rest)) => (pair, Some(rest)),
                None => (text, None),
            };
            if pair.is_empty() {
                reader.tolerate(Warning::EmptyParameter, ParseError::EmptyParameter)?;
                continue;
            }
            let (name, value) = match cut(pair, b'=') {
                Some((name, value)) if !name.is_empty() => (name, value),
                incomplete => {
                    reader.tolerate(
                        Warning::IncompleteParameter,
                        ParseError::IncompleteParameter,
                    )?;
                    if incomplete.is_some() {
                        continue;
                    }
                    (pair, "")
                }
            };
            let name = decode(name, reader.plus())?;
            match Parameter::from_name(&name) {
                Some(parameter) => query.insert(parameter, value, reader)?,
                None => query.insert_unknown(&name, value, text.len(), reader.plus())?,
            }
        }
        Ok(query)
    }

    /// A known parameter, as it stands in the URI.
    pub(crate) fn get(&self, parameter: Parameter) -> Option<&'a str> {
        self.known.get(parameter as usize).copied().flatten()
    }

    fn insert(
        &mut self,
        parameter: Parameter,
        value: &'a str,
        reader: &mut Reader,
    ) -> Result<(), ParseError> {
        let Some(slot) = self.known.get_mut(parameter as usize) else {
            return Ok(());
        };
        match *slot {
            None => *slot = Some(value),
            Some(first) => {
                let duplicate = ParseError::Duplicate(parameter);
                // However a `+` is read: `%2B` is no `+` to one who takes that for a space.
                for plus in [Plus::Literal, Plus::Space] {
                    if *decode(first, plus)? != *decode(value, plus)? {
                        return Err(duplicate);
                    }
                }
                reader.tolerate(Warning::IdenticalDuplicate, duplicate)?;
            }
        }
        Ok(())
    }

    fn insert_unknown(
        &mut self,
        name: &str,
        value: &str,
        query_len: usize,
        plus: Plus,
    ) -> Result<(), ParseError> {
        let value = decode(value, plus)?;
        if name.contains(char::is_control) || value.contains(char::is_control) {
            return Err(ParseError::ControlCharacter(Place::Query));
        }
        if self.unknown.is_empty() {
            // The room for all of the query with every byte encoded, as what grows leaves copies behind.
            self.unknown
                .reserve(query_len.saturating_add(1).saturating_mul(3));
        }
        self.unknown.push('&');
        encode_into(name, &mut self.unknown);
        self.unknown.push('=');
        encode_into(&value, &mut self.unknown);
        Ok(())
    }
}

/// The names and values of [`Query::unknown`].
pub(crate) fn unknown_parameters(
    encoded: &str,
) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    encoded
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            (
                percent_decode_str(name).decode_utf8_lossy(),
                percent_decode_str(value).decode_utf8_lossy(),
            )
        })
}
