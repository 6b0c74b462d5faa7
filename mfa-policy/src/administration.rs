//! What administrators do for others.

use crate::action::Administration;
use crate::case::{Case, Coming};
use crate::change::AddedBy;
use crate::listener::{Flow, Listener};
use crate::method::Method;
use crate::reason::Reason;

impl<'a> Case<'a> {
    pub(crate) fn administer(
        &self,
        administration: &'a Administration,
        listener: &mut impl Listener,
    ) -> Flow {
        let general = self.policy.administer_within;
        match administration {
            Administration::Add {
                method: Method::TemporaryPass,
                ..
            } => self.issue_pass(self.policy.temporary_pass.minutes, false, listener),
            Administration::Add { method, device } => {
                let coming = Coming {
                    method,
                    device: device.as_ref(),
                };
                let rule = self.addable(coming, AddedBy::Administrator, listener)?;
                self.administrator(
                    rule.map_or(general, |rule| rule.freshness.administer),
                    listener,
                )
            }
            Administration::Remove { registration } => {
                let registration = self.existing(registration, listener)?;
                let rule =
                    registration.and_then(|registration| self.policy.rule(&registration.method));
                self.administrator(
                    rule.map_or(general, |rule| rule.freshness.administer),
                    listener,
                )
            }
            Administration::Unlock
            | Administration::RequireRegistration
            | Administration::RevokeRememberedDevices => self.administrator(general, listener),
            Administration::IssuePass { minutes, one_time } => self.issue_pass(
                minutes.unwrap_or(self.policy.temporary_pass.minutes),
                *one_time,
                listener,
            ),
        }
    }

    fn issue_pass(&self, asked: u32, one_time: bool, listener: &mut impl Listener) -> Flow {
        let rule = self.method_available(&Method::TemporaryPass, listener)?;
        let pass = &self.policy.temporary_pass;
        let (least, most) = (pass.least_minutes, pass.most_minutes);
        if !(least..=most).contains(&asked) {
            listener.deny(|| Reason::PassMinutes { least, most, asked })?;
        }
        if pass.one_time && !one_time {
            listener.deny(|| Reason::PassMustBeOneTime)?;
        }
        let general = self.policy.administer_within;
        self.administrator(
            rule.map_or(general, |rule| rule.freshness.administer),
            listener,
        )
    }
}
