//! What a change of policy does to a population: counts, and the first people of each count.

use serde::{Serialize, Serializer};

use crate::method::Method;
use crate::name::PersonId;
use crate::purpose::Purpose;

/// A number of people, and the first of them in the order of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct People {
    count: u64,
    /// INVARIANT: sorted, and no longer than the number of samples that was asked for.
    #[serde(serialize_with = "ids")]
    first: Vec<(u64, PersonId)>,
}

fn ids<S: Serializer>(first: &[(u64, PersonId)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(first.iter().map(|(_, id)| id))
}

impl People {
    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first of them, with their places in the input.
    #[must_use]
    pub fn first(&self) -> impl ExactSizeIterator<Item = (u64, &PersonId)> {
        self.first.iter().map(|(index, id)| (*index, id))
    }

    pub(super) fn add(&mut self, index: u64, id: &PersonId, samples: usize) {
        self.count = self.count.saturating_add(1);
        let is_early = self
            .first
            .last()
            .is_none_or(|(last, last_id)| (index, id) < (*last, last_id));
        if self.first.len() < samples || (is_early && samples > 0) {
            let place = self
                .first
                .partition_point(|(other, other_id)| (*other, other_id) < (index, id));
            self.first.insert(place, (index, id.clone()));
            self.first.truncate(samples);
        }
    }

    pub(super) fn merge(&mut self, other: Self, samples: usize) {
        self.count = self.count.saturating_add(other.count);
        self.first.extend(other.first);
        self.first.sort_unstable();
        self.first.truncate(samples);
    }
}

/// What the change does to one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PurposeChange {
    pub(super) purpose: Purpose,
    pub(super) before: u64,
    pub(super) after: u64,
    pub(super) required: u64,
    pub(super) newly_required: u64,
    pub(super) gained: People,
    pub(super) lost: People,
    pub(super) must_register: People,
    pub(super) stranded: People,
}

impl PurposeChange {
    pub(super) fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            before: 0,
            after: 0,
            required: 0,
            newly_required: 0,
            gained: People::default(),
            lost: People::default(),
            must_register: People::default(),
            stranded: People::default(),
        }
    }

    /// The purpose.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// How many people reach it under the old policy, by methods that last.
    #[must_use]
    pub const fn before(&self) -> u64 {
        self.before
    }

    /// How many people reach it under the new policy.
    #[must_use]
    pub const fn after(&self) -> u64 {
        self.after
    }

    /// Of how many people the new policy requires it.
    #[must_use]
    pub const fn required(&self) -> u64 {
        self.required
    }

    /// How many people do not reach it, of whom the new policy requires it and the old one did not.
    ///
    /// They did not lose it, and yet must register or are stranded.
    #[must_use]
    pub const fn newly_required(&self) -> u64 {
        self.newly_required
    }

    /// Those who reach it now and did not before.
    #[must_use]
    pub const fn gained(&self) -> &People {
        &self.gained
    }

    /// Those who reached it and no longer do.
    #[must_use]
    pub const fn lost(&self) -> &People {
        &self.lost
    }

    /// Those who need it because of the change and can register what it takes, alone, at the next sign-in.
    #[must_use]
    pub const fn must_register(&self) -> &People {
        &self.must_register
    }

    /// Those who need it because of the change and cannot get there without an administrator.
    #[must_use]
    pub const fn stranded(&self) -> &People {
        &self.stranded
    }

    fn merge(&mut self, other: Self, samples: usize) {
        self.before = self.before.saturating_add(other.before);
        self.after = self.after.saturating_add(other.after);
        self.required = self.required.saturating_add(other.required);
        self.newly_required = self.newly_required.saturating_add(other.newly_required);
        self.gained.merge(other.gained, samples);
        self.lost.merge(other.lost, samples);
        self.must_register.merge(other.must_register, samples);
        self.stranded.merge(other.stranded, samples);
    }
}

/// How many people have one default before and another one after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DefaultChange {
    pub(super) from: Option<Method>,
    pub(super) to: Option<Method>,
    pub(super) people: u64,
}

impl DefaultChange {
    /// The default under the old policy, or `None` for none.
    #[must_use]
    pub const fn from(&self) -> Option<&Method> {
        self.from.as_ref()
    }

    /// The default under the new policy, or `None` for none.
    #[must_use]
    pub const fn to(&self) -> Option<&Method> {
        self.to.as_ref()
    }

    /// How many people.
    #[must_use]
    pub const fn people(&self) -> u64 {
        self.people
    }

    /// Whether it is another method.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.from != self.to
    }
}

/// How many people have one method, and how many can use it for anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MethodChange {
    pub(super) method: Method,
    pub(super) registered: u64,
    pub(super) usable_before: u64,
    pub(super) usable_after: u64,
}

impl MethodChange {
    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// How many people have at least one registration of it, in whatever state.
    #[must_use]
    pub const fn registered(&self) -> u64 {
        self.registered
    }

    /// How many people can use it for at least one purpose under the old policy.
    #[must_use]
    pub const fn usable_before(&self) -> u64 {
        self.usable_before
    }

    /// How many people can use it for at least one purpose under the new policy.
    #[must_use]
    pub const fn usable_after(&self) -> u64 {
        self.usable_after
    }
}

/// How many people will be asked to register the same methods.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ProposalCount {
    pub(super) methods: Vec<Method>,
    pub(super) people: u64,
}

impl ProposalCount {
    /// The methods, in the order in which to register them.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// How many people.
    #[must_use]
    pub const fn people(&self) -> u64 {
        self.people
    }
}

/// What a change of policy does to a population.
///
/// A person is *affected* where the new policy requires a purpose that the person does not reach under it, and the person
/// either did reach it before or it was not required before. Who lacked a required purpose all along is counted apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub(super) people: u64,
    pub(super) purposes: Vec<PurposeChange>,
    pub(super) must_register: People,
    pub(super) stranded: People,
    pub(super) stranded_without_proof: u64,
    pub(super) stranded_unless_in_time: u64,
    pub(super) lacking_all_along: u64,
    /// INVARIANT: the three lists are sorted by what they count, each once.
    pub(super) proposals: Vec<ProposalCount>,
    pub(super) defaults: Vec<DefaultChange>,
    pub(super) methods: Vec<MethodChange>,
}

impl Summary {
    /// How many people were looked at.
    #[must_use]
    pub const fn people(&self) -> u64 {
        self.people
    }

    /// Every purpose, in the order of [`Purpose::ALL`].
    #[must_use]
    pub fn purposes(&self) -> &[PurposeChange] {
        &self.purposes
    }

    /// Those who are affected, and can register all that they need, alone, at the next sign-in.
    #[must_use]
    pub const fn must_register(&self) -> &People {
        &self.must_register
    }

    /// Those who are affected in at least one purpose, and cannot get there without an administrator.
    #[must_use]
    pub const fn stranded(&self) -> &People {
        &self.stranded
    }

    /// How many of the stranded could register what they need, if only they had a proof left that a registration asks for.
    /// A temporary pass helps them; the others may not register anything that serves.
    #[must_use]
    pub const fn stranded_without_proof(&self) -> u64 {
        self.stranded_without_proof
    }

    /// How many of those without a proof could still register what they need under the old policy: they are not stranded if they
    /// are asked before the change is made.
    #[must_use]
    pub const fn stranded_unless_in_time(&self) -> u64 {
        self.stranded_unless_in_time
    }

    /// How many people lack something that both policies require of them.
    #[must_use]
    pub const fn lacking_all_along(&self) -> u64 {
        self.lacking_all_along
    }

    /// What those who must register will be asked to register: the first of the proposals of an
    /// [`Overview`](crate::Overview).
    #[must_use]
    pub fn proposals(&self) -> &[ProposalCount] {
        &self.proposals
    }

    /// How many people go from which default method to which; those who keep theirs too.
    #[must_use]
    pub fn defaults(&self) -> &[DefaultChange] {
        &self.defaults
    }

    /// Every method that one of the policies mentions or that is built in, in order. External methods of accounts that neither policy mentions
    /// are not counted.
    #[must_use]
    pub fn methods(&self) -> &[MethodChange] {
        &self.methods
    }

    pub(super) fn new(methods: Vec<Method>) -> Self {
        Self {
            people: 0,
            purposes: Purpose::ALL.map(PurposeChange::new).into(),
            must_register: People::default(),
            stranded: People::default(),
            stranded_without_proof: 0,
            stranded_unless_in_time: 0,
            lacking_all_along: 0,
            proposals: Vec::new(),
            defaults: Vec::new(),
            methods: methods
                .into_iter()
                .map(|method| MethodChange {
                    method,
                    registered: 0,
                    usable_before: 0,
                    usable_after: 0,
                })
                .collect(),
        }
    }

    /// Of the same methods, with nothing counted.
    pub(super) fn emptied(&self) -> Self {
        Self::new(
            self.methods
                .iter()
                .map(|change| change.method.clone())
                .collect(),
        )
    }

    pub(super) fn count_default(
        &mut self,
        from: Option<&Method>,
        to: Option<&Method>,
        people: u64,
    ) {
        let place = self
            .defaults
            .binary_search_by(|change| (change.from(), change.to()).cmp(&(from, to)));
        match place {
            Ok(place) => {
                if let Some(change) = self.defaults.get_mut(place) {
                    change.people = change.people.saturating_add(people);
                }
            }
            Err(place) => self.defaults.insert(
                place,
                DefaultChange {
                    from: from.cloned(),
                    to: to.cloned(),
                    people,
                },
            ),
        }
    }

    pub(super) fn count_proposal(&mut self, methods: &[Method], people: u64) {
        let place = self
            .proposals
            .binary_search_by(|proposal| proposal.methods().cmp(methods));
        match place {
            Ok(place) => {
                if let Some(proposal) = self.proposals.get_mut(place) {
                    proposal.people = proposal.people.saturating_add(people);
                }
            }
            Err(place) => self.proposals.insert(
                place,
                ProposalCount {
                    methods: methods.to_vec(),
                    people,
                },
            ),
        }
    }

    pub(super) fn merge(&mut self, other: Self, samples: usize) {
        self.people = self.people.saturating_add(other.people);
        for (purpose, others) in self.purposes.iter_mut().zip(other.purposes) {
            purpose.merge(others, samples);
        }
        self.must_register.merge(other.must_register, samples);
        self.stranded.merge(other.stranded, samples);
        self.stranded_without_proof = self
            .stranded_without_proof
            .saturating_add(other.stranded_without_proof);
        self.stranded_unless_in_time = self
            .stranded_unless_in_time
            .saturating_add(other.stranded_unless_in_time);
        self.lacking_all_along = self
            .lacking_all_along
            .saturating_add(other.lacking_all_along);
        for proposal in other.proposals {
            self.count_proposal(&proposal.methods, proposal.people);
        }
        for change in other.defaults {
            self.count_default(change.from(), change.to(), change.people);
        }
        // INVARIANT: both were made for the same two policies, so the methods are the same.
        for (method, others) in self.methods.iter_mut().zip(other.methods) {
            method.registered = method.registered.saturating_add(others.registered);
            method.usable_before = method.usable_before.saturating_add(others.usable_before);
            method.usable_after = method.usable_after.saturating_add(others.usable_after);
        }
    }
}
