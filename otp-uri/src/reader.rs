//! Reading a key URI. One reader for both ways: what strict reading refuses, lenient reading notes.
//!
//! The stages, in the order in which they refuse: size, characters, scheme, whether there are parameters at all, type,
//! label, query (parameter by parameter), then the known parameters: secret, encoder, algorithm, digits, period,
//! counter, issuer. Lenient reading has the same order; it only finds less to refuse.

use alloc::boxed::Box;
use alloc::string::String;

use otp_core::{Algorithm, Counter, Digits, Period, Secret, Steam};

use crate::base32::{Base32Error, Spelling};
use crate::label::Label;
use crate::percent::{Plus, cut, decode};
use crate::query::Query;
use crate::{KeyUri, Kind, Parameter, ParseError, Place, SecretBytes, Warning, Warnings};

impl KeyUri {
    /// Reads a URI as the standards define it.
    ///
    /// The Key URI Format has no grammar, so this is one: RFC 3986 characters and escapes, one known parameter each,
    /// numbers in digits, canonical Base32 without padding, `issuer:account` or `account` as the label. Names of
    /// parameters, type and scheme are read in any case; a `+` is a plus sign; unknown parameters are kept.
    /// [`warnings`](Self::warnings) tells what is allowed but worth knowing.
    ///
    /// ```
    /// use otp_uri::KeyUri;
    ///
    /// let uri = KeyUri::parse("otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&issuer=Acme")?;
    /// assert_eq!((uri.issuer(), uri.account()), (Some("Acme"), "bob"));
    ///
    /// let error = KeyUri::parse("otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&digits=4").err();
    /// assert_eq!(error.map(|error| error.to_string()).as_deref(), Some("digits: out of range"));
    /// # Ok::<(), otp_uri::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// [`ParseError`], for the first thing that is wrong.
    pub fn parse(uri: &str) -> Result<Self, ParseError> {
        Reader::new(Mode::Strict).read(uri)
    }

    /// Reads a URI as real issuers write it, and says in [`warnings`](Self::warnings) what was wrong.
    ///
    /// It reads everything that strict reading does (only that a `+` in the query is a space, unless the label shows that
    /// it is none), and also: space around the URI, raw spaces and letters of any language, `apple-otpauth`, the type
    /// `steam`, labels that are empty or have several colons, empty and repeated equal parameters, other names of the
    /// algorithms, a missing counter, secrets with spaces, dashes, padding and leftover bits. It never guesses: what could
    /// change a code is refused here too.
    ///
    /// ```
    /// use otp_uri::{KeyUri, Warning};
    ///
    /// let uri = KeyUri::parse_lenient("otpauth://totp/Acme: bob?secret=jbsw y3dp ehpk 3pxp&algorithm=HmacSHA256")?;
    /// assert_eq!(uri.account(), "bob");
    /// assert!(uri.warnings().contains(Warning::SecretSeparated));
    /// assert!(uri.warnings().contains(Warning::AlgorithmName));
    /// # Ok::<(), otp_uri::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// [`ParseError`], for the first thing that cannot be tolerated.
    pub fn parse_lenient(uri: &str) -> Result<Self, ParseError> {
        Reader::new(Mode::Lenient).read(uri)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Strict,
    Lenient,
}

pub(crate) struct Reader {
    mode: Mode,
    warnings: Warnings,
}

impl Reader {
    const fn new(mode: Mode) -> Self {
        Self {
            mode,
            warnings: Warnings::NONE,
        }
    }

    /// What strict reading refuses and lenient reading notes.
    pub(crate) const fn tolerate(
        &mut self,
        warning: Warning,
        error: ParseError,
    ) -> Result<(), ParseError> {
        match self.mode {
            Mode::Strict => Err(error),
            Mode::Lenient => {
                self.warnings.insert(warning);
                Ok(())
            }
        }
    }

    fn tolerate_if(
        &mut self,
        condition: bool,
        warning: Warning,
        error: ParseError,
    ) -> Result<(), ParseError> {
        if condition {
            self.tolerate(warning, error)?;
        }
        Ok(())
    }

    /// What a raw `+` in the query is taken for, where nothing else is known.
    pub(crate) const fn plus(&self) -> Plus {
        match self.mode {
            Mode::Strict => Plus::Literal,
            Mode::Lenient => Plus::Space,
        }
    }

    fn read(mut self, uri: &str) -> Result<KeyUri, ParseError> {
        if uri.len() > KeyUri::MAX_LEN {
            return Err(ParseError::TooLong);
        }
        let uri = self.characters(uri)?;
        let rest = self.scheme(uri)?;
        let (head, query) = match cut(rest, b'?') {
            Some((head, query)) => (head, Some(query)),
            None => (rest, None),
        };
        if query.is_none() && self.mode == Mode::Strict {
            return Err(ParseError::Missing(Parameter::Secret));
        }
        let (kind_name, path) = match cut(head, b'/') {
            Some((kind_name, path)) => (kind_name, path),
            None => (head, ""),
        };
        let kind_name = self.kind_name(kind_name)?;
        let label = self.label(path)?;
        let query = match query {
            Some(query) => Query::read(query, &mut self)?,
            None => Query::default(),
        };

        let key = self.secret(&query)?;
        let kind = self.kind(kind_name, &query)?;
        let issuer_parameter = self.issuer(&query, &label)?;
        // `characters` left a final line feed for the value that it spoils. Here it spoilt none that counts.
        if self.mode == Mode::Strict && uri.ends_with('\n') {
            return Err(ParseError::Characters);
        }
        KeyUri::assemble(
            kind,
            Label::read(label, issuer_parameter.as_deref()),
            issuer_parameter,
            key,
        )
        .map(|uri| KeyUri {
            unknown: query.unknown,
            read: self.warnings,
            ..uri
        })
    }

    /// Strict: only what RFC 3986 §2 allows. Lenient: without the space around it.
    fn characters<'a>(&mut self, uri: &'a str) -> Result<&'a str, ParseError> {
        let trimmed = match self.mode {
            Mode::Strict => uri,
            Mode::Lenient => uri.trim_matches(|character: char| character.is_ascii_whitespace()),
        };
        self.warnings
            .insert_if(Warning::SurroundingSpace, trimmed.len() != uri.len());
        let checked = match self.mode {
            Mode::Strict => trimmed.strip_suffix('\n').unwrap_or(trimmed),
            Mode::Lenient => trimmed,
        };
        let forbidden = checked
            .bytes()
            .fold(false, |found, byte| found | is_forbidden(byte));
        self.tolerate_if(forbidden, Warning::RawCharacters, ParseError::Characters)?;
        Ok(trimmed)
    }

    fn scheme<'a>(&mut self, uri: &'a str) -> Result<&'a str, ParseError> {
        if let Some(rest) = strip_prefix_any_case(uri, "otpauth://") {
            return Ok(rest);
        }
        if let Some(rest) = strip_prefix_any_case(uri, "apple-otpauth://") {
            self.tolerate(Warning::AppleScheme, ParseError::Scheme)?;
            return Ok(rest);
        }
        if strip_prefix_any_case(uri, "phonefactor://").is_some() {
            return Err(ParseError::MicrosoftPush);
        }
        if strip_prefix_any_case(uri, "otpauth-migration://").is_some() {
            return Err(ParseError::Migration);
        }
        Err(ParseError::Scheme)
    }

    /// The authority, which is exactly the type: no user, no password, no port, no escapes.
    fn kind_name(&mut self, authority: &str) -> Result<KindName, ParseError> {
        if authority.eq_ignore_ascii_case("totp") {
            Ok(KindName::Totp)
        } else if authority.eq_ignore_ascii_case("hotp") {
            Ok(KindName::Hotp)
        } else if authority.eq_ignore_ascii_case("steam") {
            self.tolerate(Warning::SteamType, ParseError::Type)?;
            Ok(KindName::Steam)
        } else {
            Err(ParseError::Type)
        }
    }

    /// The whole label, decoded. Where it splits is seen when the issuer is known.
    ///
    /// Decoding before splitting is the same as after: an escaped colon separates too, and no other escape gives one.
    fn label(&mut self, path: &str) -> Result<String, ParseError> {
        let label = decode(path, Plus::Literal)?;
        if has_control_character(&label) {
            return Err(ParseError::ControlCharacter(Place::Label));
        }
        if label.is_empty() {
            self.tolerate(Warning::LabelMissing, ParseError::LabelMissing)?;
        } else {
            let is_empty = |part: &str| part.bytes().all(|byte| byte == b' ');
            let (empty_part, more_colons) = match cut(&label, b':') {
                None => (is_empty(&label), false),
                Some((issuer, account)) => (
                    is_empty(issuer) || is_empty(account),
                    account.bytes().any(|byte| byte == b':'),
                ),
            };
            self.tolerate_if(more_colons, Warning::LabelColons, ParseError::LabelColons)?;
            self.tolerate_if(
                empty_part,
                Warning::LabelEmptyPart,
                ParseError::LabelEmptyPart,
            )?;
        }
        Ok(label.into_string())
    }

    fn secret(&mut self, query: &Query<'_>) -> Result<SecretBytes, ParseError> {
        let secret = query
            .get(Parameter::Secret)
            .ok_or(ParseError::Missing(Parameter::Secret))?;
        let secret = decode(secret, self.plus())?;
        let spelling = Spelling::of(&secret)?;
        self.tolerate_if(
            spelling.separated,
            Warning::SecretSeparated,
            Base32Error::Character.into(),
        )?;
        self.tolerate_if(
            spelling.padding != 0,
            Warning::SecretPadding,
            Base32Error::Padding.into(),
        )?;
        self.tolerate_if(
            spelling.impossible_length(),
            Warning::SecretLength,
            Base32Error::Length.into(),
        )?;
        // Strict reading takes these too: apps agree on what they mean, and issuers write them.
        self.warnings
            .insert_if(Warning::SecretLeftoverBits, spelling.leftover_bits());
        Ok(spelling.decode()?)
    }

    fn kind(&mut self, name: KindName, query: &Query<'_>) -> Result<Kind, ParseError> {
        let name = self.encoder(name, query)?;
        let algorithm = self.algorithm(query)?;
        let digits = number(query, Parameter::Digits)?;
        if name == KindName::Steam {
            return self.steam(algorithm, digits, query);
        }
        let digits = match digits {
            None => Digits::default(),
            Some(digits) => u8::try_from(digits)
                .ok()
                .and_then(|digits| Digits::new(digits).ok())
                .ok_or(ParseError::OutOfRange(Parameter::Digits))?,
        };
        if name == KindName::Hotp {
            self.ignore(query, Parameter::Period, Warning::PeriodIgnored)?;
            let counter = number(query, Parameter::Counter)?;
            self.tolerate_if(
                counter.is_none(),
                Warning::CounterMissing,
                ParseError::Missing(Parameter::Counter),
            )?;
            return Ok(Kind::Hotp {
                algorithm,
                digits,
                counter: Counter::new(counter.unwrap_or(0)),
            });
        }
        let period = period(query)?;
        self.ignore(query, Parameter::Counter, Warning::CounterIgnored)?;
        Ok(Kind::Totp {
            algorithm,
            digits,
            period,
        })
    }

    /// Steam has one algorithm and one period, so others are refused and not silently replaced. The length of its codes
    /// is stated in as many ways as there are writers, and ignored.
    fn steam(
        &mut self,
        algorithm: Algorithm,
        digits: Option<u64>,
        query: &Query<'_>,
    ) -> Result<Kind, ParseError> {
        if algorithm != Algorithm::Sha1 {
            return Err(ParseError::Algorithm);
        }
        if digits.is_some_and(|digits| !(5..=8).contains(&digits)) {
            return Err(ParseError::OutOfRange(Parameter::Digits));
        }
        if period(query)? != Steam::PERIOD {
            return Err(ParseError::OutOfRange(Parameter::Period));
        }
        self.warnings.insert_if(
            Warning::DigitsIgnored,
            digits.is_some_and(|digits| digits != 5),
        );
        self.ignore(query, Parameter::Counter, Warning::CounterIgnored)?;
        Ok(Kind::Steam)
    }

    fn encoder(&self, name: KindName, query: &Query<'_>) -> Result<KindName, ParseError> {
        let Some(encoder) = query.get(Parameter::Encoder) else {
            return Ok(name);
        };
        let encoder = decode(encoder, self.plus())?;
        if encoder.is_empty() {
            Ok(name)
        } else if encoder.eq_ignore_ascii_case("steam") && name != KindName::Hotp {
            Ok(KindName::Steam)
        } else {
            Err(ParseError::Encoder)
        }
    }

    fn algorithm(&mut self, query: &Query<'_>) -> Result<Algorithm, ParseError> {
        let Some(name) = query.get(Parameter::Algorithm) else {
            return Ok(Algorithm::default());
        };
        let name = decode(name, self.plus())?;
        self.warnings.insert_if(
            Warning::AlgorithmCase,
            name.contains(|character: char| character.is_ascii_lowercase()),
        );
        let named = |name: &str| {
            Algorithm::ALL
                .into_iter()
                .find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
        };
        if let Some(algorithm) = named(&name) {
            return Ok(algorithm);
        }
        // SHA-256, HmacSHA256, HMAC-SHA-256.
        let name = match strip_prefix_any_case(&name, "HMAC") {
            Some(rest) => rest.strip_prefix('-').unwrap_or(rest),
            None => &name,
        };
        let bits = strip_prefix_any_case(name, "SHA").ok_or(ParseError::Algorithm)?;
        let algorithm = match bits.strip_prefix('-').unwrap_or(bits) {
            "1" => Algorithm::Sha1,
            "256" => Algorithm::Sha256,
            "512" => Algorithm::Sha512,
            _ => return Err(ParseError::Algorithm),
        };
        self.tolerate(Warning::AlgorithmName, ParseError::Algorithm)?;
        Ok(algorithm)
    }

    /// A parameter that this kind of key does not have. Its text has to be one all the same.
    fn ignore(
        &mut self,
        query: &Query<'_>,
        parameter: Parameter,
        warning: Warning,
    ) -> Result<(), ParseError> {
        if let Some(value) = query.get(parameter) {
            if has_control_character(&decode(value, self.plus())?) {
                return Err(ParseError::ControlCharacter(Place::Query));
            }
            self.warnings.insert(warning);
        }
        Ok(())
    }

    /// The `issuer` parameter, without the spaces around it, where anything is left.
    ///
    /// Is a `+` in it a space? Forms write spaces so, and then Google+ is `Google%2B`; others write `Google+`. The label,
    /// where a `+` is always itself, decides.
    fn issuer(&mut self, query: &Query<'_>, label: &str) -> Result<Option<String>, ParseError> {
        let Some(raw) = query.get(Parameter::Issuer) else {
            return Ok(None);
        };
        let literal = decode(raw, Plus::Literal)?;
        let confirmed = || {
            label
                .strip_prefix(literal.trim_matches(' '))
                .is_some_and(|rest| rest.trim_start_matches(' ').starts_with(':'))
        };
        let issuer = if !raw.contains('+') || confirmed() {
            literal
        } else {
            self.warnings.insert(Warning::PlusSign);
            decode(raw, self.plus())?
        };
        if has_control_character(&issuer) {
            return Err(ParseError::ControlCharacter(Place::Issuer));
        }
        let trimmed = issuer.trim_matches(' ');
        let issuer = if trimmed.len() == issuer.len() {
            issuer.into_string()
        } else {
            trimmed.into()
        };
        Ok(Some(issuer).filter(|issuer| !issuer.is_empty()))
    }
}

impl KeyUri {
    /// Puts together what was read.
    pub(crate) fn assemble(
        kind: Kind,
        label: Label,
        issuer_parameter: Option<String>,
        key: SecretBytes,
    ) -> Result<Self, ParseError> {
        let secret = key
            .to_secret(kind.algorithm())
            .map_err(|_| Base32Error::Empty)?;
        Ok(Self {
            kind,
            label,
            issuer_parameter,
            secret: Box::new(secret),
            long_key: (key.expose().len() > Secret::MAX_LEN).then_some(key),
            unknown: Default::default(),
            read: Warnings::default(),
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KindName {
    Totp,
    Hotp,
    Steam,
}

fn period(query: &Query<'_>) -> Result<Period, ParseError> {
    match number(query, Parameter::Period)? {
        None => Ok(Period::default()),
        Some(seconds) => u32::try_from(seconds)
            .ok()
            .and_then(|seconds| Period::new(seconds).ok())
            .ok_or(ParseError::OutOfRange(Parameter::Period)),
    }
}

/// A number in ASCII digits and nothing else: no sign, no fraction, no wrap. Leading zeros change nothing.
fn number(query: &Query<'_>, parameter: Parameter) -> Result<Option<u64>, ParseError> {
    let Some(raw) = query.get(parameter) else {
        return Ok(None);
    };
    let digits = decode(raw, Plus::Literal)?;
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(ParseError::NotANumber(parameter));
    }
    // Nothing but overflow is left to fail.
    match digits.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(ParseError::OutOfRange(parameter)),
    }
}

/// A character of category Cc, C0, DEL or C1.
pub(crate) fn has_control_character(text: &str) -> bool {
    text.bytes()
        .any(|byte| byte.is_ascii_control() || !byte.is_ascii())
        && text.contains(char::is_control)
}

pub(crate) fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Whether a byte is none of RFC 3986 §2, or is `#`: a key URI has no fragment, and cutting one off could cut parameters off.
///
/// Without branches, so that the compiler looks at many bytes at once.
const fn is_forbidden(byte: u8) -> bool {
    (byte <= b' ')
        | (byte == b'"')
        | (byte == b'#')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == b'\\')
        | (byte == b'^')
        | (byte == b'`')
        | ((byte >= b'{') & (byte != b'~'))
}
