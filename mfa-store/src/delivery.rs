//! What goes out, from the outbox.

use mfa_flow::{AccountKey, CommitId, Effect, Event, Outgoing, What};
use mfa_policy::Timestamp;

/// Deliveries of one thing before it is given up: with the delays between them about a day.
pub(crate) const MOST_ATTEMPTS: u32 = 32;

/// Something to be carried out or logged, for the one who holds its lease.
#[derive(Debug)]
pub struct Delivery {
    pub(crate) key: AccountKey,
    pub(crate) commit: CommitId,
    pub(crate) position: u32,
    pub(crate) attempt: u32,
    pub(crate) outgoing: Outgoing,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Done. It is forgotten.
    Delivered,
    /// It failed at that time, and is tried again later: after 2 seconds, 4, 8 … at most an hour, and given up after the 32nd time.
    Failed(Timestamp),
    /// It will never succeed. It stays as dead until it is cleaned up.
    GivenUp(Timestamp),
}

impl Delivery {
    /// A delivery, for another store to make from its row.
    #[must_use]
    pub const fn new(
        key: AccountKey,
        commit: CommitId,
        position: u32,
        attempt: u32,
        outgoing: Outgoing,
    ) -> Self {
        Self {
            key,
            commit,
            position,
            attempt,
            outgoing,
        }
    }

    /// Whose account it came from.
    #[must_use]
    pub const fn account(&self) -> &AccountKey {
        &self.key
    }

    /// The commit that it came with.
    #[must_use]
    pub const fn commit(&self) -> CommitId {
        self.commit
    }

    /// Its place among what came with that commit, from 0.
    #[must_use]
    pub const fn position(&self) -> u32 {
        self.position
    }

    /// The same text whenever this is delivered again, and never for anything else. Hand it to what sends, if it knows such keys.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        format!("{}.{}", self.commit, self.position)
    }

    /// Which attempt this is, from 1.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What to do. In the place of an effect that came too late stands an event ([`What::NotSent`]), and in the place of
    /// what cannot be opened another ([`What::Unreadable`]).
    #[must_use]
    pub const fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    pub(crate) const fn delay_seconds(&self) -> u32 {
        delay_seconds(self.attempt)
    }
}

/// Seconds before the next attempt: doubled each time, at most an hour.
pub(crate) const fn delay_seconds(attempt: u32) -> u32 {
    let doubled = 2_u32.saturating_pow(attempt);
    if doubled < 3_600 { doubled } else { 3_600 }
}

/// What is handed out at that time: a code that is over is not sent any more, and the audit log is told instead.
pub(crate) fn in_time(outgoing: Outgoing, now: Timestamp) -> Outgoing {
    match outgoing {
        Outgoing::Effect(effect) if effect.until().is_some_and(|until| until <= now) => {
            let registration = effect.registration().cloned();
            Outgoing::Event(Event {
                registration,
                ..event(What::NotSent, now)
            })
        }
        // Nothing in a store knows the time, so this event gets its time when it is handed out.
        Outgoing::Event(event) if event.what == What::Unreadable => {
            Outgoing::Event(Event { at: now, ..event })
        }
        other => other,
    }
}

pub(crate) fn unreadable(now: Timestamp) -> Outgoing {
    Outgoing::Event(event(What::Unreadable, now))
}

const fn event(what: What, at: Timestamp) -> Event {
    Event {
        at,
        what,
        registration: None,
        method: None,
        session: None,
        by: None,
    }
}

/// Whether it is handed out only after everything of that kind that came before it from the same account: what sessions are
/// told, where the last word counts. Everything else does not wait for anything.
pub(crate) const fn is_ordered(outgoing: &Outgoing) -> bool {
    matches!(
        outgoing,
        Outgoing::Effect(Effect::RotateSession { .. } | Effect::EndSessions { .. })
    )
}
