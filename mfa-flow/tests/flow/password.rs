//! Wrong passwords: what is counted before anybody looks, what locks, and what ends it.

use std::collections::BTreeSet;

use crate::common::{Person, World, approved, push_at};
use mfa_flow::{Answer, Class, Effect, Next, Notice, PasswordTry, Refused, SignedIn, Test, What};
use mfa_policy::{Method, PersonId, Purpose};
use serde_json::json;

const RIGHT: &str = "correct horse battery staple";

fn try_password(world: &mut World, person: &Person, typed: &str) -> PasswordTry {
    world.run(&person.elsewhere(), |on| on.password_tried(typed))
}

/// What a host does: counts, looks at the password whatever came of that, and goes on if it is right.
fn sign_in(world: &mut World, person: &mut Person, typed: &str) -> Option<SignedIn> {
    let tried = try_password(world, person, typed);
    if typed != RIGHT {
        return None;
    }
    let browser = person.elsewhere();
    let signed_in = world.run(&browser, |on| on.password_was_right(&tried, None));
    let signed_in = signed_in.ok()?;
    person.session = Some(signed_in.session().clone());
    Some(signed_in)
}

/// As many wrong passwords, each another, from that number on.
fn wrong(world: &mut World, person: &Person, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let tried = try_password(world, person, &format!("wrong {number}"));
        assert!(tried.is_open(), "{number}");
    }
}

fn locked_seconds(world: &World, person: &Person) -> Option<i64> {
    let until = world.account(&person.key).password_locked_until()?;
    Some(until.unix_seconds() - world.now.unix_seconds())
}

fn locked() -> (World, Person) {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    wrong(&mut world, &ada, 0..10);
    (world, ada)
}

#[test]
fn the_tenth_wrong_password_in_a_row_locks_for_a_minute() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    wrong(&mut world, &ada, 0..9);
    assert_eq!(locked_seconds(&world, &ada), None);
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
    wrong(&mut world, &ada, 0..10);
    assert_eq!(locked_seconds(&world, &ada), Some(60));
    let until = world.now.plus_seconds(60);
    assert!(world.happened(&What::PasswordLocked { until }));
    for typed in ["wrong 0", "another", RIGHT] {
        assert!(sign_in(&mut world, &mut ada, typed).is_none());
        // What was not looked at costs nothing.
        assert_eq!(locked_seconds(&world, &ada), Some(60));
    }
    world.pass_seconds(60);
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
}

#[test]
fn after_a_lock_each_wrong_password_locks_again_for_twice_as_long_up_to_five_hours() {
    let (mut world, ada) = locked();
    let mut seconds = Vec::new();
    for number in 10..21 {
        let lock = locked_seconds(&world, &ada).unwrap();
        seconds.push(lock);
        world.pass_seconds(u32::try_from(lock).unwrap() - 1);
        assert!(!try_password(&mut world, &ada, "another").is_open());
        world.pass_seconds(1);
        wrong(&mut world, &ada, number..number + 1);
    }
    let expected = [
        60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360, 18_000, 18_000,
    ];
    assert_eq!(seconds, expected);
}

#[test]
fn the_last_three_wrong_values_are_not_counted_twice_and_the_fourth_is() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    let failures = |world: &World| world.stored(&ada)["password"]["failures"].clone();
    wrong(&mut world, &ada, 0..4);
    for number in [1, 2, 3, 3, 2, 1] {
        wrong(&mut world, &ada, number..number + 1);
        assert_eq!(failures(&world), 4);
    }
    wrong(&mut world, &ada, 0..1);
    assert_eq!(failures(&world), 5);
}

#[test]
fn a_password_is_another_one_with_every_capital_and_every_space() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    for typed in ["Aa", "aa", "aa ", " aa", ""] {
        assert!(try_password(&mut world, &ada, typed).is_open());
    }
    assert_eq!(world.stored(&ada)["password"]["failures"], 5);
}

#[test]
fn the_numbers_are_those_of_the_policy() {
    let mut world = World::with(|draft| {
        draft.password_lockout.failures = Some(2);
        draft.password_lockout.seconds = Some(300);
        draft.password_lockout.remembered_values = Some(0);
    });
    let mut ada = Person::new("ada");
    wrong(&mut world, &ada, 0..1);
    assert_eq!(
        world.stored(&ada)["password"]["recent"][0]["value"],
        json!(null)
    );
    wrong(&mut world, &ada, 0..1);
    assert_eq!(locked_seconds(&world, &ada), Some(300));
    world.pass_seconds(300);
    let signed_in = sign_in(&mut world, &mut ada, RIGHT).unwrap();
    assert_eq!(signed_in.failures().count(), 2);
}

#[test]
fn of_many_at_once_no_more_are_looked_at_than_one_after_the_other() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    // Nobody has looked at any of them yet.
    let typed = (0..24).map(|number| format!("wrong {number}"));
    let tries: Vec<PasswordTry> = typed
        .map(|typed| try_password(&mut world, &ada, &typed))
        .collect();
    let open = tries.iter().filter(|tried| tried.is_open()).count();
    assert_eq!(open, 10);
}

#[test]
fn a_right_password_that_was_counted_before_the_lock_lets_in_and_ends_it() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    let right = try_password(&mut world, &ada, RIGHT);
    wrong(&mut world, &ada, 0..9);
    assert_eq!(locked_seconds(&world, &ada), Some(60));
    let signed_in = world.run(&ada, |on| on.password_was_right(&right, None));
    assert_eq!(signed_in.unwrap().failures().count(), 9);
    assert_eq!(world.stored(&ada)["password"], json!(null));
}

#[test]
fn a_try_that_is_not_open_lets_nobody_in_though_the_host_found_it_right() {
    let (mut world, ada) = locked();
    let tried = try_password(&mut world, &ada, RIGHT);
    assert!(!tried.is_open());
    for seconds in [0, 60] {
        world.pass_seconds(seconds);
        let rejected = world.run(&ada, |on| on.password_was_right(&tried, None));
        assert_eq!(format!("{rejected:?}"), "Err(Rejected(()))");
        assert_eq!(world.class(), Some(Class::Locked));
    }
    assert_eq!(world.stored(&ada)["sessions"], json!(null));
}

#[test]
fn the_try_of_one_person_lets_in_nobody_else() {
    let (mut world, ada, eve) = (World::new(), Person::new("ada"), Person::new("eve"));
    let tried = try_password(&mut world, &eve, RIGHT);
    let rejected = world.run(&ada, |on| on.password_was_right(&tried, None));
    assert_eq!(format!("{rejected:?}"), "Err(Rejected(()))");
    assert_eq!(world.class(), Some(Class::NoChallenge));
    let of_another = Person::of("other", "eve");
    let rejected = world.run(&of_another, |on| on.password_was_right(&tried, None));
    assert_eq!(format!("{rejected:?}"), "Err(Rejected(()))");
}

#[test]
fn a_right_password_tells_how_many_were_wrong_before_and_when() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let mut times = Vec::new();
    for number in 0..3 {
        times.push(world.now);
        wrong(&mut world, &ada, number..number + 1);
        world.pass_minutes(1);
    }
    let signed_in = sign_in(&mut world, &mut ada, RIGHT).unwrap();
    assert_eq!(signed_in.failures().count(), 3);
    assert_eq!(signed_in.failures().times(), times);
    let signed_in = sign_in(&mut world, &mut ada, RIGHT).unwrap();
    assert_eq!(signed_in.failures().count(), 0);
}

#[test]
fn a_button_that_is_pressed_twice_is_no_failure_whichever_comes_first() {
    for first in [0, 1] {
        let (mut world, ada) = (World::new(), Person::new("ada"));
        let tries = [0, 1].map(|_| try_password(&mut world, &ada, RIGHT));
        for tried in [&tries[first], &tries[1 - first]] {
            let signed_in = world.run(&ada, |on| on.password_was_right(tried, None));
            assert_eq!(signed_in.unwrap().failures().count(), 0);
        }
        assert_eq!(world.stored(&ada)["password"], json!(null));
    }
}

#[test]
fn a_host_that_counts_itself_keeps_nothing_here_and_looks_at_no_lock() {
    let (mut world, mut ada) = locked();
    let before = world.stored(&ada)["password"].clone();
    assert_eq!(world.password(&mut ada), Next::Register);
    assert_eq!(world.stored(&ada)["password"], before);
    let mut eve = Person::new("eve");
    world.password(&mut eve);
    assert_eq!(world.stored(&eve)["password"], json!(null));
}

#[test]
fn a_lock_touches_no_session_no_second_step_and_no_enrolment() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let app = world.give_totp(&ada, "app");
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
    wrong(&mut world, &ada, 0..10);
    assert!(locked_seconds(&world, &ada).is_some());
    let code = world.code();
    let proof = world.prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code));
    assert!(proof.is_ok());
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    let number = mfa_flow::PhoneNumber::new("+31612345678").unwrap();
    let text = mfa_flow::Enrol::Text(&number);
    let begun = world
        .run(&ada, |on| on.begin_enrolment(text, "phone"))
        .unwrap();
    let code = world.sent_code().unwrap();
    let test = Test::Code(&code);
    let enrolled = world.run(&ada, |on| on.confirm_enrolment(begun.registration(), test));
    assert!(enrolled.is_ok());
    assert_eq!(locked_seconds(&world, &ada), Some(60));
}

#[test]
fn signing_in_without_a_password_is_open_and_ends_no_lock_of_it() {
    let (mut world, ada) = locked();
    let push = push_at("phone");
    let phone = world.give(&ada, "phone", Method::PhoneSignIn, push);
    let (ada, prompt) = world.begin_phone_sign_in(&ada);
    let (request, challenge) = (world.sent_request().unwrap(), prompt.challenge());
    let number = prompt.asked().unwrap().number().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    let proof = world.run(&ada, |on| on.answer(challenge, &phone, Answer::Approved));
    assert!(proof.is_ok());
    assert_eq!(locked_seconds(&world, &ada), Some(60));
}

#[test]
fn another_password_ends_what_was_counted_of_the_old_one() {
    let (mut world, ada) = locked();
    world.run(&ada, |on| on.password_changed());
    assert_eq!(world.stored(&ada)["password"], json!(null));

    let (mut world, ada) = locked();
    let gates = [
        world.give_text(&ada, "text", "+31612345678"),
        world.give_email(&ada, "email", "ada@example.org"),
    ];
    let (mut ada, _) = world.begin_reset(&ada);
    for gate in gates {
        let prompt = world.run(&ada, |on| on.next_gate()).unwrap();
        let _ = world.answer_sent_code(&mut ada, prompt.challenge(), &gate);
    }
    let permission = world.run(&ada, |on| on.finish_reset()).unwrap();
    assert_eq!(locked_seconds(&world, &ada), Some(60));
    world
        .run(&ada, |on| on.use_permission(permission.expose()))
        .unwrap();
    assert_eq!(world.stored(&ada)["password"], json!(null));
}

#[test]
fn an_administrator_ends_the_lock_and_the_next_wrong_password_locks_again() {
    let (mut world, mut ada) = locked();
    let (root, proof) = world.administrator("root");
    let visit = world.visit_by(&root, &proof, &ada);
    world.run_at(&ada.key, &visit, |on| on.unlock()).unwrap();
    assert_eq!(locked_seconds(&world, &ada), None);
    wrong(&mut world, &ada, 10..11);
    assert_eq!(locked_seconds(&world, &ada), Some(120));
    let visit = world.visit_by(&root, &proof, &ada);
    world.run_at(&ada.key, &visit, |on| on.unlock()).unwrap();
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
}

#[test]
fn a_clock_that_goes_back_ends_no_lock_and_repairing_it_leaves_none_longer_than_five_hours() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    let right_time = world.now;
    world.now = right_time.plus_days(1_000);
    wrong(&mut world, &ada, 0..10);
    world.now = right_time;
    assert!(!try_password(&mut world, &ada, "another").is_open());
    let visit = world
        .visit(&ada)
        .by_operator(PersonId::new("night").unwrap());
    world
        .run_at(&ada.key, &visit, |on| on.repair_clock())
        .unwrap();
    assert_eq!(locked_seconds(&world, &ada), Some(18_000));
    let recent = world.stored(&ada)["password"]["recent"].clone();
    for tried in recent.as_array().unwrap() {
        assert_eq!(tried["at"], json!(right_time));
    }
}

#[test]
fn what_was_counted_before_a_backup_was_made_is_counted_when_it_is_restored() {
    let (mut world, ada) = locked();
    let visit = world
        .visit(&ada)
        .by_operator(PersonId::new("night").unwrap());
    world.run_at(&ada.key, &visit, |on| on.burn()).unwrap();
    assert_eq!(locked_seconds(&world, &ada), Some(60));
    assert!(!try_password(&mut world, &ada, "another").is_open());
}

#[test]
fn the_person_is_told_of_a_lock_once_with_the_attempt_after_it() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    wrong(&mut world, &ada, 0..10);
    assert_eq!(world.notices().count(), 0);
    let until = world.now.plus_seconds(60);
    let _ = try_password(&mut world, &ada, "another");
    let notice = Notice::PasswordLocked { until };
    assert_eq!(world.notices().collect::<Vec<_>>(), [&notice]);
    for number in 10..20 {
        world.pass_seconds(18_000);
        wrong(&mut world, &ada, number..number + 1);
        assert_eq!(world.notices().count(), 0);
    }
    // And of the next one after a success.
    world.pass_seconds(18_000);
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
    wrong(&mut world, &ada, 0..10);
    let _ = try_password(&mut world, &ada, "another");
    assert_eq!(world.notices().count(), 1);
}

#[test]
fn nobody_is_told_of_a_lock_by_a_right_password() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    wrong(&mut world, &ada, 0..9);
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
    assert_eq!(world.effects().count(), 0);
    assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
    assert_eq!(world.effects().count(), 0);
}

#[test]
fn what_was_typed_stands_nowhere_and_its_hash_is_kept_of_the_last_three_only() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    for number in 0..12 {
        let typed = format!("hunter{number}");
        let tried = try_password(&mut world, &ada, &typed);
        let written = serde_json::to_string(&world.outgoing).unwrap();
        let stored = world.stored(&ada).to_string();
        for text in [written, stored, format!("{tried:?} {:?}", world.outgoing)] {
            assert!(!text.contains("hunter"), "{text}");
        }
    }
    let recent = world.stored(&ada)["password"]["recent"].clone();
    let recent = recent.as_array().unwrap();
    assert_eq!(recent.len(), 10);
    let kept = recent.iter().filter(|tried| tried.get("value").is_some());
    assert_eq!(kept.count(), 3);
}

/// Of two people who type the same, nobody can see that.
#[test]
fn one_password_has_another_hash_for_each_person() {
    let mut world = World::new();
    let hashes: BTreeSet<String> = ["ada", "eve"]
        .map(|name| {
            let person = Person::new(name);
            wrong(&mut world, &person, 0..1);
            world.stored(&person)["password"]["recent"][0]["value"].to_string()
        })
        .into();
    assert_eq!(hashes.len(), 2);
}

fn decoy(world: &World, name: &str) -> Person {
    let person = Person::new("like most");
    Person {
        key: world.flow.decoy(person.key.tenant().clone(), name),
        ..person
    }
}

/// The same row of tries, by somebody who exists, is switched off, has nothing registered, and by nobody.
#[test]
fn a_password_is_tried_in_the_same_way_whoever_it_is() {
    let mut world = World::new();
    let ada = Person::new("ada");
    world.give_totp(&ada, "app");
    let suspended = Person::new("suspended");
    world.plant(&suspended, |stored| stored["suspended"] = json!(true));
    let people = [
        (ada, Class::Waiting),
        (Person::new("new"), Class::Waiting),
        (suspended, Class::Suspended),
        (decoy(&world, "nobody"), Class::UnknownPerson),
        (decoy(&world, "nobody else"), Class::UnknownPerson),
    ];
    let start = world.now;
    let mut seen = BTreeSet::new();
    for (person, class) in people {
        world.now = start;
        let mut open = Vec::new();
        for number in [0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 9, 11, 12, 12] {
            // Some days between, and some locks.
            world.pass_seconds(if number % 4 == 0 { 3 * 86_400 } else { 20 });
            let before = world.version(&person.key).get();
            let tried = try_password(&mut world, &person, &number.to_string());
            assert_eq!(world.version(&person.key).get(), before + 1);
            open.push(tried.is_open());
            let events: Vec<_> = world.events().map(|event| event.what.clone()).collect();
            let result = match tried.is_open() || class != Class::Waiting {
                true => class,
                false => Class::Locked,
            };
            assert_eq!(events[0], What::PasswordTried { result });
            open.push(events.len() == 2);
            if class != Class::Waiting {
                assert_eq!(world.effects().count(), 0);
                // Though the host may find it right, by mistake.
                let rejected = world.run(&person, |on| on.password_was_right(&tried, None));
                assert!(rejected.is_err());
            }
        }
        seen.insert(open);
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    let seen = seen.first().unwrap();
    assert!(seen.contains(&false) && seen.contains(&true));
}

#[test]
fn names_that_share_a_row_are_counted_apart() {
    let mut world = World::new();
    let first = decoy(&world, "nobody");
    let beside = (0..).map(|number| decoy(&world, &format!("nobody {number}")));
    let second = beside
        .into_iter()
        .find(|other| other.key == first.key)
        .unwrap();
    wrong(&mut world, &first, 0..10);
    assert!(!try_password(&mut world, &first, "another").is_open());
    wrong(&mut world, &second, 0..10);
    assert!(!try_password(&mut world, &first, "another").is_open());
    // Of a person it is not forgotten overnight either.
    for day in 0..3 {
        world.now = world.now.plus_days(2);
        let name = if day == 2 { &first } else { &second };
        wrong(&mut world, name, 20 + day..21 + day);
        assert!(!try_password(&mut world, name, "another").is_open());
    }
}

#[test]
fn wrong_passwords_change_nothing_of_what_the_second_step_asks_for() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    world.give_totp(&ada, "app");
    wrong(&mut world, &ada, 0..5);
    let signed_in = sign_in(&mut world, &mut ada, RIGHT).unwrap();
    assert_eq!(signed_in.next(), Next::SecondStep);
    let prompt = world.run(&ada, |on| on.challenge(Purpose::TwoStep));
    assert!(!matches!(prompt, Err(Refused::Over)));
    assert!(
        world
            .effects()
            .all(|effect| !matches!(effect, Effect::NotifyUser { .. }))
    );
}

/// How often somebody who knows no more than a name is looked at in 30 days, who guesses whenever it is open.
fn guesses(owner_signs_in: bool) -> u32 {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let (start, mut guesses, mut owner) = (world.now, 0, world.now.plus_days(1));
    while world.now < start.plus_days(30) {
        let opens = world.account(&ada.key).password_locked_until();
        world.now = world.now.max(opens.unwrap_or(world.now));
        if owner_signs_in && owner <= world.now {
            assert!(sign_in(&mut world, &mut ada, RIGHT).is_some());
            owner = owner.plus_days(1);
        }
        wrong(&mut world, &ada, guesses..guesses + 1);
        guesses += 1;
        world.pass_seconds(1);
    }
    guesses
}

#[test]
fn guessing_a_password_comes_to_some_five_a_day_and_beside_an_owner_who_signs_in_daily_to_22() {
    // Ten, nine more while the lock grows for 30660 seconds, and then one in five hours.
    let days_of_five_hours = (30 * 86_400 - 30_660_u32).div_ceil(18_000);
    assert_eq!(guesses(false), 10 + 9 + days_of_five_hours);
    let beside_the_owner = guesses(true);
    assert!(
        (600..=22 * 30).contains(&beside_the_owner),
        "{beside_the_owner}"
    );
}
