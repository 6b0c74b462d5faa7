//! Policy decisions.

mod account;
mod action;
mod administration;
mod audience;
mod availability;
mod case;
mod change;
mod context;
mod decide;
mod decision;
mod default_method;
mod draft;
mod gates;
mod listener;
mod merge;
mod method;
mod method_set;
mod name;
mod outcome;
mod overview;
mod policy;
mod preset;
mod problem;
mod proof;
mod proposals;
mod purpose;
mod reach;
mod reason;
mod reset;
mod settings;
mod subject;
mod timestamp;
mod validate;

pub use account::{AccountError, AccountView, Pass, Registration, State};
pub use action::{Action, Administration};
pub use context::{Actor, Context, Proof, Proven};
pub use decision::{Decision, Effect, Remedy, Request, Step};
pub use default_method::DefaultMethod;
pub use draft::{
    AdministratorResetDraft, DefaultMethodDraft, DraftError, MethodDraft, PolicyDraft, PoolDraft,
    ProposalsDraft, RegisteredBy, RequirementDraft, ResetDraft, Sending, Unique,
};
pub use merge::{Conflict, Conflicts, merge};
pub use method::{Capability, Method, MethodError, Strength};
pub use name::{DeviceId, ExternalName, Group, NameError, PersonId, PoolName, RegistrationId};
pub use overview::{Addition, CampaignPrompt, Overview, RegistrationOverview, WhyNot};
pub use policy::Policy;
pub use preset::{Preset, PresetError};
pub use problem::{Problem, Report, Severity};
pub use proposals::Proposal;
pub use purpose::{Purpose, PurposeSet};
pub use reach::Required;
pub use reason::{Input, Reason};
pub use settings::{
    Campaign, CampaignDraft, Challenge, ChallengeDraft, Freshness, FreshnessDraft, Lockout,
    LockoutDraft, PasswordLockout, PasswordLockoutDraft, Questions, QuestionsDraft, Reconfirmation,
    ReconfirmationDraft, RememberedDevices, RememberedDevicesDraft, ResetLimits, ResetLimitsDraft,
    TemporaryPass, TemporaryPassDraft,
};
pub use subject::{Role, Subject};
pub use timestamp::{Timestamp, TimestampError};
