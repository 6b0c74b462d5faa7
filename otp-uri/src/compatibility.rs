use alloc::vec::Vec;
use core::fmt;

use otp_core::{Algorithm, Digits, Period};

use crate::{KeyUri, Kind, Parameter, Warning};

/// A well-known authenticator app, as far as its way of reading URIs is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum App {
    /// Microsoft Authenticator: ignores algorithm and period.
    MicrosoftAuthenticator,
    /// Google Authenticator for Android: ignores the period, reads the algorithm in upper case only.
    GoogleAuthenticatorAndroid,
    /// Old versions of Google Authenticator, which are still about: ignore algorithm, digits and period.
    OldGoogleAuthenticator,
    /// Authy: SHA-1 and 30 seconds only.
    Authy,
    /// Duo Mobile: SHA-1 only.
    Duo,
}

impl App {
    const ALL: [Self; 5] = [
        Self::MicrosoftAuthenticator,
        Self::GoogleAuthenticatorAndroid,
        Self::OldGoogleAuthenticator,
        Self::Authy,
        Self::Duo,
    ];

    /// What it does with a parameter that has another value than the default.
    const fn handling(self, parameter: Parameter) -> Option<Handling> {
        match (self, parameter) {
            (Self::MicrosoftAuthenticator, Parameter::Algorithm | Parameter::Period)
            | (Self::GoogleAuthenticatorAndroid, Parameter::Period)
            | (
                Self::OldGoogleAuthenticator,
                Parameter::Algorithm | Parameter::Digits | Parameter::Period,
            )
            | (_, Parameter::Encoder) => Some(Handling::Ignores),
            (Self::Authy, Parameter::Algorithm | Parameter::Period)
            | (Self::Duo, Parameter::Algorithm) => Some(Handling::Unsupported),
            _ => None,
        }
    }
}

impl fmt::Display for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MicrosoftAuthenticator => "Microsoft Authenticator",
            Self::GoogleAuthenticatorAndroid => "Google Authenticator for Android",
            Self::OldGoogleAuthenticator => "old versions of Google Authenticator",
            Self::Authy => "Authy",
            Self::Duo => "Duo Mobile",
        })
    }
}

/// What an app does with a parameter that it does not handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Handling {
    /// It takes the default without a word, and shows codes that are always wrong.
    Ignores,
    /// It works with the default only: it refuses the key or shows codes that are always wrong.
    Unsupported,
}

/// A parameter of a URI that an app misreads.
///
/// Its text is a sentence for the developer who chose the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Misreading {
    app: App,
    parameter: Parameter,
    handling: Handling,
}

impl Misreading {
    /// The app.
    #[must_use]
    pub const fn app(&self) -> App {
        self.app
    }

    /// The parameter that is not what the app takes it for.
    #[must_use]
    pub const fn parameter(&self) -> Parameter {
        self.parameter
    }

    /// What the app does.
    #[must_use]
    pub const fn handling(&self) -> Handling {
        self.handling
    }
}

impl fmt::Display for Misreading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            app,
            parameter,
            handling,
        } = self;
        match handling {
            Handling::Ignores => {
                write!(f, "{app}: ignores the {parameter}, so its codes are wrong")
            }
            Handling::Unsupported => write!(
                f,
                "{app}: does not support this {parameter}, so it refuses the key or its codes are wrong"
            ),
        }
    }
}

impl KeyUri {
    /// Which well-known apps would misread this URI, and how. None would misread a
    /// [`widely_compatible`](Self::widely_compatible) one.
    ///
    /// As far as known in 2026, from the apps' documentation, sources and users; an app that is not listed is not
    /// thereby right.
    ///
    /// ```
    /// use otp_uri::{App, KeyUri, Parameter};
    ///
    /// let uri = KeyUri::parse("otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256")?;
    /// let misreadings = uri.compatibility();
    /// assert_eq!(misreadings[0].app(), App::MicrosoftAuthenticator);
    /// assert_eq!(
    ///     misreadings[0].to_string(),
    ///     "Microsoft Authenticator: ignores the algorithm, so its codes are wrong"
    /// );
    /// # Ok::<(), otp_uri::ParseError>(())
    /// ```
    #[must_use]
    pub fn compatibility(&self) -> Vec<Misreading> {
        let mut misreadings = Vec::new();
        for app in App::ALL {
            for parameter in Parameter::ALL {
                if self.differs_from_default(parameter)
                    && let Some(handling) = app.handling(parameter)
                {
                    misreadings.push(Misreading {
                        app,
                        parameter,
                        handling,
                    });
                }
            }
        }
        // True of the text that was read. Writing it anew cures it, as what we write is in upper case.
        if self.read.contains(Warning::AlgorithmCase)
            && self.differs_from_default(Parameter::Algorithm)
        {
            misreadings.push(Misreading {
                app: App::GoogleAuthenticatorAndroid,
                parameter: Parameter::Algorithm,
                handling: Handling::Unsupported,
            });
        }
        misreadings
    }

    fn differs_from_default(&self, parameter: Parameter) -> bool {
        let kind = self.kind();
        match parameter {
            Parameter::Algorithm => kind.algorithm() != Algorithm::default(),
            Parameter::Digits => kind != Kind::Steam && kind.code_len() != Digits::default().get(),
            Parameter::Period => kind
                .period()
                .is_some_and(|period| period != Period::default()),
            Parameter::Encoder => kind == Kind::Steam,
            Parameter::Secret | Parameter::Issuer | Parameter::Counter => false,
        }
    }
}
