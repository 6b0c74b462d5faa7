//! For whom a rule is.

use std::collections::BTreeSet;

use crate::name::Group;
use crate::subject::Subject;

/// Groups that are in, and groups that are out. Out wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Audience {
    /// `None` is everybody.
    include: Option<BTreeSet<Group>>,
    exclude: BTreeSet<Group>,
}

impl Audience {
    pub(crate) fn new(
        include: Option<&BTreeSet<Group>>,
        exclude: Option<&BTreeSet<Group>>,
    ) -> Self {
        Self {
            include: include.cloned(),
            exclude: exclude.cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn includes(&self, subject: &Subject) -> bool {
        self.include
            .as_ref()
            .is_none_or(|groups| groups.iter().any(|group| subject.groups().contains(group)))
    }

    /// The first group that keeps the person out.
    pub(crate) fn excluding<'a>(&'a self, subject: &Subject) -> Option<&'a Group> {
        self.exclude
            .iter()
            .find(|group| subject.groups().contains(*group))
    }

    pub(crate) fn admits(&self, subject: &Subject) -> bool {
        self.includes(subject) && self.excluding(subject).is_none()
    }

    /// Every group that is mentioned.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.include.iter().flatten().chain(&self.exclude)
    }
}
