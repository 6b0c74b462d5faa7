//! What the screen changes in the vault.

use mfa_policy::{RegistrationId, Timestamp};
use otp_uri::{Account as AccountName, Issuer, KeyUri};

use crate::{Account, AccountId, Code, Contents, Pairing};

/// A change of what is kept. Nothing of it is shown before it is stored.
#[derive(Debug)]
pub(crate) enum Change {
    /// Keys that were read.
    Add(Vec<KeyUri>),
    /// Other names. `None` for the issuer leaves it as it is.
    Rename(AccountId, Option<Issuer>, AccountName),
    /// To another place.
    Move(AccountId, usize),
    /// Gone.
    Remove(AccountId),
    /// The next counter.
    UseCounter(AccountId),
    /// A portal that may ask.
    Pair(Box<Pairing>),
    /// A portal that may ask no longer.
    Unpair(RegistrationId),
}

/// What became of a change.
#[derive(Debug)]
pub(crate) enum Changed {
    /// These were added, in their order.
    Added(Vec<AccountId>),
    /// There is nothing more to say than that it is done.
    Done(&'static str),
    /// The code of the counter. `None` if there is none any more.
    Counted(AccountId, Option<Code>),
}

impl Change {
    /// Changes the contents.
    ///
    /// # Errors
    /// The account is gone, or the system's random source failed.
    pub(crate) fn apply(self, contents: &mut Contents, now: Timestamp) -> anyhow::Result<Changed> {
        Ok(match self {
            Self::Add(keys) => {
                let mut added = Vec::with_capacity(keys.len());
                for key in keys {
                    let account = Account::new(key, now)?;
                    added.push(account.id());
                    contents.add(account);
                }
                Changed::Added(added)
            }
            Self::Rename(id, issuer, name) => {
                contents.change(id, |account| {
                    let rename = |key: KeyUri| match issuer {
                        Some(issuer) => key.with_issuer(issuer).with_account(name),
                        None => key.with_account(name),
                    };
                    (account.map_key(rename), ())
                })?;
                Changed::Done("Renamed.")
            }
            Self::Move(id, to) => {
                contents.reorder(id, to)?;
                Changed::Done("Moved.")
            }
            Self::Remove(id) => {
                drop(contents.remove(id)?);
                Changed::Done("Deleted.")
            }
            Self::UseCounter(id) => Changed::Counted(id, contents.use_counter(id)?),
            Self::Pair(pairing) => {
                contents.pairings_mut().push(*pairing);
                Changed::Done("Paired. The portal can ask this app now.")
            }
            Self::Unpair(registration) => {
                let pairings = contents.pairings_mut();
                pairings.retain(|pairing| *pairing.registration() != registration);
                Changed::Done("Deleted here.")
            }
        })
    }
}
