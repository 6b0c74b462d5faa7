//! Answers that come late or again.

use super::*;

#[test]
fn an_answer_that_comes_too_late_is_not_heard() {
    let mut asked = asked();
    let seconds = asked.request.until().unix_seconds() - asked.world.now.unix_seconds();
    asked.world.pass_seconds(u32::try_from(seconds).unwrap());
    assert!(!asked.awaits());
    for decision in [
        approved(asked.number),
        approved(asked.number ^ 1),
        Decision::Denied,
        Decision::Suspicious,
    ] {
        let late = device().answer(&asked.request, decision);
        asked.refuses(&late, Class::Expired);
    }
    assert!(!asked.collect());
}

#[test]
fn an_answer_is_good_once() {
    let mut asked = asked();
    let right = asked.right();
    assert!(asked.hear(&right));
    asked.refuses(&right, Class::Replayed);
    let other = device().answer(&asked.request, approved(asked.number ^ 1));
    asked.refuses(&other, Class::Replayed);
    assert!(asked.collect());
    asked.refuses(&right, Class::NoChallenge);
}

#[test]
fn an_answer_to_an_earlier_request_is_not_one_to_the_last() {
    let mut asked = asked();
    let (challenge, push) = (asked.prompt.challenge(), asked.push.clone());
    let earlier = asked.request.clone();
    asked.world.pass_minutes(1);
    let prompt = asked.world.ask(&asked.ada, challenge, &push);
    asked.request = asked.world.sent_request().unwrap();
    asked.number = prompt.asked().unwrap().number().unwrap();
    assert_ne!(asked.request.id(), earlier.id());
    // Neither a yes, which would have to know the new number, nor a no that was held back.
    for decision in [
        approved(asked.number),
        approved(10),
        Decision::Denied,
        Decision::Suspicious,
    ] {
        let answer = device().answer(&earlier, decision);
        asked.refuses(&answer, Class::Replayed);
    }
    let awaits = asked.world.read(&asked.ada, |on| on.awaits(&earlier));
    assert!(!awaits && asked.awaits());
    assert!(asked.hear(&asked.right()));
    assert!(asked.collect());
}

#[test]
fn an_answer_of_the_last_sign_in_is_not_one_to_the_next() {
    let mut asked = asked();
    let right = asked.right();
    assert!(asked.hear(&right) && asked.collect());
    asked.world.pass_minutes(1);
    let mut ada = asked.ada.elsewhere();
    asked.world.password(&mut ada);
    let prompt = asked.world.run(&ada, |on| on.challenge(Purpose::TwoStep));
    asked.request = asked.world.sent_request().unwrap();
    asked.number = prompt.unwrap().asked().unwrap().number().unwrap();
    asked.refuses(&right, Class::NoChallenge);
    assert!(asked.hear(&asked.right()));
}
