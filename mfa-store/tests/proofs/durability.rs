//! Nothing is told before it is on disk: the calls of the system, in the order in which they came.
//!
//! A kill cannot show that: what a process has written stays with the system when the process is gone.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::common::{FIRST_STEP, code, skip, wrong_code};
use crate::node::{Deed, Here, Node, Order};
use crate::place::{Fresh, Place, runtime, scratch};

/// Wrong and right answers, one after the other.
const ORDERS: u64 = 12;

pub(crate) fn sqlite_tells_nothing_that_is_not_on_disk() {
    shown(&Fresh::sqlite(), "-wal");
}

pub(crate) fn postgres_tells_nothing_that_is_not_on_disk() {
    if let Some(fresh) = Fresh::postgres("read committed") {
        shown(&fresh, "/pg_wal/");
    }
}

/// `log`: what the files are called that commits are written to.
fn shown(fresh: &Fresh, log: &str) {
    let here = Here::open(&fresh.place);
    here.carry_out(Order::new("ada", FIRST_STEP, Deed::SettleIn));
    here.close();
    let mut node = Node::start(&fresh.place);
    // Once without being watched, so that every connection is there.
    node.order(orders(0), false);
    node.reports();
    let mut watched = vec![node.pid()];
    watched.extend(server(&fresh.place));
    let Some(trace) = Trace::of(&watched) else {
        return;
    };
    node.order(orders(1), false);
    let reports = node.reports();
    assert_eq!(reports.len() as u64, ORDERS);
    let trace = trace.end();
    let commits: Vec<usize> = reports.iter().map(|report| report.revealed.len()).collect();
    let syncs = syncs_before_each_report(&trace, log);
    assert!(
        is_on_disk(&commits, &syncs),
        "{commits:?} commits, {syncs:?} syncs"
    );

    // The twin: the same, if every report had been told one call of the system earlier.
    let early = syncs_before_each_report(&told_early(trace), log);
    assert!(!is_on_disk(&commits, &early), "{early:?}");
}

/// Every commit that a report tells of has waited for the disk.
fn is_on_disk(commits: &[usize], syncs: &[usize]) -> bool {
    commits.len() == syncs.len()
        && commits
            .iter()
            .zip(syncs)
            .all(|(commits, syncs)| commits <= syncs)
}

/// How often a file of that name was brought to the disk, since the report before.
fn syncs_before_each_report(trace: &[String], log: &str) -> Vec<usize> {
    let (mut counts, mut count) = (Vec::new(), 0);
    let mut interrupted: BTreeMap<&str, bool> = BTreeMap::new();
    for line in trace {
        let (process, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        if is_report(line) {
            counts.push(count);
            count = 0;
        } else if call.starts_with("fdatasync(") || call.starts_with("fsync(") {
            let is_log = call.contains(log);
            if call.contains("<unfinished") {
                interrupted.insert(process, is_log);
            } else {
                count += usize::from(is_log && call.ends_with("= 0"));
            }
        } else if call.starts_with("<... f") && call.ends_with("= 0") {
            count += usize::from(interrupted.remove(process) == Some(true));
        }
    }
    counts
}

/// A line of JSON on standard output.
fn is_report(line: &str) -> bool {
    line.contains(" write(1<") && line.contains(", \"{")
}

fn told_early(mut trace: Vec<String>) -> Vec<String> {
    for place in 1..trace.len() {
        let is_sync = |line: &str| line.contains("sync") && line.ends_with("= 0");
        if is_report(&trace[place])
            && let Some(sync) = trace[..place].iter().rposition(|line| is_sync(line))
        {
            let report = trace.remove(place);
            trace.insert(sync, report);
        }
    }
    trace
}

fn orders(time: u64) -> Vec<Order> {
    let order = |turn| {
        let step = FIRST_STEP + time * ORDERS + turn;
        let typed = if turn % 2 == 0 {
            wrong_code(step)
        } else {
            code(step)
        };
        Order::new("ada", step, Deed::SignIn { typed })
    };
    (0..ORDERS).map(order).collect()
}

/// The processes of the server that have to do with this database.
fn server(place: &Place) -> Vec<u32> {
    if let Place::Sqlite(_) = place {
        return Vec::new();
    }
    runtime().block_on(async {
        let mut connection = place.connect().await;
        let processes = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
                         AND (datname = current_database() OR datname IS NULL)";
        let rows = sqlx::query(processes).fetch_all(&mut connection).await;
        let pid = |row: &PgRow| u32::try_from(row.get::<i32, _>(0)).unwrap();
        rows.unwrap().iter().map(pid).collect()
    })
}

/// Processes that are watched by strace.
struct Trace {
    strace: Child,
    file: PathBuf,
}

impl Trace {
    /// Begins to watch, or says why it cannot.
    fn of(processes: &[u32]) -> Option<Self> {
        let file = scratch(&format!("trace_{}", std::process::id()));
        let pids = processes
            .iter()
            .map(|process| format!("--attach={process}"));
        let strace = Command::new("strace")
            .args(["--follow-forks", "--decode-fds=path", "--string-limit=8"])
            .args(["--trace=fdatasync,fsync,write", "--output"])
            .arg(&file)
            .args(pids)
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut strace) = strace else {
            skip("strace is not installed");
            return None;
        };
        let mut said = BufReader::new(strace.stderr.take().unwrap()).lines();
        for _ in processes {
            let line = said.next().unwrap_or(Ok(String::new())).unwrap();
            if !line.contains(" attached") {
                skip(&format!("strace may not watch: {line}"));
                strace.wait().unwrap();
                return None;
            }
        }
        // Whatever it says later, it does not wait for somebody to read it.
        std::thread::spawn(move || said.for_each(drop));
        Some(Self { strace, file })
    }

    /// The calls, in their order.
    fn end(mut self) -> Vec<String> {
        let pid = self.strace.id().to_string();
        let told = Command::new("kill").args(["-INT", &pid]).status();
        assert!(told.unwrap().success());
        self.strace.wait().unwrap();
        let trace = std::fs::read_to_string(&self.file).unwrap();
        std::fs::remove_file(&self.file).unwrap();
        trace.lines().map(str::to_owned).collect()
    }
}
