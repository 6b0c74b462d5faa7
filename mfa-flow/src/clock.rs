//! When a clock was wrong, or a backup was restored: what lies in the future is brought back, and nothing is accepted twice.

use otp_core::{Drift, TimeStep, Window};

/// The last step that a token with that drift may show, where `present` is the step of our clock.
pub(crate) fn window_end(present: TimeStep, window: Window, drift: Drift) -> TimeStep {
    let centre = present.get().saturating_add_signed(drift.steps().into());
    TimeStep::new(centre.saturating_add(window.future().into()))
}
