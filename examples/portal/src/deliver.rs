//! What leaves the portal: mail, texts, calls and notifications, each by its way.

pub(crate) mod answer;
pub(crate) mod demonstration;
mod gateway;
mod mail;
pub(crate) mod pairing;
pub(crate) mod played_app;
pub(crate) mod requests;
mod words;

use std::net::IpAddr;
use std::time::Duration;

use mfa_flow::{
    AccountKey, Change, Operation, PhoneSaid, PushRequest, Rejected, SignedAnswer, Visit, Why,
};
use mfa_policy::{Language, Subject, Timestamp};
use mfa_store::Store as _;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::people;
use crate::site::{Site, now};

pub(crate) use self::gateway::Gateway;
pub(crate) use self::mail::Mailer;
pub(crate) use self::words::{Letter, Minutes, Words};

/// Something to be sent to one place.
pub(crate) struct Message {
    pub(crate) kind: Kind,
    /// A telephone number, a mail address, or the address of an app.
    pub(crate) to: String,
    pub(crate) letter: Letter,
    pub(crate) language: Language,
    /// What a call or a notification is answered for, and until when.
    pub(crate) answer: Option<(Why, Timestamp)>,
    /// What the app signs that gets a notification.
    pub(crate) request: Option<PushRequest>,
}

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Text,
    Call,
    Mail,
    Push,
}

/// Why something was not sent. It holds nothing of it, and not to whom.
#[derive(Debug)]
pub(crate) struct NotSent {
    /// It will never be.
    pub(crate) never: bool,
    pub(crate) why: &'static str,
    /// What the other side answered.
    pub(crate) status: Option<u16>,
}

impl NotSent {
    pub(crate) const fn never(why: &'static str) -> Self {
        Self {
            never: true,
            why,
            status: None,
        }
    }

    /// Another time perhaps.
    pub(crate) const fn now(why: &'static str) -> Self {
        Self {
            never: false,
            why,
            status: None,
        }
    }

    pub(crate) const fn answered(never: bool, who: &'static str, status: u16) -> Self {
        Self {
            never,
            why: who,
            status: Some(status),
        }
    }
}

/// A way with room for so many at a time. Who waits for one way waits for no other.
pub(crate) struct Lane {
    under_way: Semaphore,
    waiting: Semaphore,
}

impl Lane {
    pub(crate) const fn new() -> Self {
        Self {
            under_way: Semaphore::const_new(16),
            waiting: Semaphore::const_new(128),
        }
    }

    /// Sends when there is room. What would wait for too long is put back, and comes again.
    pub(crate) async fn send(
        &self,
        sending: impl Future<Output = Result<(), NotSent>>,
    ) -> Result<(), NotSent> {
        let busy = || NotSent::now("too much is under way");
        let _place = self.waiting.try_acquire().map_err(|_| busy())?;
        let room = timeout(LONGEST_WAIT, self.under_way.acquire()).await;
        let _room = room.map_err(|_| busy())?.map_err(|_| busy())?;
        sending.await
    }

    /// Nothing more is begun.
    pub(crate) fn close(&self) {
        self.under_way.close();
    }
}

const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Hears what was done in a call, whichever way it came. Whether it was accepted.
pub(crate) async fn phone_said(
    site: &Site,
    key: &AccountKey,
    why: &Why,
    said: PhoneSaid,
) -> Result<bool, Failure> {
    hear(site, key, |on| on.phone_said(why, said)).await
}

/// Hears what an app signed that the portal plays itself. Whether it was accepted.
pub(crate) async fn device_answered(
    site: &Site,
    key: &AccountKey,
    answer: &SignedAnswer,
) -> Result<bool, Failure> {
    hear(site, key, |on| on.device_answered(answer)).await
}

async fn hear(
    site: &Site,
    key: &AccountKey,
    mut what: impl FnMut(Operation<'_>) -> Change<Result<(), Rejected>> + Send,
) -> Result<bool, Failure> {
    let Some(id) = key.person() else {
        return Ok(false);
    };
    let person = people::by_id(&site.database, id.as_str()).await?;
    let subject = person.map_or_else(|| Subject::new(id.clone()), |person| person.subject());
    let (visit, in_force) = (Visit::new(subject, now()), site.in_force());
    let heard = site
        .store
        .transact(key, |account, rng| {
            what(in_force.flow.on(account, &visit, rng))
        })
        .await?;
    site.outbox.notify_one();
    Ok(heard.is_ok())
}

/// Whether nobody but this machine hears what is said there.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_way_that_is_full_refuses_at_once_and_so_does_one_that_is_closed() {
        let lane = Lane::new();
        let full = lane.waiting.try_acquire_many(128).unwrap();
        let sent = lane.send(async { panic!("there is no room") }).await;
        assert!(!sent.unwrap_err().never);
        drop(full);
        assert!(lane.send(async { Ok(()) }).await.is_ok());
        lane.close();
        let sent = lane.send(async { panic!("it is closed") }).await;
        assert!(!sent.unwrap_err().never);
    }
}
