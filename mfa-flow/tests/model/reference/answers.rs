//! Answers: why they are accepted or not, and what follows.

use mfa_flow::Class;
use mfa_policy::{Method, Purpose, State};

use super::super::naive;
use super::{Asked, Given, Reference, Secret, Sent, Session};

impl Reference {
    /// Why an answer is accepted or not, and for what it was; everything that follows from it is done.
    pub(crate) fn answer(
        &mut self,
        session: usize,
        challenge: usize,
        place: usize,
        given: &Given,
    ) -> (Class, Option<Purpose>) {
        let Some(purpose) = self.live(session, challenge) else {
            let challenge = &self.challenges[challenge];
            return if challenge.alive && challenge.expires > self.now {
                (Class::NoSession, None)
            } else {
                (Class::NoChallenge, None)
            };
        };
        let factor = &self.factors[place];
        let class = if self.suspended {
            Class::Suspended
        } else if factor.gone {
            Class::NoFactor
        } else if !factor.is_open(self.now) || factor.state == State::Disabled {
            Class::Locked
        } else if !self.may_use(place, purpose, session, true) {
            Class::NotAllowed
        } else {
            self.compare(challenge, place, given)
        };
        match class {
            Class::Accepted => self.accepted(session, challenge, place),
            Class::Wrong | Class::Replayed | Class::Expired => self.fail(place),
            _ => {}
        }
        (class, Some(purpose))
    }

    pub(super) fn compare(&mut self, challenge: usize, place: usize, given: &Given) -> Class {
        let now = self.now;
        let asked = self.challenges[challenge].asked.as_ref();
        let asked = asked.filter(|asked| asked.factor == place);
        let limits = self.policy.challenge();
        let (past, future) = (
            i64::from(limits.window_past()),
            i64::from(limits.window_future()),
        );
        match (&mut self.factors[place].secret, given) {
            (_, Given::Approved) => match asked {
                Some(Asked {
                    sent: Sent::Push { approved: true, .. } | Sent::Call { approved: true },
                    until,
                    ..
                }) if *until > now => Class::Accepted,
                _ => Class::Waiting,
            },
            (Secret::Totp(authenticator), Given::Code(code)) => {
                authenticator.answer(code, now, past, future)
            }
            (Secret::Paper { unused }, Given::Code(code)) => {
                match unused.iter().position(|one| one == code) {
                    Some(place) => {
                        unused.remove(place);
                        Class::Accepted
                    }
                    None => Class::Wrong,
                }
            }
            (Secret::Hotp { key, next }, Given::Code(code)) => {
                let matching = (*next..=*next + 2).filter(|&at| naive::hotp(key, at) == *code);
                match matching.max() {
                    None => Class::Wrong,
                    Some(counter) => {
                        *next = counter + 1;
                        Class::Accepted
                    }
                }
            }
            (Secret::Sent, Given::Code(code)) => {
                if matches!(self.factors[place].method, Method::AuthenticatorPush) {
                    return Class::NoFactor;
                }
                match asked {
                    Some(Asked {
                        sent: Sent::Code(Some(sent)),
                        until,
                        ..
                    }) if sent == code => {
                        if *until > now {
                            Class::Accepted
                        } else {
                            Class::Expired
                        }
                    }
                    _ => Class::Wrong,
                }
            }
            (
                Secret::SecurityKey { count },
                Given::SecurityKey {
                    same_credential,
                    verified,
                    count: reported,
                },
            ) => {
                let grows = *reported > *count || (*reported == 0 && *count == 0);
                if *same_credential && *verified && grows {
                    *count = *reported;
                    Class::Accepted
                } else {
                    Class::Wrong
                }
            }
            (_, Given::Code(_) | Given::SecurityKey { .. }) => Class::NoFactor,
        }
    }

    /// The challenge is used up, and the session becomes another with one more proof.
    pub(super) fn accepted(&mut self, session: usize, challenge: usize, place: usize) {
        let now = self.now;
        let factor = &mut self.factors[place];
        factor.last_used = Some(now);
        factor.failed.succeed();
        self.pushes.clear();
        self.challenges[challenge].alive = false;
        self.rotate(session, place);
    }

    /// The session becomes another with one more proof, and what is pending in it follows.
    pub(super) fn rotate(&mut self, session: usize, place: usize) {
        let old = &self.sessions[session];
        let (first_factor, mut proofs) = (old.first_factor, old.proofs.clone());
        proofs.retain(|(factor, _)| *factor != place);
        proofs.push((place, self.now));
        self.end_session(session);
        self.begin(Session {
            alive: true,
            first_factor,
            proofs,
        });
        let newest = self.sessions.len() - 1;
        if let Some(pending) = &mut self.pending
            && pending.session == session
        {
            pending.session = newest;
        }
    }

    pub(crate) fn fail(&mut self, place: usize) {
        let factor = &mut self.factors[place];
        if factor.failed.fail(self.now, self.policy.lockout()) {
            factor.state = State::Disabled;
        }
    }
}
