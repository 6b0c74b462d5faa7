//! What must hold for every policy, person, account, question and row of actions: the laws, asked of random ones.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop"
)]

mod laws;
mod strategies;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use laws::{Case, accounts, answers, drafts, overviews, remedies};
use strategies::questions::{self, wish, wish_to_use};
use strategies::{case, case_about, group, method};

/// Asks a law of random cases: of more than usual, because most of them are denied for dull reasons.
fn check<S: Strategy>(strategy: S, law: impl Fn(S::Value)) {
    let config = Config {
        cases: Config::default().cases.saturating_mul(4),
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
