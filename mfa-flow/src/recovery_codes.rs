//! Recovery codes: a set of codes kept on paper, each good once (SP 800-63B-4 §4.2.1.1).

use mfa_policy::{Action, Method, RegistrationId};

use crate::change::Change;
use crate::code;
use crate::effect::Notice;
use crate::event::What;
use crate::hashing::{Digest, Domain};
use crate::operation::{Operation, Refused};
use crate::registration::Factor;
use crate::secret::SecretString;

/// Codes of a set. As many as [`mfa_policy`] counts for a new one.
const CODES: usize = 10;

/// Characters of a code: 120 bits, so that a keyed hash is enough to keep them (SP 800-63B-4 §3.1.2.2 asks for a password
/// hash below 112).
const LETTERS: usize = 24;

/// A new set of recovery codes. It is shown once: nothing can read it again.
#[derive(Debug)]
pub struct RecoveryCodes {
    registration: RegistrationId,
    codes: Vec<SecretString>,
}

impl RecoveryCodes {
    /// The registration that the set is.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The ten codes, in groups for reading. Spaces, hyphens and case do not matter when one is typed.
    #[must_use]
    pub fn codes(&self) -> &[SecretString] {
        &self.codes
    }
}

impl Operation<'_> {
    /// Makes a set of ten recovery codes, at once in the place of an earlier set, of which no code is good any more.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`]. A recovery code alone is no proof for replacing the set.
    pub fn make_recovery_codes(mut self) -> Change<Result<RecoveryCodes, Refused>> {
        let outcome = self.replace_recovery_codes();
        self.finish(outcome)
    }

    fn replace_recovery_codes(&mut self) -> Result<RecoveryCodes, Refused> {
        let method = Method::RecoveryCodes;
        let earlier = self.account.of_method(&method).next();
        let action = match earlier {
            Some(earlier) => Action::Replace {
                registration: earlier.id.clone(),
                method,
                device: None,
            },
            None => Action::Add {
                method,
                device: None,
            },
        };
        self.permitted(&action)?;
        self.adopt(&action);
        if matches!(action, Action::Add { .. }) {
            self.end_pending();
        }
        let registration = crate::id::registration(self.rng);
        let letters: Vec<SecretString> = (0..CODES)
            .map(|_| code::letters(LETTERS, self.rng))
            .collect();
        let unused = letters
            .iter()
            .map(|code| self.recovery_code_digest(&registration, code.expose()))
            .collect();
        self.bind_at_once(
            registration.clone(),
            Method::RecoveryCodes,
            String::new(),
            Factor::RecoveryCodes { unused },
        );
        self.event_about(
            What::RecoveryCodesMade,
            Some((registration.clone(), Method::RecoveryCodes)),
        );
        self.notify(Notice::RecoveryCodesMade);
        Ok(RecoveryCodes {
            registration,
            codes: letters.iter().map(code::grouped).collect(),
        })
    }

    /// The keyed hash of a code: of this account and of this set, so that no code of another person or of an earlier set is
    /// ever one of it.
    pub(crate) fn recovery_code_digest(&self, set: &RegistrationId, code: &str) -> Digest {
        self.digest(
            Domain::RecoveryCode,
            set.as_str().as_bytes(),
            code.as_bytes(),
        )
    }
}
