//! What happens, in words.

use std::fmt;

use mfa_policy::{Action, Administration};
use serde::Deserialize;

use crate::given::{id, method_on};

/// What happens.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum When {
    /// Somebody wants to do something: the answer is a decision.
    Acts(String, Action),
    /// The page about the security info is opened.
    OpensThePage,
    /// Two-step verification begins: which method is asked for?
    SignsIn,
    /// The policy is validated.
    BuildsThePolicy,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Acts(text, _) => text,
            Self::OpensThePage => OPENS,
            Self::SignsIn => SIGNS_IN,
            Self::BuildsThePolicy => BUILDS,
        })
    }
}

const OPENS: &str = "the page is opened";
const SIGNS_IN: &str = "two-step verification begins";
const BUILDS: &str = "the policy is built";

impl TryFrom<String> for When {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            OPENS => Ok(Self::OpensThePage),
            SIGNS_IN => Ok(Self::SignsIn),
            BUILDS => Ok(Self::BuildsThePolicy),
            _ => match action(&text) {
                Some(action) => Ok(Self::Acts(text, action)),
                None => Err(format!("nobody can `{text}`")),
            },
        }
    }
}

fn action(text: &str) -> Option<Action> {
    if let Some(text) = text.strip_prefix("administrator: ") {
        return administration(text).map(Action::Administer);
    }
    match text {
        "start a reset" => return Some(Action::StartReset),
        "finish the reset" => return Some(Action::FinishReset),
        "create an app password" => return Some(Action::CreateAppPassword),
        "remember the device" => return Some(Action::RememberDevice),
        _ => {}
    }
    let (verb, rest) = text.split_once(' ')?;
    Some(match verb {
        "accept" => {
            let (method, purpose) = rest.split_once(" for ")?;
            Action::Accept {
                method: method.parse().ok()?,
                purpose: crate::purpose(purpose),
            }
        }
        "use" => {
            let (registration, purpose) = rest.split_once(" for ")?;
            Action::Use {
                registration: id(registration),
                purpose: crate::purpose(purpose),
            }
        }
        "add" => {
            let (method, device) = method_on(rest);
            let device = device.map(id);
            Action::Add { method, device }
        }
        "replace" => {
            let (registration, new) = rest.split_once(" with ")?;
            let (method, device) = method_on(new);
            Action::Replace {
                registration: id(registration),
                method,
                device: device.map(id),
            }
        }
        "make" => Action::SetDefault {
            registration: id(rest.strip_suffix(" the default")?),
        },
        "confirm" => Action::Confirm {
            registration: id(rest),
        },
        "remove" => Action::Remove {
            registration: id(rest),
        },
        "rename" => Action::Rename {
            registration: id(rest),
        },
        _ => return None,
    })
}

fn administration(text: &str) -> Option<Administration> {
    match text {
        "unlock" => return Some(Administration::Unlock),
        "require registration" => return Some(Administration::RequireRegistration),
        "revoke remembered devices" => return Some(Administration::RevokeRememberedDevices),
        _ => {}
    }
    if let Some(pass) = text.strip_prefix("issue a pass") {
        let one_time = pass.ends_with(" for one use");
        let minutes = pass.strip_suffix(" for one use").unwrap_or(pass);
        let minutes = minutes
            .strip_prefix(" of ")
            .map(|minutes| minutes.strip_suffix(" minutes").unwrap().parse().unwrap());
        return Some(Administration::IssuePass { minutes, one_time });
    }
    let (verb, rest) = text.split_once(' ')?;
    Some(match verb {
        "add" => {
            let (method, device) = method_on(rest);
            let device = device.map(id);
            Administration::Add { method, device }
        }
        "remove" => Administration::Remove {
            registration: id(rest),
        },
        _ => return None,
    })
}
