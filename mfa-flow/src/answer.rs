//! Answering a challenge.

use mfa_policy::{Action, Method, Purpose, RegistrationId, State};
use subtle::ConstantTimeEq;

use crate::budget::{Consequence, Failures};
use crate::challenge::{Heard, Said, Sent};
use crate::change::Change;
use crate::effect::{Effect, Notice, Why};
use crate::event::{Class, What};
use crate::hashing::Digest;
use crate::history::{Binding, HistoryEntry};
use crate::id::ChallengeId;
use crate::operation::Operation;
use crate::proof::{Proof, Rejected};
use crate::session::{ProofRecord, SessionId, SessionRecord, SessionRef};

/// An answer to a challenge.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// A code as it was typed: of an authenticator app or a token, by text or mail, a recovery code, a pass.
    Code(&'a str),
    /// "I have approved it": collects what the authenticator app or the telephone said.
    Approved,
    /// A security key, verified by the host's WebAuthn library.
    SecurityKey(SecurityKeyResult<'a>),
    /// Answers to the questions that were asked, in their order.
    Questions(&'a [&'a str]),
    /// The host's own method, verified by the host.
    External,
}

impl std::fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(redacted)")
    }
}

/// What the host's WebAuthn library verified: signature, origin, challenge and user presence.
#[derive(Clone, Copy, Debug)]
pub struct SecurityKeyResult<'a> {
    /// The credential identifier, as it was stored.
    pub credential: &'a str,
    /// Whether the key verified its user by PIN or biometrics. Without it the key is refused.
    pub user_verified: bool,
    /// The sign count that the key reported; 0 if it has none.
    pub sign_count: u32,
}

/// What the person did on a call.
///
/// # What it does not do
/// Nothing proves it: a telephone signs nothing, so it is the host's word. An authenticator app signs, and is heard by
/// [`Operation::device_answered`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneSaid {
    /// Pressed `#`.
    PressedHash,
    /// Refused it.
    Denied,
    /// Refused it, and said that it was somebody else.
    Suspicious,
}

impl Operation<'_> {
    /// Checks an answer. Everything that is not accepted looks the same, costs the same and is stored as a change.
    ///
    /// # Errors
    /// In the outcome: [`Rejected`].
    pub fn answer(
        mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        answer: Answer<'_>,
    ) -> Change<Result<Proof, Rejected>> {
        let (may, purpose) = self.may_answer(challenge, registration);
        let class = if may == Class::Accepted {
            self.check(challenge, registration, answer)
        } else {
            self.check_nothing(challenge, registration, answer);
            may
        };
        let about = self.account.registered(registration);
        let about = about.map(|registered| (registered.id.clone(), registered.method.clone()));
        self.event_about(
            What::Answered {
                purpose,
                result: class,
            },
            about,
        );
        let outcome = match (class, purpose) {
            (Class::Accepted, Some(purpose)) => self
                .accepted(challenge, registration, purpose)
                .ok_or(Rejected(())),
            (class, purpose) => {
                self.not_accepted(challenge, registration, purpose, class);
                // Also where the answers were not looked at: the next questions are others for everybody.
                if purpose.is_some() && matches!(answer, Answer::Questions(_)) {
                    self.questions_over(challenge, registration);
                }
                Err(Rejected(()))
            }
        };
        self.finish(outcome)
    }

    /// Whether the answer is looked at at all, and for what purpose. Everything is looked up before anything is decided, so
    /// that every no takes as long.
    fn may_answer(
        &self,
        challenge: ChallengeId,
        registration: &RegistrationId,
    ) -> (Class, Option<Purpose>) {
        let now = self.now();
        let found = self.live_challenge(challenge).map(|live| live.purpose);
        let purpose = found.unwrap_or(Purpose::TwoStep);
        let is_elsewhere = self
            .account
            .challenge(challenge)
            .is_some_and(|c| c.expires > now);
        let begins = matches!(purpose, Purpose::PasswordReset | Purpose::FirstFactor);
        let registered = self.account.registered(registration);
        let locked = registered.is_some_and(|registered| self.is_locked(registered, purpose));
        let used_twice = purpose == Purpose::TwoStep
            && registered.is_some_and(|registered| self.is_first_factor(registered));
        let action = Action::Use {
            registration: registration.clone(),
            purpose,
        };
        let allowed = self.flow.policy.allows(
            &self.visit.subject,
            &self.account.view(),
            &action,
            &self.context_for(purpose),
        );
        let class = if self.account.key().is_decoy() {
            Class::UnknownPerson
        } else if found.is_none() && is_elsewhere {
            Class::NoSession
        } else if found.is_none() {
            Class::NoChallenge
        } else if self.is_switched_off() {
            Class::Suspended
        } else if !begins && !self.has_first_factor() {
            Class::NoSession
        } else if registered.is_none() {
            Class::NoFactor
        } else if locked {
            Class::Locked
        } else if used_twice || !allowed {
            Class::NotAllowed
        } else {
            Class::Accepted
        };
        (class, found)
    }

    fn accepted(
        &mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        purpose: Purpose,
    ) -> Option<Proof> {
        let (now, old) = (self.now(), self.session?);
        let registered = self.account.registered_mut(registration)?;
        registered.last_used = Some(now);
        let method = registered.method.clone();
        let failures = match purpose {
            // A reset never feeds the factor, nor clears it.
            Purpose::PasswordReset => Failures::default(),
            Purpose::FirstFactor => registered.first_factor_budget.succeed(),
            _ => registered.budget.succeed(),
        };
        self.account.sends_for(purpose).succeeded();
        let session = self.rotate_session(old, registration, purpose)?;
        self.account
            .record
            .challenges
            .retain(|other| other.id != challenge);
        if method == Method::RecoveryCodes {
            let left = self
                .account
                .registered(registration)
                .and_then(crate::registration::Registered::codes_left);
            self.notify(Notice::RecoveryCodeUsed {
                left: left.unwrap_or(0),
            });
        }
        Some(Proof {
            key: self.account.key().clone(),
            registration: registration.clone(),
            // What opens a password reset proves nothing else, by whatever it was given.
            strength: match purpose {
                Purpose::PasswordReset => None,
                _ => self.flow.policy.strength(&method),
            },
            method,
            purpose,
            challenge,
            at: now,
            session,
            failures,
        })
    }

    /// A new session in the place of the old one, with one more proof.
    pub(crate) fn rotate_session(
        &mut self,
        old: Digest,
        registration: &RegistrationId,
        purpose: Purpose,
    ) -> Option<SessionId> {
        let now = self.now();
        let id = SessionId::random(self.rng);
        let new = id.digest(&self.flow.hash_key, &self.account);
        let before = self.account.session(&old)?;
        let mut proofs = before.proofs.clone();
        proofs.retain(|proof| proof.by != *registration);
        proofs.push(ProofRecord {
            by: registration.clone(),
            at: now,
        });
        let (first_factor, first_by) = match purpose {
            Purpose::FirstFactor if before.reset.is_none() => {
                (Some(now), Some(registration.clone()))
            }
            _ => (before.first_factor, before.first_by.clone()),
        };
        let session = SessionRecord {
            id: new,
            begun: before.begun,
            first_factor,
            first_by,
            remembered: before.remembered,
            reset: before.reset.clone(),
            proofs,
        };
        self.account.end_session(&old);
        self.account.keep_session(session);
        // What was begun in the session goes on in it: it is the same one under another name.
        if let Some(enrolment) = &mut self.account.record.enrolment
            && bool::from(enrolment.session.ct_eq(&old))
        {
            enrolment.session = new;
        }
        self.effect(Effect::RotateSession {
            from: SessionRef::from(old),
            to: SessionRef::from(new),
        });
        self.session = Some(new);
        Some(id)
    }

    fn not_accepted(
        &mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        purpose: Option<Purpose>,
        class: Class,
    ) {
        if class == Class::ClockBehind {
            let method = self
                .account
                .registered(registration)
                .map(|r| r.method.clone());
            self.event_about(
                What::ClockBehind,
                method.map(|method| (registration.clone(), method)),
            );
        }
        // What was not looked at costs nothing.
        let counts = matches!(class, Class::Wrong | Class::Replayed | Class::Expired);
        match purpose.filter(|_| counts) {
            None => {}
            Some(Purpose::PasswordReset) => {
                let asked = self.account.challenge(challenge).map(|c| c.asked.as_ref());
                let validation = asked
                    .flatten()
                    .is_some_and(|a| a.registration == *registration);
                self.reset_failed(validation);
            }
            Some(Purpose::FirstFactor) => self.first_factor_failed(registration),
            Some(_) => self.factor_failed(registration),
        }
    }

    /// Counts a failure of a factor, on the factor.
    pub(crate) fn factor_failed(&mut self, registration: &RegistrationId) {
        let (now, limits) = (self.now(), self.flow.policy.lockout());
        let Some(registered) = self.account.registered_mut(registration) else {
            return;
        };
        let method = registered.method.clone();
        let about = Some((registration.clone(), method.clone()));
        match registered.budget.fail(now, limits) {
            Consequence::Counted => {}
            Consequence::Locked { until, first } => {
                self.event_about(What::Locked { until }, about);
                // One notice is enough: who guesses must not fill a mailbox as well.
                if first {
                    self.notify(Notice::Locked {
                        method,
                        until: Some(until),
                    });
                }
            }
            Consequence::Disabled => {
                registered.state = State::Disabled;
                self.account.remember_binding(HistoryEntry {
                    registration: registration.clone(),
                    method: method.clone(),
                    at: now,
                    what: Binding::Disabled,
                    by: None,
                });
                self.event_about(What::Disabled, about);
                self.notify(Notice::Locked {
                    method,
                    until: None,
                });
            }
        }
    }

    /// Takes what the person did on a call. The host has made sure that the call was ours, and that it came from there.
    ///
    /// It proves nothing by itself. The browser that asked collects it by [`Answer::Approved`].
    ///
    /// # Errors
    /// In the outcome: [`Rejected`] if nothing like that was asked, or it is over.
    pub fn phone_said(mut self, reason: &Why, said: PhoneSaid) -> Change<Result<(), Rejected>> {
        let outcome = match reason {
            Why::Challenge {
                challenge,
                registration,
                ..
            } => self.heard(*challenge, registration, Said::OnCall(said)),
            Why::Enrolment { registration } => {
                self.heard_for_test(registration, Said::OnCall(said))
            }
        };
        self.finish(outcome)
    }

    /// Takes what the person did on the telephone, for a challenge.
    pub(crate) fn heard(
        &mut self,
        id: ChallengeId,
        registration: &RegistrationId,
        said: Said<'_>,
    ) -> Result<(), Rejected> {
        let now = self.now();
        let Some(purpose) = self.account.challenge(id).map(|found| found.purpose) else {
            return self.not_heard(None, Class::NoChallenge, registration);
        };
        let about = self.account.registered(registration);
        let about = about.map(|registered| (registered.id.clone(), registered.method.clone()));
        let open = self.is_open(registration, purpose);
        if self.is_switched_off() || !(open || said.refuses()) {
            return self.not_heard(Some(purpose), Class::Locked, registration);
        }
        let Some(challenge) = self.account.challenge_mut(id) else {
            return self.not_heard(Some(purpose), Class::NoChallenge, registration);
        };
        let session = challenge.session;
        let Some(asked) = challenge
            .asked
            .as_mut()
            .filter(|asked| asked.registration == *registration)
        else {
            return self.not_heard(Some(purpose), Class::NoChallenge, registration);
        };
        // INVARIANT: what was sent for a challenge is never good for longer than the challenge.
        let in_time = asked.until > now;
        match asked.sent.hear(said, in_time) {
            Heard::Approved => Ok(()),
            Heard::Denied => {
                challenge.asked = None;
                self.event_about(What::DeniedByPerson, about);
                if purpose == Purpose::PasswordReset {
                    self.reset_failed(true);
                }
                Ok(())
            }
            Heard::Suspicious => {
                // Whoever asked is somebody else; that session ends with its challenges.
                self.account.end_session(&session);
                self.event_about(What::ReportedSuspicious, about);
                if purpose == Purpose::PasswordReset {
                    self.reset_failed(true);
                }
                self.notify(Notice::SuspiciousReported);
                Ok(())
            }
            Heard::WrongNumber => {
                // A wrong number is a wrong answer, and the number is not guessed at twice.
                challenge.asked = None;
                self.event_about(
                    What::Answered {
                        purpose: Some(purpose),
                        result: Class::Wrong,
                    },
                    about,
                );
                match purpose {
                    // A number is shown for each notification, and those are few.
                    Purpose::FirstFactor => {}
                    Purpose::PasswordReset => self.reset_failed(true),
                    _ => self.factor_failed(registration),
                }
                Err(Rejected(()))
            }
            Heard::Not(class) => self.not_heard(Some(purpose), class, registration),
        }
    }

    /// What is not heard is counted nowhere.
    pub(crate) fn not_heard(
        &mut self,
        purpose: Option<Purpose>,
        result: Class,
        registration: &RegistrationId,
    ) -> Result<(), Rejected> {
        let about = self.account.registered(registration);
        let about = about.map(|registered| (registered.id.clone(), registered.method.clone()));
        self.event_about(What::Answered { purpose, result }, about);
        Err(Rejected(()))
    }

    /// Whether the telephone has approved what this challenge asked for: for a page that waits. It tells nothing else, and the
    /// proof comes from [`answer`](Self::answer) with [`Answer::Approved`].
    #[must_use]
    pub fn is_approved(&self, challenge: ChallengeId) -> bool {
        let asked = self
            .live_challenge(challenge)
            .and_then(|challenge| challenge.asked.as_ref());
        asked.is_some_and(|asked| {
            matches!(
                asked.sent,
                Sent::Push { approved: true, .. } | Sent::Call { approved: true }
            )
        })
    }
}
