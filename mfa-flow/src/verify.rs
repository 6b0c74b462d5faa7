//! Whether an answer is right. Everything here is the same work, whichever way it ends.

use mfa_policy::{Method, RegistrationId, Timestamp};
use otp_core::{Hotp, LookAhead, Totp, TypedCode, UnixTime, Verdict, Window};
use subtle::{Choice, ConstantTimeEq};

use crate::answer::Answer;
use crate::challenge::Sent;
use crate::clock;
use crate::code;
use crate::event::{Class, What};
use crate::id::ChallengeId;
use crate::operation::Operation;
use crate::password;
use crate::registration::Factor;

impl Operation<'_> {
    /// Checks the answer of a registration that may answer, and uses up what it used.
    pub(crate) fn check(
        &mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        answer: Answer<'_>,
    ) -> Class {
        match answer {
            Answer::Code(typed) => self.check_code(challenge, registration, typed),
            Answer::Approved => self.check_approval(challenge, registration),
            Answer::SecurityKey(result) => self.check_security_key(registration, result),
            Answer::Questions(answers) => self.check_questions(challenge, registration, answers),
            Answer::External => match self.account.registered(registration).map(|r| &r.method) {
                Some(Method::External(_)) => Class::Accepted,
                _ => Class::NoFactor,
            },
        }
    }

    /// The work of checking an answer, where none is looked at.
    pub(crate) fn check_nothing(
        &self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        answer: Answer<'_>,
    ) {
        match answer {
            Answer::Code(typed) if self.is_pass(registration) => {
                let typed = code::cleaned_letters(typed);
                std::hint::black_box(password::matches(&self.flow.hash_key, &typed, ""));
            }
            Answer::Code(typed) => {
                let typed = TypedCode::clean(typed);
                let nothing = self.flow.nobody.verify(
                    typed.as_str(),
                    unix(self.now()),
                    self.flow.window,
                    None,
                );
                std::hint::black_box(nothing.accepted());
                std::hint::black_box(self.sent_digest(challenge, registration, typed.as_str()));
            }
            Answer::Questions(answers) => {
                std::hint::black_box(self.compare(answers, &[]));
            }
            Answer::Approved | Answer::SecurityKey(_) | Answer::External => {}
        }
    }

    /// Whether this is a pass, or what is shown for one where there is none: its password hash is what takes time.
    fn is_pass(&self, registration: &RegistrationId) -> bool {
        match self.account.registered(registration) {
            Some(registered) => registered.method == Method::TemporaryPass,
            None => self.decoy_choice(Method::TemporaryPass).registration == *registration,
        }
    }

    fn check_code(
        &mut self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        typed: &str,
    ) -> Class {
        let now = self.now();
        if let Some(Factor::RecoveryCodes { .. } | Factor::TemporaryPass { .. }) = self
            .account
            .registered(registration)
            .map(|registered| &registered.factor)
        {
            return self.check_letters(registration, typed);
        }
        let typed = TypedCode::clean(typed);
        let given = self.sent_digest(challenge, registration, typed.as_str());
        let window = self.flow.window;
        let Some(registered) = self
            .account
            .record
            .registrations
            .iter_mut()
            .find(|r| r.id == *registration)
        else {
            return Class::NoFactor;
        };
        if let Some(class) = registered.factor.check_made_code(&typed, now, window) {
            return class;
        }
        match &registered.factor {
            Factor::Phone { .. } | Factor::Email { .. } => {
                let Some(asked) = self
                    .account
                    .challenge(challenge)
                    .and_then(|challenge| challenge.asked.as_ref())
                else {
                    return Class::Wrong;
                };
                let Sent::Code { digest } = &asked.sent else {
                    return Class::Wrong;
                };
                let right = bool::from(digest.ct_eq(&given)) && asked.registration == *registration;
                match (right, asked.until > now) {
                    (true, true) => Class::Accepted,
                    (true, false) => Class::Expired,
                    (false, _) => Class::Wrong,
                }
            }
            _ => Class::NoFactor,
        }
    }

    /// A recovery code or a pass.
    fn check_letters(&mut self, registration: &RegistrationId, typed: &str) -> Class {
        let typed = code::cleaned_letters(typed);
        let given = self.recovery_code_digest(registration, &typed);
        let key = &self.flow.hash_key;
        let Some(registered) = self
            .account
            .record
            .registrations
            .iter_mut()
            .find(|r| r.id == *registration)
        else {
            return Class::NoFactor;
        };
        match &mut registered.factor {
            Factor::RecoveryCodes { unused } => {
                // Every code of the set is compared, whichever it is.
                let before = unused.len();
                let right = unused
                    .iter()
                    .fold(Choice::from(0), |right, code| right | code.ct_eq(&given));
                if bool::from(right) {
                    unused.retain(|code| !bool::from(code.ct_eq(&given)));
                }
                if unused.len() < before {
                    Class::Accepted
                } else {
                    Class::Wrong
                }
            }
            Factor::TemporaryPass { hash, validity } => {
                // INVARIANT: the policy has let a pass through that is valid now.
                if password::matches(key, &typed, hash) {
                    validity.used = true;
                    Class::Accepted
                } else {
                    Class::Wrong
                }
            }
            _ => Class::NoFactor,
        }
    }

    fn check_approval(&mut self, challenge: ChallengeId, registration: &RegistrationId) -> Class {
        let now = self.now();
        let Some(asked) = self
            .account
            .challenge(challenge)
            .and_then(|challenge| challenge.asked.as_ref())
        else {
            return Class::Waiting;
        };
        let approved = matches!(
            asked.sent,
            Sent::Push { approved: true, .. } | Sent::Call { approved: true }
        );
        if approved && asked.registration == *registration && asked.until > now {
            Class::Accepted
        } else {
            Class::Waiting
        }
    }

    fn check_security_key(
        &mut self,
        registration: &RegistrationId,
        result: crate::answer::SecurityKeyResult<'_>,
    ) -> Class {
        let Some(registered) = self.account.registered_mut(registration) else {
            return Class::NoFactor;
        };
        let about = Some((registered.id.clone(), registered.method.clone()));
        let Factor::SecurityKey {
            credential,
            sign_count,
            ..
        } = &mut registered.factor
        else {
            return Class::NoFactor;
        };
        if *credential != result.credential || !result.user_verified {
            return Class::Wrong;
        }
        // WebAuthn §6.1.1: a count that does not grow is the sign of a copy; keys without one always say 0.
        if result.sign_count <= *sign_count && (result.sign_count, *sign_count) != (0, 0) {
            self.event_about(What::SecurityKeyCopied, about);
            return Class::Wrong;
        }
        *sign_count = result.sign_count;
        Class::Accepted
    }
}

impl Factor {
    /// Checks a code that an app or a token makes, and uses it up. `None` if nothing of this factor makes codes.
    pub(crate) fn check_made_code(
        &mut self,
        typed: &TypedCode,
        now: Timestamp,
        window: Window,
    ) -> Option<Class> {
        Some(match self {
            Factor::Totp {
                secret,
                parameters,
                used,
                drift,
            } => {
                let totp = Totp::new(secret.secret(), *parameters);
                let present = totp.step_at(unix(now)).unwrap_or_default();
                let end = clock::window_end(present, window, *drift);
                // Without the last step, so that the log can tell wrong from used; a match is accepted above it only.
                let verdict =
                    totp.verify(typed.as_str(), unix(now), window.centred_on(*drift), None);
                match verdict {
                    _ if used.up_to() > Some(end) => Class::ClockBehind,
                    Verdict::Rejected => Class::Wrong,
                    Verdict::Accepted(accepted) if used.contains(accepted.step()) => {
                        Class::Replayed
                    }
                    Verdict::Accepted(accepted) => {
                        *drift = drift.learned(&accepted);
                        used.accept(accepted.step());
                        Class::Accepted
                    }
                }
            }
            Factor::Hotp {
                secret,
                parameters,
                next,
            } => {
                let Some(expected) = *next else {
                    return Some(Class::Wrong);
                };
                match Hotp::new(secret.secret(), *parameters).verify(
                    typed.as_str(),
                    expected,
                    look_ahead(),
                ) {
                    Ok(Verdict::Accepted(accepted)) => {
                        *next = Some(accepted.next());
                        Class::Accepted
                    }
                    Ok(Verdict::Rejected) => Class::Wrong,
                    Err(otp_core::Exhausted) => {
                        *next = None;
                        Class::Wrong
                    }
                }
            }
            _ => return None,
        })
    }
}

/// Two more counters than the next one: three places for a guess, as a window of one step has, so that the limits of
/// failures mean the same for both.
pub(crate) fn look_ahead() -> LookAhead {
    LookAhead::new(2).unwrap_or_default()
}

/// The time as otp-core has it. What was before 1970 is before every step.
pub(crate) fn unix(now: Timestamp) -> UnixTime {
    UnixTime::from_secs(u64::try_from(now.unix_seconds()).unwrap_or(0))
}
