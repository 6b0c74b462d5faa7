//! What changes an account: enrolling, removing, choosing, and what the operator does.

use mfa_flow::Class;
use mfa_policy::{Action, DeviceId, Method, RegistrationId, State};

use super::super::naive;
use super::{Authenticator, Factor, Failed, Passwords, Pending, Reference, Secret, Wish};

impl Reference {
    pub(super) fn permitted(&self, action: &Action, session: usize) -> Wish {
        let (view, context) = (self.view(true), self.context(session));
        if self.suspended {
            Wish::Over
        } else if self.policy.allows(&self.subject, &view, action, &context) {
            Wish::Done
        } else {
            Wish::Denied
        }
    }

    /// What the policy says that the account is after the action.
    pub(super) fn adopt(&mut self, action: &Action, session: usize) {
        let (view, context) = (self.view(true), self.context(session));
        let after = self.policy.outcome(&self.subject, &view, action, &context);
        for factor in &mut self.factors {
            match after.registration(&factor.id) {
                Some(view) => factor.state = view.state(),
                None => factor.gone = true,
            }
        }
        let there = |id: &&RegistrationId| self.factors.iter().any(|f| f.id == **id && !f.gone);
        self.default = after.chosen_default().filter(there).cloned();
    }

    /// The other sessions end, and nothing that rests on what is gone goes on.
    pub(super) fn factors_changed(&mut self, session: Option<usize>) {
        let gone: Vec<bool> = self.factors.iter().map(|factor| factor.gone).collect();
        self.end_others(session);
        for challenge in &mut self.challenges {
            let asked = challenge.asked.as_ref();
            challenge.alive &= asked.is_none_or(|asked| !gone[asked.factor]);
        }
        for session in &mut self.sessions {
            session.proofs.retain(|(factor, _)| !gone[*factor]);
        }
    }

    pub(super) fn end_others(&mut self, session: Option<usize>) {
        let kept = session.filter(|session| self.sessions[*session].alive);
        for other in 0..self.sessions.len() {
            if Some(other) != kept {
                self.end_session(other);
            }
        }
        self.pending = self
            .pending
            .take()
            .filter(|pending| Some(pending.session) == kept);
    }

    pub(crate) fn remove(&mut self, session: usize, place: usize) -> Wish {
        let action = Action::Remove {
            registration: self.factors[place].id.clone(),
        };
        let wish = self.permitted(&action, session);
        if wish == Wish::Done {
            self.adopt(&action, session);
            self.factors_changed(Some(session));
        }
        wish
    }

    pub(crate) fn set_default(&mut self, session: usize, place: usize) -> Wish {
        let action = Action::SetDefault {
            registration: self.factors[place].id.clone(),
        };
        let wish = self.permitted(&action, session);
        if wish == Wish::Done {
            self.adopt(&action, session);
        }
        wish
    }

    /// Whether another authenticator may be begun. What it is, only the flow knows: `begun` is told.
    pub(crate) fn begin_enrolment(&self, session: usize) -> Wish {
        let action = Action::Add {
            method: Method::OtherAuthenticator,
            device: Some(DeviceId::new("one that nobody has").unwrap()),
        };
        self.permitted(&action, session)
    }

    pub(crate) fn begun(&mut self, session: usize, id: RegistrationId, key: &[u8]) {
        self.pending = Some(Pending {
            id,
            device: None,
            key: key.to_vec(),
            session,
            begun: self.now,
        });
    }

    pub(crate) fn confirm(&mut self, session: usize, code: &str) -> Wish {
        let now = self.now;
        let minutes = i64::from(self.policy.challenge().enrolment_minutes());
        let Some(pending) = self.pending.as_ref().filter(|p| p.session == session) else {
            return Wish::Over;
        };
        if pending.begun + 60 * minutes <= now {
            self.pending = None;
            return Wish::Over;
        }
        if self.suspended {
            return Wish::Over;
        }
        if !self.enrolling.is_open(now)
            || self.enrolling.in_a_row >= self.policy.lockout().consecutive_failures()
        {
            return Wish::Rejected;
        }
        let action = Action::Confirm {
            registration: pending.id.clone(),
        };
        let wish = self.permitted(&action, session);
        if wish != Wish::Done {
            return wish;
        }
        let limits = self.policy.challenge();
        let (past, future) = (
            i64::from(limits.window_past()),
            i64::from(limits.window_future()),
        );
        let mut authenticator = Authenticator::new(&pending.key);
        if authenticator.answer(code, now, past, future) != Class::Accepted {
            self.enrolling.fail(now, self.policy.lockout());
            return Wish::Rejected;
        }
        let (view, context) = (self.view(true), self.context(session));
        let after = self.policy.outcome(&self.subject, &view, &action, &context);
        let pending = self.pending.take().unwrap();
        self.default = after.chosen_default().cloned();
        self.factors.push(Factor {
            id: pending.id,
            method: Method::OtherAuthenticator,
            device: pending.device,
            state: State::Active,
            gone: false,
            secret: Secret::Totp(authenticator),
            failed: Failed::default(),
            last_used: Some(now),
        });
        self.enrolling.succeed();
        self.reconfirmed.get_or_insert(now);
        self.pushes.clear();
        self.rotate(session, self.factors.len() - 1);
        self.factors_changed(Some(self.sessions.len() - 1));
        Wish::Done
    }

    /// A new set of recovery codes in the place of the old one.
    pub(crate) fn make_paper(&mut self, session: usize) -> Wish {
        let method = Method::RecoveryCodes;
        let old = self.factors.iter().find(|f| !f.gone && f.method == method);
        let action = match old {
            Some(old) => Action::Replace {
                registration: old.id.clone(),
                method,
                device: None,
            },
            None => Action::Add {
                method,
                device: None,
            },
        };
        let wish = self.permitted(&action, session);
        if wish == Wish::Done {
            self.adopt(&action, session);
            if matches!(action, Action::Add { .. }) {
                self.pending = None;
            }
        }
        wish
    }

    pub(crate) fn paper(&mut self, session: usize, id: &RegistrationId, codes: Vec<String>) {
        let secret = Secret::Paper { unused: codes };
        self.factors.push(Factor::new(
            id.as_str(),
            Method::RecoveryCodes,
            None,
            secret,
        ));
        self.factors_changed(Some(session));
    }

    pub(crate) fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended;
        if suspended {
            self.end_others(None);
        }
    }

    pub(crate) fn password_changed(&mut self, session: usize) {
        self.passwords = Passwords::default();
        self.end_others(Some(session));
    }

    /// Our clock was ahead: what lies in the future is brought back.
    pub(crate) fn repair_clock(&mut self) {
        let (now, limits) = (self.now, self.policy.lockout().clone());
        let challenges = self.policy.challenge();
        let future = i64::from(challenges.window_future());
        for factor in self.factors.iter_mut().filter(|factor| !factor.gone) {
            factor.failed.bring_back(now, &limits);
            if let Secret::Totp(authenticator) = &mut factor.secret {
                let end = naive::step(now) + authenticator.drift + future;
                authenticator.up_to = authenticator
                    .up_to
                    .min(Some(end).max(authenticator.unknown));
            }
        }
        self.enrolling.bring_back(now, &limits);
        self.passwords.bring_back(now);
        self.reconfirmed = self.reconfirmed.map(|time| time.min(now));
        let sent = self.texts.iter_mut().map(|(at, _)| at);
        for at in sent.chain(&mut self.pushes) {
            *at = now.min(*at);
        }
        let latest = now + 60 * i64::from(challenges.minutes());
        for challenge in &mut self.challenges {
            challenge.alive &= challenge.expires <= latest;
        }
        for place in 0..self.sessions.len() {
            let session = &self.sessions[place];
            let proofs = session.proofs.iter().map(|(_, at)| *at);
            if proofs.chain([session.first_factor]).any(|at| at > now) {
                self.end_session(place);
            }
        }
        self.pending = self.pending.take().filter(|pending| pending.begun <= now);
    }

    /// A backup was restored: whatever may have been used since is used.
    pub(crate) fn burn(&mut self) {
        let future = i64::from(self.policy.challenge().window_future());
        for factor in &mut self.factors {
            match &mut factor.secret {
                Secret::Totp(authenticator) => {
                    let end = naive::step(self.now) + authenticator.drift + future;
                    authenticator.up_to = authenticator.up_to.max(Some(end));
                    authenticator.unknown = authenticator.unknown.max(Some(end));
                    authenticator.accepted.retain(|step| *step > end);
                }
                Secret::Hotp { next, .. } => *next += 3,
                Secret::Paper { unused } => unused.clear(),
                Secret::Sent | Secret::SecurityKey { .. } => {}
            }
        }
        for challenge in &mut self.challenges {
            challenge.alive = false;
        }
        self.factors_changed(None);
    }
}
