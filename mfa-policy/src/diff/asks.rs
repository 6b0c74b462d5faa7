//! What can be asked about a small account.

use std::collections::BTreeSet;

use crate::account::{AccountView, Registration, State};
use crate::action::{Action, Administration};
use crate::context::Proven;
use crate::method::{Capability, Method};
use crate::name::RegistrationId;
use crate::purpose::Purpose;
use crate::settings::Freshness;

use super::Question;
use super::accounts::{About, Accounts};
use super::circumstances::{Circumstances, each_with};

/// A question about an account, and the circumstances in which to ask it, the simplest first.
pub(super) struct Ask {
    pub(super) question: Question,
    pub(super) action: Option<Action>,
    pub(super) circumstances: Vec<Circumstances>,
}

impl Accounts<'_> {
    /// What can be asked about the account.
    pub(super) fn asks(&self, account: &AccountView, about: About) -> Vec<Ask> {
        let mut asks = Vec::new();
        match about {
            About::Everything => {
                for registration in account.registrations() {
                    self.about_registration(account, registration, &mut asks);
                }
                for method in &self.methods {
                    self.about_adding(account, method, &mut asks);
                    self.about_replacing(account, method, &mut asks);
                }
                self.about_reset(account, &mut asks);
                self.about_session(account, &mut asks);
            }
            About::Reset => {
                for registration in account.registrations() {
                    self.about_removing(account, registration, &mut asks);
                }
                self.about_reset(account, &mut asks);
            }
            About::Adding => {
                for method in &self.methods {
                    self.about_adding(account, method, &mut asks);
                }
            }
        }
        asks
    }

    /// What concerns the account as a whole.
    fn about_session(&self, account: &AccountView, asks: &mut Vec<Ask>) {
        if account.registrations().len() <= 1 {
            let circumstances = self.proofs(account, |_| None);
            asks.push(Ask {
                question: Question::RememberDevice,
                action: Some(Action::RememberDevice),
                circumstances,
            });
        }
        if account.registrations().is_empty() {
            self.about_administration(account, asks);
        }
    }

    fn about_registration(
        &self,
        account: &AccountView,
        registration: &Registration,
        asks: &mut Vec<Ask>,
    ) {
        let id = || registration.id().clone();
        let method = registration.method();
        let methods = || vec![method.clone()];
        let size = account.registrations().len();
        if registration.state() == State::Pending && method.needs_no_test() {
            return;
        }
        if registration.state() == State::Pending {
            let circumstances = self.proofs(account, |freshness| freshness.add);
            let action = Action::Confirm { registration: id() };
            asks.push(Ask {
                question: Question::Confirm { methods: methods() },
                action: Some(action),
                circumstances,
            });
            return;
        }
        for purpose in method.possible_purposes().iter() {
            self.about_use(account, registration, purpose, asks);
        }
        if size == 1 {
            asks.push(Ask {
                question: Question::Rename { methods: methods() },
                action: Some(Action::Rename { registration: id() }),
                circumstances: self.proofs(account, |freshness| freshness.rename),
            });
        }
        asks.push(Ask {
            question: Question::SetDefault { methods: methods() },
            action: Some(Action::SetDefault { registration: id() }),
            circumstances: self.proofs(account, |freshness| freshness.set_default),
        });
        self.about_removing(account, registration, asks);
        if size == 1 {
            asks.push(Ask {
                question: Question::AdministratorRemoves { methods: methods() },
                action: Some(Action::Administer(Administration::Remove {
                    registration: id(),
                })),
                circumstances: self.by_administrator(account),
            });
        }
        if method.possible_purposes().contains(Purpose::TwoStep) {
            let both = [
                Question::Default { methods: methods() },
                Question::Sending { methods: methods() },
            ];
            // What is not known counts in favour of a default.
            asks.extend(both.map(|question| Ask {
                question,
                action: None,
                circumstances: vec![Circumstances::default()],
            }));
        }
    }

    fn about_removing(
        &self,
        account: &AccountView,
        registration: &Registration,
        asks: &mut Vec<Ask>,
    ) {
        asks.push(Ask {
            question: Question::Remove {
                methods: vec![registration.method().clone()],
            },
            action: Some(Action::Remove {
                registration: registration.id().clone(),
            }),
            circumstances: self.proofs(account, |freshness| freshness.remove),
        });
    }

    fn about_use(
        &self,
        account: &AccountView,
        registration: &Registration,
        purpose: Purpose,
        asks: &mut Vec<Ask>,
    ) {
        let mut circumstances = self.facts(registration.method(), false);
        if purpose == Purpose::PasswordReset {
            // The other registration was a gate already.
            let others = account
                .registrations()
                .iter()
                .filter(|other| other.id() != registration.id());
            let proofs: Vec<_> = others
                .map(|other| (Proven::Registration(other.id().clone()), 0))
                .collect();
            for one in &mut circumstances {
                one.reset_started = Some(0);
                one.proofs.clone_from(&proofs);
            }
        } else if account.registrations().len() > 1 {
            // Only for a reset does it matter what else there is.
            return;
        }
        asks.push(Ask {
            question: Question::Use {
                method: registration.method().clone(),
                purpose,
            },
            action: Some(Action::Use {
                registration: registration.id().clone(),
                purpose,
            }),
            circumstances,
        });
    }

    fn about_adding(&self, account: &AccountView, method: &Method, asks: &mut Vec<Ask>) {
        let facts = self.facts(method, true);
        asks.push(Ask {
            question: Question::Add {
                methods: vec![method.clone()],
            },
            action: Some(Action::Add {
                method: method.clone(),
                device: None,
            }),
            circumstances: each_with(&self.proofs(account, |freshness| freshness.add), &facts),
        });
        let issued = *method == Method::TemporaryPass;
        if method.can_be_registered_for_others() && !issued {
            let action = Action::Administer(Administration::Add {
                method: method.clone(),
                device: None,
            });
            asks.push(Ask {
                question: Question::AdministratorAdds {
                    methods: vec![method.clone()],
                },
                action: Some(action),
                circumstances: each_with(&self.by_administrator(account), &facts),
            });
        }
    }

    fn about_replacing(&self, account: &AccountView, method: &Method, asks: &mut Vec<Ask>) {
        let facts = self.facts(method, true);
        for registration in account
            .registrations()
            .iter()
            .filter(|registration| registration.state() == State::Active)
        {
            let action = Action::Replace {
                registration: registration.id().clone(),
                method: method.clone(),
                device: None,
            };
            asks.push(Ask {
                question: Question::Replace {
                    methods: vec![method.clone()],
                },
                action: Some(action),
                circumstances: each_with(
                    &self.proofs(account, |freshness| freshness.replace),
                    &facts,
                ),
            });
        }
    }

    fn about_administration(&self, account: &AccountView, asks: &mut Vec<Ask>) {
        asks.push(Ask {
            question: Question::AdministratorActs,
            action: Some(Action::Administer(Administration::Unlock)),
            circumstances: self.by_administrator(account),
        });
        let limits = self.policies.into_iter().flat_map(|policy| {
            let pass = &policy.temporary_pass;
            [pass.least_minutes, pass.most_minutes]
        });
        let minutes: BTreeSet<Option<u32>> = limits.map(Some).chain([None]).collect();
        for minutes in minutes {
            for one_time in [false, true] {
                asks.push(Ask {
                    question: Question::IssuePass,
                    action: Some(Action::Administer(Administration::IssuePass {
                        minutes,
                        one_time,
                    })),
                    circumstances: self.by_administrator(account),
                });
            }
        }
    }

    fn about_reset(&self, account: &AccountView, asks: &mut Vec<Ask>) {
        let registrations = account.registrations();
        if registrations.is_empty()
            || registrations
                .iter()
                .any(|registration| registration.state() != State::Active)
        {
            return;
        }
        let needed = |capability| {
            registrations
                .iter()
                .any(|r| r.method().needs_capability() == Some(capability))
        };
        let telephony = needed(Capability::Telephony);
        let here = |number_is_safe| Circumstances {
            webauthn: needed(Capability::Webauthn),
            telephony,
            number_is_safe,
            ..Circumstances::default()
        };
        asks.push(Ask {
            question: Question::StartReset,
            action: Some(Action::StartReset),
            circumstances: if telephony {
                vec![here(false), here(true)]
            } else {
                vec![here(false)]
            },
        });
        let proofs: Vec<_> = registrations
            .iter()
            .map(|r| (Proven::Registration(r.id().clone()), 0))
            .collect();
        let ages: BTreeSet<u32> = self
            .policies
            .into_iter()
            .map(|policy| policy.reset_limits.session_minutes)
            .chain([0])
            .collect();
        asks.push(Ask {
            question: Question::FinishReset,
            action: Some(Action::FinishReset),
            circumstances: ages
                .into_iter()
                .map(|age| Circumstances {
                    proofs: proofs.clone(),
                    reset_started: Some(age),
                    ..Circumstances::default()
                })
                .collect(),
        });
    }

    /// What has to be known to use or to add the method, and what one of the policies may want to know.
    fn facts(&self, method: &Method, adding: bool) -> Vec<Circumstances> {
        let rules = || {
            self.policies
                .into_iter()
                .filter_map(|policy| policy.rule(method))
        };
        let needed = method.needs_capability();
        let mut facts = vec![Circumstances {
            webauthn: needed == Some(Capability::Webauthn),
            telephony: needed == Some(Capability::Telephony),
            ..Circumstances::default()
        }];
        if method.is_telephone() && rules().any(|rule| rule.restricted) {
            let more: Vec<_> = facts
                .iter()
                .map(|one| Circumstances {
                    number_is_safe: true,
                    ..one.clone()
                })
                .collect();
            facts.extend(more);
        }
        if adding && rules().any(|rule| rule.unique_in_organisation) {
            let more: Vec<_> = facts
                .iter()
                .map(|one| Circumstances {
                    registered_elsewhere: Some(false),
                    ..one.clone()
                })
                .collect();
            facts.extend(more);
        }
        facts
    }

    /// One proof each: the password or a registration, fresh and as old as each limit.
    fn proofs(
        &self,
        account: &AccountView,
        minutes: impl Fn(&Freshness) -> Option<u32>,
    ) -> Vec<Circumstances> {
        let registrations = account.registrations();
        let active = registrations
            .iter()
            .filter(|registration| registration.state() == State::Active);
        // Of several registrations of one method one is enough.
        let mut proving: Vec<&Registration> = Vec::new();
        for registration in active {
            if proving
                .iter()
                .all(|other| other.method() != registration.method())
            {
                proving.push(registration);
            }
        }
        let has_second_factor = proving
            .iter()
            .any(|r| r.method().highest_strength().is_some() && r.method().lasts());
        // With a second factor the password alone changes nothing.
        let password = (!has_second_factor).then_some(Proven::Password);
        let by_registration = proving
            .into_iter()
            .map(|registration| Proven::Registration(registration.id().clone()));
        let proven: Vec<Proven> = password.into_iter().chain(by_registration).collect();
        let ages = self.ages(account, minutes);
        let one = |by: &Proven, age: u32| Circumstances {
            proofs: vec![(by.clone(), age)],
            ..Circumstances::default()
        };
        proven
            .iter()
            .flat_map(|by| ages.iter().map(move |&age| one(by, age)))
            .collect()
    }

    /// An administrator with a proof.
    fn by_administrator(&self, account: &AccountView) -> Vec<Circumstances> {
        let Ok(own) = RegistrationId::new("administrators-own") else {
            return Vec::new();
        };
        let ages = self.ages(account, |freshness| freshness.administer);
        let one = |age| Circumstances {
            by_administrator: true,
            proofs: vec![(Proven::Registration(own.clone()), age)],
            ..Circumstances::default()
        };
        ages.into_iter().map(one).collect()
    }

    /// Fresh, and as old as each limit in either policy; for an account with more than one registration only fresh.
    fn ages(
        &self,
        account: &AccountView,
        minutes: impl Fn(&Freshness) -> Option<u32>,
    ) -> BTreeSet<u32> {
        if account.registrations().len() > 1 {
            return BTreeSet::from([0]);
        }
        let limits = self.policies.into_iter().flat_map(|policy| {
            policy
                .rules()
                .map(|rule| &rule.freshness)
                .chain([&policy.freshness])
        });
        limits.filter_map(minutes).chain([0]).collect()
    }
}
