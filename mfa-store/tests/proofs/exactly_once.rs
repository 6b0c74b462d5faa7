//! However many answer at once, a code is accepted once, and a limit of guesses is a limit.

use crate::common::{FIRST_STEP, Person, code, wrong_code};
use crate::length;
use crate::node::{Deed, Ended, Here, Node, Order, Report};
use crate::place::Fresh;

/// With three connections each, 24 in all.
const PROCESSES: usize = 8;
const ANSWERS: usize = 24;

/// Failures before the first lock.
const FREE_FAILURES: usize = 5;
const PERSON: &str = "ada";
/// Ten minutes: longer than the first lock.
const LATER: u64 = 20;

pub(crate) fn of_24_equal_codes_one_is_accepted() {
    everywhere(|fresh| {
        let mut office = Office::open(fresh);
        for round in 0..length(4, 40) {
            let step = FIRST_STEP + u64::from(round) * LATER;
            let reports = office.all_answer(step, &code(step));
            let accepted = |report: &&Report| matches!(report.ended, Ended::Accepted { .. });
            assert_eq!(reports.iter().filter(accepted).count(), 1, "round {round}");
            assert_eq!(judged(&reports, "accepted"), 1);
            assert_eq!(judged(&reports, "replayed"), FREE_FAILURES);
            assert_eq!(judged(&reports, "wrong"), 0);
        }
    });
}

pub(crate) fn of_24_wrong_codes_five_are_looked_at() {
    everywhere(|fresh| {
        let mut office = Office::open(fresh);
        for round in 0..length(2, 4) {
            let step = FIRST_STEP + u64::from(round) * LATER;
            let reports = office.all_answer(step, &wrong_code(step));
            assert_eq!(judged(&reports, "wrong"), FREE_FAILURES);
            assert_eq!(judged(&reports, "locked"), ANSWERS - FREE_FAILURES);
            // The lock stands, and ends; and the person is told of every guess.
            assert_eq!(office.sign_in(step), Ended::Rejected);
            let in_time = office.sign_in(step + LATER / 2);
            assert_eq!(in_time, Ended::Accepted { failures: 5 });
        }
    });
}

/// SQLite, and PostgreSQL under each of its isolation levels.
fn everywhere(show: impl Fn(&Fresh)) {
    show(&Fresh::sqlite());
    for level in ISOLATION_LEVELS {
        let Some(fresh) = Fresh::postgres(level) else {
            return;
        };
        show(&fresh);
    }
}

fn judged(reports: &[Report], class: &str) -> usize {
    let is_judged = |report: &&Report| {
        assert!(!matches!(report.ended, Ended::Failed(_)), "{report:?}");
        report.class() == Some(class)
    };
    reports.iter().filter(is_judged).count()
}

/// The processes, and somebody whom all of them answer for.
struct Office {
    nodes: Vec<Node>,
    here: Here,
    person: Person,
}

impl Office {
    fn open(fresh: &Fresh) -> Self {
        let nodes = Node::start_many(&fresh.place, PROCESSES);
        let (here, person) = (Here::open(&fresh.place), Person::new(PERSON));
        here.run(here.desk(&person, FIRST_STEP).settle_in())
            .unwrap();
        Self {
            nodes,
            here,
            person,
        }
    }

    /// Every process answers a challenge of its own, on every connection, all at once.
    fn all_answer(&mut self, step: u64, typed: &str) -> Vec<Report> {
        let orders: Vec<Order> = (0..PROCESSES)
            .map(|_| {
                let mut desk = self.here.desk(&self.person, step);
                let (session, challenge) = self.here.run(async {
                    let session = desk.first_factor().await.unwrap();
                    let challenge = desk.challenge(&session).await.unwrap().unwrap();
                    (session.expose().to_string(), challenge)
                });
                let typed = typed.to_owned();
                let deed = Deed::Answer {
                    session,
                    challenge,
                    typed,
                };
                Order::new(PERSON, step, deed)
            })
            .collect();
        for (node, order) in self.nodes.iter_mut().zip(orders) {
            node.order(vec![order; ANSWERS / PROCESSES], true);
        }
        self.nodes.iter_mut().flat_map(Node::reports).collect()
    }

    fn sign_in(&self, step: u64) -> Ended {
        let typed = code(step);
        let order = Order::new(PERSON, step, Deed::SignIn { typed });
        self.here.carry_out(order).ended
    }
}

/// The isolation levels of PostgreSQL.
const ISOLATION_LEVELS: [&str; 4] = [
    "read uncommitted",
    "read committed",
    "repeatable read",
    "serializable",
];
