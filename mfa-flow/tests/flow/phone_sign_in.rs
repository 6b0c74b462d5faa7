//! Signing in without a password.

use crate::common::{Person, World, approved, push_at};
use mfa_flow::{
    Answer, Class, Decision, Effect, IssuedPass, Next, Notice, PassTerms, Prompt, PushRequest,
    Refused, Rejected, SecurityKeyResult, What,
};
use mfa_policy::{Method, Purpose, RegistrationId};
use serde_json::json;

fn give_phone(world: &mut World, person: &Person, id: &str) -> RegistrationId {
    let push = push_at(id);
    world.give(person, id, Method::PhoneSignIn, push)
}

/// Begins in a browser of its own, with the message that went to the phone.
fn begin(world: &mut World, person: &Person) -> (Person, Prompt, Option<PushRequest>) {
    let (browser, prompt) = world.begin_phone_sign_in(person);
    (browser, prompt, world.sent_request())
}

fn number(prompt: &Prompt) -> u8 {
    prompt.asked().unwrap().number().unwrap()
}

fn answer(
    world: &mut World,
    browser: &mut Person,
    prompt: &Prompt,
    by: &RegistrationId,
    answer: Answer<'_>,
) -> Result<(), Rejected> {
    let proof = world.answer(browser, prompt.challenge(), by, answer)?;
    assert_eq!(proof.purpose(), Purpose::FirstFactor);
    Ok(())
}

/// Passes may be issued, for signing in with nothing else.
fn world_with_passes() -> World {
    World::with(|draft| {
        let pass = draft.methods.get_mut(&Method::TemporaryPass).unwrap();
        pass.enabled = Some(true);
    })
}

fn issue_pass(world: &mut World, person: &Person) -> IssuedPass {
    let visit = world.visit_by_root(person);
    let issued = world.run_at(&person.key, &visit, |on| on.issue_pass(PassTerms::new()));
    issued.unwrap()
}

#[test]
fn the_gesture_of_the_phone_with_the_number_on_the_screen_signs_in() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let phone = give_phone(&mut world, &ada, "phone");
    let (mut browser, prompt, request) = begin(&mut world, &ada);
    assert_ne!(world.read(&browser, |on| on.next()), Next::Done);
    let number = number(&prompt);
    world
        .device_says(&ada, request.as_ref().unwrap(), approved(number))
        .unwrap();
    answer(&mut world, &mut browser, &prompt, &phone, Answer::Approved).unwrap();
    assert_eq!(world.read(&browser, |on| on.next()), Next::Done);
    assert!(
        world
            .effects()
            .any(|e| matches!(e, Effect::RotateSession { .. }))
    );
}

#[test]
fn an_approval_signs_in_only_the_browser_that_asked() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let phone = give_phone(&mut world, &ada, "phone");
    let (_, prompt, request) = begin(&mut world, &ada);
    let said = approved(number(&prompt));
    let (mut stranger, _, _) = begin(&mut world, &ada);
    world
        .device_says(&ada, request.as_ref().unwrap(), said)
        .unwrap();
    assert!(answer(&mut world, &mut stranger, &prompt, &phone, Answer::Approved).is_err());
    assert_eq!(world.class(), Some(Class::NoSession));
}

#[test]
fn a_wrong_number_is_over_and_counted_nowhere() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let phone = give_phone(&mut world, &ada, "phone");
    let (mut browser, prompt, request) = begin(&mut world, &ada);
    let number = number(&prompt);
    for number in [number ^ 1, number] {
        let said = world.device_says(&ada, request.as_ref().unwrap(), approved(number));
        assert!(said.is_err());
    }
    assert!(answer(&mut world, &mut browser, &prompt, &phone, Answer::Approved).is_err());
    let stored = &world.stored(&ada)["registrations"][0];
    assert!(stored.get("budget").is_none() && stored.get("first_factor_budget").is_none());
}

#[test]
fn a_stranger_causes_five_notifications_a_day_and_none_of_the_second_step() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    give_phone(&mut world, &ada, "phone");
    let push = push_at("phone");
    world.give(&ada, "push", Method::AuthenticatorPush, push);
    for pushes in 1..=6 {
        let (_, prompt, request) = begin(&mut world, &ada);
        assert_eq!(request.is_some(), pushes <= 5);
        assert_eq!(prompt.asked().is_some(), pushes <= 5);
        assert!(prompt.unsent().is_none(), "a stranger is not told why");
    }
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let push = RegistrationId::new("push").unwrap();
    if prompt.asked().is_none() {
        world.ask(&ada, prompt.challenge(), &push);
    }
    assert!(world.sent_for().is_some());
    world.pass_minutes(24 * 60);
    assert!(begin(&mut world, &ada).2.is_some());
}

#[test]
fn a_notification_that_is_reported_ends_the_session_of_whoever_asked() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let phone = give_phone(&mut world, &ada, "phone");
    let (mut stranger, prompt, request) = begin(&mut world, &ada);
    let request = request.unwrap();
    world
        .device_says(&ada, &request, Decision::Suspicious)
        .unwrap();
    assert!(
        world
            .notices()
            .any(|notice| *notice == Notice::SuspiciousReported)
    );
    let said = world.device_says(&ada, &request, approved(number(&prompt)));
    assert!(said.is_err());
    assert!(answer(&mut world, &mut stranger, &prompt, &phone, Answer::Approved).is_err());
}

#[test]
fn a_notification_that_is_denied_is_not_approved_afterwards() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let phone = give_phone(&mut world, &ada, "phone");
    let (mut stranger, prompt, request) = begin(&mut world, &ada);
    let request = request.unwrap();
    world.device_says(&ada, &request, Decision::Denied).unwrap();
    let said = world.device_says(&ada, &request, approved(number(&prompt)));
    assert!(said.is_err());
    assert!(answer(&mut world, &mut stranger, &prompt, &phone, Answer::Approved).is_err());
}

#[test]
fn everybody_is_offered_the_same() {
    let mut world = world_with_passes();
    let ada = Person::new("ada");
    give_phone(&mut world, &ada, "one");
    give_phone(&mut world, &ada, "two");
    let eve = Person::new("eve");
    world.give_text(&eve, "text", "+31612345642");
    issue_pass(&mut world, &eve);
    let nobody = Person {
        key: world.flow.decoy(ada.key.tenant().clone(), "nobody"),
        ..Person::new("nobody")
    };
    let shown = [&ada, &eve, &Person::new("new"), &nobody].map(|person| {
        let (_, prompt, _) = begin(&mut world, person);
        let choices = prompt.choices().iter();
        let choices =
            choices.map(|c| (c.method().clone(), c.name().to_owned(), c.hint().is_some()));
        let asked = prompt.asked().map(|ask| ask.choice().method().clone());
        (choices.collect::<Vec<_>>(), asked, prompt.expires())
    });
    let methods: Vec<&Method> = shown[0].0.iter().map(|(method, ..)| method).collect();
    assert_eq!(methods, [&Method::PhoneSignIn, &Method::TemporaryPass]);
    assert!(shown.iter().all(|other| *other == shown[0]));
}

#[test]
fn the_phone_that_was_used_last_gets_the_notification() {
    let mut world = World::new();
    let ada = Person::new("ada");
    for id in ["one", "two", "three"] {
        give_phone(&mut world, &ada, id);
    }
    world.plant(&ada, |stored| {
        stored["registrations"][1]["last_used"] = json!("2026-11-30T09:00:00Z");
        stored["registrations"][0]["last_used"] = json!("2026-11-29T09:00:00Z");
    });
    let (_, prompt, _) = begin(&mut world, &ada);
    assert_eq!(
        prompt.asked().unwrap().choice().registration().as_str(),
        "two"
    );
}

#[test]
fn a_pass_signs_in_where_the_policy_lets_it() {
    let mut world = world_with_passes();
    let ada = Person::new("ada");
    let issued = issue_pass(&mut world, &ada);
    let (mut browser, prompt, _) = begin(&mut world, &ada);
    let pass = issued.pass().expose().to_lowercase();
    let by = issued.registration();
    answer(&mut world, &mut browser, &prompt, by, Answer::Code(&pass)).unwrap();
    assert_eq!(world.read(&browser, |on| on.next()), Next::Done);
}

#[test]
fn guesses_of_a_pass_without_a_password_leave_the_second_step_open() {
    let mut world = world_with_passes();
    let mut ada = Person::new("ada");
    let issued = issue_pass(&mut world, &ada);
    let (by, pass) = (issued.registration(), issued.pass().expose());
    let (mut stranger, prompt, _) = begin(&mut world, &ada);
    for guess in 0..6 {
        let no = world.type_code(&mut stranger, &prompt, by, "AAAAAAAA");
        assert!(no.is_err());
        let locked = guess >= 5;
        assert_eq!(world.class() == Some(Class::Locked), locked, "{guess}");
    }
    let right = world.type_code(&mut stranger, &prompt, by, pass);
    assert!(right.is_err());
    world.password(&mut ada);
    let proof = world.prove(&mut ada, Purpose::TwoStep, by, Answer::Code(pass));
    assert_eq!(proof.unwrap().failures().count(), 0);
}

#[test]
fn the_person_is_told_once_that_a_pass_is_being_guessed() {
    let mut world = world_with_passes();
    let ada = Person::new("ada");
    let issued = issue_pass(&mut world, &ada);
    let by = issued.registration();
    let mut told = 0;
    for _ in 0..10 {
        let (mut stranger, prompt, _) = begin(&mut world, &ada);
        let no = world.type_code(&mut stranger, &prompt, by, "AAAAAAAA");
        assert!(no.is_err());
        told += world.notices().count();
        world.pass_seconds(200);
    }
    assert_eq!(told, 1);
}

#[test]
fn after_the_limit_in_a_row_a_pass_is_good_as_a_second_step_only() {
    let mut world = world_with_passes();
    let mut ada = Person::new("ada");
    let issued = issue_pass(&mut world, &ada);
    let (by, pass) = (issued.registration(), issued.pass().expose());
    world.plant(&ada, |stored| {
        stored["registrations"][0]["first_factor_budget"] = json!({ "consecutive": 99 });
    });
    let (mut stranger, prompt, _) = begin(&mut world, &ada);
    let no = world.type_code(&mut stranger, &prompt, by, "AAAAAAAA");
    assert!(no.is_err());
    assert!(world.happened(&What::FirstFactorLocked { until: None }));
    world.pass_minutes(50);
    let (mut browser, prompt, _) = begin(&mut world, &ada);
    let no = world.type_code(&mut browser, &prompt, by, pass);
    assert!(no.is_err());
    assert_eq!(world.class(), Some(Class::Locked));
    world.password(&mut ada);
    assert!(
        world
            .prove(&mut ada, Purpose::TwoStep, by, Answer::Code(pass))
            .is_ok()
    );
}

#[test]
fn what_cannot_be_guessed_is_not_locked_by_strangers() {
    let mut world = World::with(|draft| {
        let key = draft.methods.get_mut(&Method::SecurityKey).unwrap();
        key.purposes.as_mut().unwrap().insert(Purpose::FirstFactor);
    });
    let ada = Person::new("ada");
    let factor = json!({ "security_key": { "credential": "c", "data": "", "sign_count": 0 } });
    let key = world.give(&ada, "key", Method::SecurityKey, factor);
    let said = |credential| {
        Answer::SecurityKey(SecurityKeyResult {
            credential,
            user_verified: true,
            sign_count: 0,
        })
    };
    let (mut browser, prompt, _) = begin(&mut world, &ada);
    for _ in 0..20 {
        assert!(answer(&mut world, &mut browser, &prompt, &key, said("other")).is_err());
        assert_eq!(world.class(), Some(Class::Wrong));
    }
    answer(&mut world, &mut browser, &prompt, &key, said("c")).unwrap();
    assert_eq!(world.read(&browser, |on| on.next()), Next::Done);
}

#[test]
fn a_text_in_the_place_of_the_password_is_not_the_second_step_as_well() {
    let mut world = World::with(|draft| {
        let text = draft.methods.get_mut(&Method::Text).unwrap();
        text.purposes.as_mut().unwrap().insert(Purpose::FirstFactor);
    });
    let ada = Person::new("ada");
    let text = world.give_text(&ada, "text", "+31612345642");
    let (mut browser, prompt, _) = begin(&mut world, &ada);
    world.ask(&browser, prompt.challenge(), &text);
    let code = world.sent_code().unwrap();
    let code = Answer::Code(&code);
    answer(&mut world, &mut browser, &prompt, &text, code).unwrap();
    assert_eq!(world.read(&browser, |on| on.next()), Next::SecondStep);
}

#[test]
fn what_only_counts_after_a_password_is_no_first_factor() {
    let mut world = World::new();
    let ada = Person::new("ada");
    give_phone(&mut world, &ada, "phone");
    let totp = world.give_totp(&ada, "totp");
    let (mut browser, prompt, _) = begin(&mut world, &ada);
    let code = world.code();
    assert!(
        world
            .type_code(&mut browser, &prompt, &totp, &code)
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::NotAllowed));
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &totp));
    assert!(matches!(asked, Err(Refused::Over)));
}
