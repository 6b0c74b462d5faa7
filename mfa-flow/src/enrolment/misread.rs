//! An authenticator app that computes other codes than its key says.

use mfa_policy::{Method, Timestamp};
use otp_core::{Algorithm, Digits, Period, Secret, Totp, TotpParameters, TypedCode, Window};
use otp_uri::{Account, App, KeyUri, Kind, Parameter};

use crate::enrolment::EnrolmentRecord;
use crate::registration::Factor;
use crate::verify::unix;

/// The app shows codes with default values in the place of what its key says, as some apps do without a word.
///
/// Another app reads the key rightly; or a new key with the defaults (SHA-1, six digits, 30 seconds) is read by all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisreadKey {
    parameters: Vec<Parameter>,
    apps: Vec<App>,
}

impl MisreadKey {
    /// What the app took the default for: [`Parameter::Algorithm`], [`Parameter::Digits`] or [`Parameter::Period`].
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The well-known apps that read this key just so. It may be another one.
    #[must_use]
    pub fn apps(&self) -> &[App] {
        &self.apps
    }
}

/// A parameter, and what it is when it is not read.
type Default = (Parameter, fn(TotpParameters) -> TotpParameters);

const DEFAULTS: [Default; 3] = [
    (Parameter::Algorithm, |parameters| {
        parameters.with_algorithm(Algorithm::Sha1)
    }),
    (Parameter::Digits, |parameters| {
        parameters.with_digits(Digits::Six)
    }),
    (Parameter::Period, |parameters| {
        parameters.with_period(Period::DEFAULT)
    }),
];

/// How the app must have read the key, if the code comes from it at all.
pub(super) fn misread_key(
    pending: &EnrolmentRecord,
    typed: &TypedCode,
    now: Timestamp,
    window: Window,
) -> Option<MisreadKey> {
    let Some(Factor::Totp {
        secret, parameters, ..
    }) = &pending.factor
    else {
        return None;
    };
    if pending.method == Method::HardwareToken {
        return None;
    }
    let differing: Vec<Default> = DEFAULTS
        .into_iter()
        .filter(|(_, default)| default(*parameters) != *parameters)
        .collect();
    let reading = subsets(&differing).into_iter().find(|reading| {
        let read = reading
            .iter()
            .fold(*parameters, |read, (_, default)| default(read));
        let totp = Totp::new(secret.secret(), read);
        totp.verify(typed.as_str(), unix(now), window, None)
            .accepted()
            .is_some()
    })?;
    let misread: Vec<Parameter> = reading.iter().map(|&(parameter, _)| parameter).collect();
    let apps = apps_that_misread(secret.secret(), *parameters, &misread);
    Some(MisreadKey {
        parameters: misread,
        apps,
    })
}

/// Every choice of at least one.
fn subsets(all: &[Default]) -> Vec<Vec<Default>> {
    all.iter().fold(Vec::new(), |mut subsets, &one| {
        let longer: Vec<Vec<Default>> = subsets
            .iter()
            .map(|subset| [subset.as_slice(), &[one]].concat())
            .collect();
        subsets.push(vec![one]);
        subsets.extend(longer);
        subsets
    })
}

/// The apps of which the known misreadings of such a key are exactly these.
fn apps_that_misread(
    secret: &Secret,
    parameters: TotpParameters,
    misread: &[Parameter],
) -> Vec<App> {
    let (Ok(kind), Ok(account)) = (Kind::try_from(parameters), Account::new("account")) else {
        return Vec::new();
    };
    let misreadings = KeyUri::new(kind, account, secret).compatibility();
    let mut apps: Vec<App> = Vec::new();
    for misreading in &misreadings {
        let app = misreading.app();
        let its = misreadings.iter().filter(|other| other.app() == app);
        let same = its.clone().count() == misread.len()
            && its
                .clone()
                .all(|misreading| misread.contains(&misreading.parameter()));
        if same && !apps.contains(&app) {
            apps.push(app);
        }
    }
    apps
}
