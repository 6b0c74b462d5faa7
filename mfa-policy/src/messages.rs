//! Texts for people, in the languages of [`Language`].

mod catalogue;
mod lint;
mod names;
mod pieces;
mod reason;
mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use fluent_bundle::FluentValue;

use crate::decision::{Remedy, Step};
use crate::language::Language;
use crate::lint::Lint;
use crate::method::Method;
use crate::name::RegistrationId;
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::timestamp::Timestamp;
use names::insertable;

/// Texts in one language for everything that a decision or a finding says.
///
/// Reasons and remedies speak to the person whose account it is: what is the matter, and what to do about it. Findings speak to
/// those who write the policy. All are plain text, which a page has to escape like any other. Times are in UTC, to the minute.
/// Where a text were missing, its code would stand. Cheap to make and to clone: the catalogues are read once.
///
/// ```
/// use mfa_policy::{Language, Messages, Method, Purpose, Reason};
///
/// let reason = Reason::PurposeNotAllowed { method: Method::Email, purpose: Purpose::TwoStep };
/// let english = Messages::new(Language::English);
/// assert_eq!(english.reason(&reason), "You can't use e-mail for two-step verification. Choose another method.");
/// let dutch = Messages::new(Language::Dutch);
/// assert_eq!(dutch.reason(&reason), "U kunt e-mail niet gebruiken voor verificatie in twee stappen. Kies een andere methode.");
/// ```
///
/// # Security
/// A text holds what its reason holds, and the names that it was given: no codes, no secrets, because this crate has none.
/// Names that go beyond what the reader may see, such as a whole telephone number, have to be shortened before.
#[derive(Clone, Debug)]
pub struct Messages {
    language: Language,
    product: Option<String>,
    names: BTreeMap<RegistrationId, String>,
}

/// The variables of a text.
type Variables = Vec<(&'static str, FluentValue<'static>)>;

impl Messages {
    /// Texts in that language.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            product: None,
            names: BTreeMap::new(),
        }
    }

    /// With the name of the authenticator app, such as "Microsoft Authenticator". Without it, texts say "the authenticator app".
    #[must_use]
    pub fn with_product(mut self, product: &str) -> Self {
        self.product = Some(insertable(product));
        self
    }

    /// With the names under which a person knows the registrations, such as "phone ending in 34". A registration without a name
    /// is called by its identifier.
    #[must_use]
    pub fn with_names(mut self, names: impl IntoIterator<Item = (RegistrationId, String)>) -> Self {
        self.names.extend(names);
        self
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Why not, and what to do.
    #[must_use]
    pub fn reason(&self, reason: &Reason) -> String {
        let (form, variables) = self.of_reason(reason);
        self.text(&format!("reason-{}{form}", reason.code()), &variables)
            .unwrap_or_else(|| reason.code().to_owned())
    }

    /// What to do, step after step.
    #[must_use]
    pub fn remedy(&self, remedy: &Remedy) -> String {
        let steps: Vec<String> = remedy.steps().iter().map(|step| self.step(step)).collect();
        steps.join(" ")
    }

    /// What to do.
    #[must_use]
    pub fn step(&self, step: &Step) -> String {
        let (id, variables) = self.of_step(step);
        self.text(&id, &variables).unwrap_or(id)
    }

    /// What is not known.
    #[must_use]
    pub fn input(&self, input: Input) -> String {
        let fact = input.field().rsplit('.').next().unwrap_or_default();
        self.text(&format!("input-{fact}"), &[])
            .unwrap_or_else(|| input.field().to_owned())
    }

    /// What is the matter with a policy, for those who write it.
    #[must_use]
    pub fn lint(&self, lint: &Lint) -> String {
        let (form, variables) = self.of_lint(lint);
        self.text(&format!("lint-{}{form}", lint.code()), &variables)
            .unwrap_or_else(|| lint.code().to_owned())
    }

    /// What would mend the policy. Fields are called by their names in the file.
    #[must_use]
    pub fn fix(&self, lint: &Lint) -> String {
        let (_, variables) = self.of_lint(lint);
        self.text(&format!("lint-{}.fix", lint.code()), &variables)
            .unwrap_or_else(|| lint.path())
    }

    /// The name of a method, as a heading.
    #[must_use]
    pub fn method(&self, method: &Method) -> String {
        self.method_in_form(method, "", 1)
    }

    /// What a person chooses when a method becomes the default: "notification", "code", "text", "call" and so on. `None` for a
    /// method that can never be the default.
    #[must_use]
    pub fn default_choice(&self, method: &Method) -> Option<String> {
        method
            .can_be_default()
            .then(|| self.method_in_form(method, ".default", 1))
    }

    /// The name of a purpose, as a heading.
    #[must_use]
    pub fn purpose(&self, purpose: Purpose) -> String {
        self.purpose_in_form(purpose, "")
    }

    /// A time as people write it, in UTC and to the minute: "1 February 2027, 09:00 UTC".
    #[must_use]
    pub fn time(&self, time: Timestamp) -> String {
        self.written_time(time).unwrap_or_else(|| time.to_string())
    }
}
