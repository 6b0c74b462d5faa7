//! One registration of one method, with its secret and its budget.

use mfa_policy::{DeviceId, Lockout, Method, Pass, RegistrationId, State, Timestamp};
use otp_core::{Counter, Drift, HotpParameters, TotpParameters};
use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::change::Claim;
use crate::contact::{Contact, EmailAddress, PhoneNumber};
use crate::device::DeviceKey;
use crate::hashing::Digest;
use crate::questions::Question;
use crate::secret::StoredSecret;
use crate::used_steps::UsedSteps;

/// A registration as it is kept. What can be read of it is nothing secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    pub(crate) id: RegistrationId,
    pub(crate) method: Method,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<DeviceId>,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "is_active")]
    pub(crate) state: State,
    pub(crate) added: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) factor: Factor,
    #[serde(default, skip_serializing_if = "Budget::is_empty")]
    pub(crate) budget: Budget,
    /// Failures in the place of a password, where anybody can try who knows a name. Apart, so that nobody can lock the second
    /// step by it.
    #[serde(default, skip_serializing_if = "Budget::is_empty")]
    pub(crate) first_factor_budget: Budget,
    /// What is claimed for this registration in the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claim: Option<Claim>,
}

/// What is needed to check an answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Factor {
    Totp {
        secret: StoredSecret,
        #[serde(default, skip_serializing_if = "is_default")]
        parameters: TotpParameters,
        /// The steps that were accepted, whatever for.
        #[serde(default, skip_serializing_if = "is_default")]
        used: UsedSteps,
        #[serde(default, skip_serializing_if = "is_default")]
        drift: Drift,
    },
    Hotp {
        secret: StoredSecret,
        #[serde(default, skip_serializing_if = "is_default")]
        parameters: HotpParameters,
        /// The next counter that is accepted. INVARIANT: it only grows. `None` when the last one was used.
        next: Option<Counter>,
    },
    /// The authenticator app, by the address that the host's push service knows it under.
    Push {
        address: String,
        /// What its answers are verified with.
        key: DeviceKey,
    },
    Phone {
        number: PhoneNumber,
    },
    Email {
        address: EmailAddress,
    },
    SecurityKey {
        /// The credential identifier, as the host's WebAuthn library writes it.
        credential: String,
        /// What the host's WebAuthn library wants to have back: the public key and whatever else.
        data: String,
        sign_count: u32,
    },
    /// Questions with password hashes of their answers.
    Questions {
        answers: Vec<AnsweredQuestion>,
    },
    /// Codes that were not used yet.
    RecoveryCodes {
        unused: Vec<Digest>,
    },
    AppPassword {
        digest: Digest,
    },
    TemporaryPass {
        /// A password hash.
        hash: String,
        validity: Pass,
    },
    /// What the host's own method wants to have back.
    External {
        data: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnsweredQuestion {
    pub(crate) question: Question,
    pub(crate) hash: String,
}

impl Registered {
    /// Active from now on.
    pub(crate) fn new(
        id: RegistrationId,
        method: Method,
        name: String,
        factor: Factor,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            method,
            device: None,
            name,
            state: State::Active,
            added: now,
            last_used: None,
            factor,
            budget: Budget::default(),
            first_factor_budget: Budget::default(),
            claim: None,
        }
    }

    /// The identifier within the account.
    #[must_use]
    pub const fn id(&self) -> &RegistrationId {
        &self.id
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The device, where several registrations can stand on one.
    #[must_use]
    pub const fn device(&self) -> Option<&DeviceId> {
        self.device.as_ref()
    }

    /// The name that the person gave.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// When it was added.
    #[must_use]
    pub const fn added(&self) -> Timestamp {
        self.added
    }

    /// When it was last used.
    #[must_use]
    pub const fn last_used(&self) -> Option<Timestamp> {
        self.last_used
    }

    /// A number or an address with most of it hidden, for telling one registration from another.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.factor.hint()
    }

    /// The credential identifier and the data of a security key, for the host's WebAuthn library.
    #[must_use]
    pub fn security_key(&self) -> Option<(&str, &str)> {
        match &self.factor {
            Factor::SecurityKey {
                credential, data, ..
            } => Some((credential, data)),
            _ => None,
        }
    }

    /// The data that the host stored with a method of its own.
    #[must_use]
    pub fn external_data(&self) -> Option<&str> {
        match &self.factor {
            Factor::External { data } => Some(data),
            _ => None,
        }
    }

    /// How many recovery codes are left, if these are recovery codes.
    #[must_use]
    pub fn codes_left(&self) -> Option<u32> {
        match &self.factor {
            Factor::RecoveryCodes { unused } => {
                Some(u32::try_from(unused.len()).unwrap_or(u32::MAX))
            }
            _ => None,
        }
    }

    /// Whether it stands in the way of the password alone. What is disabled or locked does: who spoils a factor by guessing must
    /// not get in without it. What an administrator switched off does not, nor what has run out: the person would be shut out.
    pub(crate) fn stands(&self, now: Timestamp) -> bool {
        let has_run_out = match &self.factor {
            Factor::TemporaryPass { validity, .. } => {
                validity.until <= now || (validity.one_time && validity.used)
            }
            Factor::RecoveryCodes { unused } => unused.is_empty(),
            _ => false,
        };
        matches!(self.state, State::Active | State::Disabled) && !has_run_out
    }

    /// Ends its locks. What was disabled stays so.
    pub(crate) const fn unlock(&mut self) {
        self.budget.unlock();
        self.first_factor_budget.unlock();
    }

    /// Takes what was counted while our clock was ahead as counted now.
    pub(crate) fn bring_back(&mut self, now: Timestamp, limits: &Lockout) {
        self.budget.bring_back(now, limits);
        self.first_factor_budget.bring_back(now, limits);
    }

    /// Where it reaches the person, if it does.
    pub(crate) fn contact(&self) -> Option<Contact> {
        match &self.factor {
            Factor::Phone { number } if self.method == Method::Text => {
                Some(Contact::Phone(number.clone()))
            }
            Factor::Email { address } => Some(Contact::Email(address.clone())),
            _ => None,
        }
    }

    pub(crate) fn view(&self) -> mfa_policy::Registration {
        match self.budget.locked_until() {
            Some(until) => self.view_unlocked().locked_until(until),
            None => self.view_unlocked(),
        }
    }

    /// As if no failure had locked it.
    pub(crate) fn view_unlocked(&self) -> mfa_policy::Registration {
        let mut view = mfa_policy::Registration::new(self.id.clone(), self.method.clone())
            .in_state(self.state);
        if let Some(device) = &self.device {
            view = view.on(device.clone());
        }
        if let Some(time) = self.last_used {
            view = view.last_used(time);
        }
        if let Factor::TemporaryPass { validity, .. } = &self.factor {
            view = view.with_pass(*validity);
        }
        match self.codes_left() {
            Some(left) => view.with_codes_left(left),
            None => view,
        }
    }
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Factor(redacted)")
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_active(state: &State) -> bool {
    *state == State::Active
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
