//! Random policies that are right, people, accounts and questions, built from small pools of names and numbers so that
//! they meet: the group that a rule excludes is one that the person is in, the device of one registration that of another.

pub(crate) mod drafts;
pub(crate) mod people;
pub(crate) mod questions;

use mfa_policy::{DeviceId, ExternalName, Group, Method, PersonId, RegistrationId, Timestamp};
use proptest::{prelude::*, sample::select};

use crate::laws::Case;
use people::{account, subject};
use questions::{circumstances, wish};

/// 2026-06-01T12:00:00Z, about which all times are drawn.
pub(crate) const NOON: i64 = 1_780_315_200;

/// Any question about any account.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    case_about(wish().boxed())
}

/// A question of this kind about any account.
pub(crate) fn case_about(wish: BoxedStrategy<questions::Wish>) -> impl Strategy<Value = Case> {
    (drafts::draft(), subject(), account(), circumstances(), wish).prop_map(
        |(draft, subject, account, circumstances, wish)| Case {
            policy: drafts::validated(&draft),
            context: circumstances.of(&subject, &account),
            action: wish.of(&account),
            subject,
            account,
        },
    )
}

/// The built-in methods and two external ones.
pub(crate) fn methods() -> Vec<Method> {
    let externals =
        ["badge", "certificate"].map(|name| Method::External(ExternalName::new(name).unwrap()));
    Method::BUILT_IN.into_iter().chain(externals).collect()
}

pub(crate) fn method() -> impl Strategy<Value = Method> {
    select(methods())
}

pub(crate) fn group() -> impl Strategy<Value = Group> {
    select(vec!["staff", "guests", "finance"]).prop_map(|name| Group::new(name).unwrap())
}

pub(crate) fn device() -> impl Strategy<Value = DeviceId> {
    select(vec!["phone", "tablet", "token", "desk"]).prop_map(|name| DeviceId::new(name).unwrap())
}

pub(crate) fn registration_id(number: usize) -> RegistrationId {
    RegistrationId::new(&format!("r{number}")).unwrap()
}

pub(crate) fn person(name: &str) -> PersonId {
    PersonId::new(name).unwrap()
}

/// Noon, shortly before or after, or some days away; often times that are equal to others.
pub(crate) fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        6 => select(vec![-90_000, -3_600, -900, -300, -60, -1, 0, 1, 60, 300, 900, 3_600, 90_000]),
        1 => -200_000_i64..200_000,
    ]
    .prop_map(|offset: i64| Timestamp::from_unix_seconds(NOON.saturating_add(offset)))
}
