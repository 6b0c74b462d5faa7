//! How much is sent for one kind of thing: texts, calls, mails and notifications.

use mfa_policy::{RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};

/// Texts, calls and mails to one person within [`WITHIN_SECONDS`], whatever for and in however many challenges.
const MOST: usize = 10;
const WITHIN_SECONDS: i64 = 3_600;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sends {
    /// When, and by which registration, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recent: Vec<(Timestamp, RegistrationId)>,
    /// Notifications of the last day since the last success, against approving out of fatigue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pushes: Vec<Timestamp>,
}

impl Sends {
    pub(crate) const fn is_empty(&self) -> bool {
        self.recent.is_empty() && self.pushes.is_empty()
    }

    /// Counts a text, call or mail by a registration.
    ///
    /// # Errors
    /// When the next one is possible, if this one is too many, or too soon after the last by the same registration.
    pub(crate) fn send(
        &mut self,
        by: &RegistrationId,
        now: Timestamp,
        resend_seconds: u32,
    ) -> Result<(), Timestamp> {
        let since = now.unix_seconds().saturating_sub(WITHIN_SECONDS);
        self.recent.retain(|(time, _)| time.unix_seconds() > since);
        let last = self.recent.iter().rev().find(|(_, other)| other == by);
        if let Some((last, _)) = last {
            let next = last.plus_seconds(resend_seconds);
            if next > now {
                return Err(next);
            }
        }
        if self.recent.len() >= MOST
            && let Some((first, _)) = self.recent.first()
        {
            let seconds = first.unix_seconds().saturating_add(WITHIN_SECONDS);
            return Err(Timestamp::from_unix_seconds(seconds));
        }
        self.recent.push((now, by.clone()));
        Ok(())
    }

    /// Counts a notification; no if there were `most` in the last day and since the last success.
    ///
    /// The day is what keeps this from being a weapon: who has the password cannot switch notifications off for good.
    pub(crate) fn push(&mut self, now: Timestamp, most: u32) -> bool {
        let sent = &mut self.pushes;
        sent.retain(|time| time.plus_days(1) > now);
        let room = u32::try_from(sent.len()).is_ok_and(|sent| sent < most);
        if room {
            sent.push(now);
        }
        room
    }

    /// Takes what was sent while our clock was ahead as sent now.
    pub(crate) fn bring_back(&mut self, now: Timestamp) {
        for (time, _) in &mut self.recent {
            *time = now.min(*time);
        }
        for time in &mut self.pushes {
            *time = now.min(*time);
        }
    }

    pub(crate) fn succeeded(&mut self) {
        self.pushes.clear();
    }
}
