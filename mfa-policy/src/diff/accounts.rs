//! The accounts to ask about.

use std::collections::BTreeSet;

use crate::account::{AccountView, Pass, Registration, State};
use crate::method::Method;
use crate::name::{DeviceId, RegistrationId};
use crate::policy::{Policy, Pool};
use crate::purpose::Purpose;
use crate::timestamp::Timestamp;

/// What an account is there to ask about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Everything,
    Reset,
    Adding,
}

/// What two policies together give to ask about.
pub(super) struct Accounts<'a> {
    pub(super) policies: [&'a Policy; 2],
    /// Every method that is on in one of them.
    pub(super) methods: Vec<Method>,
}

impl<'a> Accounts<'a> {
    pub(super) fn new(old: &'a Policy, new: &'a Policy) -> Self {
        let methods: BTreeSet<&Method> = [old, new]
            .into_iter()
            .flat_map(Policy::rules)
            .filter(|rule| rule.enabled)
            .map(|rule| &rule.method)
            .collect();
        Self {
            policies: [old, new],
            methods: methods.into_iter().cloned().collect(),
        }
    }

    /// The accounts to look at, the smallest first.
    pub(super) fn all(&self) -> Vec<(AccountView, About)> {
        let mut small = vec![AccountView::default()];
        small.extend(self.methods.iter().flat_map(Self::with_one));
        for (place, one) in self.methods.iter().enumerate() {
            for other in self.methods.iter().skip(place) {
                small.extend(self.with_two(one, other));
            }
        }
        let mut accounts: Vec<(AccountView, About)> = small
            .into_iter()
            .map(|account| (account, About::Everything))
            .collect();
        accounts.extend(
            self.for_gates()
                .into_iter()
                .map(|account| (account, About::Reset)),
        );
        accounts.extend(
            self.for_pools()
                .into_iter()
                .map(|account| (account, About::Adding)),
        );
        accounts.sort_by_key(|(account, _)| account.registrations().len());
        accounts
    }

    fn with_one(method: &Method) -> Vec<AccountView> {
        let one = || registrations(&[method]);
        let changed =
            |change: &dyn Fn(Registration) -> Registration| account(one().into_iter().map(change));
        let mut accounts = vec![
            account(one()),
            changed(&|registration| registration.in_state(State::Pending)),
        ];
        if *method == Method::TemporaryPass {
            accounts.push(changed(&|registration| {
                registration.with_pass(Pass {
                    used: true,
                    ..always()
                })
            }));
        }
        accounts
    }

    fn with_two(&self, one: &Method, other: &Method) -> Vec<AccountView> {
        let both = || registrations(&[one, other]);
        let pending = |place: usize| {
            let all = both().into_iter().enumerate();
            account(all.map(|(i, registration)| {
                if i == place {
                    registration.in_state(State::Pending)
                } else {
                    registration
                }
            }))
        };
        let mut accounts = vec![account(both()), pending(1)];
        if one != other {
            accounts.push(pending(0));
            if let Ok(device) = DeviceId::new("device") {
                accounts.push(account(
                    both()
                        .into_iter()
                        .map(|registration| registration.on(device.clone())),
                ));
            }
        }
        for kept in both() {
            let keeps = |policy: &Policy| {
                policy
                    .index(kept.method())
                    .is_some_and(|index| policy.keep_default.contains(index))
            };
            if self.policies.into_iter().any(keeps) {
                accounts.push(account(both()).with_default(kept.id().clone()));
            }
        }
        accounts
    }

    /// Where a reset takes more than two proofs, or must stay possible: each choice of as many methods that count for it.
    fn for_gates(&self) -> Vec<AccountView> {
        let gates = |policy: &Policy| policy.reset.gates.max(policy.reset.administrator_gates);
        let required = |policy: &Policy| {
            policy
                .requirements
                .iter()
                .any(|r| r.purpose == Purpose::PasswordReset)
        };
        let most = self
            .policies
            .into_iter()
            .map(|policy| gates(policy).saturating_add(u32::from(required(policy))))
            .max();
        let most = usize::try_from(most.unwrap_or(0)).unwrap_or(0);
        let counts = |method: &&Method| {
            let rule_counts = |policy: &Policy| {
                policy
                    .rule(method)
                    .is_some_and(|r| r.enabled && r.purposes.contains(Purpose::PasswordReset))
            };
            self.policies.into_iter().any(rule_counts)
        };
        let methods: Vec<&Method> = self.methods.iter().filter(counts).collect();
        (3..=most.min(4))
            .flat_map(|size| choices(&methods, size))
            .map(|chosen| numbered(&chosen))
            .collect()
    }

    /// For each pool that differs: accounts that fill it.
    fn for_pools(&self) -> Vec<AccountView> {
        let [old, new] = self.policies;
        let same = |pool: &Pool, in_policy: &Policy, other: &Policy| {
            let alike = |another: &&Pool| {
                another.max == pool.max
                    && other.methods_of(another.methods) == in_policy.methods_of(pool.methods)
            };
            other.pools.iter().any(|another| alike(&another))
        };
        let differing = |policy: &'a Policy, other: &'a Policy| {
            policy
                .pools
                .iter()
                .filter(move |pool| !same(pool, policy, other))
                .map(move |pool| (policy, pool))
        };
        let mut accounts = Vec::new();
        for (policy, pool) in differing(old, new).chain(differing(new, old)) {
            let devices = usize::try_from(pool.max).unwrap_or(usize::MAX);
            if devices > MOST_IN_POOL {
                continue;
            }
            for method in policy.methods_of(pool.methods) {
                let full = vec![&method; devices];
                if devices > 2 {
                    accounts.push(numbered(&full));
                }
                if devices > 1 {
                    let others = self.methods.iter().filter(|other| **other != method);
                    accounts.extend(others.map(|other| numbered(&[&full[..], &[other]].concat())));
                }
            }
        }
        accounts
    }
}

/// Larger pools are not filled. It keeps the search short.
const MOST_IN_POOL: usize = 64;

/// Every choice of that many, in order.
fn choices<'m>(methods: &[&'m Method], size: usize) -> Vec<Vec<&'m Method>> {
    let (Some(smaller), Some((first, rest))) = (size.checked_sub(1), methods.split_first()) else {
        return if size == 0 {
            vec![Vec::new()]
        } else {
            Vec::new()
        };
    };
    let with_first = choices(rest, smaller)
        .into_iter()
        .map(|chosen| [vec![*first], chosen].concat());
    with_first.chain(choices(rest, size)).collect()
}

fn numbered(methods: &[&Method]) -> AccountView {
    account(registrations(methods))
}

/// INVARIANT: the registrations have different identifiers, and are few.
fn account(registrations: impl IntoIterator<Item = Registration>) -> AccountView {
    AccountView::new(registrations).unwrap_or_default()
}

/// Active registrations of these methods: `r1`, `r2` and so on.
fn registrations(methods: &[&Method]) -> Vec<Registration> {
    let numbered = methods.iter().zip(1_u32..).filter_map(|(&method, number)| {
        let registration = Registration::new(
            RegistrationId::new(&format!("r{number}")).ok()?,
            method.clone(),
        );
        Some(match method {
            Method::TemporaryPass => registration.with_pass(always()),
            Method::RecoveryCodes => registration.with_codes_left(1),
            _ => registration,
        })
    });
    numbered.collect()
}

/// A pass that is good at any time.
fn always() -> Pass {
    Pass {
        from: Timestamp::from_unix_seconds(i64::MIN),
        until: Timestamp::from_unix_seconds(i64::MAX),
        one_time: false,
        used: false,
    }
}
