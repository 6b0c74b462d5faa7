//! Sign-ins through the stores, beside bare statements by the same driver and pool, with the same durability.
//!
//! A sign-in is two commits: a challenge, and the answer to it. Both sides write rows of the same length. The parts of a round
//! follow each other at once, and what counts is the median of their ratios, so that a disk that is slow for a while is slow
//! for both.

pub(crate) mod client;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use client::{Account, Client};
pub use postgres::Postgres;
pub use sqlite::Sqlite;

/// A database that is new, with a store in it, and what is compared with it.
pub trait Place: Sync {
    /// Its name, as the table has it.
    const NAME: &'static str;

    /// The store.
    fn store(&self) -> &(impl mfa_store::Store + 'static);

    /// Length of a row of the store as it is.
    fn row_length(&self) -> impl Future<Output = usize> + Send;

    /// Makes that many rows to be written barely, of that length.
    fn prepare_bare(&self, rows: usize, length: usize) -> impl Future<Output = ()> + Send;

    /// What a sign-in writes, written barely for the row of that number: two commits.
    fn bare(&self, row: &mut BareRow) -> impl Future<Output = ()> + Send;

    /// Puts so many rows more beside those of the accounts, as long as they are.
    fn fill(&self, rows: u64) -> impl Future<Output = ()> + Send;
}

/// A row that is written barely.
#[derive(Clone, Debug)]
pub struct BareRow {
    /// Which one.
    pub number: usize,
    /// What is stored.
    pub version: i64,
    /// What is written.
    pub body: Vec<u8>,
}

/// How many commits a second there were.
pub struct Measured {
    /// Where.
    pub place: &'static str,
    /// By so many at once.
    pub clients: usize,
    /// Length of a row in bytes.
    pub row: usize,
    /// Through the store: the median.
    pub ours: f64,
    /// Barely: the median.
    pub bare: f64,
    /// The first divided by the second: the median of all rounds.
    pub ratio: f64,
}

/// Through the store at least this part of the bare rate.
pub const GOAL: f64 = 0.8;

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reached = if self.ratio >= GOAL { "yes" } else { "**no**" };
        let Self {
            place,
            clients,
            row,
            ours,
            bare,
            ratio,
        } = self;
        write!(
            f,
            "| {place} | {clients} | {row} | {ours:.0} | {bare:.0} | ≥ {GOAL} | {ratio:.2} | {reached} |"
        )
    }
}

/// Lets so many clients sign in at once, each with an account of five methods, and writes barely in turns with them.
pub async fn rates<P: Place + Send + 'static>(
    place: &Arc<P>,
    clients: usize,
    rounds: usize,
    turn: Duration,
) -> Measured {
    let mut people = Vec::new();
    for number in 0..clients {
        let name = format!("c{clients}-{number}");
        people.push(Client::new(place.store(), &name, Account::FiveMethods).await);
    }
    let row = place.row_length().await;
    place.prepare_bare(clients, row).await;
    let mut rows: Vec<BareRow> = (0..clients)
        .map(|number| BareRow {
            number,
            version: 1,
            body: vec![7; row],
        })
        .collect();

    let mut both = Vec::new();
    for _ in 0..rounds {
        let (ours, bare);
        let at = Arc::clone(place);
        (people, ours) = turns(people, turn, move |mut person: Client| {
            let at = Arc::clone(&at);
            async move {
                person.sign_in(at.store()).await;
                person
            }
        })
        .await;
        let at = Arc::clone(place);
        (rows, bare) = turns(rows, turn, move |mut row: BareRow| {
            let at = Arc::clone(&at);
            async move {
                at.bare(&mut row).await;
                row
            }
        })
        .await;
        both.push((ours, bare));
    }
    Measured {
        place: P::NAME,
        clients,
        row,
        ours: median(both.iter().map(|(ours, _)| *ours)),
        bare: median(both.iter().map(|(_, bare)| *bare)),
        ratio: median(both.iter().map(|(ours, bare)| ours / bare)),
    }
}

/// Everybody does it again and again, as a task of its own, until the time is over. Commits a second, two for each.
async fn turns<T, F>(
    all: Vec<T>,
    turn: Duration,
    act: impl Fn(T) -> F + Clone + Send + 'static,
) -> (Vec<T>, f64)
where
    T: Send + 'static,
    F: Future<Output = T> + Send,
{
    let start = Instant::now();
    let tasks: Vec<_> = all
        .into_iter()
        .map(|mut each| {
            let act = act.clone();
            tokio::spawn(async move {
                let mut times = 0_u32;
                while start.elapsed() < turn {
                    each = act(each).await;
                    times += 1;
                }
                (each, times)
            })
        })
        .collect();
    let (mut all, mut times) = (Vec::new(), 0);
    for task in tasks {
        let (each, did) = task.await.expect("every sign-in is accepted");
        all.push(each);
        times += did;
    }
    (all, f64::from(times) * 2.0 / start.elapsed().as_secs_f64())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How long an answer takes where there are so many accounts.
pub struct Grown {
    /// Where.
    pub place: &'static str,
    /// Rows of accounts.
    pub accounts: u64,
    /// Length of each in bytes.
    pub row: usize,
    /// The median.
    pub median: Duration,
    /// One in a hundred took longer.
    pub slowest: Duration,
}

impl fmt::Display for Grown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            accounts,
            row,
            median,
            slowest,
        } = self;
        let [median, slowest] = [median, slowest].map(|time| time.as_secs_f64() * 1e6);
        write!(
            f,
            "| {place} | {accounts} | {row} | {median:.0} µs | {slowest:.0} µs |"
        )
    }
}

/// Accounts that are scattered over all of them and sign in.
const SCATTERED: u128 = 64;

/// Fills the table to each of these sizes in turn, and lets accounts that are scattered over it sign in so often.
pub async fn growth<P: Place>(place: &P, sizes: &[u64], answers: usize) -> Vec<Grown> {
    let mut people = Vec::new();
    for number in 0..SCATTERED {
        // Like the names of the others, which are random.
        let name = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        people.push(Client::new(place.store(), &format!("{name:032x}"), Account::OneMethod).await);
    }
    let row = place.row_length().await;
    let mut there = u64::try_from(SCATTERED).unwrap();
    let mut grown = Vec::new();
    for &accounts in sizes {
        place.fill(accounts.saturating_sub(there)).await;
        there = there.max(accounts);
        let mut times = Vec::new();
        while times.len() < answers {
            for person in &mut people {
                times.push(person.sign_in(place.store()).await);
            }
        }
        times.sort_unstable();
        grown.push(Grown {
            place: P::NAME,
            accounts: there,
            row,
            median: times[times.len() / 2],
            slowest: times[times.len() * 99 / 100],
        });
    }
    grown
}
