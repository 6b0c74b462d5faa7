//! What people do with what they have registered.

use crate::common::{Person, World, codes, wrong};
use mfa_flow::{
    Answer, Binding, Class, Confirmed, Contact, Effect, Next, Notice, PhoneNumber, Refused,
    SessionRef, What,
};
use mfa_policy::{Method, Purpose, RegistrationId, State};
use serde_json::json;

const NUMBER: &str = "+31612345678";

/// Ada with an authenticator and a telephone, signed in by the authenticator.
fn ada(world: &mut World) -> (Person, RegistrationId, RegistrationId) {
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in(&mut ada, &app);
    (ada, app, text)
}

fn yes() -> Confirmed {
    Confirmed::after_asking()
}

fn nobody() -> RegistrationId {
    RegistrationId::new("nobody").unwrap()
}

fn ended_sessions(world: &World) -> Option<Option<SessionRef>> {
    world.effects().find_map(|effect| match effect {
        Effect::EndSessions { except } => Some(except.clone()),
        _ => None,
    })
}

/// Where the notice went beside the ways that the host knows.
fn told(world: &World, notice: &Notice) -> Option<Vec<Contact>> {
    world.effects().find_map(|effect| match effect {
        Effect::NotifyUser { notice: sent, also } if sent == notice => Some(also.clone()),
        _ => None,
    })
}

/// A set of recovery codes for somebody who is signed in.
fn recovery_codes(world: &mut World, person: &Person) -> (RegistrationId, Vec<String>) {
    let set = world.run(person, |on| on.make_recovery_codes()).unwrap();
    let codes = set.codes().iter().map(|code| code.expose().to_owned());
    (set.registration().clone(), codes.collect())
}

/// Signs in by a recovery code and nothing else.
fn sign_in_by_recovery_code(
    world: &mut World,
    person: &Person,
    set: &RegistrationId,
    code: &str,
) -> Person {
    let mut other = person.elsewhere();
    assert_eq!(world.password(&mut other), Next::SecondStep);
    let proof = world.prove(&mut other, Purpose::TwoStep, set, Answer::Code(code));
    let _ = proof.unwrap();
    other
}

// --- Removing ---------------------------------------------------------------------------------------------------------

#[test]
fn what_is_removed_is_gone_at_once_and_its_number_is_told() {
    let mut world = World::new();
    let (ada, app, text) = ada(&mut world);

    let removed = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert_eq!(removed.default().unwrap().registration(), &app);
    assert!(!removed.default_changed());
    let account = world.account(&ada.key);
    let left: Vec<_> = account.registrations().map(|r| r.id().clone()).collect();
    assert_eq!(left, [app]);
    let last = account.history().last().unwrap();
    assert_eq!(
        (last.registration(), last.what()),
        (&text, Binding::Removed)
    );
    assert_eq!(last.by(), None);
    assert!(
        world
            .events()
            .any(|event| event.what == What::Removed && event.registration.as_ref() == Some(&text))
    );
    let notice = Notice::Removed {
        method: Method::Text,
        name: "text".to_owned(),
    };
    let number = Contact::Phone(PhoneNumber::new(NUMBER).unwrap());
    assert_eq!(told(&world, &notice), Some(vec![number]));
}

#[test]
fn a_number_is_told_of_its_removal_also_when_it_is_disabled() {
    let mut world = World::new();
    let (ada, _, text) = ada(&mut world);
    world.plant(&ada, |stored| {
        stored["registrations"][1]["state"] = json!("disabled");
    });

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    let number = Contact::Phone(PhoneNumber::new(NUMBER).unwrap());
    let also: Vec<_> = world
        .effects()
        .filter_map(|effect| match effect {
            Effect::NotifyUser { also, .. } => Some(also.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(also, [number]);
}

#[test]
fn removing_does_not_need_the_factor_that_goes() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let lost = world.give_totp(&ada, "lost");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in_by_code(&mut ada, &text);

    let removed = world.run(&ada, |on| on.remove(&lost, yes())).unwrap();

    assert_eq!(removed.default().unwrap().registration(), &text);
}

#[test]
fn removing_the_default_tells_what_follows_it() {
    let mut world = World::new();
    let (ada, app, text) = ada(&mut world);
    world.run(&ada, |on| on.set_default(&text)).unwrap();

    let removed = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert!(removed.default_changed());
    assert_eq!(removed.default().unwrap().registration(), &app);
    assert!(world.happened(&What::DefaultChanged));
    let method = Some(Method::OtherAuthenticator);
    assert!(told(&world, &Notice::DefaultChanged { method }).is_some());
}

#[test]
fn removing_the_last_one_leaves_no_default() {
    let mut world = World::with(|draft| draft.requirements.clear());
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let _ = world.sign_in(&mut ada, &app);

    let removed = world.run(&ada, |on| on.remove(&app, yes())).unwrap();

    assert_eq!(removed.default(), None);
    assert!(removed.default_changed());
}

#[test]
fn the_last_method_that_the_policy_requires_stays() {
    // `security-info` requires two-step verification of everybody.
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let _ = world.sign_in(&mut ada, &app);

    let refused = world.refused(&ada, |on| on.remove(&app, yes()));

    assert_eq!(codes(&refused), ["last_method"]);
    assert!(world.happened(&What::Refused {
        reasons: vec!["last_method".to_owned()]
    }));
}

#[test]
fn removing_ends_the_other_sessions_and_forgets_devices() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, _, text) = ada(&mut world);
    let mut other = ada.elsewhere();
    world.password(&mut other);
    let prompt = world
        .run(&other, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    let stored = world.stored(&ada);
    assert_eq!(stored["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(stored.get("challenges"), None);
    assert_eq!(stored.get("remembered"), None);
    assert!(world.happened(&What::DevicesForgotten));
    assert!(ended_sessions(&world).unwrap().is_some(), "this one stays");
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    let challenge = prompt.challenge();
    let refused = world.refused(&other, |on| on.ask(challenge, &text));
    assert!(matches!(refused, Refused::Over));
}

#[test]
fn a_challenge_that_asks_for_what_is_removed_is_void() {
    let mut world = World::new();
    let (ada, app, text) = ada(&mut world);
    let challenge = world.run(&ada, |on| on.challenge(Purpose::StepUp)).unwrap();
    let challenge = challenge.challenge();
    world.run(&ada, |on| on.ask(challenge, &text)).unwrap();
    let code = world.sent_code().unwrap();

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    for registration in [&text, &app] {
        let answer = world.run(&ada, |on| {
            on.answer(challenge, registration, Answer::Code(&code))
        });
        assert!(answer.is_err());
        assert_eq!(world.class(), Some(Class::NoChallenge));
    }
}

#[test]
fn a_proof_by_what_is_removed_no_longer_counts() {
    let mut world = World::with(|draft| draft.requirements.clear());
    let (mut ada, app, text) = ada(&mut world);
    let _ = world.sign_in_by_code(&mut ada, &text);
    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert_eq!(world.stored(&ada)["sessions"][0].get("proofs"), None);
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
    let refused = world.refused(&ada, |on| on.remove(&app, yes()));
    assert_eq!(codes(&refused), ["needs_proof"]);
}

#[test]
fn an_enrolment_that_would_replace_what_is_removed_is_over() {
    let mut world = World::new();
    let (ada, _, text) = ada(&mut world);
    let session = world.stored(&ada)["sessions"][0]["id"].clone();
    let now = world.now;
    world.plant(&ada, |stored| {
        stored["enrolment"] = json!({
            "id": "new", "session": session, "method": "text", "name": "new", "begun": now,
            "replaces": "text", "factor": { "phone": { "number": "+31687654321" } },
        });
    });

    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();

    assert_eq!(world.stored(&ada).get("enrolment"), None);
    assert!(world.happened(&What::EnrolmentEnded));
}

#[test]
fn what_is_pending_is_given_up_and_nothing_else_changes() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let before = world.stored(&ada);
    let session = before["sessions"][0]["id"].clone();
    let now = world.now;
    world.plant(&ada, |stored| {
        stored["enrolment"] = json!({
            "id": "new", "session": session, "method": "email", "name": "new", "begun": now,
            "factor": { "email": { "address": "ada@example.org" } },
        });
    });
    let pending = RegistrationId::new("new").unwrap();

    let removed = world.run(&ada, |on| on.remove(&pending, yes())).unwrap();

    assert!(!removed.default_changed());
    assert_eq!(world.stored(&ada), before);
    assert_eq!(world.effects().count(), 0);
}

#[test]
fn what_does_not_exist_is_not_removed() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);

    let refused = world.refused(&ada, |on| on.remove(&nobody(), yes()));

    assert_eq!(codes(&refused), ["no_such_registration"]);
}

// --- What it takes ----------------------------------------------------------------------------------------------------

/// Everything that takes more than a first factor is refused to this browser, and changes nothing.
fn assert_nothing_can_be_managed(world: &mut World, browser: &Person, id: &RegistrationId) {
    let _ = world.refused(browser, |on| on.remove(id, yes()));
    let _ = world.refused(browser, |on| on.rename(id, "mine"));
    let _ = world.refused(browser, |on| on.set_default(id));
    let _ = world.refused(browser, |on| on.make_recovery_codes());
    let _ = world.refused(browser, |on| on.remember_device());
}

/// Everything that takes being signed in is refused to this browser, and changes nothing.
fn assert_is_not_signed_in(world: &mut World, browser: &Person) {
    let _ = world.refused(browser, |on| on.reconfirm());
    let _ = world.refused(browser, |on| on.snooze_campaign());
    let _ = world.refused(browser, |on| on.sign_out_elsewhere());
    let _ = world.refused(browser, |on| on.create_app_password("mail"));
    assert!(world.read(browser, |on| on.own_proof()).is_none());
}

#[test]
fn half_a_sign_in_manages_nothing() {
    let mut world = World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft.campaign.enabled = Some(true);
    });
    let (ada, app, _) = ada(&mut world);
    let mut half = ada.elsewhere();
    assert_eq!(world.password(&mut half), Next::SecondStep);

    assert_nothing_can_be_managed(&mut world, &half, &app);
    assert_is_not_signed_in(&mut world, &half);
}

#[test]
fn half_a_sign_in_may_ask_for_the_second_step_again() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, ..) = ada(&mut world);
    let device = world.run(&ada, |on| on.remember_device()).unwrap().id();
    let mut half = ada.elsewhere();
    world.password(&mut half);

    world.run(&half, |on| on.forget_device(device)).unwrap();

    assert!(world.account(&ada.key).remembered_devices().is_empty());
}

#[test]
fn no_session_manages_nothing() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let device = world.run(&ada, |on| on.remember_device()).unwrap().id();

    let nobody = ada.elsewhere();

    assert_nothing_can_be_managed(&mut world, &nobody, &app);
    assert_is_not_signed_in(&mut world, &nobody);
    let _ = world.refused(&nobody, |on| on.forget_device(device));
    let _ = world.refused(&nobody, |on| on.forget_all_devices());
}

#[test]
fn a_session_of_another_person_manages_nothing() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let mut eve = Person::new("eve");
    let own = world.give_totp(&eve, "app");
    let _ = world.sign_in(&mut eve, &own);

    let mut stolen = ada.elsewhere();
    stolen.session.clone_from(&eve.session);
    assert_nothing_can_be_managed(&mut world, &stolen, &app);
    assert_is_not_signed_in(&mut world, &stolen);

    // A host that mixes people up gets nothing either.
    let mut mixed = ada;
    mixed.subject = eve.subject;
    assert_nothing_can_be_managed(&mut world, &mixed, &app);
    assert_is_not_signed_in(&mut world, &mixed);
}

#[test]
fn a_recovery_code_alone_manages_nothing() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let (set, codes_) = recovery_codes(&mut world, &ada);
    let found = sign_in_by_recovery_code(&mut world, &ada, &set, &codes_[0]);
    assert_eq!(world.read(&found, |on| on.next()), Next::Done);

    assert_nothing_can_be_managed(&mut world, &found, &app);
    let refused = world.refused(&found, |on| on.make_recovery_codes());
    assert_eq!(codes(&refused), ["recovery_code_not_enough"]);
    assert!(world.read(&found, |on| on.own_proof()).is_none());
}

#[test]
fn an_account_that_is_switched_off_is_managed_by_nobody() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let device = world.run(&ada, |on| on.remember_device()).unwrap().id();
    world.plant(&ada, |stored| stored["suspended"] = json!(true));

    assert_nothing_can_be_managed(&mut world, &ada, &app);
    assert_is_not_signed_in(&mut world, &ada);
    let _ = world.refused(&ada, |on| on.forget_device(device));
    let _ = world.refused(&ada, |on| on.forget_all_devices());
}

#[test]
fn an_old_proof_is_not_enough_where_the_policy_wants_a_fresh_one() {
    let mut world = World::with(|draft| {
        draft.freshness.remove = Some(10);
        draft.freshness.rename = Some(10);
        draft.freshness.set_default = Some(10);
        draft.freshness.add = Some(10);
    });
    let (mut ada, app, text) = ada(&mut world);
    world.pass_minutes(10);

    let refused = world.refused(&ada, |on| on.remove(&text, yes()));
    assert_eq!(codes(&refused), ["needs_proof"]);
    let _ = world.refused(&ada, |on| on.rename(&text, "mine"));
    let _ = world.refused(&ada, |on| on.set_default(&text));
    let _ = world.refused(&ada, |on| on.make_recovery_codes());
    let _ = world.refused(&ada, |on| on.create_app_password("mail"));

    let code = world.code();
    let purpose = Purpose::ManageSecurityInfo;
    let _ = world
        .prove(&mut ada, purpose, &app, Answer::Code(&code))
        .unwrap();
    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();
}

// --- Names, the default, and what people are asked --------------------------------------------------------------------

#[test]
fn a_registration_gets_another_name() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);

    world
        .run(&ada, |on| on.rename(&app, "  Ada's phone "))
        .unwrap();

    let account = world.account(&ada.key);
    let names: Vec<_> = account
        .registrations()
        .map(|r| r.name().to_owned())
        .collect();
    assert_eq!(names, ["Ada's phone", "text"]);
    assert!(world.happened(&What::Renamed));
    assert!(ended_sessions(&world).is_none(), "no factor has changed");
}

#[test]
fn what_cannot_be_a_name_changes_nothing() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);

    for name in ["", " ", "a\u{202e}b", "a\nb", &"a".repeat(65)] {
        let refused = world.refused(&ada, |on| on.rename(&app, name));
        assert!(matches!(refused, Refused::Invalid(_)), "{name:?}");
    }
    let refused = world.refused(&ada, |on| on.rename(&nobody(), "mine"));
    assert_eq!(codes(&refused), ["no_such_registration"]);
}

#[test]
fn the_default_is_chosen_and_the_person_is_told() {
    let mut world = World::new();
    let (ada, _, text) = ada(&mut world);

    world.run(&ada, |on| on.set_default(&text)).unwrap();

    assert_eq!(world.stored(&ada)["default"], "text");
    assert!(world.happened(&What::DefaultChanged));
    let method = Some(Method::Text);
    assert!(told(&world, &Notice::DefaultChanged { method }).is_some());
    world.pass_minutes(2);
    let prompt = world.run(&ada, |on| on.challenge(Purpose::StepUp)).unwrap();
    assert_eq!(prompt.asked().unwrap().choice().registration(), &text);
}

#[test]
fn what_never_is_a_second_factor_is_never_the_default() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let email = world.give_email(&ada, "email", "ada@example.org");

    let refused = world.refused(&ada, |on| on.set_default(&email));

    assert!(codes(&refused).contains(&"not_as_default"));
}

#[test]
fn what_was_looked_over_is_not_asked_again_before_its_time() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let asks = |world: &World| {
        let (policy, account) = (world.flow.policy(), world.account(&ada.key));
        let context = mfa_policy::Context::anywhere(world.now);
        let overview = policy.overview(&ada.subject, &account.view(), &context);
        overview.asks_to_reconfirm()
    };
    assert!(asks(&world));

    world.run(&ada, |on| on.reconfirm()).unwrap();

    assert!(world.happened(&What::Reconfirmed));
    assert!(!asks(&world));
    world.pass_minutes(180 * 24 * 60);
    assert!(asks(&world));
}

#[test]
fn a_campaign_can_be_put_off_as_often_as_the_policy_says() {
    let mut world = World::with(|draft| draft.campaign.enabled = Some(true));
    let (ada, ..) = ada(&mut world);

    for skips in 1..=3 {
        world.run(&ada, |on| on.snooze_campaign()).unwrap();
        assert!(world.happened(&What::CampaignSnoozed));
        assert_eq!(world.stored(&ada)["campaign_skips"], skips);
        let refused = world.refused(&ada, |on| on.snooze_campaign());
        assert!(
            skips == 3 || matches!(refused, Refused::Over),
            "asked for tomorrow"
        );
        world.pass_minutes(24 * 60);
    }
    let refused = world.refused(&ada, |on| on.snooze_campaign());
    assert!(matches!(refused, Refused::Over), "no more skips");
}

#[test]
fn no_campaign_cannot_be_put_off() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let refused = world.refused(&ada, |on| on.snooze_campaign());
    assert!(matches!(refused, Refused::Over));
}

#[test]
fn signing_out_elsewhere_keeps_this_session_only() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);

    world.run(&ada, |on| on.sign_out_elsewhere()).unwrap();

    assert!(ended_sessions(&world).unwrap().is_some());
    assert!(world.happened(&What::SessionsEnded));
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    assert_eq!(world.read(&other, |on| on.next()), Next::SecondStep);
    assert_is_not_signed_in(&mut world, &other);
}

#[test]
fn an_enrolment_ends_with_its_session_and_with_no_other() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);
    let own = world.stored(&ada)["sessions"][0]["id"].clone();
    let pending = json!({
        "id": "new", "session": own, "method": "email", "name": "new", "begun": world.now,
        "factor": { "email": { "address": "ada@example.org" } },
    });
    world.plant(&ada, |stored| stored["enrolment"] = pending.clone());

    world.run(&ada, |on| on.sign_out_elsewhere()).unwrap();
    assert_eq!(world.stored(&ada)["enrolment"], pending);

    let _ = world.sign_in(&mut other, &app);
    world.run(&other, |on| on.sign_out_elsewhere()).unwrap();
    assert_eq!(world.stored(&ada).get("enrolment"), None);
}

#[test]
fn another_password_ends_other_sessions_and_leaves_two_step_verification_as_it_was() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);
    let before = world.stored(&ada)["registrations"].clone();

    world.run(&ada, |on| on.password_changed());

    assert_eq!(world.stored(&ada)["registrations"], before);
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    assert_eq!(world.read(&other, |on| on.next()), Next::SecondStep);
    assert!(world.happened(&What::PasswordChanged));
    let token = token.token().expose();
    let browser = ada.elsewhere();
    let signed_in = world
        .run(&browser, |on| on.first_factor(Some(token)))
        .unwrap();
    assert_eq!(signed_in.next(), Next::SecondStep);
}

// --- Recovery codes ---------------------------------------------------------------------------------------------------

#[test]
fn ten_recovery_codes_of_24_letters_are_shown_once() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);

    let (set, codes) = recovery_codes(&mut world, &ada);

    assert_eq!(codes.len(), 10);
    let stored = String::from_utf8(world.account(&ada.key).to_stored().to_vec()).unwrap();
    let went_out = format!("{:?}", world.outgoing);
    for code in &codes {
        let groups: Vec<&str> = code.split('-').collect();
        assert!(
            groups.len() == 6 && groups.iter().all(|group| group.len() == 4),
            "{code}"
        );
        let letters = groups.concat();
        let base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
        assert!(letters.chars().all(base32));
        for text in [&stored, &went_out] {
            assert!(!text.contains(code.as_str()) && !text.contains(&letters));
        }
    }
    let different: std::collections::BTreeSet<_> = codes.iter().collect();
    assert_eq!(different.len(), 10);
    let account = world.account(&ada.key);
    let made = account.registrations().find(|r| *r.id() == set).unwrap();
    assert_eq!((made.state(), made.codes_left()), (State::Active, Some(10)));
    assert!(told(&world, &Notice::RecoveryCodesMade).is_some());
    assert!(world.happened(&What::RecoveryCodesMade) && world.happened(&What::Bound));
    assert_eq!(account.history().last().unwrap().what(), Binding::Bound);
}

#[test]
fn a_new_start_ends_what_is_pending() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let session = world.stored(&ada)["sessions"][0]["id"].clone();
    let pending = json!({
        "id": "new", "session": session, "method": "email", "name": "new", "begun": world.now,
        "factor": { "email": { "address": "ada@example.org" } },
    });
    world.plant(&ada, |stored| stored["enrolment"] = pending.clone());
    let _ = recovery_codes(&mut world, &ada);
    assert_eq!(world.stored(&ada).get("enrolment"), None);

    world.plant(&ada, |stored| stored["enrolment"] = pending);
    let _ = app_password(&mut world, &ada, "Mail");
    assert_eq!(world.stored(&ada).get("enrolment"), None);
    assert!(world.happened(&What::EnrolmentEnded));
}

#[test]
fn each_recovery_code_is_good_once_however_it_is_typed() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (set, codes) = recovery_codes(&mut world, &ada);
    let as_typed = [
        codes[0].clone(),
        codes[1].to_lowercase(),
        codes[2].replace('-', ""),
        codes[3].replace('-', " "),
    ];

    for (used, code) in (1..).zip(&as_typed) {
        let _ = sign_in_by_recovery_code(&mut world, &ada, &set, code);
        let notice = Notice::RecoveryCodeUsed { left: 10 - used };
        assert!(told(&world, &notice).is_some());

        let mut again = ada.elsewhere();
        world.password(&mut again);
        let answer = world.prove(&mut again, Purpose::TwoStep, &set, Answer::Code(code));
        assert!(answer.is_err());
        assert_eq!(world.class(), Some(Class::Wrong));
        world.pass_minutes(60);
    }
}

#[test]
fn a_recovery_code_of_somebody_else_never_works() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let mut eve = Person::new("eve");
    let own = world.give_totp(&eve, "app");
    let _ = world.sign_in(&mut eve, &own);
    let (set, _) = recovery_codes(&mut world, &ada);
    let (eves, codes) = recovery_codes(&mut world, &eve);
    // Even where both sets bear one name.
    world.plant(&ada, |stored| {
        stored["registrations"][2]["id"] = json!(eves.as_str());
    });
    assert_ne!(set, eves);

    let mut browser = ada.elsewhere();
    world.password(&mut browser);
    let answer = world.prove(
        &mut browser,
        Purpose::TwoStep,
        &eves,
        Answer::Code(&codes[0]),
    );
    assert!(answer.is_err());
    assert_eq!(world.class(), Some(Class::Wrong));
}

#[test]
fn a_new_set_takes_the_place_of_the_old_one_in_one_change() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (old, old_codes) = recovery_codes(&mut world, &ada);

    let (new, new_codes) = recovery_codes(&mut world, &ada);

    assert_ne!(old, new);
    let account = world.account(&ada.key);
    let sets: Vec<_> = account
        .registrations()
        .filter(|r| r.codes_left().is_some())
        .collect();
    assert_eq!(sets.len(), 1);
    assert_eq!(sets[0].codes_left(), Some(10));
    let last: Vec<_> = account.history().iter().rev().take(2).collect();
    assert_eq!(
        (last[1].registration(), last[1].what()),
        (&old, Binding::Removed)
    );
    assert_eq!(
        (last[0].registration(), last[0].what()),
        (&new, Binding::Bound)
    );

    let mut browser = ada.elsewhere();
    world.password(&mut browser);
    for set in [&new, &old] {
        let answer = world.prove(
            &mut browser,
            Purpose::TwoStep,
            set,
            Answer::Code(&old_codes[0]),
        );
        assert!(answer.is_err());
    }
    let _ = sign_in_by_recovery_code(&mut world, &ada, &new, &new_codes[0]);
}

#[test]
fn when_all_recovery_codes_are_used_nothing_more_is_asked_for() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (set, codes) = recovery_codes(&mut world, &ada);
    for code in &codes {
        let _ = sign_in_by_recovery_code(&mut world, &ada, &set, code);
    }
    assert!(told(&world, &Notice::RecoveryCodeUsed { left: 0 }).is_some());

    let mut browser = ada.elsewhere();
    world.password(&mut browser);
    let prompt = world
        .run(&browser, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    assert!(
        prompt
            .choices()
            .iter()
            .all(|choice| *choice.registration() != set)
    );
}

#[test]
fn a_wrong_recovery_code_is_counted_and_uses_nothing_up() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (set, _) = recovery_codes(&mut world, &ada);
    let mut browser = ada.elsewhere();
    world.password(&mut browser);

    for _ in 0..5 {
        let code = "A".repeat(24);
        let answer = world.prove(&mut browser, Purpose::TwoStep, &set, Answer::Code(&code));
        assert!(answer.is_err());
    }

    assert!(
        world
            .events()
            .any(|event| matches!(event.what, What::Locked { .. }))
    );
    let account = world.account(&ada.key);
    let left = account.registrations().find_map(|r| r.codes_left());
    assert_eq!(left, Some(10));
}

// --- App passwords ----------------------------------------------------------------------------------------------------

fn app_password(world: &mut World, person: &Person, name: &str) -> (RegistrationId, String) {
    let made = world
        .run(person, |on| on.create_app_password(name))
        .unwrap();
    (
        made.registration().clone(),
        made.password().expose().to_owned(),
    )
}

#[test]
fn an_app_password_lets_a_client_in_that_gives_nothing_else() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (mail, password) = app_password(&mut world, &ada, "Mail");
    let notice = Notice::Added {
        method: Method::AppPassword,
        name: "Mail".to_owned(),
    };
    assert!(told(&world, &notice).is_some());
    let _ = app_password(&mut world, &ada, "Calendar");
    world.pass_minutes(5);

    let client = ada.elsewhere();
    for typed in [password.clone(), password.to_lowercase().replace('-', "")] {
        let used = world
            .run(&client, |on| on.use_app_password(&typed))
            .unwrap();
        assert_eq!((used.registration(), used.name()), (&mail, "Mail"));
        assert_eq!(used.person(), ada.key.person());
        assert_eq!((used.tenant(), used.at()), (ada.key.tenant(), world.now));
    }

    assert_eq!(world.class(), Some(Class::Accepted));
    let account = world.account(&ada.key);
    let used = account.registrations().find(|r| *r.id() == mail).unwrap();
    assert_eq!(used.last_used(), Some(world.now));
    assert_eq!(
        world.stored(&ada)["sessions"].as_array().unwrap().len(),
        1,
        "no session"
    );
}

#[test]
fn an_app_password_is_shown_once_and_carries_120_bits() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);

    let (_, password) = app_password(&mut world, &ada, "Mail");

    let letters = password.replace('-', "");
    assert_eq!((password.len(), letters.len()), (29, 24));
    let stored = String::from_utf8(world.account(&ada.key).to_stored().to_vec()).unwrap();
    let went_out = serde_json::to_string(&world.outgoing).unwrap();
    for text in [stored, went_out] {
        assert!(!text.contains(&letters) && !text.contains(&password));
    }
}

#[test]
fn a_wrong_app_password_is_told_to_the_audit_log_and_locks_nothing() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (_, password) = app_password(&mut world, &ada, "Mail");
    let before = world.stored(&ada);
    let client = ada.elsewhere();

    let long = "A".repeat(10_000);
    for typed in ["", "AAAA", &"A".repeat(24), &long, &format!("{password}A")] {
        for _ in 0..50 {
            assert!(world.run(&client, |on| on.use_app_password(typed)).is_err());
            assert_eq!(world.class(), Some(Class::Wrong));
            assert_eq!(world.outgoing.len(), 1, "one event and nothing else");
        }
    }

    assert_eq!(world.stored(&ada), before);
    let _ = world
        .run(&client, |on| on.use_app_password(&password))
        .unwrap();
}

#[test]
fn an_app_password_of_somebody_else_or_one_that_is_removed_never_works() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let mut eve = Person::new("eve");
    let own = world.give_totp(&eve, "app");
    let _ = world.sign_in(&mut eve, &own);
    let (mail, password) = app_password(&mut world, &ada, "Mail");

    let client = eve.elsewhere();
    assert!(
        world
            .run(&client, |on| on.use_app_password(&password))
            .is_err()
    );
    let _ = world.run(&ada, |on| on.remove(&mail, yes())).unwrap();
    let client = ada.elsewhere();
    assert!(
        world
            .run(&client, |on| on.use_app_password(&password))
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::Wrong));
}

#[test]
fn an_app_password_answers_no_challenge_and_no_code_is_an_app_password() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let (mail, password) = app_password(&mut world, &ada, "Mail");
    let (_, codes) = recovery_codes(&mut world, &ada);
    let mut browser = ada.elsewhere();
    world.password(&mut browser);

    for registration in [&mail, &app] {
        let answer = Answer::Code(&password);
        let answer = world.prove(&mut browser, Purpose::TwoStep, registration, answer);
        assert!(answer.is_err());
    }
    for code in [&codes[0], &world.code()] {
        assert!(world.run(&browser, |on| on.use_app_password(code)).is_err());
    }
}

#[test]
fn an_app_password_works_as_long_as_the_policy_has_it() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (_, password) = app_password(&mut world, &ada, "Mail");
    let mut stricter = World::with(|draft| {
        draft.methods.get_mut(&Method::AppPassword).unwrap().enabled = Some(false);
    });
    stricter.plant(&ada, |stored| *stored = world.stored(&ada));

    let client = ada.elsewhere();
    let before = stricter.stored(&ada);
    assert!(
        stricter
            .run(&client, |on| on.use_app_password(&password))
            .is_err()
    );
    assert_eq!(stricter.class(), Some(Class::NotAllowed));
    assert_eq!(stricter.stored(&ada), before);
    let refused = stricter.refused(&ada, |on| on.create_app_password("Mail"));
    assert_eq!(codes(&refused), ["method_off"]);
}

#[test]
fn an_app_password_of_an_account_that_is_switched_off_looks_like_a_wrong_one() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (_, password) = app_password(&mut world, &ada, "Mail");
    world.plant(&ada, |stored| stored["suspended"] = json!(true));

    let client = ada.elsewhere();
    let rejected = world
        .run(&client, |on| on.use_app_password(&password))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Suspended));
    let other = world
        .run(&client, |on| on.use_app_password("AAAA"))
        .unwrap_err();
    assert_eq!(rejected, other);

    let key = world.flow.decoy(ada.key.tenant().clone(), "nobody");
    let visit = world.visit(&client);
    let unknown = world.run_at(&key, &visit, |on| on.use_app_password(&password));
    assert_eq!(unknown.unwrap_err(), rejected);
    assert_eq!(world.class(), Some(Class::UnknownPerson));
}

#[test]
fn an_app_password_comes_after_a_second_factor_and_with_a_name() {
    let mut world = World::new();
    let mut bob = Person::new("bob");
    world.password(&mut bob);
    let refused = world.refused(&bob, |on| on.create_app_password("Mail"));
    assert_eq!(codes(&refused), ["needs_method"]);

    let (ada, ..) = ada(&mut world);
    let refused = world.refused(&ada, |on| on.create_app_password("\u{200b}"));
    assert!(matches!(refused, Refused::Invalid(_)));
}

#[test]
fn there_are_as_many_app_passwords_as_the_pool_has_room_for() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let passwords: Vec<_> = (0..40)
        .map(|n| app_password(&mut world, &ada, &format!("client {n}")).1)
        .collect();

    let refused = world.refused(&ada, |on| on.create_app_password("one more"));

    assert_eq!(codes(&refused), ["limit_reached"]);
    let client = ada.elsewhere();
    for password in [&passwords[0], &passwords[20], &passwords[39]] {
        let _ = world
            .run(&client, |on| on.use_app_password(password))
            .unwrap();
    }
}

// --- Remembered devices -----------------------------------------------------------------------------------------------

fn remembering() -> World {
    World::with(|draft| draft.remembered_devices.enabled = Some(true))
}

fn next_with(world: &mut World, person: &Person, token: &str) -> (Next, Person) {
    let mut browser = person.elsewhere();
    let signed_in = world
        .run(&browser, |on| on.first_factor(Some(token)))
        .unwrap();
    browser.session = Some(signed_in.session().clone());
    assert_eq!(world.read(&browser, |on| on.next()), signed_in.next());
    (signed_in.next(), browser)
}

#[test]
fn no_device_is_remembered_unless_the_policy_says_so() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let refused = world.refused(&ada, |on| on.remember_device());
    assert_eq!(codes(&refused), ["remembered_devices_off"]);
}

#[test]
fn on_a_remembered_device_the_second_step_is_skipped_for_some_days() {
    let mut world = remembering();
    let (mut ada, ..) = ada(&mut world);
    ada.origin = Some("Firefox, Utrecht".to_owned());

    let token = world.run(&ada, |on| on.remember_device()).unwrap();

    assert!(told(&world, &Notice::DeviceRemembered).is_some());
    assert!(world.happened(&What::DeviceRemembered));
    assert_eq!(token.until(), world.now.plus_days(14));
    let account = world.account(&ada.key);
    let [device] = account.remembered_devices() else {
        unreachable_devices()
    };
    assert_eq!((device.id(), device.until()), (token.id(), token.until()));
    assert_eq!(
        (device.origin(), device.since()),
        (Some("Firefox, Utrecht"), world.now)
    );
    let token = token.token().expose().to_owned();
    let stored = String::from_utf8(account.to_stored().to_vec()).unwrap();
    assert!(token.len() >= 22 && !stored.contains(&token));

    assert_eq!(next_with(&mut world, &ada, &token).0, Next::Done);
    assert_eq!(next_with(&mut world, &ada, "").0, Next::SecondStep);
    assert_eq!(
        next_with(&mut world, &ada, &wrong(&token)).0,
        Next::SecondStep
    );
    world.pass_minutes(14 * 24 * 60 - 1);
    assert_eq!(next_with(&mut world, &ada, &token).0, Next::Done);
    world.pass_minutes(1);
    assert_eq!(next_with(&mut world, &ada, &token).0, Next::SecondStep);
}

#[expect(clippy::panic, reason = "a test may stop")]
fn unreachable_devices() -> ! {
    panic!("not one device")
}

#[test]
fn a_remembered_device_proves_nothing_more() {
    let mut world = remembering();
    let (ada, app, _) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();

    let (next, browser) = next_with(&mut world, &ada, token.token().expose());

    assert_eq!(next, Next::Done);
    assert_nothing_can_be_managed(&mut world, &browser, &app);
    let _ = world.refused(&browser, |on| on.create_app_password("Mail"));
    assert!(world.read(&browser, |on| on.own_proof()).is_none());
}

#[test]
fn a_token_of_somebody_else_is_no_remembered_device() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let mut eve = Person::new("eve");
    let own = world.give_totp(&eve, "app");
    let _ = world.sign_in(&mut eve, &own);
    let token = world.run(&eve, |on| on.remember_device()).unwrap();
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();

    let (next, _) = next_with(&mut world, &ada, token.token().expose());
    assert_eq!(next, Next::SecondStep);
}

#[test]
fn a_stricter_policy_holds_for_devices_that_are_remembered_already() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let stored = world.stored(&ada);
    let token = token.token().expose();

    let mut off = World::new();
    off.plant(&ada, |account| *account = stored.clone());
    off.now = world.now;
    assert_eq!(next_with(&mut off, &ada, token).0, Next::SecondStep);

    let mut shorter = World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft.remembered_devices.days = Some(2);
    });
    shorter.plant(&ada, |account| *account = stored);
    shorter.now = world.now.plus_days(1);
    assert_eq!(next_with(&mut shorter, &ada, token).0, Next::Done);
    shorter.now = world.now.plus_days(2);
    assert_eq!(next_with(&mut shorter, &ada, token).0, Next::SecondStep);
}

#[test]
fn a_device_that_is_forgotten_is_asked_again_also_in_the_session_that_it_spared() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let kept = world.run(&ada, |on| on.remember_device()).unwrap();
    let lost = world.run(&ada, |on| on.remember_device()).unwrap();
    let (_, browser) = next_with(&mut world, &ada, lost.token().expose());
    assert_eq!(world.read(&browser, |on| on.next()), Next::Done);

    world.run(&ada, |on| on.forget_device(lost.id())).unwrap();

    assert!(world.happened(&What::DevicesForgotten));
    assert_eq!(world.read(&browser, |on| on.next()), Next::SecondStep);
    assert_eq!(
        next_with(&mut world, &ada, lost.token().expose()).0,
        Next::SecondStep
    );
    assert_eq!(
        next_with(&mut world, &ada, kept.token().expose()).0,
        Next::Done
    );
    let refused = world.refused(&ada, |on| on.forget_device(lost.id()));
    assert!(matches!(refused, Refused::Over));

    world.run(&ada, |on| on.forget_all_devices()).unwrap();
    assert_eq!(
        next_with(&mut world, &ada, kept.token().expose()).0,
        Next::SecondStep
    );
}

#[test]
fn of_many_devices_the_oldest_is_forgotten() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let tokens: Vec<_> = (0..9)
        .map(|_| world.run(&ada, |on| on.remember_device()).unwrap())
        .collect();

    assert_eq!(world.account(&ada.key).remembered_devices().len(), 8);
    assert_eq!(
        next_with(&mut world, &ada, tokens[0].token().expose()).0,
        Next::SecondStep
    );
    assert_eq!(
        next_with(&mut world, &ada, tokens[8].token().expose()).0,
        Next::Done
    );
}

#[test]
fn every_change_of_what_is_registered_forgets_devices() {
    type Change = fn(&mut World, &Person);
    let changes: [Change; 3] = [
        |world, ada| {
            let text = RegistrationId::new("text").unwrap();
            let _ = world.run(ada, |on| on.remove(&text, yes())).unwrap();
        },
        |world, ada| {
            let _ = world.run(ada, |on| on.make_recovery_codes()).unwrap();
        },
        |world, ada| {
            let _ = world.run(ada, |on| on.create_app_password("Mail")).unwrap();
        },
    ];
    for change in changes {
        let mut world = remembering();
        let (ada, ..) = ada(&mut world);
        let token = world.run(&ada, |on| on.remember_device()).unwrap();
        change(&mut world, &ada);
        assert!(world.happened(&What::DevicesForgotten));
        assert_eq!(
            next_with(&mut world, &ada, token.token().expose()).0,
            Next::SecondStep
        );
    }
}

#[test]
fn a_clock_that_goes_back_remembers_nothing_that_is_yet_to_come() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    world.now = "2026-11-30T09:00:00Z".parse().unwrap();
    assert_eq!(
        next_with(&mut world, &ada, token.token().expose()).0,
        Next::SecondStep
    );
}

// --- Nothing leaks ----------------------------------------------------------------------------------------------------

#[test]
fn what_is_shown_once_is_redacted_wherever_it_is_printed() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let set = world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    let made = world
        .run(&ada, |on| on.create_app_password("Mail"))
        .unwrap();
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let printed = format!("{set:?} {made:?} {token:?}");
    for secret in set.codes().iter().chain([made.password(), token.token()]) {
        assert!(!printed.contains(secret.expose()));
    }
}
