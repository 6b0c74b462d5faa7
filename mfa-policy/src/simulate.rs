//! What a change of policy would do to many people.

mod self_help;
mod summary;

use std::borrow::Cow;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::case::Case;
use crate::context::Context;
use crate::listener::NotDenied;
use crate::method::Method;
use crate::person::Person;
use crate::policy::Policy;
use crate::purpose::{Purpose, PurposeSet};
use crate::reach::{Locks, Required};
use crate::timestamp::Timestamp;

use self_help::{SelfHelp, SelfHelpDesk, is_in_order};
pub use summary::{DefaultChange, MethodChange, People, ProposalCount, PurposeChange, Summary};

/// How many people of each count are named, where nothing else is said.
const SAMPLES: usize = 20;
/// How many items a thread takes at once: enough that taking them costs nothing, few enough that all end together.
const CHUNK: usize = 128;

/// Counts what a change of policy does, person by person.
///
/// What it knows does not grow with the number of people. People can be added in any order, and simulations of the same two
/// policies and time can be [merged](Simulation::merge) in any order: the result is the same. A lock that will end, of a
/// registration or of the reset, does not count: it says nothing about a policy.
///
/// ```
/// use mfa_policy::{Method, Person, Preset, Purpose, Simulation};
///
/// let before = Preset::SecurityInfo.policy();
/// let mut draft = Preset::SecurityInfo.draft();
/// draft.methods.entry(Method::Text).or_default().enabled = Some(false);
/// let after = draft.validate()?;
///
/// let people = [
///     r#"{"subject":{"id":"ada"},"account":{"registrations":[{"id":"r1","method":"text"}]}}"#,
///     r#"{"subject":{"id":"bob"},"account":{"registrations":[{"id":"r1","method":"authenticator_code"}]}}"#,
///     r#"{"subject":{"id":"eve"}"#,
/// ];
/// let simulation = Simulation::new(&before, &after, "2026-11-22".parse()?);
/// let result = simulation.run(2, people, |_, line| serde_json::from_str::<Person>(line));
///
/// let two_step = &result.summary.purposes()[0];
/// assert_eq!((two_step.purpose(), two_step.before(), two_step.after()), (Purpose::TwoStep, 2, 1));
/// // The text message was the only proof that Ada could have given, so she cannot register anything else.
/// let (place, id) = result.summary.stranded().first().next().ok_or("nobody")?;
/// assert_eq!((place, id.as_str()), (0, "ada"));
/// assert_eq!(result.summary.stranded_unless_in_time(), 1);
/// assert_eq!(result.rejected.count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Simulation<'a> {
    before: &'a Policy,
    after: &'a Policy,
    context: Context,
    samples: usize,
    desk: SelfHelpDesk<'a>,
    summary: Summary,
}

/// What [`Simulation::run`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated<E> {
    /// What the change does to the people that could be read.
    pub summary: Summary,
    /// What could not be read.
    pub rejected: Rejected<E>,
}

/// Items of the input that are no people: how many, and the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected<E> {
    count: u64,
    first: Vec<(u64, E)>,
}

impl<E> Rejected<E> {
    const NONE: Self = Self {
        count: 0,
        first: Vec::new(),
    };

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first of them, with their places in the input and what is wrong with them.
    #[must_use]
    pub fn first(&self) -> &[(u64, E)] {
        &self.first
    }

    fn add(&mut self, index: u64, error: E, samples: usize) {
        self.count = self.count.saturating_add(1);
        // INVARIANT: one thread sees rising places, so the first errors are the ones to keep.
        if self.first.len() < samples {
            self.first.push((index, error));
        }
    }

    fn merge(&mut self, other: Self, samples: usize) {
        self.count = self.count.saturating_add(other.count);
        self.first.extend(other.first);
        self.first.sort_by_key(|(index, _)| *index);
        self.first.truncate(samples);
    }
}

impl<'a> Simulation<'a> {
    /// Compares what people can do under the policy `before` with what they can do under `after`, both at the time `now`.
    #[must_use]
    pub fn new(before: &'a Policy, after: &'a Policy, now: Timestamp) -> Self {
        let externals = before.externals.iter().chain(&after.externals);
        let mut externals: Vec<Method> = externals.cloned().map(Method::External).collect();
        externals.sort_unstable();
        externals.dedup();
        Self {
            before,
            after,
            context: Context::anywhere(now),
            samples: SAMPLES,
            desk: SelfHelpDesk::new(before, after, now),
            // INVARIANT: the built-in methods come first, in their order; [`slot`] relies on it.
            summary: Summary::new([&Method::BUILT_IN, externals.as_slice()].concat()),
        }
    }

    /// Names that many people of each count, instead of 20.
    #[must_use]
    pub const fn with_samples(mut self, samples: usize) -> Self {
        self.samples = samples;
        self
    }

    /// Looks at every item in `threads` threads and gives the result, which is the same for any number of threads.
    ///
    /// `read` makes a person of an item and its place in the input, in the thread that looks at it; so lines of a file are
    /// parsed in parallel. What it refuses is counted, and the rest goes on. With no more than one thread nothing is started;
    /// if the system gives no more threads, those that there are do the work.
    pub fn run<I, E>(
        self,
        threads: usize,
        items: I,
        read: impl Fn(u64, I::Item) -> Result<Person, E> + Sync,
    ) -> Simulated<E>
    where
        I: IntoIterator<IntoIter: Send, Item: Send>,
        E: Send,
    {
        let samples = self.samples;
        let queue = Mutex::new((0_u64..).zip(items));
        let (queue, read) = (&queue, &read);
        let fresh = Self {
            summary: self.summary.emptied(),
            ..self.clone()
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads)
                .map_while(|_| {
                    let simulation = fresh.clone();
                    let work = move || simulation.work_off(queue, read);
                    thread::Builder::new().spawn_scoped(scope, work).ok()
                })
                .collect();
            let mut result = self.work_off(queue, read);
            for other in others {
                match other.join() {
                    Ok(other) => {
                        result.summary.merge(other.summary, samples);
                        result.rejected.merge(other.rejected, samples);
                    }
                    // `read` or the iterator panicked there.
                    Err(panic) => resume_unwind(panic),
                }
            }
            result
        })
    }

    fn work_off<T, E>(
        mut self,
        queue: &Mutex<impl Iterator<Item = (u64, T)>>,
        read: impl Fn(u64, T) -> Result<Person, E>,
    ) -> Simulated<E> {
        let mut rejected = Rejected::NONE;
        let mut chunk: Vec<(u64, T)> = Vec::with_capacity(CHUNK);
        loop {
            let mut items = queue.lock().unwrap_or_else(PoisonError::into_inner);
            chunk.extend(items.by_ref().take(CHUNK));
            drop(items);
            if chunk.is_empty() {
                break;
            }
            for (index, item) in chunk.drain(..) {
                match read(index, item) {
                    Ok(person) => self.add(index, &person),
                    Err(error) => rejected.add(index, error, self.samples),
                }
            }
        }
        Simulated {
            summary: self.summary,
            rejected,
        }
    }

    /// Adds the person at that place in the input.
    pub fn add(&mut self, index: u64, person: &Person) {
        let person = without_locks(person);
        let summary = &mut self.summary;
        let before = Look::at(&person, self.before, &self.context, &summary.methods);
        let after = Look::at(&person, self.after, &self.context, &summary.methods);
        summary.people = summary.people.saturating_add(1);
        let id = person.subject.id();
        for change in &mut summary.purposes {
            let had = before.reached.contains(change.purpose);
            let has = after.reached.contains(change.purpose);
            change.before = change.before.saturating_add(u64::from(had));
            change.after = change.after.saturating_add(u64::from(has));
            match (had, has) {
                (true, false) => change.lost.add(index, id, self.samples),
                (false, true) => change.gained.add(index, id, self.samples),
                _ => {}
            }
        }
        let mut registered = before.registered;
        for (slot, change) in summary.methods.iter_mut().enumerate() {
            if registered == 0 {
                break;
            }
            registered &= !bit(slot);
            let counts = |mask: u128| u64::from(mask & bit(slot) != 0);
            change.registered = change.registered.saturating_add(counts(before.registered));
            change.usable_before = change.usable_before.saturating_add(counts(before.usable));
            change.usable_after = change.usable_after.saturating_add(counts(after.usable));
        }
        summary.count_default(before.default, after.default, 1);
        let (had, has) = (before.reached, after.reached);
        self.judge(index, &person, had, has);
    }

    /// Takes in what another simulation of the same two policies and time has counted.
    pub fn merge(&mut self, other: Self) {
        self.summary.merge(other.summary, self.samples);
    }

    /// What was counted.
    #[must_use]
    pub fn into_summary(self) -> Summary {
        self.summary
    }

    /// Counts what the person lacks of what is required.
    fn judge(&mut self, index: u64, person: &Person, had: PurposeSet, has: PurposeSet) {
        let subject = &person.subject;
        let mut missing = PurposeSet::NONE;
        let mut lacks_all_along = false;
        let mut was_required = None;
        for Required { purpose, .. } in self.after.each_required(subject) {
            let change = self
                .summary
                .purposes
                .iter_mut()
                .find(|change| change.purpose == purpose);
            let Some(change) = change else { continue };
            change.required = change.required.saturating_add(1);
            if has.contains(purpose) {
                continue;
            }
            let was_required: PurposeSet = *was_required.get_or_insert_with(|| {
                self.before
                    .each_required(subject)
                    .map(|required| required.purpose)
                    .collect()
            });
            if had.contains(purpose) {
                missing = missing.with(purpose);
            } else if was_required.contains(purpose) {
                lacks_all_along = true;
            } else {
                missing = missing.with(purpose);
                change.newly_required = change.newly_required.saturating_add(1);
            }
        }
        self.summary.lacking_all_along = self
            .summary
            .lacking_all_along
            .saturating_add(u64::from(lacks_all_along));
        if missing.is_empty() {
            return;
        }
        let id = subject.id();
        let help = self.desk.ask(person, missing);
        let summary = &mut self.summary;
        if let SelfHelp::Register(methods) = &help {
            summary.must_register.add(index, id, self.samples);
            summary.count_proposal(methods, 1);
        } else {
            summary.stranded.add(index, id, self.samples);
            let (without_proof, in_time) = match help {
                SelfHelp::NoProof { in_time } => (1, u64::from(in_time)),
                _ => (0, 0),
            };
            summary.stranded_without_proof =
                summary.stranded_without_proof.saturating_add(without_proof);
            summary.stranded_unless_in_time =
                summary.stranded_unless_in_time.saturating_add(in_time);
        }
        for change in summary
            .purposes
            .iter_mut()
            .filter(|change| missing.contains(change.purpose))
        {
            let helped = matches!(help, SelfHelp::Register(_));
            let people = if helped {
                &mut change.must_register
            } else {
                &mut change.stranded
            };
            people.add(index, id, self.samples);
        }
    }
}

/// What one person can do under one policy.
#[derive(Default)]
struct Look<'a> {
    /// The purposes that are reached by methods that last.
    reached: PurposeSet,
    default: Option<&'a Method>,
    /// Sets of methods, by their places among those that are counted: 15 and at most 32 of each policy.
    registered: u128,
    usable: u128,
}

impl<'a> Look<'a> {
    /// What the person can do under one of the policies.
    fn at(
        person: &'a Person,
        policy: &'a Policy,
        context: &'a Context,
        counted: &[MethodChange],
    ) -> Self {
        let case = Case::new(policy, &person.subject, &person.account, context);
        // What `Case::accepts` asks for each registration and purpose, asked once for each person.
        let needed = Purpose::ALL.map(|purpose| {
            (
                purpose,
                case.least_strength(purpose),
                case.needed_strength(purpose),
            )
        });
        let mut look = Self::default();
        let has_reset = case.reset_offered(&mut NotDenied).is_continue();
        let mut has_gate = false;
        for registration in case.registrations() {
            let method = &registration.method;
            let bit = slot(method, counted).map_or(0, bit);
            look.registered |= bit;
            let available = case
                .method_available(method, &mut NotDenied)
                .continue_value()
                .flatten();
            let Some(rule) = available.filter(|_| is_in_order(&case, registration)) else {
                continue;
            };
            for (purpose, least, needs) in needed
                .iter()
                .copied()
                .filter(|(purpose, ..)| rule.purposes.contains(*purpose))
            {
                if purpose == Purpose::PasswordReset {
                    if has_reset && case.accepts(method, purpose, &mut NotDenied).is_continue() {
                        has_gate = true;
                        look.usable |= bit;
                    }
                } else if rule.strength >= least {
                    look.usable |= bit;
                    if method.lasts() && rule.strength >= needs {
                        look.reached = look.reached.with(purpose);
                    }
                }
            }
        }
        let reset = Required {
            purpose: Purpose::PasswordReset,
            strength: None,
        };
        if has_gate && case.reaches(reset, Locks::Count, &mut NotDenied) {
            look.reached = look.reached.with(Purpose::PasswordReset);
        }
        let default = case.default_registration(&mut NotDenied);
        look.default = default.map(|(registration, _)| &registration.method);
        look
    }
}

/// The place of a method among those that are counted.
fn slot(method: &Method, counted: &[MethodChange]) -> Option<usize> {
    match method.built_in_index() {
        Some(index) => Some(usize::from(index)),
        None => counted.iter().position(|change| change.method == *method),
    }
}

fn bit(slot: usize) -> u128 {
    u32::try_from(slot).map_or(0, |slot| 1_u128.unbounded_shl(slot))
}

/// The person as if every lock had ended.
fn without_locks(person: &Person) -> Cow<'_, Person> {
    let account = &person.account;
    let is_locked = account.reset_locked_until.is_some()
        || account
            .registrations
            .iter()
            .any(|registration| registration.locked_until.is_some());
    if !is_locked {
        return Cow::Borrowed(person);
    }
    let mut unlocked = person.clone();
    unlocked.account.reset_locked_until = None;
    for registration in &mut unlocked.account.registrations {
        registration.locked_until = None;
    }
    Cow::Owned(unlocked)
}
