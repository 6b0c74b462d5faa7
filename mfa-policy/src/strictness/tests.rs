//! The proof by fields, tried: nothing that it lets through is allowed by the new policy and not by the old one.

use std::collections::BTreeSet;

use proptest::{collection, prelude::*, sample::select};

use super::{Comparison, Targets};
use crate::account::{AccountView, Pass, Registration, State};
use crate::action::{Action, Administration};
use crate::context::{Context, Proven};
use crate::method::{Capability, Method};
use crate::name::{DeviceId, Group, PersonId, RegistrationId};
use crate::policy::Policy;
use crate::preset::Preset;
use crate::purpose::Purpose;
use crate::subject::{Role, Subject};
use crate::timestamp::Timestamp;

#[path = "../../tests/patch/mod.rs"]
mod patch;

const NOW: i64 = 1_800_000_000;

/// Changes of one field or a few, in all directions.
const PATCHES: &[&str] = &[
    "methods.text.enabled = false",
    "methods.text.enabled = true",
    "methods.security_key.enabled = false",
    "methods.authenticator_push.enabled = false",
    "methods.temporary_pass.enabled = true",
    r#"methods.text.include = ["staff"]"#,
    r#"methods.text.include = ["staff", "guests"]"#,
    r#"methods.text.include = "absent""#,
    r#"methods.text.exclude = ["guests"]"#,
    r#"methods.text.exclude = []"#,
    r#"methods.email.include = ["guests"]"#,
    r#"methods.security_key.exclude = ["staff"]"#,
    r#"methods.text.purposes = ["two_step", "manage_security_info"]"#,
    r#"methods.text.purposes = ["two_step", "password_reset", "first_factor"]"#,
    r#"methods.text.sunset = "2027-01-15""#,
    r#"methods.text.sunset = "2027-01-14""#,
    r#"methods.text.sunset = "absent""#,
    r#"methods.email.needs = ["text"]"#,
    r#"methods.email.needs = ["text", "call_mobile"]"#,
    r#"methods.security_key.needs = ["text"]"#,
    r#"methods.security_key.needs = "absent""#,
    r#"methods.call_alternate.needs_enabled = ["call_mobile", "text"]"#,
    r#"methods.call_alternate.needs_enabled = []"#,
    r#"methods.text.registration = "administrator""#,
    r#"methods.hardware_token.registration = "self_service""#,
    r#"methods.text.unique = "organisation""#,
    "methods.text.default = false",
    "methods.text.restricted = true",
    "methods.text.restricted = false",
    r#"methods.security_key.strength = "two_step""#,
    r#"methods.security_key.strength = "passwordless""#,
    "methods.text.freshness.add = 2",
    "methods.text.freshness.rename = 2",
    "freshness.add = 5",
    "freshness.rename = 5",
    "freshness.set_default = 5",
    "freshness.administer = 2",
    r#"freshness.add = "absent""#,
    "pools.authenticators.max = 1",
    "pools.authenticators.max = 6",
    "pools.email.max = 2",
    r#"pools.mobile_number.methods = ["text"]"#,
    r#"pools.mobile_number.methods = ["text", "call_mobile", "call_office"]"#,
    r#"pools.more = { methods = ["text", "email"], max = 1 }"#,
    "requirements = []",
    r#"requirements = [{ purpose = "two_step", strength = "passwordless" }]"#,
    r#"requirements = [{ purpose = "two_step", strength = "phishing_resistant", role = "administrator" }]"#,
    r#"requirements = [{ purpose = "manage_security_info", strength = "phishing_resistant" }]"#,
    r#"requirements = [{ purpose = "manage_security_info", strength = "passwordless", include = ["staff"] }]"#,
    "reset.enabled = false",
    r#"reset.exclude = ["guests"]"#,
    r#"reset.include = ["staff"]"#,
    "reset.gates = 1",
    "reset.gates = 3",
    "reset.administrators.gates = 1",
    "reset.administrators.gates = 3",
    r#"reset.one_gate_without = ["text", "email"]"#,
    r#"reset.one_gate_without = ["text"]"#,
    r#"reset.administrators.without = ["email"]"#,
    "reset.administrators.without = []",
    r#"reset.counts_once = [["text", "email"], ["authenticator_push", "text"]]"#,
    r#"reset.counts_once = [["text", "email", "authenticator_push"]]"#,
    r#"reset.counts_once = [["text"]]"#,
    "reset_limits.session_minutes = 5",
    "temporary_pass.least_minutes = 30",
    "temporary_pass.most_minutes = 60",
    "temporary_pass.one_time = true",
    "remembered_devices.enabled = true",
];

/// A policy and a changed one, both right.
fn policies() -> impl Strategy<Value = (Policy, Policy)> {
    let patches = |most| collection::vec(select(PATCHES), 0..=most);
    let preset = select(vec![
        Preset::SecurityInfo,
        Preset::Nist,
        Preset::EntraLegacy,
    ]);
    (preset, patches(5), patches(3)).prop_filter_map("both are right", |(preset, before, after)| {
        let apply = |draft, patches: &[&str]| {
            patches
                .iter()
                .fold(draft, |draft, patch| patch::patched(&draft, patch))
        };
        let old = apply(preset.draft(), &before);
        let new = apply(old.clone(), &after);
        Some((old.validate().ok()?, new.validate().ok()?))
    })
}

fn group(name: &str) -> Group {
    Group::new(name).unwrap()
}

fn subject() -> impl Strategy<Value = Subject> {
    let groups = proptest::sample::subsequence(vec!["staff", "guests"], 0..=2);
    (groups, any::<bool>()).prop_map(|(groups, administrator)| {
        let subject = Subject::new(PersonId::new("alice").unwrap());
        let subject = groups
            .into_iter()
            .map(group)
            .fold(subject, Subject::in_group);
        if administrator {
            subject.administrator()
        } else {
            subject
        }
    })
}

fn id(number: usize) -> RegistrationId {
    RegistrationId::new(&format!("r{number}")).unwrap()
}

fn method() -> impl Strategy<Value = Method> {
    // Those that the patches are about come up most.
    let about = [
        Method::Text,
        Method::Email,
        Method::SecurityKey,
        Method::AuthenticatorPush,
    ];
    prop_oneof![select(about.to_vec()), select(Method::BUILT_IN.to_vec())]
}

fn account() -> impl Strategy<Value = AccountView> {
    let one = (
        method(),
        select(vec![None, None, Some("phone"), Some("desk")]),
        0..6_u8,
    );
    collection::vec(one, 0..=5).prop_map(|all| {
        let registrations = all
            .into_iter()
            .enumerate()
            .map(|(number, (method, device, state))| {
                let state = if state == 0 {
                    State::Pending
                } else {
                    State::Active
                };
                let pass = Pass {
                    from: Timestamp::from_unix_seconds(0),
                    until: Timestamp::from_unix_seconds(i64::MAX),
                    one_time: false,
                    used: number.is_multiple_of(2),
                };
                let registration = Registration::new(id(number), method)
                    .in_state(state)
                    .with_codes_left(1)
                    .with_pass(pass);
                match device {
                    Some(device) => registration.on(DeviceId::new(device).unwrap()),
                    None => registration,
                }
            });
        AccountView::new(registrations).unwrap()
    })
}

fn action() -> impl Strategy<Value = Action> {
    let registration = || (0..5_usize).prop_map(id);
    let purpose = || select(Purpose::ALL.to_vec());
    let device = || select(vec![None, Some(DeviceId::new("phone").unwrap())]);
    prop_oneof![
        2 => (method(), purpose()).prop_map(|(method, purpose)| Action::Accept { method, purpose }),
        4 => (registration(), purpose()).prop_map(|(registration, purpose)| Action::Use { registration, purpose }),
        4 => (method(), device()).prop_map(|(method, device)| Action::Add { method, device }),
        1 => registration().prop_map(|registration| Action::Confirm { registration }),
        1 => registration().prop_map(|registration| Action::Rename { registration }),
        1 => registration().prop_map(|registration| Action::SetDefault { registration }),
        1 => Just(Action::StartReset),
        2 => Just(Action::FinishReset),
        1 => Just(Action::RememberDevice),
        1 => method().prop_map(|method| Action::Administer(Administration::Add { method, device: None })),
        1 => registration().prop_map(|registration| Action::Administer(Administration::Remove { registration })),
        1 => Just(Action::Administer(Administration::Unlock)),
        1 => (select(vec![None, Some(30), Some(60), Some(61), Some(480)]), any::<bool>())
            .prop_map(|(minutes, one_time)| Action::Administer(Administration::IssuePass { minutes, one_time })),
    ]
}

fn context() -> impl Strategy<Value = Context> {
    let proofs = collection::vec(
        (select(vec![None, Some(0), Some(1), Some(2)]), 0..12_i64),
        1..=3,
    );
    let fact = |good: bool| select(vec![Some(good), Some(good), Some(!good), None]);
    let start = select(vec![None, Some(0), Some(4), Some(6), Some(12)]);
    (
        proofs,
        any::<bool>(),
        fact(true),
        fact(false),
        fact(false),
        start,
    )
        .prop_map(|(proofs, by_other, telephony, at_risk, elsewhere, start)| {
            let ago = |minutes: i64| {
                Timestamp::from_unix_seconds(NOW.saturating_sub(minutes.saturating_mul(60)))
            };
            let mut context = Context::at(ago(0)).with_capability(Capability::Webauthn, true);
            if by_other {
                context = context.asked_by(PersonId::new("bob").unwrap(), Role::Administrator);
            }
            for (number, minutes) in proofs {
                let by = number.map_or(Proven::Password, |number| Proven::Registration(id(number)));
                context = context.proven(by, ago(minutes));
            }
            context.telephony = telephony;
            context.number_at_risk = at_risk;
            context.registered_elsewhere = elsewhere;
            context.reset_started = start.map(ago);
            context
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proven_stricter_allows_nothing_more(
        (old, new) in policies(),
        cases in collection::vec((subject(), account(), action(), context()), 60),
    ) {
        prop_assume!(Comparison::new(&new, &old).looser_fields().is_empty());
        for (subject, account, action, context) in &cases {
            let more = new.allows(subject, account, action, context) && !old.allows(subject, account, action, context);
            prop_assert!(!more, "{action:?}\n{subject:?}\n{account:?}\n{context:?}\n{}\n{}", old.draft().to_toml(), new.draft().to_toml());
        }
    }
}

/// Every set of these groups.
fn sets() -> Vec<BTreeSet<Group>> {
    let names = ["a", "b", "c"];
    let holds = |set: u32, place: u32| set & 1_u32.unbounded_shl(place) != 0;
    (0..8_u32)
        .map(|set| {
            names
                .into_iter()
                .zip(0..)
                .filter(|(_, place)| holds(set, *place))
                .map(|(name, _)| group(name))
                .collect()
        })
        .collect()
}

#[test]
fn targets_are_compared_exactly() {
    let sets = sets();
    let includes = || sets.iter().map(Some).chain([None]);
    let targets: Vec<Targets<'_>> = includes()
        .flat_map(|include| {
            sets.iter().map(move |exclude| Targets {
                include,
                exclude: Some(exclude),
            })
        })
        .collect();
    let admits = |targets: &Targets<'_>, groups: &BTreeSet<Group>| {
        targets
            .include
            .is_none_or(|include| !include.is_disjoint(groups))
            && targets
                .exclude
                .is_none_or(|exclude| exclude.is_disjoint(groups))
    };
    for inner in &targets {
        for outer in &targets {
            let expected = sets
                .iter()
                .all(|groups| !admits(inner, groups) || admits(outer, groups));
            assert_eq!(
                inner.are_within(outer),
                expected,
                "{:?} {:?}",
                inner.doors(),
                outer.doors()
            );
        }
        assert_eq!(
            inner.are_nobody(),
            !sets.iter().any(|groups| admits(inner, groups))
        );
    }
}
