//! Laws of merging, and one pair of opinions for each rule.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::account::AccountView;
use crate::action::Action;
use crate::context::Context;
use crate::draft::{RegisteredBy, RequirementDraft, Sending, Unique};
use crate::method::Strength;
use crate::name::{Group, PersonId, PoolName};
use crate::policy::Policy;
use crate::preset::Preset;
use crate::settings::{
    CampaignDraft, ChallengeDraft, FreshnessDraft, LockoutDraft, PasswordLockoutDraft,
    QuestionsDraft, ReconfirmationDraft, RememberedDevicesDraft, ResetLimitsDraft,
    TemporaryPassDraft,
};
use crate::subject::{Role, Subject};
use crate::timestamp::Timestamp;

fn a_number() -> impl Strategy<Value = Option<i64>> {
    of(-1_i64..12)
}

fn a_flag() -> impl Strategy<Value = Option<bool>> {
    of(any::<bool>())
}

fn a_method() -> impl Strategy<Value = Method> {
    let external = "external:certificate".parse().unwrap();
    let mut methods = Method::BUILT_IN.to_vec();
    methods.push(external);
    select(methods)
}

fn methods() -> impl Strategy<Value = BTreeSet<Method>> {
    btree_set(a_method(), 0..5)
}

fn groups() -> impl Strategy<Value = Option<BTreeSet<Group>>> {
    of(btree_set(
        select(vec!["staff", "guests", "it"]).prop_map(|name| Group::new(name).unwrap()),
        0..3,
    ))
}

fn a_strength() -> impl Strategy<Value = Option<Strength>> {
    of(select(vec![
        Strength::TwoStep,
        Strength::Passwordless,
        Strength::PhishingResistant,
    ]))
}

fn a_freshness() -> impl Strategy<Value = FreshnessDraft> {
    (a_number(), a_number(), a_number(), a_number()).prop_map(
        |(add, remove, replace, administer)| FreshnessDraft {
            add,
            remove,
            replace,
            administer,
            ..FreshnessDraft::default()
        },
    )
}

fn a_rule() -> impl Strategy<Value = MethodDraft> {
    let who = (a_flag(), groups(), groups(), a_strength());
    let needs = (
        of(btree_set(select(Purpose::ALL.to_vec()), 0..6)),
        of(methods()),
        of(methods()),
        of(select(vec![
            RegisteredBy::SelfService,
            RegisteredBy::Administrator,
        ])),
        of(select(vec![Unique::Account, Unique::Organisation])),
    );
    let default = (
        a_flag(),
        a_flag(),
        of(select(vec![Sending::Automatic, Sending::AskFirst])),
        a_flag(),
        of((0_i64..5).prop_map(Timestamp::from_unix_seconds)),
        a_freshness(),
    );
    (who, needs, default).prop_map(
        |(
            (enabled, include, exclude, strength),
            (purposes, needs, needs_enabled, registration, unique),
            (default, makes_default, sending, restricted, sunset, freshness),
        )| MethodDraft {
            enabled,
            include,
            exclude,
            purposes,
            strength,
            registration,
            needs,
            needs_enabled,
            unique,
            default,
            makes_default,
            sending,
            restricted,
            sunset,
            freshness,
        },
    )
}

fn a_reset() -> impl Strategy<Value = ResetDraft> {
    let general = (a_flag(), groups(), groups(), a_number());
    let special = (
        of(methods()),
        of(btree_set(methods(), 0..3)),
        a_flag(),
        a_number(),
        of(methods()),
    );
    (general, special).prop_map(
        |(
            (enabled, include, exclude, gates),
            (one_gate_without, counts_once, authenticator_needs_others, own_gates, without),
        )| ResetDraft {
            enabled,
            include,
            exclude,
            gates,
            one_gate_without,
            counts_once,
            authenticator_needs_others,
            administrators: AdministratorResetDraft {
                gates: own_gates,
                without,
            },
        },
    )
}

fn a_requirement() -> impl Strategy<Value = RequirementDraft> {
    (
        select(Purpose::ALL.to_vec()),
        a_strength(),
        of(select(vec![Role::User, Role::Administrator])),
        groups(),
        groups(),
    )
        .prop_map(
            |(purpose, strength, role, include, exclude)| RequirementDraft {
                purpose,
                strength,
                role,
                include,
                exclude,
            },
        )
}

/// One field at least of each section: the rule of each field stands in the table of the sections.
fn sections() -> impl Strategy<Value = PolicyDraft> {
    let texts = of(btree_set(
        select(vec!["mother?", "pet?"]).prop_map(str::to_owned),
        0..3,
    ));
    let numbers = vec(a_number(), 12);
    let flags = vec(a_flag(), 4);
    (numbers, flags, texts).prop_map(|(number, flag, own)| PolicyDraft {
        reset_limits: ResetLimitsDraft {
            session_minutes: number[0],
            locked_hours: number[1],
            ..ResetLimitsDraft::default()
        },
        questions: QuestionsDraft {
            register: number[2],
            own,
            ..QuestionsDraft::default()
        },
        lockout: LockoutDraft {
            free_failures: number[3],
            rolling_days: number[4],
            ..LockoutDraft::default()
        },
        password_lockout: PasswordLockoutDraft {
            failures: number[5],
            ..PasswordLockoutDraft::default()
        },
        challenge: ChallengeDraft {
            minutes: number[6],
            number_matching: flag[0],
            ..ChallengeDraft::default()
        },
        temporary_pass: TemporaryPassDraft {
            characters: number[7],
            one_time: flag[1],
            ..TemporaryPassDraft::default()
        },
        remembered_devices: RememberedDevicesDraft {
            enabled: flag[2],
            days: number[8],
        },
        reconfirmation: ReconfirmationDraft { days: number[9] },
        campaign: CampaignDraft {
            enabled: flag[3],
            snooze_days: number[10],
            ..CampaignDraft::default()
        },
        ..PolicyDraft::empty()
    })
}

fn a_draft() -> impl Strategy<Value = PolicyDraft> {
    let rules = btree_map(a_method(), a_rule(), 0..6);
    let pool = (methods(), -1_i64..9).prop_map(|(methods, max)| PoolDraft { methods, max });
    let name = select(vec!["apps", "phones"]).prop_map(|name| PoolName::new(name).unwrap());
    // Mostly one ranking and one campaign, so that most drafts agree.
    let ranking = prop_oneof![
        4 => Just(None),
        4 => Just(Some(vec![Method::SecurityKey, Method::Text])),
        1 => Just(Some(vec![Method::Text, Method::SecurityKey])),
    ];
    let campaign = prop_oneof![
        4 => Just(None),
        4 => Just(Some(Method::SecurityKey)),
        1 => Just(Some(Method::AuthenticatorPush)),
    ];
    let of_the_whole = (
        of(select(vec!["base", "region", "region + base"]).prop_map(str::to_owned)),
        ranking,
        campaign,
        of(methods()),
        of(methods()),
    );
    (
        of_the_whole,
        rules,
        btree_map(name, pool, 0..3),
        btree_set(a_requirement(), 0..3),
        a_freshness(),
        a_reset(),
        sections(),
    )
        .prop_map(
            |(
                (name, ranking, campaign, keep, backup),
                methods,
                pools,
                requirements,
                freshness,
                reset,
                sections,
            )| PolicyDraft {
                name,
                ranking,
                methods,
                pools,
                requirements,
                default_method: DefaultMethodDraft { keep },
                proposals: ProposalsDraft { backup, campaign },
                freshness,
                reset,
                ..sections
            },
        )
}

/// A preset with some rules narrowed, that says something about every method.
fn a_whole_policy() -> impl Strategy<Value = PolicyDraft> {
    let edit = (
        select(Method::BUILT_IN.to_vec()),
        any::<bool>(),
        groups(),
        groups(),
        btree_set(select(Purpose::ALL.to_vec()), 0..6),
        of((0_i64..5).prop_map(Timestamp::from_unix_seconds)),
    );
    (vec(edit, 0..8), btree_set(a_requirement(), 0..3)).prop_map(|(edits, requirements)| {
        let mut draft = Preset::Entra.draft();
        for (method, enabled, include, exclude, purposes, sunset) in edits {
            let possible = method.possible_purposes();
            let rule = draft.methods.get_mut(&method).unwrap();
            rule.enabled = Some(enabled);
            rule.include = include;
            rule.exclude = exclude;
            rule.purposes = Some(
                purposes
                    .into_iter()
                    .filter(|&purpose| possible.contains(purpose))
                    .collect(),
            );
            rule.sunset = sunset;
            settle(rule);
        }
        draft.requirements = requirements
            .into_iter()
            .map(|requirement| RequirementDraft {
                purpose: Purpose::TwoStep,
                ..requirement
            })
            .collect();
        draft
    })
}

proptest! {
    #[test]
    fn merging_never_allows_what_one_of_them_denies(
        a in a_whole_policy(),
        b in a_whole_policy(),
        in_groups in groups(),
        administrator in any::<bool>(),
    ) {
        let merged = merge([&a, &b]).unwrap().validate().unwrap();
        let (a, b) = (a.validate().unwrap(), b.validate().unwrap());
        let mut subject = Subject::new(PersonId::new("person").unwrap());
        if administrator {
            subject = subject.administrator();
        }
        for group in in_groups.into_iter().flatten() {
            subject = subject.in_group(group);
        }
        let context = Context::anywhere(Timestamp::from_unix_seconds(3));
        for method in Method::BUILT_IN {
            for purpose in Purpose::ALL {
                let action = Action::Accept { method: method.clone(), purpose };
                let allows = |policy: &Policy| {
                    policy.allows(&subject, &AccountView::default(), &action, &context)
                };
                prop_assert!(!allows(&merged) || (allows(&a) && allows(&b)), "{method} for {purpose}");
            }
        }
    }

    #[test]
    fn the_order_of_policies_does_not_matter(a in a_draft(), b in a_draft(), c in a_draft()) {
        let merged = merge([&a, &b, &c]);
        prop_assert_eq!(&merged, &merge([&c, &a, &b]));
        prop_assert_eq!(&merged, &merge([&b, &a, &c]));
    }

    #[test]
    fn it_does_not_matter_which_are_merged_first(a in a_draft(), b in a_draft(), c in a_draft()) {
        if let Ok(whole) = merge([&a, &b, &c]) {
            let first_two = merge([&a, &b]).unwrap();
            let last_two = merge([&b, &c]).unwrap();
            prop_assert_eq!(&whole, &merge([&first_two, &c]).unwrap());
            prop_assert_eq!(&whole, &merge([&a, &last_two]).unwrap());
        }
    }

    #[test]
    fn a_policy_merged_with_itself_is_itself(a in a_draft()) {
        let once = merge([&a]).unwrap();
        prop_assert_eq!(&once, &merge([&a, &a]).unwrap());
        prop_assert_eq!(&once, &merge([&once, &a]).unwrap());
        prop_assert_eq!(&once, &merge([&once, &PolicyDraft::empty()]).unwrap());
    }
}

#[test]
fn a_preset_merged_alone_is_unchanged() {
    for preset in Preset::ALL {
        assert_eq!(merge([&preset.draft()]), Ok(preset.draft()));
    }
    assert_eq!(
        merge(std::iter::empty::<PolicyDraft>()),
        Ok(PolicyDraft::empty())
    );
}

/// One pair of opinions for each row of the table in the documentation, with what comes of it.
#[test]
fn the_stricter_opinion_wins_field_by_field() {
    let a = PolicyDraft::from_toml(
        r#"
        schema = 1
        name = "base"
        [methods.text]
        enabled = true
        include = ["staff", "guests"]
        exclude = ["interns"]
        purposes = ["two_step", "password_reset"]
        strength = "two_step"
        registration = "self_service"
        needs = ["email", "authenticator_code"]
        needs_enabled = ["email"]
        unique = "account"
        default = true
        makes_default = false
        sending = "automatic"
        restricted = false
        sunset = "2028-01-01"
        freshness.add = 20
        [methods.email]
        enabled = true
        [pools.phones]
        methods = ["text"]
        max = 3
        [[requirements]]
        purpose = "two_step"
        [default_method]
        keep = ["text"]
        [proposals]
        backup = ["text"]
        [freshness]
        remove = 5
        [reset]
        enabled = true
        gates = 1
        one_gate_without = ["text"]
        counts_once = [["text", "call_mobile"]]
        authenticator_needs_others = false
        administrators.gates = 3
        administrators.without = ["text"]
        [lockout]
        free_failures = 5
        first_delay_seconds = 30
        [reconfirmation]
        days = 0
        [questions]
        own = ["First pet?"]
        "#,
    )
    .unwrap();
    let b = PolicyDraft::from_toml(
        r#"
        schema = 1
        name = "region"
        ranking = ["text"]
        [methods.text]
        enabled = false
        include = ["staff"]
        exclude = ["visitors"]
        purposes = ["two_step", "step_up"]
        strength = "phishing_resistant"
        registration = "administrator"
        needs = ["email"]
        needs_enabled = ["call_mobile"]
        unique = "organisation"
        default = true
        makes_default = true
        sending = "ask_first"
        restricted = true
        sunset = "2027-02-01"
        freshness.add = 10
        [pools.phones]
        methods = ["call_mobile"]
        max = 2
        [[requirements]]
        purpose = "step_up"
        [default_method]
        keep = ["call_mobile"]
        [proposals]
        backup = ["email"]
        [freshness]
        remove = 10
        [reset]
        enabled = false
        gates = 2
        one_gate_without = ["email"]
        counts_once = [["email", "text"]]
        authenticator_needs_others = true
        administrators.gates = 2
        administrators.without = ["email"]
        [lockout]
        free_failures = 3
        first_delay_seconds = 60
        [reconfirmation]
        days = 180
        [questions]
        own = ["First car?"]
        "#,
    )
    .unwrap();
    let merged = PolicyDraft::from_toml(
        r#"
        schema = 1
        name = "base + region"
        ranking = ["text"]
        [methods.text]
        enabled = false
        include = ["staff"]
        exclude = ["interns", "visitors"]
        purposes = ["two_step"]
        strength = "two_step"
        registration = "administrator"
        needs = ["email"]
        needs_enabled = ["call_mobile", "email"]
        unique = "organisation"
        default = true
        makes_default = true
        sending = "ask_first"
        restricted = true
        sunset = "2027-02-01"
        freshness.add = 10
        [methods.email]
        enabled = true
        [pools.phones]
        methods = ["text", "call_mobile"]
        max = 2
        [[requirements]]
        purpose = "two_step"
        [[requirements]]
        purpose = "step_up"
        [default_method]
        keep = ["text", "call_mobile"]
        [proposals]
        backup = ["text", "email"]
        [freshness]
        remove = 5
        [reset]
        enabled = false
        gates = 2
        one_gate_without = ["text", "email"]
        counts_once = [["text", "call_mobile"], ["email", "text"]]
        authenticator_needs_others = true
        administrators.gates = 3
        administrators.without = ["text", "email"]
        [lockout]
        free_failures = 3
        first_delay_seconds = 60
        [reconfirmation]
        days = 180
        [questions]
        own = ["First car?", "First pet?"]
        "#,
    )
    .unwrap();
    assert_eq!(merge([&a, &b]), Ok(merged));
}

#[test]
fn a_method_kept_from_two_step_verification_is_no_default() {
    let mut only_reset = PolicyDraft::empty();
    only_reset.methods.insert(
        Method::AuthenticatorPush,
        MethodDraft {
            purposes: Some(BTreeSet::from([Purpose::PasswordReset])),
            ..MethodDraft::default()
        },
    );
    let merged = merge([&Preset::SecurityInfo.draft(), &only_reset]).unwrap();
    let push = &merged.methods[&Method::AuthenticatorPush];
    assert_eq!(
        (push.default, push.makes_default),
        (Some(false), Some(false))
    );
    assert!(merged.validate().is_ok());
}

#[test]
fn every_conflict_is_named() {
    let mut other = Preset::Nist.draft();
    other.schema = 2;
    let conflicts = merge([&Preset::Entra.draft(), &other]).unwrap_err();
    let paths: Vec<_> = conflicts.as_slice().iter().map(Conflict::path).collect();
    assert_eq!(paths, ["schema", "ranking", "proposals.campaign"]);
    let last = conflicts.as_slice().last().unwrap();
    assert_eq!(
        last.to_string(),
        "proposals.campaign: the policies differ, and none is stricter: `authenticator_push`, `security_key`"
    );
}
