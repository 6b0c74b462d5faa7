//! Every cause of a no to an answer.

use super::*;

/// One way to be wrong: where somebody answers, and what the audit log says for a code.
struct Cause {
    name: &'static str,
    browser: Person,
    challenge: ChallengeId,
    registration: RegistrationId,
    code: String,
    class: Class,
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
    let (browser, prompt) = world.begin_reset(&nobody);
    let at = (browser, prompt.challenge());
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
