//! What is heard of a device.

use super::*;

#[test]
fn the_answer_of_the_device_with_the_number_on_the_screen_lets_in() {
    let mut asked = asked();
    assert!(!asked.collect());
    assert!(asked.awaits());
    assert!(asked.hear(&asked.right()));
    assert!(!asked.awaits());
    assert!(asked.collect());
}

#[test]
fn a_wrong_number_of_the_right_device_is_a_failure_and_the_request_is_over() {
    let mut asked = asked();
    let wrong = device().answer(&asked.request, approved(asked.number ^ 1));
    assert!(!asked.hear(&wrong));
    assert_eq!(asked.world.class(), Some(Class::Wrong));
    let budget =
        |asked: &Asked| asked.world.stored(&asked.ada)["registrations"][0]["budget"].clone();
    assert_eq!(budget(&asked)["consecutive"], 1);
    assert!(!asked.awaits());
    let right = asked.right();
    asked.refuses(&right, Class::NoChallenge);
    assert!(!asked.collect());
}

#[test]
fn a_no_is_heard_from_the_device_and_a_report_ends_the_session_that_asked() {
    for (decision, what) in [
        (Decision::Denied, What::DeniedByPerson),
        (Decision::Suspicious, What::ReportedSuspicious),
    ] {
        let mut asked = asked();
        let no = device().answer(&asked.request, decision);
        assert!(asked.hear(&no));
        assert!(asked.world.happened(&what));
        assert!(!asked.awaits());
        let again = asked
            .world
            .run(&asked.ada, |on| on.challenge(Purpose::TwoStep));
        assert_eq!(again.is_ok(), decision == Decision::Denied);
        asked.refuses(&no, Class::NoChallenge);
    }
}

#[test]
fn a_no_is_heard_also_where_a_yes_would_not_be_and_has_to_be_signed_there_too() {
    let mut asked = asked();
    let until = asked.world.now.plus_minutes(60);
    asked.world.plant(&asked.ada, |stored| {
        stored["registrations"][0]["budget"] = json!({ "locked_until": until });
    });
    let right = asked.right();
    asked.refuses(&right, Class::Locked);
    let foreign = DeviceKeyPair::from_bytes(&[8; 32]).answer(&asked.request, Decision::Denied);
    asked.refuses(&foreign, Class::NotSigned);
    assert!(asked.hear(&device().answer(&asked.request, Decision::Denied)));
    assert!(asked.world.happened(&What::DeniedByPerson));
}

#[test]
fn a_no_after_a_yes_takes_the_yes_back() {
    let mut asked = asked();
    assert!(asked.hear(&asked.right()));
    assert!(asked.hear(&device().answer(&asked.request, Decision::Denied)));
    assert!(!asked.collect());
}

#[test]
fn an_account_that_is_switched_off_hears_nothing() {
    let mut asked = asked();
    asked
        .world
        .plant(&asked.ada, |stored| stored["suspended"] = json!(true));
    for decision in [approved(asked.number), Decision::Denied] {
        let answer = device().answer(&asked.request, decision);
        asked.refuses(&answer, Class::Locked);
    }
}
