//! When a clock was wrong, or a backup was restored: what lies in the future is brought back, and nothing is accepted twice.

use mfa_policy::{Method, RegistrationId, Timestamp};
use otp_core::{Drift, TimeStep, Totp, Window};

use crate::change::Change;
use crate::event::What;
use crate::history::Binding;
use crate::operation::{Operation, Refused};
use crate::registration::{Factor, Registered};
use crate::verify::{look_ahead, unix};

/// The last step that a token with that drift may show, where `present` is the step of our clock.
pub(crate) fn window_end(present: TimeStep, window: Window, drift: Drift) -> TimeStep {
    let centre = present.get().saturating_add_signed(drift.steps().into());
    TimeStep::new(centre.saturating_add(window.future().into()))
}

impl Operation<'_> {
    /// Puts the account in order after our clock, or that of a token, was ahead. Without it such a token is refused until the
    /// time has come that it showed.
    ///
    /// The used steps of every token are brought back to the end of the present window; those that were accepted beyond it
    /// stay used when they come. A token that ran ahead and was set right is found again by
    /// [`resynchronise`](Self::resynchronise); one that was set back has to wait, as nothing before now is ever opened.
    ///
    /// Locks and counted failures from the future count as of now. Sessions, challenges, enrolments and remembered devices
    /// from the future are over.
    ///
    /// By an administrator, or by the operator's tool. Mend the clock before.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn repair_clock(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.administers().map(|()| self.bring_back());
        self.finish(outcome)
    }

    fn bring_back(&mut self) {
        let (now, window) = (self.now(), self.flow.window);
        let policy = &self.flow.policy;
        let record = &mut self.account.record;
        let mut repaired = Vec::new();
        for registered in &mut record.registrations {
            registered.bring_back(now, policy.lockout());
            if let Some((end, _)) = registered.window_ends(now, window)
                && let Factor::Totp { used, .. } = &mut registered.factor
                && used.reopen_above(end)
            {
                repaired.push((registered.id.clone(), registered.method.clone()));
            }
        }
        record.enrolling.bring_back(now, policy.lockout());
        record.reset.bring_back(now, policy.reset_limits());
        record.password.bring_back(now);
        record.sends.bring_back(now);
        record.first_factor_sends.bring_back(now);
        record.reconfirmed = record.reconfirmed.map(|time| time.min(now));
        record.campaign_snoozed = record.campaign_snoozed.map(|time| time.min(now));
        record.remembered.retain(|device| device.since <= now);
        let latest = now.plus_minutes(policy.challenge().minutes());
        record
            .challenges
            .retain(|challenge| challenge.expires <= latest);
        let from_the_future: Vec<_> = record
            .sessions
            .iter()
            .filter(|session| session.is_from_the_future(now))
            .map(|session| session.id)
            .collect();
        let begun = record.enrolment.as_ref().map(|enrolment| enrolment.begun);
        for session in &from_the_future {
            self.account.end_session(session);
        }
        if begun > Some(now) {
            self.end_pending();
        }
        self.event(What::ClockRepaired);
        for about in repaired {
            self.event_about(What::ClockRepaired, Some(about));
        }
        self.tell_of(What::ClockRepaired, None);
    }

    /// Puts the account in order after a backup was restored: what was used, removed or revoked since the backup may be there
    /// again, and nobody knows what.
    ///
    /// - Every time step up to the end of the present window is used; a code is good again after at most a few of them.
    /// - A counter token goes on as many codes as were open. If more were used since the backup, resynchronise it.
    /// - Recovery codes and temporary passes are void, as any of them may have been used; app passwords, as any of them may
    ///   have been removed and one alone lets somebody in.
    /// - Sessions, challenges, enrolments, remembered devices and what was sent are over.
    /// - What cannot be known stays as it is in the backup: failures that were counted since, registrations that were added or
    ///   removed, accounts that were suspended. Go through the audit log, which is kept apart.
    ///
    /// By the operator's tool, before anybody can sign in; or by an administrator.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn burn(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.administers().map(|()| self.burn_everything());
        self.finish(outcome)
    }

    fn burn_everything(&mut self) {
        // Before anything goes, so that whoever is reached is told.
        self.tell_of(What::Burned, None);
        let (now, window) = (self.now(), self.flow.window);
        for registered in &mut self.account.record.registrations {
            let ends = registered.window_ends(now, window);
            match &mut registered.factor {
                Factor::Totp { used, .. } => {
                    if let Some((_, end)) = ends {
                        used.burn(end);
                    }
                }
                Factor::Hotp { next, .. } => {
                    for _ in 0..=look_ahead().get() {
                        *next = next.and_then(otp_core::Counter::next);
                    }
                }
                Factor::RecoveryCodes { unused } => unused.clear(),
                _ => {}
            }
        }
        let void = |registered: &mut Registered| {
            matches!(
                registered.method,
                Method::AppPassword | Method::TemporaryPass
            )
        };
        let gone: Vec<(RegistrationId, Method)> = self
            .account
            .record
            .registrations
            .extract_if(.., void)
            .map(|registered| (registered.id, registered.method))
            .collect();
        for (registration, method) in gone {
            self.write_down(Binding::Removed, registration.clone(), method.clone());
            self.event_about(What::Removed, Some((registration, method)));
        }
        self.factors_changed();
        self.event(What::Burned);
    }
}

impl Registered {
    /// The last time step that is accepted of it now: as its clock is known to run, and if it ran right; the earlier one
    /// first. `None` if it shows no codes of time.
    fn window_ends(&self, now: Timestamp, window: Window) -> Option<(TimeStep, TimeStep)> {
        let Factor::Totp {
            secret,
            parameters,
            drift,
            ..
        } = &self.factor
        else {
            return None;
        };
        // Before the first step of a token nothing is accepted, so that step is as far as it goes.
        let present = Totp::new(secret.secret(), *parameters)
            .step_at(unix(now))
            .unwrap_or_default();
        let right = window_end(present, window, Drift::default());
        let known = window_end(present, window, *drift);
        Some((right.min(known), right.max(known)))
    }
}
