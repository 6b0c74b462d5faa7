//! The search for cases that two policies answer differently.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::AccountView;
use crate::action::Action;
use crate::case::Case;
use crate::context::Proven;
use crate::listener::{Flow, YesNo};
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::representatives::{People, Who};
use crate::timestamp::Timestamp;

use super::accounts::Accounts;
use super::asks::Ask;
use super::{Difference, Direction, Question, Witness};

/// How large a case is: registrations, then the place of the person (in the fewest groups first), then the place of the
/// time, then facts and proofs.
type Size = (usize, usize, usize, usize);

/// A difference with the smallest case that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) question: Question,
    pub(crate) direction: Direction,
    pub(crate) witness: Witness,
}

/// Asks two policies the same questions.
pub(crate) struct Search<'a> {
    old: &'a Policy,
    new: &'a Policy,
    people: People,
    times: Vec<Timestamp>,
    /// Whether to leave out cases that differ only because a registration in them does.
    for_reading: bool,
}

/// What is found so far.
type Best = BTreeMap<(Question, Direction), (Size, Witness)>;

impl<'a> Search<'a> {
    pub(crate) fn new(old: &'a Policy, new: &'a Policy) -> Self {
        let sunsets: BTreeSet<Timestamp> = [old, new]
            .into_iter()
            .flat_map(Policy::rules)
            .filter_map(|rule| rule.sunset)
            .collect();
        let before = sunsets.first().map_or_else(ordinary_day, |first| {
            Timestamp::from_unix_seconds(first.unix_seconds().saturating_sub(SECONDS_A_DAY))
        });
        let times = std::iter::once(before).chain(sunsets).collect();
        Self {
            old,
            new,
            people: People::of(&[old, new]),
            times,
            for_reading: false,
        }
    }

    /// Without the cases that differ only because a registration in them counts in one policy and not in the other: that is
    /// a difference of its own, and would hide what else differs.
    pub(crate) fn for_reading(self) -> Self {
        Self {
            for_reading: true,
            ..self
        }
    }

    /// Every kind of difference, each with its smallest case, ordered by question.
    pub(crate) fn everything(&self) -> Vec<Found> {
        let accounts = Accounts::new(self.old, self.new);
        let mut best = Best::new();
        for (account, about) in accounts.all() {
            for ask in accounts.asks(&account, about) {
                self.ask(&account, &ask, &mut best);
            }
        }
        let found = best.into_iter();
        found
            .map(|((question, direction), (_, witness))| Found {
                question,
                direction,
                witness,
            })
            .collect()
    }

    fn ask(&self, account: &AccountView, ask: &Ask, best: &mut Best) {
        for (time, now) in self.times.iter().enumerate() {
            for circumstances in &ask.circumstances {
                let mut witness = None;
                // Two groups matter where a method is for one and not for the other, which one registration shows.
                let most_groups = if account.registrations().len() > 1 {
                    1
                } else {
                    2
                };
                let people = self
                    .people
                    .iter()
                    .take_while(|subject| subject.groups().len() <= most_groups);
                for (person, subject) in people.enumerate() {
                    let witness = witness.get_or_insert_with(|| Witness {
                        subject: subject.clone(),
                        account: account.clone(),
                        action: ask.action.clone(),
                        context: circumstances.at(*now),
                    });
                    witness.subject.clone_from(subject);
                    let Some(direction) = self.answer(witness, &ask.question) else {
                        continue;
                    };
                    if self.for_reading && self.is_told_elsewhere(witness) {
                        continue;
                    }
                    let size = (
                        account.registrations().len(),
                        person,
                        time,
                        circumstances.weight(),
                    );
                    let smaller = |best: &Best| {
                        best.get(&(ask.question.clone(), direction))
                            .is_none_or(|(known, _)| size < *known)
                    };
                    if smaller(best) {
                        best.insert((ask.question.clone(), direction), (size, witness.clone()));
                    }
                }
            }
        }
    }

    /// Which way the answer changes, if it does.
    fn answer(&self, witness: &Witness, question: &Question) -> Option<Direction> {
        if witness.action.is_some() {
            return witness.tells_apart(self.old, self.new);
        }
        let (old, new) = (
            witness.default_method(self.old)?,
            witness.default_method(self.new)?,
        );
        let is_of = |registration| {
            let method = witness
                .account
                .registration(registration)
                .map(|registration| registration.method());
            method.is_some_and(|method| question.methods().contains(method))
        };
        let differs = match question {
            Question::Sending { .. } => {
                old.registration() == new.registration() && old.sending() != new.sending()
            }
            _ => old.registration() != new.registration(),
        };
        (differs && is_of(old.registration())).then_some(Direction::Changed)
    }

    /// Whether the answer changes only because what is registered counts otherwise.
    fn is_told_elsewhere(&self, witness: &Witness) -> bool {
        let Witness {
            subject,
            account,
            action,
            context,
        } = witness;
        let case = |policy| Case::new(policy, subject, account, context);
        let (old, new) = (case(self.old), case(self.new));
        let differs = |question: &dyn Fn(&Case<'_>) -> Flow| question(&old) != question(&new);
        let mut registrations = account.registrations().iter();
        let reset_differs = differs(&|case| case.reset_offered(&mut YesNo));
        match action {
            None => false,
            Some(Action::Use { purpose, .. }) => {
                *purpose == Purpose::PasswordReset && reset_differs
            }
            Some(Action::StartReset | Action::FinishReset) => {
                !reset_differs
                    && registrations.any(|registration| {
                        let method = &registration.method;
                        differs(&|case| case.accepts(method, Purpose::PasswordReset, &mut YesNo))
                            || differs(&|case| case.works_here(method, &mut YesNo))
                    })
            }
            Some(_) => context.proofs.iter().any(|proof| match &proof.by {
                Proven::Password => false,
                Proven::Registration(id) => account.registration(id).is_some_and(|registration| {
                    differs(&|case| {
                        case.accepts(
                            &registration.method,
                            Purpose::ManageSecurityInfo,
                            &mut YesNo,
                        )
                    })
                }),
            }),
        }
    }

    /// What is found, with whom it concerns.
    pub(crate) fn line(&self, found: &Found) -> Difference {
        let Found {
            question,
            direction,
            witness,
        } = found.clone();
        Difference {
            who: self.who(found),
            question,
            direction,
            witness,
        }
    }

    /// Whom the difference concerns: everybody for whom the same case is answered so differently.
    fn who(&self, found: &Found) -> Who {
        let concerned = self.people.who(|subject| {
            let witness = Witness {
                subject: subject.clone(),
                ..found.witness.clone()
            };
            self.answer(&witness, &found.question) == Some(found.direction)
        });
        // The person of the case is one of them.
        concerned.unwrap_or_else(|| Who::Some {
            role: found.witness.subject.role(),
            groups: found.witness.subject.groups().clone(),
        })
    }
}

const SECONDS_A_DAY: i64 = 86_400;

/// 2026-01-01: any day is like another where no method retires.
fn ordinary_day() -> Timestamp {
    Timestamp::from_unix_seconds(1_767_225_600)
}
