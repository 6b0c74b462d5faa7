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
    pub(crate) suspended: bool,
    pub(crate) pending: Option<Pending>,
    /// Failed tests of whatever was pending.
    pub(crate) enrolling: Failed,
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

/// An authenticator that waits for its test.
pub(crate) struct Pending {
    pub(crate) id: RegistrationId,
    pub(crate) device: Option<DeviceId>,
    pub(crate) key: Vec<u8>,
    session: usize,
    begun: i64,
}

/// What an answer is compared with.
pub(crate) enum Secret {
    Totp(Authenticator),
    Hotp {
        key: Vec<u8>,
        next: u64,
    },
    /// A telephone or a mailbox: what counts is what was sent.
    Sent,
    SecurityKey {
        count: u32,
    },
    /// Recovery codes that were not used yet.
    Paper {
        unused: Vec<String>,
    },
}

pub(crate) struct Authenticator {
    pub(crate) key: Vec<u8>,
    /// Every step up to this one is used.
    pub(crate) up_to: Option<i64>,
    /// The last eight steps that were accepted, and that up to which nobody knows.
    accepted: Vec<i64>,
    unknown: Option<i64>,
    /// The step that was accepted last.
    pub(crate) newest: Option<i64>,
    drift: i64,
    /// Codes in a row that were off to one side.
    streak: i64,
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

/// What comes of a wish to change the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Done,
    Denied,
    Over,
    Rejected,
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
            suspended: false,
            pending: None,
            enrolling: Failed::default(),
            texts: Vec::new(),
            pushes: Vec::new(),
        }
    }

    // --- What the policy is asked with ----------------------------------------------------------------------------

    /// With locks and what is pending, or as if there were neither.
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
            if let Secret::Paper { unused } = &factor.secret {
                view = view.with_codes_left(u32::try_from(unused.len()).unwrap());
            }
            view
        });
        let pending = self.pending.iter().filter(|_| with_locks).map(|pending| {
            Registration::new(pending.id.clone(), Method::OtherAuthenticator)
                .in_state(State::Pending)
                .on(pending.device.clone().unwrap())
        });
        let view = AccountView::new(view.chain(pending)).unwrap();
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
    pub(crate) fn password(&mut self) -> bool {
        if self.suspended {
            return false;
        }
        self.begin(Session {
            alive: true,
            first_factor: self.now,
            proofs: Vec::new(),
        });
        true
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

    pub(crate) fn sign_out(&mut self, session: usize) {
        self.end_session(session);
        self.pending = self
            .pending
            .take()
            .filter(|pending| pending.session != session);
    }

    fn end_session(&mut self, session: usize) {
        self.sessions[session].alive = false;
        for challenge in &mut self.challenges {
            challenge.alive &= challenge.session != session;
        }
    }

    /// What a session still needs.
    pub(crate) fn next(&self, session: usize) -> Next {
        if self.suspended {
            return Next::SecondStep;
        }
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
        // What is locked or disabled still stands in the way; paper that is used up does not.
        let stands = self.factors.iter().any(|f| {
            let used_up = matches!(&f.secret, Secret::Paper { unused } if unused.is_empty());
            !f.gone && !used_up && self.policy.strength(&f.method).is_some()
        });
        match (proven, stands, required) {
            (true, ..) => Next::Done,
            (_, true, _) => Next::SecondStep,
            (_, _, true) => Next::Register,
            _ if self.signed_in(session) => Next::Done,
            _ => Next::SecondStep,
        }
    }

    fn signed_in(&self, session: usize) -> bool {
        self.sessions.get(session).is_some_and(|s| s.alive)
    }

    // --- Challenges -------------------------------------------------------------------------------------------------

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
        let really = !self.suspended && factor.state == State::Active && factor.is_open(now);
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
    fn accepted(&mut self, session: usize, challenge: usize, place: usize) {
        let now = self.now;
        let factor = &mut self.factors[place];
        factor.last_used = Some(now);
        factor.failed.succeed();
        self.pushes.clear();
        self.challenges[challenge].alive = false;
        self.rotate(session, place);
    }

    /// The session becomes another with one more proof, and what is pending in it follows.
    fn rotate(&mut self, session: usize, place: usize) {
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

    // --- Managing ---------------------------------------------------------------------------------------------------

    fn permitted(&self, action: &Action, session: usize) -> Wish {
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
    fn adopt(&mut self, action: &Action, session: usize) {
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
    fn factors_changed(&mut self, session: Option<usize>) {
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

    fn end_others(&mut self, session: Option<usize>) {
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

    // --- The operator -----------------------------------------------------------------------------------------------

    pub(crate) fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended;
        if suspended {
            self.end_others(None);
        }
    }

    pub(crate) fn password_changed(&mut self, session: usize) {
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

    // --- The telephone ----------------------------------------------------------------------------------------------

    /// Whether what the person does on the telephone is taken.
    pub(crate) fn phone(&mut self, challenge: usize, place: usize, gesture: Gesture) -> bool {
        let now = self.now;
        let factor = &self.factors[place];
        let open = !factor.gone && factor.state == State::Active && factor.is_open(now);
        // A no is heard also where a yes would not be.
        let refuses = matches!(gesture, Gesture::Denies | Gesture::Reports);
        let heard = !self.suspended && (open || refuses);
        let held = &mut self.challenges[challenge];
        let lives = held.alive && held.expires > now && heard;
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
        self.failed.is_open(now)
    }
}

impl Failed {
    fn is_open(&self, now: i64) -> bool {
        self.locked_until.is_none_or(|until| until <= now)
    }

    /// Counts a failure. Whether it was the last in a row.
    fn fail(&mut self, now: i64, limits: &Lockout) -> bool {
        self.in_a_row += 1;
        let today = day(now);
        let oldest = today - i64::from(limits.rolling_days());
        self.days.retain(|day| *day >= oldest);
        self.days.push(today);
        self.days.sort_unstable();
        if self.in_a_row >= limits.consecutive_failures() {
            return true;
        }
        let delay = now + self.delay(limits);
        let until = self.rolled(limits).map_or(delay, |until| until.max(delay));
        if until > now {
            self.locked_until = Some(until);
        }
        false
    }

    fn succeed(&mut self) {
        self.in_a_row = 0;
        self.locked_until = None;
    }

    /// When the failure is too old that has to be, before another is looked at.
    fn rolled(&self, limits: &Lockout) -> Option<i64> {
        let most = usize::try_from(limits.rolling_failures()).unwrap();
        let place = self.days.len().checked_sub(most)?;
        Some((self.days[place] + i64::from(limits.rolling_days()) + 1) * 86_400)
    }

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

    /// What was counted in the future counts as of now, and no lock is longer than one of now could be.
    fn bring_back(&mut self, now: i64, limits: &Lockout) {
        for at in &mut self.days {
            *at = day(now).min(*at);
        }
        let longest = now + i64::from(limits.longest_delay_seconds());
        let latest = self
            .rolled(limits)
            .map_or(longest, |until| until.max(longest));
        self.locked_until = self.locked_until.map(|until| until.min(latest));
    }
}

fn day(now: i64) -> i64 {
    now.div_euclid(86_400)
}

impl Authenticator {
    pub(crate) fn new(key: &[u8]) -> Self {
        Self {
            key: key.to_vec(),
            up_to: None,
            accepted: Vec::new(),
            unknown: None,
            newest: None,
            drift: 0,
            streak: 0,
        }
    }

    fn answer(&mut self, code: &str, now: i64, past: i64, future: i64) -> Class {
        let centre = naive::step(now) + self.drift;
        if self.up_to > Some(centre + future) {
            return Class::ClockBehind;
        }
        let matching = (centre - past..=centre + future)
            .filter(|&step| step >= 0 && naive::totp(&self.key, step) == *code);
        match matching.max() {
            None => Class::Wrong,
            Some(step) if Some(step) <= self.up_to || self.accepted.contains(&step) => {
                Class::Replayed
            }
            Some(step) => {
                self.accept(step);
                let side = (step - centre).signum();
                self.streak = if side == self.streak.signum() {
                    self.streak + side
                } else {
                    side
                };
                if self.streak.abs() == 3 {
                    self.drift += side;
                    self.streak = 0;
                }
                Class::Accepted
            }
        }
    }

    fn accept(&mut self, step: i64) {
        self.newest = Some(step);
        self.up_to = self.up_to.max(Some(step));
        self.accepted.push(step);
        self.accepted.sort_unstable();
        if self.accepted.len() > 8 {
            self.unknown = self.unknown.max(Some(self.accepted.remove(0)));
        }
    }
}
