//! What a server puts on the page about somebody's security info, and what it does when a button is pressed.
//!
//! `cargo run -p mfa-policy --example security_info_page --features messages`

use std::error::Error;

use mfa_policy::{
    AccountView, Action, Context, DeviceId, Effect, Language, Messages, Method, PersonId, Policy,
    Preset, Proven, Registration, RegistrationId, Subject, Timestamp,
};

fn main() -> Result<(), Box<dyn Error>> {
    let policy = Preset::SecurityInfo.policy();
    let messages = Messages::new(Language::English);

    // What a server knows: who it is, what is registered, and what was proven in this session.
    let ada = Subject::new(PersonId::new("ada")?);
    let app = RegistrationId::new("app")?;
    let mobile = DeviceId::new("mobile")?;
    let account = AccountView::new([
        Registration::new(app.clone(), Method::AuthenticatorPush).on(DeviceId::new("phone")?),
        Registration::new(RegistrationId::new("text")?, Method::Text).on(mobile.clone()),
        Registration::new(RegistrationId::new("call")?, Method::CallMobile).on(mobile),
        Registration::new(RegistrationId::new("mail")?, Method::Email),
    ])?
    .with_default(app.clone());
    let now: Timestamp = "2026-12-01T09:00:00Z".parse()?;
    let context = Context::anywhere(now).proven(Proven::Registration(app.clone()), now);

    show(&policy, &messages, &ada, &account, &context);

    // *Remove* was pressed. What it does is told before it is done.
    let remove = Action::Remove { registration: app };
    println!("\nRemove the app?");
    let decision = policy.decide(&ada, &account, &remove, &context);
    if decision.is_allowed() {
        let after = policy.outcome(&ada, &account, &remove, &context);
        let default = policy.default_method(&ada, &after, &context);
        match default.and_then(|default| after.registration(default.registration()).cloned()) {
            Some(next) => println!("  your default becomes: {}", messages.method(next.method())),
            None => println!("  nothing is left to sign in with"),
        }
    }
    for reason in decision.reasons() {
        println!("  {}", messages.reason(reason));
    }

    // A second mobile number is one too many, and the answer says what would help.
    let add = Action::Add {
        method: Method::Text,
        device: Some(DeviceId::new("another mobile")?),
    };
    println!("\nAdd another mobile number?");
    let decision = policy.decide(&ada, &account, &add, &context);
    for reason in decision.reasons() {
        println!("  {}", messages.reason(reason));
    }
    for remedy in decision.remedies() {
        println!("  or: {}", messages.remedy(remedy));
    }
    Ok(())
}

fn show(
    policy: &Policy,
    messages: &Messages,
    subject: &Subject,
    account: &AccountView,
    context: &Context,
) {
    let overview = policy.overview(subject, account, context);
    println!("Security info");
    for shown in overview.registrations() {
        let is_default = overview
            .default_method()
            .is_some_and(|default| default.registration() == shown.registration());
        let mark = if is_default { " (default)" } else { "" };
        let purposes: Vec<String> = shown
            .usable_for()
            .iter()
            .map(|purpose| messages.purpose(purpose))
            .collect();
        println!(
            "  {}{mark}: {}",
            messages.method(shown.method()),
            purposes.join(", ")
        );
    }
    println!("\nAdd method");
    for addition in overview.additions() {
        let name = messages.method(addition.method());
        match addition.effect() {
            Effect::Allow => println!("  {name}"),
            // Greyed, with the reason.
            Effect::Deny => {
                let reasons: Vec<String> = addition
                    .reasons()
                    .iter()
                    .map(|reason| messages.reason(reason))
                    .collect();
                println!("  ({name}: {})", reasons.join(" "));
            }
            Effect::NeedInput(input) => {
                println!("  {name}, once it is known: {}", messages.input(input));
            }
        }
    }
}
