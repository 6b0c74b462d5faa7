//! What people do with what they have registered: remove, rename, choose the default, confirm.

use mfa_policy::{Action, Method, RegistrationId};
use subtle::ConstantTimeEq;

use crate::challenge::Choice;
use crate::change::Change;
use crate::effect::{Effect, Notice};
use crate::event::What;
use crate::hashing::Digest;
use crate::history::Binding;
use crate::naming::checked_name;
use crate::operation::{Operation, Refused};
use crate::password_try::PasswordRecord;
use crate::registration::{Factor, Registered};
use crate::session::SessionRef;
use crate::sign_in::Next;

/// Somebody was asked whether a registration is really to go, and said yes. It cannot be undone: only a new enrolment brings
/// the method back, with a new secret.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed(());

impl Confirmed {
    /// Say it where the answer to the question arrives, and nowhere else.
    #[must_use]
    pub const fn after_asking() -> Self {
        Self(())
    }
}

/// A registration was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    default: Option<Choice>,
    followed: bool,
}

impl Removed {
    /// What two-step verification begins with now; `None` if nothing is left for it.
    #[must_use]
    pub const fn default(&self) -> Option<&Choice> {
        self.default.as_ref()
    }

    /// Whether it is another one than before.
    #[must_use]
    pub const fn default_changed(&self) -> bool {
        self.followed
    }
}

impl Operation<'_> {
    /// Removes a registration, at once and for good. It takes a fresh proof by any other or the same registration, never
    /// by this one in particular. A pending one is given up.
    ///
    /// The person is told, also where the registration reached him.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], for example if the last method that the policy requires would go.
    pub fn remove(
        mut self,
        registration: &RegistrationId,
        _: Confirmed,
    ) -> Change<Result<Removed, Refused>> {
        let action = Action::Remove {
            registration: registration.clone(),
        };
        let outcome = self
            .permitted(&action)
            .map(|()| self.take_off(&action, registration));
        self.finish(outcome)
    }

    /// Takes a registration off after that action was allowed.
    pub(crate) fn take_off(&mut self, action: &Action, registration: &RegistrationId) -> Removed {
        let before = self.default_choice();
        if let Some(registered) = self.account.registered(registration) {
            let (method, name) = (registered.method.clone(), registered.name.clone());
            // Before it goes, so that the old number or address is told, too.
            match self.administered(What::Removed, Some(method.clone())) {
                Some(notice) => self.notify(notice),
                None => self.notify(Notice::Removed { method, name }),
            }
            self.adopt(action);
            self.factors_changed();
        } else {
            self.end_pending();
        }
        let default = self.default_choice();
        let followed =
            before.as_ref().map(Choice::registration) != default.as_ref().map(Choice::registration);
        if followed {
            self.default_changed(default.as_ref());
        }
        Removed { default, followed }
    }

    /// What two-step verification begins with, locked for the moment or not.
    fn default_choice(&self) -> Option<Choice> {
        let policy = &self.flow.policy;
        let default =
            policy.default_method(&self.visit.subject, &self.unlocked_view(), &self.context())?;
        self.account
            .registered(default.registration())
            .map(Choice::of)
    }

    fn default_changed(&mut self, default: Option<&Choice>) {
        let about = default.map(|choice| (choice.registration().clone(), choice.method().clone()));
        let method = default.map(|choice| choice.method().clone());
        self.event_about(What::DefaultChanged, about);
        self.notify(Notice::DefaultChanged { method });
    }

    /// Gives a registration another name.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], and [`Refused::Invalid`] for a name that is empty, longer than 64 characters, or
    /// holds characters that are not seen; [`Refused::Over`] for one that is pending.
    pub fn rename(
        mut self,
        registration: &RegistrationId,
        name: &str,
    ) -> Change<Result<(), Refused>> {
        let outcome = self.give_name(registration, name);
        self.finish(outcome)
    }

    fn give_name(&mut self, registration: &RegistrationId, name: &str) -> Result<(), Refused> {
        self.permitted(&Action::Rename {
            registration: registration.clone(),
        })?;
        let name = checked_name(name)?;
        let registered = self
            .account
            .registered_mut(registration)
            .ok_or(Refused::Over)?;
        registered.name = name;
        let about = Some((registration.clone(), registered.method.clone()));
        self.event_about(What::Renamed, about);
        Ok(())
    }

    /// Chooses what two-step verification begins with.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], for example for a method that cannot be the default.
    pub fn set_default(mut self, registration: &RegistrationId) -> Change<Result<(), Refused>> {
        let action = Action::SetDefault {
            registration: registration.clone(),
        };
        let outcome = self.permitted(&action).map(|()| {
            self.adopt(&action);
            let chosen = self.account.registered(registration).map(Choice::of);
            self.default_changed(chosen.as_ref());
        });
        self.finish(outcome)
    }

    /// The person has looked over the security info and says that it is right.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] unless the person is signed in.
    pub fn reconfirm(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.signed_in().map(|()| {
            self.account.record.reconfirmed = Some(self.now());
            self.event(What::Reconfirmed);
        });
        self.finish(outcome)
    }

    /// Puts the registration campaign off.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] unless the person is signed in, a campaign asks now, and it can be put off once more.
    pub fn snooze_campaign(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.signed_in().and_then(|()| self.snooze());
        self.finish(outcome)
    }

    fn snooze(&mut self) -> Result<(), Refused> {
        let overview =
            self.flow
                .policy
                .overview(&self.visit.subject, &self.account.view(), &self.context());
        let campaign = overview.campaign().ok_or(Refused::Over)?;
        if campaign.skips_left() == Some(0) {
            return Err(Refused::Over);
        }
        let (now, record) = (self.now(), &mut self.account.record);
        record.campaign_snoozed = Some(now);
        record.campaign_skips = record.campaign_skips.saturating_add(1);
        self.event(What::CampaignSnoozed);
        Ok(())
    }

    /// Ends the other sessions of the person.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] unless the person is signed in.
    pub fn sign_out_elsewhere(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.signed_in().map(|()| {
            self.end_other_sessions();
            self.event(What::SessionsEnded);
        });
        self.finish(outcome)
    }

    /// What follows after the host has set another password, whoever asked for it: the other sessions end, remembered devices
    /// are forgotten, what was counted of the old password is over, and two-step verification stays as it was.
    pub fn password_changed(mut self) -> Change<()> {
        self.account.record.password = PasswordRecord::default();
        self.forget_devices();
        self.end_other_sessions();
        self.event(What::PasswordChanged);
        self.finish(())
    }

    /// Whether the person himself is signed in, with everything that takes.
    pub(crate) fn signed_in(&self) -> Result<(), Refused> {
        let himself = self.visit.administrator.is_none() && !self.is_switched_off();
        if himself && self.next() == Next::Done {
            Ok(())
        } else {
            Err(Refused::Over)
        }
    }

    /// Binds what needs no test, active at once.
    pub(crate) fn bind_at_once(
        &mut self,
        id: RegistrationId,
        method: Method,
        name: String,
        factor: Factor,
    ) {
        self.record_binding(&id, &method);
        let registered = Registered::new(id, method, name, factor, self.now());
        self.account.record.registrations.push(registered);
        self.factors_changed();
    }

    /// Writes down that a registration was bound.
    pub(crate) fn record_binding(&mut self, id: &RegistrationId, method: &Method) {
        self.write_down(Binding::Bound, id.clone(), method.clone());
        self.event_about(What::Bound, Some((id.clone(), method.clone())));
    }

    /// What follows from every change of factors: remembered devices are forgotten, the other sessions end (ASVS 7.4.3), and
    /// nothing that rested on a registration that is gone goes on. Call it after the change.
    pub(crate) fn factors_changed(&mut self) {
        self.forget_devices();
        self.end_other_sessions();
        let record = &mut self.account.record;
        let registrations = &record.registrations;
        let is_there = |id: &RegistrationId| registrations.iter().any(|r| r.id == *id);
        record.challenges.retain(|challenge| {
            let asked = challenge.asked.as_ref();
            asked.is_none_or(|asked| is_there(&asked.registration))
        });
        for session in &mut record.sessions {
            session.proofs.retain(|proof| is_there(&proof.by));
        }
        let replaced = record
            .enrolment
            .as_ref()
            .and_then(|enrolment| enrolment.replaces.as_ref());
        if replaced.is_some_and(|replaced| !is_there(replaced)) {
            self.end_pending();
        }
    }

    /// Ends every session but that of the visit, with its challenges and with an enrolment that was begun in it. An
    /// administrator has no session here, so all of them end.
    pub(crate) fn end_other_sessions(&mut self) {
        let kept = self
            .session
            .filter(|id| self.visit.administrator.is_none() && self.account.session(id).is_some());
        let is_kept = |id: &Digest| kept.is_some_and(|kept| bool::from(kept.ct_eq(id)));
        let record = &mut self.account.record;
        record.sessions.retain(|session| is_kept(&session.id));
        record
            .challenges
            .retain(|challenge| is_kept(&challenge.session));
        let enrolment = record.enrolment.as_ref();
        if enrolment.is_some_and(|enrolment| !is_kept(&enrolment.session)) {
            self.end_pending();
        }
        self.effect(Effect::EndSessions {
            except: kept.map(SessionRef::from),
        });
    }
}
