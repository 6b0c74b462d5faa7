//! Password reset: gates, and a permission to set a password once.
//!
//! Anybody who knows a name can begin a reset, so nothing of it tells whether there is such a person, nothing of it is counted
//! against a factor, and nothing that is proven in it opens anything else.

use mfa_policy::{Action, Context, Purpose, ResetLimits, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::challenge::{Choice, Prompt};
use crate::change::Change;
use crate::effect::Notice;
use crate::event::{Class, What};
use crate::hashing::{Digest, Domain};
use crate::id;
use crate::operation::{Operation, Refused, with_proofs};
use crate::password_try::PasswordRecord;
use crate::proof::Rejected;
use crate::secret::SecretString;
use crate::sends::Sends;
use crate::session::{SessionId, SessionRecord};

/// The time over which failed proofs are counted (Entra: "within a 24 hour period").
const PROOFS_SECONDS: u32 = 86_400;
/// The time over which failed validations are counted (Entra: "within an hour").
const VALIDATIONS_SECONDS: u32 = 3_600;
/// The time over which mails are counted (Entra: "in a 10 minute period").
const MAILS_SECONDS: u32 = 600;

/// What is counted against password resets of one account, whoever begins them and in however many sessions.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ResetRecord {
    /// Locked after failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locked_until: Option<Timestamp>,
    /// Wrong answers to gates, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed_proofs: Vec<Timestamp>,
    /// Those among them that answered something we had put to the person: a code that was sent, a number or a call, questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed_validations: Vec<Timestamp>,
    /// Mails that were sent, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mails: Vec<Timestamp>,
    /// Apart from what is sent for sign-in, so that a stranger cannot use that up.
    #[serde(skip_serializing_if = "Sends::is_empty")]
    pub(crate) sends: Sends,
    /// When the person was last told that a reset was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<Timestamp>,
}

impl ResetRecord {
    pub(crate) const fn is_empty(&self) -> bool {
        self.locked_until.is_none()
            && self.failed_proofs.is_empty()
            && self.failed_validations.is_empty()
            && self.mails.is_empty()
            && self.sends.is_empty()
            && self.told.is_none()
    }

    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    /// Ends the lock. What was counted went when it began.
    pub(crate) const fn unlock(&mut self) {
        self.locked_until = None;
    }

    /// Takes what was counted while our clock was ahead as counted now. A lock ends no later than one that begins now would.
    pub(crate) fn bring_back(&mut self, now: Timestamp, limits: &ResetLimits) {
        let counted = self.failed_proofs.iter_mut();
        let counted = counted.chain(&mut self.failed_validations);
        for time in counted.chain(&mut self.mails).chain(&mut self.told) {
            *time = now.min(*time);
        }
        self.sends.bring_back(now);
        let latest = lock_ends(now, limits);
        self.locked_until = self.locked_until.map(|until| until.min(latest));
    }
}

fn lock_ends(now: Timestamp, limits: &ResetLimits) -> Timestamp {
    now.plus_minutes(limits.locked_hours().saturating_mul(60))
}

/// What makes a session one of a password reset.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ResetSession {
    /// The permission to set a password, once it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    permission: Option<Digest>,
}

/// Something that was begun with nothing but a name: a password reset, or a sign-in without a password.
///
/// It looks the same for somebody who can do it, who cannot, and who does not exist.
#[derive(Debug)]
pub struct Begun {
    pub(crate) session: SessionId,
    pub(crate) prompt: Prompt,
}

impl Begun {
    /// The session, to be kept in a host's session that is signed in to nothing.
    #[must_use]
    pub const fn session(&self) -> &SessionId {
        &self.session
    }

    /// What to ask for. Its choices have no names and no addresses.
    #[must_use]
    pub const fn prompt(&self) -> &Prompt {
        &self.prompt
    }
}

/// The permission to set a new password, once: [`Operation::use_permission`]. It is good in its session, for as long as the
/// reset may take.
#[derive(Debug)]
#[must_use = "use it when the new password is set"]
pub struct Permission(SecretString);

impl Permission {
    /// The token, to be kept where the client cannot read it. The call to search for when asking who sees it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Operation<'_> {
    /// Begins a password reset, in a session of its own. For a name that nobody has, do it on [`Flow::decoy`](crate::Flow::decoy), with
    /// a subject as most people are.
    ///
    /// Nothing is sent before somebody chooses. The person is told, at most once in the time that a reset may take.
    ///
    /// # Security
    /// The outcome is the same, in shape and in work, whether there is such a person, can reset, is locked or switched off: who
    /// cannot is shown choices that could be somebody's, always the same for one name. What is left over:
    /// - Those choices never change, as a person's can; and a person who has something unusual is recognised by it.
    /// - Who sees that a message arrives, or that the person was told, knows.
    /// - One notice more is written for a person, and microseconds differ.
    /// - Nothing here limits how many names somebody tries: limit it by address, as any page that takes a name.
    pub fn begin_reset(mut self) -> Change<Begun> {
        let result = self.may_begin_reset();
        let (session, digest) = self.begin_anonymous(Some(ResetSession::default()));
        self.event(What::ResetBegun { result });
        let prompt = self.ask_for_gate(digest);
        if result == Class::Accepted {
            self.tell_of_reset();
        }
        self.finish(Begun { session, prompt })
    }

    /// Asks for the next gate, or once more for the first.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] if this is no session of a reset, or the reset took too long.
    pub fn next_gate(mut self) -> Change<Result<Prompt, Refused>> {
        let Some(session) = self.live_reset().map(|session| session.id) else {
            return self.refuse(Refused::Over);
        };
        let prompt = self.ask_for_gate(session);
        self.finish(Ok(prompt))
    }

    /// Nothing is sent before somebody chooses.
    fn ask_for_gate(&mut self, session: Digest) -> Prompt {
        let purpose = Purpose::PasswordReset;
        let choices = self.choices(purpose);
        self.begin_challenge(session, purpose, choices, |_| false)
    }

    /// Gives the permission to set a password, if enough gates were passed that are independent of each other. An earlier one of
    /// this session is void.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] if no gate was passed in this session or the reset took too long; [`Refused::Policy`] after
    /// a gate was passed, if it takes more of them or the reset is locked.
    pub fn finish_reset(mut self) -> Change<Result<Permission, Refused>> {
        let token = Zeroizing::new(id::text(&id::random::<16>(self.rng)));
        let session = match self.may_finish_reset() {
            Ok(session) => session,
            Err(refused) => return self.finish(Err(refused)),
        };
        let permission = Some(self.permission_digest(session, &token));
        if let Some(session) = self.account.session_mut(&session) {
            session.reset = Some(ResetSession { permission });
        }
        self.event(What::ResetPermitted);
        self.finish(Ok(Permission(SecretString::new(token))))
    }

    /// Uses the permission up. Set the password when this is durable, and not before: after a crash between the two the person
    /// begins again.
    ///
    /// Every session ends, remembered devices are forgotten, what was counted of the old password is over, and the person is told
    /// everywhere. Registrations stay as they are, and so does what is counted against them:
    /// signing in with the new password takes the second step as before (ASVS 6.4.3).
    ///
    /// # Errors
    /// In the outcome: [`Rejected`] if it is not the permission of this session, was used, is too old, or what it rests on does not hold
    /// any more.
    pub fn use_permission(mut self, token: &str) -> Change<Result<(), Rejected>> {
        let result = self.check_permission(token);
        if result != Class::Accepted {
            self.event(What::PermissionRefused { result });
            return self.finish(Err(Rejected(())));
        }
        self.account.record.password = PasswordRecord::default();
        self.event(What::PasswordReset);
        self.notify(Notice::PasswordReset);
        if let Some(session) = self.session {
            self.account.end_session(&session);
        }
        self.forget_devices();
        self.end_other_sessions();
        self.finish(Ok(()))
    }

    /// Whether a reset can be begun, for the audit log.
    fn may_begin_reset(&self) -> Class {
        let possible = self.reset_is_possible();
        let record = &self.account.record;
        if self.account.key().is_decoy() {
            Class::UnknownPerson
        } else if self.is_switched_off() {
            Class::Suspended
        } else if record.registrations.is_empty() {
            Class::NoFactor
        } else if !possible {
            Class::NotAllowed
        } else if record.reset.is_locked(self.now()) {
            Class::Locked
        } else {
            Class::Accepted
        }
    }

    /// Whether this person could reset the password, if nothing were locked.
    fn reset_is_possible(&self) -> bool {
        self.flow.policy.allows(
            &self.visit.subject,
            &self.unlocked_view(),
            &Action::StartReset,
            &self.context_for(Purpose::PasswordReset),
        )
    }

    /// What can be asked for in a reset: the gates that are left, or what a person has who cannot reset.
    pub(crate) fn gates(&self) -> Vec<Choice> {
        let (mut own, decoys) = (self.usable(Purpose::PasswordReset), self.decoy_gates());
        let passed = self.live_reset().is_some_and(|s| !s.proofs.is_empty());
        if passed || self.reset_is_possible() {
            // Not in the order in which they were registered.
            own.sort_by(|a, b| (&a.method, &a.registration).cmp(&(&b.method, &b.registration)));
            own.into_iter().map(Choice::without_name).collect()
        } else {
            decoys
        }
    }

    /// The session of the visit, if it is one of a reset that has not taken too long.
    fn live_reset(&self) -> Option<&SessionRecord> {
        let session = self.account.session(&self.session?)?;
        let now = self.now();
        let alive =
            session.reset.is_some() && session.begun <= now && now < self.reset_ends(session.begun);
        alive.then_some(session)
    }

    pub(crate) fn reset_ends(&self, begun: Timestamp) -> Timestamp {
        begun.plus_minutes(self.flow.policy.reset_limits().session_minutes())
    }

    /// The circumstances for a purpose: in a reset, when it began and what was proven in it. Nothing else sees that.
    pub(crate) fn context_for(&self, purpose: Purpose) -> Context {
        let context = self.context();
        let session = self.session.and_then(|id| self.account.session(&id));
        match session.filter(|session| session.reset.is_some()) {
            Some(session) if purpose == Purpose::PasswordReset => {
                with_proofs(context.with_reset_started(session.begun), session)
            }
            _ => context,
        }
    }

    /// Who has passed no gate is told nothing of why.
    fn may_finish_reset(&mut self) -> Result<Digest, Refused> {
        let found = self.live_reset().map(|s| (s.id, s.proofs.is_empty()));
        let reason = match found {
            Some((session, false)) => {
                let context = self.context_for(Purpose::PasswordReset);
                return self
                    .permitted_in(&Action::FinishReset, &context)
                    .map(|()| session);
            }
            Some(_) => "too_few_gates",
            None => "reset_expired",
        };
        let reasons = vec![reason.to_owned()];
        self.event(What::Refused { reasons });
        Err(Refused::Over)
    }

    fn check_permission(&self, token: &str) -> Class {
        let session = self.live_reset();
        let given = self.permission_digest(session.map_or(Digest::NONE, |s| s.id), token);
        let permission = session
            .and_then(|session| session.reset.as_ref())
            .and_then(|reset| reset.permission);
        let right = bool::from(permission.unwrap_or(Digest::NONE).ct_eq(&given));
        let allowed = self.flow.policy.allows(
            &self.visit.subject,
            &self.account.view(),
            &Action::FinishReset,
            &self.context_for(Purpose::PasswordReset),
        );
        if session.is_none() || permission.is_none() {
            Class::NoSession
        } else if !right {
            Class::Wrong
        } else if self.is_switched_off() {
            Class::Suspended
        } else if self.account.record.reset.is_locked(self.now()) {
            Class::Locked
        } else if !allowed {
            Class::NotAllowed
        } else {
            Class::Accepted
        }
    }

    fn permission_digest(&self, session: Digest, token: &str) -> Digest {
        self.digest(Domain::Permission, session.as_bytes(), token.as_bytes())
    }

    /// Counts a wrong answer to a gate: on the reset, and on nothing that sign-in needs.
    ///
    /// Every one is a failed proof. One to something that we had put to the person (a code that was sent, a number or a call, questions)
    /// is a failed validation as well.
    pub(crate) fn reset_failed(&mut self, validation: bool) {
        let (now, limits) = (self.now(), self.flow.policy.reset_limits());
        let reset = &mut self.account.record.reset;
        let proofs = count(&mut reset.failed_proofs, now, PROOFS_SECONDS);
        let validations = if validation {
            count(&mut reset.failed_validations, now, VALIDATIONS_SECONDS)
        } else {
            0
        };
        if proofs >= limits.failed_proofs_a_day()
            || validations >= limits.failed_validations_an_hour()
        {
            self.lock_reset();
        }
    }

    /// Counts a mail that is sent for a gate.
    pub(crate) fn reset_mailed(&mut self) {
        let now = self.now();
        let mails = count(&mut self.account.record.reset.mails, now, MAILS_SECONDS);
        if mails >= self.flow.policy.reset_limits().mails_in_ten_minutes() {
            self.lock_reset();
        }
    }

    /// Counting begins anew after the lock.
    fn lock_reset(&mut self) {
        let until = lock_ends(self.now(), self.flow.policy.reset_limits());
        let reset = &mut self.account.record.reset;
        reset.locked_until = Some(until);
        reset.failed_proofs.clear();
        reset.failed_validations.clear();
        reset.mails.clear();
        self.event(What::ResetLocked { until });
        self.notify(Notice::ResetLocked { until });
    }

    /// Whoever begins one reset after the other must not fill a mailbox with it.
    fn tell_of_reset(&mut self) {
        let now = self.now();
        let told = self.account.record.reset.told;
        if told.is_none_or(|told| now < told || self.reset_ends(told) <= now) {
            self.account.record.reset.told = Some(now);
            self.notify(Notice::ResetBegun);
        }
    }
}

/// Counts one more, and says how many there were within that time. One of the future, from before a clock was set back, counts.
fn count(times: &mut Vec<Timestamp>, now: Timestamp, seconds: u32) -> u32 {
    times.retain(|time| time.plus_seconds(seconds) > now);
    times.push(now);
    u32::try_from(times.len()).unwrap_or(u32::MAX)
}
