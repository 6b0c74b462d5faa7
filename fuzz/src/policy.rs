//! A question about a policy, an account and an action, put together from choices as the JSON that a server would read.

use arbitrary::Unstructured;
use mfa_policy::{Group, Method, PolicyDraft, Purpose};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::laws::{Case, accounts, answers, drafts, overviews, remedies};

/// A question, and what is changed to see whether a law holds.
#[derive(Debug)]
pub struct Question {
    case: Case,
    seed: u64,
    method: Method,
    group: Group,
}

impl Question {
    /// The question that these choices make. `None` where the policy is none: the choices go together, but not always.
    #[must_use]
    pub fn read(data: &[u8]) -> Option<Self> {
        let mut choices = Choices(Unstructured::new(data));
        let seed = choices.0.arbitrary().unwrap_or_default();
        let draft: PolicyDraft = parsed(choices.draft());
        let case = Case {
            policy: draft.validate().ok()?,
            subject: parsed(choices.subject()),
            account: parsed(choices.account()),
            context: parsed(choices.context()),
            action: parsed(choices.action()),
        };
        Some(Self {
            case,
            seed,
            method: choices.method(),
            group: Group::new(choices.one_of(&GROUPS)).ok()?,
        })
    }

    /// The laws that cost little, and one of the others: which one is a choice too.
    pub fn check(&self) {
        let Self {
            case,
            seed,
            method,
            group,
        } = self;
        answers::yes_or_no_is_the_effect_of_the_decision(case);
        answers::an_answer_agrees_with_itself(case);
        accounts::an_action_changes_only_what_it_is_about(case);
        accounts::no_allowed_action_fills_a_pool_beyond_its_limit(case);
        accounts::nobody_locks_himself_out_by_an_allowed_action(case);
        accounts::the_default_is_active_and_takes_the_second_step(case);
        let after = case.with_account(case.outcome());
        accounts::the_default_is_active_and_takes_the_second_step(&after);
        remedies::no_remedy_contains_another(case);
        match seed % 14 {
            0 => answers::the_same_question_has_the_same_bytes_as_answer(case),
            1 => answers::a_question_that_is_read_back_has_the_same_answer(case),
            2 => answers::an_answer_stands_until_it_is_to_be_checked_again(case),
            3 => answers::missing_facts_lead_to_yes_or_no(case),
            4 => answers::a_denial_stands_whatever_becomes_known(case),
            5 => answers::the_order_of_the_input_does_not_matter(case, *seed),
            6 => drafts::tightening_deletes_nothing(case),
            7 => drafts::enabling_a_method_removes_no_ability(case, method),
            8 => drafts::excluding_a_group_adds_no_ability(case, method, group),
            9 => overviews::an_overview_agrees_with_decisions(case),
            10 => overviews::a_proposal_gives_what_is_missing(case),
            11 => overviews::an_overview_stands_until_it_is_to_be_checked_again(case),
            12 => remedies::each_remedy_is_smallest(case),
            _ => remedies::each_remedy_leads_to_yes(case),
        }
    }
}

/// What is written here can be read: other shapes are the business of the target `policy_draft`.
fn parsed<T: DeserializeOwned>(value: Value) -> T {
    let text = value.to_string();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

const GROUPS: [&str; 3] = ["staff", "guests", "finance"];
const DEVICES: [&str; 4] = ["phone", "tablet", "token", "desk"];
const EXTERNALS: [&str; 2] = ["external:badge", "external:certificate"];
const STRENGTHS: [&str; 3] = ["two_step", "passwordless", "phishing_resistant"];
/// Around the time of most questions, and the ends of time.
const TIMES: [&str; 9] = [
    "2026-06-01T12:00:00Z",
    "2026-06-01T11:59:59Z",
    "2026-06-01T12:00:01Z",
    "2026-06-01T11:50:00Z",
    "2026-06-01T12:10:00Z",
    "2026-05-01T00:00:00Z",
    "2026-07-01T00:00:00Z",
    "-009999-01-02T02:00:00Z",
    "9999-12-30T22:00:00Z",
];
const MINUTES: [u32; 6] = [1, 5, 10, 60, 480, 1_440];

/// Choices; when there are no more, the first of everything and none of what may be absent.
struct Choices<'a>(Unstructured<'a>);

impl Choices<'_> {
    fn number(&mut self, most: u8) -> u8 {
        self.0.int_in_range(0..=most).unwrap_or_default()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.number(u8::try_from(all.len() - 1).unwrap()))]
    }

    /// True in so many of eight cases.
    fn often(&mut self, of_eight: u8) -> bool {
        self.number(7) >= 8 - of_eight
    }

    fn some<T: Into<Value>>(
        &mut self,
        fields: &mut Map<String, Value>,
        name: &str,
        value: fn(&mut Self) -> T,
    ) {
        if self.often(2) {
            let value = value(self).into();
            fields.insert(name.to_owned(), value);
        }
    }

    fn several<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        let mask: u32 = self.0.arbitrary().unwrap_or_default();
        let chosen = all
            .iter()
            .enumerate()
            .filter(|(index, _)| mask >> index & 1 == 1);
        chosen.map(|(_, one)| one.clone()).collect()
    }

    fn time(&mut self) -> &'static str {
        self.one_of(&TIMES)
    }

    fn groups(&mut self) -> Vec<&'static str> {
        self.several(&GROUPS)
    }

    fn method(&mut self) -> Method {
        let all = methods();
        let index = self.number(u8::try_from(all.len() - 1).unwrap());
        all[usize::from(index)].clone()
    }

    fn methods(&mut self) -> Vec<String> {
        let all = methods();
        let chosen = self.several(&all);
        chosen.iter().map(Method::to_string).collect()
    }

    fn minutes(&mut self) -> u32 {
        self.one_of(&MINUTES)
    }

    fn freshness(&mut self) -> Value {
        let mut fields = Map::new();
        for name in [
            "add",
            "remove",
            "replace",
            "rename",
            "set_default",
            "administer",
        ] {
            self.some(&mut fields, name, Self::minutes);
        }
        fields.into()
    }

    fn draft(&mut self) -> Value {
        let known = methods();
        let known = self.several(&known);
        let mut rules = Map::new();
        for method in &known {
            rules.insert(method.to_string(), self.rule(method, &known));
        }
        let mut pools = Map::new();
        for name in ["authenticators", "phones"] {
            let methods = self.methods();
            if !methods.is_empty() {
                let max = 1 + self.number(3);
                pools.insert(name.to_owned(), json!({"methods": methods, "max": max}));
            }
        }
        let mut reset = Map::new();
        reset.insert("enabled".to_owned(), self.often(6).into());
        reset.insert("gates".to_owned(), (1 + self.number(3)).into());
        self.some(&mut reset, "include", Self::groups);
        self.some(&mut reset, "exclude", Self::groups);
        self.some(&mut reset, "one_gate_without", Self::methods);
        self.some(&mut reset, "counts_once", |choices| {
            json!([choices.methods()])
        });
        self.some(
            &mut reset,
            "administrators",
            |choices| json!({"gates": 1 + choices.number(3), "without": choices.methods()}),
        );
        let requirements: Vec<Value> = (0..self.number(2)).map(|_| self.requirement()).collect();
        json!({
            "schema": 1,
            "methods": rules,
            "pools": pools,
            "requirements": requirements,
            "reset": reset,
            "default_method": {"keep": self.methods()},
            "proposals": {"backup": self.methods(), "campaign": self.method()},
            "freshness": self.freshness(),
            "reset_limits": {"session_minutes": 5 + self.number(55)},
            "temporary_pass": {"one_time": self.often(4)},
            "remembered_devices": {"enabled": self.often(4)},
            "reconfirmation": {"days": self.number(30)},
            "campaign": {"enabled": self.often(4), "snooze_days": self.number(14)},
        })
    }

    fn rule(&mut self, method: &Method, known: &[Method]) -> Value {
        let possible: Vec<Purpose> = method.possible_purposes().iter().collect();
        let purposes = self.several(&possible);
        let others: Vec<Method> = known
            .iter()
            .filter(|other| *other != method)
            .cloned()
            .collect();
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        set("enabled", self.often(7).into());
        set("freshness", self.freshness());
        for name in ["needs", "needs_enabled"] {
            let few = self.several(&others);
            if !few.is_empty() && self.often(1) {
                set(name, json!(few));
            }
        }
        if method.can_be_default() && purposes.contains(&Purpose::TwoStep) && self.often(6) {
            set("default", true.into());
            set("makes_default", self.often(3).into());
        }
        if method.can_be_registered_for_others() && self.often(2) {
            set("registration", "administrator".into());
        }
        let strengths = STRENGTHS
            .iter()
            .copied()
            .filter(|strength| method.highest_strength() >= Some(parsed(Value::from(*strength))));
        let strengths: Vec<&str> = strengths.collect();
        if !strengths.is_empty() && self.often(2) {
            set("strength", self.one_of(&strengths).into());
        }
        if self.often(1) {
            set("unique", "organisation".into());
        }
        set("purposes", json!(purposes));
        self.some(&mut fields, "include", Self::groups);
        self.some(&mut fields, "exclude", Self::groups);
        self.some(&mut fields, "sunset", Self::time);
        self.some(&mut fields, "restricted", |choices| choices.often(4));
        fields.into()
    }

    fn requirement(&mut self) -> Value {
        let purpose = self.one_of(&Purpose::ALL);
        let mut fields = Map::new();
        fields.insert("purpose".to_owned(), json!(purpose));
        if !matches!(purpose, Purpose::PasswordReset | Purpose::LegacyClients) {
            self.some(&mut fields, "strength", |choices| {
                choices.one_of(&STRENGTHS)
            });
        }
        self.some(&mut fields, "role", Self::role);
        self.some(&mut fields, "include", Self::groups);
        self.some(&mut fields, "exclude", Self::groups);
        fields.into()
    }

    fn role(&mut self) -> &'static str {
        self.one_of(&["user", "administrator"])
    }

    fn subject(&mut self) -> Value {
        json!({"id": "alice", "role": self.role(), "groups": self.groups()})
    }

    /// One of the account mostly.
    fn registration_id(&mut self) -> String {
        format!("r{}", self.number(11))
    }

    fn account(&mut self) -> Value {
        let count = self.number(10);
        let registrations: Vec<Value> =
            (0..count).map(|number| self.registration(number)).collect();
        let mut fields = Map::new();
        fields.insert("registrations".to_owned(), registrations.into());
        self.some(&mut fields, "default", Self::registration_id);
        self.some(&mut fields, "reset_locked_until", Self::time);
        self.some(&mut fields, "reconfirmed", Self::time);
        self.some(&mut fields, "campaign_snoozed", Self::time);
        fields.insert("campaign_skips".to_owned(), self.number(4).into());
        fields.into()
    }

    fn registration(&mut self, number: u8) -> Value {
        let method = self.method();
        let mut fields = Map::new();
        fields.insert("id".to_owned(), format!("r{number}").into());
        self.some(&mut fields, "device", |choices| choices.one_of(&DEVICES));
        let states = [
            "active",
            "active",
            "active",
            "active",
            "active",
            "pending",
            "disabled",
            "deactivated",
        ];
        fields.insert("state".to_owned(), self.one_of(&states).into());
        self.some(&mut fields, "locked_until", Self::time);
        self.some(&mut fields, "last_used", Self::time);
        if method == Method::TemporaryPass || self.often(1) {
            let pass = json!({"from": self.time(), "until": self.time(), "one_time": self.often(4), "used": self.often(2)});
            fields.insert("pass".to_owned(), pass);
        }
        if method == Method::RecoveryCodes || self.often(1) {
            fields.insert("codes_left".to_owned(), self.number(10).into());
        }
        fields.insert("method".to_owned(), json!(method));
        fields.into()
    }

    fn context(&mut self) -> Value {
        let proofs: Vec<Value> = (0..self.number(4)).map(|_| self.proof()).collect();
        let mut fields = Map::new();
        fields.insert("now".to_owned(), self.time().into());
        fields.insert("proofs".to_owned(), proofs.into());
        self.some(
            &mut fields,
            "actor",
            |choices| json!({"id": choices.one_of(&["alice", "bob"]), "role": choices.role()}),
        );
        for name in [
            "webauthn",
            "telephony",
            "number_at_risk",
            "registered_elsewhere",
        ] {
            self.some(&mut fields, name, |choices| choices.often(4));
        }
        self.some(&mut fields, "reset_started", Self::time);
        fields.into()
    }

    fn proof(&mut self) -> Value {
        let by = match self.often(3) {
            true => json!("password"),
            false => json!({"registration": self.registration_id()}),
        };
        json!({"by": by, "at": self.time()})
    }

    fn action(&mut self) -> Value {
        let registration = self.registration_id();
        let (method, purpose) = (self.method(), self.one_of(&Purpose::ALL));
        let device = self.often(4).then(|| self.one_of(&DEVICES));
        let administer = |what: Value| json!({"administer": what});
        match self.number(19) {
            0..=2 => json!({"use": {"registration": registration, "purpose": purpose}}),
            3 => json!({"accept": {"method": method, "purpose": purpose}}),
            4 | 5 => json!({"add": {"method": method, "device": device}}),
            6 => json!({"confirm": {"registration": registration}}),
            7 => json!({"remove": {"registration": registration}}),
            8 => {
                json!({"replace": {"registration": registration, "method": method, "device": device}})
            }
            9 => json!({"rename": {"registration": registration}}),
            10 => json!({"set_default": {"registration": registration}}),
            11 => json!("start_reset"),
            12 => json!("finish_reset"),
            13 => json!("create_app_password"),
            14 => json!("remember_device"),
            15 => administer(json!({"add": {"method": method, "device": device}})),
            16 => administer(json!({"remove": {"registration": registration}})),
            17 => administer(json!("unlock")),
            18 => administer(json!("require_registration")),
            _ => {
                let minutes = self.often(4).then(|| self.minutes());
                administer(json!({"issue_pass": {"minutes": minutes, "one_time": self.often(4)}}))
            }
        }
    }
}

/// The built-in methods and two external ones.
fn methods() -> Vec<Method> {
    let externals = EXTERNALS.map(|name| parsed(Value::from(name)));
    Method::BUILT_IN.into_iter().chain(externals).collect()
}
