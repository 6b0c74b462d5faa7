//! Pairing: an authenticator app reports for the enrolment that a browser shows.

use mfa_policy::RegistrationId;
use subtle::ConstantTimeEq;

use crate::change::Change;
use crate::code;
use crate::device::DeviceKey;
use crate::event::{Class, What};
use crate::operation::Operation;
use crate::proof::Rejected;
use crate::registration::Factor;

/// The longest address of a push service in bytes: those in use have less than a quarter.
const LONGEST_ADDRESS: usize = 1024;

impl Operation<'_> {
    /// Takes the report of an authenticator app: the token that it scanned or that was typed into it, and the address
    /// under which the host's push service reaches it, and the public half of the key with which it is going to answer. The visit is the
    /// app's, in no session.
    ///
    /// A token pairs one app. That it has the other half of the key is shown by the test, whose answer it signs. A test notification goes to it at once; the browser gets the number to show from
    /// [`pending`](Self::pending).
    ///
    /// # Errors
    /// In the outcome: [`Rejected`] if the token is wrong or used, or the enrolment is over.
    pub fn pair(
        mut self,
        registration: &RegistrationId,
        token: &str,
        address: &str,
        key: DeviceKey,
    ) -> Change<Result<(), Rejected>> {
        let given = self.pairing_digest(registration, &code::cleaned_letters(token));
        let open = self.is_in_time() && !self.is_switched_off() && is_address(address);
        let pending = self.account.record.enrolment.as_ref();
        // The hash is of the name and the token together.
        let right = pending
            .and_then(|pending| pending.pairing.as_ref())
            .is_some_and(|expected| bool::from(expected.ct_eq(&given)));
        let pending = self.account.record.enrolment.take_if(|_| open && right);
        let outcome = match pending {
            Some(mut pending) => {
                if self.flow.policy.is_unique(&pending.method) {
                    pending.claim = Some(self.claim("app", address));
                }
                pending.pairing = None;
                pending.factor = Some(Factor::Push {
                    address: address.to_owned(),
                    key,
                });
                self.event_about(
                    What::Paired {
                        result: Class::Accepted,
                    },
                    pending.about(),
                );
                // What cannot be sent now can be sent when the browser asks again.
                let _ = self.send_test(&mut pending);
                self.account.record.enrolment = Some(pending);
                Ok(())
            }
            None => {
                let result = if right { Class::Expired } else { Class::Wrong };
                self.event(What::Paired { result });
                Err(Rejected(()))
            }
        };
        self.finish(outcome)
    }
}

fn is_address(address: &str) -> bool {
    (1..=LONGEST_ADDRESS).contains(&address.len()) && !address.chars().any(char::is_control)
}
