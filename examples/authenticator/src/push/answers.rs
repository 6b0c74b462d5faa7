//! Bringing an answer to the portal.

use std::time::Duration;

use mfa_flow::{Decision, PushRequest};
use mfa_policy::Timestamp;
use tokio::time::sleep;

use super::listener::Clock;
use super::pace::{Pace, chance};
use super::portal::{Portals, Refusal};
use crate::Pairing;

/// Why an answer did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The portal says no, for a reason that it keeps to itself.
    #[error(
        "the portal did not take the answer: the number is another one, or the request was over"
    )]
    Refused,
    /// It says no to what may have been the second time.
    #[error("the portal may have had the answer already: look at the page that asked")]
    Unsure,
    /// It was not reached before the request was over.
    #[error("the portal could not be reached before the time of the request was over")]
    Late,
    /// It does not answer as a portal does.
    #[error("what answers there is no portal any more")]
    NoPortal,
    /// This device is not paired so.
    #[error("this device is not paired with that portal any more")]
    NotPaired,
}

/// Signs and sends until the portal says something, or the request is over.
pub(super) async fn answer(
    (portals, pairing): (&Portals, &Pairing),
    (request, decision): (&PushRequest, Decision),
    (mut pace, now): (Pace, &Clock),
) -> Result<(), AnswerError> {
    let answer = pairing.key().answer(request, decision);
    let mut may_have_come = false;
    loop {
        let refusal = match portals.answer(pairing, &answer).await {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        let after = match refusal {
            Refusal::Refused if may_have_come => return Err(AnswerError::Unsure),
            Refusal::Refused => return Err(AnswerError::Refused),
            Refusal::NotSigned(_) | Refusal::Gone | Refusal::NoPortal => {
                return Err(AnswerError::NoPortal);
            }
            Refusal::Busy(after) => after,
            Refusal::Unreachable => None,
            Refusal::Unanswered => {
                may_have_come = true;
                None
            }
        };
        let delay = pace.delay(chance()).max(after.unwrap_or_default());
        if delay >= left(request.until(), now()) {
            return Err(AnswerError::Late);
        }
        sleep(delay).await;
    }
}

/// The time until then.
pub(super) fn left(until: Timestamp, now: Timestamp) -> Duration {
    let seconds = until.unix_seconds().saturating_sub(now.unix_seconds());
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}
