//! Wrong passwords: how many in a row, and a lock that grows (Entra's smart lockout).
//!
//! The host has the password's hash and looks at it; what is counted stands on the account. An attempt is counted before anybody
//! looks, so of many at once no more count for nothing than of as many one after the other.

use mfa_policy::{PasswordLockout, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};

use crate::budget::Failures;
use crate::change::Change;
use crate::effect::Notice;
use crate::event::{Class, What};
use crate::hashing::{Digest, Domain};
use crate::key::AccountKey;
use crate::operation::Operation;

/// The longest lock: five hours, as long as a policy lets the first one be.
const LONGEST_LOCK_SECONDS: u32 = 18_000;

/// Attempts whose time is kept for telling the person.
const RECENT: usize = 10;

/// What the password of one account has been through.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasswordRecord {
    /// Attempts in a row of which none was said to be right.
    failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_until: Option<Timestamp>,
    /// Whether the person was told of a lock since the last success.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    told: bool,
    /// The last of them, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recent: Vec<Tried>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tried {
    at: Timestamp,
    /// What was typed, if it is one of the last values that are not counted twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Digest>,
}

/// What came of counting an attempt.
struct Reserved {
    open: bool,
    counted: bool,
    /// It was one too many: if it is not right, it locked until then.
    locked: Option<Timestamp>,
}

/// A password that was typed and is counted as wrong, until [`Operation::password_was_right`] takes it back.
#[derive(Debug)]
#[must_use = "verify the password, and if it is right say so by `password_was_right`"]
pub struct PasswordTry {
    key: AccountKey,
    value: Digest,
    at: Timestamp,
    counted: bool,
    open: bool,
}

impl PasswordTry {
    /// Whether the password counts. If not, there were too many wrong ones, and [`Operation::password_was_right`] rejects it whatever it
    /// is.
    ///
    /// # Security
    /// Verify the password all the same, so that it takes as long, and ask this afterwards: `is_right && tried.is_open()`. Who went on to
    /// be rejected would show by the time that takes that a guess was right while none was to be looked at.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    pub(crate) fn is_of(&self, key: &AccountKey) -> bool {
        self.key == *key
    }
}

impl PasswordRecord {
    pub(crate) const fn is_empty(&self) -> bool {
        self.failures == 0 && self.locked_until.is_none() && self.recent.is_empty()
    }

    pub(crate) const fn locked_until(&self) -> Option<Timestamp> {
        self.locked_until
    }

    /// When a password was last typed that was not right.
    pub(crate) fn last(&self) -> Option<Timestamp> {
        self.recent.last().map(|tried| tried.at)
    }

    /// Counts an attempt before it is looked at.
    fn reserve(&mut self, value: Digest, now: Timestamp, limits: &PasswordLockout) -> Reserved {
        let open = self.locked_until.is_none_or(|until| until <= now);
        // Every one is compared, so that the time tells nothing of the place.
        let known = self.recent.iter().fold(Choice::from(0), |known, tried| {
            known | tried.value.unwrap_or(Digest::NONE).ct_eq(&value)
        });
        let counted = open && !bool::from(known);
        let mut locked = None;
        if counted {
            self.failures = self.failures.saturating_add(1);
            if self.recent.len() >= RECENT {
                self.recent.remove(0);
            }
            self.recent.push(Tried {
                at: now,
                value: Some(value),
            });
            let kept = usize::try_from(limits.remembered_values()).unwrap_or(0);
            for old in self.recent.iter_mut().rev().skip(kept) {
                old.value = None;
            }
            locked = lock(self.failures, limits).map(|seconds| now.plus_seconds(seconds));
            self.locked_until = locked;
        }
        Reserved {
            open,
            counted,
            locked,
        }
    }

    /// Clears what is counted, and says how many there were besides the right one.
    pub(crate) fn succeed(&mut self, right: &PasswordTry) -> Failures {
        let mut failed = std::mem::take(self);
        let recent = &mut failed.recent;
        // Whatever was counted for the right value was no failure: a button is pressed twice.
        let same = |tried: &Tried| {
            let value = tried.value.unwrap_or(Digest::NONE);
            bool::from(value.ct_eq(&right.value))
        };
        let place = recent.iter().position(same).or_else(|| {
            let mut recent = recent.iter();
            recent.rposition(|tried| right.counted && tried.at == right.at)
        });
        if let Some(place) = place {
            recent.remove(place);
            failed.failures = failed.failures.saturating_sub(1);
        }
        let times = recent.iter().map(|tried| tried.at).collect();
        Failures::new(failed.failures, times)
    }

    /// Ends the lock. The next wrong password locks again at once.
    pub(crate) const fn unlock(&mut self) {
        self.locked_until = None;
    }

    /// Takes what was counted while our clock was ahead as counted now. A lock ends no later than the longest that begins now would.
    pub(crate) fn bring_back(&mut self, now: Timestamp) {
        for tried in &mut self.recent {
            tried.at = now.min(tried.at);
        }
        let latest = now.plus_seconds(LONGEST_LOCK_SECONDS);
        self.locked_until = self.locked_until.map(|until| until.min(latest));
    }
}

/// How long so many failures lock, in seconds: from the policy's number on, twice as long with each one more.
fn lock(failures: u32, limits: &PasswordLockout) -> Option<u32> {
    let doublings = failures.checked_sub(limits.failures())?.min(31);
    let seconds = limits.seconds().saturating_mul(1_u32 << doublings);
    Some(seconds.min(LONGEST_LOCK_SECONDS))
}

impl Operation<'_> {
    /// Counts a password that was typed, before the host looks at it. When this is durable verify it, and if it is right and the try
    /// [`is_open`](PasswordTry::is_open) go on with [`password_was_right`](Self::password_was_right). Else nothing more is to be done.
    ///
    /// After as many wrong ones in a row as the policy's `password_lockout` has, nothing is accepted for a while; then each wrong one
    /// locks again, for twice as long, up to five hours. The last wrong values are not counted twice. A lock touches no second
    /// step, no session and no other way in. The person is told with the next attempt, because the one that locked may have been right.
    ///
    /// For a name that nobody has do it on [`Flow::decoy`](crate::Flow::decoy), and verify a hash that nothing has.
    ///
    /// # Security
    /// The outcome is the same, in shape and in work, whether there is such a person, is locked or switched off. Of what is typed a keyed
    /// hash is kept while it is one of the last wrong values; of the right password, until it is found to be right.
    pub fn password_tried(mut self, typed: &str) -> Change<PasswordTry> {
        let (now, limits) = (self.now(), self.flow.policy.password_lockout());
        let value = self.digest(Domain::Password, &[], typed.as_bytes());
        let record = &mut self.account.record.password;
        let was_locked = record.locked_until.is_some();
        let reserved = record.reserve(value, now, limits);
        let result = if self.account.key().is_decoy() {
            Class::UnknownPerson
        } else if self.is_switched_off() {
            Class::Suspended
        } else if reserved.open {
            Class::Waiting
        } else {
            Class::Locked
        };
        self.event(What::PasswordTried { result });
        if let Some(until) = reserved.locked {
            self.event(What::PasswordLocked { until });
        }
        if was_locked && matches!(result, Class::Waiting | Class::Locked) {
            self.tell_of_password_lock();
        }
        let tried = PasswordTry {
            key: self.account.key().clone(),
            value,
            at: now,
            counted: reserved.counted,
            open: reserved.open,
        };
        self.finish(tried)
    }

    /// Once is enough: who guesses must not fill a mailbox as well.
    fn tell_of_password_lock(&mut self) {
        let record = &mut self.account.record.password;
        if let Some(until) = record.locked_until.filter(|_| !record.told) {
            record.told = true;
            self.notify(Notice::PasswordLocked { until });
        }
    }
}
