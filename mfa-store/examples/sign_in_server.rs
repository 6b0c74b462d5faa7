//! Two-step verification in a server, on SQLite: the requests of a sign-in, and the worker that sends what was promised.
//!
//! The server is what stands between the two lines. `main` plays a person with a telephone.

use std::error::Error;

use mfa_flow::{
    AccountKey, Answer, Change, Effect, Enrol, Flow, HashKey, Next, Operation, Outgoing,
    PhoneNumber, Prompt, SessionId, SignedIn, TenantId, Test, Visit,
};
use mfa_policy::{Capability, PersonId, Preset, Purpose, Subject, Timestamp};
use mfa_store::{KeyId, Keyring, Settled, SqliteStore, Store, StoreError};
use otp_uri::Issuer;
use rand_core::CryptoRng;

// ---------------------------------------------------------------------------------------------------------------------

struct Server {
    flow: Flow,
    store: SqliteStore,
    tenant: TenantId,
}

impl Server {
    /// One operation on the account of the visitor: loaded, decided, durable, and only then told.
    async fn run<T: Send>(
        &self,
        visit: &Visit,
        mut operation: impl FnMut(Operation<'_>) -> Change<T> + Send,
    ) -> Result<T, StoreError> {
        let key = AccountKey::new(self.tenant.clone(), visit.subject().id().clone());
        let decide =
            |account, rng: &mut dyn CryptoRng| operation(self.flow.on(account, visit, rng));
        self.store.transact(&key, decide).await
    }

    /// The password was right: a session to keep beside the cookie's, and what comes next.
    async fn password_was_right(&self, visit: &Visit) -> Result<SignedIn, Box<dyn Error>> {
        Ok(self.run(visit, |on| on.first_factor(None)).await??)
    }

    /// The page that asks for the second step. A default text message is on its way when this returns.
    async fn second_step(&self, visit: &Visit) -> Result<Prompt, Box<dyn Error>> {
        Ok(self
            .run(visit, |on| on.challenge(Purpose::TwoStep))
            .await??)
    }

    /// The form was sent: the new session of somebody who is in, or `None`. Say no more than that it was not accepted.
    async fn code_was_typed(
        &self,
        visit: &Visit,
        page: &Prompt,
        code: &str,
    ) -> Result<Option<SessionId>, StoreError> {
        let Some(asked) = page.asked() else {
            return Ok(None);
        };
        let (challenge, registration) = (page.challenge(), asked.choice().registration());
        let answer = self
            .run(visit, |on| {
                on.answer(challenge, registration, Answer::Code(code))
            })
            .await?;
        Ok(answer.ok().map(|proof| proof.session().clone()))
    }

    /// What a worker does all day: carries out what was promised, and says that it is done.
    async fn deliver(
        &self,
        now: Timestamp,
        send: &mut impl FnMut(&str, &str),
    ) -> Result<(), Box<dyn Error>> {
        for delivery in self.store.claim_outbox(100, now, 60).await? {
            match delivery.outgoing() {
                Outgoing::Effect(Effect::SendText { to, code, .. }) => {
                    send(to.as_str(), code.expose());
                }
                Outgoing::Effect(_) => {} // mail, calls, notices: likewise
                Outgoing::Event(event) => println!(
                    "{} {}",
                    delivery.account().holder(),
                    serde_json::to_string(event)?
                ),
            }
            self.store.settle(delivery, Settled::Delivered).await?;
        }
        Ok(())
    }
}

// ---------------------------------------------------------------------------------------------------------------------

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("sign-in-server-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (mut keyring, mut hash_key) = ([0; 32], [0; 32]); // in a real server: kept where the database is not
    getrandom::fill(&mut keyring)?;
    getrandom::fill(&mut hash_key)?;
    let server = Server {
        flow: Flow::new(
            Preset::SecurityInfo.policy(),
            HashKey::from_bytes(hash_key),
            Issuer::new("Acme")?,
        ),
        store: SqliteStore::open(&folder.join("mfa.db"), Keyring::new(KeyId::new(1), keyring))
            .await?,
        tenant: TenantId::new("acme")?,
    };
    let mut texts = Vec::new();
    let mut send = |to: &str, code: &str| texts.push(format!("{to}: {code}"));
    let code_of = |text: &str| text.split(' ').next_back().unwrap_or_default().to_owned();

    // Ada signs in for the first time, and registers her telephone.
    let ada = Subject::new(PersonId::new("ada")?);
    let now: Timestamp = "2026-12-01T09:00:00Z".parse()?;
    let visit = Visit::new(ada.clone(), now).with_capability(Capability::Telephony, true);
    let signed_in = server.password_was_right(&visit).await?;
    assert_eq!(signed_in.next(), Next::Register);
    let visit = visit.in_session(signed_in.session().clone());
    let number = PhoneNumber::new("+31 6 12345678")?;
    let begun = server
        .run(&visit, |on| {
            on.begin_enrolment(Enrol::Text(&number), "My phone")
        })
        .await??;
    server.deliver(now, &mut send).await?;
    let code = code_of(texts.last().ok_or("no text arrived")?);
    let enrolled = server
        .run(&visit, |on| {
            on.confirm_enrolment(begun.registration(), Test::Code(&code))
        })
        .await??;
    assert!(enrolled.is_default());

    // The next day she signs in with it.
    let now = now.plus_days(1);
    let visit = Visit::new(ada, now).with_capability(Capability::Telephony, true);
    let signed_in = server.password_was_right(&visit).await?;
    assert_eq!(signed_in.next(), Next::SecondStep);
    let visit = visit.in_session(signed_in.session().clone());
    let page = server.second_step(&visit).await?;
    let hint = page.asked().and_then(|asked| asked.choice().hint());
    println!(
        "Enter the code that we sent to {}.",
        hint.unwrap_or_default()
    );
    let mut send = |to: &str, code: &str| texts.push(format!("{to}: {code}"));
    server.deliver(now, &mut send).await?;
    let code = code_of(texts.last().ok_or("no text arrived")?);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert!(server.code_was_typed(&visit, &page, wrong).await?.is_none());
    assert!(server.code_was_typed(&visit, &page, &code).await?.is_some());
    println!("Ada is in.");
    assert!(
        server.code_was_typed(&visit, &page, &code).await?.is_none(),
        "a code is good once"
    );

    server.deliver(now, &mut |_: &str, _: &str| {}).await?;
    server.store.close().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
