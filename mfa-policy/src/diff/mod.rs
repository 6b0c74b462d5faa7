//! What changes between two policies: the fields, and what people may do.

mod accounts;
mod asks;
mod circumstances;
mod consequence;
mod fields;
mod search;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::AccountView;
use crate::action::Action;
use crate::context::Context;
use crate::decision::Decision;
use crate::default_method::DefaultMethod;
use crate::method::Method;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::representatives::Who;
use crate::subject::Subject;

pub(crate) use search::{Found, Search};

/// What changes between two policies. [`diff`] finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    fields: Vec<FieldChange>,
    behaviour: Vec<Difference>,
}

impl Diff {
    /// What is written differently, by path.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        &self.fields
    }

    /// What people may do and could not, or could and may no longer; each kind of it once, with the smallest account that
    /// shows it. What follows from another difference alone is left out.
    #[must_use]
    pub fn behaviour(&self) -> &[Difference] {
        &self.behaviour
    }

    /// Whether both are written alike, so that they do the same too.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// A field that is written differently in two policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    path: String,
    old: Option<String>,
    new: Option<String>,
}

impl FieldChange {
    /// The path, as in [`Reason::path`](crate::Reason::path).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value in the old policy in JSON; `None` if it is absent.
    #[must_use]
    pub fn old_value(&self) -> Option<&str> {
        self.old.as_deref()
    }

    /// The value in the new policy in JSON; `None` if it is absent.
    #[must_use]
    pub fn new_value(&self) -> Option<&str> {
        self.new.as_deref()
    }
}

/// What two policies answer differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "question", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Question {
    /// Whether a registration of the method can be used for the purpose.
    Use {
        /// The method.
        method: Method,
        /// The purpose.
        purpose: Purpose,
    },
    /// Whether these methods can be added.
    Add {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether registrations of these methods can be finished, though they can be begun as before.
    Confirm {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether registrations of these methods can be removed.
    Remove {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether another registration can be replaced by one of these methods.
    Replace {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether registrations of these methods can be renamed.
    Rename {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether registrations of these methods can be chosen as the default.
    SetDefault {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Which method is the default: no longer one of these.
    Default {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether a default of these methods is sent without asking.
    Sending {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether a password reset can be started.
    StartReset,
    /// Whether a password reset can be finished.
    FinishReset,
    /// Whether a device can be remembered.
    RememberDevice,
    /// Whether an administrator can register these methods for others.
    AdministratorAdds {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether an administrator can remove registrations of these methods for others.
    AdministratorRemoves {
        /// The methods.
        methods: Vec<Method>,
    },
    /// Whether an administrator can unlock accounts, demand registration and revoke remembered devices.
    AdministratorActs,
    /// Whether an administrator can issue a temporary pass.
    IssuePass,
}

impl Question {
    /// The stable code, as in serialised form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Use { .. } => "use",
            Self::Add { .. } => "add",
            Self::Confirm { .. } => "confirm",
            Self::Remove { .. } => "remove",
            Self::Replace { .. } => "replace",
            Self::Rename { .. } => "rename",
            Self::SetDefault { .. } => "set_default",
            Self::Default { .. } => "default",
            Self::Sending { .. } => "sending",
            Self::StartReset => "start_reset",
            Self::FinishReset => "finish_reset",
            Self::RememberDevice => "remember_device",
            Self::AdministratorAdds { .. } => "administrator_adds",
            Self::AdministratorRemoves { .. } => "administrator_removes",
            Self::AdministratorActs => "administrator_acts",
            Self::IssuePass => "issue_pass",
        }
    }

    /// The methods that it is about; none if it is about no method.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        match self {
            Self::Use { method, .. } => std::slice::from_ref(method),
            Self::Add { methods }
            | Self::Confirm { methods }
            | Self::Remove { methods }
            | Self::Replace { methods }
            | Self::Rename { methods }
            | Self::SetDefault { methods }
            | Self::Default { methods }
            | Self::Sending { methods }
            | Self::AdministratorAdds { methods }
            | Self::AdministratorRemoves { methods } => methods,
            Self::StartReset
            | Self::FinishReset
            | Self::RememberDevice
            | Self::AdministratorActs
            | Self::IssuePass => &[],
        }
    }

    /// Where methods with the same difference share one line: the list of them.
    fn shared_methods(&mut self) -> Option<&mut Vec<Method>> {
        match self {
            Self::Add { methods }
            | Self::Confirm { methods }
            | Self::Remove { methods }
            | Self::Replace { methods }
            | Self::Rename { methods }
            | Self::SetDefault { methods }
            | Self::Default { methods }
            | Self::Sending { methods }
            | Self::AdministratorAdds { methods }
            | Self::AdministratorRemoves { methods } => Some(methods),
            _ => None,
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        for (place, method) in self.methods().iter().enumerate() {
            write!(f, "{}{method}", if place == 0 { " " } else { ", " })?;
        }
        if let Self::Use { purpose, .. } = self {
            write!(f, " for {purpose}")?;
        }
        Ok(())
    }
}

/// Which way an answer changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The old policy did not allow it, the new one does.
    Allowed,
    /// The old policy allowed it, the new one does not.
    Denied,
    /// Another default, or another way to send it.
    Changed,
}

/// Somebody with an account who asks something in some circumstances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// Who it is.
    pub subject: Subject,
    /// What the account holds.
    pub account: AccountView,
    /// What is asked; `None` for which method is the default.
    pub action: Option<Action>,
    /// The circumstances.
    pub context: Context,
}

impl Witness {
    /// Whether both have as many registrations, and proofs of the same age: then they show the same thing of two methods.
    fn is_like(&self, other: &Self) -> bool {
        let age = |witness: &Self| witness.context.proofs.iter().map(|proof| proof.at).min();
        self.account.registrations().len() == other.account.registrations().len()
            && age(self) == age(other)
    }

    /// What the policy answers; `None` if it is the default that is asked for.
    #[must_use]
    pub fn decide(&self, policy: &Policy) -> Option<Decision> {
        let action = self.action.as_ref()?;
        Some(policy.decide(&self.subject, &self.account, action, &self.context))
    }

    /// The default under the policy.
    #[must_use]
    pub fn default_method(&self, policy: &Policy) -> Option<DefaultMethod> {
        policy.default_method(&self.subject, &self.account, &self.context)
    }

    /// Which way the answer changes from one policy to the other, if it does.
    #[must_use]
    pub fn tells_apart(&self, old: &Policy, new: &Policy) -> Option<Direction> {
        let Some(action) = &self.action else {
            let differs = self.default_method(old) != self.default_method(new);
            return differs.then_some(Direction::Changed);
        };
        let allows =
            |policy: &Policy| policy.allows(&self.subject, &self.account, action, &self.context);
        match (allows(old), allows(new)) {
            (false, true) => Some(Direction::Allowed),
            (true, false) => Some(Direction::Denied),
            _ => None,
        }
    }
}

/// Something that two policies answer differently, with the smallest case that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    #[serde(flatten)]
    question: Question,
    direction: Direction,
    who: Who,
    witness: Witness,
}

impl Difference {
    /// Whether both say the same of different methods.
    fn shares_line_with(&self, other: &Self) -> bool {
        self.question.code() == other.question.code()
            && self.direction == other.direction
            && self.who == other.who
            && self.witness.is_like(&other.witness)
    }

    /// What is answered differently.
    #[must_use]
    pub const fn question(&self) -> &Question {
        &self.question
    }

    /// Which way.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// For whom the witness's answer changes so, whatever groups the witness is in.
    #[must_use]
    pub const fn who(&self) -> &Who {
        &self.who
    }

    /// The smallest case of those searched: an account with the fewest registrations, then somebody in the fewest groups,
    /// then the earliest time, then the fewest facts and proofs.
    #[must_use]
    pub const fn witness(&self) -> &Witness {
        &self.witness
    }
}

/// What changes from one policy to another: every field, and what people may do.
///
/// What people may do is found by asking both policies the same questions: about people as [`Who`] says; with every account of
/// at most two registrations (one, for people in two groups), and larger ones that the number of gates and the pools that
/// differ call for; before and at each sunset date; with proofs that are fresh, and as old as each limit. So a difference is
/// missed that shows only in an account with more registrations, in three groups at once, or in locks and states that no rule
/// of a policy is about. What the answers of a policy do not depend on (lengths, lockouts, texts, proposals, what becomes the
/// default) is in the fields only.
///
/// ```
/// use mfa_policy::{Direction, Method, Preset, Purpose, Question, diff};
///
/// let old = Preset::SecurityInfo.policy();
/// let mut draft = Preset::SecurityInfo.draft();
/// if let Some(text) = draft.methods.get_mut(&Method::Text) {
///     text.enabled = Some(false);
/// }
/// let changes = diff(&old, &draft.validate()?);
///
/// assert_eq!(changes.fields().first().map(|field| field.path()), Some("methods.text.enabled"));
/// let use_text = Question::Use { method: Method::Text, purpose: Purpose::TwoStep };
/// let lost = changes.behaviour().iter().find(|difference| *difference.question() == use_text);
/// assert_eq!(lost.map(|difference| difference.direction()), Some(Direction::Denied));
/// # Ok::<(), mfa_policy::Report>(())
/// ```
#[must_use]
pub fn diff(old: &Policy, new: &Policy) -> Diff {
    let fields = fields::changes(old.draft(), new.draft());
    let behaviour = if fields.is_empty() {
        Vec::new()
    } else {
        let search = Search::new(old, new).for_reading();
        let found = search.everything();
        let worth_telling: Vec<&Found> = found
            .iter()
            .filter(|one| !consequence::follows(one, &found, old, new))
            .collect();
        in_lines(&search, &worth_telling)
    };
    Diff { fields, behaviour }
}

/// One line for each method and purpose, and one for all methods with which the same is done otherwise.
fn in_lines(search: &Search<'_>, found: &[&Found]) -> Vec<Difference> {
    let mut lines: Vec<Difference> = Vec::new();
    for one in found {
        let mut line = search.line(one);
        let same = lines.iter_mut().find(|other| other.shares_line_with(&line));
        let shared = same.and_then(|same| same.question.shared_methods());
        match (shared, line.question.shared_methods()) {
            (Some(all), Some(methods)) => all.append(methods),
            _ => lines.push(line),
        }
    }
    lines
}
