use alloc::string::String;
use core::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// Who gives the key out, as the authenticator app shows it: 1 to 64 characters.
///
/// ```
/// use otp_uri::Issuer;
///
/// assert_eq!(Issuer::new("Big Corporation")?.as_str(), "Big Corporation");
/// assert!(Issuer::new("Big: Corporation").is_err());
/// # Ok::<(), otp_uri::NameError>(())
/// ```
///
/// # Security
/// Characters that hide something are refused; look-alike letters of other scripts cannot be. Do not let users choose
/// an issuer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer(String);

impl Issuer {
    /// The most characters of an issuer.
    pub const MAX_CHARS: usize = 64;

    /// Takes a name, and keeps it in Unicode normalization form C.
    ///
    /// # Errors
    /// [`NameError`]: empty or longer than 64 characters; a colon; space at an end; control characters, line
    /// separators, invisible characters and such that turn the direction of text (category Cf), unassigned ones.
    pub fn new(name: &str) -> Result<Self, NameError> {
        check(name, Part::Issuer, Self::MAX_CHARS).map(Self)
    }

    /// Takes the domain of a website, as Apple's password manager wants an issuer to be: it offers the code on that site.
    ///
    /// The domain is kept as browsers compare it: in lower case, and in its ASCII form where it is an international one.
    ///
    /// ```
    /// use otp_uri::Issuer;
    ///
    /// assert_eq!(Issuer::domain("Example.COM")?.as_str(), "example.com");
    /// assert_eq!(Issuer::domain("bücher.example")?.as_str(), "xn--bcher-kva.example");
    /// assert!(Issuer::domain("https://example.com/").is_err());
    /// # Ok::<(), otp_uri::NameError>(())
    /// ```
    ///
    /// # Errors
    /// [`NameError`]: no domain with a dot in it (an address is none), or longer than 64 characters.
    pub fn domain(domain: &str) -> Result<Self, NameError> {
        match url::Host::parse(domain) {
            Ok(url::Host::Domain(host)) if host.contains('.') && !host.ends_with('.') => {
                Self::new(&host)
            }
            _ => Err(Part::Issuer.error(NameErrorKind::NotADomain)),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

/// Whose key it is: mostly an e-mail address or a user name, 1 to 128 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account(String);

impl Account {
    /// The most characters of an account.
    pub const MAX_CHARS: usize = 128;

    /// Takes a name, and keeps it in Unicode normalization form C.
    ///
    /// # Errors
    /// As [`Issuer::new`], but for up to 128 characters.
    pub fn new(name: &str) -> Result<Self, NameError> {
        check(name, Part::Account, Self::MAX_CHARS).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(name: &str, part: Part, max_chars: usize) -> Result<String, NameError> {
    if name.trim().is_empty() {
        return Err(part.error(NameErrorKind::Empty));
    }
    // Before any work on it. No name that is short enough when composed is this long before.
    if name.len() > max_chars.saturating_mul(32) {
        return Err(part.error(NameErrorKind::TooLong));
    }
    let name = ComposingNormalizerBorrowed::new_nfc()
        .normalize(name)
        .into_owned();
    for character in name.chars() {
        if character == ':' {
            return Err(part.error(NameErrorKind::Colon));
        }
        if character.is_control() {
            return Err(part.error(NameErrorKind::ControlCharacter));
        }
        if is_misleading(character) {
            return Err(part.error(NameErrorKind::MisleadingCharacter));
        }
    }
    if name.trim() != name {
        return Err(part.error(NameErrorKind::SurroundingSpace));
    }
    if name.chars().count() > max_chars {
        return Err(part.error(NameErrorKind::TooLong));
    }
    Ok(name)
}

/// Invisible, turning the direction of text, separating lines, or not assigned.
///
/// The tables are ICU4X's: `url` brings them along for its host names, so they cost no further crate.
pub(crate) fn is_misleading(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            CodePointMapData::<GeneralCategory>::new().get(character),
            GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::Unassigned
        )
}

/// Why a text is no [`Issuer`] or [`Account`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{part}: {kind}")]
pub struct NameError {
    part: Part,
    kind: NameErrorKind,
}

impl NameError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> NameErrorKind {
        self.kind
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Issuer,
    Account,
}

impl Part {
    const fn error(self, kind: NameErrorKind) -> NameError {
        NameError { part: self, kind }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issuer => "issuer",
            Self::Account => "account",
        })
    }
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameErrorKind {
    /// No character.
    Empty,
    /// More characters than allowed.
    TooLong,
    /// A colon, which separates issuer and account.
    Colon,
    /// A control character (category Cc).
    ControlCharacter,
    /// A character that is invisible or turns the direction of text (category Cf), a line or paragraph separator, or
    /// one that is not assigned.
    MisleadingCharacter,
    /// Space at the beginning or the end, which readers take away.
    SurroundingSpace,
    /// Not a domain.
    NotADomain,
}

impl fmt::Display for NameErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::TooLong => "too long",
            Self::Colon => "colon",
            Self::ControlCharacter => "control character",
            Self::MisleadingCharacter => "misleading character",
            Self::SurroundingSpace => "surrounding space",
            Self::NotADomain => "not a domain",
        })
    }
}
