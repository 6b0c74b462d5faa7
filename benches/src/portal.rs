//! Real sign-ins at the portal of `examples/portal`, over HTTP: a password, and then the code of an authenticator.
//!
//! The portal runs as a process of its own, beside many accounts. Its people and their authenticators are written into its
//! database before, because nobody wants to wait until a hundred thousand have enrolled; everything that is measured is what a
//! browser would send. Argon2 is nearly all of a sign-in, so the second step is measured alone, too, and beside it what the
//! bare store does in the same file.

mod data;
mod process;
mod visitor;

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

pub use data::{Data, Postgres, Sqlite};
pub use process::program;

use crate::stores::{Account, Client};
use mfa_store::Store;
use process::Portal;
use visitor::Visitor;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Accounts in the database.
    pub accounts: u64,
    /// People who sign in.
    pub people: usize,
    /// How many of them at once.
    pub clients: usize,
    /// How long the bare store is measured.
    pub bare: Duration,
}

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    /// The database.
    pub place: &'static str,
    /// With so many accounts, and so many people at once.
    pub size: Size,
    /// From the start of the process until it takes requests.
    pub start: Duration,
    /// Whole sign-ins.
    pub sign_ins: Rate,
    /// Second steps alone: the page that asks, and the answer.
    pub second_steps: Rate,
    /// Second steps a second through the store alone, in the same database.
    pub bare: f64,
    /// Bytes of the process after its start and at the end.
    pub memory: [u64; 2],
    /// The most that it ever had.
    pub most_memory: u64,
}

/// How many there were, and how long they took.
#[derive(Debug)]
pub struct Rate {
    /// In a second.
    pub a_second: f64,
    /// The median.
    pub median: Duration,
    /// One in a hundred took longer.
    pub slowest: Duration,
}

/// A start takes no longer.
pub const START: Duration = Duration::from_secs(1);
/// The process has no more memory.
pub const MEMORY: u64 = 64 << 20;

impl Measured {
    /// The head of the table that a [`Measured`] is a line of.
    pub const HEAD: &str = "\
| database | accounts | at once | sign-ins a second | median, 99 of 100 within | second steps a second | median, 99 of 100 within | bare store | start | goal | memory at first, at last, most | goal |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|---|";
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reached = |reached| if reached { "reached" } else { "**missed**" };
        let [first, last] = self.memory.map(mebibytes);
        write!(
            f,
            "| {} | {} | {} | {} | {} | {:.0} | {:.0} ms | ≤ 1 s, {} | {first:.1}, {last:.1}, {:.1} MiB | ≤ 64 MiB, {} |",
            self.place,
            self.size.accounts,
            self.size.clients,
            self.sign_ins,
            self.second_steps,
            self.bare,
            self.start.as_secs_f64() * 1e3,
            reached(self.start <= START),
            mebibytes(self.most_memory),
            reached(self.most_memory <= MEMORY),
        )
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, slowest] = [self.median, self.slowest].map(|time| time.as_secs_f64() * 1e3);
        write!(f, "{:.0} | {median:.1}, {slowest:.1} ms", self.a_second)
    }
}

fn mebibytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes >> 10).unwrap()) / 1024.0
}

/// Starts the portal on that data, and lets everybody sign in once.
pub fn measure(data: &impl Data, size: Size) -> Measured {
    // The first start makes the tables, and somebody whose password everybody gets.
    let portal = Portal::start(data);
    let password = portal.password.clone();
    portal.stop();
    data.fill(size);

    let portal = Portal::start(data);
    let (start, first) = (portal.took, portal.memory("VmRSS:"));
    let at = portal.at;
    let visitors = |half: usize| -> Vec<Visitor> {
        let people = half * size.people..(half + 1) * size.people;
        people
            .map(|number| Visitor::new(at, &data::name(number), &password))
            .collect()
    };
    let (_, sign_ins) = all(visitors(0), size.clients, |visitor| {
        visitor.password();
        visitor.second_step();
    });
    let (waiting, _) = all(visitors(1), size.clients, Visitor::password);
    let (_, second_steps) = all(waiting, size.clients, Visitor::second_step);
    let memory = [first, portal.memory("VmRSS:")];
    let most_memory = portal.memory("VmHWM:");
    portal.stop();
    Measured {
        place: data.name(),
        size,
        start,
        sign_ins,
        second_steps,
        bare: data.run_bare(size),
        memory,
        most_memory,
    }
}

/// Everybody does it once, so many at a time.
fn all(
    everybody: Vec<Visitor>,
    clients: usize,
    act: impl Fn(&mut Visitor) + Sync,
) -> (Vec<Visitor>, Rate) {
    let (begun, act) = (Instant::now(), &act);
    let mut queues: Vec<Vec<Visitor>> = (0..clients).map(|_| Vec::new()).collect();
    for (number, visitor) in everybody.into_iter().enumerate() {
        queues[number % clients].push(visitor);
    }
    let (mut done, mut times) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        let threads: Vec<_> = queues
            .into_iter()
            .map(|mut queue| {
                scope.spawn(move || {
                    let times: Vec<Duration> = queue
                        .iter_mut()
                        .map(|visitor| {
                            let begun = Instant::now();
                            act(visitor);
                            begun.elapsed()
                        })
                        .collect();
                    (queue, times)
                })
            })
            .collect();
        for thread in threads {
            let (queue, took) = thread.join().expect("every sign-in is accepted");
            done.extend(queue);
            times.extend(took);
        }
    });
    let took = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let rate = Rate {
        a_second: f64::from(u32::try_from(times.len()).unwrap()) / took,
        median: times[times.len() / 2],
        slowest: times[times.len() * 99 / 100],
    };
    (done, rate)
}

/// Challenges and their answers a second through the store alone, by so many at once.
async fn bare(store: Arc<impl Store + 'static>, size: Size) -> f64 {
    let mut people = Vec::new();
    for number in 0..size.clients {
        let name = format!("bare-{number}");
        people.push(Client::new(&*store, &name, Account::OneMethod).await);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = people
        .into_iter()
        .map(|mut person| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut times = 0_u32;
                while begun.elapsed() < size.bare {
                    person.sign_in(&*store).await;
                    times += 1;
                }
                times
            })
        })
        .collect();
    let mut times = 0;
    for task in tasks {
        times += task.await.expect("every sign-in is accepted");
    }
    f64::from(times) / begun.elapsed().as_secs_f64()
}
