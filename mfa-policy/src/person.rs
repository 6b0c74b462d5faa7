//! One person of a population.

use serde::{Deserialize, Serialize};

use crate::account::AccountView;
use crate::subject::Subject;

/// A person and what the account holds: one line of a population file (JSON Lines), or a file of its own.
///
/// ```
/// use mfa_policy::Person;
///
/// let line = r#"{"subject":{"id":"p1","groups":["staff"]},"account":{"registrations":[{"id":"r1","method":"text"}]}}"#;
/// let person: Person = serde_json::from_str(line)?;
/// assert_eq!(person.subject.id().as_str(), "p1");
/// assert!(serde_json::from_str::<Person>(r#"{"subject":{"id":"p1"},"acount":{}}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "a person with an account", deny_unknown_fields)]
pub struct Person {
    /// Who it is.
    pub subject: Subject,
    /// What the account holds. Absent: nothing.
    #[serde(default)]
    pub account: AccountView,
}
