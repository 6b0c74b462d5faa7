//! Pairing: a key for this device, whose public half the portal gets.

use mfa_flow::DeviceKeyPair;
use mfa_policy::Timestamp;
use tokio::runtime::Builder;
use zeroize::Zeroizing;

use super::link::{Link, LinkError};
use super::listener::PATIENCE;
use super::portal::{Patience, Portals, Refusal};
use crate::Pairing;
use crate::harmless;

/// Why this device was not paired. Nothing of the link is repeated but where it leads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PairError {
    /// The text is no link to pair with.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The portal does not know the link, or no longer.
    #[error(
        "the portal does not take this link: it pairs one device, and only for some minutes; let the page show a new one"
    )]
    Refused,
    /// Nobody answers there.
    #[error("the portal at `{0}` cannot be reached")]
    Unreachable(String),
    /// Somebody else answers there.
    #[error("what answers at `{0}` is no portal that this program can be paired with")]
    NoPortal(String),
    /// It has too much to do.
    #[error("the portal has too much to do; try again in a minute")]
    Busy,
    /// The system gives no randomness, certificates or sockets.
    #[error("this system lacks what pairing needs: {0}")]
    System(String),
}

/// Pairs this device with the portal that shows that link. This waits for the portal, and is not for asynchronous code.
///
/// # Errors
/// See [`PairError`]. Nothing was sent if it is about the link or the system.
pub fn pair(link: &str, now: Timestamp) -> Result<Pairing, PairError> {
    pair_within(PATIENCE, link, now)
}

pub(super) fn pair_within(
    patience: Patience,
    link: &str,
    now: Timestamp,
) -> Result<Pairing, PairError> {
    let link: Link = link.parse()?;
    let system = |error: &dyn std::error::Error| PairError::System(error.to_string());
    let key = new_key().map_err(|error| system(&error))?;
    let portals = Portals::new(patience).map_err(|error| system(&error))?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| system(&error))?;
    let introduced = runtime.block_on(portals.pair(&link, &key.public()));
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    let portal = || link.portal().to_string();
    match introduced {
        Ok(portal) => {
            let names = (shown(&portal.product), shown(&portal.account));
            Ok(Pairing::new(&link, names, key, now))
        }
        Err(Refusal::Refused) => Err(PairError::Refused),
        Err(Refusal::Unreachable | Refusal::Unanswered) => Err(PairError::Unreachable(portal())),
        Err(Refusal::Busy(_)) => Err(PairError::Busy),
        Err(Refusal::NoPortal | Refusal::NotSigned(_) | Refusal::Gone) => {
            Err(PairError::NoPortal(portal()))
        }
    }
}

fn new_key() -> Result<DeviceKeyPair, getrandom::Error> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed)?;
    Ok(DeviceKeyPair::from_bytes(&seed))
}

/// What a portal calls something, as long as a line.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    harmless(short.trim())
}

/// Characters.
const LONGEST_NAME: usize = 100;
