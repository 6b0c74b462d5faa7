//! The requests of a portal that wait for an answer.

use std::collections::VecDeque;

use mfa_flow::{PushRequest, RequestId};
use mfa_policy::Timestamp;

/// What was told and is not over. A request comes again with every connection, and is told once.
#[derive(Debug, Default)]
pub(super) struct Open {
    waiting: Vec<(RequestId, Timestamp)>,
    past: VecDeque<RequestId>,
}

/// What is to be done about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It has to be told.
    New,
    /// It was told before.
    Known,
    /// Its time has passed.
    Late,
    /// So many wait that no person sent for them.
    TooMany,
}

impl Open {
    pub(super) fn arrive(&mut self, request: &PushRequest, now: Timestamp) -> Arrival {
        let id = request.id();
        if self.waiting.iter().any(|(waiting, _)| waiting == id) || self.past.contains(id) {
            return Arrival::Known;
        }
        if request.until() <= now {
            return Arrival::Late;
        }
        if self.waiting.len() >= MOST_WAITING {
            return Arrival::TooMany;
        }
        self.waiting.push((*id, request.until()));
        Arrival::New
    }

    /// A request is over. Whether that has to be told: it was told, and not yet that it is over.
    pub(super) fn end(&mut self, id: &RequestId) -> bool {
        let Some(place) = self.waiting.iter().position(|(waiting, _)| waiting == id) else {
            return false;
        };
        let (id, _) = self.waiting.swap_remove(place);
        if self.past.len() >= MOST_PAST {
            self.past.pop_front();
        }
        self.past.push_back(id);
        true
    }

    /// What waits, as it is said to a portal: with commas between.
    pub(super) fn list(&self) -> String {
        let ids: Vec<String> = self.waiting.iter().map(|(id, _)| id.to_string()).collect();
        ids.join(",")
    }

    /// One whose time has passed.
    pub(super) fn passed(&self, now: Timestamp) -> Option<RequestId> {
        let passed = |(_, until): &&(RequestId, Timestamp)| *until <= now;
        self.waiting.iter().find(passed).map(|(id, _)| *id)
    }

    /// When the next one is over by itself.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        self.waiting.iter().map(|(_, until)| *until).min()
    }
}

const MOST_WAITING: usize = 8;
/// An event that was under way when a request was over can bring it again.
const MOST_PAST: usize = 64;
