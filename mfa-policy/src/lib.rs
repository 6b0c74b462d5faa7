//! Policy decisions for two-step verification: which methods may this person use for what, which may be added, what is the
//! default, why not, and what would make it possible?
//!
//! ```
//! use mfa_policy::{
//!     AccountView, Action, Context, DeviceId, Effect, Method, PersonId, Policy, Preset, Proven, Purpose, Reason, Registration,
//!     RegistrationId, Step, Subject, Timestamp,
//! };
//!
//! // Once: the policy, from a preset or from a file of your own. Everything that is wrong with a file is said at once.
//! let policy: Policy = Preset::SecurityInfo.policy();
//!
//! // For each question: who, what is registered, the circumstances. No secrets, no clock.
//! let ada = Subject::new(PersonId::new("ada")?);
//! let phone = DeviceId::new("phone-1")?;
//! let app = RegistrationId::new("app")?;
//! let account = AccountView::new([
//!     Registration::new(app.clone(), Method::AuthenticatorPush).on(phone.clone()),
//!     Registration::new(RegistrationId::new("app-code")?, Method::AuthenticatorCode).on(phone),
//!     Registration::new(RegistrationId::new("mail")?, Method::Email),
//! ])?;
//! let now: Timestamp = "2026-12-01T09:00:00Z".parse()?;
//! let context = Context::anywhere(now);
//!
//! // Signing in: with what, first of all?
//! let default = policy.default_method(&ada, &account, &context).ok_or("nothing to sign in with")?;
//! assert_eq!(default.registration(), &app);
//!
//! // A mailbox is no second factor. The answer says why, with a stable code and the field of the policy.
//! let mail = Action::Use { registration: RegistrationId::new("mail")?, purpose: Purpose::TwoStep };
//! let decision = policy.decide(&ada, &account, &mail, &context);
//! assert_eq!(decision.effect(), Effect::Deny);
//! assert_eq!(decision.reasons()[0].code(), "purpose_not_allowed");
//! assert_eq!(decision.reasons()[0].path(), "methods.email.purposes");
//!
//! // Adding a telephone takes a proof. The remedy says which, and leads to yes.
//! let add = Action::Add { method: Method::Text, device: None };
//! let decision = policy.decide(&ada, &account, &add, &context);
//! assert!(matches!(decision.reasons(), [Reason::NeedsProof { .. }]));
//! assert!(matches!(decision.remedies()[0].steps(), [Step::Prove { one_of, .. }] if one_of.contains(&app)));
//! let context = context.proven(Proven::Registration(app), now);
//! assert!(policy.allows(&ada, &account, &add, &context));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The questions
//! - [`Policy::decide`]: one action. [`Decision`] holds the effect, every [`Reason`], every missing [`Input`], the smallest
//!   [remedies](Decision::remedies), and the time until which it stands. [`Policy::allows`] is the quick yes or no.
//! - [`Policy::overview`]: what a page about the security info shows. [`Policy::default_method`]: what sign-in begins with.
//! - [`Policy::outcome`]: the account after an action, with the default that follows.
//!
//! # The policy
//! - [`PolicyDraft`] is what stands in a TOML or JSON file; [`PolicyDraft::validate`] makes a [`Policy`] of it or reports
//!   everything that is wrong. [`Preset`] has five to start from; [`merge`] makes one of several.
//! - [`Policy::lint`] finds what is valid and yet not meant; [`diff`] says what a change does, with the smallest account that
//!   shows it; [`at_least_as_strict`] proves that a change lets nobody in; [`simulate`](Simulation) tries it on a population.
//! - `docs/policy-rules.md` in the repository explains every rule with the line that it comes from; `testdata/policy` has them at
//!   work, as scenarios to read.
//!
//! # What always holds
//! A denial is a value with all its reasons, and never an error. No input panics. The same input gives the same answer, in
//! whatever order it comes. What is not mentioned is denied, and what is not known is asked for, not guessed. An allowed
//! action of a person never makes unreachable what the policy requires of that person. A default is an active method of two-step
//! verification, or there is none. An allowed action never exceeds a pool. A stricter policy deletes nothing: what it blocks
//! comes back when it is relaxed.
//!
//! # Features
//! - `messages`: texts for reasons, remedies and findings, in English and Dutch ([Fluent](https://projectfluent.org)).
//! - `schema`: the JSON Schema of a policy file, which editors complete from.
//!
//! # What it does not do
//! It verifies no code and keeps nothing: it knows no cryptography, no storage, no network and no clock. Deciding and acting
//! on the decision are two things; whoever keeps accounts has to decide again on the state that is changed.

mod account;
mod action;
mod administration;
mod alternatives;
mod audience;
mod availability;
mod case;
mod change;
mod context;
mod decide;
mod decision;
mod default_method;
mod diff;
mod draft;
mod gates;
#[cfg(feature = "messages")]
mod language;
mod lint;
mod listener;
mod merge;
#[cfg(feature = "messages")]
mod messages;
mod method;
mod method_set;
mod name;
mod outcome;
mod overview;
mod person;
mod policy;
mod preset;
mod problem;
mod proof;
mod proposals;
#[cfg(test)]
mod published;
mod purpose;
mod reach;
mod reason;
mod rehearsal;
mod remedies;
mod representatives;
mod reset;
#[cfg(feature = "schema")]
mod schema;
mod settings;
mod simulate;
mod strictness;
mod subject;
mod timestamp;
mod validate;

pub use account::{AccountError, AccountView, Pass, Registration, State};
pub use action::{Action, Administration};
pub use context::{Actor, Context, Proof, Proven};
pub use decision::{Decision, Effect, Remedy, Request, Step};
pub use default_method::DefaultMethod;
pub use diff::{Diff, Difference, Direction, FieldChange, Question, Witness, diff};
pub use draft::{
    AdministratorResetDraft, DefaultMethodDraft, DraftError, MethodDraft, PolicyDraft, PoolDraft,
    ProposalsDraft, RegisteredBy, RequirementDraft, ResetDraft, Sending, Unique,
};
#[cfg(feature = "messages")]
pub use language::Language;
pub use lint::{Concern, Lint, ResetLimit};
pub use merge::{Conflict, Conflicts, merge};
#[cfg(feature = "messages")]
pub use messages::Messages;
pub use method::{Capability, Method, MethodError, Strength};
pub use name::{DeviceId, ExternalName, Group, NameError, PersonId, PoolName, RegistrationId};
pub use overview::{Addition, CampaignPrompt, Overview, RegistrationOverview, WhyNot};
pub use person::Person;
pub use policy::Policy;
pub use preset::{Preset, PresetError};
pub use problem::{Problem, Report, Severity};
pub use proposals::Proposal;
pub use purpose::{Purpose, PurposeSet};
pub use reach::Required;
pub use reason::{Input, Reason};
pub use representatives::Who;
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub use settings::{
    Campaign, CampaignDraft, Challenge, ChallengeDraft, Freshness, FreshnessDraft, Lockout,
    LockoutDraft, PasswordLockout, PasswordLockoutDraft, Questions, QuestionsDraft, Reconfirmation,
    ReconfirmationDraft, RememberedDevices, RememberedDevicesDraft, ResetLimits, ResetLimitsDraft,
    TemporaryPass, TemporaryPassDraft,
};
pub use simulate::{
    DefaultChange, MethodChange, People, ProposalCount, PurposeChange, Rejected, Simulated,
    Simulation, Summary,
};
pub use strictness::{Strictness, at_least_as_strict};
pub use subject::{Role, Subject};
pub use timestamp::{Timestamp, TimestampError};
