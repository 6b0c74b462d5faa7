//! The default method of two-step verification.

use std::cmp::Reverse;

use serde::Serialize;

use crate::account::{AccountView, Registration};
use crate::case::Case;
use crate::context::Context;
use crate::draft::Sending;
use crate::listener::{Listener, NotDenied, TimesOf};
use crate::method::Method;
use crate::name::RegistrationId;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::subject::Subject;

/// The registration that two-step verification begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DefaultMethod {
    registration: RegistrationId,
    chosen: bool,
    sending: Sending,
}

impl DefaultMethod {
    /// The registration.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// Whether the person chose it. If not, the ranking did.
    #[must_use]
    pub const fn is_chosen(&self) -> bool {
        self.chosen
    }

    /// Whether it is sent without asking.
    #[must_use]
    pub const fn sending(&self) -> Sending {
        self.sending
    }
}

impl Policy {
    /// The default of two-step verification in this context: what the person chose if it can be used, else the first by
    /// ranking that can; among equals the one used last.
    ///
    /// Left out is what is known not to work here. A capability that the context does not state counts as present.
    #[must_use]
    pub fn default_method(
        &self,
        subject: &Subject,
        account: &AccountView,
        context: &Context,
    ) -> Option<DefaultMethod> {
        Case::new(self, subject, account, context).default_method(&mut NotDenied)
    }
}

impl<'a> Case<'a> {
    pub(crate) fn default_method(&self, times: &mut impl Listener) -> Option<DefaultMethod> {
        let (registration, chosen) = self.default_registration(times)?;
        Some(DefaultMethod {
            registration: registration.id.clone(),
            chosen,
            sending: self
                .policy
                .sending(&registration.method)
                .unwrap_or_default(),
        })
    }

    /// The default, and whether the person chose it.
    pub(crate) fn default_registration(
        &self,
        times: &mut impl Listener,
    ) -> Option<(&'a Registration, bool)> {
        let chosen = self.chosen_default().filter(|registration| {
            self.choosable(registration, times)
                && self
                    .works_here(&registration.method, &mut TimesOf(times))
                    .is_continue()
        });
        chosen
            .map(|registration| (registration, true))
            .or_else(|| Some((self.first_by_ranking(times)?, false)))
    }

    fn chosen_default(&self) -> Option<&'a Registration> {
        self.registration(self.account.default.as_ref()?)
    }

    /// The first by ranking that can be used. Recovery codes are for when nothing else is at hand.
    fn first_by_ranking(&self, times: &mut impl Listener) -> Option<&'a Registration> {
        let usable = self.registrations().filter(|registration| {
            registration.method != Method::RecoveryCodes
                && self
                    .usable(registration, Purpose::TwoStep, &mut TimesOf(times))
                    .is_continue()
        });
        usable.min_by_key(|registration| self.place(registration))
    }

    /// What becomes the chosen default when nothing is chosen: the first by ranking that may be chosen.
    pub(crate) fn next_default(&self) -> Option<&'a Registration> {
        let choosable = self
            .registrations()
            .filter(|registration| self.choosable(registration, &mut NotDenied));
        choosable.min_by_key(|registration| self.place(registration))
    }

    /// Where the registration stands among others.
    pub(crate) fn place(&self, registration: &'a Registration) -> impl Ord + use<'a> {
        let rank = self
            .policy
            .rule(&registration.method)
            .map_or(u16::MAX, |rule| rule.rank);
        (rank, Reverse(registration.last_used), &registration.id)
    }
}
