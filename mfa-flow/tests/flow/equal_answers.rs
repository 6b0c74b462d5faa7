//! Whatever the reason of a no, and whether or not there is such a person: outside it is one and the same, and the audit log knows.

use std::collections::BTreeSet;
use std::convert::Infallible;

use crate::common::{Person, World, approved, push_at};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::{SeedableRng, TryCryptoRng, TryRng};
use mfa_flow::{
    Answer, Begun, ChallengeId, Class, Effect, Outgoing, Prompt, Refused, SecurityKeyResult, What,
};
use mfa_policy::{Group, Method, Purpose, RegistrationId};
use serde_json::json;

/// One way to be wrong: where somebody answers, and what the audit log says for a code.
struct Cause {
    name: &'static str,
    browser: Person,
    challenge: ChallengeId,
    registration: RegistrationId,
    code: String,
    class: Class,
}

const NO_ANSWERS: [&str; 3] = ["no", "no", "no"];

fn answers(code: &str) -> [(&'static str, Answer<'_>); 5] {
    let key = SecurityKeyResult {
        credential: "of somebody else",
        user_verified: true,
        sign_count: 7,
    };
    [
        ("code", Answer::Code(code)),
        ("approved", Answer::Approved),
        ("security key", Answer::SecurityKey(key)),
        ("questions", Answer::Questions(&NO_ANSWERS)),
        ("external", Answer::External),
    ]
}

/// An identifier as the real ones are.
fn real_id(letter: char) -> String {
    letter.to_string().repeat(22)
}

/// Somebody with everything that can be a gate, and whom nothing hinders.
fn somebody(world: &mut World, name: &str) -> Person {
    let person = Person::new(name);
    world.give_totp(&person, &real_id('A'));
    world.give_text(&person, &real_id('B'), "+31612345642");
    world.give_email(&person, &real_id('C'), "ada@example.org");
    let push = push_at("phone");
    world.give(&person, &real_id('D'), Method::AuthenticatorPush, push);
    person
}

fn id(letter: char) -> RegistrationId {
    RegistrationId::new(&real_id(letter)).unwrap()
}

fn plant(world: &mut World, person: &Person, place: usize, field: &str, value: serde_json::Value) {
    world.plant(person, |stored| {
        stored["registrations"][place][field] = value;
    });
}

/// A challenge for that purpose, in a browser of its own.
fn challenged(world: &mut World, person: &Person, purpose: Purpose) -> (Person, ChallengeId) {
    let mut browser = person.elsewhere();
    if purpose == Purpose::PasswordReset {
        let begun = world.run(&browser, |on| on.begin_reset());
        browser.session = Some(begun.session().clone());
        return (browser, begun.prompt().challenge());
    }
    world.password(&mut browser);
    let prompt = world.run(&browser, |on| on.challenge(purpose)).unwrap();
    (browser, prompt.challenge())
}

/// Every cause of a no, for a second step or for a gate of a reset.
fn causes(world: &mut World, purpose: Purpose) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut cause =
        |name, (browser, challenge): (Person, ChallengeId), letter, code: &str, class| {
            causes.push(Cause {
                name,
                browser,
                challenge,
                registration: id(letter),
                code: code.to_owned(),
                class,
            });
        };
    let wrong = "000000";

    let ada = somebody(world, "wrong");
    let at = challenged(world, &ada, purpose);
    cause("wrong", at, 'A', wrong, Class::Wrong);

    let ada = somebody(world, "no digits");
    let at = challenged(world, &ada, purpose);
    cause("no digits", at, 'A', "what?", Class::Wrong);

    let ada = somebody(world, "replayed");
    let (browser, challenge) = challenged(world, &ada, purpose);
    let code = world.code();
    let used = world.run(&browser, |on| {
        on.answer(challenge, &id('A'), Answer::Code(&code))
    });
    assert!(used.is_ok());
    let at = challenged(world, &ada, purpose);
    cause("replayed", at, 'A', &code, Class::Replayed);

    let ada = somebody(world, "locked");
    let until = world.now.plus_minutes(30);
    plant(
        world,
        &ada,
        0,
        "budget",
        json!({ "consecutive": 6, "locked_until": until }),
    );
    let at = challenged(world, &ada, purpose);
    cause("locked", at, 'A', &code, Class::Locked);

    let ada = somebody(world, "disabled");
    let at = challenged(world, &ada, purpose);
    plant(world, &ada, 0, "state", json!("disabled"));
    cause("disabled", at, 'A', &code, Class::Locked);

    let ada = somebody(world, "deactivated");
    let at = challenged(world, &ada, purpose);
    plant(world, &ada, 0, "state", json!("deactivated"));
    cause("deactivated", at, 'A', &code, Class::NotAllowed);

    let ada = somebody(world, "suspended");
    let at = challenged(world, &ada, purpose);
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    cause("suspended", at, 'A', &code, Class::Suspended);

    let ada = somebody(world, "clock");
    let at = challenged(world, &ada, purpose);
    world.plant(&ada, |stored| {
        stored["registrations"][0]["factor"]["totp"]["used"] = json!({ "up_to": 99_999_999 });
    });
    cause("clock behind", at, 'A', &code, Class::ClockBehind);

    let ada = somebody(world, "no such challenge");
    let (browser, _) = challenged(world, &ada, purpose);
    let made_up: ChallengeId = real_id('A').parse().unwrap();
    cause(
        "no such challenge",
        (browser, made_up),
        'A',
        &code,
        Class::NoChallenge,
    );

    let ada = somebody(world, "of another session");
    let (_, challenge) = challenged(world, &ada, purpose);
    let (other, _) = challenged(world, &ada, purpose);
    cause(
        "of another session",
        (other, challenge),
        'A',
        &code,
        Class::NoSession,
    );

    let ada = somebody(world, "no session");
    let (_, challenge) = challenged(world, &ada, purpose);
    cause("no session", (ada, challenge), 'A', &code, Class::NoSession);

    let ada = somebody(world, "of another person");
    let (_, challenge) = challenged(world, &ada, purpose);
    let eve = somebody(world, "eve");
    let (browser, _) = challenged(world, &eve, purpose);
    cause(
        "of another person",
        (browser, challenge),
        'A',
        &code,
        Class::NoChallenge,
    );

    let ada = somebody(world, "over");
    let at = challenged(world, &ada, purpose);
    world.plant(&ada, |stored| {
        stored["challenges"][0]["expires"] = json!(world_before());
    });
    cause("over", at, 'A', &code, Class::NoChallenge);

    let ada = somebody(world, "no such registration");
    let at = challenged(world, &ada, purpose);
    cause("no such registration", at, 'Q', &code, Class::NoFactor);

    let ada = somebody(world, "no code there");
    let at = challenged(world, &ada, purpose);
    cause("not answered so", at, 'D', &code, Class::NoFactor);

    let ada = somebody(world, "sent too long ago");
    let (browser, challenge) = challenged(world, &ada, purpose);
    let asked = world.run(&browser, |on| on.ask(challenge, &id('B')));
    assert!(asked.is_ok());
    let sent = world.sent_code().unwrap();
    world.plant(&ada, |stored| {
        stored["challenges"][0]["asked"]["until"] = json!(world_before());
    });
    cause(
        "sent too long ago",
        (browser, challenge),
        'B',
        &sent,
        Class::Expired,
    );

    let ada = somebody(world, "nothing was sent");
    let at = challenged(world, &ada, purpose);
    cause("nothing was sent", at, 'B', "000000", Class::Wrong);

    let nobody = decoy(world, "nobody");
    let begun = world.run(&nobody, |on| on.begin_reset());
    let mut browser = nobody.elsewhere();
    browser.session = Some(begun.session().clone());
    let at = (browser, begun.prompt().challenge());
    cause("unknown person", at, 'A', &code, Class::UnknownPerson);

    if purpose == Purpose::TwoStep {
        let ada = somebody(world, "a mailbox");
        let at = challenged(world, &ada, purpose);
        cause("not for this", at, 'C', &code, Class::NotAllowed);
    } else {
        let ada = somebody(world, "reset locked");
        let at = challenged(world, &ada, purpose);
        world.plant(&ada, |stored| {
            stored["reset"]["locked_until"] = json!(until);
        });
        cause("reset locked", at, 'A', &code, Class::Locked);
    }
    causes
}

/// Before every time of these tests.
const fn world_before() -> &'static str {
    "2026-12-01T08:00:00Z"
}

fn decoy(world: &World, name: &str) -> Person {
    let person = Person::new("like most");
    Person {
        key: world.flow.decoy(person.key.tenant().clone(), name),
        ..person
    }
}

fn every_no_is_the_same(purpose: Purpose) {
    for kind in 0..5 {
        let mut world = World::new();
        let mut seen = BTreeSet::new();
        for cause in causes(&mut world, purpose) {
            let (name, answer) = answers(&cause.code)[kind];
            let what = format!("{}, {name}", cause.name);
            let before = world.version(&cause.browser.key).get();
            let outcome = world.run(&cause.browser, |on| {
                on.answer(cause.challenge, &cause.registration, answer)
            });
            assert_eq!(format!("{outcome:?}"), "Err(Rejected(()))", "{what}");
            let after = world.version(&cause.browser.key).get();
            assert_eq!(after, before + 1, "{what}");
            assert_eq!(world.effects().count(), 0, "{what}");
            let events: Vec<&What> = world.events().map(|event| &event.what).collect();
            let [What::Answered { result, .. }, rest @ ..] = events.as_slice() else {
                panic!("{what}: {events:?}");
            };
            // A clock that went back is worth a line of its own.
            assert!(matches!(rest, [] | [What::ClockBehind]), "{what}: {rest:?}");
            if kind == 0 {
                assert_eq!(*result, cause.class, "{what}");
            }
            assert_ne!(*result, Class::Accepted, "{what}");
            seen.insert(*result);
        }
        // So the log tells apart what the outside does not.
        assert!(seen.len() >= 6, "{seen:?}");
    }
}

#[test]
fn every_no_to_a_second_step_is_the_same_outside() {
    every_no_is_the_same(Purpose::TwoStep);
}

#[test]
fn every_no_to_a_gate_of_a_reset_is_the_same_outside() {
    every_no_is_the_same(Purpose::PasswordReset);
}

/// People of whom a stranger must not learn anything, each with what the audit log says.
fn people(world: &mut World) -> Vec<(Person, Class)> {
    let real = somebody(world, "real");
    let locked = somebody(world, "locked");
    let until = world.now.plus_minutes(60);
    world.plant(&locked, |stored| {
        stored["reset"] = json!({ "locked_until": until });
    });
    let suspended = somebody(world, "suspended");
    world.plant(&suspended, |stored| stored["suspended"] = json!(true));
    let all_factors_locked = somebody(world, "spoiled");
    for place in 0..4 {
        let budget = json!({ "consecutive": 6, "locked_until": until });
        plant(world, &all_factors_locked, place, "budget", budget);
    }
    let new = Person::new("new");
    let one_gate = Person::new("one");
    world.give_text(&one_gate, &real_id('B'), "+31612345642");
    let mut excluded = somebody(world, "excluded");
    let group = Group::new("no reset").unwrap();
    excluded.subject = excluded.subject.in_group(group);
    vec![
        (real, Class::Accepted),
        (locked, Class::Locked),
        (suspended, Class::Suspended),
        (all_factors_locked, Class::Accepted),
        (new, Class::NoFactor),
        (one_gate, Class::NotAllowed),
        (excluded, Class::NotAllowed),
        (decoy(world, "nobody"), Class::UnknownPerson),
        (decoy(world, "nobody else"), Class::UnknownPerson),
    ]
}

fn world_of_resets() -> World {
    World::with(|draft| {
        let group = Group::new("no reset").unwrap();
        draft.reset.exclude = Some(BTreeSet::from([group]));
    })
}

fn begin(world: &mut World, person: &Person) -> (Person, Begun) {
    let begun = world.run(person, |on| on.begin_reset());
    let mut browser = person.elsewhere();
    browser.subject = person.subject.clone();
    browser.session = Some(begun.session().clone());
    (browser, begun)
}

/// What a stranger sees of a prompt, without what is random and without which methods there are.
fn is_well_formed(prompt: &Prompt) {
    assert!(prompt.choices().len() >= 2);
    assert!(
        prompt
            .choices()
            .is_sorted_by_key(|choice| choice.method().clone())
    );
    for choice in prompt.choices() {
        assert_eq!(choice.name(), "");
        assert_eq!(choice.registration().as_str().len(), 22);
        let number = choice
            .hint()
            .is_some_and(|hint| hint.starts_with("••• ") && hint.chars().count() == 6);
        assert_eq!(number, choice.method().is_telephone());
    }
}

#[test]
fn a_reset_begins_in_the_same_way_for_everybody() {
    let mut world = world_of_resets();
    let mut classes = BTreeSet::new();
    for (person, class) in people(&mut world) {
        let before = world.version(&person.key).get();
        let (_, begun) = begin(&mut world, &person);
        assert_eq!(world.version(&person.key).get(), before + 1);
        assert_eq!(begun.session().expose().len(), 22);
        assert!(begun.prompt().asked().is_none());
        assert_eq!(begun.prompt().expires(), world.now.plus_minutes(10));
        is_well_formed(begun.prompt());
        let events: Vec<_> = world.events().map(|event| event.what.clone()).collect();
        let challenged = What::Challenged {
            purpose: Purpose::PasswordReset,
        };
        assert_eq!(events, [What::ResetBegun { result: class }, challenged]);
        let told = world.effects().count();
        assert_eq!(told, usize::from(class == Class::Accepted));
        assert!(
            world
                .effects()
                .all(|e| matches!(e, Effect::NotifyUser { .. }))
        );
        classes.insert(class);
    }
    assert_eq!(classes.len(), 6);
}

#[test]
fn what_a_stranger_asks_for_is_asked_for_in_the_same_way_whoever_it_is() {
    let mut world = world_of_resets();
    let mut asked_for = BTreeSet::new();
    for (person, _) in people(&mut world) {
        let (browser, begun) = begin(&mut world, &person);
        let challenge = begun.prompt().challenge();
        for choice in begun.prompt().choices() {
            let what = format!("{:?} {}", person.key, choice.method());
            let registration = choice.registration();
            // In a challenge of its own, so that nothing was sent before.
            let prompt = world.run(&browser, |on| on.next_gate()).unwrap();
            assert_eq!(prompt.choices(), begun.prompt().choices(), "{what}");
            let prompt = world
                .run(&browser, |on| on.ask(prompt.challenge(), registration))
                .unwrap();
            let ask = prompt.asked().unwrap();
            assert_eq!(ask.choice(), choice, "{what}");
            let is_push = *choice.method() == Method::AuthenticatorPush;
            assert_eq!(ask.number().is_some(), is_push, "{what}");
            let questions = if *choice.method() == Method::SecurityQuestions {
                3
            } else {
                0
            };
            let each: BTreeSet<_> = ask.questions().iter().collect();
            assert_eq!(
                (each.len(), ask.questions().len()),
                (questions, questions),
                "{what}"
            );
            let is_sent =
                is_push || choice.method().is_telephone() || *choice.method() == Method::Email;
            let minutes = if is_sent { 5 } else { 10 };
            assert_eq!(ask.until(), world.now.plus_minutes(minutes), "{what}");
            // Once more at once.
            let again = world.run(&browser, |on| on.ask(prompt.challenge(), registration));
            match again {
                Err(Refused::TooSoon { until }) => {
                    assert!(is_sent && !is_push, "{what}");
                    assert_eq!(until, world.now.plus_seconds(30), "{what}");
                }
                Ok(_) => assert!(!is_sent || is_push, "{what}"),
                Err(other) => panic!("{what}: {other}"),
            }
            asked_for.insert(choice.method().clone());
        }
        // The first challenge was followed by others, and is over for everybody.
        let old = begun.prompt().choices()[0].registration();
        let over = world.run(&browser, |on| on.ask(challenge, old));
        assert!(matches!(over, Err(Refused::Over)));
        let finished = world.run(&browser, |on| on.finish_reset());
        assert!(matches!(finished, Err(Refused::Over)));
    }
    assert!(asked_for.len() >= 5, "{asked_for:?}");
}

/// The page of a challenge, loaded again.
fn again(world: &mut World, browser: &Person, prompt: &Prompt) -> String {
    let challenge = prompt.challenge();
    format!("{:?}", world.read(browser, |on| on.prompt(challenge)))
}

#[test]
fn a_page_that_is_loaded_again_shows_the_same_whoever_it_is() {
    let mut world = world_of_resets();
    for (person, _) in people(&mut world) {
        let what = format!("{:?}", person.key);
        let (browser, begun) = begin(&mut world, &person);
        let first = format!("{:?}", Some(begun.prompt()));
        assert_eq!(again(&mut world, &browser, begun.prompt()), first, "{what}");
        for choice in begun.prompt().choices() {
            let prompt = world.run(&browser, |on| on.next_gate()).unwrap();
            let (challenge, registration) = (prompt.challenge(), choice.registration());
            let asked = world.run(&browser, |on| on.ask(challenge, registration));
            let asked = asked.unwrap();
            let first = format!("{:?}", Some(&asked));
            assert_eq!(again(&mut world, &browser, &asked), first, "{what}");
            // Not in another session, and not in none.
            let (other, _) = begin(&mut world, &person);
            for elsewhere in [other, person.elsewhere()] {
                assert_eq!(again(&mut world, &elsewhere, &asked), "None", "{what}");
            }
        }
        let begun = world.run(&person, |on| on.begin_phone_sign_in());
        let mut browser = person.elsewhere();
        browser.session = Some(begun.session().clone());
        let first = format!("{:?}", Some(begun.prompt()));
        assert_eq!(again(&mut world, &browser, begun.prompt()), first, "{what}");
        world.pass_minutes(10);
        assert_eq!(
            again(&mut world, &browser, begun.prompt()),
            "None",
            "{what}"
        );
    }
}

#[test]
fn nothing_goes_out_to_who_cannot_reset() {
    let mut world = world_of_resets();
    for (person, class) in people(&mut world) {
        if class == Class::Accepted {
            continue;
        }
        let (browser, begun) = begin(&mut world, &person);
        for choice in begun.prompt().choices() {
            let registration = choice.registration();
            let prompt = world.run(&browser, |on| on.next_gate()).unwrap();
            let challenge = prompt.challenge();
            let asked = world.run(&browser, |on| on.ask(challenge, registration));
            assert!(asked.is_ok());
            assert_eq!(world.effects().count(), 0);
            for (_, answer) in answers("000000") {
                let no = world.run(&browser, |on| on.answer(challenge, registration, answer));
                assert!(no.is_err());
            }
        }
    }
}

#[test]
fn somebody_who_is_locked_or_switched_off_shows_what_was_shown_before() {
    let mut world = world_of_resets();
    let ada = somebody(&mut world, "ada");
    let shown = begin(&mut world, &ada).1.prompt().choices().to_vec();
    let until = world.now.plus_minutes(60);
    world.plant(&ada, |stored| {
        stored["reset"]["locked_until"] = json!(until);
    });
    assert_eq!(begin(&mut world, &ada).1.prompt().choices(), shown);
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    assert_eq!(begin(&mut world, &ada).1.prompt().choices(), shown);
}

#[test]
fn one_name_always_shows_the_same_and_many_names_show_many_things() {
    let mut world = World::new();
    let (mut sets, mut ids, mut hints) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let names = 100;
    for number in 0..names {
        let nobody = decoy(&world, &format!("nobody {number}"));
        let first = begin(&mut world, &nobody).1.prompt().choices().to_vec();
        let second = begin(&mut world, &nobody).1.prompt().choices().to_vec();
        assert_eq!(first, second);
        let methods: Vec<Method> = first.iter().map(|c| c.method().clone()).collect();
        sets.insert(methods);
        ids.insert(first[0].registration().clone());
        hints.extend(first.iter().filter_map(|c| c.hint().map(str::to_owned)));
    }
    assert!(sets.len() >= 6, "{sets:?}");
    assert!(hints.len() >= 40, "{}", hints.len());
    // Not even two names of one row show the same.
    assert_eq!(ids.len(), names);
}

#[test]
fn nobody_is_shown_what_is_a_gate_for_nobody() {
    let mut world = World::with(|draft| {
        draft.reset.gates = Some(1);
        draft.reset.one_gate_without = Some(BTreeSet::from([Method::AuthenticatorPush]));
        draft.methods.get_mut(&Method::CallMobile).unwrap().enabled = Some(false);
    });
    let mut shown = BTreeSet::new();
    for number in 0..50 {
        let nobody = decoy(&world, &number.to_string());
        let (_, begun) = begin(&mut world, &nobody);
        shown.extend(begun.prompt().choices().iter().map(|c| c.method().clone()));
    }
    let gates = [
        Method::AuthenticatorCode,
        Method::Text,
        Method::Email,
        Method::SecurityQuestions,
    ];
    assert_eq!(shown, BTreeSet::from(gates));
}

#[test]
fn a_decoy_has_questions_of_its_own_and_keeps_them() {
    let mut world = World::with(|draft| draft.reset.gates = Some(4));
    let mut asked = |name: &str| {
        let nobody = decoy(&world, name);
        let mut all = BTreeSet::new();
        for _ in 0..20 {
            let (browser, begun) = begin(&mut world, &nobody);
            let mut choices = begun.prompt().choices().iter();
            let questions = choices
                .find(|choice| *choice.method() == Method::SecurityQuestions)
                .unwrap()
                .registration();
            let challenge = begun.prompt().challenge();
            let prompt = world
                .run(&browser, |on| on.ask(challenge, questions))
                .unwrap();
            all.extend(prompt.asked().unwrap().questions().to_vec());
        }
        all
    };
    let first = asked("nobody");
    assert_eq!(first.len(), 5);
    assert_ne!(asked("somebody"), first);
}

#[test]
fn after_wrong_answers_everybody_is_asked_other_questions() {
    let mut world = World::with(|draft| draft.reset.gates = Some(4));
    let ada = somebody(&mut world, "ada");
    let answers = vec![json!({ "question": { "standard": 1 }, "hash": "none" }); 5];
    let answers: Vec<_> = (1..)
        .zip(answers)
        .map(|(number, mut answer)| {
            answer["question"]["standard"] = json!(number);
            answer
        })
        .collect();
    let set = json!({ "questions": { "answers": answers } });
    world.give(&ada, &real_id('E'), Method::SecurityQuestions, set);
    let locked = decoy(&world, "locked");
    let nobody = decoy(&world, "nobody");
    for (person, lock) in [
        (&ada, false),
        (&ada, true),
        (&locked, false),
        (&nobody, false),
    ] {
        let until = world.now.plus_minutes(60);
        if lock {
            world.plant(&ada, |stored| {
                stored["reset"]["locked_until"] = json!(until);
            });
        }
        let (browser, begun) = begin(&mut world, person);
        let mut choices = begun.prompt().choices().iter();
        let questions = choices
            .find(|choice| *choice.method() == Method::SecurityQuestions)
            .unwrap()
            .registration();
        let challenge = begun.prompt().challenge();
        let mut seen = BTreeSet::new();
        for _ in 0..4 {
            let mut ask = || {
                let prompt = world
                    .run(&browser, |on| on.ask(challenge, questions))
                    .unwrap();
                prompt.asked().unwrap().questions().to_vec()
            };
            let asked = ask();
            assert_eq!(ask(), asked);
            seen.insert(asked);
            let no = Answer::Questions(&NO_ANSWERS);
            let no = world.run(&browser, |on| on.answer(challenge, questions, no));
            assert!(no.is_err());
        }
        assert!(seen.len() > 1);
    }
}

#[test]
fn names_that_share_a_row_do_not_use_up_what_is_counted_for_another() {
    let mut world = World::new();
    let nobody = decoy(&world, "nobody");
    let all = (0..).map(|number| decoy(&world, &number.to_string()));
    let beside: Vec<Person> = all
        .filter(|other| other.key == nobody.key)
        .take(9)
        .collect();
    let (browser, begun) = begin(&mut world, &nobody);
    for other in &beside {
        for _ in 0..3 {
            begin(&mut world, other);
            world.run(other, |on| on.begin_phone_sign_in());
        }
    }
    let begun_phone = world.run(&nobody, |on| on.begin_phone_sign_in());
    assert!(begun_phone.prompt().asked().is_some());
    let first = begun.prompt().choices()[0].registration();
    let asked = world.run(&browser, |on| on.ask(begun.prompt().challenge(), first));
    assert!(asked.is_ok());
    // A person's own challenges give way to newer ones after eight; and so do a decoy's.
    let ada = somebody(&mut world, "ada");
    for person in [&ada, &nobody] {
        let (browser, begun) = begin(&mut world, person);
        let first = begun.prompt().choices()[0].registration();
        let challenge = begun.prompt().challenge();
        for still in [true, false] {
            assert_eq!(
                world.run(&browser, |on| on.ask(challenge, first)).is_ok(),
                still
            );
            for _ in 0..8 {
                begin(&mut world, person);
            }
        }
    }
}

#[test]
fn a_row_of_decoys_keeps_a_bounded_number_of_names() {
    let mut world = World::new();
    let nobody = decoy(&world, "nobody");
    let all = (0..).map(|number| decoy(&world, &number.to_string()));
    let beside: Vec<Person> = all
        .filter(|other| other.key == nobody.key)
        .take(20)
        .collect();
    let stored = |world: &World| {
        let stored = world.account(&nobody.key).to_stored();
        let stored: serde_json::Value = serde_json::from_slice(&stored).unwrap();
        let names = stored["decoys"].as_array().unwrap().len();
        (names, stored.to_string().len())
    };
    for other in &beside {
        begin(&mut world, other);
    }
    assert_eq!(stored(&world).0, 16);
    // However much is done under each.
    for other in &beside {
        for _ in 0..6 {
            let (browser, begun) = begin(&mut world, other);
            for choice in begun.prompt().choices().iter().take(2) {
                let (challenge, by) = (begun.prompt().challenge(), choice.registration());
                let _ = world.run(&browser, |on| on.ask(challenge, by));
            }
        }
    }
    let (names, bytes) = stored(&world);
    assert!(names >= 2 && bytes <= 21 * 1024, "{names} {bytes}");
    world.pass_minutes(24 * 60);
    begin(&mut world, &nobody);
    assert_eq!(stored(&world).0, 1);
}

#[test]
fn guessing_names_fills_no_table() {
    let world = World::new();
    let rows: BTreeSet<_> = (0..20_000)
        .map(|number| decoy(&world, &number.to_string()).key)
        .collect();
    assert_eq!(rows.len(), 1024);
}

/// Counts what is drawn.
struct Counting(ChaCha20Rng, usize);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.1 += 4;
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.1 += 8;
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.1 += bytes.len();
        self.0.try_fill_bytes(bytes)
    }
}

impl TryCryptoRng for Counting {}

#[test]
fn beginning_draws_as_much_at_random_for_everybody() {
    let mut world = world_of_resets();
    let mut drawn = BTreeSet::new();
    for (person, _) in people(&mut world) {
        for phone in [false, true] {
            let visit = world.visit(&person);
            let mut rng = Counting(ChaCha20Rng::from_seed([5; 32]), 0);
            let on = world.flow.on(world.account(&person.key), &visit, &mut rng);
            let change = if phone {
                on.begin_phone_sign_in()
            } else {
                on.begin_reset()
            };
            let events = change.write().outgoing().iter();
            let events = events.filter(|outgoing| matches!(outgoing, Outgoing::Event(_)));
            drawn.insert((phone, events.count(), rng.1));
        }
    }
    assert_eq!(drawn.len(), 2, "{drawn:?}");
}

#[test]
fn a_telephone_learns_nothing_either() {
    let mut world = World::new();
    let ada = somebody(&mut world, "ada");
    let (browser, challenge) = challenged(&mut world, &ada, Purpose::PasswordReset);
    let asked = world
        .run(&browser, |on| on.ask(challenge, &id('D')))
        .unwrap();
    let number = asked.asked().unwrap().number().unwrap();
    let request = world.sent_request().unwrap();
    let until = world.now.plus_minutes(60);
    let mut classes = BTreeSet::new();
    let mut said = |world: &mut World| {
        let outcome = world.device_says(&ada, &request, approved(number));
        assert_eq!(format!("{outcome:?}"), "Err(Rejected(()))");
        assert_eq!((world.events().count(), world.effects().count()), (1, 0));
        classes.insert(world.class());
    };
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    said(&mut world);
    world.plant(&ada, |stored| stored["suspended"] = json!(false));
    world.plant(&ada, |stored| {
        stored["reset"]["locked_until"] = json!(until);
    });
    said(&mut world);
    world.plant(&ada, |stored| stored["reset"]["locked_until"] = json!(null));
    world.pass_minutes(6);
    said(&mut world);
    world.plant(&ada, |stored| stored["challenges"] = json!([]));
    said(&mut world);
    assert!(classes.len() >= 2);
}
