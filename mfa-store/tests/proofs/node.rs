//! A node of a service: a process of its own, that does what it is told and says what came out of it.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use mfa_flow::{ChallengeId, Flow, SessionId};
use mfa_store::StoreError;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::common::{Decided, Desk, Person, code, flow};
use crate::either::AnyStore;
use crate::place::{Place, runtime};

/// Where a node finds the accounts. Set, this program is a node.
const PLACE: &str = "OTP_STORE_NODE";

/// Something to be done for somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) person: String,
    /// The time, in time steps.
    pub(crate) step: u64,
    pub(crate) deed: Deed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Deed {
    /// Enrols the token.
    SettleIn,
    /// Answers a challenge; whoever is in signs out.
    Answer {
        session: String,
        challenge: ChallengeId,
        typed: String,
    },
    /// The whole way: password, challenge, answer; whoever is in gives the token another name and signs out.
    SignIn { typed: String },
}

/// What came out of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) order: Order,
    pub(crate) ended: Ended,
    pub(crate) revealed: Vec<Decided>,
    pub(crate) untold: Vec<Decided>,
}

impl Report {
    /// How the answer was judged, if it came to that and was told.
    pub(crate) fn class(&self) -> Option<&str> {
        self.revealed.iter().find_map(Decided::class)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ended {
    /// There was nothing to be judged.
    Done,
    /// With so many failures since the last success.
    Accepted {
        failures: u32,
    },
    Rejected,
    /// The store failed: nobody is let in.
    Failed(String),
}

/// Orders that belong together.
#[derive(Serialize, Deserialize)]
struct Batch {
    /// All begin at once, or each after the one before.
    at_once: bool,
    orders: Vec<Order>,
}

/// What is written after the last report of a batch.
const DONE: &str = "done";

/// A node within this process: for setting the stage, and for looking at what is there.
pub(crate) struct Here {
    runtime: Runtime,
    pub(crate) store: AnyStore,
    pub(crate) flow: Flow,
}

impl Here {
    pub(crate) fn open(place: &Place) -> Self {
        let runtime = runtime();
        Self {
            store: runtime.block_on(place.open()),
            runtime,
            flow: flow(),
        }
    }

    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn desk<'a>(&'a self, person: &'a Person, step: u64) -> Desk<'a, AnyStore> {
        Desk::new(&self.store, &self.flow, person, step)
    }

    pub(crate) fn carry_out(&self, order: Order) -> Report {
        self.run(order.carry_out(&self.store, &self.flow))
    }

    /// Closes every connection.
    pub(crate) fn close(self) {
        self.run(self.store.close());
    }
}

/// The node, as the one sees it who gives the orders. Dropped, it is killed.
pub(crate) struct Node {
    process: Child,
    orders: Option<ChildStdin>,
    reports: BufReader<ChildStdout>,
}

impl Node {
    /// Starts one, with the store open.
    pub(crate) fn start(place: &Place) -> Self {
        let mut node = Self::spawn(place);
        node.wait_for_start();
        node
    }

    /// Starts some at once: they make the tables at once, too.
    pub(crate) fn start_many(place: &Place, count: usize) -> Vec<Self> {
        let mut nodes: Vec<Self> = (0..count).map(|_| Self::spawn(place)).collect();
        nodes.iter_mut().for_each(Self::wait_for_start);
        nodes
    }

    fn spawn(place: &Place) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .env(PLACE, serde_json::to_string(place).unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            orders: process.stdin.take(),
            reports: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn wait_for_start(&mut self) {
        assert_eq!(self.line().as_deref(), Some(DONE), "the node did not start");
    }

    pub(crate) fn order(&mut self, orders: Vec<Order>, at_once: bool) {
        let batch = serde_json::to_string(&Batch { at_once, orders }).unwrap();
        // A node that was killed meanwhile takes no orders.
        let _ = writeln!(self.orders.as_mut().unwrap(), "{batch}");
    }

    /// The next report, in the order in which they ended. `None` when the batch is done, or the node.
    pub(crate) fn report(&mut self) -> Option<Report> {
        let line = self.line().filter(|line| line != DONE)?;
        Some(serde_json::from_str(&line).unwrap())
    }

    /// The reports of the whole batch.
    pub(crate) fn reports(&mut self) -> Vec<Report> {
        std::iter::from_fn(|| self.report()).collect()
    }

    /// A whole line: of what a killed node was just writing, nothing was told.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.reports.read_line(&mut line).unwrap();
        line.strip_suffix('\n').map(str::to_owned)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Ends it at once, wherever it is (`kill -9`). What it had told can still be read.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where this process is to find the accounts, if it is a node.
pub(crate) fn place() -> Option<Place> {
    let place = env::var(PLACE).ok()?;
    Some(serde_json::from_str(&place).unwrap())
}

/// Is a node until there are no more orders.
pub(crate) fn serve(place: &Place) {
    let Here {
        runtime,
        store,
        flow,
    } = Here::open(place);
    let (store, flow) = (Arc::new(store), Arc::new(flow));
    println!("{DONE}");
    for batch in std::io::stdin().lines() {
        let batch: Batch = serde_json::from_str(&batch.unwrap()).unwrap();
        runtime.block_on(carry_out(&store, &flow, batch));
        println!("{DONE}");
    }
}

async fn carry_out(store: &Arc<AnyStore>, flow: &Arc<Flow>, batch: Batch) {
    if !batch.at_once {
        for order in batch.orders {
            tell(&order.carry_out(store, flow).await);
        }
        return;
    }
    let start = Arc::new(Barrier::new(batch.orders.len()));
    let mut running = JoinSet::new();
    for order in batch.orders {
        let (store, flow, start) = (store.clone(), flow.clone(), start.clone());
        running.spawn(async move {
            start.wait().await;
            tell(&order.carry_out(&store, &flow).await);
        });
    }
    running.join_all().await;
}

/// One line in one call of the system, so that it is there as a whole or not at all.
fn tell(report: &Report) {
    let line = serde_json::to_string(report).unwrap() + "\n";
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

impl Order {
    pub(crate) fn new(person: &str, step: u64, deed: Deed) -> Self {
        Self {
            person: person.to_owned(),
            step,
            deed,
        }
    }

    /// The step that the typed code is of: the highest that can be meant.
    pub(crate) fn step_of_code(&self) -> Option<u64> {
        let (Deed::Answer { typed, .. } | Deed::SignIn { typed }) = &self.deed else {
            return None;
        };
        let mut near = (self.step - 5..=self.step + 5).rev();
        near.find(|&step| code(step) == *typed)
    }

    async fn carry_out(self, store: &AnyStore, flow: &Flow) -> Report {
        let person = Person::new(&self.person);
        let mut desk = Desk::new(store, flow, &person, self.step);
        let ended = match &self.deed {
            Deed::SettleIn => desk.settle_in().await.map(|_| Ended::Done),
            Deed::Answer {
                session,
                challenge,
                typed,
            } => {
                let session = session.parse().unwrap();
                answer(&mut desk, &session, *challenge, typed).await
            }
            Deed::SignIn { typed } => sign_in(&mut desk, typed).await,
        };
        let ended = ended.unwrap_or_else(|error| Ended::Failed(format!("{error:?}")));
        Report {
            ended,
            revealed: desk.revealed,
            untold: desk.untold,
            order: self,
        }
    }
}

async fn answer(
    desk: &mut Desk<'_, AnyStore>,
    session: &SessionId,
    challenge: ChallengeId,
    typed: &str,
) -> Result<Ended, StoreError> {
    let Ok(proof) = desk.answer(session, challenge, typed).await? else {
        return Ok(Ended::Rejected);
    };
    sign_out(desk, proof.session()).await?;
    Ok(Ended::Accepted {
        failures: proof.failures().count(),
    })
}

async fn sign_in(desk: &mut Desk<'_, AnyStore>, typed: &str) -> Result<Ended, StoreError> {
    let session = desk.first_factor().await?;
    // So many others sign in at once that this session may be gone already.
    let Ok(challenge) = desk.challenge(&session).await? else {
        return Ok(Ended::Rejected);
    };
    let Ok(proof) = desk.answer(&session, challenge, typed).await? else {
        return Ok(Ended::Rejected);
    };
    let _ = desk
        .with_token(proof.session(), |on, token| on.rename(token, "Telephone"))
        .await?;
    sign_out(desk, proof.session()).await?;
    Ok(Ended::Accepted {
        failures: proof.failures().count(),
    })
}

async fn sign_out(desk: &mut Desk<'_, AnyStore>, session: &SessionId) -> Result<(), StoreError> {
    desk.run(Some(session), |on| on.sign_out()).await
}
