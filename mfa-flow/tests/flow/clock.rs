//! Clocks that go back and forth, and restored backups: nothing is accepted twice.

use std::collections::BTreeSet;

use crate::common::{KEY, KEY_BASE64, Person, World, code_of};
use mfa_flow::{Answer, Class, Next, Notice, PassTerms, Rejected, Visit, What};
use mfa_policy::{Method, PersonId, Purpose, RegistrationId, Timestamp};
use otp_core::{ConsecutiveCodes, TotpParameters, UnixTime};
use proptest::prelude::*;
use serde_json::{Value, json};

const HOUR: u32 = 3_600;

/// Ada with an authenticator and a token that counts.
fn ada(world: &mut World) -> (Person, RegistrationId, RegistrationId) {
    let ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let factor = json!({ "hotp": { "secret": KEY_BASE64, "next": 0 } });
    let token = world.give(&ada, "token", Method::HardwareToken, factor);
    (ada, app, token)
}

/// The codes of the token, of RFC 4226, appendix D.
const COUNTED: [&str; 10] = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
    "520489",
];

fn operator(world: &World, person: &Person) -> Visit {
    let name = PersonId::new("operator").unwrap();
    world.visit(&person.elsewhere()).by_operator(name)
}

fn repair(world: &mut World, person: &Person) {
    let visit = operator(world, person);
    world
        .run_at(&person.key, &visit, |on| on.repair_clock())
        .unwrap();
}

fn burn(world: &mut World, person: &Person) {
    let visit = operator(world, person);
    world.run_at(&person.key, &visit, |on| on.burn()).unwrap();
}

/// The step of our clock.
fn present(world: &World) -> i64 {
    world.now.unix_seconds() / 30
}

/// What the authenticator shows in that step.
fn shown(step: i64) -> String {
    let seconds = u64::try_from(step.saturating_mul(30)).unwrap_or(0);
    code_of(
        &KEY,
        TotpParameters::default(),
        UnixTime::from_secs(seconds),
    )
}

/// A second step in a new session.
fn answer(
    world: &mut World,
    person: &Person,
    registration: &RegistrationId,
    code: &str,
) -> Result<(), Rejected> {
    let mut browser = person.elsewhere();
    world.password(&mut browser);
    let code = Answer::Code(code);
    world
        .prove(&mut browser, Purpose::TwoStep, registration, code)
        .map(drop)
}

fn accepts(world: &mut World, person: &Person, app: &RegistrationId, step: i64) -> bool {
    answer(world, person, app, &shown(step)).is_ok()
}

// --- Back and forth ---------------------------------------------------------------------------------------------------

#[test]
fn a_clock_that_goes_back_opens_no_step_again() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let step = present(&world);
    assert!(accepts(&mut world, &ada, &app, step));

    for seconds in [1, 30, 60, 300, 86_400] {
        world.now = Timestamp::from_unix_seconds(step * 30 - seconds);
        let now = present(&world);
        for step in now - 1..=now + 1 {
            assert!(
                !accepts(&mut world, &ada, &app, step),
                "{seconds} s back, {step}"
            );
        }
        world.plant(&ada, |stored| {
            stored["registrations"][0]["budget"] = json!({});
        });
    }
    assert_eq!(world.class(), Some(Class::ClockBehind));
    assert!(world.happened(&What::ClockBehind));
}

#[test]
fn a_clock_that_went_back_is_no_failure_of_the_person() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let step = present(&world);
    assert!(accepts(&mut world, &ada, &app, step));
    world.now = Timestamp::from_unix_seconds(step * 30 - 7_200);

    for _ in 0..20 {
        let now = present(&world);
        assert!(!accepts(&mut world, &ada, &app, now));
    }

    assert_eq!(world.stored(&ada)["registrations"][0].get("budget"), None);
}

#[test]
fn after_a_jump_ahead_the_token_is_good_again_once_it_is_repaired() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let right = world.now;
    let ahead = world.now.plus_seconds(10 * HOUR);
    world.now = ahead;
    let used = present(&world);
    assert!(accepts(&mut world, &ada, &app, used));
    assert!(accepts(&mut world, &ada, &app, used + 1));

    world.now = right.plus_seconds(60);
    let now = present(&world);
    assert!(!accepts(&mut world, &ada, &app, now));
    assert_eq!(world.class(), Some(Class::ClockBehind));

    repair(&mut world, &ada);

    assert!(world.events().any(
        |event| event.what == What::ClockRepaired && event.registration.as_ref() == Some(&app)
    ));
    // What could be shown up to now is used up: nobody knows what of it was accepted before.
    for step in now - 1..=now + 1 {
        assert!(!accepts(&mut world, &ada, &app, step));
        assert_eq!(world.class(), Some(Class::Replayed));
    }
    world.pass_seconds(60);
    assert!(accepts(&mut world, &ada, &app, now + 2));

    // When the time comes that the clock showed before, what was accepted then is used, and what was not is good.
    world.now = Timestamp::from_unix_seconds((used - 1) * 30);
    assert!(accepts(&mut world, &ada, &app, used - 1));
    world.now = ahead;
    for step in [used, used + 1] {
        assert!(!accepts(&mut world, &ada, &app, step));
        assert_eq!(world.class(), Some(Class::Replayed));
    }
    world.pass_seconds(60);
    assert!(accepts(&mut world, &ada, &app, used + 2));
}

#[test]
fn a_token_that_ran_ahead_and_was_set_right_is_good_again_once_it_is_repaired() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let factor = json!({ "totp": { "secret": KEY_BASE64, "drift": { "steps": 40 } } });
    let token = world.give(&ada, "token", Method::HardwareToken, factor);
    let ahead = present(&world) + 40;
    assert!(accepts(&mut world, &ada, &token, ahead));
    world.pass_seconds(60);
    let set_right = |world: &mut World, ada: &mut Person| {
        world.password(ada);
        let (older, newer) = (shown(present(world) - 1), shown(present(world)));
        let codes = ConsecutiveCodes::from([older.as_str(), newer.as_str()]);
        world.run(ada, |on| on.resynchronise(&token, codes))
    };
    assert!(
        set_right(&mut world, &mut ada).is_err(),
        "they lie before what was used"
    );

    repair(&mut world, &ada);

    assert!(
        set_right(&mut world, &mut ada).is_err(),
        "nothing before now is opened"
    );
    world.pass_seconds(90);
    set_right(&mut world, &mut ada).unwrap();
    world.pass_seconds(30);
    let now = present(&world);
    assert!(accepts(&mut world, &ada, &token, now));
    world.now = Timestamp::from_unix_seconds(ahead * 30);
    assert!(!accepts(&mut world, &ada, &token, ahead));
    assert!(accepts(&mut world, &ada, &token, ahead + 1));
}

#[test]
fn after_a_backup_nothing_is_good_that_a_token_ahead_or_behind_may_have_shown() {
    for steps in [-40, 40] {
        let mut world = World::new();
        let (ada, app, _) = ada(&mut world);
        world.plant(&ada, |stored| {
            stored["registrations"][0]["factor"]["totp"]["drift"] = json!({ "steps": steps });
        });
        let end = present(&world) + steps.max(0) + 1;
        burn(&mut world, &ada);
        let used = &world.stored(&ada)["registrations"][0]["factor"]["totp"]["used"];
        assert_eq!(used["up_to"], json!(end));
        assert!(!accepts(&mut world, &ada, &app, end));
    }
}

#[test]
fn after_a_repair_nothing_lies_further_off_than_a_lock() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let far = world.now.plus_days(3_000);
    let day = far.unix_seconds() / 86_400;
    let budget =
        json!({ "consecutive": 6, "locked_until": far, "days": [[day, 6]], "times": [far] });
    let sends = json!({ "recent": [[far, "app"]], "pushes": [far] });
    world.plant(&ada, |stored| {
        stored["enrolling"] = budget.clone();
        stored["registrations"][0]["budget"] = budget.clone();
        stored["registrations"][0]["first_factor_budget"] = budget;
        stored["sends"] = sends.clone();
        stored["first_factor_sends"] = sends.clone();
        stored["reconfirmed"] = json!(far);
        stored["campaign_snoozed"] = json!(far);
        stored["reset"] = json!({
            "locked_until": far, "failed_proofs": [far], "failed_validations": [far],
            "mails": [far], "sends": sends, "told": far,
        });
    });

    repair(&mut world, &ada);

    // Of a password reset, the longest lock.
    let latest = world.now.plus_days(1);
    let mut times = Vec::new();
    times_in(&world.stored(&ada), &mut times);
    assert!(times.len() > 15, "they are still there");
    assert_eq!(times.iter().max(), Some(&latest));
    let today = world.now.unix_seconds() / 86_400;
    let stored = world.stored(&ada);
    let registered = &stored["registrations"][0];
    for budget in [
        &stored["enrolling"],
        &registered["budget"],
        &registered["first_factor_budget"],
    ] {
        assert_eq!(budget["days"], json!([[today, 6]]));
    }
}

/// Every time that is stored.
fn times_in(value: &Value, times: &mut Vec<Timestamp>) {
    match value {
        Value::String(text) => times.extend(text.parse::<Timestamp>()),
        Value::Array(values) => values.iter().for_each(|value| times_in(value, times)),
        Value::Object(fields) => fields.values().for_each(|value| times_in(value, times)),
        _ => {}
    }
}

#[test]
fn repairing_twice_opens_nothing_more() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let step = present(&world);
    assert!(accepts(&mut world, &ada, &app, step));
    repair(&mut world, &ada);
    repair(&mut world, &ada);
    let stored = world.stored(&ada)["registrations"].clone();
    repair(&mut world, &ada);
    assert_eq!(world.stored(&ada)["registrations"], stored);
    assert!(!accepts(&mut world, &ada, &app, step));
}

#[test]
fn what_counts_instead_of_telling_the_time_is_not_touched_by_a_repair() {
    let mut world = World::new();
    let (ada, _, token) = ada(&mut world);
    answer(&mut world, &ada, &token, COUNTED[0]).unwrap();
    world.now = Timestamp::from_unix_seconds(0);
    repair(&mut world, &ada);
    assert!(answer(&mut world, &ada, &token, COUNTED[0]).is_err());
    answer(&mut world, &ada, &token, COUNTED[1]).unwrap();
}

#[test]
fn a_repair_ends_what_was_begun_in_the_future() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (mut ada, app, _) = ada(&mut world);
    let right = world.now;
    let before = ada.elsewhere();
    let signed_in = world.run(&before, |on| on.first_factor(None)).unwrap();
    world.pass_minutes(600);
    let _ = world.sign_in(&mut ada, &app);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    world.challenge(&ada, Purpose::StepUp);
    world.run(&ada, |on| on.reconfirm()).unwrap();
    world.now = right;

    repair(&mut world, &ada);

    let stored = world.stored(&ada);
    assert_eq!(
        stored["sessions"].as_array().unwrap().len(),
        1,
        "the one of before"
    );
    let mut before = before;
    before.session = Some(signed_in.session().clone());
    world.challenge(&before, Purpose::TwoStep);
    assert_eq!(stored.get("challenges"), None);
    assert_eq!(stored.get("remembered"), None);
    assert_eq!(stored["reconfirmed"], json!(right));
    assert_eq!(world.read(&ada, |on| on.next()), Next::SecondStep);
    world.pass_minutes(600);
    let token = token.token().expose();
    let (next, _) = world.password_on_device(&ada, token);
    assert_eq!(next, Next::SecondStep);
}

#[test]
fn a_repair_ends_challenges_and_enrolments_from_the_future_in_sessions_of_before() {
    let mut world = World::new();
    let (mut ada, ..) = ada(&mut world);
    let right = world.now;
    world.password(&mut ada);
    let session = world.stored(&ada)["sessions"][0]["id"].clone();
    let challenge = |world: &mut World| {
        let prompt = world.challenge(&ada, Purpose::TwoStep);
        prompt.challenge()
    };
    let enrolment = |world: &mut World| {
        let pending = json!({
            "id": "new", "session": session, "method": "email", "name": "new", "begun": world.now,
            "factor": { "email": { "address": "ada@example.org" } },
        });
        world.plant(&ada, |stored| stored["enrolment"] = pending);
    };
    let _ = challenge(&mut world);
    enrolment(&mut world);
    repair(&mut world, &ada);
    let stored = world.stored(&ada);
    assert_eq!(
        stored["challenges"].as_array().unwrap().len(),
        1,
        "it is of now"
    );
    assert!(stored.get("enrolment").is_some(), "it is of now");

    world.pass_minutes(600);
    let _ = challenge(&mut world);
    enrolment(&mut world);
    world.now = right;
    repair(&mut world, &ada);
    let stored = world.stored(&ada);
    assert_eq!(
        (stored.get("challenges"), stored.get("enrolment")),
        (None, None)
    );
    assert_eq!(stored["sessions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_lock_from_the_future_ends_as_one_from_now_would() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let right = world.now;
    world.pass_minutes(60 * 24 * 365);
    for _ in 0..6 {
        assert!(answer(&mut world, &ada, &app, "000000").is_err());
    }
    assert_eq!(world.class(), Some(Class::Locked));
    world.now = right;
    let code = shown(present(&world));
    assert!(answer(&mut world, &ada, &app, &code).is_err());
    assert_eq!(world.class(), Some(Class::Locked));

    repair(&mut world, &ada);

    assert!(
        answer(&mut world, &ada, &app, &code).is_err(),
        "it is still locked"
    );
    assert_eq!(world.class(), Some(Class::Locked));
    world.pass_seconds(HOUR);
    let code = shown(present(&world));
    answer(&mut world, &ada, &app, &code).unwrap();
    let day = right.unix_seconds() / 86_400;
    let budget = world.stored(&ada)["registrations"][0]["budget"].clone();
    assert_eq!(
        budget["days"],
        json!([[day, 5]]),
        "the failures are not forgotten"
    );
}

#[test]
fn after_a_repair_codes_are_sent_again() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let text = world.give_text(&ada, "text", "+31612345678");
    let right = world.now;
    world.pass_minutes(600);
    world.password(&mut ada);
    world.challenge(&ada, Purpose::TwoStep);
    assert!(world.sent_code().is_some());
    world.now = right;
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    assert!(prompt.asked().is_none(), "too soon, for ten hours");

    repair(&mut world, &ada);

    world.pass_minutes(1);
    let _ = world.sign_in_by_code(&mut ada, &text);
}

// --- After a backup ---------------------------------------------------------------------------------------------------

#[test]
fn after_a_backup_no_code_of_before_is_good() {
    let mut world = World::new();
    let (ada, app, token) = ada(&mut world);
    let backup = world.stored(&ada);
    let step = present(&world);
    assert!(accepts(&mut world, &ada, &app, step));
    for code in &COUNTED[..3] {
        answer(&mut world, &ada, &token, code).unwrap();
    }
    world.plant(&ada, |stored| *stored = backup);

    burn(&mut world, &ada);

    assert!(world.happened(&What::Burned));
    let by = PersonId::new("operator").unwrap();
    let notice = Notice::Administered {
        by,
        what: What::Burned,
        method: None,
    };
    assert!(world.notices().any(|sent| *sent == notice));
    for step in step - 1..=step + 1 {
        assert!(!accepts(&mut world, &ada, &app, step));
    }
    for code in &COUNTED[..3] {
        assert!(answer(&mut world, &ada, &token, code).is_err());
    }
    world.pass_seconds(90);
    assert!(accepts(&mut world, &ada, &app, step + 3));
    answer(&mut world, &ada, &token, COUNTED[3]).unwrap();
}

#[test]
fn a_counter_that_went_on_further_is_found_again_by_two_codes() {
    let mut world = World::new();
    let (mut ada, _, token) = ada(&mut world);
    burn(&mut world, &ada);
    assert!(answer(&mut world, &ada, &token, COUNTED[8]).is_err());
    world.password(&mut ada);
    let codes = ConsecutiveCodes::from([COUNTED[7], COUNTED[8]]);
    world
        .run(&ada, |on| on.resynchronise(&token, codes))
        .unwrap();
    answer(&mut world, &ada, &token, COUNTED[9]).unwrap();
}

#[test]
fn what_was_burned_is_not_opened_by_a_repair() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let right = world.now;
    burn(&mut world, &ada);
    let burned = present(&world);
    world.now = Timestamp::from_unix_seconds(right.unix_seconds() - 7_200);
    repair(&mut world, &ada);
    let now = present(&world);
    for step in now - 1..=now + 1 {
        assert!(!accepts(&mut world, &ada, &app, step));
    }
    world.now = right;
    for step in burned - 1..=burned + 1 {
        assert!(!accepts(&mut world, &ada, &app, step));
    }
}

#[test]
fn after_a_backup_what_may_have_been_used_or_revoked_is_void() {
    let mut world = World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft
            .methods
            .get_mut(&Method::TemporaryPass)
            .unwrap()
            .enabled = Some(true);
    });
    let (mut ada, app, _) = ada(&mut world);
    let visit = world.visit_by_root(&ada);
    let key = ada.key.clone();
    world
        .run_at(&key, &visit, |on| on.issue_pass(PassTerms::new()))
        .unwrap();
    let _ = world.sign_in(&mut ada, &app);
    let set = world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    let mail = world
        .run(&ada, |on| on.create_app_password("Mail"))
        .unwrap();
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    world.challenge(&ada, Purpose::StepUp);

    burn(&mut world, &ada);

    let stored = world.stored(&ada);
    for gone in ["sessions", "challenges", "remembered", "enrolment"] {
        assert_eq!(stored.get(gone), None, "{gone}");
    }
    let account = world.account(&ada.key);
    let left: Vec<_> = account
        .registrations()
        .map(|r| r.method().clone())
        .collect();
    let stays = [
        Method::OtherAuthenticator,
        Method::HardwareToken,
        Method::RecoveryCodes,
    ];
    assert_eq!(left, stays);
    assert_eq!(
        account.registrations().find_map(|r| r.codes_left()),
        Some(0)
    );
    let code = set.codes()[0].expose();
    assert!(answer(&mut world, &ada, set.registration(), code).is_err());
    let client = ada.elsewhere();
    let password = mail.password().expose();
    assert!(
        world
            .run(&client, |on| on.use_app_password(password))
            .is_err()
    );
    let token = token.token().expose();
    let (next, _) = world.password_on_device(&ada, token);
    assert_eq!(next, Next::SecondStep);
}

#[test]
fn what_would_be_the_last_counter_is_the_end_of_the_token() {
    let mut world = World::new();
    let ada = Person::new("ada");
    let factor = json!({ "hotp": { "secret": KEY_BASE64, "next": u64::MAX - 1 } });
    let token = world.give(&ada, "token", Method::HardwareToken, factor);
    burn(&mut world, &ada);
    assert_eq!(
        world.stored(&ada)["registrations"][0]["factor"]["hotp"]["next"],
        json!(null)
    );
    assert!(answer(&mut world, &ada, &token, COUNTED[0]).is_err());
}

// --- Any time at all --------------------------------------------------------------------------------------------------

#[test]
fn nothing_panics_at_the_ends_of_time() {
    let ends = [i64::MIN, -1, 0, 1, i64::MAX].map(Timestamp::from_unix_seconds);
    for (from, to) in ends
        .iter()
        .flat_map(|from| ends.iter().map(move |to| (*from, *to)))
    {
        let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
        let (mut ada, app, token) = ada(&mut world);
        world.give_text(&ada, "text", "+31612345678");
        for now in [from, to, from] {
            world.now = now;
            let code = shown(present(&world));
            let _ = answer(&mut world, &ada, &app, &code);
            let _ = answer(&mut world, &ada, &app, "000000");
            let _ = answer(&mut world, &ada, &token, COUNTED[0]);
            world.password(&mut ada);
            let _ = world.prove(&mut ada, Purpose::TwoStep, &token, Answer::Code(COUNTED[1]));
            let _ = world.run(&ada, |on| on.make_recovery_codes());
            let _ = world.run(&ada, |on| on.create_app_password("Mail"));
            let _ = world.run(&ada, |on| on.remember_device());
            let _ = world.run(&ada, |on| on.reconfirm());
            repair(&mut world, &ada);
            let _ = answer(&mut world, &ada, &app, &code);
            burn(&mut world, &ada);
            let _ = answer(&mut world, &ada, &app, &code);
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Move {
    /// To that second of a day.
    Clock(i64),
    /// A code of that many steps from now.
    Answer(i64),
    Repair,
    Burn,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => (0..2_400_i64).prop_map(Move::Clock),
        1 => prop_oneof![Just(86_400_i64), Just(-86_400), Just(i64::MAX), Just(i64::MIN)].prop_map(Move::Clock),
        8 => (-2..=2_i64).prop_map(Move::Answer),
        3 => Just(Move::Repair),
        1 => Just(Move::Burn),
    ];
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_step_is_accepted_twice_whatever_the_clock_does(moves in moves()) {
        let mut world = World::new();
        let (ada, app, _) = ada(&mut world);
        let start = world.now.unix_seconds();
        let mut accepted = BTreeSet::new();
        for step in moves {
            match step {
                Move::Clock(seconds) => {
                    world.now = Timestamp::from_unix_seconds(start.saturating_add(seconds));
                }
                Move::Answer(offset) => {
                    let step = present(&world).saturating_add(offset).max(0);
                    if accepts(&mut world, &ada, &app, step) {
                        prop_assert!(accepted.insert(step), "{step} twice");
                    } else if world.class() != Some(Class::ClockBehind) {
                        // No lock hides what is asked here.
                        world.plant(&ada, |stored| stored["registrations"][0]["budget"] = json!({}));
                    }
                }
                Move::Repair => repair(&mut world, &ada),
                Move::Burn => burn(&mut world, &ada),
            }
        }
    }
}
