//! What administrators and the operator's own tool do with the accounts of others.

use crate::common::{KEY_BASE64, Person, World, codes};
use mfa_flow::{
    Answer, Binding, Change, Class, Confirmed, Effect, Event, Next, Notice, Operation, PassTerms,
    Proof, Refused, Visit, What,
};
use mfa_policy::{Method, PersonId, Purpose, RegistrationId, State, Subject, Timestamp};
use serde_json::json;

const NUMBER: &str = "+31612345678";

/// Passes and remembered devices are on.
fn world() -> World {
    World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft
            .methods
            .get_mut(&Method::TemporaryPass)
            .unwrap()
            .enabled = Some(true);
    })
}

/// An administrator who has proven his second factor.
fn root(world: &mut World) -> (Person, Proof) {
    let mut root = Person::administrator("root");
    let app = match world.account(&root.key).registrations().next() {
        Some(own) => own.id().clone(),
        None => world.give_totp(&root, "own"),
    };
    let proof = world.sign_in(&mut root, &app);
    (root, proof)
}

/// Ada with an authenticator and a telephone, signed in by the authenticator.
fn ada(world: &mut World) -> (Person, RegistrationId, RegistrationId) {
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in(&mut ada, &app);
    (ada, app, text)
}

/// A visit to that account by an administrator who proved himself just now.
fn by_root(world: &mut World, person: &Person) -> Visit {
    let (root, proof) = root(world);
    world.visit_by(&root, &proof, person)
}

fn by_operator(world: &World, person: &Person) -> Visit {
    let name = PersonId::new("night-shift").unwrap();
    world.visit(&person.elsewhere()).by_operator(name)
}

fn yes() -> Confirmed {
    Confirmed::after_asking()
}

fn done<T>(
    world: &mut World,
    person: &Person,
    visit: &Visit,
    decide: impl FnMut(Operation<'_>) -> Change<Result<T, Refused>>,
) -> T {
    world.run_at(&person.key, visit, decide).unwrap()
}

/// What takes an administrator's proof is refused to that visit, and changes nothing.
fn assert_administers_nothing(world: &mut World, person: &Person, visit: &Visit) {
    let key = &person.key;
    let text = RegistrationId::new("text").unwrap();
    let _ = world.refused_at(key, visit, |on| on.remove_for_person(&text, yes()));
    let _ = world.refused_at(key, visit, |on| on.require_registration());
    let _ = world.refused_at(key, visit, |on| on.unlock());
    let _ = world.refused_at(key, visit, |on| on.revoke_remembered_devices());
    let _ = world.refused_at(key, visit, |on| on.issue_pass(PassTerms::new()));
}

/// What the operator may do, too, is refused to that visit, and changes nothing.
fn assert_operates_nothing(world: &mut World, person: &Person, visit: &Visit) {
    let key = &person.key;
    let _ = world.refused_at(key, visit, |on| on.end_sessions());
    let _ = world.refused_at(key, visit, |on| on.suspend());
    let _ = world.refused_at(key, visit, |on| on.resume());
    let _ = world.refused_at(key, visit, |on| on.repair_clock());
    let _ = world.refused_at(key, visit, |on| on.burn());
}

fn assert_denied(world: &mut World, person: &Person, visit: &Visit) {
    assert_administers_nothing(world, person, visit);
    assert_operates_nothing(world, person, visit);
}

fn administered(world: &World, what: &What) -> bool {
    let root = PersonId::new("root").unwrap();
    world.notices().any(|notice| {
        matches!(notice, Notice::Administered { by, what: done, .. } if *by == root && done == what)
    })
}

/// Everything is signed in the audit log.
fn all_by(world: &World, name: &str) -> bool {
    let by = PersonId::new(name).unwrap();
    world.events().count() > 0
        && world
            .events()
            .all(|Event { by: who, .. }| who.as_ref() == Some(&by))
}

fn ends_all_sessions(world: &World) -> bool {
    world
        .effects()
        .any(|effect| matches!(effect, Effect::EndSessions { except: None }))
}

// --- Who may ----------------------------------------------------------------------------------------------------------

#[test]
fn nobody_administers_his_own_account() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = world.visit(&ada);
    assert_denied(&mut world, &ada, &visit);

    let (root, proof) = root(&mut world);
    world.give_text(&root, "text", NUMBER);
    let visit = world.visit_by(&root, &proof, &root);
    assert_denied(&mut world, &root, &visit);
    let refused = world.refused_at(&root.key, &visit, |on| on.issue_pass(PassTerms::new()));
    assert_eq!(codes(&refused), ["not_for_oneself"]);
}

#[test]
fn nobody_administers_without_the_role() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let mut mallory = Person::new("mallory");
    let app = world.give_totp(&mallory, "own");
    let proof = world.sign_in(&mut mallory, &app);
    let visit = world.visit_by(&mallory, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    let refused = world.refused_at(&ada.key, &visit, |on| on.unlock());
    assert_eq!(codes(&refused), ["not_an_administrator"]);
}

#[test]
fn nobody_administers_with_the_proof_of_another_person() {
    let mut world = world();
    let (mut ada, app, _) = ada(&mut world);
    let proof = world.sign_in(&mut ada, &app);
    let root = Person::administrator("root");
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
}

#[test]
fn nobody_administers_the_people_of_another_tenant() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let mut root = Person::of("other", "root");
    root.subject = Subject::new(PersonId::new("root").unwrap()).administrator();
    let app = world.give_totp(&root, "own");
    let proof = world.sign_in(&mut root, &app);
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
}

#[test]
fn nobody_administers_by_a_recovery_code() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let (mut root, _) = root(&mut world);
    let set = world.run(&root, |on| on.make_recovery_codes()).unwrap();
    world.password(&mut root);
    let code = set.codes()[0].expose();
    let answer = Answer::Code(code);
    let proof = world
        .prove(&mut root, Purpose::TwoStep, set.registration(), answer)
        .unwrap();
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    assert!(world.read(&root, |on| on.own_proof()).is_none());
}

#[test]
fn nobody_administers_by_a_gate_of_a_password_reset() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let root = Person::administrator("root");
    let text = world.give_text(&root, "text", NUMBER);
    world.give_email(&root, "email", "root@example.org");
    let mut browser = Person::new("root");
    let begun = world.run(&browser, |on| on.begin_reset());
    browser.session = Some(begun.session().clone());
    let challenge = begun.prompt().challenge();
    world.run(&browser, |on| on.ask(challenge, &text)).unwrap();
    let code = world.sent_code().unwrap();
    let code = Answer::Code(&code);
    let proof = world
        .run(&browser, |on| on.answer(challenge, &text, code))
        .unwrap();
    browser.session = Some(proof.session().clone());

    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    assert!(world.read(&browser, |on| on.own_proof()).is_none());
}

#[test]
fn nobody_administers_by_a_first_factor_alone() {
    let mut world = World::with(|draft| {
        let text = draft.methods.get_mut(&Method::Text).unwrap();
        text.purposes.as_mut().unwrap().insert(Purpose::FirstFactor);
    });
    let (ada, ..) = ada(&mut world);
    let root = Person::administrator("root");
    let text = world.give_text(&root, "text", NUMBER);
    let mut browser = root.elsewhere();
    let begun = world.run(&browser, |on| on.begin_phone_sign_in());
    browser.session = Some(begun.session().clone());
    let challenge = begun.prompt().challenge();
    world.run(&browser, |on| on.ask(challenge, &text)).unwrap();
    let code = world.sent_code().unwrap();
    let code = Answer::Code(&code);
    let proof = world
        .run(&browser, |on| on.answer(challenge, &text, code))
        .unwrap();
    browser.session = Some(proof.session().clone());

    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
    assert!(world.read(&browser, |on| on.own_proof()).is_none());
}

#[test]
fn an_old_proof_is_not_enough_where_the_policy_wants_a_fresh_one() {
    let mut world = World::with(|draft| draft.freshness.administer = Some(10));
    let (ada, ..) = ada(&mut world);
    let (root, proof) = root(&mut world);
    world.pass_minutes(9);
    let visit = world.visit_by(&root, &proof, &ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    world.pass_minutes(1);
    let visit = world.visit_by(&root, &proof, &ada);
    assert_denied(&mut world, &ada, &visit);
}

#[test]
fn a_visit_about_another_person_than_the_accounts_administers_nothing() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let eve = Person::new("eve");
    for visit in [by_root(&mut world, &eve), by_operator(&world, &eve)] {
        assert_denied(&mut world, &ada, &visit);
    }
}

#[test]
fn nobody_administers_a_name_that_nobody_has() {
    let mut world = world();
    let (mut ada, ..) = ada(&mut world);
    let visits = [by_root(&mut world, &ada), by_operator(&world, &ada)];
    ada.key = world.flow.decoy(ada.key.tenant().clone(), "nobody");
    for visit in visits {
        assert_denied(&mut world, &ada, &visit);
    }
}

#[test]
fn the_operator_repairs_and_switches_off_and_touches_no_factor() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = by_operator(&world, &ada);
    assert_administers_nothing(&mut world, &ada, &visit);

    done(&mut world, &ada, &visit, |on| on.end_sessions());
    assert!(all_by(&world, "night-shift"));
    done(&mut world, &ada, &visit, |on| on.suspend());
    done(&mut world, &ada, &visit, |on| on.resume());
    done(&mut world, &ada, &visit, |on| on.repair_clock());
    done(&mut world, &ada, &visit, |on| on.burn());
    assert!(all_by(&world, "night-shift"));
}

#[test]
fn an_administrator_does_nothing_in_the_name_of_the_person() {
    let mut world = world();
    let (ada, app, _) = ada(&mut world);
    let (root, proof) = root(&mut world);
    // Not even with a session of the person in hand.
    let visit = world.visit(&ada).by_administrator(&root.subject, &proof);
    let key = &ada.key;
    let refused = world.refused_at(key, &visit, |on| on.remove(&app, yes()));
    assert!(codes(&refused).contains(&"not_oneself"));
    let _ = world.refused_at(key, &visit, |on| on.rename(&app, "mine"));
    let _ = world.refused_at(key, &visit, |on| on.set_default(&app));
    let _ = world.refused_at(key, &visit, |on| on.make_recovery_codes());
    let _ = world.refused_at(key, &visit, |on| on.create_app_password("mail"));
    let _ = world.refused_at(key, &visit, |on| on.remember_device());
    let _ = world.refused_at(key, &visit, |on| on.forget_all_devices());
    let _ = world.refused_at(key, &visit, |on| on.reconfirm());
    let _ = world.refused_at(key, &visit, |on| on.sign_out_elsewhere());
}

#[test]
fn an_administrators_proof_is_read_from_his_own_session() {
    let mut world = World::with(|draft| draft.freshness.administer = Some(10));
    let (ada, _, text) = ada(&mut world);
    let (root, _) = root(&mut world);
    let proof = world.read(&root, |on| on.own_proof()).unwrap();
    let visit = world
        .visit(&ada.elsewhere())
        .by_administrator(&root.subject, proof.clone());
    let _ = done(&mut world, &ada, &visit, |on| {
        on.remove_for_person(&text, yes())
    });

    // It is as old as the proof was, and gone when the session is.
    world.pass_minutes(10);
    let old = world.read(&root, |on| on.own_proof()).unwrap();
    let visit = world
        .visit(&ada.elsewhere())
        .by_administrator(&root.subject, old);
    assert_denied(&mut world, &ada, &visit);
    world.run(&root, |on| on.sign_out());
    assert!(world.read(&root, |on| on.own_proof()).is_none());
}

// --- What they do -----------------------------------------------------------------------------------------------------

#[test]
fn an_administrator_removes_even_the_last_method_and_the_person_is_told() {
    let mut world = world();
    let mut ada = Person::new("ada");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in_by_code(&mut ada, &text);
    let visit = by_root(&mut world, &ada);

    let removed = done(&mut world, &ada, &visit, |on| {
        on.remove_for_person(&text, yes())
    });

    assert_eq!(removed.default(), None);
    assert!(all_by(&world, "root") && ends_all_sessions(&world));
    let root = PersonId::new("root").unwrap();
    let told = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser { notice, also } => Some((notice.clone(), also.len())),
        _ => None,
    });
    let notice = Notice::Administered {
        by: root.clone(),
        what: What::Removed,
        method: Some(Method::Text),
    };
    assert_eq!(told, Some((notice, 1)), "also at the number that goes");
    let account = world.account(&ada.key);
    assert_eq!(account.registrations().count(), 0);
    let last = account.history().last().unwrap();
    assert_eq!((last.what(), last.by()), (Binding::Removed, Some(&root)));
    assert_eq!(world.password(&mut ada), Next::Register);
}

#[test]
fn what_does_not_exist_is_not_removed() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = by_root(&mut world, &ada);
    let nobody = RegistrationId::new("nobody").unwrap();
    let refused = world.refused_at(&ada.key, &visit, |on| on.remove_for_person(&nobody, yes()));
    assert_eq!(codes(&refused), ["no_such_registration"]);
}

/// Ada with everything that demanding registration looks at.
fn ada_with_everything(world: &mut World) -> Person {
    let (ada, ..) = ada(world);
    let _ = world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    let _ = world
        .run(&ada, |on| on.create_app_password("Mail"))
        .unwrap();
    let token = json!({ "hotp": { "secret": KEY_BASE64, "next": 0 } });
    world.give(&ada, "token", Method::HardwareToken, token.clone());
    world.give(&ada, "spoiled", Method::HardwareToken, token.clone());
    world.give(&ada, "off", Method::HardwareToken, token);
    world.plant(&ada, |stored| {
        stored["registrations"][5]["state"] = json!("disabled");
        stored["registrations"][6]["state"] = json!("deactivated");
    });
    world.give_email(&ada, "email", "ada@example.org");
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();
    ada
}

#[test]
fn demanding_registration_takes_telephones_and_apps_and_switches_tokens_off() {
    let mut world = world();
    let mut ada = ada_with_everything(&mut world);
    let visit = by_root(&mut world, &ada);

    done(&mut world, &ada, &visit, |on| on.require_registration());

    assert!(all_by(&world, "root") && ends_all_sessions(&world));
    assert!(administered(&world, &What::RegistrationDemanded));
    let also = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser { also, .. } => Some(also.len()),
        _ => None,
    });
    assert_eq!(
        also,
        Some(2),
        "the number that goes and the mailbox that stays"
    );
    let account = world.account(&ada.key);
    let left: Vec<_> = account
        .registrations()
        .map(|r| (r.method().clone(), r.state()))
        .collect();
    assert_eq!(
        left,
        [
            (Method::AppPassword, State::Active),
            (Method::HardwareToken, State::Deactivated),
            (Method::HardwareToken, State::Disabled),
            (Method::HardwareToken, State::Deactivated),
            (Method::Email, State::Active),
        ]
    );
    let last: Vec<_> = account.history().iter().rev().take(4).collect();
    let off = last
        .iter()
        .filter(|entry| entry.what() == Binding::Deactivated);
    let off: Vec<_> = off.map(|entry| entry.registration().as_str()).collect();
    assert_eq!(off, ["token"]);
    assert!(account.remembered_devices().is_empty());
    assert_eq!(world.stored(&ada).get("sessions"), None);
    // What was disabled by guessing still stands in the way of the password alone.
    assert_eq!(world.password(&mut ada), Next::SecondStep);

    world.plant(&ada, |stored| {
        stored["registrations"].as_array_mut().unwrap().remove(2);
    });
    let mut ada = ada.elsewhere();
    assert_eq!(
        world.password(&mut ada),
        Next::Register,
        "a token that is switched off does not"
    );
}

#[test]
fn unlocking_switches_on_what_was_switched_off_and_not_what_was_disabled() {
    let mut world = world();
    let ada = ada_with_everything(&mut world);
    let visit = by_root(&mut world, &ada);
    done(&mut world, &ada, &visit, |on| on.require_registration());

    let visit = by_root(&mut world, &ada);
    done(&mut world, &ada, &visit, |on| on.unlock());

    let account = world.account(&ada.key);
    let tokens = account
        .registrations()
        .filter(|r| *r.method() == Method::HardwareToken);
    let states: Vec<_> = tokens.map(mfa_flow::Registered::state).collect();
    assert_eq!(states, [State::Active, State::Disabled, State::Active]);
    assert!(all_by(&world, "root") && administered(&world, &What::Unlocked));
}

#[test]
fn after_unlocking_the_next_failure_locks_again() {
    let mut world = world();
    let (mut ada, app, _) = ada(&mut world);
    world.pass_minutes(5);
    world.password(&mut ada);
    let wrong = |world: &mut World, ada: &mut Person| {
        let code = crate::common::wrong(&world.code());
        let answer = world.prove(ada, Purpose::TwoStep, &app, Answer::Code(&code));
        assert!(answer.is_err());
        world.class().unwrap()
    };
    for _ in 0..5 {
        assert_eq!(wrong(&mut world, &mut ada), Class::Wrong);
    }
    assert_eq!(wrong(&mut world, &mut ada), Class::Locked);
    let own = world.stored(&ada)["sessions"].clone();

    let visit = by_root(&mut world, &ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    assert_eq!(world.stored(&ada)["sessions"], own, "nobody is thrown out");
    assert_eq!(wrong(&mut world, &mut ada), Class::Wrong);
    assert_eq!(wrong(&mut world, &mut ada), Class::Locked);

    let visit = by_root(&mut world, &ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    let _ = world.sign_in(&mut ada, &app);
}

#[test]
fn unlocking_ends_the_locks_of_password_reset_and_of_enrolments() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let later = world.now.plus_days(1);
    world.plant(&ada, |stored| {
        stored["reset"] = json!({ "locked_until": later });
        stored["registrations"][0]["first_factor_budget"] =
            json!({ "consecutive": 6, "locked_until": later });
        stored["enrolling"] = json!({ "consecutive": 100, "locked_until": later });
    });
    let visit = by_root(&mut world, &ada);

    done(&mut world, &ada, &visit, |on| on.unlock());

    let stored = world.stored(&ada);
    assert_eq!((stored.get("reset"), stored.get("enrolling")), (None, None));
    let budget = &stored["registrations"][0]["first_factor_budget"];
    assert_eq!(budget, &json!({ "consecutive": 6 }));
}

#[test]
fn remembered_devices_are_revoked_all_at_once() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let visit = by_root(&mut world, &ada);

    done(&mut world, &ada, &visit, |on| {
        on.revoke_remembered_devices()
    });

    assert!(all_by(&world, "root") && administered(&world, &What::DevicesForgotten));
    let token = token.token().expose();
    let browser = ada.elsewhere();
    let signed_in = world
        .run(&browser, |on| on.first_factor(Some(token)))
        .unwrap();
    assert_eq!(signed_in.next(), Next::SecondStep);
}

#[test]
fn an_account_that_is_switched_off_accepts_nothing_and_shows_nothing_of_it() {
    let mut world = world();
    let (ada, app, _) = ada(&mut world);
    let prompt = world.run(&ada, |on| on.challenge(Purpose::StepUp)).unwrap();
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();
    world.pass_minutes(1);
    let visit = by_root(&mut world, &ada);

    done(&mut world, &ada, &visit, |on| on.suspend());

    assert!(all_by(&world, "root") && ends_all_sessions(&world));
    assert!(administered(&world, &What::Suspended));
    assert!(world.account(&ada.key).is_suspended());
    let stored = world.stored(&ada);
    assert_eq!(
        (stored.get("sessions"), stored.get("challenges")),
        (None, None)
    );
    assert_eq!(stored.get("remembered"), None);
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
    let code = world.code();
    let challenge = prompt.challenge();
    let answer = world.run(&ada, |on| on.answer(challenge, &app, Answer::Code(&code)));
    let rejected = answer.unwrap_err();
    let mut browser = ada.elsewhere();
    let first = world.run(&browser, |on| on.first_factor(None)).unwrap_err();
    assert_eq!(rejected, first);
    assert_eq!(world.class(), Some(Class::Suspended));

    // An administrator puts it in order all the same.
    let visit = by_root(&mut world, &ada);
    done(&mut world, &ada, &visit, |on| on.unlock());
    done(&mut world, &ada, &visit, |on| on.resume());
    assert!(administered(&world, &What::Resumed));
    world.pass_minutes(1);
    let _ = world.sign_in(&mut browser, &app);
}

#[test]
fn an_administrator_ends_every_session() {
    let mut world = world();
    let (ada, app, _) = ada(&mut world);
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);
    let visit = by_root(&mut world, &ada);

    done(&mut world, &ada, &visit, |on| on.end_sessions());

    assert!(all_by(&world, "root") && ends_all_sessions(&world));
    assert!(administered(&world, &What::SessionsEnded));
    for browser in [&ada, &other] {
        assert_eq!(world.read(browser, |on| on.next()), Next::SecondStep);
    }

    // Not even the one that he has in hand stays.
    let mut ada = ada;
    let _ = world.sign_in(&mut ada, &app);
    let (root, proof) = root(&mut world);
    let visit = world.visit(&ada).by_administrator(&root.subject, &proof);
    done(&mut world, &ada, &visit, |on| on.end_sessions());
    assert!(ends_all_sessions(&world));
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
}

// --- Temporary passes -------------------------------------------------------------------------------------------------

fn sign_in_by_pass(
    world: &mut World,
    person: &Person,
    registration: &RegistrationId,
    pass: &str,
) -> Result<Proof, mfa_flow::Rejected> {
    let mut browser = person.elsewhere();
    world.password(&mut browser);
    let prompt = world.run(&browser, |on| on.challenge(Purpose::TwoStep));
    let Ok(prompt) = prompt else {
        // Nothing else to choose from: an answer is rejected in any case.
        let challenge = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
        return world.run(&browser, |on| {
            on.answer(challenge, registration, Answer::Code(pass))
        });
    };
    let challenge = prompt.challenge();
    world.run(&browser, |on| {
        on.answer(challenge, registration, Answer::Code(pass))
    })
}

#[test]
fn a_pass_is_random_shown_once_and_lets_the_person_in_for_its_time() {
    let mut world = world();
    let ada = Person::new("ada");
    let visit = by_root(&mut world, &ada);

    let issued = done(&mut world, &ada, &visit, |on| {
        on.issue_pass(PassTerms::new())
    });

    assert!(all_by(&world, "root") && administered(&world, &What::PassIssued));
    let pass = issued.pass().expose().to_owned();
    assert_eq!(pass.replace('-', "").len(), 8);
    let validity = issued.validity();
    assert_eq!(
        (validity.from, validity.until),
        (world.now, world.now.plus_minutes(60))
    );
    let stored = String::from_utf8(world.account(&ada.key).to_stored().to_vec()).unwrap();
    let went_out = serde_json::to_string(&world.outgoing).unwrap();
    for text in [stored, went_out, format!("{issued:?}")] {
        assert!(!text.contains(&pass) && !text.contains(&pass.replace('-', "")));
    }

    let id = issued.registration();
    let _ = sign_in_by_pass(&mut world, &ada, id, &pass).unwrap();
    let _ = sign_in_by_pass(&mut world, &ada, id, &pass.to_lowercase()).unwrap();
    assert!(sign_in_by_pass(&mut world, &ada, id, "AAAA-AAAA").is_err());
    assert_eq!(world.class(), Some(Class::Wrong));
    world.pass_minutes(60);
    assert!(sign_in_by_pass(&mut world, &ada, id, &pass).is_err());
}

#[test]
fn a_pass_for_one_use_is_good_once() {
    let mut world = world();
    let ada = Person::new("ada");
    let visit = by_root(&mut world, &ada);
    let terms = PassTerms::new().one_time().for_minutes(120);
    let issued = done(&mut world, &ada, &visit, |on| on.issue_pass(terms));
    let (id, pass) = (issued.registration(), issued.pass().expose());

    let _ = sign_in_by_pass(&mut world, &ada, id, pass).unwrap();
    assert!(sign_in_by_pass(&mut world, &ada, id, pass).is_err());
}

#[test]
fn where_the_policy_wants_passes_for_one_use_every_pass_is() {
    let mut world = World::with(|draft| {
        draft
            .methods
            .get_mut(&Method::TemporaryPass)
            .unwrap()
            .enabled = Some(true);
        draft.temporary_pass.one_time = Some(true);
        draft.temporary_pass.characters = Some(48);
    });
    let ada = Person::new("ada");
    let visit = by_root(&mut world, &ada);
    let issued = done(&mut world, &ada, &visit, |on| {
        on.issue_pass(PassTerms::new())
    });
    assert!(issued.validity().one_time);
    let pass = issued.pass().expose();
    assert_eq!(pass.replace('-', "").len(), 48);
    let _ = sign_in_by_pass(&mut world, &ada, issued.registration(), pass).unwrap();
    assert!(sign_in_by_pass(&mut world, &ada, issued.registration(), pass).is_err());
}

#[test]
fn a_pass_is_not_good_before_its_time() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = by_root(&mut world, &ada);
    let tomorrow = world.now.plus_days(1);
    let terms = PassTerms::new().from(tomorrow);
    let issued = done(&mut world, &ada, &visit, |on| on.issue_pass(terms));
    let (id, pass) = (issued.registration(), issued.pass().expose());

    assert!(sign_in_by_pass(&mut world, &ada, id, pass).is_err());
    world.now = tomorrow;
    let _ = sign_in_by_pass(&mut world, &ada, id, pass).unwrap();
}

#[test]
fn a_new_pass_takes_the_place_of_the_earlier_one() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = by_root(&mut world, &ada);
    let old = done(&mut world, &ada, &visit, |on| {
        on.issue_pass(PassTerms::new())
    });
    let new = done(&mut world, &ada, &visit, |on| {
        on.issue_pass(PassTerms::new())
    });

    let account = world.account(&ada.key);
    let passes = account
        .registrations()
        .filter(|r| *r.method() == Method::TemporaryPass);
    assert_eq!(passes.count(), 1);
    let last: Vec<_> = account
        .history()
        .iter()
        .rev()
        .take(2)
        .map(|e| e.what())
        .collect();
    assert_eq!(last, [Binding::Bound, Binding::Removed]);
    for id in [old.registration(), new.registration()] {
        assert!(sign_in_by_pass(&mut world, &ada, id, old.pass().expose()).is_err());
    }
    let pass = new.pass().expose();
    let _ = sign_in_by_pass(&mut world, &ada, new.registration(), pass).unwrap();
}

#[test]
fn a_pass_keeps_to_the_limits_of_the_policy() {
    let mut world = world();
    let (ada, ..) = ada(&mut world);
    let visit = by_root(&mut world, &ada);
    for minutes in [0, 59, 481, u32::MAX] {
        let terms = PassTerms::new().for_minutes(minutes);
        let refused = world.refused_at(&ada.key, &visit, |on| on.issue_pass(terms));
        assert_eq!(codes(&refused), ["pass_minutes"]);
    }
    let now = world.now;
    let terms = PassTerms::new().from(now.plus_days(30));
    let _ = done(&mut world, &ada, &visit, |on| on.issue_pass(terms));
    let past = Timestamp::from_unix_seconds(now.unix_seconds() - 1);
    for from in [past, now.plus_days(30).plus_seconds(1)] {
        let terms = PassTerms::new().from(from);
        let refused = world.refused_at(&ada.key, &visit, |on| on.issue_pass(terms));
        assert!(matches!(refused, Refused::Invalid(_)));
    }

    let mut off = World::new();
    let visit = by_root(&mut off, &ada);
    let refused = off.refused_at(&ada.key, &visit, |on| on.issue_pass(PassTerms::new()));
    assert_eq!(codes(&refused), ["method_off"]);
}
