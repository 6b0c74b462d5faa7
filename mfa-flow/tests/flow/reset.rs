//! Password reset: gates, limits, the permission, and that none of it opens anything else.

use std::collections::BTreeSet;

use crate::common::{Person, World, approved, push_at, wrong};
use mfa_flow::{
    Answer, Class, Confirmed, Decision, Effect, Enrol, Next, Notice, PhoneNumber, PhoneSaid,
    Prompt, Refused, Rejected, What,
};
use mfa_policy::{Method, Purpose, RegistrationId};
use serde_json::{Value, json};

/// Begins a reset in a browser of its own.
fn begin(world: &mut World, person: &Person) -> (Person, Prompt) {
    let mut browser = person.elsewhere();
    let begun = world.run(&browser, |on| on.begin_reset());
    browser.session = Some(begun.session().clone());
    (browser, begun.prompt().clone())
}

/// Asks for a gate and answers it with the code that was sent.
fn pass_by_sent_code(
    world: &mut World,
    browser: &mut Person,
    prompt: &Prompt,
    gate: &RegistrationId,
) {
    world
        .run(browser, |on| on.ask(prompt.challenge(), gate))
        .unwrap();
    let code = world.sent_code().unwrap();
    let answer = Answer::Code(&code);
    let proof = world
        .run(browser, |on| on.answer(prompt.challenge(), gate, answer))
        .unwrap();
    browser.session = Some(proof.session().clone());
}

/// Answers a gate.
fn answer(
    world: &mut World,
    browser: &mut Person,
    prompt: &Prompt,
    gate: &RegistrationId,
    answer: Answer<'_>,
) -> Result<(), Rejected> {
    let proof = world.run(browser, |on| on.answer(prompt.challenge(), gate, answer))?;
    browser.session = Some(proof.session().clone());
    Ok(())
}

fn next_gate(world: &mut World, browser: &Person) -> Prompt {
    world.run(browser, |on| on.next_gate()).unwrap()
}

/// Passes two gates by text and mail.
fn pass_both(world: &mut World, ada: &Person, gates: &[RegistrationId; 2]) -> Person {
    let (mut browser, prompt) = begin(world, ada);
    pass_by_sent_code(world, &mut browser, &prompt, &gates[0]);
    let prompt = next_gate(world, &browser);
    pass_by_sent_code(world, &mut browser, &prompt, &gates[1]);
    browser
}

fn permission(world: &mut World, browser: &Person) -> String {
    let permission = world.run(browser, |on| on.finish_reset()).unwrap();
    permission.expose().to_owned()
}

fn ada_with_text_and_mail(world: &mut World) -> (Person, [RegistrationId; 2]) {
    let ada = Person::new("ada");
    let text = world.give_text(&ada, "text", "+31612345642");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    (ada, [text, mail])
}

fn give_push(world: &mut World, person: &Person, id: &str, device: &str) -> RegistrationId {
    let push = push_at("phone-1");
    let id = world.give(person, id, Method::AuthenticatorPush, push);
    put_on(world, person, &id, device);
    id
}

fn put_on(world: &mut World, person: &Person, id: &RegistrationId, device: &str) {
    world.plant(person, |stored| {
        for registration in stored["registrations"].as_array_mut().unwrap() {
            if registration["id"] == id.as_str() {
                registration["device"] = json!(device);
            }
        }
    });
}

fn methods(prompt: &Prompt) -> BTreeSet<Method> {
    let methods = prompt.choices().iter().map(|choice| choice.method());
    methods.cloned().collect()
}

fn reasons(refused: &Refused) -> Vec<&'static str> {
    match refused {
        Refused::Policy(decision) => decision.reasons().iter().map(|r| r.code()).collect(),
        _ => Vec::new(),
    }
}

/// Locks the reset of a person by wrong answers, in a browser of a stranger.
fn lock(world: &mut World, person: &Person, gate: &RegistrationId) {
    for _ in 0..5 {
        let (mut stranger, prompt) = begin(world, person);
        let wrong = answer(world, &mut stranger, &prompt, gate, Answer::Code("000000"));
        assert!(wrong.is_err());
    }
    assert!(
        world
            .notices()
            .any(|n| matches!(n, Notice::ResetLocked { .. }))
    );
}

#[test]
fn two_independent_gates_give_a_permission_that_is_good_once() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    assert!(world.happened(&What::ResetPermitted));
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_ok());
    assert!(world.happened(&What::PasswordReset));
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::NoSession,
    };
    assert!(world.happened(&refused));
}

#[test]
fn nothing_is_sent_before_somebody_chooses() {
    let mut world = World::new();
    let (ada, _) = ada_with_text_and_mail(&mut world);
    let (_, prompt) = begin(&mut world, &ada);
    assert!(prompt.asked().is_none());
    assert!(world.sent_for().is_none());
}

#[test]
fn the_person_is_told_that_a_reset_was_begun_but_not_at_every_one() {
    let mut world = World::new();
    let (ada, _) = ada_with_text_and_mail(&mut world);
    begin(&mut world, &ada);
    let told = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser { notice, also } => Some((notice.clone(), also.len())),
        _ => None,
    });
    assert_eq!(told, Some((Notice::ResetBegun, 2)));
    world.pass_minutes(14);
    begin(&mut world, &ada);
    assert_eq!(world.notices().count(), 0);
    world.pass_minutes(1);
    begin(&mut world, &ada);
    assert_eq!(world.notices().count(), 1);
}

#[test]
fn the_choices_of_a_stranger_have_no_names_and_no_addresses() {
    let mut world = World::new();
    let (ada, _) = ada_with_text_and_mail(&mut world);
    let (_, prompt) = begin(&mut world, &ada);
    let shown: Vec<_> = prompt
        .choices()
        .iter()
        .map(|c| (c.name(), c.hint()))
        .collect();
    assert_eq!(shown, [("", Some("••• 42")), ("", None)]);
}

#[test]
fn push_and_code_of_one_app_are_one_gate() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    let factor = totp_factor(&mut world);
    let app_code = world.give(&ada, "code", Method::AuthenticatorCode, factor);
    put_on(&mut world, &ada, &app_code, "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = begin(&mut world, &ada);
    assert_eq!(prompt.choices().len(), 3);
    let code = world.code();
    answer(
        &mut world,
        &mut browser,
        &prompt,
        &app_code,
        Answer::Code(&code),
    )
    .unwrap();

    let prompt = next_gate(&mut world, &browser);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Email]));
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &push));
    assert!(matches!(asked, Err(Refused::Over)));
    let answered = answer(&mut world, &mut browser, &prompt, &push, Answer::Approved);
    assert!(answered.is_err());
    assert_eq!(world.class(), Some(Class::NotAllowed));
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(reasons(&refused), ["too_few_gates"]);
}

/// The factor of the planted authenticator.
fn totp_factor(world: &mut World) -> Value {
    let other = Person::new("somebody");
    world.give_totp(&other, "totp");
    world.stored(&other)["registrations"][0]["factor"].clone()
}

#[test]
fn text_and_call_of_one_number_are_one_gate() {
    let mut world = World::new();
    let (ada, [text, mail]) = ada_with_text_and_mail(&mut world);
    let number = json!({ "phone": { "number": "+31612345642" } });
    let call = world.give(&ada, "call", Method::CallMobile, number);
    put_on(&mut world, &ada, &text, "mobile");
    put_on(&mut world, &ada, &call, "mobile");
    let (mut browser, prompt) = begin(&mut world, &ada);
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &call))
        .unwrap();
    let why = world.sent_for().unwrap();
    world
        .run(&ada.elsewhere(), |on| {
            on.phone_said(&why, PhoneSaid::PressedHash)
        })
        .unwrap();
    answer(&mut world, &mut browser, &prompt, &call, Answer::Approved).unwrap();
    let prompt = next_gate(&mut world, &browser);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Email]));
    assert!(world.run(&browser, |on| on.finish_reset()).is_err());
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn one_gate_is_enough_where_the_policy_says_so() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let ada = Person::new("ada");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = begin(&mut world, &ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    let token = permission(&mut world, &browser);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_ok());
}

#[test]
fn where_one_gate_is_enough_some_methods_are_not() {
    let mut world = World::with(|draft| {
        draft.reset.gates = Some(1);
        draft.reset.one_gate_without = Some(BTreeSet::from([Method::AuthenticatorPush]));
    });
    let ada = Person::new("ada");
    give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (_, prompt) = begin(&mut world, &ada);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Email]));
}

#[test]
fn an_administrator_takes_two_gates_and_no_questions() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let mut root = Person::administrator("root");
    let totp = world.give_totp(&root, "totp");
    let mail = world.give_email(&root, "mail", "root@example.org");
    let _ = world.sign_in(&mut root, &totp);
    set_questions(&mut world, &root).unwrap();
    let (mut browser, prompt) = begin(&mut world, &root);
    let gates = BTreeSet::from([Method::Email, Method::OtherAuthenticator]);
    assert_eq!(methods(&prompt), gates);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(reasons(&refused), ["too_few_gates"]);
    let prompt = next_gate(&mut world, &browser);
    world.pass_seconds(30);
    let code = world.code();
    answer(
        &mut world,
        &mut browser,
        &prompt,
        &totp,
        Answer::Code(&code),
    )
    .unwrap();
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn failed_proofs_lock_the_reset_for_a_day() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    lock(&mut world, &ada, &gates[0]);
    let until = world.now.plus_minutes(24 * 60);
    assert!(world.happened(&What::ResetLocked { until }));
    world.pass_minutes(24 * 60 - 1);
    begin(&mut world, &ada);
    let locked = What::ResetBegun {
        result: Class::Locked,
    };
    assert!(world.happened(&locked));
    world.pass_minutes(1);
    let browser = pass_both(&mut world, &ada, &gates);
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn failed_proofs_of_more_than_a_day_ago_do_not_count() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    for _ in 0..12 {
        let (mut stranger, prompt) = begin(&mut world, &ada);
        let wrong = answer(
            &mut world,
            &mut stranger,
            &prompt,
            &gates[0],
            Answer::Code("0"),
        );
        assert!(wrong.is_err());
        world.pass_minutes(6 * 60);
    }
    assert!(world.stored(&ada)["reset"]["locked_until"].is_null());
}

#[test]
fn a_lock_shows_nothing_when_a_reset_is_begun_and_tells_nobody() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (_, before) = begin(&mut world, &ada);
    lock(&mut world, &ada, &gates[0]);
    world.pass_minutes(60);
    let (_, after) = begin(&mut world, &ada);
    assert_eq!(before.choices(), after.choices());
    assert_eq!(world.effects().count(), 0);
}

#[test]
fn a_lock_stops_a_gate_that_was_asked_for_before() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (mut browser, prompt) = begin(&mut world, &ada);
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &gates[0]))
        .unwrap();
    let code = world.sent_code().unwrap();
    lock(&mut world, &ada, &gates[0]);
    let answered = answer(
        &mut world,
        &mut browser,
        &prompt,
        &gates[0],
        Answer::Code(&code),
    );
    assert!(answered.is_err());
    assert_eq!(world.class(), Some(Class::Locked));
    world.pass_minutes(1);
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &gates[1]));
    assert!(asked.unwrap().asked().is_some());
    assert!(world.sent_for().is_none());
}

#[test]
fn a_lock_stops_the_finish() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    lock(&mut world, &ada, &gates[0]);
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(reasons(&refused), ["reset_locked"]);
}

#[test]
fn a_lock_stops_the_permission() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    lock(&mut world, &ada, &gates[0]);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::Locked,
    };
    assert!(world.happened(&refused));
}

#[test]
fn a_suspended_account_sets_no_password() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    assert!(world.run(&browser, |on| on.finish_reset()).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::Suspended,
    };
    assert!(world.happened(&refused));
}

#[test]
fn a_gate_that_was_removed_counts_no_longer() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.plant(&ada, |stored| {
        stored["registrations"].as_array_mut().unwrap().remove(0);
    });
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(reasons(&refused), ["too_few_gates"]);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
}

#[test]
fn wrong_answers_to_what_we_sent_are_counted_by_the_hour_as_well() {
    let mut world = World::with(|draft| {
        draft.reset_limits.failed_proofs_a_day = Some(10);
        draft.reset_limits.failed_validations_an_hour = Some(2);
    });
    let ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = begin(&mut world, &ada);
    let is_locked = |world: &World| world.stored(&ada)["reset"].get("locked_until").is_some();
    for _ in 0..3 {
        let no = answer(
            &mut world,
            &mut browser,
            &prompt,
            &totp,
            Answer::Code("000000"),
        );
        assert!(no.is_err());
    }
    assert!(!is_locked(&world));
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &mail))
        .unwrap();
    for locked in [false, true] {
        let no = answer(&mut world, &mut browser, &prompt, &mail, Answer::Code("0"));
        assert!(no.is_err());
        assert_eq!(is_locked(&world), locked);
    }
}

#[test]
fn many_mails_within_ten_minutes_lock_the_reset() {
    let mut world = World::with(|draft| draft.reset_limits.mails_in_ten_minutes = Some(3));
    let (ada, [_, mail]) = ada_with_text_and_mail(&mut world);
    for mails in 1..=3 {
        let (browser, prompt) = begin(&mut world, &ada);
        world
            .run(&browser, |on| on.ask(prompt.challenge(), &mail))
            .unwrap();
        assert!(world.sent_code().is_some());
        let locked = world.stored(&ada)["reset"].get("locked_until").is_some();
        assert_eq!(locked, mails == 3);
        world.pass_minutes(1);
    }
}

#[test]
fn a_reset_never_feeds_the_budget_of_a_factor() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    for _ in 0..8 {
        let (mut stranger, prompt) = begin(&mut world, &ada);
        let no = answer(
            &mut world,
            &mut stranger,
            &prompt,
            &totp,
            Answer::Code("000000"),
        );
        assert!(no.is_err());
    }
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none()
    );
    let proof = world.sign_in(&mut ada, &totp);
    assert_eq!(proof.failures().count(), 0);
}

#[test]
fn a_success_in_a_reset_clears_nothing_of_the_budget() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    world.password(&mut ada);
    for _ in 0..3 {
        let no = world.prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code("000000"));
        assert!(no.is_err());
    }
    let (mut browser, prompt) = begin(&mut world, &ada);
    let code = world.code();
    answer(
        &mut world,
        &mut browser,
        &prompt,
        &totp,
        Answer::Code(&code),
    )
    .unwrap();
    world.pass_minutes(1);
    assert_eq!(world.sign_in(&mut ada, &totp).failures().count(), 3);
}

#[test]
fn a_code_that_passed_a_gate_is_used_up_for_sign_in_and_the_other_way_round() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = begin(&mut world, &ada);
    let code = world.code();
    answer(
        &mut world,
        &mut browser,
        &prompt,
        &totp,
        Answer::Code(&code),
    )
    .unwrap();
    world.password(&mut ada);
    let used = world.prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code(&code));
    assert!(used.is_err());
    assert_eq!(world.class(), Some(Class::Replayed));

    world.pass_seconds(30);
    let code = world.code();
    let _ = world
        .prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code(&code))
        .unwrap();
    let (mut browser, prompt) = begin(&mut world, &ada);
    let used = answer(
        &mut world,
        &mut browser,
        &prompt,
        &totp,
        Answer::Code(&code),
    );
    assert!(used.is_err());
    assert_eq!(world.class(), Some(Class::Replayed));
}

#[test]
fn a_locked_factor_is_no_gate() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    world.password(&mut ada);
    let code = wrong(&world.code());
    for _ in 0..5 {
        let no = world.prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code(&code));
        assert!(no.is_err());
    }
    let (mut browser, prompt) = begin(&mut world, &ada);
    let code = world.code();
    let no = answer(
        &mut world,
        &mut browser,
        &prompt,
        &totp,
        Answer::Code(&code),
    );
    assert!(no.is_err());
    assert_eq!(world.class(), Some(Class::Locked));
}

#[test]
fn what_resets_send_is_not_taken_from_sign_in() {
    let mut world = World::new();
    let (mut ada, [text, _]) = ada_with_text_and_mail(&mut world);
    for _ in 0..10 {
        let (browser, prompt) = begin(&mut world, &ada);
        world
            .run(&browser, |on| on.ask(prompt.challenge(), &text))
            .unwrap();
        world.pass_minutes(1);
    }
    let (browser, prompt) = begin(&mut world, &ada);
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &text));
    assert!(matches!(asked, Err(Refused::TooSoon { .. })));
    let _ = world.sign_in_by_code(&mut ada, &text);
}

#[test]
fn notifications_of_resets_are_few_and_not_taken_from_sign_in() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    for pushes in 1..=6 {
        let (browser, prompt) = begin(&mut world, &ada);
        let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &push));
        assert_eq!(asked.is_ok(), pushes <= 5);
    }
    world.password(&mut ada);
    world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    assert!(world.effects().any(|e| matches!(e, Effect::Push { .. })));
}

#[test]
fn a_reset_takes_no_longer_than_the_policy_says() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (mut browser, prompt) = begin(&mut world, &ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &gates[0]);
    world.pass_minutes(14);
    let prompt = next_gate(&mut world, &browser);
    assert_eq!(prompt.expires(), world.now.plus_minutes(1));
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &gates[1]))
        .unwrap();
    let code = world.sent_code().unwrap();
    world.pass_minutes(1);
    let late = answer(
        &mut world,
        &mut browser,
        &prompt,
        &gates[1],
        Answer::Code(&code),
    );
    assert!(late.is_err());
    assert_eq!(world.class(), Some(Class::NoChallenge));
    assert!(matches!(
        world.run(&browser, |on| on.next_gate()),
        Err(Refused::Over)
    ));
}

#[test]
fn a_reset_is_not_finished_after_its_time() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    world.pass_minutes(15);
    let refused = world.run(&browser, |on| on.finish_reset());
    assert!(matches!(refused, Err(Refused::Over)));
}

#[test]
fn a_permission_is_as_good_as_its_reset_lasts() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.pass_minutes(15);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
}

#[test]
fn a_clock_that_went_back_before_the_reset_ends_it() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.now = mfa_policy::Timestamp::from_unix_seconds(world.now.unix_seconds() - 60);
    assert!(world.run(&browser, |on| on.finish_reset()).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
}

#[test]
fn a_permission_is_good_in_its_session_only() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    let (other, _) = begin(&mut world, &ada);
    assert!(world.run(&other, |on| on.use_permission(&token)).is_err());
    let nobody = ada.elsewhere();
    assert!(world.run(&nobody, |on| on.use_permission(&token)).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_ok());
}

#[test]
fn a_permission_of_one_account_is_nothing_on_another() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    let mut bob = Person::new("bob");
    let text = world.give_text(&bob, "text", "+31687654321");
    let mail = world.give_email(&bob, "mail", "bob@example.org");
    bob.session.clone_from(&browser.session);
    assert!(world.run(&bob, |on| on.use_permission(&token)).is_err());
    // Not even where that account has a permission too.
    world.pass_minutes(1);
    let at_bobs = pass_both(&mut world, &bob, &[text, mail]);
    permission(&mut world, &at_bobs);
    assert!(world.run(&at_bobs, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::Wrong,
    };
    assert!(world.happened(&refused));
}

#[test]
fn a_new_permission_makes_the_old_one_void() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let first = permission(&mut world, &browser);
    let second = permission(&mut world, &browser);
    assert!(world.run(&browser, |on| on.use_permission(&first)).is_err());
    assert!(world.run(&browser, |on| on.use_permission(&second)).is_ok());
}

#[test]
fn a_permission_has_128_bits_and_is_not_kept_in_clear() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    assert_eq!(token.len(), 22);
    assert!(!world.stored(&ada).to_string().contains(&token));
}

#[test]
fn setting_a_password_ends_every_session_and_forgets_every_device() {
    let mut world = World::new();
    let (mut ada, gates) = ada_with_text_and_mail(&mut world);
    let _ = world.sign_in_by_code(&mut ada, &gates[0]);
    world.pass_minutes(1);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.plant(&ada, |stored| {
        stored["remembered"] = json!([{
            "id": "AAAAAAAAAAAAAAAAAAAAAA", "token": "AAAAAAAAAAAAAAAAAAAAAA",
            "since": "2026-12-01", "until": "2027-12-01",
        }]);
    });
    world.run(&browser, |on| on.use_permission(&token)).unwrap();
    let ended = |effect: &Effect| matches!(effect, Effect::EndSessions { except: None });
    assert!(world.effects().any(ended));
    assert!(world.happened(&What::DevicesForgotten));
    let told = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser { notice, also } => Some((notice.clone(), also.len())),
        _ => None,
    });
    assert_eq!(told, Some((Notice::PasswordReset, 2)));
    let stored = world.stored(&ada);
    for kept in ["sessions", "challenges", "remembered"] {
        assert!(stored.get(kept).is_none(), "{kept}");
    }
}

#[test]
fn a_reset_leaves_two_step_verification_as_it_was() {
    let mut world = World::new();
    let (mut ada, gates) = ada_with_text_and_mail(&mut world);
    let without_use = |world: &World, ada: &Person| {
        let mut registrations = world.stored(ada)["registrations"].clone();
        for registration in registrations.as_array_mut().unwrap() {
            registration.as_object_mut().unwrap().remove("last_used");
        }
        registrations
    };
    let before = without_use(&world, &ada);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    world.run(&browser, |on| on.use_permission(&token)).unwrap();
    assert_eq!(without_use(&world, &ada), before);
    assert_eq!(world.password(&mut ada), Next::SecondStep);
}

#[test]
fn what_is_proven_in_a_reset_opens_nothing_else() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (mut browser, prompt) = begin(&mut world, &ada);
    let (challenge, text) = (prompt.challenge(), &gates[0]);
    world.run(&browser, |on| on.ask(challenge, text)).unwrap();
    let code = world.sent_code().unwrap();
    let proof = world.run(&browser, |on| {
        on.answer(challenge, text, Answer::Code(&code))
    });
    let proof = proof.unwrap();
    browser.session = Some(proof.session().clone());
    assert_eq!(proof.purpose(), Purpose::PasswordReset);
    assert_eq!(proof.strength(), None);
    assert_ne!(world.read(&browser, |on| on.next()), Next::Done);
    for purpose in Purpose::ALL {
        let asked = world.run(&browser, |on| on.challenge(purpose));
        assert!(matches!(asked, Err(Refused::Over)), "{purpose}");
    }
    let refused = set_questions(&mut world, &browser).unwrap_err();
    assert_eq!(reasons(&refused), ["needs_proof"]);
    opens_nothing(&mut world, &browser, &gates[0]);
    permission_is_there_after_all(&mut world, &mut browser, &gates[1]);
}

/// Everything that a person who is signed in can do.
fn opens_nothing(world: &mut World, browser: &Person, gate: &RegistrationId) {
    let number = PhoneNumber::new("+31687654321").unwrap();
    let enrol = Enrol::Text(&number);
    let refused = [
        world
            .run(browser, |on| on.begin_enrolment(enrol, "mine"))
            .is_err(),
        world
            .run(browser, |on| on.begin_replacement(enrol, "mine", gate))
            .is_err(),
        world
            .run(browser, |on| on.remove(gate, Confirmed::after_asking()))
            .is_err(),
        world.run(browser, |on| on.rename(gate, "mine")).is_err(),
        world.run(browser, |on| on.set_default(gate)).is_err(),
        world.run(browser, |on| on.make_recovery_codes()).is_err(),
        world
            .run(browser, |on| on.create_app_password("mine"))
            .is_err(),
        world.run(browser, |on| on.remember_device()).is_err(),
        world.run(browser, |on| on.forget_all_devices()).is_err(),
        world.run(browser, |on| on.sign_out_elsewhere()).is_err(),
        world.run(browser, |on| on.reconfirm()).is_err(),
        world.run(browser, |on| on.snooze_campaign()).is_err(),
    ];
    assert_eq!(refused, [true; 12]);
    assert!(world.read(browser, |on| on.own_proof()).is_none());
}

#[test]
fn where_there_is_no_second_factor_a_reset_opens_nothing_either() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let ada = Person::new("ada");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = begin(&mut world, &ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    opens_nothing(&mut world, &browser, &mail);
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
    // What the password opens.
    let mut ada = ada;
    world.password(&mut ada);
    let number = PhoneNumber::new("+31687654321").unwrap();
    let enrol = Enrol::Text(&number);
    assert!(
        world
            .run(&ada, |on| on.begin_enrolment(enrol, "mine"))
            .is_ok()
    );
    assert!(world.run(&ada, |on| on.make_recovery_codes()).is_ok());
}

#[test]
fn a_gate_is_no_proof_of_an_administrator() {
    let mut world = World::new();
    let root = Person::administrator("root");
    let text = world.give_text(&root, "text", "+31612345642");
    world.give_email(&root, "mail", "root@example.org");
    let ada = Person::new("ada");
    world.give_totp(&ada, "totp");
    let (browser, prompt) = begin(&mut world, &root);
    let challenge = prompt.challenge();
    world.run(&browser, |on| on.ask(challenge, &text)).unwrap();
    let code = world.sent_code().unwrap();
    let code = Answer::Code(&code);
    let proof = world.run(&browser, |on| on.answer(challenge, &text, code));
    let visit = world.visit_by(&root, &proof.unwrap(), &ada);
    assert!(world.run_at(&ada.key, &visit, |on| on.unlock()).is_err());
}

/// So what was refused was refused for being a reset, and not for being over.
fn permission_is_there_after_all(world: &mut World, browser: &mut Person, gate: &RegistrationId) {
    let prompt = next_gate(world, browser);
    pass_by_sent_code(world, browser, &prompt, gate);
    assert_ne!(world.read(browser, |on| on.next()), Next::Done);
    assert!(set_questions(world, browser).is_err());
    assert!(world.run(browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn a_reset_session_gets_no_first_factor_by_signing_in_beside_it() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (browser, prompt) = begin(&mut world, &ada);
    let begun = world.run(&browser, |on| on.begin_phone_sign_in());
    assert_ne!(
        *begun.session().expose(),
        *browser.session.as_ref().unwrap().expose()
    );
    let mut ada = ada.elsewhere();
    world.password(&mut ada);
    assert_ne!(world.read(&browser, |on| on.next()), Next::Done);
    // And a gate is not answered in a session that is signed in.
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &gates[0]))
        .unwrap();
    let code = world.sent_code().unwrap();
    let no = answer(
        &mut world,
        &mut ada,
        &prompt,
        &gates[0],
        Answer::Code(&code),
    );
    assert!(no.is_err());
    assert_eq!(world.class(), Some(Class::NoSession));
}

#[test]
fn a_session_that_is_signed_in_finishes_no_reset() {
    let mut world = World::new();
    let (mut ada, gates) = ada_with_text_and_mail(&mut world);
    let _ = world.sign_in_by_code(&mut ada, &gates[0]);
    assert!(matches!(
        world.run(&ada, |on| on.finish_reset()),
        Err(Refused::Over)
    ));
    assert!(matches!(
        world.run(&ada, |on| on.next_gate()),
        Err(Refused::Over)
    ));
}

#[test]
fn a_gate_that_the_person_denies_is_a_failed_proof() {
    let mut world = World::with(|draft| draft.reset_limits.failed_proofs_a_day = Some(1));
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (browser, prompt) = begin(&mut world, &ada);
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &push))
        .unwrap();
    let request = world.sent_request().unwrap();
    world.device_says(&ada, &request, Decision::Denied).unwrap();
    assert!(world.happened(&What::DeniedByPerson));
    assert!(
        world
            .notices()
            .any(|n| matches!(n, Notice::ResetLocked { .. }))
    );
}

#[test]
fn a_gate_that_the_person_reports_ends_the_reset() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = begin(&mut world, &ada);
    pass_by_sent_code(&mut world, &mut browser, &prompt, &mail);
    let prompt = next_gate(&mut world, &browser);
    world
        .run(&browser, |on| on.ask(prompt.challenge(), &push))
        .unwrap();
    let request = world.sent_request().unwrap();
    world
        .device_says(&ada, &request, Decision::Suspicious)
        .unwrap();
    assert!(world.notices().any(|n| *n == Notice::SuspiciousReported));
    assert!(matches!(
        world.run(&browser, |on| on.next_gate()),
        Err(Refused::Over)
    ));
}

#[test]
fn a_wrong_number_on_the_phone_is_counted_on_the_reset() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    let (browser, prompt) = begin(&mut world, &ada);
    let asked = world
        .run(&browser, |on| on.ask(prompt.challenge(), &push))
        .unwrap();
    let number = asked.asked().unwrap().number().unwrap();
    let request = world.sent_request().unwrap();
    let said = world.device_says(&ada, &request, approved(number ^ 1));
    assert!(said.is_err());
    let stored = world.stored(&ada);
    assert!(stored["registrations"][0].get("budget").is_none());
    assert_eq!(
        stored["reset"]["failed_proofs"].as_array().unwrap().len(),
        1
    );
}

// Questions.

const ANSWERS: [&str; 5] = ["Fiets", "Den Haag", "Straße", "各各各", "  Ada   Byron "];

fn set_questions(world: &mut World, person: &Person) -> Result<RegistrationId, Refused> {
    let questions = (1..).map(mfa_flow::Question::Standard);
    let answers: Vec<_> = questions.zip(ANSWERS).collect();
    world.run(person, |on| on.set_questions(&answers))
}

/// The right answers to the questions that are asked, as somebody types them another time.
fn right_answers(prompt: &Prompt) -> Vec<String> {
    let questions = prompt.asked().unwrap().questions().iter();
    let answer = |question: &mfa_flow::Question| match question {
        mfa_flow::Question::Standard(number) => {
            let place = usize::from(number.saturating_sub(1));
            ANSWERS[place].to_uppercase() + " "
        }
        mfa_flow::Question::Own(_) => String::new(),
    };
    questions.map(answer).collect()
}

fn ada_with_questions(world: &mut World) -> (Person, RegistrationId) {
    let mut ada = Person::new("ada");
    let text = world.give_text(&ada, "text", "+31612345642");
    let _ = world.sign_in_by_code(&mut ada, &text);
    let questions = set_questions(world, &ada).unwrap();
    world.pass_minutes(1);
    (ada, questions)
}

fn ask_questions(
    world: &mut World,
    browser: &Person,
    prompt: &Prompt,
    id: &RegistrationId,
) -> Prompt {
    world
        .run(browser, |on| on.ask(prompt.challenge(), id))
        .unwrap()
}

#[test]
fn all_answers_of_a_random_choice_of_questions_are_a_gate() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    let (mut browser, prompt) = begin(&mut world, &ada);
    let asked = ask_questions(&mut world, &browser, &prompt, &questions);
    assert_eq!(asked.asked().unwrap().questions().len(), 3);
    let right = right_answers(&asked);
    let right: Vec<&str> = right.iter().map(String::as_str).collect();
    answer(
        &mut world,
        &mut browser,
        &prompt,
        &questions,
        Answer::Questions(&right),
    )
    .unwrap();
    let prompt = next_gate(&mut world, &browser);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Text]));
}

#[test]
fn one_wrong_answer_of_all_is_a_failed_proof() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    for place in 0..3 {
        let (mut browser, prompt) = begin(&mut world, &ada);
        let asked = ask_questions(&mut world, &browser, &prompt, &questions);
        let mut right = right_answers(&asked);
        right[place].push('x');
        let given: Vec<&str> = right.iter().map(String::as_str).collect();
        let no = answer(
            &mut world,
            &mut browser,
            &prompt,
            &questions,
            Answer::Questions(&given),
        );
        assert!(no.is_err());
        assert_eq!(world.class(), Some(Class::Wrong));
    }
    let failed = world.stored(&ada)["reset"]["failed_validations"].clone();
    assert_eq!(failed.as_array().unwrap().len(), 3);
}

#[test]
fn fewer_or_more_answers_than_questions_are_wrong() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    for count in [0, 2, 4] {
        let (mut browser, prompt) = begin(&mut world, &ada);
        let asked = ask_questions(&mut world, &browser, &prompt, &questions);
        let mut right = right_answers(&asked);
        right.resize(count, String::new());
        let given: Vec<&str> = right.iter().map(String::as_str).collect();
        let no = answer(
            &mut world,
            &mut browser,
            &prompt,
            &questions,
            Answer::Questions(&given),
        );
        assert!(no.is_err());
    }
}

#[test]
fn who_asks_again_sees_the_same_questions_and_after_a_wrong_answer_others() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    let (mut browser, prompt) = begin(&mut world, &ada);
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
        let first = ask_questions(&mut world, &browser, &prompt, &questions);
        let again = ask_questions(&mut world, &browser, &prompt, &questions);
        assert_eq!(
            first.asked().unwrap().questions(),
            again.asked().unwrap().questions()
        );
        seen.insert(first.asked().unwrap().questions().to_vec());
        let wrong = Answer::Questions(&["no", "no", "no"]);
        assert!(answer(&mut world, &mut browser, &prompt, &questions, wrong).is_err());
        // What was answered wrongly is over, also with the right answers.
        let right = right_answers(&first);
        let right: Vec<&str> = right.iter().map(String::as_str).collect();
        if seen.len() == 1 {
            let late = Answer::Questions(&right);
            assert!(answer(&mut world, &mut browser, &prompt, &questions, late).is_err());
        }
    }
    assert!(seen.len() > 1);
}

#[test]
fn nobody_answers_questions_that_were_not_asked() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    let (mut browser, prompt) = begin(&mut world, &ada);
    for given in [&[][..], &["Fiets", "Den Haag", "Straße"], &["", "", ""]] {
        let given = Answer::Questions(given);
        assert!(answer(&mut world, &mut browser, &prompt, &questions, given).is_err());
    }
}

#[test]
fn a_set_that_is_smaller_than_the_policy_asks_for_now_is_no_gate() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    world.plant(&ada, |stored| {
        let registration = &mut stored["registrations"][1];
        let answers = registration["factor"]["questions"]["answers"].as_array_mut();
        answers.unwrap().truncate(2);
    });
    let (mut browser, prompt) = begin(&mut world, &ada);
    let asked = ask_questions(&mut world, &browser, &prompt, &questions);
    let right = right_answers(&asked);
    let right: Vec<&str> = right.iter().map(String::as_str).collect();
    assert_eq!(right.len(), 2);
    let given = Answer::Questions(&right);
    assert!(answer(&mut world, &mut browser, &prompt, &questions, given).is_err());
}

#[test]
fn answers_are_kept_as_password_hashes_only() {
    let mut world = World::new();
    let (ada, _) = ada_with_questions(&mut world);
    let stored = world.stored(&ada).to_string().to_lowercase();
    for answer in ["fiets", "haag", "straße", "strasse", "各", "byron"] {
        assert!(!stored.contains(answer), "{answer}");
    }
    let set = &world.stored(&ada)["registrations"][1]["factor"]["questions"]["answers"];
    let hashes: BTreeSet<_> = set
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["hash"].to_string())
        .collect();
    assert_eq!(hashes.len(), 5);
    assert!(hashes.iter().all(|hash| hash.len() == 2 + 22 + 1 + 43));
}

#[test]
fn a_new_set_of_questions_takes_the_place_of_the_old_one_under_a_new_name() {
    let mut world = World::new();
    let (ada, old) = ada_with_questions(&mut world);
    let new = set_questions(&mut world, &ada).unwrap();
    assert_ne!(old, new);
    let replaced = Notice::Replaced {
        method: Method::SecurityQuestions,
        by: Method::SecurityQuestions,
    };
    assert!(world.notices().any(|notice| *notice == replaced));
    let registrations = world.stored(&ada)["registrations"].clone();
    let ids = registrations
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].clone());
    assert_eq!(
        ids.collect::<Vec<_>>(),
        [json!("text"), json!(new.as_str())]
    );
}

#[test]
fn a_set_of_questions_that_is_not_as_the_policy_wants_it_is_refused() {
    use mfa_flow::Question::{Own, Standard};
    let own = "Which bicycle did you learn on?";
    let mut world = World::with(|draft| {
        draft.questions.register = Some(3);
        draft.questions.standard = Some(2);
        draft.questions.own = Some(BTreeSet::from([own.to_owned()]));
    });
    let mut ada = Person::new("ada");
    let text = world.give_text(&ada, "text", "+31612345642");
    let _ = world.sign_in_by_code(&mut ada, &text);
    let (a, b, c) = (Standard(1), Standard(2), Own(own.to_owned()));
    let long = "a".repeat(41);
    for set in [
        vec![(a.clone(), "one"), (b.clone(), "two")],
        vec![
            (a.clone(), "one"),
            (b.clone(), "two"),
            (Standard(3), "three"),
        ],
        vec![
            (a.clone(), "one"),
            (b.clone(), "two"),
            (Standard(0), "three"),
        ],
        vec![
            (a.clone(), "one"),
            (b.clone(), "two"),
            (Own("Mine?".to_owned()), "three"),
        ],
        vec![(a.clone(), "one"), (a.clone(), "two"), (c.clone(), "three")],
        vec![
            (a.clone(), "one"),
            (b.clone(), " ONE "),
            (c.clone(), "three"),
        ],
        vec![(a.clone(), "on "), (b.clone(), "two"), (c.clone(), "three")],
        vec![
            (a.clone(), "one"),
            (b.clone(), long.as_str()),
            (c.clone(), "three"),
        ],
    ] {
        let refused = world.run(&ada, |on| on.set_questions(&set));
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{set:?}");
    }
    let forty = "b".repeat(40);
    let right = [(a, "one"), (b, forty.as_str()), (c, "three")];
    assert!(world.run(&ada, |on| on.set_questions(&right)).is_ok());
}
