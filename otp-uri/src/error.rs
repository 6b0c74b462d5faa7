use core::fmt;

use crate::base32::Base32Error;

/// Why a text is no key URI: what is wrong, and where. Never what stood there.
///
/// Its text reads `place: kind`, for example `digits: out of range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// More than [`KeyUri::MAX_LEN`](crate::KeyUri::MAX_LEN) bytes.
    #[error("size: more than 4096 bytes")]
    TooLong,
    /// A character that has to be percent-encoded stands as it is. That includes `#`: a key URI has no fragment, so
    /// nothing could follow it.
    #[error("chars: not RFC 3986 characters")]
    Characters,
    /// Not `otpauth://`.
    #[error("scheme: not otpauth://")]
    Scheme,
    /// A `phonefactor://` URI: it enrols Microsoft Authenticator for push notifications and holds no key. The page that
    /// showed it offers a key under "I want to use a different authenticator app".
    #[error("scheme: not otpauth://")]
    MicrosoftPush,
    /// An `otpauth-migration://` URI: [`migration::read`](crate::migration::read) reads it.
    #[error("scheme: not otpauth://")]
    Migration,
    /// Neither `totp` nor `hotp` between the scheme and the next slash, or more than that (user, password, port).
    #[error("type: not totp or hotp")]
    Type,
    /// No label.
    #[error("label: missing")]
    LabelMissing,
    /// Nothing before or nothing after the colon of the label.
    #[error("label: empty part")]
    LabelEmptyPart,
    /// More than one colon in the label.
    #[error("label: more than one colon")]
    LabelColons,
    /// A percent sign that two hexadecimal digits do not follow.
    #[error("percent: malformed escape")]
    MalformedEscape,
    /// Percent escapes that are not UTF-8.
    #[error("utf8: escapes are not UTF-8")]
    NotUtf8,
    /// A control character, escaped or not.
    #[error("{0}: control character")]
    ControlCharacter(Place),
    /// Nothing between two `&`, or before the first or after the last.
    #[error("query: empty parameter")]
    EmptyParameter,
    /// A parameter without a name, or without `=`.
    #[error("query: parameter without name or value")]
    IncompleteParameter,
    /// A parameter that stands twice.
    #[error("duplicate: {0}")]
    Duplicate(Parameter),
    /// A parameter that is required.
    #[error("{0}: missing")]
    Missing(Parameter),
    /// A secret that is not the Base32 of a key.
    #[error("secret: {0}")]
    Secret(#[source] Base32Error),
    /// An algorithm other than SHA-1, SHA-256 and SHA-512.
    #[error("algorithm: unsupported")]
    Algorithm,
    /// An encoder other than Steam's.
    #[error("encoder: unsupported")]
    Encoder,
    /// A number that is not written in ASCII digits only.
    #[error("{0}: not a decimal number")]
    NotANumber(Parameter),
    /// A number outside its range.
    #[error("{0}: out of range")]
    OutOfRange(Parameter),
}

impl From<Base32Error> for ParseError {
    fn from(error: Base32Error) -> Self {
        Self::Secret(error)
    }
}

/// A part of a key URI that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The path: issuer and account.
    Label,
    /// The `issuer` parameter.
    Issuer,
    /// A parameter that is not known here.
    Query,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Label => "label",
            Self::Issuer => "issuer",
            Self::Query => "query",
        })
    }
}

/// A parameter of the Key URI Format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Parameter {
    /// `secret`, the key in Base32.
    Secret,
    /// `issuer`, who gave the key out.
    Issuer,
    /// `algorithm`, the hash function.
    Algorithm,
    /// `digits`, the length of a code.
    Digits,
    /// `period`, the seconds that a TOTP code lives.
    Period,
    /// `counter`, where a HOTP token stands.
    Counter,
    /// `encoder`, which says `steam` for Steam's letters.
    Encoder,
}

impl Parameter {
    pub(crate) const COUNT: usize = 7;
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Secret,
        Self::Issuer,
        Self::Algorithm,
        Self::Digits,
        Self::Period,
        Self::Counter,
        Self::Encoder,
    ];

    /// Names are compared without regard to case: issuers write them in all ways.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|parameter| parameter.name().eq_ignore_ascii_case(name))
    }

    /// Its name in a URI.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Issuer => "issuer",
            Self::Algorithm => "algorithm",
            Self::Digits => "digits",
            Self::Period => "period",
            Self::Counter => "counter",
            Self::Encoder => "encoder",
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
