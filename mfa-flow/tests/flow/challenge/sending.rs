//! Codes that are sent, and calls: when, how often, and how long they are good.

use super::*;

#[test]
fn a_default_text_is_sent_at_once_and_a_shy_one_on_demand() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", NUMBER);
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    assert_eq!(prompt.asked().unwrap().choice().hint(), Some("••• 78"));
    assert!(world.sent_code().is_some());

    let mut world = World::with(|draft| {
        draft.methods.get_mut(&Method::Text).unwrap().sending = Some(Sending::AskFirst);
    });
    let mut bob = Person::new("bob");
    let text_of_bob = world.give_text(&bob, "phone", NUMBER);
    world.password(&mut bob);
    let prompt = world.challenge(&bob, Purpose::TwoStep);
    assert!(prompt.asked().is_none() && world.sent_code().is_none());
    assert_eq!(prompt.choices()[0].registration(), &text_of_bob);
    world.ask(&bob, prompt.challenge(), &text);
    assert!(world.sent_code().is_some());
}

#[test]
fn why_nothing_was_sent_is_told_as_the_challenge_begins() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    world.give_text(&ada, "phone", "+31612345678");
    world.password(&mut ada);
    assert!(world.challenge(&ada, Purpose::TwoStep).unsent().is_none());
    assert!(world.sent_code().is_some());
    let until = world.now.plus_seconds(30);
    world.pass_seconds(29);
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    assert!(prompt.asked().is_none() && world.sent_code().is_none());
    assert!(matches!(prompt.unsent(), Some(Refused::TooSoon { until: told }) if *told == until));
    // A page that is loaded again shows what can be chosen, and why is said by choosing it.
    let again = world.read(&ada, |on| on.prompt(prompt.challenge()));
    let again = again.unwrap();
    assert!(again.asked().is_none() && again.unsent().is_none());
    world.pass_seconds(1);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    assert!(prompt.asked().is_some() && prompt.unsent().is_none());
}

#[test]
fn a_code_is_void_after_the_next_one_and_after_five_minutes() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", NUMBER);
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let first = world.sent_code().unwrap();
    assert_eq!(first.len(), 6);
    let again = world.run(&ada, |on| on.ask(prompt.challenge(), &text));
    assert!(
        matches!(again, Err(Refused::TooSoon { until }) if until == world.now.plus_seconds(30))
    );
    assert!(world.sent_code().is_none());
    world.pass_seconds(30);
    world.ask(&ada, prompt.challenge(), &text);
    let second = world.sent_code().unwrap();
    if first != second {
        world
            .run(&ada, |on| {
                on.answer(prompt.challenge(), &text, Answer::Code(&first))
            })
            .unwrap_err();
        assert_eq!(world.class(), Some(Class::Wrong));
    }
    world.pass_minutes(5);
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &text, Answer::Code(&second))
        })
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Expired));
}

#[test]
fn a_sent_code_belongs_to_one_challenge_and_one_registration() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", NUMBER);
    let other = world.give(
        &ada,
        "other",
        Method::CallOffice,
        json!({ "phone": { "number": "+31201234567" } }),
    );
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let code = world.sent_code().unwrap();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &other, Answer::Code(&code))
        })
        .unwrap_err();
    let step_up = world.challenge(&ada, Purpose::StepUp);
    world
        .run(&ada, |on| {
            on.answer(step_up.challenge(), &text, Answer::Code(&code))
        })
        .unwrap_err();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &text, Answer::Code(&code))
        })
        .unwrap();
}

#[test]
fn at_most_three_codes_for_a_challenge_and_ten_an_hour() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "phone", NUMBER);
    world.password(&mut ada);
    let mut sent = 0;
    for _ in 0..6 {
        let prompt = world.challenge(&ada, Purpose::TwoStep);
        sent += usize::from(world.sent_code().is_some());
        for attempt in 0..3 {
            world.pass_minutes(1);
            let asked = world.run(&ada, |on| on.ask(prompt.challenge(), &text));
            sent += usize::from(world.sent_code().is_some());
            if attempt == 2 {
                assert!(matches!(
                    asked,
                    Err(Refused::NoMoreSends | Refused::TooSoon { .. })
                ));
            }
        }
    }
    assert_eq!(sent, 10);
}

#[test]
fn a_call_is_answered_with_the_hash_key() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let office = world.give(
        &ada,
        "office",
        Method::CallOffice,
        json!({ "phone": { "number": "+31201234567" } }),
    );
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let reason = world.sent_for().unwrap();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &office, Answer::Approved)
        })
        .unwrap_err();
    world
        .run(&ada, |on| on.phone_said(&reason, PhoneSaid::PressedHash))
        .unwrap();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &office, Answer::Approved)
        })
        .unwrap();
}
