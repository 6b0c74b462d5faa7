//! Faults of the databases and of the way to them: whoever asks is denied, and what is there stays consistent.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod cancelled;
mod dropped;
mod proxy;
mod refused;

use mfa_flow::{ChallengeId, Flow, SessionId};
use mfa_store::{Store, StoreError};

use crate::common::{Desk, FIRST_STEP, Person, class_of, code, flow, outbox};

/// Somebody who is asked for a code.
struct Asked {
    flow: Flow,
    person: Person,
    session: SessionId,
    challenge: ChallengeId,
}

impl Asked {
    async fn new(store: &impl Store, name: &str) -> Self {
        let (flow, person) = (flow(), Person::new(name));
        let mut desk = Desk::new(store, &flow, &person, FIRST_STEP);
        let session = desk.settle_in().await.unwrap();
        let challenge = desk.challenge(&session).await.unwrap().unwrap();
        Self {
            flow,
            person,
            session,
            challenge,
        }
    }

    /// Types the right code. Whether that was accepted.
    async fn answer(&self, store: &impl Store) -> Result<bool, StoreError> {
        let mut desk = Desk::new(store, &self.flow, &self.person, FIRST_STEP);
        let typed = code(FIRST_STEP);
        let proof = desk.answer(&self.session, self.challenge, &typed).await?;
        Ok(proof.is_ok())
    }

    /// Types the same code in another session.
    async fn answer_again(&self, store: &impl Store) -> bool {
        let mut desk = Desk::new(store, &self.flow, &self.person, FIRST_STEP);
        let session = desk.first_factor().await.unwrap();
        let challenge = desk.challenge(&session).await.unwrap().unwrap();
        let typed = code(FIRST_STEP);
        desk.answer(&session, challenge, &typed)
            .await
            .unwrap()
            .is_ok()
    }

    /// What has to hold after a fault, whatever the answer was: the code is good once, in all. Gives whether it was good
    /// once more.
    async fn is_good_once(
        &self,
        store: &impl Store,
        outcome: Option<Result<bool, StoreError>>,
    ) -> bool {
        let again = self.answer_again(store).await;
        let deliveries = outbox(store).await;
        let accepted = deliveries.iter().filter(|delivery| {
            let outgoing = serde_json::to_value(delivery.outgoing()).unwrap();
            *delivery.account() == self.person.key && class_of(&outgoing) == Some("accepted")
        });
        assert_eq!(accepted.count(), 1, "after {outcome:?}");
        match outcome {
            Some(Ok(accepted)) => assert_ne!(accepted, again),
            // The code in doubt is used up.
            Some(Err(StoreError::InDoubt)) => assert!(!again),
            Some(Err(StoreError::Database(_) | StoreError::Contention)) => assert!(again),
            Some(other) => panic!("{other:?}"),
            None => {}
        }
        again
    }
}
