//! The thread that waits for requests.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mfa_flow::{Decision, PushRequest, RequestId};
use mfa_policy::{RegistrationId, Timestamp};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep;

use super::answers::{AnswerError, answer};
use super::pace::Pace;
use super::portal::{Patience, Portals};
use super::watch::Watch;
use crate::Pairing;

/// Waits for the requests of portals, in a thread of its own. Dropped, it ends, and its copies of the keys are wiped; what was answered
/// and did not arrive is given up.
#[derive(Debug)]
pub struct Listener {
    /// `None` when it ends.
    answers: Option<UnboundedSender<Answered>>,
    thread: Option<JoinHandle<()>>,
}

/// What a [`Listener`] has to say about one pairing.
#[derive(Debug)]
pub enum Heard {
    /// There is a connection with the portal.
    Connected {
        /// Whose.
        registration: RegistrationId,
    },
    /// There is none, and it tries again. A connection that comes back at once was not lost.
    Lost {
        /// Whose.
        registration: RegistrationId,
        /// Why, in plain words.
        why: String,
    },
    /// A request waits for an answer. It is told once, and so is that it is over.
    Asked {
        /// Who is asked.
        registration: RegistrationId,
        /// What.
        request: PushRequest,
    },
    /// A request does not wait any more: answered, replaced, or its time has passed.
    Over {
        /// Who was asked.
        registration: RegistrationId,
        /// What.
        request: RequestId,
    },
    /// The portal does not know this device, or no longer. Nothing more comes of it, also no [`Over`](Self::Over).
    Removed {
        /// Which.
        registration: RegistrationId,
    },
    /// What became of an answer. After a refusal the request may still wait.
    Answered {
        /// Who answered.
        registration: RegistrationId,
        /// What.
        request: RequestId,
        /// Whether the portal took it.
        outcome: Result<(), AnswerError>,
    },
    /// The portal sent what makes no sense. It was left out.
    Problem {
        /// Who was sent it.
        registration: RegistrationId,
        /// What, in plain words.
        why: String,
    },
}

impl Listener {
    /// Begins to wait for the requests of those pairings. What is heard has to be read: what waits to be read is bounded.
    ///
    /// # Errors
    /// The system has no thread, socket or certificates left for it.
    pub fn start(pairings: &[Pairing]) -> io::Result<(Self, Receiver<Heard>)> {
        Self::start_with(pairings, RHYTHM, Arc::new(now))
    }

    pub(super) fn start_with(
        pairings: &[Pairing],
        rhythm: Rhythm,
        now: Clock,
    ) -> io::Result<(Self, Receiver<Heard>)> {
        let (sender, heard) = sync_channel(MOST_UNREAD);
        let (answers, to_answer) = unbounded_channel();
        let room = Room {
            pairings: pairings
                .iter()
                .map(|pairing| {
                    (
                        pairing.registration().clone(),
                        Arc::new(pairing.duplicate()),
                    )
                })
                .collect(),
            portals: Portals::new(rhythm.patience).map_err(io::Error::other)?,
            teller: Teller(sender),
            rhythm,
            now,
        };
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("listener".to_owned());
        let thread = thread.spawn(move || {
            runtime.block_on(room.run(to_answer));
            // A name that is still being looked up is not waited for.
            runtime.shutdown_background();
        })?;
        let listener = Self {
            answers: Some(answers),
            thread: Some(thread),
        };
        Ok((listener, heard))
    }

    /// Signs an answer and sends it, again and again until it has arrived or the request is over. The outcome is
    /// [`Heard::Answered`].
    pub fn answer(&self, registration: &RegistrationId, request: &PushRequest, decision: Decision) {
        if let Some(answers) = &self.answers {
            // The thread is there as long as this is.
            let _ = answers.send(Answered {
                registration: registration.clone(),
                request: request.clone(),
                decision,
            });
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.answers = None;
        if let Some(thread) = self.thread.take() {
            // It ends at its next wait, and it does not block.
            let _ = thread.join();
        }
    }
}

/// Something that was decided.
struct Answered {
    registration: RegistrationId,
    request: PushRequest,
    decision: Decision,
}

/// What the tasks of a listener share.
struct Room {
    pairings: HashMap<RegistrationId, Arc<Pairing>>,
    portals: Portals,
    teller: Teller,
    rhythm: Rhythm,
    now: Clock,
}

impl Room {
    /// Until there is nobody who could answer.
    async fn run(self, mut to_answer: UnboundedReceiver<Answered>) {
        for pairing in self.pairings.values() {
            let watch = Watch::new(
                Arc::clone(pairing),
                self.portals.clone(),
                self.teller.clone(),
                (self.rhythm, Arc::clone(&self.now)),
            );
            tokio::spawn(watch.run());
        }
        while let Some(answered) = to_answer.recv().await {
            let pairing = self.pairings.get(&answered.registration).cloned();
            let (portals, teller) = (self.portals.clone(), self.teller.clone());
            let (pace, now) = (self.rhythm.pace(), Arc::clone(&self.now));
            tokio::spawn(async move {
                let outcome = match &pairing {
                    Some(pairing) => {
                        let what = (&answered.request, answered.decision);
                        answer((&portals, pairing), what, (pace, &now)).await
                    }
                    None => Err(AnswerError::NotPaired),
                };
                let heard = Heard::Answered {
                    registration: answered.registration,
                    request: *answered.request.id(),
                    outcome,
                };
                // Nobody wants to know.
                let _ = teller.tell(heard).await;
            });
        }
    }
}

/// Where it is told what was heard.
#[derive(Clone)]
pub(super) struct Teller(SyncSender<Heard>);

/// Nobody listens any more.
pub(super) struct HungUp;

impl Teller {
    /// Waits while too much was not read, so that a portal that floods us fills no memory.
    pub(super) async fn tell(&self, mut heard: Heard) -> Result<(), HungUp> {
        loop {
            heard = match self.0.try_send(heard) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return Err(HungUp),
                Err(TrySendError::Full(heard)) => heard,
            };
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What the time is.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long everything takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    pub(super) patience: Patience,
    /// Before the second try.
    pub(super) first_delay: Duration,
    pub(super) longest_delay: Duration,
    /// A connection that held so long is tried again at once.
    pub(super) steady: Duration,
    /// Between two looks at the clock: while a machine sleeps, its timers do, and the time of a request passes.
    pub(super) look: Duration,
}

impl Rhythm {
    pub(super) const fn pace(&self) -> Pace {
        Pace::new(self.first_delay, self.longest_delay)
    }
}

/// For portals and networks as they are.
pub(super) const PATIENCE: Patience = Patience {
    connecting: Duration::from_secs(10),
    answering: Duration::from_secs(20),
    // Three signs of life of a portal.
    silence: Duration::from_secs(45),
};

const RHYTHM: Rhythm = Rhythm {
    patience: PATIENCE,
    first_delay: Duration::from_secs(1),
    longest_delay: Duration::from_secs(60),
    steady: Duration::from_secs(30),
    look: Duration::from_secs(5),
};

/// More than a portal that is as it should be ever says before the screen looks.
const MOST_UNREAD: usize = 64;

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(jiff::Timestamp::now().as_second())
}
