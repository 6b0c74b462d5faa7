//! What was told, against what is kept: no outcome without a commit, no step twice, no failure forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng as _, SeedableRng as _};
use mfa_flow::CommitId;
use mfa_store::Store as _;
use serde_json::Value;

use crate::common::{Decided, FIRST_STEP, Person, class_of, code, outbox, wrong_code};
use crate::length;
use crate::node::{Deed, Ended, Here, Node, Order, Report};
use crate::place::{Fresh, Place};

const PROCESSES: usize = 8;
const CONNECTIONS: usize = 3;
/// Three accounts at once, and others after a while.
const PEOPLE: u64 = 3;
const ROUNDS_OF_A_PERSON: u64 = 20;
/// A day, so that the limit for thirty days is not what all of it ends at.
const DAY: u64 = 2_880;

pub(crate) fn mixed_traffic_leaves_a_consistent_history() {
    for fresh in Fresh::both() {
        let reports = traffic(&fresh.place, Duration::from_secs(length(2, 30).into()));
        let kept = Kept::all(&Here::open(&fresh.place));
        assert_eq!(faults(&reports, &kept), [""; 0]);
        let accepted = reports.iter().filter(|report| is_accepted(report)).count();
        println!("{} sign-ins, {accepted} accepted", reports.len());
    }
}

pub(crate) fn a_history_that_was_tampered_with_is_caught() {
    let fresh = Fresh::sqlite();
    let reports = traffic(&fresh.place, Duration::ZERO);
    let kept = Kept::all(&Here::open(&fresh.place));
    assert_eq!(faults(&reports, &kept), [""; 0]);
    let place = reports.iter().position(is_accepted).unwrap();
    let caught = |reports: &[Report], kept: &BTreeMap<String, Kept>, what: &str| {
        let faults = faults(reports, kept);
        assert!(
            faults.iter().any(|fault| fault.contains(what)),
            "{faults:?}"
        );
    };

    let mut other = reports.clone();
    other[place].ended = Ended::Accepted { failures: 99 };
    caught(&other, &kept, "99 failures were told");

    let mut other = reports.clone();
    let mut again = other[place].clone();
    let last = kept[&again.order.person].version;
    again.revealed.retain(|decided| decided.class().is_some());
    again.revealed[0].version = last + 1;
    again.revealed[0].commit = CommitId::from_bytes([0; 16]);
    other.push(again);
    caught(&other, &kept, "accepted again");

    let mut other = reports.clone();
    other[place].revealed[0].version += 1;
    caught(&other, &kept, "versions");

    let commit = reports[place].revealed[0].commit;
    let mut less = kept.clone();
    let person = less.get_mut(&reports[place].order.person).unwrap();
    person.outgoing.remove(&commit);
    caught(&reports, &less, "is not kept");

    let mut other = reports.clone();
    other.remove(place);
    caught(&other, &kept, "nobody decided");
}

/// Processes whose clocks differ sign in with right, used and wrong codes, for that time and once at least.
fn traffic(place: &Place, time: Duration) -> Vec<Report> {
    let mut nodes = Node::start_many(place, PROCESSES);
    let here = Here::open(place);
    let mut random = ChaCha20Rng::from_seed([3; 32]);
    let (mut reports, begin) = (Vec::new(), Instant::now());
    for round in 0.. {
        let step = FIRST_STEP + round * DAY;
        let name = |person| format!("{}-{person}", round / ROUNDS_OF_A_PERSON);
        if round % ROUNDS_OF_A_PERSON == 0 {
            for person in 0..PEOPLE {
                reports.push(here.carry_out(Order::new(&name(person), step, Deed::SettleIn)));
            }
        }
        for node in &mut nodes {
            let behind = u64::from(random.next_u32() % 2);
            let orders = (0..CONNECTIONS).map(|_| {
                let typed = match random.next_u32() % 4 {
                    0 => wrong_code(step),
                    1 => code(step - 1),
                    _ => code(step),
                };
                let person = name(u64::from(random.next_u32()) % PEOPLE);
                Order::new(&person, step - behind, Deed::SignIn { typed })
            });
            node.order(orders.collect(), true);
        }
        reports.extend(nodes.iter_mut().flat_map(Node::reports));
        if begin.elapsed() >= time {
            break;
        }
    }
    let failed = |report: &&Report| matches!(report.ended, Ended::Failed(_));
    assert_eq!(
        reports.iter().find(failed).map(|failed| &failed.ended),
        None
    );
    reports
}

fn is_accepted(report: &Report) -> bool {
    matches!(report.ended, Ended::Accepted { .. })
}

/// What the database has of one person: the version of the account, and what went out with each commit.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    pub(crate) version: u64,
    outgoing: BTreeMap<CommitId, BTreeMap<u32, Value>>,
}

impl Kept {
    /// Of everybody of whom something is new in the outbox.
    pub(crate) fn all(here: &Here) -> BTreeMap<String, Self> {
        let mut all: BTreeMap<String, Self> = BTreeMap::new();
        for delivery in here.run(outbox(&here.store)) {
            let person = delivery.account().person().unwrap().as_str();
            let commits = &mut all.entry(person.to_owned()).or_default().outgoing;
            let outgoing = serde_json::to_value(delivery.outgoing()).unwrap();
            let commit = commits.entry(delivery.commit()).or_default();
            commit.insert(delivery.position(), outgoing);
        }
        for (name, kept) in &mut all {
            let account = here.run(here.store.load(&Person::new(name).key)).unwrap();
            kept.version = account.version().get();
        }
        all
    }

    /// How many answers were judged so.
    pub(crate) fn judged(&self, class: &str) -> usize {
        let all = self.outgoing.values().flat_map(BTreeMap::values);
        all.filter(|outgoing| class_of(outgoing) == Some(class))
            .count()
    }

    pub(crate) fn commits(&self) -> usize {
        self.outgoing.len()
    }
}

/// Everything about these reports that what is kept does not bear out.
pub(crate) fn faults(reports: &[Report], kept: &BTreeMap<String, Kept>) -> Vec<String> {
    let mut people: BTreeMap<&str, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        people.entry(&report.order.person).or_default().push(report);
    }
    let nothing = Kept::default();
    let faults = people.into_iter().flat_map(|(person, reports)| {
        let faults = faults_of(&reports, kept.get(person).unwrap_or(&nothing));
        faults
            .into_iter()
            .map(move |fault| format!("{person}: {fault}"))
    });
    faults.collect()
}

fn faults_of(reports: &[&Report], kept: &Kept) -> Vec<String> {
    let mut faults = revealed_but_not_kept(reports, kept);
    let decided = |report: &&Report| [report.revealed.clone(), report.untold.clone()].concat();
    let decided: Vec<Decided> = reports.iter().flat_map(decided).collect();
    let commits: BTreeSet<CommitId> = decided.iter().map(|decided| decided.commit).collect();
    for commit in kept
        .outgoing
        .keys()
        .filter(|commit| !commits.contains(commit))
    {
        faults.push(format!("{commit} is kept, and nobody decided it"));
    }
    let committed = |decided: &&Decided| kept.outgoing.contains_key(&decided.commit);
    let mut versions: Vec<u64> = decided
        .iter()
        .filter(committed)
        .map(|decided| decided.version)
        .collect();
    versions.sort_unstable();
    if versions != (1..=kept.version).collect::<Vec<_>>() {
        faults.push(format!("versions up to {} are {versions:?}", kept.version));
    }
    faults.extend(judged_wrongly(reports, kept));
    faults
}

/// Outcomes that somebody was told, and of which the database knows nothing, or something else.
pub(crate) fn revealed_but_not_kept(reports: &[&Report], kept: &Kept) -> Vec<String> {
    let is_kept = |decided: &&Decided| {
        kept.outgoing
            .get(&decided.commit)
            .is_some_and(|outgoing| outgoing.values().eq(&decided.outgoing))
    };
    let revealed = reports.iter().flat_map(|report| &report.revealed);
    revealed
        .filter(|decided| !is_kept(decided))
        .map(|decided| format!("{} was told, and is not kept", decided.commit))
        .collect()
}

/// Goes through the answers in the order of their commits, with nothing in mind but the last step and the failures since.
fn judged_wrongly(reports: &[&Report], kept: &Kept) -> Vec<String> {
    let mut answers = Vec::new();
    for report in reports {
        for decided in report.revealed.iter().chain(&report.untold) {
            if let (Some(class), true) = (
                decided.class(),
                kept.outgoing.contains_key(&decided.commit) || report.revealed.contains(decided),
            ) {
                answers.push((decided.version, class, report));
            }
        }
    }
    answers.sort_by_key(|(version, ..)| *version);
    let (mut faults, mut last, mut failures) = (Vec::new(), None, 0);
    for (version, class, report) in answers {
        match class {
            "wrong" | "replayed" | "expired" => failures += 1,
            "accepted" => {
                let step = report.order.step_of_code();
                if step <= last {
                    faults.push(format!("version {version}: {step:?} is accepted again"));
                }
                if let Ended::Accepted { failures: told } = report.ended
                    && told != failures
                {
                    faults.push(format!(
                        "version {version}: {told} failures were told of {failures}"
                    ));
                }
                (last, failures) = (step, 0);
            }
            _ => {}
        }
    }
    faults
}
