//! The account: one versioned value for each person.

use std::fmt;

use mfa_policy::{AccountView, Method, RegistrationId, State, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::budget::Budget;
use crate::challenge::ChallengeRecord;
use crate::change::Claim;
use crate::contact::Contact;
use crate::decoy_row;
use crate::enrolment::EnrolmentRecord;
use crate::history::HistoryEntry;
use crate::key::AccountKey;
use crate::password_try::PasswordRecord;
use crate::registration::Registered;
use crate::remembered::RememberedDevice;
use crate::reset::ResetRecord;
use crate::sends::Sends;
use crate::session::SessionRecord;

/// The version of the stored form. A higher one is refused.
pub(crate) const SCHEMA: u16 = 1;

/// The size of the stored form at which nothing more is added: below the 64 KiB that a store takes, so that there is always
/// room for a sign-in. 64 KiB are more than any person needs; what could fill them is data that a host keeps with its methods.
const FULL: usize = 40 * 1024;

/// How often an account was changed. A store compares it before it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// Nothing is stored yet.
    pub const ABSENT: Self = Self(0);

    /// A version as a store kept it.
    #[must_use]
    pub const fn new(version: u64) -> Self {
        Self(version)
    }

    /// The number, to be stored.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    pub(crate) const fn next(self) -> Self {
        // Nobody changes an account 2^64 times; and if, the store finds the version unchanged, and denies.
        Self(self.0.saturating_add(1))
    }
}

/// Everything that is kept of one person: registrations with their secrets, what is pending, challenges, sessions, budgets.
///
/// Load it, hand it to [`Flow::on`](crate::Flow::on), commit what comes back. An operation takes the account, so that nobody decides twice on
/// one state. No `Clone`, no `Serialize`: it holds secrets. [`to_stored`](Self::to_stored) is what a store seals and keeps.
pub struct Account {
    pub(crate) key: AccountKey,
    pub(crate) version: Version,
    pub(crate) record: Record,
    /// What a store found claimed by somebody else in the last attempt.
    pub(crate) taken: Vec<Claim>,
    /// In the row of decoys: what is kept for the other names.
    beside: decoy_row::Beside,
}

/// The stored form.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) schema: u16,
    /// The host has switched the account off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) suspended: bool,
    /// INVARIANT: at most 256, each identifier once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) registrations: Vec<Registered>,
    /// The registration that waits for its test. One at a time (SP 800-63B-4 §4.1.2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) enrolment: Option<EnrolmentRecord>,
    /// Failed tests of enrolments, whatever was enrolled.
    #[serde(skip_serializing_if = "Budget::is_empty")]
    pub(crate) enrolling: Budget,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) challenges: Vec<ChallengeRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sessions: Vec<SessionRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<RegistrationId>,
    #[serde(skip_serializing_if = "ResetRecord::is_empty")]
    pub(crate) reset: ResetRecord,
    #[serde(skip_serializing_if = "Sends::is_empty")]
    pub(crate) sends: Sends,
    /// For signing in without a password.
    #[serde(skip_serializing_if = "Sends::is_empty")]
    pub(crate) first_factor_sends: Sends,
    #[serde(skip_serializing_if = "PasswordRecord::is_empty")]
    pub(crate) password: PasswordRecord,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remembered: Vec<RememberedDevice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reconfirmed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) campaign_snoozed: Option<Timestamp>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) campaign_skips: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) history: Vec<HistoryEntry>,
}

/// Stored bytes that are no account of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// Written by a newer version of this crate.
    #[error("the account was written by a newer version")]
    Newer,
    /// Not what this crate wrote.
    #[error("the stored account cannot be read")]
    Malformed,
}

impl Account {
    /// The account of somebody of whom nothing is stored yet.
    #[must_use]
    pub fn absent(key: AccountKey) -> Self {
        Self {
            key,
            version: Version::ABSENT,
            record: Record {
                schema: SCHEMA,
                ..Record::default()
            },
            taken: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// An account from what [`to_stored`](Self::to_stored) gave.
    ///
    /// # Errors
    /// The bytes were written by a newer version, or are not an account. The error repeats nothing of them.
    pub fn from_stored(
        key: AccountKey,
        version: Version,
        stored: &[u8],
    ) -> Result<Self, StoredError> {
        #[derive(Deserialize)]
        struct Schema {
            schema: u16,
        }
        let Schema { schema } =
            serde_json::from_slice(stored).map_err(|_| StoredError::Malformed)?;
        if schema > SCHEMA {
            return Err(StoredError::Newer);
        }
        let mut account = Self::absent(key);
        account.version = version;
        if let Some(typed) = account.key.typed_name() {
            let (own, beside) =
                decoy_row::read(stored, typed).map_err(|_| StoredError::Malformed)?;
            account.record = own.unwrap_or(account.record);
            account.beside = beside;
        } else {
            account.record = serde_json::from_slice(stored).map_err(|_| StoredError::Malformed)?;
        }
        Ok(account)
    }

    /// The stored form: JSON with its schema version.
    ///
    /// # Security
    /// It holds every secret of the account in clear. Seal it before it is written anywhere.
    #[must_use]
    pub fn to_stored(&self) -> Zeroizing<Vec<u8>> {
        // Grown in advance: a vector that moves leaves its secrets behind.
        let mut stored = Zeroizing::new(Vec::with_capacity(16 * 1024));
        let written = match self.key.typed_name() {
            Some(typed) => decoy_row::write(typed, &self.record, &self.beside, &mut stored),
            None => serde_json::to_writer(&mut *stored, &self.record),
        };
        #[expect(clippy::expect_used, reason = "maps with text as keys, into memory")]
        written.expect("a record is JSON");
        stored
    }

    /// Whose account.
    #[must_use]
    pub const fn key(&self) -> &AccountKey {
        &self.key
    }

    /// The version.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The account after a store found these claims taken by another account, for deciding once more.
    #[must_use]
    pub fn with_taken(mut self, claims: &[Claim]) -> Self {
        self.taken.extend_from_slice(claims);
        self
    }

    /// The account as a policy sees it, without secrets: for [`Policy::overview`](mfa_policy::Policy::overview).
    #[must_use]
    pub fn view(&self) -> AccountView {
        let pending = self.record.enrolment.iter().map(EnrolmentRecord::view);
        let registrations = self.record.registrations.iter().map(Registered::view);
        // INVARIANT: identifiers are random and few, so the view is never refused; and if, nothing is registered: deny.
        let mut view = AccountView::new(registrations.chain(pending)).unwrap_or_default();
        if let Some(default) = &self.record.default {
            view = view.with_default(default.clone());
        }
        if let Some(until) = self.record.reset.locked_until {
            view = view.with_reset_locked_until(until);
        }
        if let Some(time) = self.record.reconfirmed {
            view = view.with_reconfirmed(time);
        }
        if let Some(time) = self.record.campaign_snoozed {
            view = view.with_campaign_snoozed(time, self.record.campaign_skips);
        }
        view
    }

    /// The registrations, for a page that lists them: nothing secret.
    pub fn registrations(&self) -> impl Iterator<Item = &Registered> {
        self.record.registrations.iter()
    }

    /// What was ever bound to the account, and when and by whom it was bound and removed (SP 800-63B-4 §4.1), oldest first.
    #[must_use]
    pub fn history(&self) -> &[HistoryEntry] {
        &self.record.history
    }

    /// Whether the host has switched the account off.
    #[must_use]
    pub const fn is_suspended(&self) -> bool {
        self.record.suspended
    }

    /// Until when passwords are not accepted, or were not, after too many wrong ones since the last right one.
    #[must_use]
    pub const fn password_locked_until(&self) -> Option<Timestamp> {
        self.record.password.locked_until()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.to_stored().len() > FULL
    }

    /// Where registrations reach the person that were tested: a disabled one is still his.
    pub(crate) fn contacts(&self) -> Vec<Contact> {
        let tested = self.registrations().filter(|r| r.state != State::Pending);
        tested.filter_map(Registered::contact).collect()
    }

    pub(crate) fn registered(&self, id: &RegistrationId) -> Option<&Registered> {
        self.record.registrations.iter().find(|r| r.id == *id)
    }

    pub(crate) fn registered_mut(&mut self, id: &RegistrationId) -> Option<&mut Registered> {
        self.record.registrations.iter_mut().find(|r| r.id == *id)
    }

    pub(crate) fn of_method<'a>(
        &'a self,
        method: &'a Method,
    ) -> impl Iterator<Item = &'a Registered> {
        self.record
            .registrations
            .iter()
            .filter(move |r| r.method == *method)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("key", &self.key)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
