//! The flows of two-step verification as a state machine: enrol, challenge, answer, reset, manage. Every operation takes an account and
//! gives a change of it, and what it decided can be read only when that change is durable.
//!
//! ```
//! use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
//! use mfa_flow::{
//!     Account, AccountKey, Answer, AppKey, Change, Enrol, Flow, HashKey, Instruction, Next, TenantId, Test, Version, Visit,
//! };
//! use mfa_policy::{PersonId, Preset, Purpose, Subject, Timestamp};
//! use otp_uri::Issuer;
//!
//! /// One row of a database, and what a store does with it (`mfa-store` has two): load, decide, write, make it durable, and
//! /// only then look at the outcome.
//! struct Row(AccountKey, Version, Vec<u8>);
//!
//! impl Row {
//!     fn transact<T>(&mut self, decide: impl FnOnce(Account) -> Change<T>) -> Result<T, Box<dyn std::error::Error>> {
//!         let Self(key, version, stored) = self;
//!         let change = decide(Account::from_stored(key.clone(), *version, stored)?);
//!         let write = change.write();
//!         (*version, *stored) = (write.account().version(), write.account().to_stored().to_vec()); // sealed, in a real one
//!         let durable = write.danger_declare_durable();
//!         Ok(change.reveal(&durable)?)
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once: the policy, a key that is kept outside of the database, and the name that authenticator apps show.
//! let flow = Flow::new(Preset::SecurityInfo.policy(), HashKey::from_bytes([7; 32]), Issuer::new("Acme")?);
//! let mut rng = ChaCha20Rng::from_seed([1; 32]); // in a server: seeded by the system
//!
//! let ada = Subject::new(PersonId::new("ada")?);
//! let key = AccountKey::new(TenantId::new("acme")?, ada.id().clone());
//! let nothing = Account::absent(key.clone()).to_stored().to_vec();
//! let mut row = Row(key, Version::ABSENT, nothing);
//!
//! // The password was right. The policy asks for a second step, and there is none yet.
//! let now: Timestamp = "2026-12-01T09:00:00Z".parse()?;
//! let visit = Visit::new(ada.clone(), now);
//! let signed_in = row.transact(|account| flow.on(account, &visit, &mut rng).first_factor(None))??;
//! assert_eq!(signed_in.next(), Next::Register);
//!
//! // Enrolment: the key is shown once, and pending until the app has shown that it has it.
//! let visit = Visit::new(ada.clone(), now).in_session(signed_in.session().clone());
//! let account = otp_uri::Account::new("ada@example.com")?;
//! let app = Enrol::OtherAuthenticator { key: AppKey::new(&account) };
//! let enrolling = row.transact(|account| flow.on(account, &visit, &mut rng).begin_enrolment(app, "Ada's phone"))??;
//! let Instruction::AddKey(shown) = enrolling.instruction() else { return Err("an app takes a key".into()) };
//! let on_the_phone = shown.uri().totp().ok_or("a key of TOTP")?;
//! let code = |now: Timestamp| on_the_phone.generate(otp_core::UnixTime::from_secs(now.unix_seconds().unsigned_abs()));
//!
//! let first = code(now)?;
//! let test = Test::Code(first.as_str());
//! let enrolled = row.transact(|account| flow.on(account, &visit, &mut rng).confirm_enrolment(enrolling.registration(), test))??;
//!
//! // The next day: password, challenge, answer.
//! let now = now.plus_days(1);
//! let visit = Visit::new(ada.clone(), now);
//! let signed_in = row.transact(|account| flow.on(account, &visit, &mut rng).first_factor(None))??;
//! assert_eq!(signed_in.next(), Next::SecondStep);
//! let visit = visit.in_session(signed_in.session().clone());
//! let prompt = row.transact(|account| flow.on(account, &visit, &mut rng).challenge(Purpose::TwoStep))??;
//! let (challenge, code) = (prompt.challenge(), code(now)?);
//! let answer = Answer::Code(code.as_str());
//! let proof = row.transact(|account| flow.on(account, &visit, &mut rng).answer(challenge, enrolled.registration(), answer))??;
//! assert_eq!(proof.person(), Some(ada.id()));
//!
//! // The proof brings the session in which Ada is in. The same code again is nothing but rejected.
//! let visit = Visit::new(ada, now).in_session(proof.session().clone());
//! let step_up = row.transact(|account| flow.on(account, &visit, &mut rng).challenge(Purpose::StepUp))??;
//! let again = row.transact(|account| flow.on(account, &visit, &mut rng).answer(step_up.challenge(), enrolled.registration(), answer))?;
//! assert!(again.is_err());
//! # Ok(())
//! # }
//! ```
//!
//! # What there is
//! - [`Flow`], under one policy; [`Flow::on`] with an [`Account`] and a [`Visit`] gives an [`Operation`]. Its methods are the flows:
//!   - signing in: [`password_tried`](Operation::password_tried) and [`password_was_right`](Operation::password_was_right), or
//!     [`first_factor`](Operation::first_factor) where the host counts wrong passwords itself; [`challenge`](Operation::challenge),
//!     [`ask`](Operation::ask), [`prompt`](Operation::prompt), [`answer`](Operation::answer), [`device_answered`](Operation::device_answered),
//!     [`phone_said`](Operation::phone_said), [`next`](Operation::next), [`sign_out`](Operation::sign_out); without a password
//!     [`begin_phone_sign_in`](Operation::begin_phone_sign_in);
//!   - enrolment: [`begin_enrolment`](Operation::begin_enrolment), [`confirm_enrolment`](Operation::confirm_enrolment), what lies between,
//!     and [`pending`](Operation::pending) to go on with it;
//!   - managing: [`remove`](Operation::remove), [`rename`](Operation::rename), [`set_default`](Operation::set_default), recovery codes, app
//!     passwords, remembered devices;
//!   - password reset: [`begin_reset`](Operation::begin_reset), [`next_gate`](Operation::next_gate), [`finish_reset`](Operation::finish_reset),
//!     [`use_permission`](Operation::use_permission);
//!   - for administrators: [`issue_pass`](Operation::issue_pass), [`unlock`](Operation::unlock),
//!     [`require_registration`](Operation::require_registration), [`suspend`](Operation::suspend) and others.
//! - [`Change`], with what a store has to [`Write`]: the account, [`Effect`]s to carry out, [`Event`]s for the audit log, [`Claim`]s.
//! - [`Proof`]: what somebody gets who passes a challenge. Everybody else gets [`Rejected`], whatever the cause; the event has it.
//! - For the authenticator app, on the server and on the device: [`DeviceKeyPair`] and its public [`DeviceKey`], the [`PushRequest`] that a device
//!   is shown word for word, its [`SignedAnswer`], and the [`SignedVisit`] with which it listens ([`is_device`](Operation::is_device),
//!   [`awaits`](Operation::awaits)).
//! - [`Account::view`] is what [`Policy::overview`](mfa_policy::Policy::overview) makes the page about the security info of.
//!
//! # What always holds
//! A code is good once, whatever for, whichever way the clock goes. A failure is counted on the factor, durably, before anybody knows of it; nothing
//! a client can begin anew resets it. Nothing is counted against a second factor by somebody without the first. Nothing is in use before its test
//! was passed. Nothing is approved by a device that its key has not signed, word for word as it was asked. A session from before a proof is never the one after it. A password reset opens no second step. No event, error or
//! `Debug` text holds a secret or a code.
//!
//! # What it does not do
//! It verifies no password (it counts the wrong ones) and no WebAuthn signature, sends nothing, keeps nothing and knows no time: the host
//! does, and says what it saw. Read
//! [`Visit`], [`SecurityKeyResult`] and [`PhoneSaid`] for what the host vouches for. For authenticator apps it vouches for nothing:
//! their answers are signed, and verified here.

mod account;
mod administration;
mod answer;
mod app_password;
mod budget;
mod challenge;
mod change;
mod clock;
mod code;
mod contact;
mod decoy;
mod decoy_row;
mod device;
mod effect;
mod enrolment;
#[cfg(test)]
mod equal_work;
mod event;
mod flow;
mod hashing;
mod history;
mod id;
mod key;
mod manage;
mod message;
mod naming;
mod operation;
mod password;
mod password_try;
mod phone_sign_in;
mod preview;
mod proof;
mod questions;
mod recovery_codes;
mod registration;
mod remembered;
mod reset;
mod resynchronise;
mod secret;
mod sends;
mod session;
mod shown;
mod sign_in;
mod temporary_pass;
mod used_steps;
mod verify;
mod visit;

pub use account::{Account, StoredError, Version};
pub use answer::{Answer, PhoneSaid, SecurityKeyResult};
pub use app_password::{AppPassword, AppPasswordUse};
pub use budget::Failures;
pub use challenge::{Ask, Choice, Prompt};
pub use change::{Change, Claim, Durable, NotThisChange, Outgoing, Write};
pub use contact::{Contact, ContactError, EmailAddress, PhoneNumber};
pub use device::{
    Decision, DeviceKey, DeviceKeyError, DeviceKeyPair, NoDevice, PushRequest, PushRequestError,
    SignedAnswer, SignedVisit, SignedVisitError,
};
pub use effect::{Effect, Notice, Why};
pub use enrolment::{
    AppKey, Enrol, Enrolled, Enrolling, HardwareToken, HardwareTokenError, Instruction, MisreadKey,
    NewExternal, NewSecurityKey, PendingEnrolment, ShownKey, Test, TestState,
};
pub use event::{Class, Event, What};
pub use flow::Flow;
pub use hashing::HashKey;
pub use history::{Binding, HistoryEntry};
pub use id::{ChallengeId, CommitId, IdError, RememberedDeviceId, RequestId};
pub use key::{AccountKey, TenantId, TenantIdError};
pub use manage::{Confirmed, Removed};
pub use operation::{Operation, Refused};
pub use password_try::PasswordTry;
pub use proof::{OwnProof, Proof, Rejected};
pub use questions::Question;
pub use recovery_codes::RecoveryCodes;
pub use registration::Registered;
pub use remembered::{RememberedDevice, RememberedToken};
pub use reset::{Begun, Permission};
pub use secret::SecretString;
pub use session::{SessionId, SessionRef};
pub use sign_in::{Next, SignedIn};
pub use temporary_pass::{IssuedPass, PassTerms};
pub use visit::Visit;
