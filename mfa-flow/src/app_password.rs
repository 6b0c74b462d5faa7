//! App passwords: for a client that cannot do two steps, one for each.

use mfa_policy::{Action, Method, PersonId, Purpose, RegistrationId, Timestamp};
use subtle::ConstantTimeEq;

use crate::change::Change;
use crate::code;
use crate::effect::Notice;
use crate::event::{Class, What};
use crate::hashing::{Digest, Domain};
use crate::key::{AccountKey, TenantId};
use crate::naming::checked_name;
use crate::operation::{Operation, Refused};
use crate::proof::Rejected;
use crate::registration::Factor;
use crate::secret::SecretString;

/// Characters of an app password: 120 bits, see [`Operation::use_app_password`].
const LETTERS: usize = 24;

/// A new app password. It is shown once: nothing can read it again.
#[derive(Debug)]
pub struct AppPassword {
    registration: RegistrationId,
    password: SecretString,
}

impl AppPassword {
    /// The registration, for removing it.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The password, in groups for reading. Spaces, hyphens and case do not matter when it is typed.
    #[must_use]
    pub const fn password(&self) -> &SecretString {
        &self.password
    }
}

/// A client that cannot do two steps gave an app password. It opens what such clients need and nothing else: no session, and
/// nothing of the account can be changed by it.
#[must_use = "let the client in by this"]
#[derive(Debug)]
pub struct AppPasswordUse {
    key: AccountKey,
    registration: RegistrationId,
    name: String,
    at: Timestamp,
}

impl AppPasswordUse {
    /// The tenant.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        self.key.tenant()
    }

    /// The person.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        self.key.person()
    }

    /// Which app password.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The name that the person gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl Operation<'_> {
    /// Makes an app password. `name` is what the person calls the client.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], for example beyond the limit of the policy's pool, and [`Refused::Invalid`] for a
    /// name that is empty, longer than 64 characters, or holds characters that are not seen.
    pub fn create_app_password(mut self, name: &str) -> Change<Result<AppPassword, Refused>> {
        let outcome = self.new_app_password(name);
        self.finish(outcome)
    }

    fn new_app_password(&mut self, name: &str) -> Result<AppPassword, Refused> {
        self.permitted(&Action::CreateAppPassword)?;
        let name = checked_name(name)?;
        self.adopt(&Action::CreateAppPassword);
        self.end_pending();
        let letters = code::letters(LETTERS, self.rng);
        let digest = self.app_password_digest(letters.expose());
        let registration = crate::id::registration(self.rng);
        let method = Method::AppPassword;
        self.bind_at_once(
            registration.clone(),
            method.clone(),
            name.clone(),
            Factor::AppPassword { digest },
        );
        self.notify(Notice::Added { method, name });
        Ok(AppPassword {
            registration,
            password: code::grouped(&letters),
        })
    }

    /// Checks an app password, for a client that cannot do two steps and that gives nothing else.
    ///
    /// Failures are told to the audit log and counted nowhere. Anybody who knows a name can try, so a limit would let anybody
    /// shut out the mail of somebody else, and a client that goes on with a password that was removed would shut out all the
    /// others. A limit would gain nothing either: below 64 bits SP 800-63B-4 §3.1.2.2 asks for one, and these have 120.
    /// Limit how often one address of the network may ask before you call this, as it costs a write of the account.
    ///
    /// # Errors
    /// In the outcome: [`Rejected`].
    pub fn use_app_password(mut self, password: &str) -> Change<Result<AppPasswordUse, Rejected>> {
        let found = self.find_app_password(password);
        let (class, about) = match found {
            _ if self.account.key().is_decoy() => (Class::UnknownPerson, None),
            None => (Class::Wrong, None),
            found if self.is_switched_off() => (Class::Suspended, found),
            Some(id) if !self.may_use_app_password(&id) => (Class::NotAllowed, Some(id)),
            found => (Class::Accepted, found),
        };
        self.event_about(
            What::AppPasswordUsed { result: class },
            about.clone().map(|id| (id, Method::AppPassword)),
        );
        let (key, now) = (self.account.key().clone(), self.now());
        let used = about
            .filter(|_| class == Class::Accepted)
            .and_then(|id| self.account.registered_mut(&id));
        let outcome = match used {
            Some(registered) => {
                registered.last_used = Some(now);
                Ok(AppPasswordUse {
                    key,
                    registration: registered.id.clone(),
                    name: registered.name.clone(),
                    at: now,
                })
            }
            None => Err(Rejected(())),
        };
        self.finish(outcome)
    }

    /// Every app password of the account is compared, whichever it is.
    fn find_app_password(&self, password: &str) -> Option<RegistrationId> {
        let given = self.app_password_digest(&code::cleaned_letters(password));
        let all = self.account.registrations();
        let found = all.fold(None, |found, registered| match &registered.factor {
            Factor::AppPassword { digest } if bool::from(digest.ct_eq(&given)) => Some(registered),
            _ => found,
        });
        found.map(|registered| registered.id.clone())
    }

    fn may_use_app_password(&self, registration: &RegistrationId) -> bool {
        let action = Action::Use {
            registration: registration.clone(),
            purpose: Purpose::LegacyClients,
        };
        let view = self.account.view();
        self.flow
            .policy
            .allows(&self.visit.subject, &view, &action, &self.context())
    }

    fn app_password_digest(&self, password: &str) -> Digest {
        self.digest(Domain::AppPassword, &[], password.as_bytes())
    }
}
