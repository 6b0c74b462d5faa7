//! Faults that the properties found, each with the smallest case that showed it.

use mfa_policy::{AccountView, Action, Context, Group, Method, PolicyDraft, Subject};

use crate::laws::{Case, accounts, answers, drafts, overviews, remedies};

/// A question of Alice, who is in no group, as texts: a policy in TOML, the rest in JSON.
fn case(policy: &str, account: &str, context: &str, action: &str) -> Case {
    let draft = PolicyDraft::from_toml(&format!("schema = 1\n{policy}")).unwrap();
    Case {
        policy: draft.validate().unwrap(),
        subject: serde_json::from_str::<Subject>(r#"{"id":"alice"}"#).unwrap(),
        account: serde_json::from_str::<AccountView>(account).unwrap(),
        context: serde_json::from_str::<Context>(context).unwrap(),
        action: serde_json::from_str::<Action>(action).unwrap(),
    }
}

fn remedies_hold(case: &Case) {
    remedies::no_remedy_contains_another(case);
    remedies::each_remedy_leads_to_yes(case);
    remedies::each_remedy_is_smallest(case);
}

#[test]
fn a_gate_proven_before_the_reset_began_is_not_held_against_a_later_one() {
    let case = case(
        r#"
        methods.call_alternate = { enabled = true, purposes = ["password_reset"] }
        reset.enabled = true
        "#,
        r#"{"registrations":[{"id":"r4","method":"call_alternate"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z","proofs":[{"by":{"registration":"r4"},"at":"2026-05-31T11:00:00Z"}],"telephony":true}"#,
        r#"{"use":{"registration":"r4","purpose":"password_reset"}}"#,
    );
    answers::a_denial_stands_whatever_becomes_known(&case);
    answers::missing_facts_lead_to_yes_or_no(&case);
}

#[test]
fn the_order_of_proofs_does_not_show_in_when_to_ask_again() {
    let case = case(
        "",
        r#"{"registrations":[{"id":"r0","method":"authenticator_push"}]}"#,
        r#"{"now":"2026-06-01T11:00:00Z","actor":{"id":"alice"},"proofs":[
            {"by":{"registration":"r0"},"at":"2026-06-01T11:45:00Z"},
            {"by":"password","at":"2026-05-31T11:00:00Z"},
            {"by":{"registration":"r0"},"at":"2026-06-01T11:00:00Z"}]}"#,
        r#"{"administer":{"add":{"method":"authenticator_push"}}}"#,
    );
    for seed in 0..20 {
        answers::the_order_of_the_input_does_not_matter(&case, seed);
    }
}

#[test]
fn what_comes_in_the_place_of_something_new_has_another_identifier() {
    let mut case = case(
        r#"methods.phone_sign_in = { enabled = true, purposes = ["two_step"] }"#,
        "{}",
        r#"{"now":"2026-06-01T11:00:00Z","proofs":[{"by":"password","at":"2026-06-01T11:00:00Z"}]}"#,
        r#"{"add":{"method":"phone_sign_in"}}"#,
    );
    case.account = case.outcome();
    assert_eq!(case.account.registrations().len(), 1);
    accounts::an_action_changes_only_what_it_is_about(&case);
}

#[test]
fn nothing_is_shown_as_usable_for_a_reset_that_there_is_not() {
    let case = case(
        r#"methods.text = { enabled = true, purposes = ["password_reset"] }"#,
        r#"{"registrations":[{"id":"r0","method":"text"}]}"#,
        r#"{"now":"2026-06-01T11:00:00Z","webauthn":true,"telephony":true}"#,
        r#""start_reset""#,
    );
    overviews::an_overview_agrees_with_decisions(&case);
}

#[test]
fn allowing_a_method_is_no_remedy_where_its_gate_was_passed_already() {
    remedies_hold(&case(
        "",
        r#"{"registrations":[{"id":"r0","method":"authenticator_push"},{"id":"r1","method":"authenticator_push"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z","reset_started":"2026-05-31T11:00:00Z","proofs":[
            {"by":{"registration":"r0"},"at":"2026-05-31T11:00:00Z"},{"by":"password","at":"2026-05-31T11:00:00Z"}]}"#,
        r#"{"use":{"registration":"r0","purpose":"password_reset"}}"#,
    ));
}

#[test]
fn a_pass_counts_in_its_pool_when_it_is_issued() {
    let case = case(
        r#"
        methods.temporary_pass = { enabled = true, purposes = [] }
        pools.odd = { methods = ["security_questions", "temporary_pass"], max = 1 }
        "#,
        r#"{"registrations":[{"id":"r0","method":"security_questions"}]}"#,
        r#"{"now":"2026-06-01T11:00:00Z","actor":{"id":"bob","role":"administrator"},
            "proofs":[{"by":{"registration":"b"},"at":"2026-06-01T11:00:00Z"}]}"#,
        r#"{"administer":{"issue_pass":{}}}"#,
    );
    accounts::no_allowed_action_fills_a_pool_beyond_its_limit(&case);
    assert!(!case.allows());
}

#[test]
fn nobody_waits_for_what_helps_at_once() {
    remedies_hold(&case(
        r#"
        methods.other_authenticator = { enabled = true, purposes = ["manage_security_info"], sunset = "2026-06-01T11:00:00Z" }
        methods.temporary_pass = { enabled = true, purposes = ["manage_security_info"] }
        "#,
        r#"{"registrations":[{"id":"r0","method":"authenticator_push"},{"id":"r1","method":"other_authenticator"},
            {"id":"r3","method":"authenticator_push","locked_until":"2026-06-01T11:00:00Z"}]}"#,
        r#"{"now":"2026-06-01T10:59:59Z"}"#,
        r#"{"rename":{"registration":"r0"}}"#,
    ));
}

#[test]
fn a_reset_is_allowed_before_it_is_started_again() {
    remedies_hold(&case(
        r#"methods.call_office = { enabled = true, purposes = ["password_reset"] }"#,
        r#"{"registrations":[{"id":"r0","method":"call_office"},{"id":"r1","method":"call_office"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z","telephony":true,"reset_started":"2026-06-01T11:00:00Z"}"#,
        r#""finish_reset""#,
    ));
}

#[test]
fn gates_that_are_left_to_pass_are_independent_of_all_that_was_proven() {
    remedies_hold(&case(
        r#"
        methods.call_office = { enabled = true, purposes = ["password_reset"] }
        methods.email = { enabled = true, purposes = ["password_reset"] }
        reset.enabled = true
        "#,
        r#"{"registrations":[{"id":"r2","method":"call_office","device":"token"},
            {"id":"r3","method":"authenticator_push","device":"token"},{"id":"r7","method":"email"}]}"#,
        r#"{"now":"2026-06-01T12:01:00Z","telephony":true,"number_at_risk":false,"reset_started":"2026-06-01T11:55:00Z",
            "proofs":[{"by":{"registration":"r3"},"at":"2026-06-01T12:00:01Z"}]}"#,
        r#""finish_reset""#,
    ));
}

#[test]
fn nobody_is_asked_for_a_proof_that_cannot_be_given_here() {
    remedies_hold(&case(
        r#"
        methods.call_office = { enabled = true, purposes = ["password_reset", "manage_security_info"] }
        methods.email = { enabled = true, purposes = ["password_reset"] }
        methods.security_questions = { enabled = true, purposes = ["password_reset"] }
        reset.enabled = true
        "#,
        r#"{"registrations":[{"id":"r0","method":"call_office"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z","telephony":false,"number_at_risk":false}"#,
        r#""start_reset""#,
    ));
}

#[test]
fn no_factor_is_taken_away_where_another_will_do() {
    let case = case(
        r#"methods.authenticator_push = { enabled = false, purposes = ["manage_security_info"] }"#,
        r#"{"registrations":[
            {"id":"r0","method":"authenticator_push"},
            {"id":"r1","method":"authenticator_code"},
            {"id":"r2","method":"authenticator_push","state":"pending"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z","proofs":[
            {"by":{"registration":"r0"},"at":"2026-05-31T11:00:00Z"},
            {"by":{"registration":"r1"},"at":"2026-05-31T11:00:00Z"},
            {"by":{"registration":"r2"},"at":"2026-05-31T11:00:00Z"},
            {"by":"password","at":"2026-05-31T11:00:00Z"}]}"#,
        r#"{"confirm":{"registration":"r2"}}"#,
    );
    remedies_hold(&case);
}

#[test]
fn who_may_not_use_the_strongest_factor_any_more_does_not_manage_with_a_weaker_one() {
    let mut case = case(
        r#"
        methods.other_authenticator = { enabled = true, purposes = ["manage_security_info"] }
        methods.phone_sign_in = { enabled = true, purposes = ["manage_security_info"] }
        requirements = [{ purpose = "manage_security_info", strength = "passwordless" }]
        "#,
        r#"{"registrations":[{"id":"r0","method":"other_authenticator"},{"id":"r1","method":"phone_sign_in"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z"}"#,
        r#"{"use":{"registration":"r0","purpose":"manage_security_info"}}"#,
    );
    let group = Group::new("finance").unwrap();
    case.subject = case.subject.clone().in_group(group.clone());
    drafts::excluding_a_group_adds_no_ability(&case, &Method::PhoneSignIn, &group);
}

#[test]
fn of_what_could_be_removed_that_is_named_which_needs_nothing_more() {
    remedies_hold(&case(
        r#"
        methods.temporary_pass = { enabled = true, purposes = ["manage_security_info"] }
        pools.authenticators = { methods = ["recovery_codes"], max = 2 }
        "#,
        r#"{"registrations":[
            {"id":"r0","method":"recovery_codes","state":"disabled","codes_left":0},
            {"id":"r2","method":"recovery_codes","state":"disabled","codes_left":1},
            {"id":"r4","method":"email"}]}"#,
        r#"{"now":"2026-06-01T11:45:00Z","proofs":[{"by":"password","at":"2026-05-31T11:00:00Z"}]}"#,
        r#"{"replace":{"registration":"r4","method":"recovery_codes"}}"#,
    ));
}

#[test]
fn a_pass_is_on_no_device_also_when_an_administrator_issues_it_for_the_person() {
    remedies_hold(&case(
        r#"
        methods.temporary_pass = { enabled = true, purposes = [] }
        pools.authenticators = { methods = ["security_key", "temporary_pass"], max = 1 }
        "#,
        r#"{"registrations":[{"id":"r0","method":"security_key","device":"token"}]}"#,
        r#"{"now":"2026-05-31T11:00:00Z","webauthn":true}"#,
        r#"{"add":{"method":"temporary_pass","device":"token"}}"#,
    ));
}

#[test]
fn what_makes_itself_the_default_frees_the_default_before_it() {
    remedies_hold(&case(
        r#"
        methods.authenticator_code = { enabled = true, purposes = ["two_step"], default = true, makes_default = true }
        methods."external:badge" = { enabled = true, purposes = ["two_step", "manage_security_info"] }
        requirements = [{ purpose = "two_step" }]
        default_method.keep = ["external:badge"]
        "#,
        r#"{"registrations":[{"id":"r0","method":"other_authenticator"},{"id":"r1","method":"external:badge"}],"default":"r1"}"#,
        r#"{"now":"2026-05-31T11:00:00Z"}"#,
        r#"{"remove":{"registration":"r1"}}"#,
    ));
}
