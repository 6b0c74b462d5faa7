//! Beginning: what was filled in is begun, and what is shown once is shown.

use askama::Template;
use axum::response::Response;
use mfa_flow::{
    AppKey, EmailAddress, Enrol, Enrolling, Instruction, PhoneNumber, Refused, ShownKey,
};
use mfa_policy::{Messages, Method, RegistrationId};
use otp_qr::{Qr, SvgOptions};
use serde::Deserialize;

use crate::deliver::pairing::Pairing;
use crate::failure::Failure;
use crate::pages::enrol::{Enrolment, Frame, Offers, set_up, telephone};
use crate::shell::Shell;
use crate::visitor::{Filled, Visitor, takes_proof};

/// What is shown once.
#[derive(Template)]
#[template(path = "enrol/scan.html")]
struct Page<'a> {
    shell: Shell,
    frame: Frame,
    qr: otp_qr::SecretText,
    shown: Shown<'a>,
}

/// What the QR code says.
enum Shown<'a> {
    /// The key of an app that shows codes.
    Key(&'a ShownKey),
    /// Where the app reports that gets notifications.
    Activation(&'a str),
}

/// The form that begins any of the methods, which take what they need of it.
#[derive(Deserialize)]
pub(crate) struct Begin {
    method: Method,
    /// What the person calls it.
    #[serde(default)]
    name: String,
    /// A registration of the same app.
    #[serde(default)]
    on: Option<RegistrationId>,
    #[serde(default)]
    pub(super) country: String,
    #[serde(default)]
    pub(super) number: String,
    #[serde(default)]
    pub(super) address: String,
}

/// Begins, and shows once what is shown once.
pub(super) async fn begin(
    enrolment: Enrolment,
    Filled(form): Filled<Begin>,
) -> Result<Response, Failure> {
    let (number, address, account): (PhoneNumber, EmailAddress, otp_uri::Account);
    let on = form.on.as_ref();
    let what = match &form.method {
        Method::AuthenticatorPush => Enrol::AuthenticatorPush { on },
        Method::PhoneSignIn => Enrol::PhoneSignIn {
            push: on.ok_or(Failure::Malformed)?,
        },
        Method::AuthenticatorCode | Method::OtherAuthenticator => {
            account = account_of(&enrolment.visitor)?;
            let key = AppKey::new(&account);
            match &form.method {
                Method::AuthenticatorCode => Enrol::AuthenticatorCode { on, key },
                _ => Enrol::OtherAuthenticator { key },
            }
        }
        Method::Email => {
            let Ok(typed) = EmailAddress::new(&form.address) else {
                let why = enrolment.visitor.say("enrol-no-address", &[]);
                return set_up::email(enrolment, Some((&form, why))).await;
            };
            address = typed;
            Enrol::Email(&address)
        }
        method if method.is_telephone() => {
            let Ok(typed) = telephone::number(&form.country, &form.number) else {
                let why = enrolment.visitor.say("enrol-no-number", &[]);
                return set_up::phone(enrolment, method, Some((&form, why))).await;
            };
            number = typed;
            match method {
                Method::CallMobile => Enrol::CallMobile(&number),
                Method::CallOffice => Enrol::CallOffice(&number),
                Method::CallAlternate => Enrol::CallAlternate(&number),
                _ => Enrol::Text(&number),
            }
        }
        _ => return Err(Failure::Malformed),
    };
    let (visitor, frame) = (&enrolment.visitor, enrolment.frame);
    let name = name_of(visitor, &form).await?;
    let refused = match visitor.run(|on| on.begin_enrolment(what, &name)).await? {
        Ok(enrolling) => return instruct(enrolment.visitor, frame, &enrolling).await,
        Err(refused) => refused,
    };
    match (&refused, &form.method) {
        (Refused::TooSoon { .. } | Refused::NoMoreSends, method) if sends(method) => {
            let messages = Messages::new(visitor.language);
            let why = Some((&form, visitor.why(&refused, &messages)));
            match method {
                Method::Email => set_up::email(enrolment, why).await,
                method => set_up::phone(enrolment, method, why).await,
            }
        }
        // What the policy denies is greyed on the page of all methods.
        (Refused::Policy(decision), _) if !takes_proof(decision) => {
            enrolment.visitor.refused(refused, frame.base()).await
        }
        (_, method) => {
            let path = frame.at(method.kind());
            enrolment.visitor.refused(refused, &path).await
        }
    }
}

/// Whether something is sent to a number or an address.
const fn sends(method: &Method) -> bool {
    method.is_telephone() || matches!(method, Method::Email)
}

async fn instruct(
    visitor: Visitor,
    frame: Frame,
    enrolling: &Enrolling,
) -> Result<Response, Failure> {
    match enrolling.instruction() {
        Instruction::AddKey(shown) => {
            let text = shown.qr_text();
            scan(visitor, frame, text.expose(), Shown::Key(shown)).await
        }
        Instruction::Pair(token) => {
            let pairing = Pairing {
                registration: enrolling.registration().clone(),
                token: token.expose().to_owned(),
                person: visitor.person()?.id.clone(),
            };
            let link = pairing.link(&visitor.site.config.public_url());
            scan(visitor, frame, &link, Shown::Activation(&link)).await
        }
        _ => visitor.go(&frame.at("test")),
    }
}

async fn scan(
    visitor: Visitor,
    frame: Frame,
    text: &str,
    shown: Shown<'_>,
) -> Result<Response, Failure> {
    let qr = Qr::encode(text).map_err(|_| Failure::Unavailable)?;
    let qr = qr.svg(&SvgOptions::new());
    visitor
        .show("enrol-scan", |shell| Page {
            shell,
            frame,
            qr,
            shown,
        })
        .await
}

/// Whose key it is, as apps show it.
fn account_of(visitor: &Visitor) -> Result<otp_uri::Account, Failure> {
    let person = visitor.person()?;
    otp_uri::Account::new(&person.mail)
        .or_else(|_| otp_uri::Account::new(&person.name))
        .map_err(|_| Failure::Unavailable)
}

/// What the person calls it, or what its method is called.
async fn name_of(visitor: &Visitor, form: &Begin) -> Result<String, Failure> {
    let typed = form.name.trim();
    if !typed.is_empty() {
        return Ok(typed.to_owned());
    }
    let offers = Offers::of(visitor).await?;
    Ok(offers.free_name(&offers.method(&form.method)))
}
