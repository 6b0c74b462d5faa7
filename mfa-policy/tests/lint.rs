//! Every finding has a policy that shows it, and goes away when its fix is applied.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod patch;

use std::collections::BTreeSet;

use mfa_policy::{
    Concern, Lint, Method, PolicyDraft, Preset, Purpose, Role, Strength, Timestamp, Who,
};
use patch::patched;

/// Nothing is found in the `nist` preset; what is found is due to the patch.
const NIST: &str = "";

/// A small policy with two methods, in which a push and a mail make a reset.
const SMALL: &str = r#"
schema = 1
ranking = ["authenticator_push"]
[methods.authenticator_push]
enabled = true
purposes = ["two_step", "password_reset", "manage_security_info"]
default = true
[methods.email]
enabled = true
purposes = ["password_reset"]
[reset]
enabled = true
[reset.administrators]
without = []
"#;

/// A policy in which only telephones are on.
const TELEPHONES: &str = r#"
schema = 1
ranking = ["text"]
[methods.text]
enabled = true
purposes = ["two_step", "manage_security_info"]
restricted = true
"#;

/// What shows a finding, and what mends it. A field that is `"absent"` is taken away.
struct Show {
    code: &'static str,
    base: &'static str,
    broken: &'static str,
    fix: &'static str,
}

const fn show(
    code: &'static str,
    base: &'static str,
    broken: &'static str,
    fix: &'static str,
) -> Show {
    Show {
        code,
        base,
        broken,
        fix,
    }
}

const PUSH_TOO: &str = r#"methods.authenticator_push = { enabled = true, purposes = ["two_step", "manage_security_info"] }"#;
const PASS_TOO: &str =
    r#"methods.temporary_pass = { enabled = true, purposes = ["manage_security_info"] }"#;
const CERTIFICATES: &str = r#"methods."external:certificate".enabled = true"#;

const SHOWS: &[Show] = &[
    show(
        "no_administrator",
        NIST,
        "methods.security_key.enabled = false",
        CERTIFICATES,
    ),
    show(
        "required_unreachable",
        NIST,
        r#"methods.security_key.purposes = ["two_step", "manage_security_info"]
           requirements = [{ purpose = "two_step" }, { purpose = "step_up", strength = "phishing_resistant", include = ["vault"] }]"#,
        CERTIFICATES,
    ),
    show(
        "required_unreachable",
        NIST,
        r#"requirements = [{ purpose = "two_step" }, { purpose = "password_reset" }]
           reset.exclude = ["guests"]"#,
        r#"reset.exclude = "absent""#,
    ),
    show(
        "cannot_manage",
        SMALL,
        r#"methods.authenticator_push.purposes = ["two_step", "password_reset"]"#,
        r#"methods.authenticator_push.purposes = ["two_step", "manage_security_info"]"#,
    ),
    show(
        "too_few_reset_methods",
        SMALL,
        "reset.gates = 3",
        "reset.gates = 2",
    ),
    show(
        "too_few_reset_methods",
        SMALL,
        r#"reset.gates = 1
           reset.one_gate_without = ["authenticator_push", "email"]
           reset.administrators.gates = 1"#,
        r#"reset.one_gate_without = ["email"]"#,
    ),
    show(
        "too_few_reset_methods",
        SMALL,
        r#"reset.administrators.without = ["email"]"#,
        "reset.administrators.without = []",
    ),
    show(
        "too_few_reset_methods",
        SMALL,
        r#"reset.counts_once = [["authenticator_push", "email"]]"#,
        "reset.counts_once = []",
    ),
    show(
        "too_few_reset_methods",
        SMALL,
        r#"pools.any = { methods = ["authenticator_push", "email"], max = 1 }"#,
        "pools.any.max = 2",
    ),
    show(
        "too_few_reset_methods",
        SMALL,
        r#"methods.authenticator_code = { enabled = true, purposes = ["password_reset"] }
           methods.email.enabled = false"#,
        "methods.email.enabled = true",
    ),
    show(
        "pool_too_small",
        NIST,
        r#"pools.mobile_number = { methods = ["text", "call_mobile", "call_alternate"], max = 1 }"#,
        "pools.mobile_number.max = 2",
    ),
    show(
        "sunset_leaves_nothing",
        SMALL,
        r#"methods.authenticator_push.sunset = "2027-02-01""#,
        r#"methods.hardware_token = { enabled = true, purposes = ["two_step", "password_reset", "manage_security_info"] }"#,
    ),
    show(
        "sunset_leaves_no_default",
        SMALL,
        r#"methods.authenticator_push.sunset = "2027-02-01"
           methods.security_key = { enabled = true, purposes = ["two_step", "manage_security_info"] }"#,
        r#"methods.hardware_token = { enabled = true, purposes = ["two_step"], default = true }"#,
    ),
    show(
        "no_help",
        SMALL,
        r#"requirements = [{ purpose = "two_step" }]"#,
        PASS_TOO,
    ),
    show(
        "reset_weaker_than_sign_in",
        NIST,
        "reset.administrators.without = []",
        r#"reset.administrators.without = ["email"]"#,
    ),
    show(
        "reset_weaker_than_sign_in",
        NIST,
        r#"requirements = [{ purpose = "two_step", strength = "phishing_resistant" }]
           reset.administrators.gates = 1
           reset.gates = 1
           reset.one_gate_without = ["email", "text", "call_mobile", "call_office", "call_alternate"]"#,
        r#"reset.gates = 2
           reset.administrators.without = ["email"]
           methods.email.enabled = false"#,
    ),
    show(
        "weak_single_gate",
        NIST,
        "reset.gates = 1",
        r#"reset.one_gate_without = ["email", "text", "call_mobile", "call_office", "call_alternate"]"#,
    ),
    show(
        "single_factor_sign_in",
        NIST,
        r#"methods.text.purposes = ["two_step", "first_factor"]"#,
        r#"methods.text.purposes = ["two_step"]"#,
    ),
    show("telephone_only", TELEPHONES, "", PUSH_TOO),
    show(
        "no_phishing_resistant",
        NIST,
        r#"methods.security_key.exclude = ["interns"]"#,
        CERTIFICATES,
    ),
    show(
        "two_step_not_required",
        NIST,
        "requirements = []",
        r#"requirements = [{ purpose = "two_step" }]"#,
    ),
    show(
        "two_step_not_required",
        NIST,
        r#"requirements = [{ purpose = "two_step", role = "user" }]"#,
        r#"requirements = [{ purpose = "two_step" }]"#,
    ),
    show(
        "administrators_need_less",
        NIST,
        r#"requirements = [{ purpose = "two_step" }, { purpose = "step_up", role = "user" }]"#,
        r#"requirements = [{ purpose = "two_step" }, { purpose = "step_up" }]"#,
    ),
    show(
        "app_passwords_skip_two_step",
        NIST,
        r#"methods.app_password = { enabled = true, purposes = ["legacy_clients"], exclude = ["administrators"] }
           requirements = [{ purpose = "two_step", exclude = ["administrators"] }]"#,
        r#"methods.app_password.include = ["printers"]"#,
    ),
    show(
        "app_passwords_skip_two_step",
        NIST,
        r#"methods.app_password = { enabled = true, purposes = ["legacy_clients"], include = ["printers"] }"#,
        r#"requirements = [{ purpose = "two_step" }]"#,
    ),
    show(
        "remembered_too_long",
        NIST,
        "remembered_devices = { enabled = true, days = 31 }",
        "remembered_devices.days = 30",
    ),
    show(
        "remembered_skips_strength",
        NIST,
        "remembered_devices = { enabled = true, days = 1 }",
        "remembered_devices.enabled = false",
    ),
    show(
        "number_take_over_unwatched",
        NIST,
        "methods.text.restricted = false",
        "methods.text.restricted = true",
    ),
    show(
        "weaker_ranked_first",
        SMALL,
        r#"methods.security_key = { enabled = true, purposes = ["two_step"] }
           ranking = ["authenticator_push", "security_key"]"#,
        r#"ranking = ["security_key", "authenticator_push"]"#,
    ),
    show(
        "method_for_nobody",
        NIST,
        r#"methods.text.include = ["staff"]
           methods.text.exclude = ["staff", "guests"]"#,
        r#"methods.text.exclude = ["guests"]"#,
    ),
    show(
        "method_retired",
        NIST,
        r#"methods.call_office.sunset = "2026-11-22""#,
        r#"methods.call_office.sunset = "2026-11-22T00:00:01Z""#,
    ),
    show(
        "method_needs_unavailable",
        NIST,
        "methods.authenticator_code.enabled = false",
        "methods.authenticator_code.enabled = true",
    ),
    show(
        "method_needs_unavailable",
        NIST,
        r#"methods.text.include = ["staff"]
           methods.authenticator_code.exclude = ["staff"]"#,
        r#"methods.text.include = ["staff", "guests"]"#,
    ),
    show(
        "method_needs_unreachable",
        NIST,
        r#"methods.call_office.needs = ["external:certificate"]"#,
        CERTIFICATES,
    ),
    show(
        "method_needs_unreachable",
        NIST,
        r#"methods.text.needs = ["call_mobile"]
           methods.call_mobile.needs = ["text"]"#,
        r#"methods.call_mobile.needs = ["security_key"]"#,
    ),
    show(
        "method_without_use",
        NIST,
        "reset.enabled = false",
        "methods.email.enabled = false",
    ),
    show(
        "method_without_use",
        NIST,
        r#"reset.gates = 1
           reset.one_gate_without = ["email"]
           reset.administrators.gates = 1"#,
        "reset.gates = 2
         reset.administrators.without = []",
    ),
    show(
        "methods_too_weak",
        NIST,
        r#"requirements = [{ purpose = "step_up", strength = "passwordless" }]"#,
        r#"requirements = [{ purpose = "step_up", strength = "passwordless", exclude = ["guests"] }]"#,
    ),
    show(
        "requirement_for_nobody",
        NIST,
        r#"requirements = [{ purpose = "two_step" }, { purpose = "step_up", include = ["staff"], exclude = ["staff"] }]"#,
        r#"requirements = [{ purpose = "two_step" }, { purpose = "step_up", include = ["staff"] }]"#,
    ),
    show(
        "reset_for_nobody",
        NIST,
        r#"reset.include = ["staff"]
           reset.exclude = ["staff"]"#,
        r#"reset.include = ["staff", "guests"]"#,
    ),
    show(
        "campaign_without_method",
        NIST,
        r#"campaign.enabled = true
           proposals.campaign = "external:certificate""#,
        CERTIFICATES,
    ),
    show(
        "backup_without_method",
        NIST,
        r#"proposals.backup = ["external:certificate"]"#,
        r#"proposals.backup = ["external:certificate", "hardware_token"]"#,
    ),
];

#[test]
fn every_finding_is_shown_and_its_fix_mends_it() {
    for Show {
        code,
        base,
        broken,
        fix,
    } in SHOWS
    {
        let broken_draft = patched(&base_of(base), broken);
        let found = codes(&broken_draft);
        assert!(
            found.contains(code),
            "`{code}` is not among {found:?} of\n{broken}"
        );
        let left = codes(&patched(&broken_draft, fix));
        assert!(
            !left.contains(code),
            "`{code}` is still there after\n{broken}\nand\n{fix}"
        );
    }
}

#[test]
fn nothing_is_found_before_the_policy_is_broken() {
    for Show {
        code, base, broken, ..
    } in SHOWS.iter().filter(|show| !show.broken.is_empty())
    {
        assert!(
            !codes(&base_of(base)).contains(code),
            "`{code}` is not due to\n{broken}"
        );
    }
}

#[test]
fn every_code_is_shown() {
    let shown: BTreeSet<&str> = SHOWS.iter().map(|show| show.code).collect();
    // The catalogue of codes is what the source says; a new one is noticed here.
    let source = include_str!("../src/lint/mod.rs");
    let code = source
        .split_once("pub const fn code")
        .unwrap()
        .1
        .split_once("pub const fn concern")
        .unwrap()
        .0;
    let codes: BTreeSet<&str> = code.split('"').skip(1).step_by(2).collect();
    assert_eq!(shown, codes);
}

#[test]
fn the_presets_have_few_findings_and_these() {
    let found = |preset: Preset| codes(&preset.draft());
    assert_eq!(found(Preset::Nist), [""; 0]);
    assert_eq!(
        found(Preset::SecurityInfo),
        ["app_passwords_skip_two_step", "number_take_over_unwatched"]
    );
    for entra in [Preset::Entra, Preset::Entra2025, Preset::EntraLegacy] {
        let expected = [
            "single_factor_sign_in",
            "app_passwords_skip_two_step",
            "number_take_over_unwatched",
        ];
        assert_eq!(found(entra), expected, "{entra}");
    }
}

#[test]
fn a_finding_carries_whom_it_concerns_and_the_values() {
    let staff = || BTreeSet::from([mfa_policy::Group::new("vault").unwrap()]);
    let unreachable = &SHOWS[1];
    let found = lints(&patched(&base_of(unreachable.base), unreachable.broken));
    assert_eq!(
        found.first(),
        Some(&Lint::RequiredUnreachable {
            purpose: Purpose::StepUp,
            strength: Some(Strength::PhishingResistant),
            who: Who::Some {
                role: Role::User,
                groups: staff()
            },
        })
    );

    let draft = patched(&base_of(NIST), "reset.administrators.without = []");
    assert_eq!(
        lints(&draft),
        [Lint::ResetWeakerThanSignIn {
            needs: Strength::PhishingResistant,
            gates: 2,
            methods: vec![Method::Text, Method::Email],
            who: Who::Administrators,
        }]
    );
}

#[test]
fn the_gravest_come_first_and_each_once() {
    for Show { base, broken, .. } in SHOWS {
        let found = lints(&patched(&base_of(base), broken));
        assert!(found.is_sorted_by_key(Lint::concern));
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
    }
    let all: BTreeSet<Concern> = SHOWS
        .iter()
        .flat_map(|s| lints(&patched(&base_of(s.base), s.broken)))
        .map(|l| l.concern())
        .collect();
    assert_eq!(all.len(), 3);
}

#[test]
fn what_is_written_down_has_the_code_and_a_path_that_the_policy_knows() {
    for Show { base, broken, .. } in SHOWS {
        let draft = patched(&base_of(base), broken);
        for lint in lints(&draft) {
            let json = serde_json::to_value(&lint).unwrap();
            assert_eq!(json["code"], lint.code());
            let section = lint.path();
            let section = section.split('.').next().unwrap();
            let known = [
                "methods",
                "requirements",
                "reset",
                "pools",
                "remembered_devices",
                "ranking",
                "proposals",
            ];
            assert!(known.contains(&section), "{section}");
        }
    }
}

fn base_of(base: &str) -> PolicyDraft {
    if base.is_empty() {
        Preset::Nist.draft()
    } else {
        PolicyDraft::from_toml(base).unwrap()
    }
}

fn lints(draft: &PolicyDraft) -> Vec<Lint> {
    let now: Timestamp = "2026-11-22".parse().unwrap();
    draft.validate().unwrap().lint(now)
}

fn codes(draft: &PolicyDraft) -> Vec<&'static str> {
    lints(draft).iter().map(Lint::code).collect()
}
