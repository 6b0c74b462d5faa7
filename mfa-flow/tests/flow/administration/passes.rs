//! Temporary passes.

use super::*;

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
    let visit = world.visit_by_root(&ada);

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
    let visit = world.visit_by_root(&ada);
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
    let visit = world.visit_by_root(&ada);
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
    let visit = world.visit_by_root(&ada);
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
    let visit = world.visit_by_root(&ada);
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
    let visit = world.visit_by_root(&ada);
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
    let visit = off.visit_by_root(&ada);
    let refused = off.refused_at(&ada.key, &visit, |on| on.issue_pass(PassTerms::new()));
    assert_eq!(codes(&refused), ["method_off"]);
}
