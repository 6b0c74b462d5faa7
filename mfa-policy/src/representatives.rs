//! People who stand for everybody: one for each way in which a policy can treat somebody.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use crate::name::{Group, PersonId};
use crate::policy::Policy;
use crate::subject::{Role, Subject};

/// Whom something concerns, among the people that a policy tells apart.
///
/// Looked at are users and administrators in none of the groups that the policy mentions, in each one of them, and in each two. What concerns only
/// people who are in three of these groups and not in any two of them is not seen; nor, in a policy that mentions more than
/// 24 groups, what takes two of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everybody.
    Everybody,
    /// All users, and no administrator.
    Users,
    /// All administrators, and nobody else.
    Administrators,
    /// Some people; these are the ones in the fewest groups.
    Some {
        /// Their role.
        role: Role,
        /// Their groups, among those that the policy mentions.
        groups: BTreeSet<Group>,
    },
}

/// One person for each way of being treated, those in the fewest groups first.
#[derive(Debug)]
pub(crate) struct People {
    subjects: Vec<Subject>,
}

/// With more groups than these, pairs of them are left out.
const MOST_GROUPS_IN_PAIRS: usize = 24;

impl People {
    /// Everybody that at least one of the policies can tell apart from the others.
    pub(crate) fn of(policies: &[&Policy]) -> Self {
        // INVARIANT: the name is not empty, so there is an identifier, and there are people.
        let someone: Option<PersonId> = PersonId::new("someone").ok();
        let mut treatments = HashSet::new();
        let subjects = someone.into_iter().flat_map(|id| {
            group_sets(policies).into_iter().flat_map(move |groups| {
                let user = groups
                    .into_iter()
                    .fold(Subject::new(id.clone()), Subject::in_group);
                [user.clone(), user.administrator()]
            })
        });
        Self {
            subjects: subjects
                .filter(|subject| treatments.insert(treatment(policies, subject)))
                .collect(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.iter()
    }

    /// Whom of all these it concerns; `None` for nobody.
    pub(crate) fn who(&self, concerns: impl Fn(&Subject) -> bool) -> Option<Who> {
        let concerned: Vec<(&Subject, bool)> = self
            .subjects
            .iter()
            .map(|subject| (subject, concerns(subject)))
            .collect();
        let (first, _) = concerned.iter().find(|(_, concerned)| *concerned)?;
        let whole = |role| {
            concerned
                .iter()
                .all(|(subject, concerned)| *concerned == (subject.role() == role))
        };
        Some(if concerned.iter().all(|(_, concerned)| *concerned) {
            Who::Everybody
        } else if whole(Role::User) {
            Who::Users
        } else if whole(Role::Administrator) {
            Who::Administrators
        } else {
            Who::Some {
                role: first.role(),
                groups: first.groups().clone(),
            }
        })
    }
}

/// No group, each group, each two.
fn group_sets(policies: &[&Policy]) -> Vec<BTreeSet<Group>> {
    let mentioned: BTreeSet<&Group> = policies.iter().flat_map(|policy| policy.groups()).collect();
    let mentioned: Vec<&Group> = mentioned.into_iter().collect();
    let mut sets = vec![BTreeSet::new()];
    sets.extend(
        mentioned
            .iter()
            .map(|&group| BTreeSet::from([group.clone()])),
    );
    if mentioned.len() <= MOST_GROUPS_IN_PAIRS {
        let pairs = mentioned.iter().enumerate().flat_map(|(place, &one)| {
            mentioned
                .iter()
                .skip(place.saturating_add(1))
                .map(move |&other| BTreeSet::from([one.clone(), other.clone()]))
        });
        sets.extend(pairs);
    }
    sets
}

/// Everything that a policy looks at in a person.
fn treatment(policies: &[&Policy], subject: &Subject) -> (Role, Vec<bool>) {
    let aspects = policies.iter().flat_map(|policy| {
        let rules = policy.rules().map(|rule| rule.audience.admits(subject));
        let requirements = policy
            .requirements
            .iter()
            .map(|requirement| requirement.concerns(subject));
        rules
            .chain(requirements)
            .chain([policy.reset.audience.admits(subject)])
    });
    (subject.role(), aspects.collect())
}

impl Policy {
    /// Every group that is mentioned, perhaps more than once.
    fn groups(&self) -> impl Iterator<Item = &Group> {
        let rules = self.rules().map(|rule| &rule.audience);
        let requirements = self
            .requirements
            .iter()
            .map(|requirement| &requirement.audience);
        rules
            .chain(requirements)
            .chain([&self.reset.audience])
            .flat_map(|audience| audience.groups())
    }
}
