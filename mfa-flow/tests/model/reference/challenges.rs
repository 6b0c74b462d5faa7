//! What is asked for and sent, and what a telephone says.

use mfa_flow::Class;
use mfa_policy::{Method, Purpose, RegistrationId, Sending, State};

use super::{Asked, Asking, Challenge, Gesture, Reference, Reply, Sent};

impl Reference {
    pub(crate) fn challenge(&mut self, session: usize, purpose: Purpose) -> Asking {
        if self.suspended || !self.signed_in(session) || self.choices(session, purpose).is_empty() {
            return Asking::Over;
        }
        let (view, context) = (self.view(false), self.context(session));
        let default = self.policy.default_method(&self.subject, &view, &context);
        let now = self.now;
        for old in &mut self.challenges {
            old.alive &= old.expires > now && !(old.session == session && old.purpose == purpose);
        }
        let alive: Vec<usize> = (0..self.challenges.len())
            .filter(|&place| self.challenges[place].alive)
            .collect();
        if alive.len() >= 8 {
            self.challenges[alive[0]].alive = false;
        }
        self.challenges.push(Challenge {
            alive: true,
            session,
            purpose,
            expires: now + 60 * i64::from(self.policy.challenge().minutes()),
            sends: 0,
            asked: None,
            shown: None,
        });
        let challenge = self.challenges.len() - 1;
        let automatic = default.filter(|default| default.sending() == Sending::Automatic);
        let sent = automatic.map(|default| {
            let factor = self.place(default.registration());
            (factor, self.send(challenge, factor))
        });
        Asking::Choice { sent }
    }

    /// What may be asked for: what the policy allows, as if nothing were locked.
    pub(crate) fn choices(&self, session: usize, purpose: Purpose) -> Vec<usize> {
        (0..self.factors.len())
            .filter(|&f| !self.factors[f].gone && self.may_use(f, purpose, session, false))
            .collect()
    }

    pub(crate) fn ask(&mut self, session: usize, challenge: usize, factor: usize) -> Reply {
        match self.live(session, challenge) {
            Some(purpose) if self.choices(session, purpose).contains(&factor) => {
                self.send(challenge, factor)
            }
            _ => Reply::Over,
        }
    }

    /// What a page of that challenge shows: what is asked for, the number, and until when. `None` if there is no such page.
    pub(crate) fn page(&self, challenge: usize) -> Option<Option<(usize, Option<u8>, i64)>> {
        let held = &self.challenges[challenge];
        let purpose = self.live(held.session, challenge)?;
        let sent = held.asked.as_ref().map(|asked| match asked.sent {
            Sent::Push { number, .. } => (asked.factor, Some(number), asked.until),
            _ => (asked.factor, None, asked.until),
        });
        let shown = held.shown.map(|factor| (factor, None, held.expires));
        let choices = self.choices(held.session, purpose);
        Some(
            shown
                .or(sent)
                .filter(|(factor, ..)| choices.contains(factor)),
        )
    }

    /// The purpose of a challenge that lives and belongs to the session.
    pub(super) fn live(&self, session: usize, challenge: usize) -> Option<Purpose> {
        let challenge = self.challenges.get(challenge)?;
        let lives = challenge.alive && challenge.expires > self.now;
        (lives && challenge.session == session && self.sessions[session].alive)
            .then_some(challenge.purpose)
    }

    pub(super) fn send(&mut self, challenge: usize, place: usize) -> Reply {
        let (now, limits) = (self.now, self.policy.challenge());
        let factor = &self.factors[place];
        let really = !self.suspended && factor.state == State::Active && factor.is_open(now);
        let sending = match factor.method {
            Method::Text | Method::Email => Reply::Code { really },
            Method::CallMobile | Method::CallOffice | Method::CallAlternate => {
                Reply::Call { really }
            }
            Method::AuthenticatorPush => Reply::Push { really },
            _ => {
                self.challenges[challenge].shown = Some(place);
                return Reply::Nothing;
            }
        };
        if self.challenges[challenge].sends >= limits.sends() {
            return Reply::NoMore;
        }
        if let Reply::Push { .. } = sending {
            self.pushes.retain(|at| at + 86_400 > now);
            if self.pushes.len() >= usize::try_from(limits.pushes()).unwrap() {
                return Reply::NoMore;
            }
            self.pushes.push(now);
        } else {
            self.texts.retain(|(at, _)| *at > now - 3_600);
            let last = self.texts.iter().rev().find(|(_, by)| *by == place);
            if last.is_some_and(|(at, _)| at + i64::from(limits.resend_seconds()) > now)
                || self.texts.len() >= 10
            {
                return Reply::TooSoon;
            }
            self.texts.push((now, place));
        }
        let challenge = &mut self.challenges[challenge];
        challenge.sends += 1;
        challenge.shown = None;
        challenge.asked = Some(Asked {
            factor: place,
            until: challenge
                .expires
                .min(now + 60 * i64::from(limits.code_minutes())),
            // What it was, only the flow knows: `sent` is told.
            sent: Sent::Call { approved: false },
        });
        sending
    }

    /// What was sent, once it is seen.
    pub(crate) fn sent(&mut self, challenge: usize, sent: Sent) {
        self.challenges[challenge].asked.as_mut().unwrap().sent = sent;
    }

    /// Whether what the person does on a call is taken.
    pub(crate) fn phone(&mut self, challenge: usize, place: usize, gesture: Gesture) -> bool {
        match (gesture, self.rung(challenge, place, gesture)) {
            (Gesture::PressesHash, Some(Sent::Call { approved })) => {
                *approved = true;
                true
            }
            (Gesture::Denies | Gesture::Reports, Some(Sent::Call { .. })) => {
                self.refused(challenge, gesture);
                true
            }
            _ => false,
        }
    }

    /// What becomes of what a device says. `None` where the challenge is over, so that it is refused whatever else it is.
    pub(crate) fn device(
        &mut self,
        challenge: usize,
        place: usize,
        which: usize,
        is_its_own: bool,
        gesture: Gesture,
    ) -> Option<Class> {
        let now = self.now;
        let factor = &self.factors[place];
        let open = factor.state == State::Active && factor.is_open(now);
        let refuses = matches!(gesture, Gesture::Denies | Gesture::Reports);
        let held = &mut self.challenges[challenge];
        let asked = held.asked.as_mut().filter(|asked| asked.factor == place);
        if factor.gone {
            return Some(Class::NoFactor);
        } else if !is_its_own {
            return Some(Class::NotSigned);
        } else if !held.alive || held.expires <= now {
            return None;
        } else if self.suspended || !(open || refuses) {
            return Some(Class::Locked);
        }
        let Some(Asked {
            sent:
                Sent::Push {
                    number,
                    which: last,
                    approved,
                },
            until,
            ..
        }) = asked
        else {
            return Some(Class::NoChallenge);
        };
        // Only the last one counts, and a yes to it once.
        if *last != which || (*approved && !refuses) {
            return Some(Class::Replayed);
        } else if *until <= now {
            return Some(Class::Expired);
        }
        Some(match gesture {
            Gesture::Approves { number: typed } if typed == *number => {
                *approved = true;
                Class::Accepted
            }
            Gesture::Approves { .. } => {
                held.asked = None;
                self.fail(place);
                Class::Wrong
            }
            _ => {
                self.refused(challenge, gesture);
                Class::Accepted
            }
        })
    }

    /// Whether a notification still waits for its answer.
    pub(crate) fn awaits(&self, challenge: usize, place: usize, which: usize) -> bool {
        let held = &self.challenges[challenge];
        held.alive
            && held.asked.as_ref().is_some_and(|asked| {
                asked.factor == place
                    && asked.until > self.now
                    && matches!(&asked.sent, Sent::Push { which: last, approved: false, .. } if *last == which)
            })
    }

    /// What was sent for the challenge, if anything is heard of it.
    fn rung(&mut self, challenge: usize, place: usize, gesture: Gesture) -> Option<&mut Sent> {
        let now = self.now;
        let factor = &self.factors[place];
        let open = !factor.gone && factor.state == State::Active && factor.is_open(now);
        // A no is heard also where a yes would not be.
        let refuses = matches!(gesture, Gesture::Denies | Gesture::Reports);
        let heard = !self.suspended && (open || refuses);
        let held = &mut self.challenges[challenge];
        let lives = held.alive && held.expires > now && heard;
        let asked = held.asked.as_mut();
        let asked = asked.filter(|asked| lives && asked.factor == place && asked.until > now)?;
        Some(&mut asked.sent)
    }

    fn refused(&mut self, challenge: usize, gesture: Gesture) {
        match gesture {
            Gesture::Reports => self.end_session(self.challenges[challenge].session),
            _ => self.challenges[challenge].asked = None,
        }
    }

    pub(crate) fn place(&self, id: &RegistrationId) -> usize {
        self.factors.iter().position(|f| f.id == *id).unwrap()
    }
}
