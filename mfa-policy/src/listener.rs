//! Who listens to the rules: one that wants to know everything, and one that stops at the first no.

use std::ops::ControlFlow;

use crate::decision::Effect;
use crate::reason::{Input, Reason};
use crate::timestamp::Timestamp;

/// Whether the listener wants to hear more.
pub(crate) type Flow = ControlFlow<()>;

/// Hears what the rules find. Each rule is written once, for all listeners.
pub(crate) trait Listener {
    /// A reason to deny. It is made only if somebody wants it.
    fn deny(&mut self, reason: impl FnOnce() -> Reason) -> Flow;

    /// A fact that is missing.
    fn need(&mut self, input: Input) -> Flow;

    /// A later time at which a rule may find something else.
    fn changes_at(&mut self, time: Timestamp);
}

/// Stops at the first thing that is not a yes. Allocates nothing.
pub(crate) struct YesNo;

impl Listener for YesNo {
    fn deny(&mut self, _: impl FnOnce() -> Reason) -> Flow {
        Flow::Break(())
    }

    fn need(&mut self, _: Input) -> Flow {
        Flow::Break(())
    }

    fn changes_at(&mut self, _: Timestamp) {}
}

/// Stops at the first reason to deny; what is not known counts in favour.
pub(crate) struct NotDenied;

impl Listener for NotDenied {
    fn deny(&mut self, _: impl FnOnce() -> Reason) -> Flow {
        Flow::Break(())
    }

    fn need(&mut self, _: Input) -> Flow {
        Flow::Continue(())
    }

    fn changes_at(&mut self, _: Timestamp) {}
}

/// Collects everything.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) reasons: Vec<Reason>,
    pub(crate) missing: Vec<Input>,
    pub(crate) changes_at: Option<Timestamp>,
}

impl Findings {
    /// Yes, no, or not without knowing more. A reason to deny goes before a missing fact.
    pub(crate) fn effect(&self) -> Effect {
        match (self.reasons.first(), self.missing.first()) {
            (Some(_), _) => Effect::Deny,
            (None, Some(&input)) => Effect::NeedInput(input),
            (None, None) => Effect::Allow,
        }
    }

    /// In order, each once.
    pub(crate) fn sorted(mut self) -> Self {
        self.reasons.sort_unstable();
        self.reasons.dedup();
        self.missing.sort_unstable();
        self.missing.dedup();
        self
    }
}

impl Listener for Findings {
    fn deny(&mut self, reason: impl FnOnce() -> Reason) -> Flow {
        self.reasons.push(reason());
        Flow::Continue(())
    }

    fn need(&mut self, input: Input) -> Flow {
        self.missing.push(input);
        Flow::Continue(())
    }

    fn changes_at(&mut self, time: Timestamp) {
        self.changes_at = Some(self.changes_at.map_or(time, |earlier| earlier.min(time)));
    }
}

/// Passes on only the times: for questions inside a rule whose own answer is what counts.
pub(crate) struct TimesOf<'a, L>(pub(crate) &'a mut L);

impl<L: Listener> Listener for TimesOf<'_, L> {
    fn deny(&mut self, _: impl FnOnce() -> Reason) -> Flow {
        Flow::Break(())
    }

    fn need(&mut self, _: Input) -> Flow {
        Flow::Continue(())
    }

    fn changes_at(&mut self, time: Timestamp) {
        self.0.changes_at(time);
    }
}
