//! Administration: people, hardware tokens, the policy, the audit log. To everybody but administrators these pages are not there.

mod audit;
mod pass;
mod people;
mod person;
mod phone;
mod policy;
mod tokens;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Account, AccountKey, Refused, Visit};
use mfa_policy::{Action, Administration, Messages, Proven, Purpose, RegistrationId};
use mfa_store::Store as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::failure::Failure;
use crate::people::Person;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Administrator, Visitor, nobody, takes_proof};

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/administration", get(home))
        .merge(audit::routes())
        .merge(pass::routes())
        .merge(people::routes())
        .merge(person::routes())
        .merge(phone::routes())
        .merge(policy::routes())
        .merge(tokens::routes())
}

async fn home(Administrator(visitor): Administrator) -> Result<Response, Failure> {
    visitor.go("/administration/people")
}

/// A question before something is done that cannot be undone.
#[derive(Template)]
#[template(path = "administration/confirm.html")]
struct Confirm {
    shell: Shell,
    text: String,
    address: String,
    /// What is posted beside the yes.
    hidden: Option<(&'static str, String)>,
    button: String,
    back: String,
}

/// Somebody whose account an administrator works on.
struct Other {
    person: Person,
    key: AccountKey,
    account: Account,
}

impl Other {
    async fn find(visitor: &Visitor, id: &str) -> Result<Self, Failure> {
        let person = crate::people::by_id(&visitor.site.database, id).await?;
        let person = person.ok_or(Failure::NotFound)?;
        let key = visitor.site.account(&person.id);
        let account = visitor.site.store.load(&key).await?;
        Ok(Self {
            person,
            key,
            account,
        })
    }

    /// The page of the person.
    fn page(&self) -> String {
        format!("/administration/people/{}", self.person.id)
    }

    /// Why the policy does not let this administrator do that, whatever he has proven; `None` if it does. Proofs are asked for
    /// when it is done.
    fn hindrance(&self, visitor: &Visitor, action: &Action) -> Result<Option<String>, Failure> {
        let own = RegistrationId::new("own").map_err(|_| Failure::Unavailable)?;
        let proven = Proven::Registration(own);
        let context = visitor.context().proven(proven, visitor.now);
        let policy = visitor.in_force.flow.policy();
        let decision = policy.decide(
            &self.person.subject(),
            &self.account.view(),
            action,
            &context,
        );
        if decision.is_allowed() {
            return Ok(None);
        }
        let messages = visitor.messages(&self.account);
        Ok(Some(
            visitor.why(&Refused::Policy(Box::new(decision)), &messages),
        ))
    }

    /// Lets an administrator on who may do that now. Who has to prove first who he is does so, and comes back `here`.
    async fn let_on(
        &self,
        visitor: &mut Visitor,
        action: &Action,
        here: &str,
    ) -> Result<Visit, Failure> {
        let visit = visit(visitor, self, here).await?;
        let decision = visitor
            .look_at(&self.key, &visit, |on| on.decide(action))
            .await?;
        if decision.is_allowed() {
            Ok(visit)
        } else if takes_proof(&decision) {
            ask_for_proof(visitor, here).await
        } else {
            Err(Failure::NotFound)
        }
    }
}

/// The visit of the administrator to the account of somebody else.
async fn visit(visitor: &mut Visitor, other: &Other, here: &str) -> Result<Visit, Failure> {
    match visitor.visit_to(other.person.subject()).await {
        Err(Failure::SecondStep) => ask_for_proof(visitor, here).await,
        visit => visit,
    }
}

async fn ask_for_proof<T>(visitor: &mut Visitor, here: &str) -> Result<T, Failure> {
    visitor.prove(Purpose::ManageSecurityInfo, here).await?;
    Err(Failure::SecondStep)
}

/// Whether the administrator has just proven who he is, as the policy wants it for what is done for others: what is changed
/// here for everybody takes the same.
async fn has_fresh_proof(visitor: &Visitor) -> Result<bool, Failure> {
    let subject = nobody()?;
    let key = visitor.site.account(subject.id());
    let unlock = Action::Administer(Administration::Unlock);
    match visitor.visit_to(subject).await {
        Ok(visit) => {
            let decided = visitor.look_at(&key, &visit, |on| on.decide(&unlock));
            Ok(decided.await?.is_allowed())
        }
        Err(Failure::SecondStep) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Asks for that proof, and leads back `here`.
async fn with_fresh_proof(visitor: &mut Visitor, here: &str) -> Result<(), Failure> {
    if has_fresh_proof(visitor).await? {
        Ok(())
    } else {
        ask_for_proof(visitor, here).await
    }
}

/// Says why something was refused for somebody else; or asks the administrator for the proof that it takes.
async fn refused(
    mut visitor: Visitor,
    refused: &Refused,
    messages: &Messages,
    here: &str,
) -> Result<Response, Failure> {
    if let Refused::Policy(decision) = refused
        && takes_proof(decision)
    {
        return ask_for_proof(&mut visitor, here).await;
    }
    let why = visitor.why(refused, messages);
    visitor.back(here, why).await
}

/// A text as a value in an address.
fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
