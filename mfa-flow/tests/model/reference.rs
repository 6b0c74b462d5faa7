//! The flow once more, written to be read: plain lists, times in seconds, codes as text. What a policy decides is asked of the
//! policy; everything else is said here a second time.

use mfa_flow::{Class, Next};
use mfa_policy::{
    AccountView, Action, Capability, Context, DeviceId, Lockout, Method, Policy, Proven, Purpose,
    Registration, RegistrationId, Sending, State, Subject, Timestamp,
};

use super::naive;

/// Everything that is known of one person. What has gone stays in its list, so that a place is a name for good.
pub(crate) struct Reference {
    pub(crate) policy: Policy,
    pub(crate) subject: Subject,
    pub(crate) now: i64,
    pub(crate) factors: Vec<Factor>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) challenges: Vec<Challenge>,
    pub(crate) default: Option<RegistrationId>,
    /// Texts and calls: when, and by which factor.
    texts: Vec<(i64, usize)>,
    /// Notifications since the last success: when.
    pushes: Vec<i64>,
}

pub(crate) struct Factor {
    pub(crate) id: RegistrationId,
    pub(crate) method: Method,
    pub(crate) device: Option<DeviceId>,
    pub(crate) state: State,
    pub(crate) gone: bool,
    pub(crate) secret: Secret,
    pub(crate) failed: Failed,
    last_used: Option<i64>,
}

/// What an answer is compared with.
pub(crate) enum Secret {
    Totp {
        key: Vec<u8>,
        last: Option<i64>,
        drift: i64,
        /// Codes in a row that were off to one side.
        streak: i64,
    },
    Hotp {
        key: Vec<u8>,
        next: u64,
    },
    /// A telephone or a mailbox: what counts is what was sent.
    Sent,
    SecurityKey {
        count: u32,
    },
}

#[derive(Default)]
pub(crate) struct Failed {
    pub(crate) in_a_row: u32,
    pub(crate) locked_until: Option<i64>,
    /// The days of failures since 1970, in order, success or not.
    days: Vec<i64>,
}

pub(crate) struct Session {
    pub(crate) alive: bool,
    first_factor: i64,
    pub(crate) proofs: Vec<(usize, i64)>,
}

pub(crate) struct Challenge {
    pub(crate) alive: bool,
    pub(crate) session: usize,
    pub(crate) purpose: Purpose,
    pub(crate) expires: i64,
    sends: u32,
    pub(crate) asked: Option<Asked>,
}

pub(crate) struct Asked {
    pub(crate) factor: usize,
    until: i64,
    pub(crate) sent: Sent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// `None`: one that nobody has seen.
    Code(Option<String>),
    Push {
        number: u8,
        approved: bool,
    },
    Call {
        approved: bool,
    },
}

/// An answer, as it reaches the flow.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Code(String),
    Approved,
    SecurityKey {
        same_credential: bool,
        verified: bool,
        count: u32,
    },
}

/// What a person does with a notification or a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gesture {
    Approves { number: u8 },
    PressesHash,
    Denies,
    Reports,
}

/// What comes of a wish for something to be sent. Not really, where the factor is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// It needs nothing to be sent.
    Nothing,
    Code {
        really: bool,
    },
    Push {
        really: bool,
    },
    Call {
        really: bool,
    },
    TooSoon,
    NoMore,
    Over,
}

/// What is to come of a new challenge.
pub(crate) enum Asking {
    Over,
    Choice { sent: Option<(usize, Reply)> },
}

impl Reference {
    pub(crate) fn new(
        policy: Policy,
        subject: Subject,
        now: i64,
        factors: Vec<Factor>,
        default: Option<RegistrationId>,
    ) -> Self {
        Self {
            policy,
            subject,
            now,
            factors,
            sessions: Vec::new(),
            challenges: Vec::new(),
            default,
            texts: Vec::new(),
            pushes: Vec::new(),
        }
    }

    // --- What the policy is asked with ----------------------------------------------------------------------------

    pub(crate) fn view(&self, with_locks: bool) -> AccountView {
        let there = self.factors.iter().filter(|factor| !factor.gone);
        let view = there.map(|factor| {
            let mut view =
                Registration::new(factor.id.clone(), factor.method.clone()).in_state(factor.state);
            if let Some(device) = &factor.device {
                view = view.on(device.clone());
            }
            if let Some(until) = factor.failed.locked_until.filter(|_| with_locks) {
                view = view.locked_until(Timestamp::from_unix_seconds(until));
            }
            if let Some(time) = factor.last_used {
                view = view.last_used(Timestamp::from_unix_seconds(time));
            }
            view
        });
        let view = AccountView::new(view).unwrap();
        match &self.default {
            Some(default) => view.with_default(default.clone()),
            None => view,
        }
    }

    pub(crate) fn context(&self, session: usize) -> Context {
        let time = Timestamp::from_unix_seconds;
        let mut context = Context::at(time(self.now))
            .with_registered_elsewhere(false)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false);
        if let Some(session) = self.sessions.get(session).filter(|session| session.alive) {
            context = context.proven(Proven::Password, time(session.first_factor));
            for (factor, at) in &session.proofs {
                let id = self.factors[*factor].id.clone();
                context = context.proven(Proven::Registration(id), time(*at));
            }
        }
        context
    }

    fn may_use(&self, factor: usize, purpose: Purpose, session: usize, with_locks: bool) -> bool {
        let action = Action::Use {
            registration: self.factors[factor].id.clone(),
            purpose,
        };
        self.policy.allows(
            &self.subject,
            &self.view(with_locks),
            &action,
            &self.context(session),
        )
    }

    // --- Sessions ---------------------------------------------------------------------------------------------------

    /// A session after the password. Of twelve that are there, the oldest without a second factor goes, else the oldest.
    pub(crate) fn password(&mut self) {
        self.begin(Session {
            alive: true,
            first_factor: self.now,
            proofs: Vec::new(),
        });
    }

    fn begin(&mut self, session: Session) {
        let alive: Vec<usize> = (0..self.sessions.len())
            .filter(|&place| self.sessions[place].alive)
            .collect();
        if alive.len() >= 12 {
            let weight = |&place: &usize| {
                let session = &self.sessions[place];
                let last = session.proofs.iter().map(|(_, at)| *at).max();
                (last, session.first_factor)
            };
            let least = alive.into_iter().min_by_key(weight).unwrap();
            self.end_session(least);
        }
        self.sessions.push(session);
    }

    pub(crate) fn end_session(&mut self, session: usize) {
        self.sessions[session].alive = false;
        for challenge in &mut self.challenges {
            challenge.alive &= challenge.session != session;
        }
    }

    /// What a session still needs.
    pub(crate) fn next(&self, session: usize) -> Next {
        let required = self.policy.required(&self.subject);
        let required = required.iter().any(|r| r.purpose == Purpose::TwoStep);
        let counts = |factor: usize| {
            let factor = &self.factors[factor];
            let accepted = |purpose| {
                let method = factor.method.clone();
                let action = Action::Accept { method, purpose };
                let (view, context) = (self.view(true), self.context(session));
                self.policy.allows(&self.subject, &view, &action, &context)
            };
            !factor.gone && accepted(Purpose::TwoStep)
        };
        let proven = self
            .sessions
            .get(session)
            .is_some_and(|s| s.alive && s.proofs.iter().any(|(factor, _)| counts(*factor)));
        // What is locked or disabled still stands in the way.
        let stands = self
            .factors
            .iter()
            .any(|f| !f.gone && self.policy.strength(&f.method).is_some());
        match (proven, stands, required) {
            (true, ..) => Next::Done,
            (_, true, _) => Next::SecondStep,
            (_, _, true) => Next::Register,
            _ => Next::Done,
        }
    }

    fn signed_in(&self, session: usize) -> bool {
        self.sessions.get(session).is_some_and(|s| s.alive)
    }

    // --- Challenges -------------------------------------------------------------------------------------------------

    pub(crate) fn challenge(&mut self, session: usize, purpose: Purpose) -> Asking {
        if !self.signed_in(session) || self.choices(session, purpose).is_empty() {
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

    /// The purpose of a challenge that lives and belongs to the session.
    fn live(&self, session: usize, challenge: usize) -> Option<Purpose> {
        let challenge = self.challenges.get(challenge)?;
        let lives = challenge.alive && challenge.expires > self.now;
        (lives && challenge.session == session && self.sessions[session].alive)
            .then_some(challenge.purpose)
    }

    fn send(&mut self, challenge: usize, place: usize) -> Reply {
        let (now, limits) = (self.now, self.policy.challenge());
        let factor = &self.factors[place];
        let really = factor.state == State::Active && factor.is_open(now);
        let sending = match factor.method {
            Method::Text | Method::Email => Reply::Code { really },
            Method::CallMobile | Method::CallOffice | Method::CallAlternate => {
                Reply::Call { really }
            }
            Method::AuthenticatorPush => Reply::Push { really },
            _ => return Reply::Nothing,
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

    // --- Answers ----------------------------------------------------------------------------------------------------

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
        let class = if factor.gone {
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

    fn compare(&mut self, challenge: usize, place: usize, given: &Given) -> Class {
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
            (
                Secret::Totp {
                    key,
                    last,
                    drift,
                    streak,
                },
                Given::Code(code),
            ) => {
                let present = naive::step(now);
                if last.is_some_and(|last| last > present + *drift + future) {
                    return Class::ClockBehind;
                }
                let centre = present + *drift;
                let matching = (centre - past..=centre + future)
                    .filter(|&step| step >= 0 && naive::totp(key, step) == *code);
                match matching.max() {
                    None => Class::Wrong,
                    Some(step) if last.is_some_and(|last| step <= last) => Class::Replayed,
                    Some(step) => {
                        *last = Some(step);
                        let side = (step - centre).signum();
                        *streak = if side == 0 || side != streak.signum() {
                            side
                        } else {
                            *streak + side
                        };
                        if streak.abs() == 3 {
                            *drift += side;
                            *streak = 0;
                        }
                        Class::Accepted
                    }
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
    fn accepted(&mut self, session: usize, challenge: usize, place: usize) {
        let now = self.now;
        let factor = &mut self.factors[place];
        factor.last_used = Some(now);
        factor.failed.in_a_row = 0;
        factor.failed.locked_until = None;
        self.pushes.clear();
        self.challenges[challenge].alive = false;
        let old = &self.sessions[session];
        let (first_factor, mut proofs) = (old.first_factor, old.proofs.clone());
        proofs.retain(|(factor, _)| *factor != place);
        proofs.push((place, now));
        self.end_session(session);
        self.begin(Session {
            alive: true,
            first_factor,
            proofs,
        });
    }

    pub(crate) fn fail(&mut self, place: usize) {
        let now = self.now;
        let limits = self.policy.lockout();
        let factor = &mut self.factors[place];
        let failed = &mut factor.failed;
        failed.in_a_row += 1;
        let today = now.div_euclid(86_400);
        let rolling = i64::from(limits.rolling_days());
        failed.days.retain(|day| *day >= today - rolling);
        failed.days.push(today);
        failed.days.sort_unstable();
        if failed.in_a_row >= limits.consecutive_failures() {
            factor.state = State::Disabled;
            return;
        }
        let delay = now + failed.delay(limits);
        // The failure that has to be too old before another is looked at.
        let most = usize::try_from(limits.rolling_failures()).unwrap();
        let rolled = failed.days.len().checked_sub(most);
        let rolled = rolled.map_or(now, |place| (failed.days[place] + rolling + 1) * 86_400);
        let until = delay.max(rolled);
        if until > now {
            failed.locked_until = Some(until);
        }
    }

    // --- The telephone ----------------------------------------------------------------------------------------------

    /// Whether what the person does on the telephone is taken.
    pub(crate) fn phone(&mut self, challenge: usize, place: usize, gesture: Gesture) -> bool {
        let now = self.now;
        let factor = &self.factors[place];
        let open = !factor.gone && factor.state == State::Active && factor.is_open(now);
        let held = &mut self.challenges[challenge];
        let lives = held.alive && held.expires > now && open;
        let asked = held.asked.as_mut();
        let Some(asked) = asked.filter(|asked| lives && asked.factor == place && asked.until > now)
        else {
            return false;
        };
        match (gesture, &mut asked.sent) {
            (
                Gesture::Approves { number },
                Sent::Push {
                    number: shown,
                    approved,
                },
            ) => {
                if number == *shown {
                    *approved = true;
                    return true;
                }
                held.asked = None;
                self.fail(place);
                false
            }
            (Gesture::PressesHash, Sent::Call { approved }) => {
                *approved = true;
                true
            }
            (Gesture::Denies, Sent::Push { .. } | Sent::Call { .. }) => {
                held.asked = None;
                true
            }
            (Gesture::Reports, Sent::Push { .. } | Sent::Call { .. }) => {
                let session = held.session;
                self.end_session(session);
                true
            }
            _ => false,
        }
    }

    pub(crate) fn place(&self, id: &RegistrationId) -> usize {
        self.factors.iter().position(|f| f.id == *id).unwrap()
    }
}

impl Factor {
    pub(crate) fn new(id: &str, method: Method, device: Option<&str>, secret: Secret) -> Self {
        Self {
            id: RegistrationId::new(id).unwrap(),
            method,
            device: device.map(|device| DeviceId::new(device).unwrap()),
            state: State::Active,
            gone: false,
            secret,
            failed: Failed::default(),
            last_used: None,
        }
    }

    pub(crate) fn is_open(&self, now: i64) -> bool {
        self.failed.locked_until.is_none_or(|until| until <= now)
    }
}

impl Failed {
    /// None, and from the last free failure on a delay that doubles.
    fn delay(&self, limits: &Lockout) -> i64 {
        let free = limits.free_failures().max(1);
        if self.in_a_row < free {
            return 0;
        }
        let first = u64::from(limits.first_delay_seconds());
        let longest = u64::from(limits.longest_delay_seconds());
        let doubled = (free..self.in_a_row).fold(first, |delay, _| (delay * 2).min(longest));
        i64::try_from(doubled.min(longest)).unwrap()
    }
}
