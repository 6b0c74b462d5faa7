//! What is expected, and how it differs from what came.

use mfa_policy::{
    AccountView, Action, Decision, DefaultMethod, Effect, Overview, Problem, Reason, Remedy,
    Request, Sending, State, Step, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::given::{Given, now, time};
use crate::when::When;

/// What is expected. What is left out is not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Expected {
    /// `allow`, `deny: CODE, CODE` or `need: FIELD`; all of them, in order.
    answer: Option<String>,
    /// Values that the first reason was given with.
    values: toml::Table,
    /// Every remedy, the shortest first.
    remedies: Option<Vec<String>>,
    /// Until when the answer stands; `never` if it does for ever.
    recheck_at: Option<String>,
    /// The account after the action.
    after: Option<Vec<String>>,
    /// The chosen default after the action, or `none`.
    default_after: Option<String>,
    /// What is asked for, whether the person chose it and whether it is sent unasked; or `none`.
    default: Option<String>,
    /// What each registration can be used for.
    usable: Option<Vec<String>>,
    /// The methods that may be added, the most secure first.
    addable: Option<Vec<String>>,
    /// Methods that may not be added, some or all, with why not.
    not_addable: Option<Vec<String>>,
    /// The registrations that may be chosen as the default.
    choices: Option<Vec<String>>,
    /// What the policy requires and the person cannot reach.
    missing: Option<Vec<String>>,
    /// What to register.
    proposals: Option<Vec<String>>,
    /// What the campaign asks for and how often it can still be put off, or `none`.
    campaign: Option<String>,
    /// Whether the person is asked if everything is still right.
    reconfirm: Option<bool>,
    /// Everything that is wrong with the policy: `error CODE at PATH`.
    problems: Option<Vec<String>>,
}

impl Expected {
    /// The codes of the reasons that are expected.
    pub(crate) fn reasons(&self) -> Vec<&str> {
        let denied = self
            .answer
            .as_deref()
            .and_then(|answer| answer.strip_prefix("deny: "));
        denied
            .into_iter()
            .flat_map(|codes| codes.split(", "))
            .collect()
    }

    /// Every difference, in words. An expectation that nothing was compared with is a difference too.
    pub(crate) fn compare(&self, given: &Given, when: &When) -> Vec<String> {
        let mut differences = Differences::default();
        match when {
            When::Acts(_, action) => self.compare_decision(given, action, &mut differences),
            When::SignsIn => {
                let policy = given.policy();
                let (subject, account, context) =
                    (given.subject(), given.account(), given.context());
                let default = policy.default_method(&subject, &account, &context);
                differences.of("default", &self.default, default_of(default.as_ref()));
            }
            When::OpensThePage => self.compare_overview(given, &mut differences),
            When::BuildsThePolicy => {
                let report = given.draft().check();
                let problems = report.problems().iter().map(problem).collect();
                differences.of("problems", &self.problems, problems);
            }
        }
        differences.finish(self)
    }

    fn compare_decision(&self, given: &Given, action: &Action, differences: &mut Differences) {
        let policy = given.policy();
        let (subject, account, context) = (given.subject(), given.account(), given.context());
        let decision = policy.decide(&subject, &account, action, &context);
        differences.of("answer", &self.answer, answer(&decision));
        if !self.values.is_empty() {
            let values = decision.reasons().first().map(as_table).unwrap_or_default();
            for (name, expected) in &self.values {
                let got = values.get(name);
                if got != Some(expected) {
                    differences.say(format!("values.{name} is {got:?}, expected {expected:?}"));
                }
            }
            differences.looked_at += 1;
        }
        let remedies = decision.remedies().iter().map(remedy).collect();
        differences.of("remedies", &self.remedies, remedies);
        let recheck_at = self.recheck_at.as_deref().map(|text| match text {
            "never" => "never".to_owned(),
            text => time(text).to_string(),
        });
        let rechecked = decision
            .recheck_at()
            .map_or("never".to_owned(), |at| at.to_string());
        differences.of("recheck_at", &recheck_at, rechecked);

        let allowed = policy.allows(&subject, &account, action, &context);
        if allowed != decision.is_allowed() {
            differences.say(format!("`allows` says {allowed}"));
        }
        let after = policy.outcome(&subject, &account, action, &context);
        if !allowed && after != account {
            differences.say("what was not allowed changed the account".to_owned());
        }
        differences.of("after", &self.after, registrations(&after));
        let default = after
            .chosen_default()
            .map_or("none".to_owned(), ToString::to_string);
        differences.of("default_after", &self.default_after, default);
    }

    fn compare_overview(&self, given: &Given, differences: &mut Differences) {
        let overview: Overview =
            given
                .policy()
                .overview(&given.subject(), &given.account(), &given.context());
        let usable = overview.registrations().iter().map(|registration| {
            let purposes: Vec<_> = registration
                .usable_for()
                .iter()
                .map(|p| p.as_str())
                .collect();
            format!("{}: {}", registration.registration(), purposes.join(", "))
        });
        differences.of("usable", &self.usable, usable.collect());
        let additions = overview.additions().iter();
        let (addable, others): (Vec<_>, Vec<_>) =
            additions.partition(|addition| addition.effect() == Effect::Allow);
        let addable = addable
            .iter()
            .map(|addition| addition.method().to_string())
            .collect();
        differences.of("addable", &self.addable, addable);
        if let Some(expected) = &self.not_addable {
            let others: Vec<String> = others
                .iter()
                .map(|addition| format!("{}: {}", addition.method(), codes(addition.reasons())))
                .collect();
            for line in expected.iter().filter(|&line| !others.contains(line)) {
                differences.say(format!("not_addable has no `{line}`, but {others:#?}"));
            }
            differences.looked_at += 1;
        }
        differences.of("choices", &self.choices, texts(overview.choices()));
        let missing = overview
            .missing()
            .iter()
            .map(|required| match required.strength {
                None => required.purpose.to_string(),
                Some(strength) => format!("{}: {}", required.purpose, word(&strength)),
            });
        differences.of("missing", &self.missing, missing.collect());
        let proposals = overview.proposals().iter().map(|proposal| {
            let kind = if proposal.is_required() {
                "required"
            } else {
                "backup"
            };
            format!("{kind}: {}", texts(proposal.methods()).join(", "))
        });
        differences.of("proposals", &self.proposals, proposals.collect());
        let campaign = overview.campaign().map_or("none".to_owned(), |prompt| {
            let skips = prompt
                .skips_left()
                .map_or("always".to_owned(), |n| format!("{n} times"));
            format!("{}, can be put off {skips}", prompt.method())
        });
        differences.of("campaign", &self.campaign, campaign);
        differences.of("reconfirm", &self.reconfirm, overview.asks_to_reconfirm());
        differences.of(
            "default",
            &self.default,
            default_of(overview.default_method()),
        );
    }

    /// How many expectations there are.
    fn count(&self) -> usize {
        [
            self.answer.is_some(),
            !self.values.is_empty(),
            self.remedies.is_some(),
            self.recheck_at.is_some(),
            self.after.is_some(),
            self.default_after.is_some(),
            self.default.is_some(),
            self.usable.is_some(),
            self.addable.is_some(),
            self.not_addable.is_some(),
            self.choices.is_some(),
            self.missing.is_some(),
            self.proposals.is_some(),
            self.campaign.is_some(),
            self.reconfirm.is_some(),
            self.problems.is_some(),
        ]
        .into_iter()
        .filter(|&is_there| is_there)
        .count()
    }
}

/// What was found to differ.
#[derive(Default)]
struct Differences {
    found: Vec<String>,
    looked_at: usize,
}

impl Differences {
    fn of<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, expected: &Option<T>, got: T) {
        let Some(expected) = expected else { return };
        self.looked_at += 1;
        if *expected != got {
            self.say(format!(
                "{what}\n    expected {expected:?}\n    got      {got:?}"
            ));
        }
    }

    fn say(&mut self, difference: String) {
        self.found.push(difference);
    }

    fn finish(mut self, expected: &Expected) -> Vec<String> {
        let expectations = expected.count();
        if expectations == 0 || self.looked_at != expectations {
            let looked_at = self.looked_at;
            self.say(format!(
                "{looked_at} of {expectations} expectations were compared"
            ));
        }
        self.found
    }
}

fn answer(decision: &Decision) -> String {
    match decision.effect() {
        Effect::Allow => "allow".to_owned(),
        Effect::Deny => format!("deny: {}", codes(decision.reasons())),
        Effect::NeedInput(_) => {
            let fields: Vec<&str> = decision
                .missing()
                .iter()
                .map(|input| input.field())
                .collect();
            format!("need: {}", fields.join(", "))
        }
    }
}

/// Codes, in order.
pub(crate) fn codes(reasons: &[Reason]) -> String {
    let codes: Vec<&str> = reasons.iter().map(Reason::code).collect();
    codes.join(", ")
}

fn as_table(reason: &Reason) -> toml::Table {
    toml::Table::try_from(reason).unwrap()
}

fn registrations(account: &AccountView) -> Vec<String> {
    let lines = account.registrations().iter().map(|registration| {
        let state = match registration.state() {
            State::Active => String::new(),
            other => format!(", {}", word(&other)),
        };
        format!("{}: {}{state}", registration.id(), registration.method())
    });
    lines.collect()
}

fn default_of(default: Option<&DefaultMethod>) -> String {
    default.map_or("none".to_owned(), |default| {
        let chosen = if default.is_chosen() {
            "chosen"
        } else {
            "by ranking"
        };
        let sending = match default.sending() {
            Sending::Automatic => "automatic",
            Sending::AskFirst => "asks first",
        };
        format!("{}, {chosen}, {sending}", default.registration())
    })
}

fn problem(problem: &Problem) -> String {
    format!(
        "{} {} at {}",
        word(&problem.severity()),
        problem.code(),
        problem.path()
    )
}

fn remedy(remedy: &Remedy) -> String {
    let steps: Vec<String> = remedy.steps().iter().map(step).collect();
    steps.join(", then ")
}

fn step(step: &Step) -> String {
    match step {
        Step::Wait { until } => format!("wait {}", from_now(*until)),
        Step::UseWhere { capability } => format!("use where there is {}", word(capability)),
        Step::SignIn => "sign in".to_owned(),
        Step::Prove { strength, one_of } => {
            format!(
                "prove {} with {}",
                word(strength),
                texts(one_of).join(" or ")
            )
        }
        Step::RemoveOneOf { registrations } => {
            format!("remove {}", texts(registrations).join(" or "))
        }
        Step::Add { method } => format!("add {method}"),
        Step::Confirm { registration } => format!("confirm {registration}"),
        Step::SetDefault { one_of } => format!("make {} the default", texts(one_of).join(" or ")),
        Step::StartAgain => "start again".to_owned(),
        Step::PassGates { registrations } => {
            format!("pass the gates {}", texts(registrations).join(" and "))
        }
        Step::ChangePass { minutes, one_time } => {
            let uses = if *one_time { " for one use" } else { "" };
            format!("ask for a pass of {minutes} minutes{uses}")
        }
        Step::Ask(request) => format!("ask an administrator to {}", asked(request)),
    }
}

fn asked(request: &Request) -> String {
    match request {
        Request::AllowMethod { method, purpose } => match purpose {
            Some(purpose) => format!("allow {method} for {purpose}"),
            None => format!("allow {method}"),
        },
        Request::AllowReset => "allow the reset".to_owned(),
        Request::AllowRememberedDevices => "allow remembered devices".to_owned(),
        Request::Register { method } => format!("register {method}"),
        Request::RemoveOneOf { registrations } => {
            format!("remove {}", texts(registrations).join(" or "))
        }
        Request::Unlock => "unlock".to_owned(),
        Request::IssuePass => "issue a pass".to_owned(),
        Request::DoIt => "do it".to_owned(),
    }
}

fn from_now(time: Timestamp) -> String {
    let minutes = (time.unix_seconds() - now().unix_seconds()) / 60;
    format!("{minutes}m")
}

fn texts<T: ToString>(items: &[T]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

/// The name that a value has in a file.
fn word(value: &impl Serialize) -> String {
    match toml::Value::try_from(value).unwrap() {
        toml::Value::String(text) => text,
        other => other.to_string(),
    }
}
