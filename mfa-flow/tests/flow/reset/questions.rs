//! Questions: how they are kept, asked and answered.

use super::*;

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

fn answer_questions(
    world: &mut World,
    browser: &mut Person,
    prompt: &Prompt,
    questions: &RegistrationId,
    answers: &[String],
) -> Result<(), Rejected> {
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    answer(
        world,
        browser,
        prompt,
        questions,
        Answer::Questions(&answers),
    )
}

#[test]
fn all_answers_of_a_random_choice_of_questions_are_a_gate() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    let (mut browser, prompt) = world.begin_reset(&ada);
    let asked = world.ask(&browser, prompt.challenge(), &questions);
    assert_eq!(asked.asked().unwrap().questions().len(), 3);
    let right = right_answers(&asked);
    answer_questions(&mut world, &mut browser, &prompt, &questions, &right).unwrap();
    let prompt = next_gate(&mut world, &browser);
    assert_eq!(methods(&prompt), BTreeSet::from([Method::Text]));
}

#[test]
fn one_wrong_answer_of_all_is_a_failed_proof() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    for place in 0..3 {
        let (mut browser, prompt) = world.begin_reset(&ada);
        let asked = world.ask(&browser, prompt.challenge(), &questions);
        let mut right = right_answers(&asked);
        right[place].push('x');
        let no = answer_questions(&mut world, &mut browser, &prompt, &questions, &right);
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
        let (mut browser, prompt) = world.begin_reset(&ada);
        let asked = world.ask(&browser, prompt.challenge(), &questions);
        let mut right = right_answers(&asked);
        right.resize(count, String::new());
        let no = answer_questions(&mut world, &mut browser, &prompt, &questions, &right);
        assert!(no.is_err());
    }
}

#[test]
fn who_asks_again_sees_the_same_questions_and_after_a_wrong_answer_others() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    let (mut browser, prompt) = world.begin_reset(&ada);
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
        let first = world.ask(&browser, prompt.challenge(), &questions);
        let again = world.ask(&browser, prompt.challenge(), &questions);
        assert_eq!(
            first.asked().unwrap().questions(),
            again.asked().unwrap().questions()
        );
        seen.insert(first.asked().unwrap().questions().to_vec());
        let wrong = Answer::Questions(&["no", "no", "no"]);
        assert!(answer(&mut world, &mut browser, &prompt, &questions, wrong).is_err());
        // What was answered wrongly is over, also with the right answers.
        let right = right_answers(&first);
        if seen.len() == 1 {
            let late = answer_questions(&mut world, &mut browser, &prompt, &questions, &right);
            assert!(late.is_err());
        }
    }
    assert!(seen.len() > 1);
}

#[test]
fn nobody_answers_questions_that_were_not_asked() {
    let mut world = World::new();
    let (ada, questions) = ada_with_questions(&mut world);
    let (mut browser, prompt) = world.begin_reset(&ada);
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
    let (mut browser, prompt) = world.begin_reset(&ada);
    let asked = world.ask(&browser, prompt.challenge(), &questions);
    let right = right_answers(&asked);
    assert_eq!(right.len(), 2);
    let no = answer_questions(&mut world, &mut browser, &prompt, &questions, &right);
    assert!(no.is_err());
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
