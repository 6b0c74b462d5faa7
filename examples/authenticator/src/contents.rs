//! Everything that is kept.

use serde::{Deserialize, Serialize};

use crate::Pairing;
use crate::account::{Account, AccountId, Code};

/// What the vault holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// In the order in which they are shown.
    accounts: Vec<Account>,
    /// The portals that ask this device.
    #[serde(default)]
    pairings: Vec<Pairing>,
}

/// There is no such account, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such account")]
pub struct NoAccount;

impl Contents {
    /// The accounts, in their order.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// One account.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id() == id)
    }

    /// Adds an account at the end.
    pub fn add(&mut self, account: Account) {
        self.accounts.push(account);
    }

    /// Changes an account, at its place.
    ///
    /// # Errors
    /// [`NoAccount`].
    pub fn change<T>(
        &mut self,
        id: AccountId,
        change: impl FnOnce(Account) -> (Account, T),
    ) -> Result<T, NoAccount> {
        let place = self.place(id)?;
        let (account, outcome) = change(self.accounts.remove(place));
        self.accounts.insert(place, account);
        Ok(outcome)
    }

    /// The code of the next counter, which is used up by it. `None` if codes come from the time, or the last counter was used.
    ///
    /// # Errors
    /// [`NoAccount`].
    pub fn use_counter(&mut self, id: AccountId) -> Result<Option<Code>, NoAccount> {
        self.change(id, Account::use_counter)
    }

    /// Moves an account to that place, counted from 0; beyond the last it is the last.
    ///
    /// # Errors
    /// [`NoAccount`].
    pub fn reorder(&mut self, id: AccountId, to: usize) -> Result<(), NoAccount> {
        let account = self.remove(id)?;
        self.accounts.insert(to.min(self.accounts.len()), account);
        Ok(())
    }

    /// Takes an account out.
    ///
    /// # Errors
    /// [`NoAccount`].
    pub fn remove(&mut self, id: AccountId) -> Result<Account, NoAccount> {
        let place = self.place(id)?;
        Ok(self.accounts.remove(place))
    }

    /// The pairings with portals.
    #[must_use]
    pub fn pairings(&self) -> &[Pairing] {
        &self.pairings
    }

    /// The pairings, to be changed.
    pub const fn pairings_mut(&mut self) -> &mut Vec<Pairing> {
        &mut self.pairings
    }

    fn place(&self, id: AccountId) -> Result<usize, NoAccount> {
        let mut accounts = self.accounts.iter();
        accounts
            .position(|account| account.id() == id)
            .ok_or(NoAccount)
    }
}
