use core::fmt;

/// Something about a URI that its reader, or the person who reads it, should know.
///
/// Its text is a sentence without a full stop for logs and developers; it holds nothing of the URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// Space around the URI.
    SurroundingSpace,
    /// Characters that should have been percent-encoded.
    RawCharacters,
    /// `apple-otpauth://` instead of `otpauth://`.
    AppleScheme,
    /// `steam` as the type; the same key is written as `totp` with `encoder=steam`.
    SteamType,
    /// No label at all.
    LabelMissing,
    /// Nothing before or nothing after the colon of the label.
    LabelEmptyPart,
    /// More than one colon in the label, so that readers split it differently.
    LabelColons,
    /// Two `&` with nothing between them, or one at an end.
    EmptyParameter,
    /// A parameter without a name or without `=`.
    IncompleteParameter,
    /// A known parameter twice, with the same value.
    IdenticalDuplicate,
    /// Spaces or dashes in the secret.
    SecretSeparated,
    /// Padding in the secret.
    SecretPadding,
    /// A secret whose last character completes no byte, and is dropped.
    SecretLength,
    /// Another spelling of the algorithm, such as `SHA-256` or `HmacSHA256`.
    AlgorithmName,
    /// A HOTP key without its counter: 0 is assumed.
    CounterMissing,
    /// The bits after the secret's last byte are not zero.
    SecretLeftoverBits,
    /// The algorithm in lower case, which Google Authenticator for Android does not read.
    AlgorithmCase,
    /// A `+` that stands for itself in one standard and for a space in another.
    PlusSign,
    /// A counter on a key that has none: ignored.
    CounterIgnored,
    /// A period on a HOTP key: ignored.
    PeriodIgnored,
    /// A number of digits on a Steam key, which always has five letters: ignored.
    DigitsIgnored,
    /// The label and the `issuer` parameter name different issuers.
    IssuerMismatch,
    /// A secret under the 128 bit of RFC 4226. Common, and no reason to refuse somebody else's key.
    ShortSecret,
    /// Issuer or account hold characters that are invisible, turn the direction of text or mean nothing yet. Show them
    /// escaped, or not at all.
    SuspiciousCharacters,
}

impl Warning {
    /// All of them, those that strict reading refuses first.
    pub const ALL: [Self; 24] = [
        Self::SurroundingSpace,
        Self::RawCharacters,
        Self::AppleScheme,
        Self::SteamType,
        Self::LabelMissing,
        Self::LabelEmptyPart,
        Self::LabelColons,
        Self::EmptyParameter,
        Self::IncompleteParameter,
        Self::IdenticalDuplicate,
        Self::SecretSeparated,
        Self::SecretPadding,
        Self::SecretLength,
        Self::AlgorithmName,
        Self::CounterMissing,
        Self::SecretLeftoverBits,
        Self::AlgorithmCase,
        Self::PlusSign,
        Self::CounterIgnored,
        Self::PeriodIgnored,
        Self::DigitsIgnored,
        Self::IssuerMismatch,
        Self::ShortSecret,
        Self::SuspiciousCharacters,
    ];

    /// Whether [`KeyUri::parse`](crate::KeyUri::parse) refuses a URI for this.
    ///
    /// It accepts exactly those URIs that [`KeyUri::parse_lenient`](crate::KeyUri::parse_lenient) reads without such a warning.
    #[must_use]
    pub const fn is_refused_by_strict_reading(self) -> bool {
        (self as u32) <= Self::CounterMissing as u32
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SurroundingSpace => "there is space around the URI",
            Self::RawCharacters => "some characters should have been percent-encoded",
            Self::AppleScheme => "the scheme is `apple-otpauth`",
            Self::SteamType => "the type is `steam`",
            Self::LabelMissing => "the label is missing",
            Self::LabelEmptyPart => "a part of the label is empty",
            Self::LabelColons => "the label has more than one colon",
            Self::EmptyParameter => "a parameter is empty",
            Self::IncompleteParameter => "a parameter has no name or no value",
            Self::IdenticalDuplicate => "a parameter stands twice with one value",
            Self::SecretSeparated => "the secret has spaces or dashes",
            Self::SecretPadding => "the secret has padding",
            Self::SecretLength => "the last character of the secret completes no byte",
            Self::AlgorithmName => "the name of the algorithm is an unusual one",
            Self::CounterMissing => "the counter is missing and taken to be 0",
            Self::SecretLeftoverBits => "the secret has bits after its last byte",
            Self::AlgorithmCase => "the name of the algorithm is not in upper case",
            Self::PlusSign => "a `+` may mean itself or a space",
            Self::CounterIgnored => "the counter is ignored",
            Self::PeriodIgnored => "the period is ignored",
            Self::DigitsIgnored => "the number of digits is ignored",
            Self::IssuerMismatch => "the label and the parameter name different issuers",
            Self::ShortSecret => "the secret has less than 128 bit",
            Self::SuspiciousCharacters => "issuer or account hold misleading characters",
        })
    }
}

/// A set of [`Warning`]s, in their order.
///
/// ```
/// use otp_uri::{KeyUri, Warning};
///
/// let uri = KeyUri::parse("otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&issuer=Example")?;
/// assert!(uri.warnings().contains(Warning::IssuerMismatch));
/// for warning in uri.warnings() {
///     println!("{warning}");
/// }
/// # Ok::<(), otp_uri::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Warnings(u32);

impl Warnings {
    pub(crate) const NONE: Self = Self(0);

    /// Whether this one is among them.
    #[must_use]
    pub const fn contains(self, warning: Warning) -> bool {
        self.0 & warning.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn insert(&mut self, warning: Warning) {
        self.0 |= warning.bit();
    }

    pub(crate) const fn insert_if(&mut self, warning: Warning, condition: bool) {
        if condition {
            self.insert(warning);
        }
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(*self).finish()
    }
}

impl IntoIterator for Warnings {
    type Item = Warning;
    type IntoIter = WarningsIter;

    fn into_iter(self) -> WarningsIter {
        WarningsIter {
            warnings: self,
            rest: Warning::ALL.into_iter(),
        }
    }
}

/// The iterator over [`Warnings`].
#[derive(Clone, Debug)]
pub struct WarningsIter {
    warnings: Warnings,
    rest: core::array::IntoIter<Warning, 24>,
}

impl Iterator for WarningsIter {
    type Item = Warning;

    fn next(&mut self) -> Option<Warning> {
        let warnings = self.warnings;
        self.rest.find(|warning| warnings.contains(*warning))
    }
}
