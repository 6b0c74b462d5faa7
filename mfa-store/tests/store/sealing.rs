//! What lies in the file: nothing that helps whoever reads it, and nothing that whoever writes it can exchange.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use mfa_flow::{
    Account, AccountKey, Answer, Effect, Event, Flow, HashKey, Outgoing, SessionId, TenantId,
    Version, Visit, What,
};
use mfa_policy::{Capability, PersonId, Preset, Purpose, RegistrationId, Subject, Timestamp};
use mfa_store::{KeyId, Keyring, Settled, SqliteStore, Store, StoreError};
use otp_uri::Issuer;
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

const SEED: &[u8; 20] =
    b"\x9e\x01\x77\xa3\x5c\xd2\x48\xf0\x13\x6b\xee\x85\x2a\x94\xc7\x3f\xb1\x60\xdd\x08";
const NUMBER: &str = "+31687654321";
const ADDRESS: &str = "ada.lovelace@engine.example";
const ANSWER: &str = "answer-of-the-host-0123456789";

struct Place {
    folder: PathBuf,
    flow: Flow,
    now: Timestamp,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mfa-store-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let issuer = Issuer::new("Acme").unwrap();
        Self {
            folder,
            flow: Flow::new(
                Preset::SecurityInfo.policy(),
                HashKey::from_bytes([7; 32]),
                issuer,
            ),
            now: "2026-12-01T09:00:00Z".parse().unwrap(),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("accounts.db")
    }

    async fn open(&self, keyring: Keyring) -> SqliteStore {
        SqliteStore::open(&self.file(), keyring).await.unwrap()
    }

    /// Somebody with everything that has a secret, and a session.
    async fn plant(&self, store: &SqliteStore, name: &str) -> SessionId {
        let registered = |id: &str, method: &str, factor: serde_json::Value| json!({ "id": id, "method": method, "name": id, "added": self.now, "factor": factor });
        let seed = base64::engine::general_purpose::STANDARD_NO_PAD.encode(SEED);
        let stored = json!({ "schema": 1, "registrations": [
            registered("app", "other_authenticator", json!({ "totp": { "secret": seed } })),
            registered("phone", "text", json!({ "phone": { "number": NUMBER } })),
            registered("mail", "email", json!({ "email": { "address": ADDRESS } })),
            registered("own", "external:own", json!({ "external": { "data": ANSWER } })),
        ] });
        let stored = serde_json::to_vec(&stored).unwrap();
        let visit = visit(name, self.now, None);
        let signed_in = store
            .transact(&key(name), |_, rng| {
                let planted = Account::from_stored(key(name), Version::ABSENT, &stored).unwrap();
                self.flow.on(planted, &visit, rng).first_factor(None)
            })
            .await
            .unwrap();
        signed_in.unwrap().session().clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn key(name: &str) -> AccountKey {
    let tenant = TenantId::new("acme").unwrap();
    AccountKey::new(tenant, PersonId::new(name).unwrap())
}

fn visit(name: &str, now: Timestamp, session: Option<&SessionId>) -> Visit {
    let visit = Visit::new(Subject::new(PersonId::new(name).unwrap()), now)
        .with_capability(Capability::Telephony, true)
        .with_number_at_risk(false);
    match session {
        Some(session) => visit.in_session(session.clone()),
        None => visit,
    }
}

fn old() -> Keyring {
    Keyring::new(KeyId::new(1), [1; 32])
}

fn new() -> Keyring {
    Keyring::new(KeyId::new(2), [2; 32])
}

fn both() -> Keyring {
    new().with_older(KeyId::new(1), [1; 32]).unwrap()
}

async fn connect(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// What somebody does who can write to the file.
async fn meddle(file: &Path, sql: &str) -> u64 {
    let mut connection = connect(file).await;
    let sql = AssertSqlSafe(sql.to_owned());
    let done = sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    done.rows_affected()
}

async fn count(file: &Path, sql: &'static str) -> i64 {
    let mut connection = connect(file).await;
    let row = sqlx::query(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get(0)
}

/// A secret in every form in which it could have been written.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let base32 = base32::encode(base32::Alphabet::Rfc4648 { padding: false }, secret);
    let list = format!("{secret:?}").replace(' ', "");
    let mut forms = vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        base32.to_lowercase().into_bytes(),
        base32.into_bytes(),
        list.trim_matches(['[', ']']).as_bytes().to_vec(),
    ];
    // Base64 looks different at each place within three bytes; its middle stays.
    for shift in 0..3 {
        let shifted = [vec![0; shift], secret.to_vec()].concat();
        for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = alphabet.encode(&shifted);
            let middle = text.get(4..text.len().saturating_sub(4)).unwrap();
            forms.push(middle.as_bytes().to_vec());
        }
    }
    forms
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

#[tokio::test]
async fn a_dump_holds_no_secret_in_any_encoding() {
    let place = Place::new("dump");
    let store = place.open(old()).await;
    let mut session = place.plant(&store, "ada").await;
    let mut secrets: Vec<Vec<u8>> =
        vec![SEED.to_vec(), NUMBER.into(), ADDRESS.into(), ANSWER.into()];
    // The number also without its sign.
    secrets.push(NUMBER.trim_start_matches('+').into());
    // A code by text, and one that is wrong.
    let now = visit("ada", place.now, Some(&session));
    let prompt = store
        .transact(&key("ada"), |account, rng| {
            place
                .flow
                .on(account, &now, rng)
                .challenge(Purpose::TwoStep)
        })
        .await
        .unwrap()
        .unwrap();
    let phone = RegistrationId::new("phone").unwrap();
    store
        .transact(&key("ada"), |account, rng| {
            place
                .flow
                .on(account, &now, rng)
                .ask(prompt.challenge(), &phone)
        })
        .await
        .unwrap()
        .unwrap();
    let mut code = None;
    for delivery in store.claim_outbox(100, place.now, 60).await.unwrap() {
        if let Outgoing::Effect(Effect::SendText { code: sent, .. }) = delivery.outgoing() {
            code = Some(sent.expose().to_owned());
        }
        // It stays in the outbox, so that it is there to be found.
        store
            .settle(delivery, Settled::Failed(place.now))
            .await
            .unwrap();
    }
    let code = code.unwrap();
    let proof = store
        .transact(&key("ada"), |account, rng| {
            let on = place.flow.on(account, &now, rng);
            on.answer(prompt.challenge(), &phone, Answer::Code(&code))
        })
        .await
        .unwrap()
        .unwrap();
    secrets.push(session.expose().as_bytes().to_vec());
    session = proof.session().clone();
    secrets.push(session.expose().as_bytes().to_vec());
    secrets.push([1; 32].to_vec());
    secrets.push([7; 32].to_vec());

    let mut everything = Vec::new();
    let gather = |everything: &mut Vec<u8>| {
        for entry in std::fs::read_dir(&place.folder).unwrap() {
            everything.extend(std::fs::read(entry.unwrap().path()).unwrap());
        }
    };
    // With what is beside the file, and again when all of it is in the file.
    gather(&mut everything);
    store.close().await;
    gather(&mut everything);
    assert!(everything.len() > 20_000);
    // Names are no secret, so this finds what is there.
    for known in [b"ada".as_slice(), b"acme", b"mfa_account"] {
        assert!(holds(&everything, known));
    }
    for secret in &secrets {
        for form in forms(secret) {
            assert!(!holds(&everything, &form), "{}", form.escape_ascii());
        }
    }
    // Six digits can be there by chance; not as text within quotes.
    assert!(!holds(&everything, format!("\"{code}\"").as_bytes()));
}

#[tokio::test]
async fn the_search_finds_what_is_there() {
    for encoded in forms(SEED) {
        let around = [b"before".as_slice(), &encoded, b"after"].concat();
        assert!(forms(SEED).iter().any(|form| holds(&around, form)));
    }
    let json = json!({ "secret": base64::engine::general_purpose::STANDARD.encode(SEED) });
    let json = json.to_string().into_bytes();
    assert!(forms(SEED).iter().any(|form| holds(&json, form)));
}

#[tokio::test]
async fn rows_that_were_exchanged_altered_or_cut_do_not_open_and_the_audit_log_is_told_once() {
    let meddling = [
        // Eve has the secrets of Ada.
        "UPDATE mfa_account SET body = (SELECT body FROM mfa_account WHERE holder = 'ada') WHERE holder = 'eve'",
        // Her counters are as they were.
        "UPDATE mfa_account SET version = version + 1 WHERE holder = 'eve'",
        "UPDATE mfa_account SET body = substr(body, 1, length(body) - 1) WHERE holder = 'eve'",
        "UPDATE mfa_account SET body = substr(body, 1, 40) WHERE holder = 'eve'",
        "UPDATE mfa_account SET body = zeroblob(length(body)) WHERE holder = 'eve'",
        "UPDATE mfa_account SET tenant = 'other' WHERE holder = 'eve'",
    ];
    for (number, meddling) in meddling.into_iter().enumerate() {
        let place = Place::new(&format!("meddled-{number}"));
        let store = place.open(old()).await;
        place.plant(&store, "ada").await;
        place.plant(&store, "eve").await;
        store.close().await;
        let store = if meddling.contains("tenant") {
            // Together with what went out for it, or the database itself minds.
            let off = format!("PRAGMA foreign_keys = off; {meddling}");
            meddle(&place.file(), &off).await;
            place.open(old()).await
        } else {
            assert_eq!(meddle(&place.file(), meddling).await, 1);
            place.open(old()).await
        };
        let eve = if meddling.contains("tenant") {
            let other = TenantId::new("other").unwrap();
            AccountKey::new(other, PersonId::new("eve").unwrap())
        } else {
            key("eve")
        };
        for _ in 0..3 {
            let unreadable = store.load(&eve).await;
            assert!(
                matches!(unreadable, Err(StoreError::Unreadable)),
                "{meddling}"
            );
            let visit = visit("eve", place.now, None);
            let denied = store
                .transact(&eve, |account, rng| {
                    place.flow.on(account, &visit, rng).first_factor(None)
                })
                .await;
            assert!(matches!(denied, Err(StoreError::Unreadable)));
        }
        assert!(store.load(&key("ada")).await.is_ok());
        let told = store.claim_outbox(100, place.now, 60).await.unwrap();
        let told: Vec<_> = told
            .iter()
            .filter(|delivery| {
                matches!(
                    delivery.outgoing(),
                    Outgoing::Event(Event {
                        what: What::Unreadable,
                        ..
                    })
                )
            })
            .collect();
        assert_eq!(told.len(), 1, "{meddling}");
        assert_eq!(*told[0].account(), eve);
        assert!(matches!(told[0].outgoing(), Outgoing::Event(event) if event.at == place.now));
    }
}

#[tokio::test]
async fn what_goes_out_is_handed_out_as_an_event_where_it_cannot_be_opened() {
    let place = Place::new("outbox");
    let store = place.open(old()).await;
    place.plant(&store, "ada").await;
    let moved = "UPDATE mfa_outbox SET position = position + 1";
    assert_eq!(meddle(&place.file(), moved).await, 1);
    let came = store.claim_outbox(100, place.now, 60).await.unwrap();
    assert_eq!(came.len(), 1);
    assert!(matches!(
        came[0].outgoing(),
        Outgoing::Event(Event {
            what: What::Unreadable,
            ..
        })
    ));
}

#[tokio::test]
async fn keys_are_rotated_while_everything_goes_on() {
    let place = Place::new("rotation");
    let store = place.open(old()).await;
    let names: Vec<_> = (0..7).map(|number| format!("person {number}")).collect();
    for name in &names {
        place.plant(&store, name).await;
    }
    store.close().await;

    // Without the old key nothing opens, and nothing is lost by trying.
    let store = place.open(new()).await;
    for name in &names {
        let error = store.load(&key(name)).await.unwrap_err();
        assert!(matches!(error, StoreError::UnknownKey(id) if id == KeyId::new(1)));
    }
    assert!(
        store
            .claim_outbox(100, place.now, 1)
            .await
            .unwrap()
            .is_empty()
    );
    let left = store.reseal(100).await.unwrap();
    assert_eq!((left.done, left.left), (0, 14));
    store.close().await;

    let store = place.open(both()).await;
    // Decided before, committed after.
    let account = store.load(&key(&names[3])).await.unwrap();
    let mut rng = chacha20();
    let visit = visit(&names[3], place.now, None);
    let change = place.flow.on(account, &visit, &mut rng).first_factor(None);
    let mut left = 14;
    for _ in 0..20 {
        let resealed = store.reseal(3).await.unwrap();
        assert!(resealed.done <= 3);
        left -= resealed.done;
        assert_eq!(resealed.left, left);
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0);
    store.commit(change.write()).await.unwrap();
    store.close().await;

    let store = place.open(new()).await;
    for name in &names {
        let account = store.load(&key(name)).await.unwrap();
        assert_eq!(account.registrations().count(), 4);
    }
    let later = place.now.plus_seconds(60);
    let waiting = store.claim_outbox(100, later, 60).await.unwrap();
    assert_eq!(waiting.len(), 8);
    assert_eq!(
        count(
            &place.file(),
            "SELECT COUNT(*) FROM mfa_account WHERE sealing_key = 1"
        )
        .await,
        0
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_opened_does_not_stop_a_rotation() {
    let place = Place::new("unreadable");
    let store = place.open(old()).await;
    for name in ["ada", "eve", "zoe"] {
        place.plant(&store, name).await;
    }
    store.close().await;
    meddle(
        &place.file(),
        "UPDATE mfa_account SET version = 9 WHERE holder = 'eve'",
    )
    .await;
    let store = place.open(both()).await;
    let resealed = store.reseal(100).await.unwrap();
    assert_eq!((resealed.done, resealed.left), (5, 1));
    assert!(store.load(&key("zoe")).await.is_ok());
}

#[tokio::test]
async fn after_a_restored_backup_nothing_of_it_can_be_used() {
    let place = Place::new("restored");
    let store = place.open(old()).await;
    let session = place.plant(&store, "ada").await;
    place.plant(&store, "eve").await;
    let nobody = place.flow.decoy(TenantId::new("acme").unwrap(), "nobody");
    let visit_of_nobody = visit("nobody", place.now, None);
    store
        .transact(&nobody, |account, rng| {
            place
                .flow
                .on(account, &visit_of_nobody, rng)
                .first_factor(None)
        })
        .await
        .unwrap()
        .unwrap_err();
    meddle(
        &place.file(),
        "UPDATE mfa_account SET version = 9 WHERE holder = 'eve'",
    )
    .await;
    let operator = PersonId::new("restore").unwrap();
    let burned = store
        .burn_all(&place.flow, &operator, place.now)
        .await
        .unwrap();
    assert_eq!(burned.done, 1);
    assert_eq!(burned.left, [key("eve")]);
    // The session is over.
    let visit = visit("ada", place.now, Some(&session));
    let over = store
        .transact(&key("ada"), |account, rng| {
            place
                .flow
                .on(account, &visit, rng)
                .challenge(Purpose::TwoStep)
        })
        .await
        .unwrap();
    assert!(over.is_err());
}

fn chacha20() -> chacha20::ChaCha20Rng {
    rand_core::SeedableRng::from_seed([3; 32])
}
