//! How much is sent: texts, calls, mails and notifications.

use mfa_policy::Timestamp;
use serde::{Deserialize, Serialize};

/// Texts, calls and mails to one person within [`WITHIN_SECONDS`], whatever for and in however many challenges.
const MOST: usize = 10;
const WITHIN_SECONDS: i64 = 3_600;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sends {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recent: Vec<Timestamp>,
    /// Notifications since the last success, against approving out of fatigue.
    #[serde(skip_serializing_if = "is_zero")]
    pushes: u32,
    /// The same for sign-in without a password, which anybody can begin: apart, so that nobody can use up the other.
    #[serde(skip_serializing_if = "is_zero")]
    first_factor_pushes: u32,
}

/// A notification for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PushFor {
    SecondStep,
    FirstFactor,
}

impl Sends {
    pub(crate) const fn is_empty(&self) -> bool {
        self.recent.is_empty() && self.pushes == 0 && self.first_factor_pushes == 0
    }

    /// Counts a text, call or mail.
    ///
    /// # Errors
    /// When the next one is possible, if this one is too many or too soon after the last.
    pub(crate) fn send(&mut self, now: Timestamp, resend_seconds: u32) -> Result<(), Timestamp> {
        let since = now.unix_seconds().saturating_sub(WITHIN_SECONDS);
        self.recent.retain(|time| time.unix_seconds() > since);
        if let Some(last) = self.recent.last() {
            let next = last.plus_seconds(resend_seconds);
            if next > now {
                return Err(next);
            }
        }
        if self.recent.len() >= MOST
            && let Some(first) = self.recent.first()
        {
            return Err(Timestamp::from_unix_seconds(
                first.unix_seconds().saturating_add(WITHIN_SECONDS),
            ));
        }
        self.recent.push(now);
        Ok(())
    }

    /// Counts a notification; no if there were `most` since the last success.
    pub(crate) const fn push(&mut self, what: PushFor, most: u32) -> bool {
        let counter = match what {
            PushFor::SecondStep => &mut self.pushes,
            PushFor::FirstFactor => &mut self.first_factor_pushes,
        };
        if *counter >= most {
            return false;
        }
        *counter = counter.saturating_add(1);
        true
    }

    pub(crate) const fn succeeded(&mut self) {
        self.pushes = 0;
        self.first_factor_pushes = 0;
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
