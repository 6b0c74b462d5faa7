//! Changing an account: add, confirm, remove, replace, rename, choose a default.

use std::ops::ControlFlow;

use crate::account::{Registration, State};
use crate::case::{Case, Coming, Item};
use crate::listener::{Flow, Listener, TimesOf};
use crate::method::Method;
use crate::name::RegistrationId;
use crate::policy::Rule;
use crate::proof::RecoveryCode;
use crate::purpose::Purpose;
use crate::reach::Locks;
use crate::reason::{Input, Reason};

/// Who adds a method.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddedBy {
    Person,
    Administrator,
}

impl<'a> Case<'a> {
    pub(crate) fn add(&self, coming: Coming<'a>, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        self.addable(coming, AddedBy::Person, listener)?;
        self.works_here(coming.method, listener)?;
        self.proven(
            self.policy.freshness(coming.method).add,
            RecoveryCode::Enough,
            listener,
        )
    }

    /// Whether the method may be added, whatever was proven.
    pub(crate) fn addable(
        &self,
        coming: Coming<'a>,
        by: AddedBy,
        listener: &mut impl Listener,
    ) -> ControlFlow<(), Option<&'a Rule>> {
        let method = coming.method;
        let rule = self.method_available(method, listener)?;
        match by {
            AddedBy::Person => {
                // A pass is issued, whatever a rule says.
                if *method == Method::TemporaryPass || rule.is_some_and(|rule| !rule.self_service) {
                    listener.deny(|| Reason::AdministratorOnly {
                        method: method.clone(),
                    })?;
                }
            }
            AddedBy::Administrator => {
                if !method.can_be_registered_for_others() {
                    listener.deny(|| Reason::PersonOnly {
                        method: method.clone(),
                    })?;
                }
            }
        }
        if rule.is_some_and(|rule| rule.unique_in_organisation) {
            match self.context.registered_elsewhere {
                None => listener.need(Input::RegisteredElsewhere)?,
                Some(true) => listener.deny(|| Reason::RegisteredElsewhere {
                    method: method.clone(),
                })?,
                Some(false) => {}
            }
        }
        self.has_room_for(coming, rule, listener)?;
        ControlFlow::Continue(rule)
    }

    /// Whether what the method needs is there, it is not there itself, and no pool is full.
    pub(crate) fn has_room_for(
        &self,
        coming: Coming<'a>,
        rule: Option<&Rule>,
        listener: &mut impl Listener,
    ) -> Flow {
        let method = coming.method;
        if let Some(needs) = rule.and_then(|rule| rule.needs) {
            let is_needed = |method| {
                self.policy
                    .index(method)
                    .is_some_and(|index| needs.contains(index))
            };
            let there = self
                .registrations()
                .any(|r| r.state == State::Active && is_needed(&r.method))
                || self.with.iter().any(|coming| is_needed(coming.method));
            if !there {
                listener.deny(|| Reason::NeedsMethod {
                    method: method.clone(),
                    one_of: self.policy.methods_of(needs),
                })?;
            }
        }
        if coming.device.is_some() {
            let same = |r: &Registration| {
                r.state != State::Pending
                    && r.method == *method
                    && r.device.as_ref() == coming.device
            };
            if let Some(there) = self.registrations().find(|registration| same(registration)) {
                listener.deny(|| Reason::AlreadyRegistered {
                    method: method.clone(),
                    registration: there.id.clone(),
                })?;
            }
        }
        let Some(index) = self.policy.index(method) else {
            return Flow::Continue(());
        };
        for pool in self
            .policy
            .pools
            .iter()
            .filter(|pool| pool.methods.contains(index))
        {
            let counts = |item: &Item<'_>| {
                self.policy
                    .index(item.method)
                    .is_some_and(|index| pool.methods.contains(index))
            };
            let (has, shares) = self.devices(counts, &Item::coming(&coming));
            if !shares && has >= pool.max {
                listener.deny(|| Reason::LimitReached {
                    method: method.clone(),
                    pool: pool.name.clone(),
                    methods: self.policy.methods_of(pool.methods),
                    limit: pool.max,
                    has,
                })?;
            }
        }
        Flow::Continue(())
    }

    /// What is registered and no longer pending, there or imagined.
    pub(crate) fn items(&self) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let registered = self
            .registrations()
            .filter(|registration| registration.state != State::Pending)
            .map(Item::of);
        registered.chain(self.with.iter().map(Item::coming))
    }

    /// How many devices there are, of the registrations that count, and whether `new` is on one of them.
    fn devices(&self, counts: impl Fn(&Item<'_>) -> bool, new: &Item<'_>) -> (u32, bool) {
        let (mut devices, mut shares) = (0_u32, false);
        for (index, item) in self.items().enumerate() {
            if !counts(&item) {
                continue;
            }
            shares |= item.shares_device(new);
            let mut earlier = self.items().take(index);
            if item.device.is_none()
                || !earlier.any(|earlier| earlier.shares_device(&item) && counts(&earlier))
            {
                devices = devices.saturating_add(1);
            }
        }
        (devices, shares)
    }

    pub(crate) fn confirm(&self, id: &'a RegistrationId, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        let Some(registration) = self.existing(id, listener)? else {
            return Flow::Continue(());
        };
        if registration.state != State::Pending {
            listener.deny(|| Reason::NotPending {
                registration: id.clone(),
            })?;
        }
        let rule = self.method_available(&registration.method, listener)?;
        let coming = Coming {
            method: &registration.method,
            device: registration.device.as_ref(),
        };
        let without = [self.without, &[id]].concat();
        self.without(&without)
            .has_room_for(coming, rule, listener)?;
        self.proven(
            self.policy.freshness(&registration.method).add,
            RecoveryCode::Enough,
            listener,
        )
    }

    pub(crate) fn remove(&self, id: &'a RegistrationId, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        let Some(registration) = self.existing(id, listener)? else {
            return Flow::Continue(());
        };
        self.removable(registration, listener)?;
        if registration.state == State::Pending {
            // Giving up what was begun changes nothing that protects the account.
            return self.signed_in(listener);
        }
        self.proven(
            self.policy.freshness(&registration.method).remove,
            RecoveryCode::NotEnough,
            listener,
        )
    }

    /// Whether the registration may go, whatever was proven.
    pub(crate) fn removable(
        &self,
        registration: &'a Registration,
        listener: &mut impl Listener,
    ) -> Flow {
        let id = &registration.id;
        if self.is_kept_as_default(registration, listener) {
            listener.deny(|| Reason::IsDefault {
                registration: id.clone(),
            })?;
        }
        self.nothing_lost(registration, None, listener)
    }

    /// Whether everything that the policy requires and that can be reached stays so when the registration goes, and
    /// perhaps another one comes.
    fn nothing_lost(
        &self,
        registration: &'a Registration,
        coming: Option<Coming<'a>>,
        listener: &mut impl Listener,
    ) -> Flow {
        let id = &registration.id;
        let without = [self.without, &[id]].concat();
        let with: Vec<Coming<'a>> = self.with.iter().copied().chain(coming).collect();
        for required in self.policy.each_required(self.subject) {
            // What is locked now keeps nobody able to sign in; but what is reached through a lock only can still be lost.
            if self.reaches(required, Locks::WillEnd, listener)
                && !self
                    .without(&without)
                    .with(&with)
                    .reaches(required, Locks::Count, listener)
            {
                let (purpose, strength) = (required.purpose, required.strength);
                listener.deny(|| Reason::LastMethod {
                    registration: id.clone(),
                    purpose,
                    strength,
                })?;
            }
        }
        Flow::Continue(())
    }

    /// Whether the policy wants another default first, and there is another one to choose.
    fn is_kept_as_default(
        &self,
        registration: &Registration,
        listener: &mut impl Listener,
    ) -> bool {
        self.account.default.as_ref() == Some(&registration.id)
            && self
                .policy
                .index(&registration.method)
                .is_some_and(|index| self.policy.keep_default.contains(index))
            && self
                .registrations()
                .any(|other| other.id != registration.id && self.choosable(other, listener))
    }

    /// Whether the registration could be chosen as the default now.
    pub(crate) fn choosable(&self, registration: &Registration, times: &mut impl Listener) -> bool {
        self.can_be_default(registration, &mut TimesOf(times))
            .is_continue()
    }

    pub(crate) fn replace(
        &self,
        id: &'a RegistrationId,
        coming: Coming<'a>,
        listener: &mut impl Listener,
    ) -> Flow {
        self.oneself(listener)?;
        let Some(registration) = self.existing(id, listener)? else {
            return Flow::Continue(());
        };
        if registration.state == State::Pending {
            listener.deny(|| Reason::Pending {
                registration: id.clone(),
            })?;
        }
        let without = [self.without, &[id]].concat();
        let rule = self
            .without(&without)
            .addable(coming, AddedBy::Person, listener)?;
        let stays_default = rule.is_some_and(|rule| rule.default);
        if !stays_default && self.is_kept_as_default(registration, listener) {
            listener.deny(|| Reason::IsDefault {
                registration: id.clone(),
            })?;
        }
        self.nothing_lost(registration, Some(coming), listener)?;
        self.works_here(coming.method, listener)?;
        self.proven(
            self.policy.freshness(coming.method).replace,
            RecoveryCode::NotEnough,
            listener,
        )
    }

    pub(crate) fn rename(&self, id: &RegistrationId, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        let Some(registration) = self.existing(id, listener)? else {
            return Flow::Continue(());
        };
        self.proven(
            self.policy.freshness(&registration.method).rename,
            RecoveryCode::NotEnough,
            listener,
        )
    }

    pub(crate) fn set_default(&self, id: &RegistrationId, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        let Some(registration) = self.existing(id, listener)? else {
            return Flow::Continue(());
        };
        self.can_be_default(registration, listener)?;
        self.proven(
            self.policy.freshness(&registration.method).set_default,
            RecoveryCode::NotEnough,
            listener,
        )
    }

    fn can_be_default(&self, registration: &Registration, listener: &mut impl Listener) -> Flow {
        let method = &registration.method;
        self.accepts(method, Purpose::TwoStep, listener)?;
        if !self.policy.rule(method).is_some_and(|rule| rule.default) {
            listener.deny(|| Reason::NotAsDefault {
                method: method.clone(),
            })?;
        }
        self.in_order(registration, listener)
    }

    /// The registration that is asked about; `None`, and a reason, if it is not there.
    pub(crate) fn existing(
        &self,
        id: &RegistrationId,
        listener: &mut impl Listener,
    ) -> ControlFlow<(), Option<&'a Registration>> {
        let registration = self.registration(id);
        if registration.is_none() {
            listener.deny(|| Reason::NoSuchRegistration {
                registration: id.clone(),
            })?;
        }
        ControlFlow::Continue(registration)
    }

    pub(crate) fn remember_device(&self, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        if !self.policy.remembered_devices.enabled {
            listener.deny(|| Reason::RememberedDevicesOff)?;
        }
        self.proven(None, RecoveryCode::NotEnough, listener)
    }
}

impl Method {
    /// As something to come, on a device of its own.
    pub(crate) const fn coming(&self) -> Coming<'_> {
        Coming {
            method: self,
            device: None,
        }
    }
}
