//! The accounts of a portal, beside its process: its own store with its own keys, to give somebody a method without the pages.

use std::path::Path;
use std::time::UNIX_EPOCH;

use mfa_flow::{
    Account, AccountKey, Effect, Flow, Outgoing, PushRequest, TenantId, Version, Visit,
};
use mfa_policy::{PersonId, Preset, Purpose, Subject, Timestamp};
use mfa_store::{PostgresOptions, PostgresStore, SqliteStore, Store};
use otp_core::{Secret, Totp, TotpParameters, UnixTime};
use otp_uri::Issuer;
use serde_json::{Value, json};
use tokio::runtime::Builder;

use super::Portal;
use super::keys::Keys;

/// The key of everybody's authenticator.
const KEY: &[u8; 20] = b"12345678901234567890";
const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";

/// Gives somebody of the demonstration an authenticator, who has not signed in yet. On SQLite.
pub(crate) fn give_authenticator(portal: &Portal, name: &str) {
    give_in(portal, name, &authenticator());
}

/// The same with a telephone that gets texts.
pub(crate) fn give_text(portal: &Portal, name: &str) {
    let text = json!({
        "id": "AAAAAAAAAAAAAAAAAAAAAA", "method": "text", "name": "telephone",
        "added": "2026-01-01T09:00:00Z", "factor": { "phone": { "number": "+31612345678" } },
    });
    give_in(portal, name, &text);
}

fn give_in(portal: &Portal, name: &str, registration: &Value) {
    let file = portal.folder.0.join("portal.db");
    let keys = Keys::read(&portal.folder.0.join("portal.keys"));
    run(async {
        let store = SqliteStore::open(&file, keys.keyring()).await.unwrap();
        give(
            &store,
            &keys,
            &format!("demonstration-{name}"),
            registration,
        )
        .await;
        store.close().await;
    });
}

/// An authenticator on PostgreSQL, with the keys in that file.
pub(crate) fn give_authenticator_in(database: &str, keys: &Path, name: &str) {
    let keys = Keys::read(keys);
    run(async {
        let options = PostgresOptions::new(database);
        let store = PostgresStore::connect(options, keys.keyring()).await;
        let store = store.unwrap();
        let person = format!("demonstration-{name}");
        give(&store, &keys, &person, &authenticator()).await;
        store.close().await;
    });
}

/// What the authenticator shows now.
pub(crate) fn code() -> String {
    code_at(now())
}

/// What it shows half a minute later, where the code of now was used.
pub(crate) fn next_code() -> String {
    code_at(now() + 30)
}

fn code_at(time: u64) -> String {
    let totp = Totp::new(&Secret::import(KEY).unwrap(), TotpParameters::default());
    let code = totp.generate(UnixTime::from_secs(time)).unwrap();
    code.as_str().to_owned()
}

/// As if somebody of the demonstration, who has a device, had been asked for an approval so many seconds ago: the request, and
/// the number that the screen showed. On SQLite.
pub(crate) fn asked_before(portal: &Portal, name: &str, seconds: u64) -> (PushRequest, u8) {
    let file = portal.folder.0.join("portal.db");
    let keys = Keys::read(&portal.folder.0.join("portal.keys"));
    let person = PersonId::new(&format!("demonstration-{name}")).unwrap();
    let key = AccountKey::new(TenantId::new("portal").unwrap(), person.clone());
    let then = i64::try_from(now() - seconds).unwrap();
    let visit = Visit::new(Subject::new(person), Timestamp::from_unix_seconds(then));
    let (flow, mut sent) = (flow(&keys), None);
    run(async {
        let store = SqliteStore::open(&file, keys.keyring()).await.unwrap();
        let begun = store.transact(&key, |account, rng| {
            flow.on(account, &visit, rng).first_factor(None)
        });
        let session = begun.await.unwrap().unwrap().session().clone();
        let visit = visit.clone().in_session(session);
        let asked = store.transact(&key, |account, rng| {
            let change = flow.on(account, &visit, rng).challenge(Purpose::TwoStep);
            let mut outgoing = change.write().outgoing().iter();
            sent = outgoing.find_map(|outgoing| match outgoing {
                Outgoing::Effect(Effect::Push { request, .. }) => Some(request.clone()),
                _ => None,
            });
            change
        });
        let prompt = asked.await.unwrap().unwrap();
        store.close().await;
        let number = prompt.asked().unwrap().number().unwrap();
        (sent.unwrap(), number)
    })
}

/// Waits for no time to pass: a future on a runtime of its own.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

fn authenticator() -> Value {
    json!({
        "id": "AAAAAAAAAAAAAAAAAAAAAA", "method": "authenticator_code", "name": "telephone",
        "added": "2026-01-01T09:00:00Z", "factor": { "totp": { "secret": KEY_BASE64 } },
    })
}

async fn give(store: &impl Store, keys: &Keys, id: &str, registration: &Value) {
    let person = PersonId::new(id).unwrap();
    let key = AccountKey::new(TenantId::new("portal").unwrap(), person.clone());
    let stored = json!({
        "schema": 1, "default": registration["id"], "registrations": [registration],
    });
    let stored = serde_json::to_vec(&stored).unwrap();
    let flow = flow(keys);
    let now = Timestamp::from_unix_seconds(i64::try_from(now()).unwrap());
    let visit = Visit::new(Subject::new(person), now);
    let begun = store.transact(&key, |_, rng| {
        // Nothing is stored yet: this is what the first change is made of.
        let given = Account::from_stored(key.clone(), Version::ABSENT, &stored).unwrap();
        flow.on(given, &visit, rng).first_factor(None)
    });
    let _session = begun.await.unwrap().unwrap();
}

fn now() -> u64 {
    UNIX_EPOCH.elapsed().unwrap().as_secs()
}

fn flow(keys: &Keys) -> Flow {
    let issuer = Issuer::new("Acme").unwrap();
    Flow::new(Preset::SecurityInfo.policy(), keys.hash(), issuer)
}
