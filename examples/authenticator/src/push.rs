//! Push: pairing with a portal, its notifications, and the signed answers.
//!
//! [`pair`] makes a key for a portal's [`Link`] and tells the portal its public half. A [`Listener`] waits for the requests of every
//! [`Pairing`](crate::Pairing) and says what it has [`Heard`]; [`Listener::answer`] signs what somebody decided.

mod answers;
mod events;
mod link;
mod listener;
mod open;
mod pace;
mod pair;
mod portal;
mod watch;
mod words;

#[cfg(test)]
mod tests;

pub use answers::AnswerError;
pub use link::{Link, LinkError};
pub use listener::{Heard, Listener};
pub use pair::{PairError, pair};
pub use words::asks;
