//! The visitor of a page: who, in which session, in which language, and what can be done for him.

mod request;

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use mfa_flow::{Account, AccountKey, Change, Operation, OwnProof, Refused, SessionId, Visit};
use mfa_policy::{
    Capability, Context, Decision, Language, Messages, PersonId, Purpose, Step, Subject, Timestamp,
};
use mfa_store::Store as _;

pub(crate) use self::request::{
    Administrator, Filled, SignedIn, failures_as_pages, language_cookie,
};
use crate::failure::Failure;
use crate::people::{self, Person};
use crate::shell::Shell;
use crate::site::{InForce, Site};
use crate::user_agent::UserAgent;
use crate::web_session::{self, Body, Holder, Proving, WebSession};

/// The token of a device that is remembered.
const DEVICE_COOKIE: &str = "__Host-device";

/// Somebody who asks for a page.
pub(crate) struct Visitor {
    pub(crate) site: Arc<Site>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) now: Timestamp,
    pub(crate) language: Language,
    pub(crate) address: IpAddr,
    /// The browser, as it says.
    user_agent: Option<UserAgent>,
    /// The path of the page, where the language switch leads back to.
    path: String,
    /// The token of this device, if it is remembered.
    pub(crate) device: Option<String>,
    /// Whose name the session began with. Anybody can type a name, so nothing of him is shown yet.
    named: Option<Person>,
    /// The same person, once a first factor was proven.
    pub(crate) person: Option<Person>,
    session: Option<WebSession>,
    cookies: Vec<HeaderValue>,
}

impl Visitor {
    /// One operation on the account of the visitor: loaded, decided, durable, and only then told.
    pub(crate) async fn run<T: Send>(
        &self,
        operation: impl FnMut(Operation<'_>) -> Change<T> + Send,
    ) -> Result<T, Failure> {
        let (key, subject) = self.account_key()?;
        self.transact(&key, &self.visit(subject), operation).await
    }

    /// The same on an account that is not that of the session: in a visit that says who acts.
    pub(crate) async fn transact<T: Send>(
        &self,
        key: &AccountKey,
        visit: &Visit,
        mut operation: impl FnMut(Operation<'_>) -> Change<T> + Send,
    ) -> Result<T, Failure> {
        let flow = &self.in_force.flow;
        let done = self
            .site
            .store
            .transact(key, |account, rng| operation(flow.on(account, visit, rng)))
            .await;
        self.site.outbox.notify_one();
        Ok(done?)
    }

    /// Looks at the account of the visitor, and changes nothing.
    pub(crate) async fn look<T: Send>(
        &self,
        look: impl FnOnce(Operation<'_>) -> T + Send,
    ) -> Result<T, Failure> {
        let (key, subject) = self.account_key()?;
        self.look_at(&key, &self.visit(subject), look).await
    }

    /// The account of the visitor, for pages that list it.
    pub(crate) async fn account(&self) -> Result<Account, Failure> {
        Ok(self.site.store.load(&self.account_key()?.0).await?)
    }

    /// Looks at the account of somebody else, in a visit that says who looks.
    pub(crate) async fn look_at<T: Send>(
        &self,
        key: &AccountKey,
        visit: &Visit,
        look: impl FnOnce(Operation<'_>) -> T + Send,
    ) -> Result<T, Failure> {
        let flow = &self.in_force.flow;
        let seen = self
            .site
            .store
            .look(key, |account, rng| look(flow.on(account, visit, rng)));
        Ok(seen.await?)
    }

    /// The circumstances of this request, for somebody.
    pub(crate) fn visit(&self, subject: Subject) -> Visit {
        let address = self.address.to_string();
        let origin = match self.user_agent {
            Some(UserAgent { browser, system }) => {
                let variables = [
                    ("browser", browser),
                    ("system", system),
                    ("address", &address),
                ];
                self.say("origin", &variables)
            }
            None => address,
        };
        let visit = Visit::new(subject, self.now)
            .from(&origin)
            .for_application(&self.site.config.organisation)
            .with_capability(Capability::Webauthn, self.site.security_keys.is_some())
            .with_capability(Capability::Telephony, self.has_telephony());
        match self.session() {
            Some(session) => visit.in_session(session),
            None => visit,
        }
    }

    /// The same for a policy that is asked directly.
    pub(crate) fn context(&self) -> Context {
        let context = Context::at(self.now)
            .with_capability(Capability::Webauthn, self.site.security_keys.is_some())
            .with_capability(Capability::Telephony, self.has_telephony());
        match &self.person {
            Some(person) => context.asked_by(person.id.clone(), person.subject().role()),
            None => context,
        }
    }

    fn has_telephony(&self) -> bool {
        self.site.config.gateway_url.is_some() || self.site.plays_telephone()
    }

    /// A visit of this administrator to the account of somebody else.
    pub(crate) async fn visit_to(&self, other: Subject) -> Result<Visit, Failure> {
        let subject = self.person()?.subject();
        let proof: Option<OwnProof> = self.look(|on| on.own_proof()).await?;
        let visit = self.visit(other);
        Ok(match proof {
            Some(proof) => visit.by_administrator(&subject, proof),
            None => return Err(Failure::SecondStep),
        })
    }

    fn account_key(&self) -> Result<(AccountKey, Subject), Failure> {
        let holder = self
            .session
            .as_ref()
            .and_then(|session| session.body.holder.as_ref());
        match (holder, &self.named) {
            (Some(Holder::Person(_)), Some(person)) => {
                Ok((self.site.account(&person.id), person.subject()))
            }
            (Some(Holder::Nobody(typed)), _) => Ok((self.site.decoy(typed), nobody()?)),
            _ => Err(Failure::SignIn),
        }
    }

    /// Whose name was typed, who may be anybody's. For what a proof in this session was given for.
    pub(crate) const fn named(&self) -> Option<&Person> {
        self.named.as_ref()
    }

    /// Who has proven a first factor.
    pub(crate) fn person(&self) -> Result<&Person, Failure> {
        self.person.as_ref().ok_or(Failure::SignIn)
    }

    fn session(&self) -> Option<SessionId> {
        self.session.as_ref()?.body.session()
    }

    /// What is kept of the session, if there is one.
    pub(crate) fn body(&self) -> Option<&Body> {
        self.session.as_ref().map(|session| &session.body)
    }

    /// Begins a session of the website in the place of the one before.
    pub(crate) async fn begin(
        &mut self,
        holder: Holder,
        session: &SessionId,
    ) -> Result<&mut Body, Failure> {
        if let Some(before) = self.session.take() {
            before.end(&self.site.database).await?;
        }
        let body = Body {
            holder: Some(holder),
            session: Some(session.expose().to_string()),
            ..Body::default()
        };
        self.named = named(&self.site, &body).await?;
        self.person = None;
        let session = self.session.insert(WebSession::new(body, self.now)?);
        session.save(&self.site.database, self.now).await?;
        self.cookies.push(session.cookie()?);
        Ok(&mut session.body)
    }

    /// A first factor was proven in this session: now it is known who it is.
    pub(crate) async fn know(&mut self) -> Result<(), Failure> {
        self.person.clone_from(&self.named);
        self.keep(|body| body.is_known = true).await
    }

    /// Goes on in another session of the account, which took the place of the one before, with another cookie.
    pub(crate) async fn rotate(&mut self, session: &SessionId) -> Result<(), Failure> {
        let web = self.session.as_mut().ok_or(Failure::SignIn)?;
        web.rotate(&self.site.database).await?;
        web.body.session = Some(session.expose().to_string());
        web.save(&self.site.database, self.now).await?;
        self.cookies.push(web.cookie()?);
        Ok(())
    }

    /// Changes what is kept of the session.
    pub(crate) async fn keep(&mut self, change: impl FnOnce(&mut Body)) -> Result<(), Failure> {
        let session = self.session.as_mut().ok_or(Failure::SignIn)?;
        change(&mut session.body);
        session.save(&self.site.database, self.now).await
    }

    /// Ends the session of the website.
    pub(crate) async fn end(&mut self) -> Result<(), Failure> {
        if let Some(session) = self.session.take() {
            session.end(&self.site.database).await?;
            self.cookies.push(web_session::no_cookie()?);
        }
        (self.named, self.person) = (None, None);
        Ok(())
    }

    /// Lets the browser keep the token of a remembered device for that long.
    pub(crate) fn remember(&mut self, token: &str, seconds: i64) -> Result<(), Failure> {
        self.cookies.push(web_session::set_cookie(
            DEVICE_COOKIE,
            token,
            Some(seconds),
        )?);
        Ok(())
    }

    /// A text in the language of the visitor.
    pub(crate) fn say(&self, name: &str, variables: &[(&str, &str)]) -> String {
        crate::texts::Texts::of(self.language).say(name, variables)
    }

    /// What policies say, with registrations under their names.
    pub(crate) fn messages(&self, account: &Account) -> Messages {
        let messages = Messages::new(self.language);
        let messages = match &self.site.config.authenticator {
            Some(name) => messages.with_product(name),
            None => messages,
        };
        let names = account.registrations().map(|registered| {
            let name = match registered.name() {
                "" => messages.method(registered.method()),
                name => name.to_owned(),
            };
            (registered.id().clone(), name)
        });
        let names: Vec<_> = names.collect();
        messages.with_names(names)
    }

    /// Answers with a page. What was to be said on the next page is said.
    pub(crate) async fn show<T: Template>(
        self,
        title: &str,
        make: impl FnOnce(Shell) -> T,
    ) -> Result<Response, Failure> {
        self.show_with(StatusCode::OK, None, title, make).await
    }

    /// Answers with a form once more, and says what was wrong with it.
    pub(crate) async fn again<T: Template>(
        self,
        alert: String,
        title: &str,
        make: impl FnOnce(Shell) -> T,
    ) -> Result<Response, Failure> {
        self.show_with(StatusCode::UNPROCESSABLE_ENTITY, Some(alert), title, make)
            .await
    }

    async fn show_with<T: Template>(
        mut self,
        status: StatusCode,
        alert: Option<String>,
        title: &str,
        make: impl FnOnce(Shell) -> T,
    ) -> Result<Response, Failure> {
        let mut shell = Shell::new(&self.site, self.language, &self.path, self.say(title, &[]));
        shell.person = self.person.as_ref().map(|person| person.shown.clone());
        shell.is_administrator = self
            .person
            .as_ref()
            .is_some_and(|person| person.administrator);
        shell.alert = alert;
        if let Some(session) = &mut self.session {
            let (said, notice) = (session.body.alert.take(), session.body.notice.take());
            if said.is_some() || notice.is_some() || session.is_old(self.now) {
                session.save(&self.site.database, self.now).await?;
            }
            shell.alert = shell.alert.or(said);
            shell.notice = notice;
        }
        let page = render(&make(shell))?;
        Ok(self.with_cookies((status, page).into_response()))
    }

    /// Answers by sending the browser to another page.
    pub(crate) fn go(self, path: &str) -> Result<Response, Failure> {
        Ok(self.with_cookies(Redirect::to(path).into_response()))
    }

    /// The same, with good news on the next page.
    pub(crate) async fn go_with(mut self, path: &str, notice: String) -> Result<Response, Failure> {
        self.keep(|body| body.notice = Some(notice)).await?;
        self.go(path)
    }

    /// The same, with bad news on the next page.
    pub(crate) async fn back(mut self, path: &str, alert: String) -> Result<Response, Failure> {
        self.keep(|body| body.alert = Some(alert)).await?;
        self.go(path)
    }

    /// Says why something was refused, on the page that it was asked for on; or asks for the proof that it takes, and leads back there.
    pub(crate) async fn refused(
        mut self,
        refused: Refused,
        path: &str,
    ) -> Result<Response, Failure> {
        if let Refused::Policy(decision) = &refused
            && takes_proof(decision)
        {
            self.prove(Purpose::ManageSecurityInfo, path).await?;
            return self.go("/verify");
        }
        let account = self.account().await?;
        let why = self.why(&refused, &self.messages(&account));
        self.back(path, why).await
    }

    /// The words for what was refused.
    pub(crate) fn why(&self, refused: &Refused, messages: &Messages) -> String {
        match refused {
            Refused::Policy(decision) => {
                let mut reasons: Vec<String> = decision
                    .reasons()
                    .iter()
                    .map(|reason| messages.reason(reason))
                    .collect();
                reasons.extend(
                    decision
                        .missing()
                        .iter()
                        .map(|input| messages.input(*input)),
                );
                reasons.join(" ")
            }
            Refused::Rejected(_) => self.say("refused-rejected", &[]),
            Refused::Over => self.say("refused-over", &[]),
            Refused::TooSoon { until } => self.too_soon(*until, messages),
            Refused::NoMoreSends => self.say("refused-no-more-sends", &[]),
            Refused::MisreadKey(_) => self.say("refused-misread-key", &[]),
            Refused::Full => self.say("refused-full", &[]),
            Refused::Invalid(_) => self.say("refused-invalid", &[]),
        }
    }

    fn too_soon(&self, until: Timestamp, messages: &Messages) -> String {
        let seconds = until.unix_seconds().saturating_sub(self.now.unix_seconds());
        if seconds > 120 {
            return self.say("refused-too-often", &[("until", &messages.time(until))]);
        }
        let seconds = seconds.max(1).to_string();
        self.say("refused-too-soon", &[("seconds", &seconds)])
    }

    /// Asks for a proof on the page `/verify`, and goes on there.
    pub(crate) async fn prove(&mut self, purpose: Purpose, then: &str) -> Result<(), Failure> {
        let proving = Proving {
            purpose,
            challenge: None,
            then: then.to_owned(),
        };
        self.keep(|body| body.proving = Some(proving)).await
    }

    fn with_cookies(self, mut response: Response) -> Response {
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// Whether a proof of the person is what is missing, and nothing else.
pub(crate) fn takes_proof(decision: &Decision) -> bool {
    let proves = |step: &Step| matches!(step, Step::Prove { .. });
    decision
        .remedies()
        .iter()
        .any(|remedy| !remedy.steps().is_empty() && remedy.steps().iter().all(proves))
}

async fn named(site: &Site, body: &Body) -> Result<Option<Person>, Failure> {
    Ok(match &body.holder {
        Some(Holder::Person(id)) => people::by_id(&site.database, id).await?,
        _ => None,
    })
}

/// A subject as most people are, for names that nobody has.
pub(crate) fn nobody() -> Result<Subject, Failure> {
    Ok(Subject::new(
        PersonId::new("nobody").map_err(|_| Failure::Unavailable)?,
    ))
}

/// A path of ours, and nothing else, for coming back after something.
pub(crate) fn own_path(path: &str) -> &str {
    let own =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if own { path } else { "/security-info" }
}

pub(crate) fn render(page: &impl Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(|error| {
        tracing::error!(%error, "a page could not be made");
        Failure::Unavailable
    })
}
