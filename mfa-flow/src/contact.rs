//! Where a person can be reached.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A telephone number or an address that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContactError {
    /// Not a number in the form of E.164: `+`, and 7 to 15 digits of which the first is not 0.
    #[error("a telephone number is `+`, the country code and the number, 7 to 15 digits in all")]
    Number,
    /// Not an address: one `@`, something on both sides, no spaces or control characters, at most 254 bytes.
    #[error("an e-mail address has an `@`, a name before it and a domain after it")]
    Address,
}

/// A telephone number in the form of E.164. Redacted but for the last two digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Takes `+` and 7 to 15 digits; spaces, hyphens, dots and brackets between them are left out.
    ///
    /// # Errors
    /// It is no such number.
    pub fn new(text: &str) -> Result<Self, ContactError> {
        let kept = |c: &char| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
        let number: String = text.trim().chars().filter(kept).take(32).collect();
        let digits = number.strip_prefix('+').ok_or(ContactError::Number)?;
        let right = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if right {
            Ok(Self(number))
        } else {
            Err(ContactError::Number)
        }
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last two digits behind dots, for showing a person which number is meant.
    #[must_use]
    pub fn hint(&self) -> String {
        let last = self
            .0
            .get(self.0.len().saturating_sub(2)..)
            .unwrap_or_default();
        number_hint(last)
    }
}

pub(crate) fn number_hint(last: &str) -> String {
    format!("••• {last}")
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.hint())
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = ContactError;

    fn try_from(text: String) -> Result<Self, ContactError> {
        Self::new(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

/// An e-mail address. Redacted but for its first letter and its domain.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Takes an address as people write it. Whether it exists is what the test of the enrolment tells.
    ///
    /// # Errors
    /// It cannot be an address: not one `@` with something on both sides, spaces, control characters, more than 254 bytes (RFC 5321 §4.5.3.1).
    pub fn new(text: &str) -> Result<Self, ContactError> {
        let text = text.trim();
        let (name, domain) = text.rsplit_once('@').ok_or(ContactError::Address)?;
        let plain = |c: char| {
            !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '@')
        };
        let right = !name.is_empty()
            && !domain.is_empty()
            && text.len() <= 254
            && name.chars().all(plain)
            && domain.chars().all(plain);
        if right {
            Ok(Self(text.to_owned()))
        } else {
            Err(ContactError::Address)
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first letter and the domain, for showing a person which address is meant.
    #[must_use]
    pub fn hint(&self) -> String {
        let first: String = self.0.chars().take(1).collect();
        let domain = self.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        format!("{first}•••@{domain}")
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.hint())
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = ContactError;

    fn try_from(text: String) -> Result<Self, ContactError> {
        Self::new(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

/// Where a notice goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// A telephone that takes text messages.
    Phone(PhoneNumber),
    /// A mailbox.
    Email(EmailAddress),
}
