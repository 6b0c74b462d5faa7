//! What people do with what they have registered.

use subtle::ConstantTimeEq;

use crate::effect::Effect;
use crate::event::What;
use crate::hashing::Digest;
use crate::operation::Operation;
use crate::session::SessionRef;

impl Operation<'_> {
    /// What follows from every change of factors: remembered devices are forgotten, the other sessions end (ASVS 7.4.3), and
    /// nothing that rested on a registration that is gone goes on. Call it after the change.
    pub(crate) fn factors_changed(&mut self) {
        self.forget_devices();
        self.end_other_sessions();
        let record = &mut self.account.record;
        let registrations = &record.registrations;
        let is_there = |id: &mfa_policy::RegistrationId| registrations.iter().any(|r| r.id == *id);
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
            record.enrolment = None;
            self.event(What::EnrolmentEnded);
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
        let orphaned = record.enrolment.as_ref();
        if orphaned.is_some_and(|enrolment| !is_kept(&enrolment.session)) {
            record.enrolment = None;
            self.event(What::EnrolmentEnded);
        }
        self.effect(Effect::EndSessions {
            except: kept.map(SessionRef::from),
        });
    }
}
