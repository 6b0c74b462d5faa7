//! What every store does, and how an operation goes through it.

use std::time::Duration;

use chacha20::ChaCha20Rng;
use mfa_flow::{Account, AccountKey, Change, Durable, Flow, Visit, Write};
use mfa_policy::{PersonId, Subject, Timestamp};
use rand_core::{CryptoRng, Rng, SeedableRng};
use zeroize::Zeroizing;

use crate::delivery::{Delivery, Settled};
use crate::error::{CommitError, StoreError};

/// Tries of one operation before it is given up, and denied.
const MOST_TRIES: u32 = 48;
/// Tries after a commit whose result is not known: the database may be away, and each can take as long as a time-out.
const MOST_TRIES_IN_DOUBT: u32 = 8;
/// The longest pause between two tries, in milliseconds.
const LONGEST_PAUSE: u64 = 64;

/// A place where accounts are kept. The suite in `mfa_store::conformance` says what is expected of one.
///
/// Everything that is decided rests on one promise: of all changes that were decided on one version of an account, at most
/// one is committed, and [`commit`](Self::commit) says so only when it can no longer be lost.
pub trait Store: Send + Sync {
    /// The account, [absent](Account::absent) if nothing is stored of it. Never from a replica.
    ///
    /// # Errors
    /// The row cannot be opened, or the database failed.
    fn load(&self, key: &AccountKey) -> impl Future<Output = Result<Account, StoreError>> + Send;

    /// Writes all of a change, or nothing: the account if its version is still the [base](Write::base), the releases, the
    /// claims, and what goes out. Durable when it returns.
    ///
    /// # Errors
    /// What is known of the change: [`CommitError`].
    fn commit(&self, write: &Write) -> impl Future<Output = Result<Durable, CommitError>> + Send;

    /// Takes up to `most` things that have to go out, for `lease_seconds`: meanwhile nobody else gets them. Whoever does not
    /// [`settle`](Self::settle) them in that time may see them again, as may somebody else.
    ///
    /// # Errors
    /// The database failed.
    fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> impl Future<Output = Result<Vec<Delivery>, StoreError>> + Send;

    /// Says how a delivery ended. A failure that comes after its lease, when somebody else has it, is not recorded.
    ///
    /// # Errors
    /// The database failed: the delivery comes again.
    fn settle(
        &self,
        delivery: Delivery,
        settled: Settled,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Up to `most` keys of accounts after that one, in a fixed order: for going through all of them, page by page.
    ///
    /// # Errors
    /// The database failed.
    fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> impl Future<Output = Result<Vec<AccountKey>, StoreError>> + Send;

    /// Forgets up to `most` things that were given up before that time, and says how many. Accounts are never touched: they
    /// hold what was used, locked and counted.
    ///
    /// # Errors
    /// The database failed.
    fn clean_up(
        &self,
        before: Timestamp,
        most: u32,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Puts every account in order after a backup was restored, by [`Operation::burn`](mfa_flow::Operation::burn): whatever was
    /// used since the backup, and is fresh in it, cannot be used again. Before anybody can sign in; when it stops half-way, call
    /// it again.
    ///
    /// `operator` is the name that the audit log is to have.
    ///
    /// # Errors
    /// The database failed. An account that cannot be opened is no error: nobody can sign in to it, and it is in the list of
    /// those that are left.
    fn burn_all(
        &self,
        flow: &Flow,
        operator: &PersonId,
        now: Timestamp,
    ) -> impl Future<Output = Result<Burned, StoreError>> + Send
    where
        Self: Sized,
    {
        async move {
            let mut burned = Burned::default();
            let mut after = None;
            loop {
                let page = self.keys(after.as_ref(), PAGE).await?;
                let Some(last) = page.last().cloned() else {
                    return Ok(burned);
                };
                for key in page {
                    // A decoy has nothing that could be used.
                    let Some(person) = key.person() else {
                        continue;
                    };
                    let subject = Subject::new(person.clone());
                    let visit = Visit::new(subject, now).by_operator(operator.clone());
                    let done = self
                        .transact(&key, |account, rng| flow.on(account, &visit, rng).burn())
                        .await;
                    match done {
                        Ok(Ok(())) => burned.done = burned.done.saturating_add(1),
                        Ok(Err(_))
                        | Err(
                            StoreError::Unreadable
                            | StoreError::UnknownKey(_)
                            | StoreError::Newer
                            | StoreError::TooLarge,
                        ) => burned.left.push(key),
                        Err(error) => return Err(error),
                    }
                }
                after = Some(last);
            }
        }
    }

    /// Waits between two tries. A store that is checked without a runtime returns at once.
    fn pause(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }

    /// Loads the account and looks at it, for a page: nothing is written, and what an operation decides can not be read.
    ///
    /// # Errors
    /// As [`load`](Self::load), and [`StoreError::NoRandomness`].
    fn look<T, F>(
        &self,
        key: &AccountKey,
        look: F,
    ) -> impl Future<Output = Result<T, StoreError>> + Send
    where
        T: Send,
        F: FnOnce(Account, &mut dyn CryptoRng) -> T + Send,
        Self: Sized,
    {
        async move { Ok(look(self.load(key).await?, &mut seeded()?)) }
    }

    /// Loads the account, decides, commits, and only then tells what was decided.
    ///
    /// If somebody else changed the account meanwhile, it is decided once more on what is there now; so `decide` may run
    /// often, and must do nothing else. Its random source is seeded from the system each time.
    ///
    /// # Errors
    /// [`StoreError::InDoubt`] if a commit had an unknown result: it is decided and committed once more, so that a code in
    /// doubt is used up, and denied all the same. [`StoreError::Contention`] after too many tries. Everything else as it is
    /// said there; nothing was changed then.
    fn transact<T, F>(
        &self,
        key: &AccountKey,
        mut decide: F,
    ) -> impl Future<Output = Result<T, StoreError>> + Send
    where
        T: Send,
        F: FnMut(Account, &mut dyn CryptoRng) -> Change<T> + Send,
        Self: Sized,
    {
        async move {
            let mut rng = seeded()?;
            let (mut taken, mut doubt) = (Vec::new(), false);
            let (mut attempt, mut left) = (0_u32, MOST_TRIES);
            while left > 0 {
                left = left.saturating_sub(1);
                if attempt > 0 {
                    self.pause(pause(attempt, &mut rng)).await;
                }
                attempt = attempt.saturating_add(1);
                let account = match self.load(key).await {
                    Ok(account) => account.with_taken(&taken),
                    Err(_) if doubt => continue,
                    Err(error) => return Err(error),
                };
                let change = decide(account, &mut rng);
                match self.commit(change.write()).await {
                    Ok(_) if doubt => return Err(StoreError::InDoubt),
                    Ok(durable) => return change.reveal(&durable).map_err(|_| StoreError::InDoubt),
                    Err(CommitError::Conflict) => {}
                    Err(CommitError::Taken(claims)) => taken.extend(claims),
                    Err(CommitError::InDoubt(_)) => {
                        doubt = true;
                        left = left.min(MOST_TRIES_IN_DOUBT);
                    }
                    Err(CommitError::Failed(_)) if doubt => {}
                    Err(CommitError::Failed(error)) => return Err(error),
                }
            }
            Err(if doubt {
                StoreError::InDoubt
            } else {
                StoreError::Contention
            })
        }
    }
}

/// What [`Store::burn_all`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "what is left has to be looked at"]
pub struct Burned {
    /// Accounts in which everything is burned.
    pub done: u64,
    /// Accounts in which nothing was, because they cannot be opened.
    pub left: Vec<AccountKey>,
}

/// Accounts that are listed at once.
const PAGE: u32 = 256;

fn seeded() -> Result<ChaCha20Rng, StoreError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(|_| StoreError::NoRandomness)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}

/// A random time that grows with every try, so that those who met do not meet again.
fn pause(attempt: u32, rng: &mut ChaCha20Rng) -> Duration {
    let longest = 2_u64.saturating_pow(attempt).min(LONGEST_PAUSE);
    let micros = rng.next_u64() & longest.saturating_mul(1_024).saturating_sub(1);
    Duration::from_micros(micros)
}
