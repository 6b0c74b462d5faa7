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
use crate::effect::{Effect, Why};
use crate::event::What;
use crate::hashing::{Digest, Domain};
use crate::id::ChallengeId;
use crate::operation::{Operation, Refused};
use crate::questions::Question;
use crate::registration::Registered;
use crate::secret::SecretString;
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
    /// What is asked for and was sent. One at a time: a new one makes the old one void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<Asked>,
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
    Push { number: u8, approved: bool },
    /// A call, to be answered with `#`.
    Call { approved: bool },
    /// Questions, by their places in the registration. Nothing was sent.
    Questions { asked: Vec<u8> },
}

/// What the telephone means by what it said.
#[derive(Clone, Copy)]
pub(crate) enum Heard {
    Approved,
    Denied,
    Suspicious,
    /// A wrong number is a wrong answer.
    WrongNumber,
    /// No answer to what was sent.
    Nothing,
}

impl Sent {
    /// Takes what the telephone said, and keeps whether it approved.
    pub(crate) const fn hear(&mut self, said: PhoneSaid) -> Heard {
        match (said, self) {
            (
                PhoneSaid::Approved { number },
                Self::Push {
                    number: shown,
                    approved,
                },
            ) => {
                if number != *shown {
                    return Heard::WrongNumber;
                }
                *approved = true;
                Heard::Approved
            }
            (PhoneSaid::PressedHash, Self::Call { approved }) => {
                *approved = true;
                Heard::Approved
            }
            (PhoneSaid::Denied, Self::Push { .. } | Self::Call { .. }) => Heard::Denied,
            (PhoneSaid::Suspicious, Self::Push { .. } | Self::Call { .. }) => Heard::Suspicious,
            _ => Heard::Nothing,
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
        let challenge = self.new_challenge(session, purpose);
        let mut asked = None;
        let default = default.filter(|default| default.sending() == Sending::Automatic);
        let is_default = |choice: &&Choice| {
            default.as_ref().map(DefaultMethod::registration) == Some(&choice.registration)
        };
        if let Some(choice) = choices.iter().find(is_default) {
            // What cannot be sent now can be asked for later.
            asked = self.send(challenge, choice).ok();
        }
        let prompt = self.prompt(challenge, asked, choices);
        self.finish(prompt.ok_or(Refused::Over))
    }

    /// Asks for another registration, or sends once more. What was sent before for this challenge is void.
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
        let asked = self.send(challenge, choice)?;
        self.prompt(challenge, Some(asked), choices)
            .ok_or(Refused::Over)
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

    pub(crate) fn new_challenge(&mut self, session: Digest, purpose: Purpose) -> ChallengeId {
        let (id, now) = (ChallengeId::random(self.rng), self.now());
        let anonymous = self.account.is_anonymous(&session);
        let most = now.plus_minutes(self.flow.policy.challenge().minutes());
        let of_reset = self.account.session(&session);
        let expires = match of_reset.filter(|session| session.reset.is_some()) {
            Some(reset) => most.min(self.reset_ends(reset.begun)),
            None => most,
        };
        let challenges = &mut self.account.record.challenges;
        challenges.retain(|old| {
            old.expires > now
                && !(old.purpose == purpose && bool::from(old.session.ct_eq(&session)))
        });
        self.account.make_room_for_challenge(anonymous);
        let challenges = &mut self.account.record.challenges;
        challenges.push(ChallengeRecord {
            id,
            session,
            purpose,
            expires,
            sends: 0,
            asked: None,
        });
        self.event(What::Challenged { purpose });
        id
    }

    pub(crate) fn prompt(
        &self,
        challenge: ChallengeId,
        asked: Option<Ask>,
        choices: Vec<Choice>,
    ) -> Option<Prompt> {
        let expires = self.account.challenge(challenge)?.expires;
        Some(Prompt {
            challenge,
            asked,
            choices,
            expires,
        })
    }

    /// The challenge, if it lives and belongs to this session.
    pub(crate) fn live_challenge(&self, id: ChallengeId) -> Option<&ChallengeRecord> {
        let session = self.session?;
        self.account.challenge(id).filter(|challenge| {
            challenge.expires > self.now() && bool::from(challenge.session.ct_eq(&session))
        })
    }

    /// Sends what the registration needs to be answered, if anything. For what somebody does not have, or must not use now, it
    /// does the same, and nothing goes out.
    pub(crate) fn send(&mut self, id: ChallengeId, choice: &Choice) -> Result<Ask, Refused> {
        let (now, limits) = (self.now(), self.flow.policy.challenge());
        let challenge = self.account.challenge(id).ok_or(Refused::Over)?;
        let (purpose, expires, sends) = (challenge.purpose, challenge.expires, challenge.sends);
        let registration = &choice.registration;
        let mut ask = Ask {
            choice: choice.clone(),
            number: None,
            questions: Vec::new(),
            until: expires,
        };
        let mut code = None;
        let sent = match &choice.method {
            Method::Text | Method::Email => {
                let made = code::digits(limits.code_digits(), self.rng);
                let digest = self.sent_digest(id, registration, made.expose());
                code = Some(made);
                Sent::Code { digest }
            }
            method if method.is_telephone() => Sent::Call { approved: false },
            Method::AuthenticatorPush | Method::PhoneSignIn => {
                let number = code::two_digits(self.rng);
                ask.number = Some(number);
                Sent::Push {
                    number,
                    approved: false,
                }
            }
            Method::SecurityQuestions => {
                ask.questions = self.ask_questions(id, registration);
                return Ok(ask);
            }
            _ => return Ok(ask),
        };
        if sends >= limits.sends() {
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
        ask.until = expires.min(now.plus_minutes(limits.code_minutes()));
        if let Some(challenge) = self.account.challenge_mut(id) {
            challenge.sends = challenge.sends.saturating_add(1);
            challenge.asked = Some(Asked {
                registration: registration.clone(),
                until: ask.until,
                sent,
            });
        }
        // Who knows the password or the name only is not told of a lock, and sends nothing through it either.
        let open = self.is_open(registration, purpose);
        if let Some(effect) = self.message(id, purpose, &ask, code).filter(|_| open) {
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
        Ok(ask)
    }

    /// What goes to the registration that is asked for.
    fn message(
        &self,
        challenge: ChallengeId,
        purpose: Purpose,
        ask: &Ask,
        code: Option<SecretString>,
    ) -> Option<Effect> {
        let (registration, until) = (&ask.choice.registration, ask.until);
        let reason = Why::Challenge {
            challenge,
            registration: registration.clone(),
            purpose,
        };
        let factor = &self.account.registered(registration)?.factor;
        factor.message(code, reason, self.visit.origin.clone(), until)
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
