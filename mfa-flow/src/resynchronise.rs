//! Finding a hardware token again whose clock ran away, or whose button was pressed too often (RFC 4226 §7.4).

use mfa_policy::{Action, Administration, Method, Purpose, RegistrationId, State, Timestamp};
use otp_core::{ConsecutiveCodes, Hotp, ResyncRange, Totp, TypedCode, Verdict};

use crate::change::Change;
use crate::event::{Class, What};
use crate::operation::{Operation, Refused};
use crate::proof::Rejected;
use crate::registration::Factor;
use crate::verify::unix;

impl Operation<'_> {
    /// Finds a hardware token again by two or three codes that it showed one directly after the other: by the person after
    /// the first factor, or by an administrator. The codes are used up, and nothing is proven by them.
    ///
    /// A failure counts on the token, like a wrong code at sign-in.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Rejected`] if the token is not found, is locked or is none; [`Refused::Policy`] for an
    /// administrator who may not unlock.
    pub fn resynchronise(
        mut self,
        registration: &RegistrationId,
        codes: ConsecutiveCodes<'_>,
    ) -> Change<Result<(), Refused>> {
        let result = self.try_resynchronise(registration, codes);
        self.finish(result)
    }

    fn try_resynchronise(
        &mut self,
        registration: &RegistrationId,
        codes: ConsecutiveCodes<'_>,
    ) -> Result<(), Refused> {
        let permitted = self.may_resynchronise(registration)?;
        let class = match permitted {
            Ok(()) => self.find_token(registration, codes),
            Err(class) => class,
        };
        let known = self.account.registered(registration);
        let about = known.map(|token| (token.id.clone(), token.method.clone()));
        self.event_about(What::Resynchronised { result: class }, about);
        match class {
            Class::Accepted => Ok(()),
            Class::Wrong => {
                self.factor_failed(registration);
                Err(Refused::Rejected(Rejected(())))
            }
            _ => Err(Refused::Rejected(Rejected(()))),
        }
    }

    /// Whether the codes are looked at: where a code of the token would be looked at to sign in, or an administrator may end
    /// its lock.
    fn may_resynchronise(
        &mut self,
        registration: &RegistrationId,
    ) -> Result<Result<(), Class>, Refused> {
        if self.visit.administrator.is_some() {
            // It makes a token usable again, and no secret is touched: what unlocking is.
            self.permitted(&Action::Administer(Administration::Unlock))?;
        } else if self.is_switched_off() {
            return Ok(Err(Class::Suspended));
        } else if !self.has_first_factor() {
            return Ok(Err(Class::NoSession));
        }
        let token = self
            .account
            .registered(registration)
            .filter(|token| token.method == Method::HardwareToken);
        let Some(token) = token else {
            return Ok(Err(Class::NoFactor));
        };
        if token.state != State::Active || !token.budget.is_open(self.now()) {
            return Ok(Err(Class::Locked));
        }
        let usable = Action::Use {
            registration: registration.clone(),
            purpose: Purpose::TwoStep,
        };
        let allowed = self.visit.administrator.is_some()
            || self.flow.policy.allows(
                &self.visit.subject,
                &self.account.view(),
                &usable,
                &self.context(),
            );
        Ok(if allowed {
            Ok(())
        } else {
            Err(Class::NotAllowed)
        })
    }

    fn find_token(&mut self, registration: &RegistrationId, codes: ConsecutiveCodes<'_>) -> Class {
        let now = self.now();
        let token = self.account.registered_mut(registration);
        token
            .and_then(|token| token.factor.resynchronise(codes, now))
            .unwrap_or(Class::NoFactor)
    }
}

impl Factor {
    /// Looks for consecutive codes in a wide range, and goes on from there. `None` if nothing of this factor makes codes.
    pub(crate) fn resynchronise(
        &mut self,
        codes: ConsecutiveCodes<'_>,
        now: Timestamp,
    ) -> Option<Class> {
        match codes {
            ConsecutiveCodes::Two(codes) => {
                let codes = codes.map(TypedCode::clean);
                self.search(codes.each_ref().map(TypedCode::as_str).into(), now)
            }
            ConsecutiveCodes::Three(codes) => {
                let codes = codes.map(TypedCode::clean);
                self.search(codes.each_ref().map(TypedCode::as_str).into(), now)
            }
        }
    }

    fn search(&mut self, codes: ConsecutiveCodes<'_>, now: Timestamp) -> Option<Class> {
        let range = ResyncRange::default();
        match self {
            Self::Totp {
                secret,
                parameters,
                used,
                drift,
            } => {
                let totp = Totp::new(secret.secret(), *parameters);
                match totp.resynchronise(codes, unix(now), range, used.up_to()) {
                    Verdict::Accepted(found) if !used.contains(found.step()) => {
                        *drift = found.drift();
                        used.accept(found.step());
                        Some(Class::Accepted)
                    }
                    _ => Some(Class::Wrong),
                }
            }
            Self::Hotp {
                secret,
                parameters,
                next,
            } => {
                let hotp = Hotp::new(secret.secret(), *parameters);
                let found = next.and_then(|next| hotp.resynchronise(codes, next, range).ok());
                match found {
                    Some(Verdict::Accepted(found)) => {
                        *next = Some(found.next());
                        Some(Class::Accepted)
                    }
                    _ => Some(Class::Wrong),
                }
            }
            _ => None,
        }
    }
}
