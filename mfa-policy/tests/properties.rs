//! What must hold for every policy, person, account, question and row of actions: the laws, asked of random ones.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop"
)]

mod laws;
mod regressions;
mod strategies;

use std::collections::{BTreeMap, BTreeSet};

use mfa_policy::{Effect, Step};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use laws::{Case, accounts, answers, drafts, overviews, remedies};
use strategies::questions::{self, wish, wish_to_use};
use strategies::{case, case_about, group, method};

/// Asks a law of random cases: of more than usual, because most of them are denied for dull reasons.
fn check<S: Strategy>(strategy: S, law: impl Fn(S::Value)) {
    let config = Config {
        cases: Config::default().cases.saturating_mul(2),
        // A case that failed becomes a test of its own.
        failure_persistence: None,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&strategy, |value| {
        law(value);
        Ok::<(), TestCaseError>(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// Every law of one case, tested under its own name.
macro_rules! laws {
    ($($module:ident::$law:ident;)*) => {$(
        #[test]
        fn $law() {
            check(case(), |case: Case| $module::$law(&case));
        }
    )*};
}

laws! {
    answers::yes_or_no_is_the_effect_of_the_decision;
    answers::the_same_question_has_the_same_bytes_as_answer;
    answers::an_answer_agrees_with_itself;
    answers::a_question_that_is_read_back_has_the_same_answer;
    answers::an_answer_stands_until_it_is_to_be_checked_again;
    answers::missing_facts_lead_to_yes_or_no;
    answers::a_denial_stands_whatever_becomes_known;
    accounts::an_action_changes_only_what_it_is_about;
    accounts::no_allowed_action_fills_a_pool_beyond_its_limit;
    accounts::nobody_locks_himself_out_by_an_allowed_action;
    accounts::the_default_is_active_and_takes_the_second_step;
    overviews::an_overview_agrees_with_decisions;
    overviews::a_proposal_gives_what_is_missing;
    overviews::an_overview_stands_until_it_is_to_be_checked_again;
    drafts::tightening_deletes_nothing;
    remedies::no_remedy_contains_another;
    remedies::each_remedy_leads_to_yes;
    remedies::each_remedy_is_smallest;
}

/// The laws of remedies would hold of none at all: these are seen in a sample that is the same every time.
#[test]
fn remedies_of_every_kind_are_among_the_random_ones() {
    let mut runner = TestRunner::deterministic();
    let strategy = case();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut count = |kind| *seen.entry(kind).or_default() += 1;
    for _ in 0..SAMPLE {
        let decision = strategy.new_tree(&mut runner).unwrap().current().decide();
        count(match decision.effect() {
            Effect::Allow => "allowed",
            Effect::NeedInput(_) => "needs input",
            Effect::Deny if decision.remedies().is_empty() => "denied for good",
            Effect::Deny => "denied with remedies",
        });
        let remedies = decision.remedies().iter();
        let kinds: BTreeSet<&str> = remedies
            .flat_map(|remedy| remedy.steps())
            .map(|step| match step {
                Step::Ask(request) => request.code(),
                step => step.code(),
            })
            .collect();
        kinds.into_iter().for_each(&mut count);
    }
    let rare: Vec<_> = [
        "allowed",
        "needs input",
        "denied for good",
        "denied with remedies",
        "wait",
        "use_where",
        "sign_in",
        "prove",
        "confirm",
        "remove_one_of",
        "add",
        "set_default",
        "start_again",
        "pass_gates",
        "change_pass",
        "allow_method",
        "allow_reset",
        "allow_remembered_devices",
        "register",
        "unlock",
        "issue_pass",
        "do_it",
    ]
    .into_iter()
    .filter(|kind| seen.get(kind).is_none_or(|&times| times < 3))
    .collect();
    assert!(rare.is_empty(), "{rare:?} of {seen:?}");
}

const SAMPLE: u32 = 6_000;

#[test]
fn the_order_of_the_input_does_not_matter() {
    check((case(), any::<u64>()), |(case, seed)| {
        answers::the_order_of_the_input_does_not_matter(&case, seed);
    });
}

#[test]
fn enabling_a_method_removes_no_ability() {
    check(
        (case_about(wish_to_use().boxed()), method()),
        |(case, method)| {
            drafts::enabling_a_method_removes_no_ability(&case, &method);
        },
    );
}

#[test]
fn excluding_a_group_adds_no_ability() {
    let cases = (case_about(wish_to_use().boxed()), method(), group());
    check(cases, |(case, method, group)| {
        drafts::excluding_a_group_adds_no_ability(&case, &method, &group);
    });
}

/// Actions one after the other, each on the account that the one before left.
#[test]
fn rows_of_actions_keep_the_laws_of_accounts() {
    let rows = (
        case(),
        proptest::collection::vec((wish(), questions::circumstances()), 1..=12),
    );
    check(rows, |(mut case, row)| {
        for (wish, mut circumstances) in row {
            // Later and later.
            circumstances.now = circumstances.now.max(case.context.now());
            case.context = circumstances.of(&case.subject, &case.account);
            case.action = wish.of(&case.account);
            accounts::an_action_changes_only_what_it_is_about(&case);
            accounts::no_allowed_action_fills_a_pool_beyond_its_limit(&case);
            accounts::nobody_locks_himself_out_by_an_allowed_action(&case);
            case.account = case.outcome();
            accounts::the_default_is_active_and_takes_the_second_step(&case);
        }
    });
}
