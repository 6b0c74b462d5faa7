//! The account, the person and the circumstances, in words.

use std::collections::BTreeSet;

use mfa_policy::{
    AccountView, Capability, Context, Group, Method, Pass, PersonId, Policy, PolicyDraft, Preset,
    Proven, Registration, Role, State, Subject, Timestamp,
};
use serde::Deserialize;

/// What is given. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Given {
    /// The name of the preset; left out, it is the default one.
    preset: Option<String>,
    /// Fields of the preset that are replaced.
    policy: toml::Table,
    /// `administrator`, `in staff, it`, `administrator in it`.
    person: String,
    /// `app: authenticator_push on phone, locked until +10m`.
    account: Vec<String>,
    /// The registration that the person chose as the default.
    chosen_default: Option<String>,
    reset_locked_until: Option<String>,
    reconfirmed: Option<String>,
    campaign_snoozed: Option<String>,
    campaign_skips: u32,
    /// `password -20m`, `app -2m`.
    proven: Vec<String>,
    /// `administrator`, `somebody else`, `the same person`.
    by: Option<String>,
    /// What the place cannot do.
    lacks: BTreeSet<Capability>,
    /// What is not known of the place.
    unknown: BTreeSet<Capability>,
    number_at_risk: Option<bool>,
    registered_elsewhere: Option<bool>,
    reset_started: Option<String>,
}

/// The time of every scenario.
pub(crate) fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// `+10m`, `-2h`, `+3d`, or a date.
pub(crate) fn time(text: &str) -> Timestamp {
    let Some(amount) = text.strip_prefix(['+', '-']) else {
        return text
            .parse()
            .unwrap_or_else(|error| panic!("`{text}`: {error}"));
    };
    let (number, unit) = amount.split_at(amount.len() - 1);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => panic!("`{text}` has no unit: s, m, h or d"),
    };
    let seconds = number.parse::<i64>().unwrap() * seconds;
    let seconds = if text.starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Timestamp::from_unix_seconds(now().unix_seconds() + seconds)
}

/// An identifier of any kind.
pub(crate) fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("`{text}` is no identifier"))
}

impl Given {
    pub(crate) fn draft(&self) -> PolicyDraft {
        let preset = self.preset.as_deref();
        let preset = preset.map_or(Ok(Preset::default()), str::parse).unwrap();
        changed(preset, &self.policy)
    }

    pub(crate) fn policy(&self) -> Policy {
        self.draft()
            .validate()
            .unwrap_or_else(|report| panic!("{report}"))
    }

    pub(crate) fn subject(&self) -> Subject {
        let (role, groups) = self.person.split_once("in ").unwrap_or((&self.person, ""));
        let mut subject = Subject::new(id("person"));
        match role.trim() {
            "" => {}
            "administrator" => subject = subject.administrator(),
            other => panic!("no role `{other}`"),
        }
        for group in groups.split(", ").filter(|group| !group.is_empty()) {
            subject = subject.in_group(id::<Group>(group));
        }
        subject
    }

    pub(crate) fn account(&self) -> AccountView {
        let registrations = self.account.iter().map(|line| registration(line));
        let mut account = AccountView::new(registrations).unwrap();
        if let Some(default) = &self.chosen_default {
            account = account.with_default(id(default));
        }
        if let Some(until) = &self.reset_locked_until {
            account = account.with_reset_locked_until(time(until));
        }
        if let Some(confirmed) = &self.reconfirmed {
            account = account.with_reconfirmed(time(confirmed));
        }
        if let Some(snoozed) = &self.campaign_snoozed {
            account = account.with_campaign_snoozed(time(snoozed), self.campaign_skips);
        }
        account
    }

    pub(crate) fn context(&self) -> Context {
        let mut context = Context::at(now());
        for capability in [Capability::Webauthn, Capability::Telephony] {
            if !self.unknown.contains(&capability) {
                context = context.with_capability(capability, !self.lacks.contains(&capability));
            }
        }
        for proof in &self.proven {
            let (what, when) = proof.split_once(' ').unwrap_or((proof, "-1m"));
            let by = match what {
                "password" => Proven::Password,
                registration => Proven::Registration(id(registration)),
            };
            context = context.proven(by, time(when));
        }
        let asked_by = |who: &str, role| context.clone().asked_by(id::<PersonId>(who), role);
        match self.by.as_deref() {
            None => {}
            Some("the same person") => context = asked_by("person", self.subject().role()),
            Some("somebody else") => context = asked_by("somebody else", Role::User),
            Some("administrator") => context = asked_by("helpdesk", Role::Administrator),
            Some(other) => panic!("nobody is called `{other}`"),
        }
        if let Some(at_risk) = self.number_at_risk {
            context = context.with_number_at_risk(at_risk);
        }
        if let Some(elsewhere) = self.registered_elsewhere {
            context = context.with_registered_elsewhere(elsewhere);
        }
        if let Some(started) = &self.reset_started {
            context = context.with_reset_started(time(started));
        }
        context
    }
}

/// A preset with some fields replaced.
pub(crate) fn changed(preset: Preset, changes: &toml::Table) -> PolicyDraft {
    let mut table: toml::Table = preset.text().parse().unwrap();
    replace(&mut table, changes);
    PolicyDraft::from_toml(&table.to_string()).unwrap()
}

fn replace(table: &mut toml::Table, changes: &toml::Table) {
    for (key, change) in changes {
        match (table.get_mut(key), change) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(change)) => replace(inner, change),
            _ => {
                table.insert(key.clone(), change.clone());
            }
        }
    }
}

/// `ID: METHOD on DEVICE, PHRASE, PHRASE`.
fn registration(line: &str) -> Registration {
    let (name, rest) = line
        .split_once(": ")
        .unwrap_or_else(|| panic!("`{line}` has no `: `"));
    let mut phrases = rest.split(", ");
    let (method, device) = method_on(phrases.next().unwrap());
    let mut registration = Registration::new(id(name), method);
    if let Some(device) = device {
        registration = registration.on(id(device));
    }
    let mut pass: Option<Pass> = None;
    for phrase in phrases {
        let words: Vec<&str> = phrase.split(' ').collect();
        registration = match words[..] {
            ["pending"] => registration.in_state(State::Pending),
            ["disabled"] => registration.in_state(State::Disabled),
            ["deactivated"] => registration.in_state(State::Deactivated),
            ["locked", "until", until] => registration.locked_until(time(until)),
            ["last", "used", at] => registration.last_used(time(at)),
            [codes, "codes"] => registration.with_codes_left(codes.parse().unwrap()),
            ["valid", from, "to", until] => {
                pass = Some(Pass {
                    from: time(from),
                    until: time(until),
                    one_time: false,
                    used: false,
                });
                registration
            }
            ["one", "time"] => {
                pass.as_mut().unwrap().one_time = true;
                registration
            }
            ["used"] => {
                pass.as_mut().unwrap().used = true;
                registration
            }
            _ => panic!("`{phrase}` says nothing about a registration"),
        };
    }
    match pass {
        Some(pass) => registration.with_pass(pass),
        None => registration,
    }
}

/// `METHOD` or `METHOD on DEVICE`.
pub(crate) fn method_on(text: &str) -> (Method, Option<&str>) {
    let (method, device) = match text.split_once(" on ") {
        Some((method, device)) => (method, Some(device)),
        None => (text, None),
    };
    let method = method
        .parse()
        .unwrap_or_else(|_| panic!("no method `{method}`"));
    (method, device)
}
