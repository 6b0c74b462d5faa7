use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use otp_core::{Counter, Hotp, Secret, Steam, Strength, Totp};
use zeroize::Zeroizing;

use crate::label::Label;
use crate::name::is_misleading;
use crate::query::unknown_parameters;
use crate::{Account, Issuer, Kind, SecretBytes, Warning, Warnings};

/// A key and what belongs to it, as an `otpauth://` URI carries it from a server to an authenticator app.
///
/// Made by a server with [`widely_compatible`](Self::widely_compatible) or [`new`](Self::new), and written with
/// [`to_text`](Self::to_text). Read by an app, or by a migration, with [`parse`](Self::parse) or
/// [`parse_lenient`](Self::parse_lenient).
///
/// # Security
/// Reading is *import*: it is for the side that makes codes, and for moving accounts between systems. A server that
/// enrols a user makes the secret itself (RFC 6238 §3, R5) and never takes one from a URI that a client sends.
///
/// The value holds the secret. It prints as redacted, has no `==` and no `Clone`, and is wiped when dropped.
pub struct KeyUri {
    pub(crate) kind: Kind,
    pub(crate) label: Label,
    /// INVARIANT: not empty, no space around it.
    pub(crate) issuer_parameter: Option<String>,
    /// In a box, so that no copy of it is left behind where the value is moved.
    pub(crate) secret: Box<Secret>,
    /// The key as it was read where it is longer than a [`Secret`], which holds its hash then.
    pub(crate) long_key: Option<SecretBytes>,
    /// Further parameters in their order, encoded as they are written: `&name=value`.
    pub(crate) unknown: Zeroizing<String>,
    /// What was noticed while reading and cannot be told from the value.
    pub(crate) read: Warnings,
}

impl KeyUri {
    /// The most bytes that are read.
    pub const MAX_LEN: usize = 4096;

    /// The URI to make where nothing else is asked for: TOTP with SHA-1, six digits and 30 seconds.
    ///
    /// These are the only parameters that every authenticator app reads; with others, some apps show wrong codes
    /// without a word (see [`compatibility`](Self::compatibility)). SHA-1 is no weakness here: HMAC does not need a hash
    /// without collisions (RFC 4226 appendix B.2).
    #[must_use]
    pub fn widely_compatible(issuer: Issuer, account: Account, secret: &Secret) -> Self {
        Self::new(Kind::default(), account, secret).with_issuer(issuer)
    }

    /// A URI of any kind. Give it an issuer too, as apps show little else: [`with_issuer`](Self::with_issuer).
    #[must_use]
    pub fn new(kind: Kind, account: Account, secret: &Secret) -> Self {
        Self {
            kind,
            label: Label::new(None, account.as_str()),
            issuer_parameter: None,
            secret: Box::new(secret.duplicate()),
            long_key: None,
            unknown: Zeroizing::default(),
            read: Warnings::default(),
        }
    }

    /// The same from this issuer, in the label and in the parameter.
    #[must_use]
    pub fn with_issuer(mut self, issuer: Issuer) -> Self {
        self.label = Label::new(Some(issuer.as_str()), self.label.account());
        self.issuer_parameter = Some(issuer.into_string());
        self
    }

    /// The same for this account, as when a person renames an entry of the app.
    #[must_use]
    pub fn with_account(mut self, account: Account) -> Self {
        self.label = Label::new(self.label.issuer(), account.as_str());
        self
    }

    /// The same at this counter, which an app that exports a HOTP key has advanced. TOTP and Steam have none.
    #[must_use]
    pub const fn with_counter(mut self, next: Counter) -> Self {
        if let Kind::Hotp { counter, .. } = &mut self.kind {
            *counter = next;
        }
        self
    }

    /// What codes the key makes.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Who gave the key out: the `issuer` parameter, else the part of the label before the colon.
    ///
    /// Of a URI that was read this is anything but control characters: escape it where it is shown.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer_parameter().or(self.issuer_prefix())
    }

    /// The `issuer` parameter. Where it differs from the prefix, [`Warning::IssuerMismatch`] says so; both are kept and
    /// written.
    #[must_use]
    pub fn issuer_parameter(&self) -> Option<&str> {
        self.issuer_parameter.as_deref()
    }

    /// The part of the label before the colon.
    #[must_use]
    pub fn issuer_prefix(&self) -> Option<&str> {
        self.label.issuer()
    }

    /// Whose key it is: the label after the colon, or all of it. Lenient reading lets it be empty.
    #[must_use]
    pub fn account(&self) -> &str {
        self.label.account()
    }

    /// The whole label as it was read, decoded, with spaces and colons.
    #[must_use]
    pub fn label(&self) -> &str {
        self.label.text()
    }

    /// The secret, for `otp-core`. Of a key of more than 128 bytes it is the hash, which makes the same codes.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The bytes of the key, all of them.
    #[must_use]
    pub fn expose_key(&self) -> &[u8] {
        self.long_key
            .as_ref()
            .map_or_else(|| self.secret.expose(), SecretBytes::expose)
    }

    /// The generator and verifier of a TOTP key.
    ///
    /// ```
    /// use otp_core::UnixTime;
    /// use otp_uri::KeyUri;
    ///
    /// let uri = KeyUri::parse("otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8")?;
    /// let totp = uri.totp().ok_or("no TOTP key")?;
    /// assert_eq!(totp.generate(UnixTime::from_secs(59))?.as_str(), "94287082");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn totp(&self) -> Option<Totp> {
        let parameters = self.kind.totp_parameters()?;
        Some(Totp::new(&self.secret, parameters))
    }

    /// The generator and verifier of a HOTP key, and the counter of its next code.
    #[must_use]
    pub fn hotp(&self) -> Option<(Hotp, Counter)> {
        let (parameters, counter) = self.kind.hotp_parameters()?;
        Some((Hotp::new(&self.secret, parameters), counter))
    }

    /// The generator of a Steam key.
    #[must_use]
    pub fn steam(&self) -> Option<Steam> {
        (self.kind == Kind::Steam).then(|| Steam::new(&self.secret))
    }

    /// Parameters that are not known here, such as an image or a colour, with their values, in their order.
    ///
    /// They change nothing, and are written again. Treat them as text from a stranger.
    pub fn unknown_parameters(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        unknown_parameters(&self.unknown)
    }

    /// What the reader of this URI should know, from strict as from lenient reading.
    #[must_use]
    pub fn warnings(&self) -> Warnings {
        let mut warnings = self.read;
        warnings.insert_if(
            Warning::IssuerMismatch,
            matches!((self.issuer_prefix(), self.issuer_parameter()), (Some(prefix), Some(parameter)) if prefix != parameter),
        );
        warnings.insert_if(
            Warning::ShortSecret,
            self.secret.strength() == Strength::Short,
        );
        warnings.insert_if(
            Warning::SuspiciousCharacters,
            self.label()
                .chars()
                .chain(self.issuer_parameter().unwrap_or_default().chars())
                .any(is_misleading),
        );
        warnings
    }
}

/// What is public about it: the kind and the parameters, no name and no secret.
impl fmt::Debug for KeyUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyUri")
            .field("kind", &format_args!("{}", self.kind))
            .finish_non_exhaustive()
    }
}
