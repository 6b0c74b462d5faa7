//! How what goes out is kept: when it is due again, in what order, and what is handed out in the place of what cannot be sent.

use mfa_flow::{Effect, Event, Outgoing, What};
use mfa_policy::Timestamp;

use crate::delivery::{Delivery, Settled};

/// Deliveries of one thing before it is given up: with the delays between them about a day.
pub(crate) const MOST_ATTEMPTS: u32 = 32;

/// What becomes of a delivery that was not made: it is due again then, or dead since then.
pub(crate) enum Again {
    Due(Timestamp),
    Dead(Timestamp),
}

/// What becomes of a delivery; `None`: it is forgotten.
pub(crate) fn again(delivery: &Delivery, settled: Settled) -> Option<Again> {
    match settled {
        Settled::Delivered => None,
        Settled::Failed(now) if delivery.attempt < MOST_ATTEMPTS => Some(Again::Due(
            now.plus_seconds(delay_seconds(delivery.attempt)),
        )),
        Settled::Failed(now) | Settled::GivenUp(now) => Some(Again::Dead(now)),
    }
}

/// Seconds before the next attempt: doubled each time, at most an hour.
const fn delay_seconds(attempt: u32) -> u32 {
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
        origin: None,
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
