//! Accounts of two-step verification kept in SQLite or PostgreSQL: sealed, durable, exactly once.
//!
#![cfg_attr(feature = "sqlite", doc = "```")]
#![cfg_attr(not(feature = "sqlite"), doc = "```text")]
//! use mfa_flow::{AccountKey, Answer, AppKey, Enrol, Flow, HashKey, Instruction, Next, TenantId, Test, Visit};
//! use mfa_policy::{PersonId, Preset, Purpose, Subject, Timestamp};
//! use mfa_store::{KeyId, Keyring, SqliteStore, Store};
//! use otp_core::{Totp, TotpParameters, UnixTime};
//! use otp_uri::{Account, Issuer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("mfa-store-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let (hash_key, sealing_key) = ([7; 32], [9; 32]);
//! // Once, at start. Both keys come from where the database is not.
//! let flow = Flow::new(Preset::SecurityInfo.policy(), HashKey::from_bytes(hash_key), Issuer::new("Acme")?);
//! let keyring = Keyring::new(KeyId::new(1), sealing_key);
//! let store = SqliteStore::open(&folder.join("accounts.db"), keyring).await?;
//!
//! // Ada's password was right. She has nothing else yet, so she adds an authenticator app.
//! let ada = Subject::new(PersonId::new("ada")?);
//! let key = AccountKey::new(TenantId::new("acme")?, ada.id().clone());
//! let now: Timestamp = "2026-12-01T09:00:00Z".parse()?;
//! let visit = Visit::new(ada.clone(), now);
//! let begun = store.transact(&key, |account, rng| flow.on(account, &visit, rng).first_factor(None)).await??;
//! assert_eq!(begun.next(), Next::Register);
//! let visit = visit.in_session(begun.session().clone());
//! let (name, label) = ("My phone", Account::new("ada@acme.example")?);
//! let enrol = Enrol::OtherAuthenticator { key: AppKey::new(&label) };
//! let enrolling = store
//!     .transact(&key, |account, rng| flow.on(account, &visit, rng).begin_enrolment(enrol, name))
//!     .await??;
//! let Instruction::AddKey(shown) = enrolling.instruction() else {
//!     return Err("an app is given a key".into());
//! };
//! # let app = Totp::new(shown.uri().secret(), TotpParameters::default());
//! # let code_at = |time: Timestamp| -> Result<String, Box<dyn std::error::Error>> {
//! #     let seconds = u64::try_from(time.unix_seconds())?;
//! #     Ok(app.generate(UnixTime::from_secs(seconds))?.as_str().to_owned())
//! # };
//! # let code = code_at(now)?;
//! // … a page with `shown.qr_text()` as a QR code, and a form for the code that the app shows then.
//! let confirmed = store
//!     .transact(&key, |account, rng| {
//!         flow.on(account, &visit, rng).confirm_enrolment(enrolling.registration(), Test::Code(&code))
//!     })
//!     .await??;
//! assert!(confirmed.is_default());
//!
//! // The next day her password is not enough.
//! let visit = Visit::new(ada, now.plus_days(1));
//! let begun = store.transact(&key, |account, rng| flow.on(account, &visit, rng).first_factor(None)).await??;
//! assert_eq!(begun.next(), Next::SecondStep);
//! let visit = visit.in_session(begun.session().clone());
//! let page = store
//!     .transact(&key, |account, rng| flow.on(account, &visit, rng).challenge(Purpose::TwoStep))
//!     .await??;
//! let app = page.choices()[0].registration();
//! # let code = code_at(visit.now())?;
//! let answer = || {
//!     store.transact(&key, |account, rng| {
//!         flow.on(account, &visit, rng).answer(page.challenge(), app, Answer::Code(&code))
//!     })
//! };
//! assert!(answer().await?.is_ok());
//! assert!(answer().await?.is_err(), "a code is good once");
//! # store.close().await;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! # The types
//!
//! [`Store`] is what every store does. [`transact`](Store::transact) is how an operation of `mfa-flow` goes through it: load,
//! decide, write under the condition that nobody else has written, and only then tell. Of any number of servers that decide on
//! the same version of an account one wins; the others decide again, on what is there now.
//!
//! `SqliteStore` (feature `sqlite`, on by default) keeps one file on one machine, `PostgresStore` (feature `postgres`; with
//! `tls` encrypted) any number of servers together. Both refuse at opening what would not keep what they promise: a standby, a
//! commit that is not on disk, a file that others can read, tables of a newer version (`OpenError`). `MemoryStore` (feature
//! `memory`) is for tests.
//!
//! What has to be sent, and what the audit log is told, is written with the change that it comes from. A worker takes it with
//! [`claim_outbox`](Store::claim_outbox) and says with [`settle`](Store::settle) that it is done. Nothing that was promised is
//! lost in a crash; it may come twice, under the same [key](Delivery::idempotency_key). What sessions are told comes in its order,
//! one after the other; nothing else waits for anything. A code that is over by then is not sent: the audit log gets a note
//! instead.
//!
//! # What lies in the database
//!
//! One row for each account: tenant and person, a version, and a body that is sealed with XChaCha20-Poly1305 under a key of the
//! [`Keyring`], which is not in the database. The seal holds the body in its place: moved to another person, tenant, version or
//! table, altered or cut, it does not open ([`StoreError::Unreadable`]), and the audit log is told once. Names of people and
//! tenants, versions, sizes and times of delivery lie in clear.
//!
//! # What it does not do
//!
//! - It does not notice that a whole row was put back to an earlier state by somebody who can write to the database, or that one
//!   is gone. After restoring a backup, use [`burn_all`](Store::burn_all).
//! - It removes no accounts. Whoever leaves is suspended; his row keeps what was used, in case he comes back. Rows of names that
//!   do not exist are at most 1024 for each tenant.
//! - It does not send. It does not retry what the database refused, but for changes that came into each other's way: a time-out, a
//!   full disk or a lost connection is an error, and whoever asked is not let in.
//! - It has no cache, and reads from no replica.
//!
//! # Another store
//!
//! Implement [`Store`]: six functions. What they have to keep is what the suite in `mfa_store::conformance` (feature `conformance`)
//! tries. The heart of it is [`commit`](Store::commit):
//!
//! - in one transaction, the account *if its version is still* [`Write::base`](mfa_flow::Write::base), the releases, the claims, and
//!   everything that goes out;
//! - [`danger_declare_durable`](mfa_flow::Write::danger_declare_durable) after the database has said that it is on disk, and never
//!   otherwise; what it did not say is [`CommitError::InDoubt`];
//! - what is stored is [`Account::to_stored`](mfa_flow::Account::to_stored), which holds every secret in clear: seal it.
//!
//! # Sharding
//!
//! Every statement of an operation touches the rows of one tenant and person: the primary keys of accounts and outbox begin with the
//! two, and nothing joins rows of different people. There are no procedures, no triggers, no sequences, and no locks but those of
//! rows. The suite passes on tables that PostgreSQL has hash-partitioned by that key, which `PostgresOptions::with_partitions` makes.
//!
//! Three things do not stay within one shard: claims, which are kept by tenant and claim, so that a change that claims something (as
//! few do) is a transaction over two; [`claim_outbox`](Store::claim_outbox), which looks for what is due in all of them, so that on
//! many shards each wants a worker of its own; and walks over everything ([`keys`](Store::keys), [`clean_up`](Store::clean_up),
//! resealing). There is a foreign key from the outbox to accounts, which have the same key, and none from claims.
//!
//! Not tried: `Citus`, `CockroachDB`, `YugabyteDB`, Spanner, a pooler between server and database.

#[cfg(feature = "conformance")]
pub mod conformance;
mod delivery;
mod error;
mod keyring;
#[cfg(feature = "memory")]
mod memory;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "memory"))]
mod outbox;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "memory"))]
mod row;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "memory"))]
mod seal;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
mod store;

pub use delivery::{Delivery, Settled};
pub use error::{CommitError, Problem, StoreError};
pub use keyring::{DuplicateKeyId, KeyId, Keyring};
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::{NotDurable, OpenError, Resealed};
#[cfg(feature = "postgres")]
pub use sql::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sql::{SqliteOptions, SqliteStore};
pub use store::{Burned, Store};

/// The examples of the README.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../../README.md")]
struct ReadMe;
