//! The terminal: accounts with their codes, and what portals ask.
//!
//! What is seen follows from a state, and the state from keys, time and what is heard of portals: both know neither a terminal nor a clock. A
//! thin loop around them does.

mod add;
mod change;
mod dialog;
mod draw;
mod field;
mod form;
mod list;
mod look;
mod measure;
mod moment;
mod open;
mod portals;
mod request;
mod session;
mod state;
mod terminal;
mod unlock;

use std::path::Path;
use std::time::Duration;

use session::Session;

/// How long nothing may be typed until the vault is locked, where nothing else is asked for: five minutes.
pub const IDLE: Duration = Duration::from_secs(300);

/// Runs the screen for the vault in that file, until the person ends it. Where there is no file, a vault is made.
///
/// The terminal is given back as it was, whatever happens.
///
/// # Errors
/// There is no terminal to draw on, or it cannot be written to any more.
pub fn run(path: &Path, idle: Duration) -> anyhow::Result<()> {
    Session::start(path, idle)?.run()
}

#[cfg(test)]
mod tests;
