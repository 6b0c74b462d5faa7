//! Signing in without a password: a user name, and then the gesture of the phone, a passkey or a temporary pass.
//!
//! Anybody can begin it who knows a name. So everybody is offered the same, notifications are few and counted apart, and wrong guesses
//! are counted on a budget of their own.

use mfa_policy::{Method, Purpose, RegistrationId, Timestamp};

use crate::budget::Consequence;
use crate::challenge::Choice;
use crate::change::Change;
use crate::effect::Notice;
use crate::event::{Class, What};
use crate::hashing::Digest;
use crate::operation::Operation;
use crate::reset::{Begun, ResetSession};
use crate::session::{SessionId, SessionRecord};

impl Operation<'_> {
    /// Begins to sign in without a password, in a session of its own. The phone gets its notification at once; the number to type there
    /// stands in [`Prompt::asked`](crate::Prompt::asked). For a name that nobody has, do it on [`Flow::decoy`](crate::Flow::decoy).
    ///
    /// What can be chosen is what the policy lets anybody begin with, one of each method: what a person has registered does not show. With
    /// several phones it is the one that was used last. For a security key let the browser find the passkey (an empty list of
    /// credentials), and answer with the registration that it belongs to.
    ///
    /// An accepted answer is the first factor of the session; [`next`](Self::next) says whether that is enough.
    ///
    /// # Security
    /// Five notifications a day (the policy's `pushes`) is the most that a stranger can cause, and the person can report one as
    /// suspicious. After that this way is closed for a day, or until the person signs in by it; every other way stays open.
    pub fn begin_phone_sign_in(mut self) -> Change<Begun> {
        let purpose = Purpose::FirstFactor;
        let result = self.may_begin_without_password();
        let (session, digest) = self.begin_anonymous(None);
        self.event(What::PhoneSignInBegun { result });
        let choices = self.choices(purpose);
        let is_phone = |choice: &Choice| choice.method == Method::PhoneSignIn;
        let prompt = self.begin_challenge(digest, purpose, choices, is_phone);
        self.finish(Begun { session, prompt })
    }

    fn may_begin_without_password(&self) -> Class {
        let own = self.usable(Purpose::FirstFactor);
        let open = |choice: &Choice| self.is_open(&choice.registration, Purpose::FirstFactor);
        if self.account.key().is_decoy() {
            Class::UnknownPerson
        } else if self.is_switched_off() {
            Class::Suspended
        } else if own.is_empty() {
            Class::NoFactor
        } else if !own.iter().any(open) {
            Class::Locked
        } else {
            Class::Accepted
        }
    }

    /// What can stand in the place of the password: of each method that the policy offers what the person used last, or what could
    /// be registered.
    pub(crate) fn first_factors(&self) -> Vec<Choice> {
        let own = self.usable(Purpose::FirstFactor);
        let last_used = |choice: &&Choice| -> Option<Timestamp> {
            self.account.registered(&choice.registration)?.last_used
        };
        let methods = self.flow.policy.methods();
        let offered = methods.filter(|method| self.is_offered(method, Purpose::FirstFactor));
        offered
            .map(|method| {
                let decoy = self.decoy_choice(method.clone());
                let own = own.iter().filter(|choice| choice.method == *method);
                own.max_by_key(last_used)
                    .cloned()
                    .map_or(decoy, Choice::without_name)
            })
            .collect()
    }

    /// Counts a failure in the place of a password, where nothing was proven before.
    ///
    /// What bounds guesses of a pass is a budget of its own, on the registration: the same numbers as for a second step, so that they
    /// mean the same chance, but never the same count. So a stranger can close this one way in, until the pass is issued anew at the
    /// latest, and the second step after the password stays open for its owner. What cannot be guessed is not counted.
    pub(crate) fn first_factor_failed(&mut self, registration: &RegistrationId) {
        let (now, limits) = (self.now(), self.flow.policy.lockout());
        let Some(registered) = self.account.registered_mut(registration) else {
            return;
        };
        let method = registered.method.clone();
        if matches!(
            method,
            Method::SecurityKey
                | Method::PhoneSignIn
                | Method::AuthenticatorPush
                | Method::External(_)
        ) {
            return;
        }
        let (until, first) = match registered.first_factor_budget.fail(now, limits) {
            Consequence::Counted => return,
            Consequence::Locked { until, first } => (Some(until), first),
            Consequence::Disabled => (None, true),
        };
        let about = Some((registration.clone(), method.clone()));
        self.event_about(What::FirstFactorLocked { until }, about);
        if first {
            self.notify(Notice::Locked { method, until });
        }
    }

    /// Begins a session in which nothing was proven.
    pub(crate) fn begin_anonymous(&mut self, reset: Option<ResetSession>) -> (SessionId, Digest) {
        let id = SessionId::random(self.rng);
        let digest = id.digest(&self.flow.hash_key, &self.account);
        self.account.keep_session(SessionRecord {
            id: digest,
            begun: self.now(),
            first_factor: None,
            first_by: None,
            remembered: None,
            reset,
            proofs: Vec::new(),
        });
        self.session = Some(digest);
        (id, digest)
    }
}
