//! The connection of one pairing with its portal.

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use eventsource_stream::Event;
use futures_util::{Stream, StreamExt as _};
use mfa_flow::{PushRequest, RequestId};
use mfa_policy::{RegistrationId, Timestamp};
use serde::Deserialize;
use tokio::time::timeout;

use super::answers::left;
use super::events::Unreadable;
use super::listener::{Clock, Heard, HungUp, Rhythm, Teller};
use super::open::{Arrival, Open};
use super::pace::chance;
use super::portal::{Portals, Refusal};
use crate::Pairing;

/// Connects, reads, and connects again.
pub(super) struct Watch {
    pairing: Arc<Pairing>,
    portals: Portals,
    teller: Teller,
    rhythm: Rhythm,
    now: Clock,
    open: Open,
    /// What was told of the connection.
    is_connected: bool,
}

/// How a connection ended.
enum End {
    /// As connections end now and then. It may come back at once.
    Closed,
    /// What came makes no sense.
    Garbage,
    /// The portal has removed this device.
    Removed,
}

/// The data of an event that brings a request.
#[derive(Deserialize)]
struct Brought {
    request: String,
}

impl Watch {
    pub(super) fn new(
        pairing: Arc<Pairing>,
        portals: Portals,
        teller: Teller,
        (rhythm, now): (Rhythm, Clock),
    ) -> Self {
        Self {
            pairing,
            portals,
            teller,
            rhythm,
            now,
            open: Open::default(),
            is_connected: false,
        }
    }

    /// Until the portal has removed this device, or nobody listens.
    pub(super) async fn run(mut self) -> Result<(), HungUp> {
        let mut pace = self.rhythm.pace();
        loop {
            let pairing = Arc::clone(&self.pairing);
            let (person, registration) = (pairing.person(), pairing.registration());
            let audience = pairing.audience();
            let visit = pairing
                .key()
                .visit(person, registration, audience, (self.now)());
            let portals = self.portals.clone();
            let mut delay = None;
            let open = self.open.list();
            match self
                .meanwhile(portals.visit(&pairing, &visit, &open))
                .await?
            {
                Ok(events) => {
                    let since = Instant::now();
                    self.connected().await?;
                    match self.read(events).await? {
                        End::Removed => return self.removed().await,
                        End::Garbage => self.lost("what the portal sends makes no sense").await?,
                        End::Closed if since.elapsed() >= self.rhythm.steady => {
                            pace.restart();
                            continue;
                        }
                        End::Closed => {}
                    }
                }
                Err(Refusal::Gone) => return self.removed().await,
                Err(refusal) => {
                    if let Refusal::Busy(after) = refusal {
                        delay = after.map(|after| after.min(self.rhythm.longest_delay));
                    }
                    self.lost(&why(refusal, (self.now)())).await?;
                }
            }
            let delay = pace.delay(chance()).max(delay.unwrap_or_default());
            self.meanwhile(tokio::time::sleep(delay)).await?;
        }
    }

    /// Reads one connection to its end.
    async fn read(
        &mut self,
        events: impl Stream<Item = Result<Event, Unreadable>>,
    ) -> Result<End, HungUp> {
        let mut events = pin!(events);
        let mut problems = 0_u8;
        loop {
            let event = match self.meanwhile(events.next()).await? {
                None | Some(Err(Unreadable::Cut | Unreadable::Silent)) => return Ok(End::Closed),
                Some(Err(Unreadable::Garbage)) => return Ok(End::Garbage),
                Some(Ok(event)) => event,
            };
            let problem = match event.event.as_str() {
                "request" => self.brought(&event.data).await?,
                "over" => {
                    if let Ok(id) = event.data.trim().parse() {
                        self.over(&id).await?;
                    }
                    None
                }
                "removed" => return Ok(End::Removed),
                // Of another time: what is not known here cannot be meant for this program.
                _ => None,
            };
            if let Some(why) = problem {
                if problems >= MOST_PROBLEMS {
                    return Ok(End::Garbage);
                }
                problems = problems.saturating_add(1);
                let registration = self.registration();
                let why = why.to_owned();
                self.teller
                    .tell(Heard::Problem { registration, why })
                    .await?;
            }
        }
    }

    /// Tells a request, or what is wrong with it.
    async fn brought(&mut self, data: &str) -> Result<Option<&'static str>, HungUp> {
        let request = serde_json::from_str::<Brought>(data).ok();
        let request = request.and_then(|brought| brought.request.parse::<PushRequest>().ok());
        let Some(request) = request else {
            return Ok(Some("the portal sent a request that makes no sense"));
        };
        if !self.pairing.is_asked_by(&request) {
            return Ok(Some("the portal sent a request for somebody else"));
        }
        match self.open.arrive(&request, (self.now)()) {
            Arrival::Known => Ok(None),
            Arrival::Late => Ok(Some(
                "the portal sent a request whose time has passed; is the clock of this machine right?",
            )),
            Arrival::TooMany => Ok(Some("the portal sends too many requests at once")),
            Arrival::New => {
                let registration = self.registration();
                let asked = Heard::Asked {
                    registration,
                    request,
                };
                self.teller.tell(asked).await?;
                Ok(None)
            }
        }
    }

    /// Waits for something, and tells meanwhile of the requests whose time has passed.
    async fn meanwhile<T>(&mut self, awaited: impl Future<Output = T>) -> Result<T, HungUp> {
        let mut awaited = pin!(awaited);
        loop {
            while let Some(id) = self.open.passed((self.now)()) {
                self.over(&id).await?;
            }
            let look = self.rhythm.look;
            let next = self.open.next_end();
            let next = next.map_or(look, |end| left(end, (self.now)()).min(look));
            if let Ok(value) = timeout(next, awaited.as_mut()).await {
                return Ok(value);
            }
        }
    }

    async fn connected(&mut self) -> Result<(), HungUp> {
        if !self.is_connected {
            self.is_connected = true;
            let registration = self.registration();
            self.teller.tell(Heard::Connected { registration }).await?;
        }
        Ok(())
    }

    async fn lost(&mut self, why: &str) -> Result<(), HungUp> {
        self.is_connected = false;
        let (registration, why) = (self.registration(), why.to_owned());
        self.teller.tell(Heard::Lost { registration, why }).await
    }

    async fn over(&mut self, id: &RequestId) -> Result<(), HungUp> {
        if self.open.end(id) {
            let (registration, request) = (self.registration(), *id);
            self.teller
                .tell(Heard::Over {
                    registration,
                    request,
                })
                .await?;
        }
        Ok(())
    }

    async fn removed(&self) -> Result<(), HungUp> {
        let registration = self.registration();
        self.teller.tell(Heard::Removed { registration }).await
    }

    fn registration(&self) -> RegistrationId {
        self.pairing.registration().clone()
    }
}

/// Why there is no connection, for people.
fn why(refusal: Refusal, now: Timestamp) -> String {
    let why = match refusal {
        Refusal::NotSigned(Some(portals)) => {
            let apart = portals.unix_seconds().abs_diff(now.unix_seconds());
            if apart > LONGEST_APART {
                return format!(
                    "the portal's clock and the clock of this machine are {apart} seconds apart"
                );
            }
            "the portal does not know the signature of this device"
        }
        Refusal::NotSigned(None) => {
            "the portal does not take the signature of this device; is the clock of this machine right?"
        }
        Refusal::Busy(_) => "the portal has too much to do",
        Refusal::Unreachable => "the portal cannot be reached",
        Refusal::Unanswered => "the portal does not answer",
        Refusal::Refused | Refusal::Gone | Refusal::NoPortal => "what answers there is no portal",
    };
    why.to_owned()
}

/// So many a connection may bring.
const MOST_PROBLEMS: u8 = 5;
/// Seconds that a portal's clock may be apart, as the portal sees it.
const LONGEST_APART: u64 = 60;
