//! What an account is after an action.

use crate::account::{AccountView, Pass, Registration, State};
use crate::action::{Action, Administration};
use crate::case::Case;
use crate::context::Context;
use crate::method::Method;
use crate::name::{DeviceId, RegistrationId};
use crate::policy::Policy;
use crate::subject::Subject;

impl Policy {
    /// What the account is after the action: for telling somebody the consequences before ("your default becomes …"), and for
    /// whoever keeps the account, as the one place that knows them.
    ///
    /// What is not allowed changes nothing. A method that is added is pending under a new identifier that begins with `new`,
    /// in the place of any other that is pending; one that needs no test is active at once.
    #[must_use]
    pub fn outcome(
        &self,
        subject: &Subject,
        account: &AccountView,
        action: &Action,
        context: &Context,
    ) -> AccountView {
        let mut after = account.clone();
        if Case::new(self, subject, account, context).allows(action) {
            Change {
                policy: self,
                subject,
                context,
                account: &mut after,
            }
            .apply(action);
        }
        after
    }
}

/// An account that is being changed.
pub(crate) struct Change<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) subject: &'a Subject,
    pub(crate) context: &'a Context,
    pub(crate) account: &'a mut AccountView,
}

impl Change<'_> {
    /// Applies an action, allowed or not.
    pub(crate) fn apply(&mut self, action: &Action) {
        match action {
            Action::Use { registration, .. } => self.use_once(registration),
            Action::Add { method, device } => self.begin(method, device.as_ref()),
            Action::CreateAppPassword => self.begin(&Method::AppPassword, None),
            Action::Confirm { registration } => self.activate(registration),
            Action::Remove { registration } => self.remove(registration),
            Action::Replace {
                registration,
                method,
                device,
            } => self.replace(registration, method, device.as_ref()),
            Action::SetDefault { registration } => {
                self.account.default = Some(registration.clone());
            }
            Action::Administer(administration) => self.administer(administration),
            Action::Accept { .. }
            | Action::Rename { .. }
            | Action::StartReset
            | Action::FinishReset
            | Action::RememberDevice => {}
        }
    }

    fn administer(&mut self, administration: &Administration) {
        match administration {
            Administration::Add {
                method: Method::TemporaryPass,
                ..
            } => self.issue_pass(None, self.policy.temporary_pass.one_time),
            Administration::Add { method, device } => {
                if let Some(id) = self.free_id() {
                    self.insert(id.clone(), method, device.as_ref(), State::Pending);
                    self.activate(&id);
                }
            }
            Administration::Remove { registration } => self.remove(registration),
            Administration::Unlock => self.unlock(),
            Administration::RequireRegistration => self.require_registration(),
            Administration::RevokeRememberedDevices => {}
            Administration::IssuePass { minutes, one_time } => self.issue_pass(*minutes, *one_time),
        }
    }

    fn use_once(&mut self, id: &RegistrationId) {
        let now = self.context.now;
        let Some(registration) = self.registration_mut(id) else {
            return;
        };
        registration.last_used = Some(now);
        if let Some(pass) = &mut registration.pass {
            pass.used = true;
        }
        if let Some(codes) = &mut registration.codes_left {
            *codes = codes.saturating_sub(1);
        }
    }

    /// A new start ends what was pending before (SP 800-63B-4 §4.1.2.2).
    fn begin(&mut self, method: &Method, device: Option<&DeviceId>) {
        let Some(id) = self.free_id() else { return };
        self.account
            .registrations
            .retain(|registration| registration.state != State::Pending);
        let state = if method.needs_no_test() {
            State::Active
        } else {
            State::Pending
        };
        self.insert(id, method, device, state);
    }

    /// An identifier that no registration has, not even one that is about to go: what is new is never taken for the old.
    pub(crate) fn free_id(&self) -> Option<RegistrationId> {
        let mut names = (0_u32..).map(|n| {
            if n == 0 {
                "new".to_owned()
            } else {
                format!("new-{n}")
            }
        });
        names.find_map(|name| {
            let free = |id: &RegistrationId| {
                self.account.registration(id).is_none() && self.account.default.as_ref() != Some(id)
            };
            RegistrationId::new(&name).ok().filter(free)
        })
    }

    pub(crate) fn insert(
        &mut self,
        id: RegistrationId,
        method: &Method,
        device: Option<&DeviceId>,
        state: State,
    ) {
        let mut registration = Registration::new(id, method.clone()).in_state(state);
        registration.device = device.cloned();
        if *method == Method::RecoveryCodes {
            registration.codes_left = Some(RECOVERY_CODES);
        }
        self.put(registration);
    }

    /// INVARIANT: the registrations stay sorted by identifier.
    fn put(&mut self, registration: Registration) {
        let place = self
            .account
            .registrations
            .partition_point(|other| other.id < registration.id);
        self.account.registrations.insert(place, registration);
    }

    /// The test was passed.
    pub(crate) fn activate(&mut self, id: &RegistrationId) {
        let Some(registration) = self.registration_mut(id) else {
            return;
        };
        registration.state = State::Active;
        let method = registration.method.clone();
        let Some(rule) = self.policy.rule(&method) else {
            return;
        };
        let none_chosen = self
            .account
            .default
            .as_ref()
            .is_none_or(|id| self.account.registration(id).is_none());
        if rule.default && (rule.makes_default || none_chosen) {
            self.account.default = Some(id.clone());
        }
    }

    pub(crate) fn remove(&mut self, id: &RegistrationId) {
        self.account
            .registrations
            .retain(|registration| registration.id != *id);
        self.follow_default();
    }

    /// If the chosen default is gone, another available method becomes it.
    fn follow_default(&mut self) {
        let Some(default) = &self.account.default else {
            return;
        };
        if self.account.registration(default).is_some() {
            return;
        }
        let next = Case::new(self.policy, self.subject, self.account, self.context).next_default();
        self.account.default = next.map(|registration| registration.id.clone());
    }

    fn replace(&mut self, old: &RegistrationId, method: &Method, device: Option<&DeviceId>) {
        let Some(new) = self.free_id() else { return };
        let was_default = self.account.default.as_ref() == Some(old);
        self.account
            .registrations
            .retain(|registration| registration.id != *old);
        self.insert(new.clone(), method, device, State::Pending);
        if was_default && self.policy.rule(method).is_some_and(|rule| rule.default) {
            self.account.default = Some(new.clone());
        }
        self.activate(&new);
        self.follow_default();
    }

    fn unlock(&mut self) {
        self.account.reset_locked_until = None;
        for registration in &mut self.account.registrations {
            registration.locked_until = None;
            if registration.state == State::Deactivated {
                registration.state = State::Active;
            }
        }
    }

    /// Telephones and authenticator apps go, with the recovery codes that stood behind them; hardware tokens are switched
    /// off; keys, e-mail, questions and app passwords stay. A token that is disabled or pending stays so, or unlocking would
    /// make it good.
    fn require_registration(&mut self) {
        self.account.registrations.retain(|registration| {
            !(registration.method.is_telephone()
                || matches!(
                    registration.method,
                    Method::AuthenticatorPush
                        | Method::AuthenticatorCode
                        | Method::OtherAuthenticator
                        | Method::PhoneSignIn
                        | Method::RecoveryCodes
                ))
        });
        for registration in &mut self.account.registrations {
            if registration.method == Method::HardwareToken && registration.state == State::Active {
                registration.state = State::Deactivated;
            }
        }
        self.follow_default();
    }

    /// A new pass takes the place of an earlier one.
    fn issue_pass(&mut self, minutes: Option<u32>, one_time: bool) {
        let Some(id) = self.free_id() else { return };
        self.account
            .registrations
            .retain(|registration| registration.method != Method::TemporaryPass);
        let from = self.context.now;
        let until = from.plus_minutes(minutes.unwrap_or(self.policy.temporary_pass.minutes));
        let pass = Pass {
            from,
            until,
            one_time,
            used: false,
        };
        self.put(Registration::new(id, Method::TemporaryPass).with_pass(pass));
    }

    fn registration_mut(&mut self, id: &RegistrationId) -> Option<&mut Registration> {
        self.account
            .registrations
            .iter_mut()
            .find(|registration| registration.id == *id)
    }
}

/// A set of recovery codes, as `mfa-flow` makes them.
const RECOVERY_CODES: u32 = 10;
