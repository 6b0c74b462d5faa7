//! Names that nobody has: what they show, and the rows that they share.

use super::*;

#[test]
fn one_name_always_shows_the_same_and_many_names_show_many_things() {
    let mut world = World::new();
    let (mut sets, mut ids, mut hints) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let names = 100;
    for number in 0..names {
        let nobody = decoy(&world, &format!("nobody {number}"));
        let first = world.begin_reset(&nobody).1.choices().to_vec();
        let second = world.begin_reset(&nobody).1.choices().to_vec();
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
        let (_, begun) = world.begin_reset(&nobody);
        shown.extend(begun.choices().iter().map(|c| c.method().clone()));
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
            let (browser, begun) = world.begin_reset(&nobody);
            let mut choices = begun.choices().iter();
            let questions = choices
                .find(|choice| *choice.method() == Method::SecurityQuestions)
                .unwrap()
                .registration();
            let challenge = begun.challenge();
            let prompt = world.ask(&browser, challenge, questions);
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
        let (browser, begun) = world.begin_reset(person);
        let mut choices = begun.choices().iter();
        let questions = choices
            .find(|choice| *choice.method() == Method::SecurityQuestions)
            .unwrap()
            .registration();
        let challenge = begun.challenge();
        let mut seen = BTreeSet::new();
        for _ in 0..4 {
            let mut ask = || {
                let prompt = world.ask(&browser, challenge, questions);
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

/// As many other names that have the row of this one.
fn beside(world: &World, nobody: &Person, count: usize) -> Vec<Person> {
    let all = (0..).map(|number| decoy(world, &number.to_string()));
    let beside = all.filter(|other| other.key == nobody.key);
    beside.take(count).collect()
}

#[test]
fn names_that_share_a_row_do_not_use_up_what_is_counted_for_another() {
    let mut world = World::new();
    let nobody = decoy(&world, "nobody");
    let beside = beside(&world, &nobody, 9);
    let (browser, begun) = world.begin_reset(&nobody);
    for other in &beside {
        for _ in 0..3 {
            world.begin_reset(other);
            world.run(other, |on| on.begin_phone_sign_in());
        }
    }
    let begun_phone = world.run(&nobody, |on| on.begin_phone_sign_in());
    assert!(begun_phone.prompt().asked().is_some());
    let first = begun.choices()[0].registration();
    let asked = world.run(&browser, |on| on.ask(begun.challenge(), first));
    assert!(asked.is_ok());
    // A person's own challenges give way to newer ones after eight; and so do a decoy's.
    let ada = somebody(&mut world, "ada");
    for person in [&ada, &nobody] {
        let (browser, begun) = world.begin_reset(person);
        let first = begun.choices()[0].registration();
        let challenge = begun.challenge();
        for still in [true, false] {
            assert_eq!(
                world.run(&browser, |on| on.ask(challenge, first)).is_ok(),
                still
            );
            for _ in 0..8 {
                world.begin_reset(person);
            }
        }
    }
}

#[test]
fn a_row_of_decoys_keeps_a_bounded_number_of_names() {
    let mut world = World::new();
    let nobody = decoy(&world, "nobody");
    let beside = beside(&world, &nobody, 20);
    let stored = |world: &World| {
        let stored = world.account(&nobody.key).to_stored();
        let stored: serde_json::Value = serde_json::from_slice(&stored).unwrap();
        let names = stored["decoys"].as_array().unwrap().len();
        (names, stored.to_string().len())
    };
    for other in &beside {
        world.begin_reset(other);
    }
    assert_eq!(stored(&world).0, 16);
    // However much is done under each.
    for other in &beside {
        for _ in 0..6 {
            let (browser, begun) = world.begin_reset(other);
            for choice in begun.choices().iter().take(2) {
                let (challenge, by) = (begun.challenge(), choice.registration());
                let _ = world.run(&browser, |on| on.ask(challenge, by));
            }
        }
    }
    let (names, bytes) = stored(&world);
    assert!(names >= 2 && bytes <= 21 * 1024, "{names} {bytes}");
    world.pass_minutes(24 * 60);
    world.begin_reset(&nobody);
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
