//! Which changes of a policy are shown to be stricter, which to be looser, and which neither.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod patch;

use mfa_policy::{Direction, Preset, Strictness, at_least_as_strict};
use patch::patched;

/// Changes of `security-info` that can only take something away.
const STRICTER: &[&str] = &[
    "methods.text.enabled = false",
    "methods.authenticator_push.enabled = false",
    "methods.security_key.enabled = false",
    r#"methods.text.include = ["staff"]"#,
    r#"methods.text.exclude = ["guests"]"#,
    r#"methods.text.purposes = ["two_step", "manage_security_info"]"#,
    r#"methods.text.sunset = "2027-02-01""#,
    r#"methods.email.needs = ["text"]"#,
    r#"methods.security_key.needs = ["text"]"#,
    r#"methods.text.registration = "administrator""#,
    r#"methods.text.unique = "organisation""#,
    "methods.text.default = false",
    "methods.text.restricted = true",
    r#"methods.security_key.strength = "two_step""#,
    "methods.security_key.freshness.add = 1",
    "methods.text.freshness.administer = 1",
    "freshness.rename = 10",
    "freshness.remove = 1",
    "pools.authenticators.max = 2",
    r#"pools.more = { methods = ["text", "email"], max = 1 }"#,
    r#"requirements = [{ purpose = "two_step" }, { purpose = "step_up", strength = "passwordless" }]"#,
    r#"requirements = [{ purpose = "two_step", strength = "phishing_resistant" }]"#,
    r#"requirements = [{ purpose = "two_step" }, { purpose = "manage_security_info", strength = "phishing_resistant" }]"#,
    r#"default_method.keep = ["text"]"#,
    "reset.enabled = false",
    r#"reset.exclude = ["guests"]"#,
    r#"reset.include = ["guests"]"#,
    "reset.gates = 3",
    "reset.administrators.gates = 4",
    r#"reset.administrators.without = ["security_questions", "text"]"#,
    r#"reset.counts_once = [["text", "email"]]"#,
    "reset_limits.session_minutes = 5",
    "lockout.rolling_failures = 100",
    "challenge.code_digits = 8",
    "questions.reset = 4",
];

/// What no answer depends on in either direction: neither is stricter.
const NEITHER: &[&str] = &[
    r#"name = "another""#,
    r#"ranking = ["text"]"#,
    r#"methods.text.sending = "ask_first""#,
    "methods.authenticator_push.makes_default = false",
    r#"proposals.campaign = "security_key""#,
    // Off, so nobody is issued one.
    "temporary_pass.most_minutes = 500",
    "remembered_devices.days = 300",
    r#"reset.one_gate_without = ["text"]"#,
    // It is there for everybody anyway.
    r#"methods.text.needs_enabled = ["call_mobile"]"#,
];

/// Changes that take something away, and have another side.
const LOOSER: &[(&str, &str, &str)] = &[
    // One gate did not take text messages; three do.
    (
        r#"reset.gates = 1
           reset.one_gate_without = ["text"]"#,
        r#"reset.gates = 3"#,
        "use text for password_reset",
    ),
    // The key was held and had to be the proof; now that it is not for managing, the text message is proof enough.
    (
        r#"requirements = [{ purpose = "manage_security_info", strength = "phishing_resistant" }]
           methods.security_key.needs = ["text"]"#,
        r#"methods.security_key.purposes = ["two_step"]"#,
        "add authenticator_push",
    ),
    // Who has to have two steps cannot remove the last one.
    ("", "requirements = []", "remove authenticator_push"),
    (
        r#"default_method.keep = ["text"]"#,
        "default_method.keep = []",
        "remove text",
    ),
    // A shorter pass was not on offer.
    (
        "methods.temporary_pass.enabled = true",
        "temporary_pass.least_minutes = 30",
        "issue_pass",
    ),
    ("pools.email.max = 1", "pools.email.max = 2", "add email"),
    (
        r#"methods.text.exclude = ["guests"]"#,
        "methods.text.exclude = []",
        "use text for two_step",
    ),
    (
        r#"methods.text.include = ["staff"]"#,
        r#"methods.text.include = ["staff", "guests"]"#,
        "use text for two_step",
    ),
    (
        r#"methods.text.sunset = "2027-02-01""#,
        r#"methods.text.sunset = "2027-02-02""#,
        "use text for two_step",
    ),
    (
        r#"methods.text.needs_enabled = ["email"]
        methods.email.exclude = ["guests"]"#,
        "methods.text.needs_enabled = []",
        "use text for two_step",
    ),
    (
        "methods.text.restricted = true",
        "methods.text.restricted = false",
        "use text for two_step",
    ),
];

#[test]
fn each_policy_is_as_strict_as_itself() {
    for preset in Preset::ALL {
        assert_eq!(
            at_least_as_strict(&preset.policy(), &preset.policy()),
            Strictness::AtLeastAsStrict
        );
    }
}

#[test]
fn what_takes_away_is_stricter() {
    let old = Preset::SecurityInfo.policy();
    for patch in STRICTER {
        let new = patched(&old, patch);
        assert_eq!(
            at_least_as_strict(&new, &old),
            Strictness::AtLeastAsStrict,
            "{patch}"
        );
    }
}

#[test]
fn what_takes_away_is_looser_when_it_is_given_back() {
    let old = Preset::SecurityInfo.policy();
    for patch in STRICTER {
        let new = patched(&old, patch);
        match at_least_as_strict(&old, &new) {
            Strictness::Looser(case) => {
                assert_eq!(case.direction(), Direction::Allowed);
                assert_eq!(
                    case.witness().tells_apart(&new, &old),
                    Some(Direction::Allowed),
                    "{patch}"
                );
            }
            // Numbers that only the server acts on, and where more than the small cases are needed.
            Strictness::Undecided(fields) => {
                let known = [
                    "lockout.",
                    "challenge.",
                    "questions.",
                    // No strength is required of anybody here.
                    "methods.security_key.strength",
                    "reset.administrators.gates",
                ];
                assert!(
                    known.iter().any(|known| patch.starts_with(known)),
                    "{patch}: {fields:?}"
                );
            }
            Strictness::AtLeastAsStrict => panic!("not as strict without\n{patch}"),
        }
    }
}

#[test]
fn what_no_answer_depends_on_makes_neither_stricter() {
    let old = Preset::SecurityInfo.policy();
    for patch in NEITHER {
        let new = patched(&old, patch);
        assert_eq!(
            at_least_as_strict(&new, &old),
            Strictness::AtLeastAsStrict,
            "{patch}"
        );
        assert_eq!(
            at_least_as_strict(&old, &new),
            Strictness::AtLeastAsStrict,
            "{patch}"
        );
    }
}

#[test]
fn what_has_another_side_is_shown_by_a_case() {
    for (before, patch, question) in LOOSER {
        let old = patched(&Preset::SecurityInfo.policy(), before);
        let new = patched(&old, patch);
        let Strictness::Looser(case) = at_least_as_strict(&new, &old) else {
            panic!(
                "no case is found after\n{before}\nfor\n{patch}\n{:?}",
                at_least_as_strict(&new, &old)
            );
        };
        assert_eq!(case.question().to_string(), *question, "{patch}");
        assert_eq!(
            case.witness().tells_apart(&old, &new),
            Some(Direction::Allowed)
        );
    }
}

#[test]
fn where_nothing_is_shown_the_fields_are_named() {
    let old = Preset::SecurityInfo.policy();
    let new = patched(
        &old,
        "lockout.rolling_failures = 301\nchallenge.code_minutes = 6",
    );
    let fields = vec![
        "challenge.code_minutes".to_owned(),
        "lockout.rolling_failures".to_owned(),
    ];
    assert_eq!(
        at_least_as_strict(&new, &old),
        Strictness::Undecided(fields)
    );
}

#[test]
fn a_larger_pool_is_not_known_to_be_stricter() {
    // A device that shares with one of the other methods is always let in.
    let old = patched(
        &Preset::SecurityInfo.policy(),
        r#"pools.mobile_number = { methods = ["text"], max = 1 }"#,
    );
    let new = patched(
        &old,
        r#"pools.mobile_number = { methods = ["text", "call_mobile"], max = 1 }"#,
    );
    assert_ne!(at_least_as_strict(&new, &old), Strictness::AtLeastAsStrict);
}

#[test]
fn it_is_written_down_with_the_reason() {
    let old = Preset::SecurityInfo.policy();
    let json = |patch: &str| {
        serde_json::to_value(at_least_as_strict(&patched(&old, patch), &old)).unwrap()
    };
    assert_eq!(
        json("methods.text.enabled = false")["strictness"],
        "at_least_as_strict"
    );
    assert_eq!(
        json("methods.temporary_pass.enabled = true")["because"]["question"],
        "use"
    );
    assert_eq!(json("challenge.sends = 9")["because"][0], "challenge.sends");
}
