//! What may be added: asked of the policy, in rows as a person thinks of methods.

use std::collections::BTreeMap;

use mfa_flow::{Account, Registered};
use mfa_policy::{
    Action, DeviceId, Effect, Messages, Method, Overview, Reason, RegistrationId, State,
};

use crate::failure::Failure;
use crate::pages::enrol::Frame;
use crate::visitor::{Visitor, takes_proof};

/// A row of the page that methods are chosen on.
pub(crate) struct Row {
    /// The icon.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where it is set up.
    pub(crate) address: String,
    /// Why it cannot be added; empty if it can.
    pub(crate) why_not: String,
}

/// What may be added to an account, and why not.
pub(crate) struct Offers<'a> {
    visitor: &'a Visitor,
    messages: Messages,
    account: Account,
    pub(crate) overview: Overview,
    /// What can be added on a device that is registered, as a text and a call share a number: the policy counts devices.
    shared: Vec<(Method, RegistrationId)>,
}

/// A method as a person thinks of it: several of the policy's can be one. The texts are called by its name.
struct Known {
    name: &'static str,
    text: &'static str,
    methods: &'static [Method],
}

/// The authenticator app: with notifications, with codes, and any other one.
pub(super) const APP: &[Method] = &[
    Method::AuthenticatorPush,
    Method::AuthenticatorCode,
    Method::OtherAuthenticator,
];
pub(super) const MOBILE: &[Method] = &[Method::Text, Method::CallMobile];

/// In the order of the page. A temporary pass is nothing that a person adds, and nobody here verifies external methods.
const KNOWN: [Known; 11] = [
    known("add-app", "add-app-text", APP),
    known("add-phone", "add-phone-text", MOBILE),
    known(
        "add-office-phone",
        "add-office-phone-text",
        &[Method::CallOffice],
    ),
    known(
        "add-alternate-phone",
        "add-alternate-phone-text",
        &[Method::CallAlternate],
    ),
    known(
        "add-security-key",
        "add-security-key-text",
        &[Method::SecurityKey],
    ),
    known(
        "add-hardware-token",
        "add-hardware-token-text",
        &[Method::HardwareToken],
    ),
    known(
        "add-phone-sign-in",
        "add-phone-sign-in-text",
        &[Method::PhoneSignIn],
    ),
    known("add-email", "add-email-text", &[Method::Email]),
    known(
        "add-questions",
        "add-questions-text",
        &[Method::SecurityQuestions],
    ),
    known(
        "add-recovery-codes",
        "add-recovery-codes-text",
        &[Method::RecoveryCodes],
    ),
    known(
        "add-app-password",
        "add-app-password-text",
        &[Method::AppPassword],
    ),
];

const fn known(name: &'static str, text: &'static str, methods: &'static [Method]) -> Known {
    Known {
        name,
        text,
        methods,
    }
}

impl<'a> Offers<'a> {
    pub(crate) async fn of(visitor: &'a Visitor) -> Result<Self, Failure> {
        let account = visitor.account().await?;
        let messages = visitor.messages(&account);
        let (overview, shared) = visitor
            .look(|on| {
                let sharing = account.registrations().flat_map(|registered| {
                    let methods = on_one_device(registered.method()).iter();
                    methods.map(move |method| (method, registered))
                });
                let may = |(method, registered): &(&Method, &Registered)| {
                    let decision = on.decide(&adding(method, registered.device()));
                    decision.is_allowed() || takes_proof(&decision)
                };
                let shared = sharing.filter(may);
                let shared = shared.map(|(method, on)| (method.clone(), on.id().clone()));
                (on.overview(), shared.collect())
            })
            .await?;
        Ok(Self {
            visitor,
            messages,
            account,
            overview,
            shared,
        })
    }

    /// All rows, those that can be added first.
    pub(crate) fn rows(&self, frame: Frame) -> Vec<Row> {
        let rows = KNOWN.iter().filter_map(|known| self.row(known, frame));
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_key(|row| !row.why_not.is_empty());
        rows
    }

    /// The rows of what the policy proposes to add now.
    pub(crate) fn proposed(&self, frame: Frame) -> Vec<Row> {
        let proposals = self.overview.proposals().iter();
        let proposed: Vec<&Method> = proposals.flat_map(|set| set.methods()).collect();
        let known = KNOWN.iter().filter(|known| {
            known
                .methods
                .iter()
                .any(|method| proposed.contains(&method))
        });
        let rows = known.filter_map(|known| self.row(known, frame));
        rows.filter(|row| row.why_not.is_empty()).collect()
    }

    fn row(&self, known: &Known, frame: Frame) -> Option<Row> {
        let methods = known.methods.iter();
        let each = methods.filter_map(|method| Some((method, self.reasons(method)?)));
        let each: Vec<(&Method, Vec<(&str, String)>)> = each.collect();
        let offered = each.iter().find(|(_, reasons)| reasons.is_empty());
        let why_not = if offered.is_some() {
            String::new()
        } else {
            // What is said of one method need not be said of the next.
            let mut said: BTreeMap<&str, &str> = BTreeMap::new();
            for (code, reason) in each.iter().flat_map(|(_, reasons)| reasons) {
                said.entry(code).or_insert(reason);
            }
            let said: Vec<&str> = said.into_values().collect();
            said.join(" ")
        };
        let method = offered.or_else(|| each.first())?.0;
        Some(Row {
            kind: known.methods.first()?.kind(),
            name: self.visitor.say(known.name, &[]),
            text: self.visitor.say(known.text, &[]),
            address: address(frame, method),
            why_not,
        })
    }

    pub(crate) fn may_add(&self, method: &Method) -> bool {
        let reasons = self.reasons(method);
        reasons.is_some_and(|reasons| reasons.is_empty())
    }

    /// Why the method cannot be added, in words; empty if it can.
    pub(crate) fn why_not(&self, method: &Method) -> String {
        let reasons = self.reasons(method).unwrap_or_else(|| {
            let method = method.clone();
            vec![self.said(&Reason::NotInPolicy { method })]
        });
        let reasons: Vec<String> = reasons.into_iter().map(|(_, reason)| reason).collect();
        reasons.join(" ")
    }

    /// Every reason why not, with its code. `None` for a method that the policy does not have.
    fn reasons(&self, method: &Method) -> Option<Vec<(&'static str, String)>> {
        let mut additions = self.overview.additions().iter();
        let addition = additions.find(|addition| addition.method() == method)?;
        if *method == Method::PhoneSignIn && self.apps().next().is_none() {
            let (method, one_of) = (method.clone(), vec![Method::AuthenticatorPush]);
            return Some(vec![self.said(&Reason::NeedsMethod { method, one_of })]);
        }
        if addition.effect() == Effect::Allow || self.shared(method).is_some() {
            return Some(Vec::new());
        }
        let reasons = addition.reasons().iter();
        let reasons: Vec<_> = reasons.map(|reason| self.said(reason)).collect();
        if !reasons.is_empty() {
            return Some(reasons);
        }
        let missing = addition.missing().iter();
        let missing = missing.map(|input| ("input", self.messages.input(*input)));
        Some(missing.collect())
    }

    fn said(&self, reason: &Reason) -> (&'static str, String) {
        (reason.code(), self.messages.reason(reason))
    }

    /// What is registered on the device that the method can share.
    pub(crate) fn shared(&self, method: &Method) -> Option<&Registered> {
        let (_, on) = self.shared.iter().find(|(shared, _)| shared == method)?;
        self.account
            .registrations()
            .find(|registered| registered.id() == on)
    }

    /// The action that adds the method, as far as it is known before it is begun.
    pub(crate) fn action(&self, method: &Method) -> Action {
        adding(method, self.shared(method).and_then(Registered::device))
    }

    /// Authenticator apps with notifications.
    pub(crate) fn apps(&self) -> impl Iterator<Item = &Registered> {
        let registrations = self.account.registrations();
        registrations.filter(|registered| {
            *registered.method() == Method::AuthenticatorPush && registered.state() == State::Active
        })
    }

    /// The name, with a number if something is called so already.
    pub(crate) fn free_name(&self, name: &str) -> String {
        let is_free = |name: &String| self.account.registrations().all(|r| r.name() != name);
        let numbered = (2..=999).map(|number: u32| format!("{name} {number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(is_free).unwrap_or_else(|| name.to_owned())
    }

    /// What the method is called, as a heading.
    pub(crate) fn method(&self, method: &Method) -> String {
        self.messages.method(method)
    }
}

/// Where the method is set up. What needs no test is not in a frame.
pub(crate) fn address(frame: Frame, method: &Method) -> String {
    match method {
        Method::SecurityKey | Method::SecurityQuestions => Frame::Add.at(method.kind()),
        Method::RecoveryCodes => "/security-info/recovery-codes".to_owned(),
        Method::AppPassword => "/security-info/app-passwords".to_owned(),
        _ => frame.at(method.kind()),
    }
}

/// What can be added on the device of a registration: in the same app, by the same number.
const fn on_one_device(registered: &Method) -> &'static [Method] {
    match registered {
        Method::AuthenticatorPush => &[Method::AuthenticatorCode, Method::PhoneSignIn],
        Method::AuthenticatorCode => &[Method::AuthenticatorPush],
        Method::Text => &[Method::CallMobile],
        Method::CallMobile => &[Method::Text],
        _ => &[],
    }
}

fn adding(method: &Method, device: Option<&DeviceId>) -> Action {
    Action::Add {
        method: method.clone(),
        device: device.cloned(),
    }
}
