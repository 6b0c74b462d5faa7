//! Random people and what their accounts hold: also what no flow would ever make, as long as the types allow it.

use mfa_policy::{AccountView, Method, Pass, Registration, Role, State, Subject};
use proptest::{collection, option, prelude::*, sample::select};

use super::{device, group, method, person, registration_id, time};

pub(crate) fn role() -> impl Strategy<Value = Role> {
    prop_oneof![3 => Just(Role::User), 1 => Just(Role::Administrator)]
}

/// The person of every question.
pub(crate) fn subject() -> impl Strategy<Value = Subject> {
    (role(), collection::vec(group(), 0..=2)).prop_map(|(role, groups)| {
        let subject = Subject::new(person("alice"));
        let subject = match role {
            Role::User => subject,
            Role::Administrator => subject.administrator(),
        };
        groups.into_iter().fold(subject, Subject::in_group)
    })
}

/// Up to twelve registrations, in all states, often on shared devices.
pub(crate) fn account() -> impl Strategy<Value = AccountView> {
    (
        collection::vec(registration(), 0..=12),
        option::weighted(0.6, 0..14_usize),
        option::weighted(0.15, time()),
        option::weighted(0.2, time()),
        option::weighted(0.2, (time(), 0..5_u32)),
    )
        .prop_map(
            |(registrations, default, reset_locked, reconfirmed, snoozed)| {
                let registrations = registrations
                    .into_iter()
                    .enumerate()
                    .map(|(number, finish)| finish.registration(number));
                let mut account = AccountView::new(registrations).unwrap();
                // The last ones are gone, or were never there.
                if let Some(number) = default {
                    account = account.with_default(registration_id(number));
                }
                if let Some(time) = reset_locked {
                    account = account.with_reset_locked_until(time);
                }
                if let Some(time) = reconfirmed {
                    account = account.with_reconfirmed(time);
                }
                if let Some((time, skips)) = snoozed {
                    account = account.with_campaign_snoozed(time, skips);
                }
                account
            },
        )
}

/// A registration without its identifier.
#[derive(Clone, Debug)]
struct Unnamed {
    method: Method,
    device: Option<mfa_policy::DeviceId>,
    state: State,
    locked_until: Option<mfa_policy::Timestamp>,
    last_used: Option<mfa_policy::Timestamp>,
    pass: Option<Pass>,
    codes_left: Option<u32>,
}

impl Unnamed {
    fn registration(self, number: usize) -> Registration {
        let mut registration =
            Registration::new(registration_id(number), self.method).in_state(self.state);
        if let Some(device) = self.device {
            registration = registration.on(device);
        }
        if let Some(time) = self.locked_until {
            registration = registration.locked_until(time);
        }
        if let Some(time) = self.last_used {
            registration = registration.last_used(time);
        }
        if let Some(pass) = self.pass {
            registration = registration.with_pass(pass);
        }
        if let Some(codes) = self.codes_left {
            registration = registration.with_codes_left(codes);
        }
        registration
    }
}

fn registration() -> impl Strategy<Value = Unnamed> {
    (
        method(),
        option::weighted(0.5, device()),
        prop_oneof![
            12 => Just(State::Active),
            2 => Just(State::Pending),
            1 => Just(State::Disabled),
            1 => Just(State::Deactivated),
        ],
        option::weighted(0.15, time()),
        option::weighted(0.2, time()),
        pass(),
        select(vec![0, 1, 1, 9, 10]),
        // A pass and codes where they do not belong, and none where they do.
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(method, device, state, locked_until, last_used, pass, codes, odd)| Unnamed {
                pass: ((method == Method::TemporaryPass) != odd).then_some(pass),
                codes_left: ((method == Method::RecoveryCodes) != odd).then_some(codes),
                method,
                device,
                state,
                locked_until,
                last_used,
            },
        )
}

fn pass() -> impl Strategy<Value = Pass> {
    (time(), time(), any::<bool>(), prop::bool::weighted(0.3)).prop_map(
        |(from, until, one_time, used)| Pass {
            from,
            until,
            one_time,
            used,
        },
    )
}
