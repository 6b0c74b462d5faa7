//! Ten rules, one for each method, asked of `allows` and of Cedar's authorizer, which is the general engine for such questions.
//!
//! Both get their rules, accounts and requests ready: ours a [`Policy`] and an account, Cedar a policy set and the entities. The
//! rules are written once, in a table, and every request of all that the table can tell apart gets the same answer from both.

use std::hint::black_box;
use std::rc::Rc;

use cedar_policy::{
    Authorizer, Context as CedarContext, Decision, Entities, EntityUid, PolicySet, Request,
};
use mfa_policy::{
    AccountView, Action, Capability, Context, ExternalName, Group, Method, MethodDraft, Policy,
    PolicyDraft, Purpose, Registration, State, Subject, Timestamp,
};

use super::{alice, id, now};
use crate::{Contender, Task};

/// A rule of one method: for these purposes, for members of this group only, not for members of that one, until then.
struct Rule {
    method: Method,
    purposes: &'static [Purpose],
    include: Option<&'static str>,
    exclude: Option<&'static str>,
    sunset: Option<Timestamp>,
}

fn rules() -> Vec<Rule> {
    use Purpose::{FirstFactor, StepUp, TwoStep};
    let rule = |method, purposes| Rule {
        method,
        purposes,
        include: None,
        exclude: None,
        sunset: None,
    };
    let certificate = Method::External(ExternalName::new("certificate").unwrap());
    vec![
        rule(Method::AuthenticatorPush, &[TwoStep, StepUp]),
        rule(Method::AuthenticatorCode, &[TwoStep]),
        Rule {
            exclude: Some("guests"),
            ..rule(Method::OtherAuthenticator, &[TwoStep])
        },
        Rule {
            include: Some("staff"),
            ..rule(Method::HardwareToken, &[TwoStep, StepUp])
        },
        Rule {
            exclude: Some("guests"),
            sunset: Some(retirement()),
            ..rule(Method::Text, &[TwoStep, FirstFactor])
        },
        Rule {
            include: Some("staff"),
            exclude: Some("guests"),
            sunset: Some(retirement()),
            ..rule(Method::CallMobile, &[TwoStep])
        },
        Rule {
            include: Some("staff"),
            sunset: Some(retirement()),
            ..rule(Method::CallOffice, &[TwoStep])
        },
        rule(Method::SecurityKey, &[TwoStep, FirstFactor, StepUp]),
        Rule {
            include: Some("staff"),
            exclude: Some("guests"),
            ..rule(Method::PhoneSignIn, &[TwoStep, FirstFactor])
        },
        rule(certificate, &[FirstFactor, StepUp]),
    ]
}

/// When telephone methods are retired: after some of the requests, before others.
fn retirement() -> Timestamp {
    now().plus_days(1)
}

/// Our policy of the rules.
fn policy(rules: &[Rule]) -> Policy {
    let mut draft = PolicyDraft::empty();
    for rule in rules {
        let groups = |name: Option<&str>| name.map(|name| [group(name)].into());
        let method = MethodDraft {
            enabled: Some(true),
            include: groups(rule.include),
            exclude: groups(rule.exclude),
            purposes: Some(rule.purposes.iter().copied().collect()),
            sunset: rule.sunset,
            ..MethodDraft::default()
        };
        draft.methods.insert(rule.method.clone(), method);
    }
    draft.validate().unwrap()
}

/// Cedar's policies of the rules: a `permit` for each.
fn policy_set(rules: &[Rule]) -> PolicySet {
    let policies = rules.iter().map(|rule| {
        let actions = rule
            .purposes
            .iter()
            .map(|purpose| format!("Action::\"{purpose}\""));
        let mut when = vec![
            "resource.owner == principal".to_owned(),
            format!("resource.method == \"{}\"", rule.method),
            "resource.active".to_owned(),
            "resource.locked_until <= context.now".to_owned(),
        ];
        when.extend(
            rule.include
                .map(|group| format!("principal in Group::\"{group}\"")),
        );
        when.extend(
            rule.exclude
                .map(|group| format!("!(principal in Group::\"{group}\")")),
        );
        when.extend(
            rule.sunset
                .map(|time| format!("context.now < {}", time.unix_seconds())),
        );
        when.extend(
            rule.method
                .needs_capability()
                .map(|capability| format!("context.{}", capability_name(capability))),
        );
        format!(
            "permit(principal, action in [{}], resource) when {{ {} }};",
            actions.collect::<Vec<_>>().join(", "),
            when.join(" && ")
        )
    });
    policies.collect::<Vec<_>>().join("\n").parse().unwrap()
}

const fn capability_name(capability: Capability) -> &'static str {
    match capability {
        Capability::Webauthn => "webauthn",
        Capability::Telephony => "telephony",
    }
}

fn group(name: &str) -> Group {
    Group::new(name).unwrap()
}

/// How a registration stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Usable,
    Disabled,
    Locked,
}

/// A request as both want it.
struct Question {
    subject: Subject,
    account: Rc<AccountView>,
    action: Action,
    context: Context,
    request: Request,
    entities: Rc<Entities>,
}

/// Everything that the rules can tell apart.
fn questions(rules: &[Rule]) -> Vec<Question> {
    let mut questions = Vec::new();
    for groups in [&[][..], &["staff"], &["guests"], &["staff", "guests"]] {
        for standing in [Standing::Usable, Standing::Disabled, Standing::Locked] {
            let account = Rc::new(account(rules, standing));
            let entities = Rc::new(entities(rules, groups, standing));
            for time in [now(), retirement()] {
                for (webauthn, telephony) in [(true, true), (false, true), (true, false)] {
                    let context = Context::at(time)
                        .with_capability(Capability::Webauthn, webauthn)
                        .with_capability(Capability::Telephony, telephony);
                    for (index, purpose) in (0..rules.len()).flat_map(|index| {
                        [Purpose::TwoStep, Purpose::FirstFactor, Purpose::StepUp]
                            .map(|purpose| (index, purpose))
                    }) {
                        let subject = groups
                            .iter()
                            .fold(alice(), |subject, name| subject.in_group(group(name)));
                        questions.push(Question {
                            subject,
                            account: Rc::clone(&account),
                            action: Action::Use {
                                registration: id(&format!("r{index}")),
                                purpose,
                            },
                            context: context.clone(),
                            request: request(index, purpose, time, webauthn, telephony),
                            entities: Rc::clone(&entities),
                        });
                    }
                }
            }
        }
    }
    questions
}

/// One registration of each method.
fn account(rules: &[Rule], standing: Standing) -> AccountView {
    let registrations = rules.iter().enumerate().map(|(index, rule)| {
        let registration = Registration::new(id(&format!("r{index}")), rule.method.clone());
        match standing {
            Standing::Usable => registration,
            Standing::Disabled => registration.in_state(State::Disabled),
            Standing::Locked => registration.locked_until(locked_until()),
        }
    });
    AccountView::new(registrations).unwrap()
}

fn locked_until() -> Timestamp {
    now().plus_minutes(5)
}

fn entities(rules: &[Rule], groups: &[&str], standing: Standing) -> Entities {
    let group = |name: &&str| format!(r#"{{"type":"Group","id":"{name}"}}"#);
    let memberships: Vec<String> = groups.iter().map(group).collect();
    let person = r#"{"type":"Person","id":"alice"}"#;
    let mut entities = vec![format!(
        r#"{{"uid":{person},"attrs":{{}},"parents":[{}]}}"#,
        memberships.join(",")
    )];
    entities.extend(
        memberships
            .iter()
            .map(|uid| format!(r#"{{"uid":{uid},"attrs":{{}},"parents":[]}}"#)),
    );
    let locked_until = match standing {
        Standing::Locked => locked_until().unix_seconds(),
        Standing::Usable | Standing::Disabled => 0,
    };
    entities.extend(rules.iter().enumerate().map(|(index, rule)| {
        format!(
            r#"{{"uid":{{"type":"Registration","id":"r{index}"}},"parents":[],"attrs":{{
                "owner":{{"__entity":{person}}},"method":"{}","active":{},"locked_until":{locked_until}}}}}"#,
            rule.method,
            standing != Standing::Disabled,
        )
    }));
    Entities::from_json_str(&format!("[{}]", entities.join(",")), None).unwrap()
}

fn request(
    registration: usize,
    purpose: Purpose,
    time: Timestamp,
    webauthn: bool,
    telephony: bool,
) -> Request {
    let uid = |text: String| -> EntityUid { text.parse().unwrap() };
    let context = format!(
        r#"{{"now":{},"webauthn":{webauthn},"telephony":{telephony}}}"#,
        time.unix_seconds()
    );
    Request::new(
        uid("Person::\"alice\"".to_owned()),
        uid(format!("Action::\"{purpose}\"")),
        uid(format!("Registration::\"r{registration}\"")),
        CedarContext::from_json_str(&context, None).unwrap(),
        None,
    )
    .unwrap()
}

/// Yes or no, and the whole decision, beside Cedar's answer, which has the deciding policies with it.
pub(super) fn tasks() -> Vec<Task> {
    let rules = rules();
    assert_eq!(rules.len(), 10);
    let (policy, policy_set) = (policy(&rules), policy_set(&rules));
    let authorizer = Authorizer::new();

    // All of them agree, and say both.
    let questions = questions(&rules);
    let mut allowed = 0;
    for question in &questions {
        let Question {
            subject,
            account,
            action,
            context,
            request,
            entities,
        } = question;
        let ours = policy.allows(subject, account, action, context);
        let decision = policy.decide(subject, account, action, context);
        assert_eq!(ours, decision.is_allowed());
        let theirs = authorizer.is_authorized(request, &policy_set, entities);
        assert_eq!(theirs.diagnostics().errors().count(), 0);
        assert_eq!(ours, theirs.decision() == Decision::Allow, "{action:?}");
        allowed += usize::from(ours);
    }
    assert!((1..questions.len()).contains(&allowed));

    /// Answers one question of all after the other.
    fn in_turn(questions: Vec<Question>) -> impl FnMut() -> &'static Question {
        let questions: &'static [Question] = Box::leak(questions.into_boxed_slice());
        let mut next = 0;
        move || {
            next = (next + 1) % questions.len();
            black_box(&questions[next])
        }
    }
    let next = || in_turn(self::questions(&self::rules()));
    let cedar = |mut next: Box<dyn FnMut() -> &'static Question>| {
        let (authorizer, policy_set) = (Authorizer::new(), self::policy_set(&self::rules()));
        Contender::new("cedar-policy", move || {
            let question = next();
            authorizer.is_authorized(&question.request, &policy_set, &question.entities)
        })
    };
    let (mut next_allows, mut next_decide) = (next(), next());
    let deciding = policy.clone();
    vec![
        Task::new("ten rules, yes or no", move || {
            let Question {
                subject,
                account,
                action,
                context,
                ..
            } = next_allows();
            policy.allows(subject, account, action, context)
        })
        .at_most(0.02, cedar(Box::new(next()))),
        Task::new("ten rules, decision", move || {
            let Question {
                subject,
                account,
                action,
                context,
                ..
            } = next_decide();
            deciding.decide(subject, account, action, context)
        })
        .at_most(0.05, cedar(Box::new(next()))),
    ]
}
