//! Ten thousand random operations, the same through memory, SQLite and PostgreSQL: each gives the same results, and they end in
//! the same states.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop"
)]

use std::collections::BTreeMap;

use chacha20::ChaCha20Rng;
use mfa_flow::{
    Account, AccountKey, Answer, Change, Claim, CommitId, Confirmed, Enrol, Flow, HashKey,
    NewSecurityKey, Operation, SessionId, TenantId, Test, Version, Visit,
};
use mfa_policy::{Capability, PersonId, Preset, Purpose, RegistrationId, Subject, Timestamp};
use mfa_store::{
    CommitError, Delivery, KeyId, Keyring, MemoryStore, PostgresOptions, PostgresStore, Settled,
    SqliteStore, Store,
};
use otp_core::{Secret, TimeStep, Totp, TotpParameters};
use otp_uri::Issuer;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::server;

/// Organisations that do not know of each other, side by side, because each operation waits for two disks.
const ORGANISATIONS: u32 = 8;
const OPERATIONS: u32 = 10_000 / ORGANISATIONS;
const KEY: &[u8; 20] = b"12345678901234567890";
const CREDENTIALS: [&str; 3] = ["first", "second", "third"];

/// What a commit came to, but for the error itself.
#[derive(Clone, Debug, PartialEq)]
enum Committed {
    Durable,
    Conflict,
    Taken(Vec<Claim>),
}

struct Person {
    key: AccountKey,
    subject: Subject,
    session: Option<SessionId>,
    pending: Option<RegistrationId>,
    security_key: Option<RegistrationId>,
    /// Once upon a time the account was so.
    stale: Option<(Version, Vec<u8>)>,
}

/// The three, and whatever goes on in them.
struct Stores {
    memory: MemoryStore,
    sqlite: SqliteStore,
    postgres: PostgresStore,
    flow: Flow,
    random: ChaCha20Rng,
    now: Timestamp,
    held: BTreeMap<(CommitId, u32), [Delivery; 3]>,
    done: u32,
    seen: BTreeMap<&'static str, u32>,
}

/// Does the same with each store.
macro_rules! each {
    ($stores:expr, $store:ident => $call:expr) => {{
        let $store = &$stores.memory;
        let memory = $call.await.unwrap();
        let $store = &$stores.sqlite;
        let sqlite = $call.await.unwrap();
        let $store = &$stores.postgres;
        let postgres = $call.await.unwrap();
        [memory, sqlite, postgres]
    }};
}

async fn committed(store: &impl Store, write: &mfa_flow::Write) -> Committed {
    match store.commit(write).await {
        Ok(_) => Committed::Durable,
        Err(CommitError::Conflict) => Committed::Conflict,
        Err(CommitError::Taken(claims)) => Committed::Taken(claims),
        Err(other) => panic!("{other:?}"),
    }
}

impl Stores {
    fn draw(&mut self, below: u32) -> u32 {
        self.random.next_u32() % below
    }

    fn note(&mut self, what: &'static str) {
        self.done += 1;
        *self.seen.entry(what).or_default() += 1;
    }

    /// The account of each store, which is the same.
    async fn load(&self, key: &AccountKey) -> (Version, Vec<u8>) {
        let [memory, sqlite, postgres] = each!(self, store => store.load(key));
        assert_eq!(memory.version(), sqlite.version());
        assert_eq!(memory.version(), postgres.version());
        assert_eq!(memory.to_stored(), sqlite.to_stored());
        assert_eq!(memory.to_stored(), postgres.to_stored());
        (memory.version(), memory.to_stored().to_vec())
    }

    /// One operation on the account as it is, or as it was.
    async fn operate<T>(
        &mut self,
        what: &'static str,
        person: &mut Person,
        stale: bool,
        session: bool,
        operator: bool,
        decide: impl FnOnce(Operation<'_>) -> Change<T>,
    ) -> Option<T> {
        let loaded = self.load(&person.key).await;
        let (version, stored) = match person.stale.clone().filter(|_| stale) {
            Some(stale) => stale,
            None => loaded.clone(),
        };
        if self.draw(8) == 0 {
            person.stale = Some(loaded);
        }
        let mut visit = Visit::new(person.subject.clone(), self.now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true);
        if let Some(session) = person.session.clone().filter(|_| session) {
            visit = visit.in_session(session);
        }
        if operator {
            visit = visit.by_operator(PersonId::new("tool").unwrap());
        }
        let account = Account::from_stored(person.key.clone(), version, &stored).unwrap();
        let change = decide(self.flow.on(account, &visit, &mut self.random));
        let write = change.write();
        let results = [
            committed(&self.memory, write).await,
            committed(&self.sqlite, write).await,
            committed(&self.postgres, write).await,
        ];
        assert!(
            results.iter().all(|result| *result == results[0]),
            "{what}: {results:?}"
        );
        self.load(&person.key).await;
        self.note(what);
        match &results[0] {
            Committed::Durable => {
                // After all stores said so.
                let durable = change.write().danger_declare_durable();
                Some(change.reveal(&durable).unwrap())
            }
            Committed::Conflict => {
                self.note("conflict");
                None
            }
            Committed::Taken(_) => {
                self.note("taken");
                None
            }
        }
    }

    async fn step(&mut self, person: &mut Person) {
        match self.draw(16) {
            0 | 1 => self.take().await,
            2..=4 => self.settle().await,
            5 => {
                let before = self.now.plus_seconds(self.random.next_u32() % 3);
                let [a, b, c] = each!(self, store => store.clean_up(before, 10_000));
                assert_eq!((a, a), (b, c));
                self.note(if a > 0 {
                    "clean-up of something"
                } else {
                    "clean-up"
                });
            }
            6 => {
                let mut keys = each!(self, store => store.keys(None, 10_000));
                keys.iter_mut().for_each(|keys| keys.sort());
                assert_eq!(keys[0], keys[1]);
                assert_eq!(keys[0], keys[2]);
                self.note("keys");
            }
            7 => {
                let seconds = self.draw(40);
                self.now = self.now.plus_seconds(seconds);
            }
            8 => self
                .operate("stale", person, true, true, false, |on| on.sign_out())
                .await
                .unwrap_or_default(),
            9 => drop(
                self.operate("end sessions", person, false, false, true, |on| {
                    on.end_sessions()
                })
                .await,
            ),
            10 => drop(
                self.operate("password changed", person, false, true, false, |on| {
                    on.password_changed()
                })
                .await,
            ),
            11 | 12 => self.sign_in(person).await,
            13 | 14 => self.enrol(person).await,
            _ => self.remove(person).await,
        }
    }

    /// First factor, challenge and a code that is right, wrong or used.
    async fn sign_in(&mut self, person: &mut Person) {
        let first = self.operate("first factor", person, false, false, false, |on| {
            on.first_factor(None)
        });
        let Some(Ok(signed_in)) = first.await else {
            return;
        };
        person.session = Some(signed_in.session().clone());
        let challenge = self.operate("challenge", person, false, true, false, |on| {
            on.challenge(Purpose::TwoStep)
        });
        let Some(Ok(prompt)) = challenge.await else {
            return;
        };
        let step = u64::try_from(self.now.unix_seconds()).unwrap() / 30;
        let off = u64::from(self.draw(3));
        let totp = Totp::new(&Secret::import(KEY).unwrap(), TotpParameters::default());
        let code = totp
            .generate_at(TimeStep::new(step + off))
            .as_str()
            .to_owned();
        let app = RegistrationId::new("app").unwrap();
        let answer = self.operate("answer", person, false, true, false, |on| {
            on.answer(prompt.challenge(), &app, Answer::Code(&code))
        });
        if let Some(Ok(proof)) = answer.await {
            person.session = Some(proof.session().clone());
            self.note("accepted");
        }
        self.now = self.now.plus_seconds(30);
    }

    /// A security key of which there is one.
    async fn enrol(&mut self, person: &mut Person) {
        self.sign_in(person).await;
        let begun = self.operate("begin", person, false, true, false, |on| {
            on.begin_enrolment(Enrol::SecurityKey, "key")
        });
        if let Some(Ok(begun)) = begun.await {
            person.pending = Some(begun.registration().clone());
        }
        let Some(pending) = person.pending.clone() else {
            return;
        };
        let credential = CREDENTIALS[self.draw(3) as usize];
        let key = Test::SecurityKey(NewSecurityKey {
            credential,
            data: "public",
            sign_count: 0,
            user_verified: true,
        });
        let confirmed = self.operate("confirm", person, false, true, false, |on| {
            on.confirm_enrolment(&pending, key)
        });
        if let Some(Ok(enrolled)) = confirmed.await {
            person.session = enrolled.session().cloned();
            person.security_key = person.pending.take();
            self.note("claimed");
        }
    }

    async fn remove(&mut self, person: &mut Person) {
        self.sign_in(person).await;
        let Some(key) = person.security_key.clone() else {
            return;
        };
        let removed = self.operate("remove", person, false, true, false, |on| {
            on.remove(&key, Confirmed::after_asking())
        });
        if let Some(Ok(_)) = removed.await {
            person.security_key = None;
            self.note("released");
        }
    }

    /// Everything that is due. In which order databases hand out what belongs to several accounts is their own affair.
    async fn take(&mut self) {
        let (now, lease) = (self.now, self.draw(100));
        let taken = each!(self, store => store.claim_outbox(1_000_000, now, lease));
        let [memory, sqlite, postgres] = taken.map(|taken| {
            let place = |one: Delivery| ((one.commit(), one.position()), one);
            taken.into_iter().map(place).collect::<BTreeMap<_, _>>()
        });
        assert!(memory.keys().eq(sqlite.keys()) && memory.keys().eq(postgres.keys()));
        self.note(if memory.is_empty() {
            "take"
        } else {
            "take something"
        });
        let others = sqlite.into_values().zip(postgres.into_values());
        for ((place, a), (b, c)) in memory.into_iter().zip(others) {
            let told = [&a, &b, &c].map(|one| {
                let outgoing = serde_json::to_value(one.outgoing()).unwrap();
                (
                    one.account().clone(),
                    one.attempt(),
                    one.idempotency_key(),
                    outgoing,
                )
            });
            assert_eq!(told[0], told[1]);
            assert_eq!(told[0], told[2]);
            // Whoever had it before has lost it: he can still say that it failed, and is not heard.
            self.held.insert(place, [a, b, c]);
        }
    }

    async fn settle(&mut self) {
        for _ in 0..8 {
            let count = u32::try_from(self.held.len()).unwrap();
            if count == 0 {
                return;
            }
            let nth = self.draw(count) as usize;
            let place = *self.held.keys().nth(nth).unwrap();
            let [a, b, c] = self.held.remove(&place).unwrap();
            let (settled, what) = match self.draw(8) {
                0 => (Settled::Failed(self.now), "failed"),
                1 => (Settled::GivenUp(self.now), "given up"),
                _ => (Settled::Delivered, "delivered"),
            };
            self.memory.settle(a, settled).await.unwrap();
            self.sqlite.settle(b, settled).await.unwrap();
            self.postgres.settle(c, settled).await.unwrap();
            self.note(what);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_ten_thousand_operations_end_in_the_same_states() {
    let Some(url) = server::server() else {
        return;
    };
    let all =
        (0..ORGANISATIONS).map(|organisation| tokio::spawn(differ(url.clone(), organisation)));
    let mut seen = BTreeMap::<_, u32>::new();
    for one in all.collect::<Vec<_>>() {
        for (what, count) in one.await.unwrap() {
            *seen.entry(what).or_default() += count;
        }
    }
    println!("{seen:?}");
    // Everything that makes a difference came about.
    for what in [
        "accepted",
        "claimed",
        "clean-up of something",
        "conflict",
        "delivered",
        "failed",
        "given up",
        "released",
        "take something",
        "taken",
    ] {
        assert!(
            seen.get(what).is_some_and(|count| *count >= 10),
            "{what}: {seen:?}"
        );
    }
}

/// What was done, and how often.
async fn differ(url: String, organisation: u32) -> BTreeMap<&'static str, u32> {
    let process = std::process::id();
    let folder = std::env::temp_dir().join(format!("mfa-store-differ-{process}-{organisation}"));
    std::fs::create_dir_all(&folder).unwrap();
    let keyring = || Keyring::new(KeyId::new(1), [9; 32]);
    let schema = server::schema(&url, &format!("differential_{organisation}")).await;
    let postgres = PostgresOptions::new(&schema);
    let mut stores = Stores {
        memory: MemoryStore::new(keyring()),
        sqlite: SqliteStore::open(&folder.join("accounts.db"), keyring())
            .await
            .unwrap(),
        postgres: PostgresStore::connect(postgres, keyring()).await.unwrap(),
        flow: Flow::new(
            Preset::SecurityInfo.policy(),
            HashKey::from_bytes([7; 32]),
            Issuer::new("Acme").unwrap(),
        ),
        random: ChaCha20Rng::seed_from_u64(u64::from(organisation)),
        now: "2026-12-01T09:00:00Z".parse().unwrap(),
        held: BTreeMap::new(),
        done: 0,
        seen: BTreeMap::new(),
    };
    let mut people = Vec::new();
    for (tenant, name) in [
        ("acme", "ada"),
        ("acme", "eve"),
        ("acme", "zoe"),
        ("other", "ada"),
    ] {
        let id = PersonId::new(name).unwrap();
        let mut person = Person {
            key: AccountKey::new(TenantId::new(tenant).unwrap(), id.clone()),
            subject: Subject::new(id),
            session: None,
            pending: None,
            security_key: None,
            stale: None,
        };
        let stored = json!({ "schema": 1, "registrations": [{
            "id": "app", "method": "other_authenticator", "name": "app", "added": stores.now,
            "factor": { "totp": { "secret": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA" } },
        }] });
        person.stale = Some((Version::ABSENT, serde_json::to_vec(&stored).unwrap()));
        let planted = stores.operate("planted", &mut person, true, false, false, |on| {
            on.first_factor(None)
        });
        assert!(planted.await.unwrap().is_ok());
        people.push(person);
    }
    while stores.done < OPERATIONS {
        let who = stores.draw(4) as usize;
        stores.step(&mut people[who]).await;
    }
    stores.now = stores.now.plus_days(10);
    stores.take().await;
    std::fs::remove_dir_all(&folder).unwrap();
    stores.seen
}
