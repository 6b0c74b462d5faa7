//! Security info: what is registered, what it is good for, and what the policy asks for.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_flow::{Account, Registered, RememberedDevice};
use mfa_policy::{
    Effect, Messages, Method, Overview, Proposal, Purpose, Reason, RegistrationOverview,
};

use crate::events;
use crate::failure::Failure;
use crate::pages::activity;
use crate::shell::Shell;
use crate::site::Site;
use crate::texts::given_name;
use crate::visitor::{SignedIn, Visitor};

/// Where it is.
pub(crate) const HERE: &str = "/security-info";

/// How long failed attempts are shown.
const FAILURES_DAYS: i64 = 30;
/// How many of them.
const FAILURES: usize = 3;

#[derive(Template)]
#[template(path = "security_info.html")]
struct Page {
    shell: Shell,
    asked: Asked,
    /// The method that two-step verification begins with.
    default: Option<String>,
    may_choose: bool,
    /// The name of what was begun to be registered and waits for its test.
    pending: Option<String>,
    methods: Vec<Row>,
    codes: Option<Codes>,
    app_passwords: Vec<Row>,
    may_make_app_password: bool,
    devices: Vec<Device>,
    failures: Vec<activity::Line>,
}

/// What the policy wants of the person.
struct Asked {
    /// What it requires and nothing registered gives.
    missing: Vec<String>,
    /// Sets of methods to add, each of which is enough.
    proposals: Vec<String>,
    campaign: Option<Campaign>,
    reconfirm: bool,
}

struct Campaign {
    method: String,
    kind: &'static str,
    /// `None` for any number of times.
    skips_left: Option<u32>,
}

/// One registration in a list.
pub(crate) struct Row {
    id: String,
    kind: &'static str,
    method: String,
    /// The name that the person gave, or that of the method.
    name: String,
    is_default: bool,
    /// The state in a word, where it is not in order.
    state: Option<String>,
    /// Whether it is good for nothing at the moment.
    off: bool,
    /// Name, number, last use.
    details: Vec<String>,
    reasons: Vec<String>,
    /// What tells it from the others, for who does not see in which row a button stands.
    subject: String,
}

struct Codes {
    /// Of the set that there is.
    registration: Option<String>,
    left: u32,
}

struct Device {
    id: String,
    /// From where it was remembered.
    origin: String,
    since: String,
    until: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(HERE, get(show))
        .route("/security-info/reconfirm", post(reconfirm))
        .route("/security-info/campaign", post(snooze))
}

async fn show(SignedIn(mut visitor): SignedIn) -> Result<Response, Failure> {
    let (may_open, overview, pending) = visitor
        .look(|on| (on.may_open(), on.overview(), on.pending()))
        .await?;
    if !may_open {
        visitor.prove(Purpose::ManageSecurityInfo, HERE).await?;
        return visitor.go("/verify");
    }
    let account = visitor.account().await?;
    let messages = visitor.messages(&account);
    let rows = |app_passwords: bool| -> Vec<Row> {
        let listed = account.registrations().filter(|registered| {
            *registered.method() != Method::RecoveryCodes
                && (*registered.method() == Method::AppPassword) == app_passwords
        });
        listed
            .map(|registered| row(&visitor, &messages, &overview, registered))
            .collect()
    };
    let (methods, app_passwords) = (rows(false), rows(true));
    let default = overview
        .default_method()
        .and_then(|default| {
            account
                .registrations()
                .find(|r| r.id() == default.registration())
        })
        .map(|default| titled(&messages, default));
    let devices = account.remembered_devices().iter();
    let devices = devices.filter(|device| visitor.now < device.until());
    let devices = devices
        .map(|device| remembered(&messages, device))
        .collect();
    let may_make_app_password = may_add(&overview, &Method::AppPassword);
    let codes = codes(&overview, &account);
    let failures = failures(&visitor, &account).await?;
    let asked = asked(&messages, &overview);
    let pending = pending.map(|pending| pending.name().to_owned());
    let may_choose = !overview.choices().is_empty();
    visitor
        .show("security-info", |shell| Page {
            shell,
            asked,
            default,
            may_choose,
            pending,
            methods,
            codes,
            app_passwords,
            may_make_app_password,
            devices,
            failures,
        })
        .await
}

/// The person has looked it over: it is right.
async fn reconfirm(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    match visitor.run(|on| on.reconfirm()).await? {
        Ok(()) => {
            let notice = visitor.say("info-reconfirmed", &[]);
            visitor.go_with(HERE, notice).await
        }
        Err(refused) => visitor.refused(refused, HERE).await,
    }
}

/// The person puts the registration campaign off.
async fn snooze(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    match visitor.run(|on| on.snooze_campaign()).await? {
        Ok(()) => visitor.go(HERE),
        Err(refused) => visitor.refused(refused, HERE).await,
    }
}

/// "Authenticator app (notification), Pixel 8".
pub(crate) fn titled(messages: &Messages, registered: &Registered) -> String {
    let mut title = messages.method(registered.method());
    for detail in details(registered) {
        title.push_str(", ");
        title.push_str(&detail);
    }
    title
}

/// The name that the person gave, and the number or address with most of it hidden, in one piece.
fn details(registered: &Registered) -> Vec<String> {
    let name = given_name(registered.method(), registered.name()).map(str::to_owned);
    let hint = registered.hint().map(|hint| hint.replace(' ', "\u{a0}"));
    name.into_iter().chain(hint).collect()
}

fn row(
    visitor: &Visitor,
    messages: &Messages,
    overview: &Overview,
    registered: &Registered,
) -> Row {
    let mut details = details(registered);
    let method = messages.method(registered.method());
    let name = details.first().unwrap_or(&method).clone();
    details.push(match registered.last_used() {
        Some(time) => visitor.say("info-last-used", &[("time", &messages.time(time))]),
        None => visitor.say("info-never-used", &[]),
    });
    let mut registrations = overview.registrations().iter();
    let seen = registrations.find(|seen| seen.registration() == registered.id());
    let off = seen.is_none_or(|seen| seen.usable_for().is_empty());
    let reasons = seen.map(|seen| why_not(seen, off)).unwrap_or_default();
    let default = overview.default_method();
    Row {
        id: registered.id().to_string(),
        kind: registered.method().kind(),
        method,
        name,
        is_default: default.is_some_and(|default| default.registration() == registered.id()),
        state: reasons.first().map(|reason| state(visitor, reason)),
        off,
        details,
        reasons: reasons
            .iter()
            .map(|reason| messages.reason(reason))
            .collect(),
        subject: titled(messages, registered),
    }
}

/// Why it is good for nothing, or not for the second step, each reason once.
fn why_not(seen: &RegistrationOverview, off: bool) -> Vec<Reason> {
    let told = seen.why_not().iter();
    let told = told.filter(|why_not| off || why_not.purpose() == Purpose::TwoStep);
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in told.flat_map(|why_not| why_not.reasons()) {
        // Of one method that is off it is said once, and not for each purpose.
        if !reasons.iter().any(|other| other.code() == reason.code()) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

fn state(visitor: &Visitor, reason: &Reason) -> String {
    let name = match reason {
        Reason::Locked { .. } => "info-state-locked",
        Reason::Disabled { .. } | Reason::Deactivated { .. } => "info-state-disabled",
        Reason::PassExpired { .. } | Reason::Retired { .. } => "info-state-expired",
        Reason::PassUsed { .. } | Reason::NoCodesLeft { .. } => "info-state-used",
        Reason::Pending { .. } => "info-state-pending",
        _ => "info-state-off",
    };
    visitor.say(name, &[])
}

fn asked(messages: &Messages, overview: &Overview) -> Asked {
    let missing = overview.missing().iter();
    let proposals = overview.proposals().iter();
    let proposals = proposals.map(|proposal| proposed(messages, proposal));
    let campaign = overview.campaign().map(|campaign| Campaign {
        method: messages.method(campaign.method()),
        kind: campaign.method().kind(),
        skips_left: campaign.skips_left(),
    });
    Asked {
        missing: missing
            .map(|required| messages.purpose(required.purpose))
            .collect(),
        proposals: proposals.collect(),
        campaign,
        reconfirm: overview.asks_to_reconfirm(),
    }
}

fn proposed(messages: &Messages, proposal: &Proposal) -> String {
    let methods: Vec<String> = proposal
        .methods()
        .iter()
        .map(|method| messages.method(method))
        .collect();
    methods.join(" + ")
}

/// Recovery codes, where there are some or can be.
fn codes(overview: &Overview, account: &Account) -> Option<Codes> {
    let mut registrations = account.registrations();
    let set = registrations.find(|registered| *registered.method() == Method::RecoveryCodes);
    match set {
        Some(set) => Some(Codes {
            registration: Some(set.id().to_string()),
            left: set.codes_left().unwrap_or(0),
        }),
        None => may_add(overview, &Method::RecoveryCodes).then_some(Codes {
            registration: None,
            left: 0,
        }),
    }
}

fn may_add(overview: &Overview, method: &Method) -> bool {
    let mut additions = overview.additions().iter();
    additions.any(|addition| addition.method() == method && addition.effect() != Effect::Deny)
}

fn remembered(messages: &Messages, device: &RememberedDevice) -> Device {
    Device {
        id: device.id().to_string(),
        origin: device.origin().unwrap_or_default().to_owned(),
        since: messages.time(device.since()),
        until: messages.time(device.until()),
    }
}

/// The last failed attempts, so that the person sees when somebody else tries.
async fn failures(visitor: &Visitor, account: &Account) -> Result<Vec<activity::Line>, Failure> {
    let since = visitor.now.unix_seconds();
    let since = since.saturating_sub(FAILURES_DAYS.saturating_mul(24 * 60 * 60));
    let failed = activity::since(visitor, since).await?.into_iter();
    let failed = failed.filter(events::is_failed_attempt).take(FAILURES);
    let line = |event| activity::line(visitor, account, &event);
    Ok(failed.map(line).collect())
}
