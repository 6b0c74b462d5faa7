//! The accounts of a running portal, from beside it: with its keys, on its database.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_flow::{
    AccountKey, Change, Enrol, Enrolled, Flow, Instruction, Operation, Refused, SessionId,
    TenantId, Test, TestState, Visit,
};
use mfa_policy::{Capability, PersonId, Preset, RegistrationId, Subject, Timestamp};
use mfa_store::{SqliteStore, Store as _};
use otp_uri::Issuer;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Row as _, SqlitePool};

use crate::common::keys::Keys;

pub(crate) struct Accounts {
    flow: Flow,
    store: SqliteStore,
    tables: SqlitePool,
}

/// Ada, who has typed her password.
pub(crate) struct Ada<'a> {
    accounts: &'a Accounts,
    session: SessionId,
}

impl Accounts {
    /// On what a portal keeps in that folder.
    pub(crate) async fn open(data: &Path) -> Self {
        let keys = Keys::read(&data.join("portal.keys"));
        let file = data.join("portal.db");
        let tables = SqliteConnectOptions::new().filename(&file);
        Self {
            flow: Flow::new(
                Preset::SecurityInfo.policy(),
                keys.hash(),
                Issuer::new("Acme").unwrap(),
            ),
            store: SqliteStore::open(&file, keys.keyring()).await.unwrap(),
            tables: SqlitePool::connect_with(tables).await.unwrap(),
        }
    }

    pub(crate) async fn ada(&self) -> Ada<'_> {
        let signed_in = self.run(&visit(), |on| on.first_factor(None)).await;
        let session = signed_in.unwrap().session().clone();
        Ada {
            accounts: self,
            session,
        }
    }

    /// From now on Ada reads Dutch.
    pub(crate) async fn speak_dutch(&self) {
        let changed = sqlx::query("UPDATE portal_person SET language = 'nl' WHERE name = 'ada'");
        let changed = changed.execute(&self.tables).await.unwrap();
        assert_eq!(changed.rows_affected(), 1);
    }

    /// The events of the audit log that say that.
    pub(crate) async fn audit(&self, what: &str) -> Vec<String> {
        let rows = sqlx::query("SELECT event FROM portal_audit ORDER BY at");
        let rows = rows.fetch_all(&self.tables).await.unwrap();
        let events = rows.iter().map(|row| row.get::<String, _>(0));
        let says = |event: &String| {
            let event: Value = serde_json::from_str(event).unwrap();
            event["what"] == what
        };
        events.filter(says).collect()
    }

    /// How much has still to go out, messages and events.
    pub(crate) async fn outgoing(&self) -> i64 {
        let count = sqlx::query("SELECT count(*) FROM mfa_outbox");
        count.fetch_one(&self.tables).await.unwrap().get(0)
    }

    async fn run<T: Send>(
        &self,
        visit: &Visit,
        mut operation: impl FnMut(Operation<'_>) -> Change<T> + Send,
    ) -> T {
        let key = key();
        let done = self.store.transact(&key, |account, rng| {
            operation(self.flow.on(account, visit, rng))
        });
        done.await.unwrap()
    }
}

impl Ada<'_> {
    /// Begins to add something; what has to be sent for its test is on its way.
    pub(crate) async fn adds(&self, what: Enrol<'_>, name: &str) -> RegistrationId {
        let begun = self.run(|on| on.begin_enrolment(what, name)).await;
        begun.unwrap().registration().clone()
    }

    /// Begins to add an authenticator app that gets notifications, and the text that pairs it.
    pub(crate) async fn adds_app(&self, name: &str) -> (RegistrationId, String) {
        let push = Enrol::AuthenticatorPush { on: None };
        let begun = self.run(|on| on.begin_enrolment(push, name)).await.unwrap();
        let Instruction::Pair(token) = begun.instruction() else {
            panic!("an app is paired");
        };
        let registration = begun.registration().clone();
        let person = URL_SAFE_NO_PAD.encode(ada().as_str());
        let pairing = format!("{registration}.{}.{person}", token.expose());
        (registration, pairing)
    }

    /// How far the test of what was begun is.
    pub(crate) async fn test_state(&self) -> Option<TestState> {
        let visit = visit().in_session(self.session.clone());
        let (flow, store) = (&self.accounts.flow, &self.accounts.store);
        let key = key();
        let look = store.look(&key, |account, rng| flow.on(account, &visit, rng).pending());
        look.await.unwrap().map(|pending| pending.test())
    }

    /// Brings the test of what was begun.
    pub(crate) async fn tests(
        &self,
        registration: &RegistrationId,
        test: Test<'_>,
    ) -> Result<Enrolled, Refused> {
        self.run(|on| on.confirm_enrolment(registration, test))
            .await
    }

    async fn run<T: Send>(&self, operation: impl FnMut(Operation<'_>) -> Change<T> + Send) -> T {
        let visit = visit().in_session(self.session.clone());
        self.accounts.run(&visit, operation).await
    }
}

fn key() -> AccountKey {
    AccountKey::new(TenantId::new("portal").unwrap(), ada())
}

fn ada() -> PersonId {
    PersonId::new("demonstration-ada").unwrap()
}

fn visit() -> Visit {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    let now = Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap());
    Visit::new(Subject::new(ada()), now).with_capability(Capability::Telephony, true)
}
