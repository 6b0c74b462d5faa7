//! The flow once more, written to be read: plain lists, times in seconds, codes as text. What a policy decides is asked of the
//! policy; everything else is said here a second time.

mod answers;
mod authenticator;
mod challenges;
mod failed;
mod managing;
mod passwords;

use mfa_flow::Next;
use mfa_policy::{
    AccountView, Action, Capability, Context, DeviceId, Method, Policy, Proven, Purpose,
    Registration, RegistrationId, State, Subject, Timestamp,
};

pub(crate) use authenticator::Authenticator;
pub(crate) use failed::Failed;
pub(crate) use passwords::{Passwords, RIGHT, Try};

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
    /// When the first registration was tested.
    pub(crate) reconfirmed: Option<i64>,
    pub(crate) pending: Option<Pending>,
    /// Failed tests of whatever was pending.
    pub(crate) enrolling: Failed,
    pub(crate) passwords: Passwords,
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
    /// What is asked for now, where nothing had to be sent.
    shown: Option<usize>,
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
        /// Which of all notifications.
        which: usize,
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
            reconfirmed: None,
            pending: None,
            enrolling: Failed::default(),
            passwords: Passwords::default(),
            texts: Vec::new(),
            pushes: Vec::new(),
        }
    }

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
        let view = match &self.default {
            Some(default) => view.with_default(default.clone()),
            None => view,
        };
        match self.reconfirmed {
            Some(time) => view.with_reconfirmed(Timestamp::from_unix_seconds(time)),
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

    /// What is pending ends with the session in which it was begun, however that ends.
    pub(crate) fn nothing_outlives_its_session(&mut self) {
        let alive = |pending: &Pending| self.sessions[pending.session].alive;
        self.pending = self.pending.take().filter(alive);
    }

    pub(crate) fn sign_out(&mut self, session: usize) {
        self.end_session(session);
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
