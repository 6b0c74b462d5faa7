//! Policy decisions: single answers, the page about an account, a population, and ten rules beside Cedar's authorizer.

mod cedar;

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Duration;

use mfa_policy::{
    AccountView, Action, Context, DeviceId, Method, Person, PersonId, Policy, PolicyDraft, Preset,
    Proven, Purpose, Reason, Registration, RegistrationId, Role, Simulation, Subject, Timestamp,
};

use crate::{Contender, Task};

/// Every task about policies.
pub fn tasks() -> Vec<Task> {
    let mut tasks = answers();
    tasks.push(overview());
    tasks.extend(cedar::tasks());
    tasks.extend(simulations());
    tasks.extend(VALIDATIONS.map(validation));
    tasks
}

/// What a decision and a plain answer may take.
const DECIDE: Duration = Duration::from_micros(1);
const ALLOWS: Duration = Duration::from_nanos(150);
const OVERVIEW: Duration = Duration::from_micros(15);
/// Half a million accounts a second.
const ACCOUNT: Duration = Duration::from_micros(2);

/// The time of every question.
pub fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn id(text: &str) -> RegistrationId {
    RegistrationId::new(text).unwrap()
}

fn alice() -> Subject {
    Subject::new(PersonId::new("alice").unwrap())
}

/// Ten registrations on nine devices. The pool of authenticators is full.
fn ten_registrations() -> AccountView {
    let on = |device: &str, method: Method| {
        Registration::new(id(&format!("{device} {}", method.kind())), method)
            .on(DeviceId::new(device).unwrap())
            .last_used(now())
    };
    AccountView::new([
        on("phone", Method::AuthenticatorPush),
        on("phone", Method::AuthenticatorCode),
        on("tablet", Method::OtherAuthenticator),
        on("laptop", Method::OtherAuthenticator),
        on("token 1", Method::HardwareToken),
        on("token 2", Method::HardwareToken),
        on("mobile number", Method::Text),
        on("office number", Method::CallOffice),
        on("key", Method::SecurityKey),
        on("mailbox", Method::Email),
    ])
    .unwrap()
    .with_default(id("phone authenticator_push"))
}

/// The person, signed in with a notification some minutes ago.
fn signed_in() -> Context {
    Context::anywhere(now())
        .asked_by(alice().id().clone(), Role::User)
        .proven(Proven::Password, now())
        .proven(Proven::Registration(id("phone authenticator_push")), now())
        .with_number_at_risk(false)
        .with_registered_elsewhere(false)
}

/// One question of an account with ten registrations, under the documents' policy.
#[derive(Clone)]
struct Question {
    policy: Policy,
    subject: Subject,
    account: AccountView,
    action: Action,
    context: Context,
}

impl Question {
    fn new(action: Action) -> Self {
        Self {
            policy: Preset::SecurityInfo.policy(),
            subject: alice(),
            account: ten_registrations(),
            action,
            context: signed_in(),
        }
    }

    fn decide(&self) -> mfa_policy::Decision {
        self.policy
            .decide(&self.subject, &self.account, &self.action, &self.context)
    }

    fn allows(&self) -> bool {
        self.policy
            .allows(&self.subject, &self.account, &self.action, &self.context)
    }
}

/// Three questions, each with all of the answer and with yes or no.
fn answers() -> Vec<Task> {
    let text = |purpose| {
        Question::new(Action::Use {
            registration: id("mobile number text"),
            purpose,
        })
    };
    let allowed = text(Purpose::TwoStep);
    assert!(allowed.decide().is_allowed());

    let denied = Question::new(Action::Use {
        registration: id("mailbox email"),
        purpose: Purpose::TwoStep,
    });
    assert!(matches!(
        denied.decide().reasons(),
        [Reason::PurposeNotAllowed { .. }]
    ));

    let full = Question::new(Action::Add {
        method: Method::OtherAuthenticator,
        device: None,
    });
    let decision = full.decide();
    assert!(matches!(
        decision.reasons(),
        [Reason::LimitReached {
            limit: 5,
            has: 5,
            ..
        }]
    ));
    assert!(!decision.remedies().is_empty());

    let mut tasks = Vec::new();
    for (decide, allows, question) in [
        ("decide, allowed use", "allows, allowed use", allowed),
        ("decide, denied use", "allows, denied use", denied),
        (
            "decide, add to a full pool",
            "allows, add to a full pool",
            full,
        ),
    ] {
        assert_eq!(question.allows(), question.decide().is_allowed());
        let asked = question.clone();
        tasks.push(Task::new(decide, move || black_box(&asked).decide()).within(DECIDE));
        tasks.push(Task::new(allows, move || black_box(&question).allows()).within(ALLOWS));
    }
    tasks
}

fn overview() -> Task {
    let (policy, subject) = (Preset::SecurityInfo.policy(), alice());
    let (account, context) = (ten_registrations(), signed_in());
    let overview = policy.overview(&subject, &account, &context);
    assert_eq!(overview.registrations().len(), 10);
    let for_two_step = overview.registrations().iter();
    let for_two_step = for_two_step.filter(|shown| shown.usable_for().contains(Purpose::TwoStep));
    // All but the mailbox.
    assert_eq!(for_two_step.count(), 9);
    assert!(
        overview
            .default_method()
            .is_some_and(|default| default.is_chosen())
    );
    Task::new("overview of ten registrations", move || {
        black_box(&policy).overview(
            black_box(&subject),
            black_box(&account),
            black_box(&context),
        )
    })
    .within(OVERVIEW)
}

/// One of the people of an organisation: most have an authenticator, many a telephone number, some little else.
pub fn person(index: usize) -> Person {
    let registration = |number: usize, method: Method| {
        let device = DeviceId::new(&format!("device {number}")).unwrap();
        Registration::new(id(&format!("r{number}")), method).on(device)
    };
    let methods: &[Method] = match index % 10 {
        0..4 => &[Method::AuthenticatorPush, Method::Text],
        4..6 => &[Method::Text, Method::CallMobile, Method::Email],
        6 => &[Method::Text],
        7 => &[Method::HardwareToken, Method::Email],
        8 => &[Method::SecurityKey, Method::OtherAuthenticator],
        _ => &[],
    };
    let registrations = methods.iter().cloned().enumerate();
    let registrations = registrations.map(|(number, method)| registration(number, method));
    Person {
        subject: Subject::new(PersonId::new(&format!("p{index}")).unwrap()),
        account: AccountView::new(registrations).unwrap(),
    }
}

const PEOPLE: usize = 5_000;

/// "What happens if text messages are switched off?" for a population that is in memory.
fn simulations() -> Vec<Task> {
    let before = Preset::SecurityInfo.policy();
    let after = without_text(&before);
    let people: Vec<Person> = (0..PEOPLE).map(person).collect();
    let run = move |threads: usize| {
        let simulation = Simulation::new(&before, &after, now());
        let read = |_, person: &Person| Ok::<_, Infallible>(person.clone());
        simulation.run(threads, &people, read).summary
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(one, two);
    let two_step = one
        .purposes()
        .iter()
        .find(|change| change.purpose() == Purpose::TwoStep);
    let two_step = two_step.unwrap();
    // Whoever has text messages and no other proof: text, and text with calls and mail, where calls stay.
    assert_eq!(two_step.before(), 4_500);
    assert_eq!(two_step.after(), 4_000);

    let again = run.clone();
    let within = ACCOUNT * u32::try_from(PEOPLE).unwrap();
    let single = run.clone();
    vec![
        Task::new("simulate 5,000 accounts", move || single(1)).within(within),
        Task::new("simulate 5,000 accounts in two threads", move || run(2))
            .at_most(0.6, Contender::new("in one thread", move || again(1))),
    ]
}

/// The policy with text messages switched off.
pub fn without_text(policy: &Policy) -> Policy {
    let mut draft = policy.draft().clone();
    draft.methods.entry(Method::Text).or_default().enabled = Some(false);
    draft.validate().unwrap()
}

const VALIDATIONS: [(&str, Preset); 3] = [
    ("validate security-info", Preset::SecurityInfo),
    ("validate entra", Preset::Entra),
    ("validate nist", Preset::Nist),
];

/// From a draft to a policy, and from the text of a policy file.
fn validation((name, preset): (&'static str, Preset)) -> Task {
    let draft = preset.draft();
    assert_eq!(draft.validate().unwrap(), preset.policy());
    let text = preset.text();
    Task::new(name, move || black_box(&draft).validate())
        .against(Contender::new("ours, from the text", move || {
            PolicyDraft::from_toml(black_box(text)).unwrap().validate()
        }))
}
