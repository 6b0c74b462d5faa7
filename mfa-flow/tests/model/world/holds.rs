//! What always holds.

use std::fmt::Debug;

use mfa_flow::{Account, Change, Effect, Event, Operation, Outgoing, SessionId, Visit};
use mfa_policy::{Capability, PersonId, State, Timestamp};
use serde_json::Value;

use super::super::reference::Factor;
use super::super::steps::{Act, Step};
use super::World;

impl World {
    /// Decides, stores and reveals, and looks at all that comes out.
    pub(super) fn run<T>(
        &mut self,
        session: Option<usize>,
        decide: impl FnOnce(Operation<'_>) -> Change<T>,
    ) -> T
    where
        T: Debug,
    {
        let visit = self.visit(session);
        let account = self.account();
        let change = decide(self.flow.on(account, &visit, &mut self.random));
        let write = change.write();
        // Whatever was decided, the version is the next one.
        assert_eq!(write.base(), self.version);
        assert_eq!(write.account().version().get(), self.version.get() + 1);
        assert_eq!(write.key(), &self.key);
        let stored = write.account().to_stored();
        let again =
            Account::from_stored(self.key.clone(), write.account().version(), &stored).unwrap();
        assert_eq!(*again.to_stored(), *stored);
        self.outgoing = write.outgoing().to_vec();
        // What was sent is a secret from now on, and stands in the effect that sends it alone.
        for outgoing in &self.outgoing {
            let mut code = None;
            if let Outgoing::Effect(
                Effect::SendText { code: sent, .. } | Effect::SendMail { code: sent, .. },
            ) = outgoing
            {
                code = Some(sent.expose());
                self.secrets.add(sent.expose(), "a code that was sent");
            }
            let written = serde_json::to_string(outgoing).unwrap();
            self.secrets.are_not_in(&written, code, "what goes out");
            self.secrets
                .are_not_in(&format!("{outgoing:?}"), None, "Debug of what goes out");
            let read: Outgoing = serde_json::from_str(&written).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), written);
        }
        let debug = format!(
            "{change:?} {:?} {:?}",
            change.write(),
            change.write().account()
        );
        let registered: Vec<_> = change.write().account().registrations().collect();
        let debug = format!("{debug} {registered:?} {visit:?}");
        self.secrets.are_not_in(&debug, None, "Debug of a change");
        self.version = change.write().account().version();
        self.stored = stored.to_vec();
        let durable = change.write().danger_declare_durable();
        let outcome = change.reveal(&durable).unwrap();
        let debug = format!("{outcome:?}");
        self.secrets.are_not_in(&debug, None, "Debug of an outcome");
        outcome
    }

    pub(super) fn account(&self) -> Account {
        Account::from_stored(self.key.clone(), self.version, &self.stored).unwrap()
    }

    pub(super) fn visit(&self, session: Option<usize>) -> Visit {
        let now = Timestamp::from_unix_seconds(self.now());
        let visit = Visit::new(self.reference.subject.clone(), now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false)
            .from("portal, 192.0.2.1");
        match session {
            Some(session) => visit.in_session(self.sessions[session].clone()),
            None if self.by_operator => visit.by_operator(PersonId::new("night shift").unwrap()),
            None => visit,
        }
    }

    pub(super) fn know_session(&mut self, session: SessionId) {
        self.secrets.add(&session.expose(), "a session");
        self.sessions.push(session);
    }

    /// Registrations, states, locks, uses, the default and what each session still needs are the same for both.
    pub(super) fn both_agree(&mut self) {
        self.reference.nothing_outlives_its_session();
        let account = self.account();
        assert_eq!(account.view(), self.reference.view(true));
        let locked_until = account.password_locked_until();
        let locked_until = locked_until.map(Timestamp::unix_seconds);
        assert_eq!(locked_until, self.reference.passwords.locked_until);
        for session in self.sessions.len().saturating_sub(2)..self.sessions.len() {
            let visit = self.visit(Some(session));
            let next = self
                .flow
                .on(self.account(), &visit, &mut self.random)
                .next();
            assert_eq!(next, self.reference.next(session));
        }
        for challenge in self.challenges.len().saturating_sub(2)..self.challenges.len() {
            self.page_is_as_it_was(challenge);
        }
        let limits = self.flow.policy().lockout();
        for factor in &self.reference.factors {
            let spent = factor.failed.in_a_row >= limits.consecutive_failures();
            assert!(!spent || factor.state == State::Disabled);
        }
    }

    /// A page that is loaded again shows what is asked for, whatever happened since.
    fn page_is_as_it_was(&mut self, challenge: usize) {
        let id = self.challenges[challenge];
        let visit = self.visit(Some(self.reference.challenges[challenge].session));
        let on = self.flow.on(self.account(), &visit, &mut self.random);
        let page = on.prompt(id).map(|prompt| {
            prompt.asked().map(|ask| {
                let factor = self.reference.place(ask.choice().registration());
                (factor, ask.number(), ask.until().unix_seconds())
            })
        });
        assert_eq!(page, self.reference.page(challenge));
    }

    pub(super) fn locks(&self) -> Vec<Option<Timestamp>> {
        let view = self.account().view();
        let view = serde_json::to_value(view).unwrap();
        let lock = |factor: &Factor| {
            let registrations = view["registrations"].as_array().unwrap();
            let is_it = |r: &&Value| r["id"] == factor.id.as_str();
            let until = registrations.iter().find(is_it)?.get("locked_until")?;
            Some(until.as_str().unwrap().parse().unwrap())
        };
        self.reference.factors.iter().map(lock).collect()
    }

    /// A lock that is not over is not shortened: not by a challenge, not by something sent, not by another factor's success.
    pub(super) fn no_lock_is_shorter(&self, before: &[Option<Timestamp>], step: &Step) {
        let now = Timestamp::from_unix_seconds(self.now());
        let factors = self.reference.factors.iter().zip(self.locks());
        for (before, (factor, after)) in before.iter().zip(factors) {
            let may = factor.gone || matches!(step, Step::Operator(Act::RepairClock));
            if before.is_some_and(|before| before > now) && !may {
                assert!(after >= *before, "{step:?} shortens a lock");
            }
        }
    }

    pub(super) fn sent(&self) -> Vec<Effect> {
        let sends = |effect: &&Effect| {
            matches!(
                effect,
                Effect::SendText { .. }
                    | Effect::SendMail { .. }
                    | Effect::PlaceCall { .. }
                    | Effect::Push { .. }
            )
        };
        self.effects().filter(sends).cloned().collect()
    }

    pub(super) fn sent_of(&self, kind: impl Fn(&Effect) -> bool) -> usize {
        self.effects().filter(|effect| kind(effect)).count()
    }

    pub(super) fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Effect(effect) => Some(effect),
            Outgoing::Event(_) => None,
        })
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &Event> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Event(event) => Some(event),
            Outgoing::Effect(_) => None,
        })
    }
}
