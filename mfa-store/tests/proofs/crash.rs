//! Nodes and the database server are killed in the middle of their work. What was told stays true, and what was used stays used.

use std::process::Command;
use std::time::Duration;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng as _, SeedableRng as _};
use sqlx::Row as _;

use crate::common::{FIRST_STEP, code, wrong_code};
use crate::history::{self, Kept};
use crate::length;
use crate::node::{Deed, Ended, Here, Node, Order, Report};
use crate::place::{Fresh, Place, runtime};

/// More than a node lives to do.
const ORDERS: u64 = 16;
/// Reports of a node that are waited for, at most, before it is killed.
const MOST_REPORTS: u32 = 8;
/// Turns of an empty loop after the last of them, at most: some milliseconds, so as long as a sign-in.
const MOST_TURNS: u32 = 1 << 20;
/// Steps until the first lock is over.
const LATER: u64 = 1_000;

pub(crate) fn killed_nodes_of_sqlite_lose_nothing() {
    let fresh = Fresh::sqlite();
    kill_nodes(&fresh.place, length(15, 200));
}

pub(crate) fn killed_nodes_of_postgres_lose_nothing() {
    if let Some(fresh) = Fresh::postgres("read committed") {
        kill_nodes(&fresh.place, length(5, 50));
    }
}

fn kill_nodes(place: &Place, kills: u32) {
    let mut random = ChaCha20Rng::from_seed([5; 32]);
    let mut in_flight = 0;
    for life in 0..kills {
        let person = format!("life-{life}");
        // Closed before the node begins, so that nobody but the node has the database open when it dies.
        let here = Here::open(place);
        let settled = here.carry_out(Order::new(&person, FIRST_STEP, Deed::SettleIn));
        here.close();
        let mut node = Node::start(place);
        node.order(
            (0..ORDERS).map(|turn| order(&person, turn)).collect(),
            false,
        );
        let mut reports = vec![settled];
        for _ in 0..random.next_u32() % (MOST_REPORTS + 1) {
            reports.extend(node.report());
        }
        for _ in 0..random.next_u32() % MOST_TURNS {
            std::hint::spin_loop();
        }
        node.kill();
        reports.extend(node.reports());
        in_flight += after_a_kill(place, &person, reports);
    }
    println!("{kills} kills, {in_flight} answers were committed that nobody was told of");
}

fn is_right(turn: u64) -> bool {
    turn % 2 == 1
}

/// By turns a wrong code and a right one.
fn order(person: &str, turn: u64) -> Order {
    let step = FIRST_STEP + turn;
    let typed = if is_right(turn) {
        code(step)
    } else {
        wrong_code(step)
    };
    Order::new(person, step, Deed::SignIn { typed })
}

/// Looks at what is there after a node was killed. Gives how many answers were committed that nobody was told of: one at most.
fn after_a_kill(place: &Place, person: &str, told: Vec<Report>) -> usize {
    let here = Here::open(place);
    let interrupted = told.len() as u64 - 1;
    let mut later = Vec::new();
    // The last code that was accepted is used up.
    if let Some(accepted) = told.iter().rfind(|report| is_accepted(report)) {
        let again = here.carry_out(accepted.order.clone());
        // If a later one is used up as well, the clock has gone back.
        let class = again.class().unwrap();
        assert!(["replayed", "clock_behind"].contains(&class), "{class}");
        later.push(again);
    }
    // The one that was interrupted is wrong, or used up, or good for once.
    later.push(here.carry_out(order(person, interrupted)));
    let good_for_once = later.last().is_some_and(is_accepted);
    // And later everything goes on.
    let step = FIRST_STEP + ORDERS + LATER;
    let typed = code(step);
    let last = here.carry_out(Order::new(person, step, Deed::SignIn { typed }));

    let kept = Kept::all(&here).remove(person).unwrap();
    let known: Vec<&Report> = told.iter().chain(&later).chain([&last]).collect();
    assert_eq!(history::revealed_but_not_kept(&known, &kept), [""; 0]);
    assert_eq!(kept.version, kept.commits() as u64, "{person}");
    let untold = |class: &str| {
        let known = known.iter().filter(|report| report.class() == Some(class));
        kept.judged(class) - known.count()
    };
    let untold = match (untold("wrong"), untold("accepted")) {
        (0, 0) => None,
        (1, 0) => Some("wrong"),
        (0, 1) => Some("accepted"),
        other => panic!("{person}: {other:?} answers were committed and not told"),
    };
    if is_right(interrupted) {
        assert_eq!(good_for_once, untold.is_none(), "{person}");
    } else {
        assert_ne!(untold, Some("accepted"), "{person}");
    }
    // Every failure since the last success was counted, and is told.
    let classes = told.iter().map(Report::class).chain([untold]);
    let failures = classes
        .chain(later.iter().map(Report::class))
        .fold(0, |failures, class| match class {
            Some("accepted") => 0,
            Some("wrong" | "replayed") => failures + 1,
            _ => failures,
        });
    assert_eq!(last.ended, Ended::Accepted { failures }, "{person}");
    usize::from(untold.is_some())
}

pub(crate) fn a_crashed_server_loses_nothing() {
    let Some(fresh) = Fresh::postgres("read committed") else {
        return;
    };
    let here = Here::open(&fresh.place);
    let mut nodes = Node::start_many(&fresh.place, 4);
    let (mut random, mut turn) = (ChaCha20Rng::from_seed([6; 32]), 0);
    let person = |node: usize| format!("at-node-{node}");
    let mut reports: Vec<Report> = (0..nodes.len())
        .map(|node| here.carry_out(Order::new(&person(node), FIRST_STEP, Deed::SettleIn)))
        .collect();
    here.close();
    for _ in 0..length(1, 5) {
        for (number, node) in nodes.iter_mut().enumerate() {
            let orders = (turn..turn + ORDERS).map(|turn| order(&person(number), turn));
            node.order(orders.collect(), false);
        }
        turn += ORDERS;
        for _ in 0..=random.next_u32() % MOST_REPORTS {
            reports.extend(nodes[0].report());
        }
        crash(&fresh.place);
        reports.extend(nodes.iter_mut().flat_map(Node::reports));
    }
    let failed = |report: &&Report| matches!(report.ended, Ended::Failed(_));
    let failures = reports.iter().filter(failed).count();
    assert!(failures > 0, "nobody noticed that the server was gone");
    println!("{} sign-ins, {failures} of them failed", reports.len());
    let here = Here::open(&fresh.place);
    for number in 0..nodes.len() {
        let step = FIRST_STEP + turn + LATER;
        let typed = code(step);
        let last = here.carry_out(Order::new(&person(number), step, Deed::SignIn { typed }));
        assert!(is_accepted(&last), "{last:?}");
        reports.push(last);
    }
    let kept = Kept::all(&here);
    assert_eq!(history::faults(&reports, &kept), [""; 0]);
}

/// The twin: if commits did not wait for the disk, a crash would be noticed.
pub(crate) fn a_server_that_does_not_wait_for_the_disk_is_caught() {
    let Some(fresh) = Fresh::postgres("read committed") else {
        return;
    };
    // What it has just written by chance is not lost.
    let caught = (0..10).any(|_| {
        let told = runtime().block_on(async {
            let mut connection = fresh.place.connect().await;
            let prepare = "CREATE TABLE IF NOT EXISTS told (number INT); TRUNCATE told; SET synchronous_commit = off";
            sqlx::raw_sql(prepare).execute(&mut connection).await.unwrap();
            for number in 0..100 {
                let insert = sqlx::query("INSERT INTO told VALUES ($1)").bind(number);
                insert.execute(&mut connection).await.unwrap();
            }
            100_i64
        });
        crash(&fresh.place);
        let kept: i64 = runtime().block_on(async {
            let mut connection = fresh.place.connect().await;
            let count = sqlx::query("SELECT count(*) FROM told").fetch_one(&mut connection);
            count.await.unwrap().get(0)
        });
        kept < told
    });
    assert!(caught);
}

/// Kills a process of the server. The server then ends all the others, forgets what is in memory, and reads its log again.
fn crash(place: &Place) {
    runtime().block_on(async {
        let mut connection = place.connect().await;
        let pid = sqlx::query("SELECT pg_backend_pid()").fetch_one(&mut connection);
        let pid: i32 = pid.await.unwrap().get(0);
        let program = std::fs::read_to_string(format!("/proc/{pid}/comm"));
        assert_eq!(
            program.unwrap(),
            "postgres\n",
            "the server is not on this machine"
        );
        let killed = Command::new("kill")
            .args(["-9", &format!("{pid}")])
            .status();
        assert!(killed.unwrap().success());
        // The end of this connection is the end of the process.
        let gone = sqlx::query("SELECT 1").execute(&mut connection).await;
        assert!(gone.is_err());
    });
    // It is back when it lets somebody in. Whoever asks all the time keeps it from that.
    runtime().block_on(async {
        while place.try_connect().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

fn is_accepted(report: &Report) -> bool {
    matches!(report.ended, Ended::Accepted { .. })
}
