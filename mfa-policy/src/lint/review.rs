//! A policy at a time, with the people that it tells apart.

use crate::method::Method;
use crate::policy::{Policy, Rule};
use crate::representatives::{People, Who};
use crate::subject::Role;
use crate::timestamp::Timestamp;

use super::possible::Possible;

/// Everybody, with what they could have under the policy at a time.
#[derive(Debug)]
pub(super) struct Review<'a> {
    pub(super) policy: &'a Policy,
    pub(super) now: Timestamp,
    people: &'a People,
    possible: Vec<Possible<'a>>,
}

impl<'a> Review<'a> {
    pub(super) fn new(policy: &'a Policy, people: &'a People, now: Timestamp) -> Self {
        let possible = people
            .iter()
            .map(|subject| Possible::new(policy, subject, now))
            .collect();
        Self {
            policy,
            now,
            people,
            possible,
        }
    }

    /// The same at another time.
    pub(super) fn at(&self, now: Timestamp) -> Self {
        Self::new(self.policy, self.people, now)
    }

    pub(super) fn people(&self) -> impl Iterator<Item = &Possible<'a>> {
        self.possible.iter()
    }

    pub(super) fn administrators(&self) -> impl Iterator<Item = &Possible<'a>> {
        self.people()
            .filter(|person| person.subject.role() == Role::Administrator)
    }

    /// Whom it concerns.
    pub(super) fn who(&self, concerns: impl Fn(&Possible<'a>) -> bool) -> Option<Who> {
        self.people.who(|subject| {
            self.people()
                .any(|person| person.subject == subject && concerns(person))
        })
    }

    /// Each different answer of people, with whom it is the answer of.
    pub(super) fn by_answer<T: Ord>(
        &self,
        answer: impl Fn(&Possible<'a>) -> Option<T>,
    ) -> Vec<(T, Who)> {
        let mut answers: Vec<T> = self.people().filter_map(&answer).collect();
        answers.sort();
        answers.dedup();
        let with_whom = answers.into_iter().filter_map(|given| {
            let who = self.who(|person| answer(person).as_ref() == Some(&given))?;
            Some((given, who))
        });
        with_whom.collect()
    }

    /// The rules of what somebody can come to have, in the order of the ranking.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        let mut rules: Vec<&Rule> = self
            .policy
            .rules()
            .filter(|rule| self.people().any(|person| person.has(&rule.method)))
            .collect();
        rules.sort_by_key(|rule| rule.rank);
        rules.into_iter()
    }
}

/// Only e-mail, questions and telephones: what others can take over from afar.
pub(super) const fn is_weak(method: &Method) -> bool {
    method.is_telephone() || matches!(method, Method::Email | Method::SecurityQuestions)
}
