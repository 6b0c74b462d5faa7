//! Random circumstances and actions. Both name registrations by number until the account is there, so that a row of actions can
//! go on with what the actions before it made.

use mfa_policy::{
    AccountView, Action, Administration, Capability, Context, DeviceId, Method, Proven, Purpose,
    RegistrationId, Role, Subject, Timestamp,
};
use proptest::{collection, option, prelude::*, sample::select};

use super::{device, method, people::role, person, registration_id, time};

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asker {
    Unsaid,
    Oneself(Role),
    Other(Role),
}

/// What a proof was.
#[derive(Clone, Copy, Debug)]
enum ProvenNumber {
    Password,
    Registration(usize),
}

/// A context whose proofs are numbers of registrations.
#[derive(Clone, Debug)]
pub(crate) struct Circumstances {
    pub(crate) now: Timestamp,
    pub(crate) asker: Asker,
    proofs: Vec<(ProvenNumber, Timestamp)>,
    /// Nothing that could be known is unknown, and all of it is good; everything has just been proven.
    pub(crate) easy: bool,
    webauthn: Option<bool>,
    telephony: Option<bool>,
    number_at_risk: Option<bool>,
    registered_elsewhere: Option<bool>,
    reset_started: Option<Timestamp>,
}

impl Circumstances {
    pub(crate) fn of(&self, subject: &Subject, account: &AccountView) -> Context {
        let mut context = Context::at(self.now);
        context = match self.asker {
            Asker::Unsaid => context,
            Asker::Oneself(role) => context.asked_by(subject.id().clone(), role),
            Asker::Other(role) => context.asked_by(person("bob"), role),
        };
        if self.easy {
            for registration in account.registrations() {
                context = context.proven(Proven::Registration(registration.id().clone()), self.now);
            }
            return context
                .proven(Proven::Password, self.now)
                .with_capability(Capability::Webauthn, true)
                .with_capability(Capability::Telephony, true)
                .with_number_at_risk(false)
                .with_registered_elsewhere(false)
                .with_reset_started(self.now);
        }
        for &(proven, at) in &self.proofs {
            let proven = match proven {
                ProvenNumber::Password => Proven::Password,
                ProvenNumber::Registration(number) => {
                    Proven::Registration(nth_registration(account, number))
                }
            };
            context = context.proven(proven, at);
        }
        if let Some(present) = self.webauthn {
            context = context.with_capability(Capability::Webauthn, present);
        }
        if let Some(present) = self.telephony {
            context = context.with_capability(Capability::Telephony, present);
        }
        if let Some(at_risk) = self.number_at_risk {
            context = context.with_number_at_risk(at_risk);
        }
        if let Some(elsewhere) = self.registered_elsewhere {
            context = context.with_registered_elsewhere(elsewhere);
        }
        if let Some(time) = self.reset_started {
            context = context.with_reset_started(time);
        }
        context
    }
}

/// The registration of that number, counted round; now and then the chosen default, or none of the account.
fn nth_registration(account: &AccountView, number: usize) -> RegistrationId {
    if let Some(default) = account.chosen_default()
        && number.is_multiple_of(3)
    {
        return default.clone();
    }
    let registrations = account.registrations();
    let place = number.checked_rem(registrations.len().saturating_add(1));
    place
        .and_then(|place| registrations.get(place))
        .map_or_else(
            || registration_id(99),
            |registration| registration.id().clone(),
        )
}

pub(crate) fn circumstances() -> impl Strategy<Value = Circumstances> {
    let proven = prop_oneof![
        2 => Just(ProvenNumber::Password),
        3 => (0..60_usize).prop_map(ProvenNumber::Registration),
    ];
    let asker = prop_oneof![
        4 => Just(Asker::Unsaid),
        4 => role().prop_map(Asker::Oneself),
        1 => Just(Asker::Other(Role::User)),
        2 => Just(Asker::Other(Role::Administrator)),
    ];
    (
        time(),
        asker,
        collection::vec((proven, time()), 0..=4),
        prop::bool::weighted(0.3),
        fact(true),
        fact(true),
        fact(false),
        fact(false),
        option::weighted(0.7, time()),
    )
        .prop_map(
            |(
                now,
                asker,
                proofs,
                easy,
                webauthn,
                telephony,
                number_at_risk,
                registered_elsewhere,
                reset_started,
            )| Circumstances {
                now,
                asker,
                proofs,
                easy,
                webauthn,
                telephony,
                number_at_risk,
                registered_elsewhere,
                reset_started,
            },
        )
}

/// Something that may be known: mostly what is good.
fn fact(good: bool) -> impl Strategy<Value = Option<bool>> {
    select(vec![Some(good), Some(good), Some(good), Some(!good), None])
}

/// An action that names a registration by its number.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Accept(Method, Purpose),
    Use(usize, Purpose),
    Add(Method, Option<DeviceId>),
    Confirm(usize),
    Remove(usize),
    Replace(usize, Method, Option<DeviceId>),
    Rename(usize),
    SetDefault(usize),
    StartReset,
    FinishReset,
    CreateAppPassword,
    RememberDevice,
    AdministratorRemoves(usize),
    Administer(Administration),
}

impl Wish {
    pub(crate) fn of(&self, account: &AccountView) -> Action {
        let nth = |number: usize| nth_registration(account, number);
        match self.clone() {
            Self::Accept(method, purpose) => Action::Accept { method, purpose },
            Self::Use(number, purpose) => Action::Use {
                registration: nth(number),
                purpose,
            },
            Self::Add(method, device) => Action::Add { method, device },
            Self::Confirm(number) => {
                // Mostly one that can be confirmed.
                let pending: Vec<_> = account
                    .registrations()
                    .iter()
                    .filter(|registration| registration.state() == mfa_policy::State::Pending)
                    .collect();
                let place = number.checked_rem(pending.len());
                let pending = place.and_then(|place| pending.get(place));
                Action::Confirm {
                    registration: pending
                        .filter(|_| !number.is_multiple_of(8))
                        .map_or_else(|| nth(number), |pending| pending.id().clone()),
                }
            }
            Self::Remove(number) => Action::Remove {
                registration: nth(number),
            },
            Self::Replace(number, method, device) => Action::Replace {
                registration: nth(number),
                method,
                device,
            },
            Self::Rename(number) => Action::Rename {
                registration: nth(number),
            },
            Self::SetDefault(number) => Action::SetDefault {
                registration: nth(number),
            },
            Self::StartReset => Action::StartReset,
            Self::FinishReset => Action::FinishReset,
            Self::CreateAppPassword => Action::CreateAppPassword,
            Self::RememberDevice => Action::RememberDevice,
            Self::AdministratorRemoves(number) => Action::Administer(Administration::Remove {
                registration: nth(number),
            }),
            Self::Administer(administration) => Action::Administer(administration),
        }
    }
}

pub(crate) fn purpose() -> impl Strategy<Value = Purpose> {
    select(&Purpose::ALL[..])
}

fn number() -> impl Strategy<Value = usize> {
    0..60_usize
}

/// Anything that somebody may want.
pub(crate) fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        6 => wish_of_oneself(),
        2 => wish_of_an_administrator(),
    ]
}

/// Using a registration, or asking whether one would count.
pub(crate) fn wish_to_use() -> impl Strategy<Value = Wish> {
    prop_oneof![
        1 => (method(), purpose()).prop_map(|(method, purpose)| Wish::Accept(method, purpose)),
        3 => (number(), purpose()).prop_map(|(number, purpose)| Wish::Use(number, purpose)),
    ]
}

/// What people want for themselves.
pub(crate) fn wish_of_oneself() -> impl Strategy<Value = Wish> {
    prop_oneof![
        4 => wish_to_use(),
        3 => wish_to_change(),
        1 => Just(Wish::StartReset),
        1 => Just(Wish::FinishReset),
        1 => Just(Wish::RememberDevice),
    ]
}

/// What people change of their own account.
pub(crate) fn wish_to_change() -> impl Strategy<Value = Wish> {
    let device = || option::weighted(0.7, device());
    prop_oneof![
        3 => (method(), device()).prop_map(|(method, device)| Wish::Add(method, device)),
        3 => number().prop_map(Wish::Confirm),
        3 => number().prop_map(Wish::Remove),
        // The chosen default, if there is one.
        2 => Just(Wish::Remove(0)),
        2 => (number(), method(), device())
            .prop_map(|(number, method, device)| Wish::Replace(number, method, device)),
        1 => number().prop_map(Wish::Rename),
        2 => number().prop_map(Wish::SetDefault),
        1 => Just(Wish::CreateAppPassword),
    ]
}

/// What administrators do for others.
pub(crate) fn wish_of_an_administrator() -> impl Strategy<Value = Wish> {
    let minutes = option::of(select(vec![0, 9, 10, 60, 480, 481, 43_200, u32::MAX]));
    prop_oneof![
        3 => (method(), option::of(device())).prop_map(|(method, device)| {
            Wish::Administer(Administration::Add { method, device })
        }),
        3 => number().prop_map(Wish::AdministratorRemoves),
        1 => Just(Wish::Administer(Administration::Unlock)),
        1 => Just(Wish::Administer(Administration::RequireRegistration)),
        1 => Just(Wish::Administer(Administration::RevokeRememberedDevices)),
        2 => (minutes, any::<bool>()).prop_map(|(minutes, one_time)| {
            Wish::Administer(Administration::IssuePass { minutes, one_time })
        }),
    ]
}
