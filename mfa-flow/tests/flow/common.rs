//! An organisation in memory: accounts in their stored form, claims, a clock that is moved by hand, and a fixed random source.

mod enrolling;
mod planting;
mod signing_in;
mod went_out;

use std::collections::BTreeMap;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use mfa_flow::{
    Account, AccountKey, Change, Claim, Flow, HashKey, Operation, Outgoing, Proof, Refused,
    SessionId, TenantId, Version, Visit,
};
use mfa_policy::{Capability, PersonId, Policy, PolicyDraft, Preset, Subject, Timestamp};
use otp_core::UnixTime;
use otp_uri::Issuer;
use serde_json::Value;

pub(crate) use enrolling::{pairing_token, shown_key};
pub(crate) use planting::{KEY, KEY_BASE64, NUMBER, device, push_at};
pub(crate) use signing_in::{ada, approved, code_of, wrong};

/// Everything that would be in a database, and the flows under one policy.
pub(crate) struct World {
    pub(crate) flow: Flow,
    pub(crate) now: Timestamp,
    /// What went out with the last change, in order.
    pub(crate) outgoing: Vec<Outgoing>,
    rows: BTreeMap<AccountKey, (Version, Vec<u8>)>,
    claims: BTreeMap<Claim, AccountKey>,
    random: ChaCha20Rng,
}

/// Somebody in a browser: who, in which session, and as which administrator.
pub(crate) struct Person {
    pub(crate) key: AccountKey,
    pub(crate) subject: Subject,
    pub(crate) session: Option<SessionId>,
    pub(crate) origin: Option<String>,
}

impl Person {
    /// Somebody of the tenant `acme`, in no session.
    pub(crate) fn new(name: &str) -> Self {
        Self::of("acme", name)
    }

    pub(crate) fn of(tenant: &str, name: &str) -> Self {
        let id = PersonId::new(name).unwrap();
        Self {
            key: AccountKey::new(TenantId::new(tenant).unwrap(), id.clone()),
            subject: Subject::new(id),
            session: None,
            origin: None,
        }
    }

    /// Somebody of the tenant `acme` who may act on the accounts of others.
    pub(crate) fn administrator(name: &str) -> Self {
        let mut person = Self::new(name);
        person.subject = person.subject.administrator();
        person
    }

    /// The same person in another browser, without a session.
    pub(crate) fn elsewhere(&self) -> Self {
        Self {
            key: self.key.clone(),
            subject: self.subject.clone(),
            session: None,
            origin: None,
        }
    }
}

impl World {
    /// Under the policy `security-info`.
    pub(crate) fn new() -> Self {
        Self::under(Preset::SecurityInfo.policy())
    }

    /// Under `security-info` after that change to it.
    pub(crate) fn with(change: impl FnOnce(&mut PolicyDraft)) -> Self {
        let mut draft = Preset::SecurityInfo.draft();
        change(&mut draft);
        Self::under(draft.validate().unwrap())
    }

    pub(crate) fn under(policy: Policy) -> Self {
        Self {
            flow: Flow::new(
                policy,
                HashKey::from_bytes([7; 32]),
                Issuer::new("Acme").unwrap(),
            ),
            now: "2026-12-01T09:00:00Z".parse().unwrap(),
            outgoing: Vec::new(),
            rows: BTreeMap::new(),
            claims: BTreeMap::new(),
            random: ChaCha20Rng::from_seed([1; 32]),
        }
    }

    pub(crate) fn pass_seconds(&mut self, seconds: u32) {
        self.now = self.now.plus_seconds(seconds);
    }

    pub(crate) fn pass_minutes(&mut self, minutes: u32) {
        self.now = self.now.plus_minutes(minutes);
    }

    pub(crate) fn unix(&self) -> UnixTime {
        UnixTime::from_secs(u64::try_from(self.now.unix_seconds()).unwrap())
    }

    /// A visit of the person now, where WebAuthn is spoken, telephones are reached and no number is at risk.
    pub(crate) fn visit(&self, person: &Person) -> Visit {
        let mut visit = Visit::new(person.subject.clone(), self.now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false);
        if let Some(session) = &person.session {
            visit = visit.in_session(session.clone());
        }
        if let Some(origin) = &person.origin {
            visit = visit.from(origin);
        }
        visit
    }

    /// A visit to the person's account by an administrator with that proof.
    pub(crate) fn visit_by(&self, administrator: &Person, proof: &Proof, person: &Person) -> Visit {
        self.visit(&person.elsewhere())
            .by_administrator(&administrator.subject, proof)
    }

    /// Decides, commits and reveals, as a store does it.
    pub(crate) fn run<T>(
        &mut self,
        person: &Person,
        decide: impl FnMut(Operation<'_>) -> Change<T>,
    ) -> T {
        let visit = self.visit(person);
        self.run_at(&person.key, &visit, decide)
    }

    pub(crate) fn run_at<T>(
        &mut self,
        key: &AccountKey,
        visit: &Visit,
        mut decide: impl FnMut(Operation<'_>) -> Change<T>,
    ) -> T {
        let mut taken = Vec::new();
        loop {
            let account = self.account(key).with_taken(&taken);
            let change = decide(self.flow.on(account, visit, &mut self.random));
            let write = change.write();
            assert_eq!(write.key(), key);
            assert_eq!(write.base(), self.version(key));
            let lost: Vec<Claim> = write
                .claims()
                .iter()
                .filter(|claim| self.claims.get(*claim).is_some_and(|holder| holder != key))
                .cloned()
                .collect();
            if !lost.is_empty() {
                assert!(taken.is_empty(), "claims what it was told is taken");
                taken = lost;
                continue;
            }
            for claim in write.releases() {
                if self.claims.get(claim) == Some(key) {
                    self.claims.remove(claim);
                }
            }
            for claim in write.claims() {
                self.claims.insert(claim.clone(), key.clone());
            }
            let row = (
                write.account().version(),
                write.account().to_stored().to_vec(),
            );
            self.rows.insert(key.clone(), row);
            self.outgoing = write.outgoing().to_vec();
            let durable = write.danger_declare_durable();
            return change.reveal(&durable).unwrap();
        }
    }

    /// An operation that is refused, and has changed nothing but the version.
    pub(crate) fn refused<T>(
        &mut self,
        person: &Person,
        decide: impl FnMut(Operation<'_>) -> Change<Result<T, Refused>>,
    ) -> Refused {
        let visit = self.visit(person);
        self.refused_at(&person.key, &visit, decide)
    }

    pub(crate) fn refused_at<T>(
        &mut self,
        key: &AccountKey,
        visit: &Visit,
        decide: impl FnMut(Operation<'_>) -> Change<Result<T, Refused>>,
    ) -> Refused {
        let before = self.account(key).to_stored();
        let refused = self.run_at(key, visit, decide).err();
        assert_eq!(*self.account(key).to_stored(), *before, "{refused:?}");
        assert_eq!(self.effects().count(), 0, "{refused:?}");
        refused.unwrap()
    }

    /// What an operation reads without changing anything.
    pub(crate) fn read<T>(&mut self, person: &Person, read: impl FnOnce(&Operation<'_>) -> T) -> T {
        let visit = self.visit(person);
        let account = self.account(&person.key);
        read(&self.flow.on(account, &visit, &mut self.random))
    }

    /// The account as it is stored.
    pub(crate) fn account(&self, key: &AccountKey) -> Account {
        match self.rows.get(key) {
            Some((version, stored)) => Account::from_stored(key.clone(), *version, stored).unwrap(),
            None => Account::absent(key.clone()),
        }
    }

    pub(crate) fn version(&self, key: &AccountKey) -> Version {
        self.rows
            .get(key)
            .map_or(Version::ABSENT, |(version, _)| *version)
    }

    /// The stored account as JSON.
    pub(crate) fn stored(&self, person: &Person) -> Value {
        serde_json::from_slice(&self.account(&person.key).to_stored()).unwrap()
    }
}

/// The codes of the reasons of a refusal; none if it was not the policy.
pub(crate) fn codes(refused: &Refused) -> Vec<&'static str> {
    match refused {
        Refused::Policy(decision) => decision.reasons().iter().map(|r| r.code()).collect(),
        _ => Vec::new(),
    }
}
