//! Challenges: asking for a proof, by the method that the policy chooses or the person prefers.

use mfa_policy::{
    Action, DefaultMethod, Method, Purpose, RegistrationId, Sending, State, Timestamp,
};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::account::Account;
use crate::answer::PhoneSaid;
use crate::change::Change;
use crate::code;
use crate::device::{Decision, NewRequest, PushRequest, RequestDigest, SignedAnswer};
use crate::effect::{Effect, Why};
use crate::event::{Class, What};
use crate::hashing::{Digest, Domain};
use crate::id::{ChallengeId, RequestId};
use crate::message::Brings;
use crate::operation::{Operation, Refused};
use crate::questions::Question;
use crate::registration::Registered;
use crate::sends::Sends;
use crate::session::is_anonymous;

/// Challenges that one account keeps of sessions with a first factor, and as many of those without one. Of more the oldest
/// go; so nobody who has proven nothing can end the challenge of somebody who has.
const MOST_CHALLENGES: usize = 8;

/// A challenge as it is kept: bound to account, session and purpose.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChallengeRecord {
    pub(crate) id: ChallengeId,
    pub(crate) session: Digest,
    pub(crate) purpose: Purpose,
    pub(crate) expires: Timestamp,
    /// How often something was sent for it.
    #[serde(default)]
    pub(crate) sends: u32,
    /// What was sent, or asked of questions. One at a time: a new one makes the old one void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<Asked>,
    /// What is asked for now, if nothing was sent for it. What was sent before is as good as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<RegistrationId>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) registration: RegistrationId,
    pub(crate) until: Timestamp,
    pub(crate) sent: Sent,
}

/// What was sent, and what came back by the other way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Sent {
    /// A code, by text or mail.
    Code { digest: Digest },
    /// A notification, to be approved with this number.
    Push {
        number: u8,
        approved: bool,
        /// The request, word for word.
        request: RequestDigest,
    },
    /// A call, to be answered with `#`.
    Call { approved: bool },
    /// Questions, by their places in the registration. Nothing was sent.
    Questions { asked: Vec<u8> },
}

/// What came back by the other way.
#[derive(Clone, Copy)]
pub(crate) enum Said<'a> {
    OnCall(PhoneSaid),
    /// INVARIANT: with the key of the registration that the request names.
    Signed(&'a SignedAnswer),
}

impl Said<'_> {
    /// Whether it is a no, which is heard also where a yes would not be.
    pub(crate) const fn refuses(self) -> bool {
        match self {
            Self::OnCall(said) => matches!(said, PhoneSaid::Denied | PhoneSaid::Suspicious),
            Self::Signed(answer) => answer.decision().refuses(),
        }
    }
}

/// What is meant by what was said.
#[derive(Clone, Copy)]
pub(crate) enum Heard {
    Approved,
    Denied,
    Suspicious,
    /// A wrong number is a wrong answer.
    WrongNumber,
    /// Not heard, and nothing is changed by it.
    Not(Class),
}

impl ChallengeRecord {
    /// Asks for that registration, in the place of what was asked for before.
    fn ask(&mut self, registration: &RegistrationId, sent: Sent, until: Timestamp) {
        self.asked = Some(Asked {
            registration: registration.clone(),
            until,
            sent,
        });
        self.shown = None;
    }
}

impl Sent {
    /// Takes what was said, and keeps whether it approved.
    pub(crate) fn hear(&mut self, said: Said<'_>, in_time: bool) -> Heard {
        match (said, self) {
            (Said::OnCall(_), Self::Call { .. }) if !in_time => Heard::Not(Class::Expired),
            (Said::OnCall(said), Self::Call { approved }) => match said {
                PhoneSaid::PressedHash => {
                    *approved = true;
                    Heard::Approved
                }
                PhoneSaid::Denied => Heard::Denied,
                PhoneSaid::Suspicious => Heard::Suspicious,
            },
            (
                Said::Signed(answer),
                Self::Push {
                    number,
                    approved,
                    request,
                },
            ) => {
                let (asked, decision) = (answer.request(), answer.decision());
                if asked.digest() != *request || (*approved && !decision.refuses()) {
                    return Heard::Not(Class::Replayed);
                }
                if !in_time {
                    return Heard::Not(Class::Expired);
                }
                match decision {
                    Decision::Denied => Heard::Denied,
                    Decision::Suspicious => Heard::Suspicious,
                    // Before the number is looked at: who is nobody to the device learns nothing of it.
                    Decision::Approved { user_verified, .. }
                        if asked.needs_gesture() && !user_verified =>
                    {
                        Heard::Not(Class::NoGesture)
                    }
                    Decision::Approved { number: typed, .. } if typed != *number => {
                        Heard::WrongNumber
                    }
                    Decision::Approved { .. } => {
                        *approved = true;
                        Heard::Approved
                    }
                }
            }
            _ => Heard::Not(Class::NoFactor),
        }
    }
}

/// A challenge, for the page that asks.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub(crate) challenge: ChallengeId,
    pub(crate) asked: Option<Ask>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) expires: Timestamp,
    pub(crate) unsent: Option<Refused>,
}

impl Prompt {
    /// The challenge.
    #[must_use]
    pub const fn challenge(&self) -> ChallengeId {
        self.challenge
    }

    /// What is asked for now. `None`: the person has to choose first.
    #[must_use]
    pub const fn asked(&self) -> Option<&Ask> {
        self.asked.as_ref()
    }

    /// Why nothing is asked for, where a message should have gone out as the challenge began: [`Refused::TooSoon`] or
    /// [`Refused::NoMoreSends`], for a page to say. It is told once, in the prompt that begins, and only where a first factor was proven.
    #[must_use]
    pub const fn unsent(&self) -> Option<&Refused> {
        self.unsent.as_ref()
    }

    /// Everything that can be asked for, in the order in which it was registered. Where no first factor was proven, in an order
    /// that does not depend on the person.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// When the challenge ends.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }
}

/// A registration that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub(crate) registration: RegistrationId,
    pub(crate) method: Method,
    pub(crate) name: String,
    pub(crate) hint: Option<String>,
}

impl Choice {
    pub(crate) fn of(registered: &Registered) -> Self {
        Self {
            registration: registered.id.clone(),
            method: registered.method.clone(),
            name: registered.name.clone(),
            hint: registered.hint(),
        }
    }

    /// The same for somebody who has proven nothing yet: neither the name that the person gave, nor whose mailbox it is.
    pub(crate) fn without_name(self) -> Self {
        Self {
            name: String::new(),
            hint: self.hint.filter(|_| self.method.is_telephone()),
            ..self
        }
    }

    /// The registration.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// Its method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Its name. Empty where no first factor was proven.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A number or an address with most of it hidden. Where no first factor was proven, a number only.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub(crate) choice: Choice,
    pub(crate) number: Option<u8>,
    pub(crate) questions: Vec<Question>,
    pub(crate) until: Timestamp,
}

impl Ask {
    /// The registration.
    #[must_use]
    pub const fn choice(&self) -> &Choice {
        &self.choice
    }

    /// The number to show, which the person types into the authenticator app. 10 to 99.
    #[must_use]
    pub const fn number(&self) -> Option<u8> {
        self.number
    }

    /// The questions to be answered, in this order.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Until when the answer is good.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }
}

impl Operation<'_> {
    /// Asks for a proof: [`Purpose::TwoStep`] after the first factor, [`Purpose::StepUp`] or [`Purpose::ManageSecurityInfo`] once
    /// more. It begins with the default of the person, and sends at once what the policy sends without asking.
    ///
    /// A password reset begins with [`begin_reset`](Self::begin_reset), a sign-in without a password with
    /// [`begin_phone_sign_in`](Self::begin_phone_sign_in).
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] if the session has no first factor, or nothing can be asked for.
    pub fn challenge(mut self, purpose: Purpose) -> Change<Result<Prompt, Refused>> {
        let signed_in = self.has_first_factor();
        let asks_here = matches!(
            purpose,
            Purpose::TwoStep | Purpose::StepUp | Purpose::ManageSecurityInfo
        );
        if !signed_in || !asks_here || self.is_switched_off() {
            return self.refuse(Refused::Over);
        }
        let choices = self.choices(purpose);
        let Some(session) = self.session.filter(|_| !choices.is_empty()) else {
            return self.refuse(Refused::Over);
        };
        let default = self.flow.policy.default_method(
            &self.visit.subject,
            &self.unlocked_view(),
            &self.context(),
        );
        let default = default.filter(|default| default.sending() == Sending::Automatic);
        let is_default = |choice: &Choice| {
            default.as_ref().map(DefaultMethod::registration) == Some(&choice.registration)
        };
        let prompt = self.begin_challenge(session, purpose, choices, is_default);
        self.finish(Ok(prompt))
    }

    /// Asks for another registration, or sends once more. Of what is sent for this challenge the last is good.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] if the challenge is over or the registration is not among its choices, and
    /// [`Refused::TooSoon`].
    pub fn ask(
        mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
    ) -> Change<Result<Prompt, Refused>> {
        match self.ask_again(challenge, registration) {
            Ok(prompt) => self.finish(Ok(prompt)),
            Err(refused) => self.refuse(refused),
        }
    }

    fn ask_again(
        &mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
    ) -> Result<Prompt, Refused> {
        let purpose = self.live_challenge(challenge).ok_or(Refused::Over)?.purpose;
        let choices = self.choices(purpose);
        let mut asked = choices.iter();
        let choice = asked
            .find(|choice| choice.registration == *registration)
            .ok_or(Refused::Over)?;
        let challenges = &mut self.account.record.challenges;
        let place = challenges.iter().position(|other| other.id == challenge);
        let place = place.ok_or(Refused::Over)?;
        let mut record = challenges.remove(place);
        let sent = self.send(&mut record, choice);
        let prompt = sent.map(|()| self.page(&record, choices));
        // Where it was: they stand in the order in which they were made.
        self.account.record.challenges.insert(place, record);
        prompt
    }

    /// The challenge as it stands, for a page that is loaded again: the same as when it was made or last asked for, with the number and
    /// the questions, unless the telephone denied or an answer ended them; without [`Prompt::unsent`]. It reads only; the account was loaded, so what it says
    /// is durable.
    ///
    /// `None` if this session has no such challenge, or it is over. [`Ask::until`] may have passed: then ask again.
    #[must_use]
    pub fn prompt(&self, challenge: ChallengeId) -> Option<Prompt> {
        let record = self.live_challenge(challenge)?;
        Some(self.page(record, self.choices(record.purpose)))
    }

    /// What a page shows of a challenge: made of nothing but the account and what can be chosen, so that it is the same each time.
    fn page(&self, record: &ChallengeRecord, choices: Vec<Choice>) -> Prompt {
        let asked = record.asked.as_ref().filter(|_| record.shown.is_none());
        let registration = record.shown.as_ref().or(asked.map(|a| &a.registration));
        let choice = choices
            .iter()
            .find(|c| Some(&c.registration) == registration);
        let asked = choice.map(|choice| {
            let (number, questions) = match asked.map(|asked| &asked.sent) {
                Some(Sent::Push { number, .. }) => (Some(*number), Vec::new()),
                Some(Sent::Questions { asked }) => {
                    (None, self.questions_at(&choice.registration, asked))
                }
                _ => (None, Vec::new()),
            };
            Ask {
                choice: choice.clone(),
                number,
                questions,
                until: asked.map_or(record.expires, |asked| asked.until),
            }
        });
        Prompt {
            challenge: record.id,
            asked,
            choices,
            expires: record.expires,
            unsent: None,
        }
    }

    /// Everything that can be asked for. To somebody who has proven nothing, what could be asked for by that name.
    pub(crate) fn choices(&self, purpose: Purpose) -> Vec<Choice> {
        match purpose {
            Purpose::PasswordReset => self.gates(),
            Purpose::FirstFactor => self.first_factors(),
            _ => self.usable(purpose),
        }
    }

    /// Everything that the policy lets this person be asked for. A locked factor is among it, because who knows the
    /// password only is not told that it is locked.
    pub(crate) fn usable(&self, purpose: Purpose) -> Vec<Choice> {
        let (view, context) = (self.unlocked_view(), self.context_for(purpose));
        let usable = self.account.registrations().filter(|registered| {
            let action = Action::Use {
                registration: registered.id.clone(),
                purpose,
            };
            !(purpose == Purpose::TwoStep && self.is_first_factor(registered))
                && self
                    .flow
                    .policy
                    .allows(&self.visit.subject, &view, &action, &context)
        });
        usable.map(Choice::of).collect()
    }

    pub(crate) fn unlocked_view(&self) -> mfa_policy::AccountView {
        // INVARIANT: as in `Account::view`.
        let registrations = self.account.registrations().map(Registered::view_unlocked);
        let view = mfa_policy::AccountView::new(registrations).unwrap_or_default();
        match &self.account.record.default {
            Some(default) => view.with_default(default.clone()),
            None => view,
        }
    }

    /// Begins a challenge, in the place of what this session was asked before for the same purpose. What is to be asked for first is, unless
    /// it cannot be sent now: it can be asked for later.
    pub(crate) fn begin_challenge(
        &mut self,
        session: Digest,
        purpose: Purpose,
        choices: Vec<Choice>,
        is_first: impl Fn(&Choice) -> bool,
    ) -> Prompt {
        let (id, now) = (ChallengeId::random(self.rng), self.now());
        let anonymous = self.account.is_anonymous(&session);
        let most = now.plus_minutes(self.flow.policy.challenge().minutes());
        let of_reset = self.account.session(&session);
        let expires = match of_reset.filter(|session| session.reset.is_some()) {
            Some(reset) => most.min(self.reset_ends(reset.begun)),
            None => most,
        };
        let mut record = ChallengeRecord {
            id,
            session,
            purpose,
            expires,
            sends: 0,
            asked: None,
            shown: None,
        };
        self.event(What::Challenged { purpose });
        let first = choices.iter().find(|choice| is_first(choice));
        let sent = first.map_or(Ok(()), |first| self.send(&mut record, first));
        let prompt = Prompt {
            unsent: sent.err().filter(|_| !anonymous),
            ..self.page(&record, choices)
        };
        let challenges = &mut self.account.record.challenges;
        challenges.retain(|old| {
            old.expires > now
                && !(old.purpose == purpose && bool::from(old.session.ct_eq(&session)))
        });
        self.account.make_room_for_challenge(anonymous);
        self.account.record.challenges.push(record);
        prompt
    }

    /// The challenge, if it lives and belongs to this session.
    pub(crate) fn live_challenge(&self, id: ChallengeId) -> Option<&ChallengeRecord> {
        let session = self.session?;
        self.account.challenge(id).filter(|challenge| {
            challenge.expires > self.now() && bool::from(challenge.session.ct_eq(&session))
        })
    }

    /// Asks for the registration, and sends what it needs to be answered, if anything. For what somebody does not have, or must not use
    /// now, it does the same, and nothing goes out.
    fn send(&mut self, record: &mut ChallengeRecord, choice: &Choice) -> Result<(), Refused> {
        let (now, limits) = (self.now(), self.flow.policy.challenge());
        let (id, purpose, registration) = (record.id, record.purpose, &choice.registration);
        let until = record.expires.min(now.plus_minutes(limits.code_minutes()));
        let reason = Why::Challenge {
            challenge: id,
            registration: registration.clone(),
            purpose,
        };
        let (sent, brings) = match &choice.method {
            Method::Text | Method::Email => {
                let code = code::digits(limits.code_digits(), self.rng);
                let digest = self.sent_digest(id, registration, code.expose());
                (Sent::Code { digest }, Brings::Code(code))
            }
            method if method.is_telephone() => (Sent::Call { approved: false }, Brings::Call),
            method @ (Method::AuthenticatorPush | Method::PhoneSignIn) => {
                let (_, sent, request) = self.ask_device(reason.clone(), method, until);
                (sent, Brings::Request(request))
            }
            Method::SecurityQuestions => {
                let asked = self.choose_questions(record.asked.as_ref(), registration);
                record.ask(registration, Sent::Questions { asked }, record.expires);
                return Ok(());
            }
            _ => {
                record.shown = Some(registration.clone());
                return Ok(());
            }
        };
        if record.sends >= limits.sends() {
            return Err(Refused::NoMoreSends);
        }
        let counted = self.account.sends_for(purpose);
        if matches!(sent, Sent::Push { .. }) {
            if !counted.push(now, limits.pushes()) {
                return Err(Refused::NoMoreSends);
            }
        } else {
            counted
                .send(registration, now, limits.resend_seconds())
                .map_err(|until| Refused::TooSoon { until })?;
        }
        record.sends = record.sends.saturating_add(1);
        record.ask(registration, sent, until);
        // Who knows the password or the name only is not told of a lock, and sends nothing through it either.
        let open = self.is_open(registration, purpose);
        let message = self.message(registration, reason, brings, until);
        if let Some(effect) = message.filter(|_| open) {
            let is_mail = matches!(effect, Effect::SendMail { .. });
            self.effect(effect);
            self.event_about(
                What::Sent,
                Some((registration.clone(), choice.method.clone())),
            );
            if is_mail && purpose == Purpose::PasswordReset {
                self.reset_mailed();
            }
        }
        Ok(())
    }

    /// What goes to the registration that is asked for.
    fn message(
        &self,
        registration: &RegistrationId,
        reason: Why,
        brings: Brings,
        until: Timestamp,
    ) -> Option<Effect> {
        let factor = &self.account.registered(registration)?.factor;
        factor.message(brings, reason, until)
    }

    /// Asks a device: the number to show, what is kept, and the request. The same for a device that is not there.
    pub(crate) fn ask_device(
        &mut self,
        reason: Why,
        method: &Method,
        until: Timestamp,
    ) -> (u8, Sent, PushRequest) {
        let number = code::two_digits(self.rng);
        let request = PushRequest::new(
            RequestId::random(self.rng),
            NewRequest {
                reason,
                person: &self.account.key().holder(),
                // Without a password the device stands for both factors, whatever it is used for.
                gesture: *method == Method::PhoneSignIn,
                application: self.visit.application.as_deref(),
                origin: self.visit.origin.as_deref(),
                until,
            },
        );
        let sent = Sent::Push {
            number,
            approved: false,
            request: request.digest(),
        };
        (number, sent, request)
    }

    /// Whether the registration may be used now: active, not locked, and neither is what it is for.
    pub(crate) fn is_open(&self, registration: &RegistrationId, purpose: Purpose) -> bool {
        let open = |registered: &Registered| {
            registered.state == State::Active && !self.is_locked(registered, purpose)
        };
        !self.is_switched_off() && self.account.registered(registration).is_some_and(open)
    }

    /// Whether failures have locked the registration, or what it is used for.
    pub(crate) fn is_locked(&self, registered: &Registered, purpose: Purpose) -> bool {
        let (now, limits) = (self.now(), self.flow.policy.lockout());
        let for_that = match purpose {
            Purpose::PasswordReset => self.account.record.reset.is_locked(now),
            Purpose::FirstFactor => !registered.first_factor_budget.may_be_used(now, limits),
            _ => false,
        };
        for_that || registered.state == State::Disabled || !registered.budget.is_open(now)
    }

    pub(crate) fn sent_digest(
        &self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        code: &str,
    ) -> Digest {
        let context = [
            challenge.as_bytes().as_slice(),
            registration.as_str().as_bytes(),
        ]
        .concat();
        self.digest(Domain::SentCode, &context, code.as_bytes())
    }

    pub(crate) fn has_first_factor(&self) -> bool {
        let session = self.session.and_then(|id| self.account.session(&id));
        session.is_some_and(|session| session.first_factor.is_some())
    }
}

impl Account {
    pub(crate) fn challenge(&self, id: ChallengeId) -> Option<&ChallengeRecord> {
        self.record
            .challenges
            .iter()
            .find(|challenge| challenge.id == id)
    }

    /// What is sent for sign-in, for a password reset and for a sign-in without a password is counted apart: the last two
    /// anybody can begin, and must not use up the first.
    pub(crate) const fn sends_for(&mut self, purpose: Purpose) -> &mut Sends {
        match purpose {
            Purpose::PasswordReset => &mut self.record.reset.sends,
            Purpose::FirstFactor => &mut self.record.first_factor_sends,
            _ => &mut self.record.sends,
        }
    }

    fn make_room_for_challenge(&mut self, anonymous: bool) {
        let (sessions, challenges) = (&self.record.sessions, &mut self.record.challenges);
        let alike =
            |challenge: &ChallengeRecord| is_anonymous(sessions, &challenge.session) == anonymous;
        if challenges.iter().filter(|c| alike(c)).count() >= MOST_CHALLENGES
            && let Some(oldest) = challenges.iter().position(alike)
        {
            challenges.remove(oldest);
        }
    }

    pub(crate) fn challenge_mut(&mut self, id: ChallengeId) -> Option<&mut ChallengeRecord> {
        self.record
            .challenges
            .iter_mut()
            .find(|challenge| challenge.id == id)
    }
}
