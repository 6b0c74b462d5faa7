//! Setting a method up: what is asked before it is begun.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use mfa_policy::{Method, Purpose, RegistrationId};

use crate::failure::Failure;
use crate::pages::enrol::begin::Begin;
use crate::pages::enrol::offers::{APP, MOBILE, address};
use crate::pages::enrol::telephone::{self, Country};
use crate::pages::enrol::{Enrolment, Frame, Offers};
use crate::shell::Shell;
use crate::visitor::takes_proof;

#[derive(Template)]
#[template(path = "enrol/app.html")]
struct AppPage {
    shell: Shell,
    frame: Frame,
    push: bool,
    code: bool,
    other: bool,
    /// The app that is registered already, if the code can come from it.
    there: Option<Choice>,
    /// What to install.
    product: String,
    app_name: String,
    other_name: String,
}

/// A registration to choose.
struct Choice {
    registration: RegistrationId,
    name: String,
}

#[derive(Template)]
#[template(path = "enrol/phone.html")]
struct PhonePage {
    shell: Shell,
    frame: Frame,
    ways: Vec<Way>,
    chosen: Method,
    countries: Vec<(&'static Country, &'static str)>,
    region: String,
    number: String,
    error: String,
    /// The only number that there is room for, most of it hidden.
    same: Option<String>,
}

/// What the telephone is used for.
struct Way {
    method: Method,
    name: String,
    /// Why it cannot be added; empty if it can.
    why_not: String,
}

#[derive(Template)]
#[template(path = "enrol/email.html")]
struct EmailPage {
    shell: Shell,
    frame: Frame,
    address: String,
    error: String,
}

#[derive(Template)]
#[template(path = "enrol/phone_sign_in.html")]
struct PhoneSignInPage {
    shell: Shell,
    frame: Frame,
    apps: Vec<Choice>,
}

/// Shows the form of a method, or goes where it is set up, or to the proof that it takes.
pub(super) async fn show(
    enrolment: Enrolment,
    Path(method): Path<String>,
) -> Result<Response, Failure> {
    let method: Method = method.parse().map_err(|_| Failure::NotFound)?;
    let Enrolment { visitor, frame, .. } = &enrolment;
    let here = frame.at(method.kind());
    if address(*frame, &method) != here {
        let elsewhere = address(*frame, &method);
        return enrolment.visitor.go(&elsewhere);
    }
    let offers = Offers::of(visitor).await?;
    let methods = beside(&method);
    let offered = methods.iter().find(|method| offers.may_add(method));
    let Some(action) = offered.map(|method| offers.action(method)) else {
        // The page of all methods says why not.
        return enrolment.visitor.go(enrolment.frame.base());
    };
    drop(offers);
    let decision = visitor.look(|on| on.decide(&action)).await?;
    if takes_proof(&decision) {
        let mut visitor = enrolment.visitor;
        visitor.prove(Purpose::ManageSecurityInfo, &here).await?;
        return visitor.go("/verify");
    }
    match &method {
        Method::Email => email(enrolment, None).await,
        Method::PhoneSignIn => phone_sign_in(enrolment).await,
        method if method.is_telephone() => phone(enrolment, method, None).await,
        _ => app(enrolment).await,
    }
}

/// The methods that are set up on one page with this one.
fn beside(method: &Method) -> &[Method] {
    [APP, MOBILE]
        .into_iter()
        .find(|methods| methods.contains(method))
        .unwrap_or(std::slice::from_ref(method))
}

async fn app(enrolment: Enrolment) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    let offers = Offers::of(&visitor).await?;
    let may_add = |method| offers.may_add(&method);
    let push = may_add(Method::AuthenticatorPush);
    let code = may_add(Method::AuthenticatorCode);
    let other = may_add(Method::OtherAuthenticator);
    let there = offers.apps().map(choice).next();
    let app_name = offers.free_name(&visitor.say("enrol-app-name", &[]));
    let other_name = offers.free_name(&visitor.say("enrol-other-app-name", &[]));
    drop(offers);
    let product = visitor.site.config.authenticator.clone();
    let product = product.unwrap_or_else(|| visitor.say("enrol-product", &[]));
    visitor
        .show("enrol-app", |shell| AppPage {
            shell,
            frame,
            push,
            code,
            other,
            there,
            product,
            app_name,
            other_name,
        })
        .await
}

/// What was filled in, and what is wrong with it.
type Wrong<'a> = Option<(&'a Begin, String)>;

/// The form of a telephone, once more where something is wrong.
pub(super) async fn phone(
    enrolment: Enrolment,
    method: &Method,
    wrong: Wrong<'_>,
) -> Result<Response, Failure> {
    let Enrolment {
        visitor,
        frame,
        region,
    } = enrolment;
    let offers = Offers::of(&visitor).await?;
    let ways = beside(method).iter().map(|method| Way {
        method: method.clone(),
        name: match method {
            Method::Text => visitor.say("enrol-text-me", &[]),
            _ => visitor.say("enrol-call-me", &[]),
        },
        why_not: offers.why_not(method),
    });
    let ways: Vec<Way> = ways.collect();
    let offered = |way: &&Way| way.why_not.is_empty();
    let of_method = ways
        .iter()
        .filter(offered)
        .find(|way| way.method == *method);
    let chosen = of_method.or_else(|| ways.iter().find(offered));
    let chosen = chosen.map_or_else(|| method.clone(), |way| way.method.clone());
    let same = offers
        .shared(&chosen)
        .and_then(|registered| registered.hint());
    drop(offers);
    let language = visitor.language;
    let usual = region.unwrap_or_else(|| telephone::usual_region(language).to_owned());
    let (region, number, error) = match wrong {
        Some((form, error)) => (form.country.clone(), form.number.clone(), Some(error)),
        None => (usual, String::new(), None),
    };
    let countries = telephone::countries(language).into_iter();
    let countries = countries.map(|country| (country, country.name(language)));
    let countries = countries.collect();
    let title = match method {
        Method::CallOffice => "enrol-office-phone",
        Method::CallAlternate => "enrol-alternate-phone",
        _ => "enrol-phone",
    };
    let alert = error.clone();
    let make = |shell| PhonePage {
        shell,
        frame,
        ways,
        chosen,
        countries,
        region,
        number,
        error: error.unwrap_or_default(),
        same,
    };
    match alert {
        Some(alert) => visitor.again(alert, title, make).await,
        None => visitor.show(title, make).await,
    }
}

/// The form of a mailbox, once more where something is wrong.
pub(super) async fn email(enrolment: Enrolment, wrong: Wrong<'_>) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    let (form, alert) = wrong.unzip();
    let error = alert.clone();
    let make = |shell| EmailPage {
        shell,
        frame,
        address: form.map(|form| form.address.clone()).unwrap_or_default(),
        error: error.unwrap_or_default(),
    };
    match alert {
        Some(alert) => visitor.again(alert, "enrol-email", make).await,
        None => visitor.show("enrol-email", make).await,
    }
}

async fn phone_sign_in(enrolment: Enrolment) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    let offers = Offers::of(&visitor).await?;
    let apps = offers.apps().map(choice).collect();
    drop(offers);
    visitor
        .show("enrol-phone-sign-in", |shell| PhoneSignInPage {
            shell,
            frame,
            apps,
        })
        .await
}

fn choice(app: &mfa_flow::Registered) -> Choice {
    Choice {
        registration: app.id().clone(),
        name: app.name().to_owned(),
    }
}
