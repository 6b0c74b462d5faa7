//! One question with everything it is about, and what every rule asks of it.

use crate::account::{AccountView, Registration};
use crate::context::Context;
use crate::listener::Listener;
use crate::method::Method;
use crate::name::{DeviceId, RegistrationId};
use crate::policy::Policy;
use crate::subject::Subject;
use crate::timestamp::Timestamp;

/// A person with an account, at a time, in a context, under a policy; perhaps with some registrations imagined away or added.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) subject: &'a Subject,
    pub(crate) account: &'a AccountView,
    pub(crate) context: &'a Context,
    pub(crate) now: Timestamp,
    /// As if these were gone.
    pub(crate) without: &'a [&'a RegistrationId],
    /// As if these were there.
    pub(crate) with: &'a [Coming<'a>],
}

/// A registration that is not there yet.
#[derive(Clone, Copy)]
pub(crate) struct Coming<'a> {
    pub(crate) method: &'a Method,
    pub(crate) device: Option<&'a DeviceId>,
}

/// A registration, there or imagined, as far as independence and pools look at it.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// `None` for one that is not there yet.
    pub(crate) id: Option<&'a RegistrationId>,
    pub(crate) method: &'a Method,
    pub(crate) device: Option<&'a DeviceId>,
}

impl<'a> Item<'a> {
    pub(crate) const fn of(registration: &'a Registration) -> Self {
        Self {
            id: Some(&registration.id),
            method: &registration.method,
            device: registration.device.as_ref(),
        }
    }

    pub(crate) const fn coming(coming: &Coming<'a>) -> Self {
        Self {
            id: None,
            method: coming.method,
            device: coming.device,
        }
    }

    /// Whether both stand on one device.
    pub(crate) fn shares_device(&self, other: &Self) -> bool {
        match (self.device, other.device) {
            (Some(one), Some(another)) => one == another,
            _ => self.id.is_some() && self.id == other.id,
        }
    }
}

impl<'a> Case<'a> {
    pub(crate) const fn new(
        policy: &'a Policy,
        subject: &'a Subject,
        account: &'a AccountView,
        context: &'a Context,
    ) -> Self {
        Self {
            policy,
            subject,
            account,
            context,
            now: context.now,
            without: &[],
            with: &[],
        }
    }

    /// The same at another time.
    pub(crate) const fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    /// As if these registrations were gone.
    pub(crate) const fn without(self, without: &'a [&'a RegistrationId]) -> Self {
        Self { without, ..self }
    }

    /// As if these registrations were there.
    pub(crate) const fn with(self, with: &'a [Coming<'a>]) -> Self {
        Self { with, ..self }
    }

    /// Whether that time has come. If not, the answer may be another then.
    pub(crate) fn reached(&self, time: Timestamp, listener: &mut impl Listener) -> bool {
        let reached = self.now >= time;
        if !reached {
            listener.changes_at(time);
        }
        reached
    }

    /// The registrations that are there.
    pub(crate) fn registrations(&self) -> impl Iterator<Item = &'a Registration> + use<'a> {
        let without = self.without;
        self.account
            .registrations
            .iter()
            .filter(move |registration| !without.contains(&&registration.id))
    }

    pub(crate) fn registration(&self, id: &RegistrationId) -> Option<&'a Registration> {
        self.account
            .registration(id)
            .filter(|registration| !self.without.contains(&&registration.id))
    }
}
