//! What administrators do for others.

use crate::action::Administration;
use crate::case::{Case, Coming};
use crate::change::AddedBy;
use crate::listener::{Flow, Listener};
use crate::method::Method;
use crate::name::RegistrationId;
use crate::reason::Reason;

impl<'a> Case<'a> {
    pub(crate) fn administer(
        &self,
        administration: &'a Administration,
        listener: &mut impl Listener,
    ) -> Flow {
        let within_minutes = match administration {
            Administration::Add { method, device } => {
                let coming = Coming {
                    method,
                    device: device.as_ref(),
                };
                self.added_for_the_person(coming, listener)?;
                self.policy.freshness(method).administer
            }
            Administration::Remove { registration } => {
                match self.existing(registration, listener)? {
                    Some(registration) => self.policy.freshness(&registration.method).administer,
                    None => self.policy.freshness.administer,
                }
            }
            Administration::Unlock
            | Administration::RequireRegistration
            | Administration::RevokeRememberedDevices => self.policy.freshness.administer,
            Administration::IssuePass { minutes, one_time } => {
                let minutes = minutes.unwrap_or(self.policy.temporary_pass.minutes);
                self.issue_pass(minutes, *one_time, listener)?;
                self.policy.freshness(&Method::TemporaryPass).administer
            }
        };
        self.administrator(within_minutes, listener)
    }

    /// Whether an administrator could add this, whoever asks. A pass is issued, and is on no device.
    pub(crate) fn added_for_the_person(
        &self,
        coming: Coming<'a>,
        listener: &mut impl Listener,
    ) -> Flow {
        if *coming.method == Method::TemporaryPass {
            let pass = &self.policy.temporary_pass;
            self.issue_pass(pass.minutes, pass.one_time, listener)
        } else {
            self.addable(coming, AddedBy::Administrator, listener)
                .map_continue(drop)
        }
    }

    /// Whether a pass may be issued, whoever asks.
    pub(crate) fn issue_pass(
        &self,
        asked: u32,
        one_time: bool,
        listener: &mut impl Listener,
    ) -> Flow {
        let rule = self.method_available(&Method::TemporaryPass, listener)?;
        // The earlier pass goes.
        let passes = self
            .registrations()
            .filter(|registration| registration.method == Method::TemporaryPass);
        let earlier: Vec<&RegistrationId> = passes.map(|pass| &pass.id).collect();
        self.without(&earlier)
            .has_room_for(Method::TemporaryPass.coming(), rule, listener)?;
        let pass = &self.policy.temporary_pass;
        let (least, most) = (pass.least_minutes, pass.most_minutes);
        if !(least..=most).contains(&asked) {
            listener.deny(|| Reason::PassMinutes { least, most, asked })?;
        }
        if pass.one_time && !one_time {
            listener.deny(|| Reason::PassMustBeOneTime)?;
        }
        Flow::Continue(())
    }
}
