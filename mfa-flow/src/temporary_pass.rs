//! Temporary passes: issued by an administrator to somebody who has nothing else, for a short time.

use mfa_policy::{Action, Administration, Method, Pass, RegistrationId, Timestamp};

use crate::change::Change;
use crate::code;
use crate::event::What;
use crate::operation::{Operation, Refused};
use crate::password;
use crate::registration::Factor;
use crate::secret::SecretString;

/// The latest beginning of a pass, in days from now: as far off as the longest pass lasts (Entra).
const LATEST_BEGINNING_DAYS: u32 = 30;

/// The most characters of a pass, as [`mfa_policy`] has it.
const MOST_CHARACTERS: usize = 48;

/// How long a pass is to be good. What is left out is as the policy says.
#[derive(Clone, Copy, Debug, Default)]
pub struct PassTerms {
    minutes: Option<u32>,
    from: Option<Timestamp>,
    one_time: bool,
}

impl PassTerms {
    /// As the policy says, from now on.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            minutes: None,
            from: None,
            one_time: false,
        }
    }

    /// For that many minutes, within the limits of the policy.
    #[must_use]
    pub const fn for_minutes(mut self, minutes: u32) -> Self {
        self.minutes = Some(minutes);
        self
    }

    /// Not good before that time, at most 30 days from now.
    #[must_use]
    pub const fn from(mut self, time: Timestamp) -> Self {
        self.from = Some(time);
        self
    }

    /// For one use only.
    #[must_use]
    pub const fn one_time(mut self) -> Self {
        self.one_time = true;
        self
    }
}

/// A pass that was issued. It is shown once, to be handed to the person: nothing can read it again.
#[derive(Debug)]
pub struct IssuedPass {
    registration: RegistrationId,
    pass: SecretString,
    validity: Pass,
}

impl IssuedPass {
    /// The registration.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The pass, in groups for reading. Spaces, hyphens and case do not matter when it is typed.
    #[must_use]
    pub const fn pass(&self) -> &SecretString {
        &self.pass
    }

    /// From when until when it is good, and whether for one use only.
    #[must_use]
    pub const fn validity(&self) -> &Pass {
        &self.validity
    }
}

impl Operation<'_> {
    /// Issues a temporary pass for somebody else, in the place of an earlier one. It is random: an administrator never
    /// chooses it.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], for example for oneself, and [`Refused::Invalid`] for a beginning that is past or
    /// more than 30 days off.
    pub fn issue_pass(mut self, terms: PassTerms) -> Change<Result<IssuedPass, Refused>> {
        let outcome = self.new_pass(terms);
        self.finish(outcome)
    }

    fn new_pass(&mut self, terms: PassTerms) -> Result<IssuedPass, Refused> {
        let now = self.now();
        let rules = self.flow.policy.temporary_pass();
        let (minutes, characters) = (rules.minutes(), rules.characters());
        let one_time = terms.one_time || rules.one_time();
        let action = Action::Administer(Administration::IssuePass {
            minutes: terms.minutes,
            one_time,
        });
        self.permitted(&action)?;
        let from = terms.from.unwrap_or(now);
        if from < now || from > now.plus_days(LATEST_BEGINNING_DAYS) {
            return Err(Refused::Invalid(
                "a pass begins now, or within the next 30 days",
            ));
        }
        let validity = Pass {
            from,
            until: from.plus_minutes(terms.minutes.unwrap_or(minutes)),
            one_time,
            used: false,
        };
        self.adopt(&action);
        let letters = code::letters(
            usize::try_from(characters).unwrap_or(MOST_CHARACTERS),
            self.rng,
        );
        let hash = password::hash(&self.flow.hash_key, letters.expose(), self.rng);
        let registration = crate::id::registration(self.rng);
        let method = Method::TemporaryPass;
        self.bind_at_once(
            registration.clone(),
            method.clone(),
            String::new(),
            Factor::TemporaryPass { hash, validity },
        );
        self.event_about(
            What::PassIssued,
            Some((registration.clone(), method.clone())),
        );
        self.tell_of(What::PassIssued, Some(method));
        Ok(IssuedPass {
            registration,
            pass: code::grouped(&letters),
            validity,
        })
    }
}
