//! The flows of two-step verification as a state machine: enrol, challenge, answer, reset, manage.

mod account;
mod answer;
mod budget;
mod challenge;
mod change;
mod clock;
mod code;
mod contact;
mod decoy;
mod effect;
mod enrolment;
mod event;
mod flow;
mod hashing;
mod history;
mod id;
mod key;
mod manage;
mod naming;
mod operation;
mod password;
mod phone_sign_in;
mod proof;
mod questions;
mod registration;
mod remembered;
mod reset;
mod resynchronise;
mod secret;
mod sends;
mod session;
mod sign_in;
mod used_steps;
mod verify;
mod visit;

pub use account::{Account, StoredError, Version};
pub use answer::{Answer, PhoneSaid, SecurityKeyResult};
pub use budget::Failures;
pub use challenge::{Ask, Choice, Prompt};
pub use change::{Change, Claim, Durable, NotThisChange, Outgoing, Write};
pub use contact::{Contact, ContactError, EmailAddress, PhoneNumber};
pub use effect::{Effect, Notice, Why};
pub use enrolment::{
    AppKey, Enrol, Enrolled, Enrolling, HardwareToken, HardwareTokenError, Instruction, MisreadKey,
    NewExternal, NewSecurityKey, ShownKey, Test, TestState,
};
pub use event::{Class, Event, What};
pub use flow::Flow;
pub use hashing::HashKey;
pub use history::{Binding, HistoryEntry};
pub use id::{ChallengeId, CommitId, IdError, RememberedDeviceId};
pub use key::{AccountKey, TenantId, TenantIdError};
pub use operation::{Operation, Refused};
pub use proof::{Proof, Rejected};
pub use questions::Question;
pub use registration::Registered;
pub use reset::{Begun, Permission};
pub use secret::SecretString;
pub use session::{SessionId, SessionRef};
pub use sign_in::{Next, SignedIn};
pub use visit::Visit;
