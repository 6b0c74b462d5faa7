//! The test that a registration has to pass before it counts.

use std::fmt;

use mfa_policy::Method;
use otp_core::{ConsecutiveCodes, TypedCode};
use subtle::ConstantTimeEq;

use crate::budget::Consequence;
use crate::challenge::Sent;
use crate::effect::Notice;
use crate::enrolment::EnrolmentRecord;
use crate::enrolment::misread::{MisreadKey, misread_key};
use crate::event::{Class, What};
use crate::operation::Operation;
use crate::registration::Factor;

/// The longest credential identifier: 1023 bytes (WebAuthn §4) in Base64.
const LONGEST_CREDENTIAL: usize = 1_364;
/// The longest identity of the host's own method in bytes.
const LONGEST_IDENTITY: usize = 512;
/// The most bytes that a host may want to have back.
const MOST_DATA: usize = 4_096;

/// What is brought to pass the test of an enrolment.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Test<'a> {
    /// A code as it was typed: of the app or the token, or as it came by text or mail.
    Code(&'a str),
    /// Two or three codes of a hardware token, one directly after the other: it is found also where its clock is off, or its
    /// button was pressed often.
    ConsecutiveCodes(ConsecutiveCodes<'a>),
    /// "I have approved it": collects what the authenticator app or the telephone said.
    Approved,
    /// The credential that the host's WebAuthn library registered.
    SecurityKey(NewSecurityKey<'a>),
    /// What the host verified of its own method.
    External(NewExternal<'a>),
}

impl fmt::Debug for Test<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Test(redacted)")
    }
}

/// A credential of a security key, after the host's WebAuthn library verified its registration.
#[derive(Clone, Copy, Debug)]
pub struct NewSecurityKey<'a> {
    /// The credential identifier as text, at most 1364 bytes. It is registered once in the organisation (WebAuthn §7.1).
    pub credential: &'a str,
    /// What the library wants to have back at each use: the public key and whatever else, at most 4096 bytes.
    pub data: &'a str,
    /// The sign count; 0 if the key has none.
    pub sign_count: u32,
    /// Whether the key verified its user by PIN or biometrics. Without it the key is refused.
    pub user_verified: bool,
}

/// What the host verified of its own method.
#[derive(Clone, Copy, Debug)]
pub struct NewExternal<'a> {
    /// What tells it from others of its kind, such as the fingerprint of a certificate: 1 to 512 bytes.
    pub identity: &'a str,
    /// What the host wants to have back at each use, at most 4096 bytes.
    pub data: &'a str,
}

impl Operation<'_> {
    /// What a new key or method of the host's own is, which only its test tells. `None` for a test of another kind.
    pub(super) fn brought(
        &self,
        pending: &EnrolmentRecord,
        test: Test<'_>,
    ) -> Option<Result<Brought, Class>> {
        match (test, &pending.method) {
            (Test::SecurityKey(key), Method::SecurityKey) => {
                let right = (1..=LONGEST_CREDENTIAL).contains(&key.credential.len())
                    && key.data.len() <= MOST_DATA
                    && key.user_verified;
                Some(if right {
                    Ok(Brought {
                        kind: "credential",
                        identity: key.credential.to_owned(),
                        factor: Factor::SecurityKey {
                            credential: key.credential.to_owned(),
                            data: key.data.to_owned(),
                            sign_count: key.sign_count,
                        },
                    })
                } else {
                    Err(Class::Wrong)
                })
            }
            (Test::External(new), method @ Method::External(_)) => {
                let right = (1..=LONGEST_IDENTITY).contains(&new.identity.len())
                    && new.data.len() <= MOST_DATA;
                Some(if right {
                    Ok(Brought {
                        kind: "external",
                        identity: format!("{method} {}", new.identity),
                        factor: Factor::External {
                            data: new.data.to_owned(),
                        },
                    })
                } else {
                    Err(Class::Wrong)
                })
            }
            _ => None,
        }
    }

    /// Whether the test is passed, and what a code that is not right tells.
    pub(super) fn check_test(&mut self, test: Test<'_>) -> (Class, Option<MisreadKey>) {
        let (now, window) = (self.now(), self.flow.window);
        let Some(pending) = self.account.record.enrolment.as_ref() else {
            return (Class::NoFactor, None);
        };
        match test {
            Test::Code(typed) => {
                let typed = TypedCode::clean(typed);
                let given = self.test_digest(&pending.id, typed.as_str());
                let Some(pending) = self.account.record.enrolment.as_mut() else {
                    return (Class::NoFactor, None);
                };
                let made = pending
                    .factor
                    .as_mut()
                    .and_then(|factor| factor.check_made_code(&typed, now, window));
                if let Some(class) = made {
                    let misread = (class == Class::Wrong)
                        .then(|| misread_key(pending, &typed, now, window))
                        .flatten();
                    return (class, misread);
                }
                let asked = pending.asked.as_ref();
                let Some((Sent::Code { digest }, until)) =
                    asked.map(|asked| (&asked.sent, asked.until))
                else {
                    return (Class::NoFactor, None);
                };
                let class = match (bool::from(digest.ct_eq(&given)), until > now) {
                    (true, true) => Class::Accepted,
                    (true, false) => Class::Expired,
                    (false, _) => Class::Wrong,
                };
                (class, None)
            }
            Test::ConsecutiveCodes(codes) if pending.method == Method::HardwareToken => {
                let pending = self.account.record.enrolment.as_mut();
                let factor = pending.and_then(|pending| pending.factor.as_mut());
                let class = factor.and_then(|factor| factor.resynchronise(codes, now));
                (class.unwrap_or(Class::NoFactor), None)
            }
            Test::Approved => {
                let asked = pending.asked.as_ref().filter(|asked| asked.until > now);
                let class = match asked.map(|asked| &asked.sent) {
                    Some(Sent::Push { approved: true, .. } | Sent::Call { approved: true }) => {
                        Class::Accepted
                    }
                    Some(Sent::Code { .. }) => Class::NoFactor,
                    _ => Class::Waiting,
                };
                (class, None)
            }
            // What the host verified was looked at before.
            Test::SecurityKey(_) if pending.method == Method::SecurityKey => {
                (Class::Accepted, None)
            }
            Test::External(_) if matches!(pending.method, Method::External(_)) => {
                (Class::Accepted, None)
            }
            _ => (Class::NoFactor, None),
        }
    }

    /// Counts a failed test on the account, so that beginning again gives no new guesses.
    pub(super) fn test_failed(&mut self, class: Class) {
        let about = self.account.record.enrolment.as_ref();
        let about = about.and_then(EnrolmentRecord::about);
        let method = about.as_ref().map(|(_, method)| method.clone());
        self.event_about(What::EnrolmentTested { result: class }, about.clone());
        let counts = matches!(class, Class::Wrong | Class::Replayed | Class::Expired);
        let Some(method) = method.filter(|_| counts) else {
            return;
        };
        let (now, limits) = (self.now(), self.flow.policy.lockout());
        let (until, first) = match self.account.record.enrolling.fail(now, limits) {
            Consequence::Counted => return,
            Consequence::Locked { until, first } => {
                self.event_about(What::Locked { until }, about);
                (Some(until), first)
            }
            Consequence::Disabled => {
                self.event_about(What::Disabled, about);
                (None, true)
            }
        };
        if first {
            self.notify(Notice::Locked { method, until });
        }
    }

    /// Whether a test is looked at: not while there were too many failures, whichever enrolment they were in.
    pub(super) fn tests_are_open(&self) -> bool {
        let (now, limits) = (self.now(), self.flow.policy.lockout());
        self.account.record.enrolling.may_be_used(now, limits)
    }
}

/// What is known of a registration by its test only.
pub(super) struct Brought {
    pub(super) kind: &'static str,
    pub(super) identity: String,
    pub(super) factor: Factor,
}
