//! Beginning an enrolment: what is shown once, and what is sent.

use std::fmt;

use mfa_policy::{Action, Administration, DeviceId, Method, RegistrationId, State, Timestamp};
use otp_core::{Drift, Period, Secret, TotpParameters};
use otp_uri::{KeyUri, Kind, SecretText, base32};

use crate::change::{Change, Claim};
use crate::code;
use crate::enrolment::EnrolmentRecord;
use crate::enrolment::what::{AppKey, Enrol};
use crate::event::What;
use crate::hashing::{Digest, Domain};
use crate::id;
use crate::naming::checked_name;
use crate::operation::{Operation, Refused};
use crate::registration::Factor;
use crate::secret::{SecretString, StoredSecret};
use crate::used_steps::UsedSteps;

/// Letters of a pairing token, five bits each: 130 bits.
const PAIRING_LETTERS: usize = 26;

/// How long a code may live in seconds. RFC 6238 §5.2 recommends 30; tokens and apps in the field have 15 to 60.
const PERIODS: std::ops::RangeInclusive<u32> = 15..=60;

/// An enrolment that was begun. What it shows is shown once: nothing that is secret can be read again.
#[derive(Debug)]
pub struct Enrolling {
    registration: RegistrationId,
    method: Method,
    until: Timestamp,
    instruction: Instruction,
}

impl Enrolling {
    /// The identifier: of the enrolment now, and of the registration once the test is passed.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Until when the test has to be passed.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// What to do for the test.
    #[must_use]
    pub const fn instruction(&self) -> &Instruction {
        &self.instruction
    }
}

/// What to do for the test of an enrolment.
#[derive(Debug)]
#[non_exhaustive]
pub enum Instruction {
    /// Let the authenticator app take over this token, by a QR code or typed by hand: what it reports goes to
    /// [`Operation::pair`](Operation::pair). The host adds to the QR code where the app has to report, and for whom.
    Pair(SecretString),
    /// Let the app scan or the person type this key, and ask for the code that the app shows then.
    AddKey(ShownKey),
    /// A notification was sent. Show this number, 10 to 99, which the person types into the app.
    MatchNumber(u8),
    /// Ask for the code that was sent there.
    EnterCode {
        /// The number or address, most of it hidden.
        hint: String,
    },
    /// Say that the telephone rings, and that `#` is to be pressed.
    PressHash {
        /// The number, most of it hidden.
        hint: String,
    },
    /// Ask for a code of the token, or for two or three in a row if its clock may be off or its button was pressed often.
    UseToken,
    /// Let the host's WebAuthn library make a credential, for a key that holds none of these.
    RegisterSecurityKey {
        /// Credentials that are registered already, for `excludeCredentials`.
        exclude: Vec<String>,
    },
    /// Let the host verify its own method.
    VerifyExternal,
}

/// A key that is shown once, for an authenticator app.
pub struct ShownKey {
    uri: KeyUri,
}

impl ShownKey {
    /// The key URI, with issuer, account and parameters. Its [`compatibility`](KeyUri::compatibility) says which apps would
    /// misread it.
    #[must_use]
    pub const fn uri(&self) -> &KeyUri {
        &self.uri
    }

    /// The text of the QR code.
    #[must_use]
    pub fn qr_text(&self) -> SecretText {
        self.uri.to_text()
    }

    /// The secret in groups of four letters, to be typed by somebody who cannot scan.
    #[must_use]
    pub fn typed_secret(&self) -> SecretText {
        base32::grouped(self.uri.secret().expose())
    }
}

impl fmt::Debug for ShownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownKey(redacted)")
    }
}

/// What is known of a registration before anything is sent.
struct Prepared {
    device: Option<DeviceId>,
    claim: Option<Claim>,
    factor: Option<Factor>,
    pairing: Option<Digest>,
    /// `None` if something has to be sent first.
    instruction: Option<Instruction>,
}

impl Operation<'_> {
    /// Begins to enrol something, by the person or by an administrator for the person. What was pending before is given up;
    /// what is registered stays as it is.
    ///
    /// `name` is what the registration is called in lists: 1 to 64 characters.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], [`Refused::TooSoon`] and [`Refused::NoMoreSends`] for what is sent, and
    /// [`Refused::Invalid`].
    pub fn begin_enrolment(
        self,
        what: Enrol<'_>,
        name: &str,
    ) -> Change<Result<Enrolling, Refused>> {
        self.begin(what, name, None)
    }

    /// Begins to enrol something in the place of a registration, which stays usable until the test of the new one is passed.
    /// Then one change does both.
    ///
    /// # Errors
    /// As [`begin_enrolment`](Self::begin_enrolment).
    pub fn begin_replacement(
        self,
        what: Enrol<'_>,
        name: &str,
        replaces: &RegistrationId,
    ) -> Change<Result<Enrolling, Refused>> {
        self.begin(what, name, Some(replaces))
    }

    fn begin(
        mut self,
        what: Enrol<'_>,
        name: &str,
        replaces: Option<&RegistrationId>,
    ) -> Change<Result<Enrolling, Refused>> {
        let begun = self.try_begin(what, name, replaces);
        self.finish(begun)
    }

    fn try_begin(
        &mut self,
        what: Enrol<'_>,
        name: &str,
        replaces: Option<&RegistrationId>,
    ) -> Result<Enrolling, Refused> {
        let name = checked_name(name)?;
        let registration = id::registration(self.rng);
        let method = what.method();
        let prepared = self.prepare(what, &registration)?;
        let action = self.adding(&method, prepared.device.as_ref(), replaces)?;
        self.permitted(&action)?;
        let mut pending = EnrolmentRecord {
            id: registration.clone(),
            // INVARIANT: the policy lets nobody add in no session; and if, there is nothing to be bound to: deny.
            session: self.enrolment_binding().ok_or(Refused::Over)?,
            method: method.clone(),
            device: prepared.device,
            name,
            begun: self.now(),
            replaces: replaces.cloned(),
            by: self.by(),
            claim: prepared.claim,
            factor: prepared.factor,
            pairing: prepared.pairing,
            sends: 0,
            asked: None,
        };
        let instruction = match prepared.instruction {
            Some(instruction) => instruction,
            None => self.send_test(&mut pending)?,
        };
        self.end_pending();
        self.event_about(What::EnrolmentBegun, pending.about());
        let until = self.enrolment_until(&pending);
        self.account.record.enrolment = Some(pending);
        Ok(Enrolling {
            registration,
            method,
            until,
            instruction,
        })
    }

    /// Sends the text, the mail, the call or the notification of the test once more. What was sent before is void.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] if nothing of that name was begun here or it took too long, [`Refused::TooSoon`],
    /// [`Refused::NoMoreSends`], and [`Refused::Invalid`] where nothing is sent.
    pub fn send_enrolment_again(
        mut self,
        registration: &RegistrationId,
    ) -> Change<Result<Enrolling, Refused>> {
        let sent = self.try_send_again(registration);
        self.finish(sent)
    }

    fn try_send_again(&mut self, registration: &RegistrationId) -> Result<Enrolling, Refused> {
        self.testable_enrolment(registration)?;
        let mut pending = self.account.record.enrolment.take().ok_or(Refused::Over)?;
        let sent = self.send_test(&mut pending);
        let until = self.enrolment_until(&pending);
        let method = pending.method.clone();
        self.account.record.enrolment = Some(pending);
        Ok(Enrolling {
            registration: registration.clone(),
            method,
            until,
            instruction: sent?,
        })
    }

    /// What the policy is asked before something is enrolled, and again when its test is passed.
    pub(super) fn adding(
        &self,
        method: &Method,
        device: Option<&DeviceId>,
        replaces: Option<&RegistrationId>,
    ) -> Result<Action, Refused> {
        let (method, device) = (method.clone(), device.cloned());
        match (&self.visit.administrator, replaces) {
            (None, None) => Ok(Action::Add { method, device }),
            (None, Some(registration)) => Ok(Action::Replace {
                registration: registration.clone(),
                method,
                device,
            }),
            (Some(_), None) => Ok(Action::Administer(Administration::Add { method, device })),
            (Some(_), Some(_)) => Err(Refused::Invalid(
                "an administrator removes the one and adds the other",
            )),
        }
    }

    fn prepare(
        &mut self,
        what: Enrol<'_>,
        registration: &RegistrationId,
    ) -> Result<Prepared, Refused> {
        match what {
            Enrol::AuthenticatorPush { on } => self.prepare_pairing(on, registration),
            Enrol::AuthenticatorCode { on, key } => {
                let device = self.app_device(on)?;
                self.prepare_key(key, device)
            }
            Enrol::OtherAuthenticator { key } => {
                let device = id::device(self.rng);
                self.prepare_key(key, device)
            }
            Enrol::PhoneSignIn { push } => self.prepare_phone_sign_in(push),
            Enrol::HardwareToken(token) => Ok(Prepared {
                device: self.device_of("token", token.serial()),
                claim: Some(self.claim("token", token.serial())),
                factor: Some(token.factor()),
                pairing: None,
                instruction: Some(Instruction::UseToken),
            }),
            Enrol::Text(number)
            | Enrol::CallMobile(number)
            | Enrol::CallOffice(number)
            | Enrol::CallAlternate(number) => {
                let factor = Factor::Phone {
                    number: number.clone(),
                };
                Ok(self.prepare_contact(&what.method(), "telephone", number.as_str(), factor))
            }
            Enrol::Email(address) => {
                let factor = Factor::Email {
                    address: address.clone(),
                };
                // Mailboxes that differ in capitals only are one.
                let mailbox = address.as_str().to_lowercase();
                Ok(self.prepare_contact(&Method::Email, "mailbox", &mailbox, factor))
            }
            Enrol::SecurityKey => Ok(Prepared::shown(Instruction::RegisterSecurityKey {
                exclude: self.credentials(),
            })),
            Enrol::External(_) => Ok(Prepared::shown(Instruction::VerifyExternal)),
        }
    }

    /// The app is not known yet: it reports with a token that only its screen or camera has seen.
    fn prepare_pairing(
        &mut self,
        on: Option<&RegistrationId>,
        registration: &RegistrationId,
    ) -> Result<Prepared, Refused> {
        let device = self.app_device(on)?;
        let token = code::letters(PAIRING_LETTERS, self.rng);
        Ok(Prepared {
            device: Some(device),
            claim: None,
            factor: None,
            pairing: Some(self.pairing_digest(registration, token.expose())),
            instruction: Some(Instruction::Pair(token)),
        })
    }

    fn prepare_key(&mut self, key: AppKey<'_>, device: DeviceId) -> Result<Prepared, Refused> {
        let least = self.flow.policy.challenge().totp_digits();
        let least = u8::try_from(least).ok().and_then(|n| n.try_into().ok());
        let least: otp_core::Digits = least.unwrap_or_default();
        let parameters = key
            .parameters
            .unwrap_or_else(|| TotpParameters::default().with_digits(least));
        if parameters.digits().get() < least.get() {
            return Err(Refused::Invalid("the policy wants more digits"));
        }
        if !has_usual_period(parameters.period()) {
            return Err(Refused::Invalid("a code is good for 15 to 60 seconds"));
        }
        let kind = Kind::try_from(parameters)
            .map_err(|_| Refused::Invalid("an authenticator app counts from 1970"))?;
        let Ok(secret) = Secret::generate(parameters.algorithm(), self.rng);
        let uri =
            KeyUri::new(kind, key.account.clone(), &secret).with_issuer(self.flow.issuer.clone());
        Ok(Prepared {
            device: Some(device),
            claim: None,
            factor: Some(Factor::Totp {
                secret: StoredSecret::new(secret),
                parameters,
                used: UsedSteps::default(),
                drift: Drift::default(),
            }),
            pairing: None,
            instruction: Some(Instruction::AddKey(ShownKey { uri })),
        })
    }

    /// The app that gets the notifications is the one that signs in.
    fn prepare_phone_sign_in(&self, push: &RegistrationId) -> Result<Prepared, Refused> {
        let app = self
            .account
            .registered(push)
            .filter(|app| app.state == State::Active && app.method == Method::AuthenticatorPush);
        let Some((Factor::Push { address, key }, device)) =
            app.map(|app| (&app.factor, &app.device))
        else {
            return Err(Refused::Invalid("there is no such authenticator app"));
        };
        Ok(Prepared {
            device: device.clone(),
            claim: None,
            factor: Some(Factor::Push {
                address: address.clone(),
                key: *key,
            }),
            pairing: None,
            instruction: None,
        })
    }

    fn prepare_contact(
        &self,
        method: &Method,
        kind: &str,
        value: &str,
        factor: Factor,
    ) -> Prepared {
        let unique = self.flow.policy.is_unique(method);
        Prepared {
            device: self.device_of(kind, value),
            claim: unique.then(|| self.claim(kind, value)),
            factor: Some(factor),
            pairing: None,
            instruction: None,
        }
    }

    /// The device of the authenticator app that is registered already, or a new one.
    fn app_device(&mut self, on: Option<&RegistrationId>) -> Result<DeviceId, Refused> {
        let Some(on) = on else {
            return Ok(id::device(self.rng));
        };
        let is_app = |method: &Method| {
            matches!(
                method,
                Method::AuthenticatorPush | Method::AuthenticatorCode | Method::PhoneSignIn
            )
        };
        self.account
            .registered(on)
            .filter(|app| app.state == State::Active && is_app(&app.method))
            .and_then(|app| app.device.clone())
            .ok_or(Refused::Invalid("there is no such authenticator app"))
    }

    fn credentials(&self) -> Vec<String> {
        let keys = self.account.registrations();
        keys.filter_map(|key| Some(key.security_key()?.0.to_owned()))
            .collect()
    }

    pub(super) fn pairing_digest(&self, registration: &RegistrationId, token: &str) -> Digest {
        self.digest(
            Domain::Pairing,
            registration.as_str().as_bytes(),
            token.as_bytes(),
        )
    }
}

impl Prepared {
    const fn shown(instruction: Instruction) -> Self {
        Self {
            device: None,
            claim: None,
            factor: None,
            pairing: None,
            instruction: Some(instruction),
        }
    }
}

pub(super) fn has_usual_period(period: Period) -> bool {
    PERIODS.contains(&period.seconds())
}
