//! Hardware tokens: imported once, and found again when they ran away.

use crate::common::{Person, World, code_of, wrong};
use mfa_flow::{
    Answer, Change, Class, Enrol, Enrolled, Enrolling, HardwareToken, HardwareTokenError,
    Operation, Proof, Refused, Test, What,
};
use mfa_policy::{Method, Purpose, Reason, RegistrationId};
use otp_core::{Counter, Hotp, HotpParameters, Period, Secret, TotpParameters, UnixTime};

const SEED: [u8; 20] = [0x5a; 20];

fn seed() -> Secret {
    Secret::import(&SEED).unwrap()
}

fn timed(serial: &str) -> HardwareToken {
    HardwareToken::totp(serial, seed(), TotpParameters::default()).unwrap()
}

fn counted(serial: &str) -> HardwareToken {
    HardwareToken::hotp(serial, seed(), HotpParameters::default(), Counter::new(0)).unwrap()
}

/// What the token shows after that many presses.
fn press(counter: u64) -> String {
    let hotp = Hotp::new(&seed(), HotpParameters::default());
    hotp.generate(Counter::new(counter)).as_str().to_owned()
}

/// What the token shows if its clock is that many steps ahead.
fn shows(world: &World, steps: i64) -> String {
    let now = world
        .unix()
        .secs()
        .saturating_add_signed(steps.saturating_mul(30));
    let now = UnixTime::from_secs(now);
    code_of(&SEED, TotpParameters::default(), now)
}

/// An administrator with a proof of the second factor.
struct Desk {
    administrator: Person,
    proof: Proof,
}

impl Desk {
    fn new(world: &mut World) -> Self {
        Self::with(world, Person::administrator("grace"))
    }

    fn with(world: &mut World, mut administrator: Person) -> Self {
        let own = world.give_totp(&administrator, "own");
        let proof = world.sign_in(&mut administrator, &own);
        Self {
            administrator,
            proof,
        }
    }

    fn acts<T>(
        &self,
        world: &mut World,
        person: &Person,
        decide: impl FnMut(Operation<'_>) -> Change<T>,
    ) -> T {
        let visit = world.visit_by(&self.administrator, &self.proof, person);
        world.run_at(&person.key, &visit, decide)
    }

    fn begin(
        &self,
        world: &mut World,
        person: &Person,
        token: &HardwareToken,
    ) -> Result<Enrolling, Refused> {
        self.acts(world, person, |on| {
            on.begin_enrolment(Enrol::HardwareToken(token), "fob")
        })
    }

    fn import(
        &self,
        world: &mut World,
        person: &Person,
        token: &HardwareToken,
        test: Test<'_>,
    ) -> Result<Enrolled, Refused> {
        let enrolling = self.begin(world, person, token)?;
        let id = enrolling.registration();
        self.acts(world, person, |on| on.confirm_enrolment(id, test))
    }
}

/// A person with such a token, in a session with the password.
fn with_token(token: &HardwareToken) -> (World, Desk, Person, RegistrationId) {
    let mut world = World::new();
    let desk = Desk::new(&mut world);
    let mut ada = Person::new("ada");
    let (code, first) = (shows(&world, 0), press(0));
    let enrolled = desk
        .import(&mut world, &ada, token, Test::Code(&code))
        .or_else(|_| desk.import(&mut world, &ada, token, Test::Code(&first)))
        .unwrap();
    world.password(&mut ada);
    let id = enrolled.registration().clone();
    (world, desk, ada, id)
}

fn signs_in(world: &mut World, person: &mut Person, id: &RegistrationId, code: &str) -> bool {
    let answer = Answer::Code(code);
    world.prove(person, Purpose::TwoStep, id, answer).is_ok()
}

#[test]
fn a_token_is_made_of_a_serial_number_and_a_seed_that_is_long_enough() {
    let parameters = TotpParameters::default();
    assert_eq!(timed(" ab-12 34 ").serial(), "AB1234");
    let long = "9".repeat(65);
    for serial in ["", " - ", "ü", "a\u{7f}", &long] {
        let token = HardwareToken::totp(serial, seed(), parameters);
        assert_eq!(token.unwrap_err(), HardwareTokenError::Serial, "{serial:?}");
    }
    let short = Secret::import(&[1; 15]).unwrap();
    let token = HardwareToken::hotp("1", short, HotpParameters::default(), Counter::new(0));
    assert_eq!(token.unwrap_err(), HardwareTokenError::ShortSeed);
    for seconds in [10, 61] {
        let parameters = parameters.with_period(Period::new(seconds).unwrap());
        let token = HardwareToken::totp("1", seed(), parameters);
        assert_eq!(token.unwrap_err(), HardwareTokenError::Period);
    }
    assert!(!format!("{:?}", timed("1")).contains("90"), "redacted");
}

#[test]
fn a_person_registers_no_token_alone() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    world.password(&mut ada);
    let token = timed("1");
    let refused = world.run(&ada, |on| {
        on.begin_enrolment(Enrol::HardwareToken(&token), "fob")
    });
    assert!(matches!(refused, Err(Refused::Policy(decision))
        if matches!(decision.reasons(), [Reason::AdministratorOnly { .. }])));
}

#[test]
fn a_serial_number_belongs_to_one_person() {
    let (mut world, desk, ada, _) = with_token(&timed("AB-12"));
    // Written in another way it is the same.
    let again = timed("ab 12");
    let refused = desk.begin(&mut world, &ada, &again).unwrap_err();
    assert!(matches!(&refused, Refused::Policy(decision)
        if matches!(decision.reasons(), [Reason::AlreadyRegistered { .. }])));

    let bob = Person::new("bob");
    world.pass_seconds(30);
    let code = shows(&world, 0);
    let refused = desk
        .import(&mut world, &bob, &again, Test::Code(&code))
        .unwrap_err();
    assert!(matches!(&refused, Refused::Policy(decision)
        if matches!(decision.reasons(), [Reason::RegisteredElsewhere { .. }])));
    assert!(world.account(&bob.key).registrations().next().is_none());
    assert!(world.stored(&bob).get("enrolment").is_none());
    // In another organisation there may be the same number.
    let mut grace = Person::of("other", "grace");
    grace.subject = grace.subject.administrator();
    let elsewhere = Desk::with(&mut world, grace);
    let code = shows(&world, 0);
    let zoe = Person::of("other", "zoe");
    let test = Test::Code(&code);
    assert!(elsewhere.import(&mut world, &zoe, &again, test).is_ok());
    let other = timed("AB-13");
    assert!(
        desk.import(&mut world, &bob, &other, Test::Code(&code))
            .is_ok()
    );
}

#[test]
fn a_serial_number_is_free_again_when_its_token_is_removed() {
    let (mut world, desk, ada, id) = with_token(&timed("AB-12"));
    desk.acts(&mut world, &ada, |on| {
        on.remove_for_person(&id, mfa_flow::Confirmed::after_asking())
    })
    .unwrap();
    let bob = Person::new("bob");
    world.pass_seconds(30);
    let code = shows(&world, 0);
    let token = timed("AB-12");
    assert!(
        desk.import(&mut world, &bob, &token, Test::Code(&code))
            .is_ok()
    );
}

#[test]
fn two_codes_pass_the_test_where_the_clock_of_the_token_is_off() {
    for steps in [-90, 90] {
        let mut world = World::new();
        let desk = Desk::new(&mut world);
        let mut ada = Person::new("ada");
        let (first, second) = (shows(&world, steps - 1), shows(&world, steps));
        let token = timed("1");
        let alone = desk.import(&mut world, &ada, &token, Test::Code(&second));
        assert!(alone.is_err());
        let swapped = [second.as_str(), first.as_str()];
        let swapped = Test::ConsecutiveCodes(swapped.into());
        assert!(desk.import(&mut world, &ada, &token, swapped).is_err());
        let both = Test::ConsecutiveCodes([first.as_str(), second.as_str()].into());
        let enrolled = desk.import(&mut world, &ada, &token, both).unwrap();
        world.password(&mut ada);
        let id = enrolled.registration();
        assert!(!signs_in(&mut world, &mut ada, id, &second), "used up");
        let next = shows(&world, steps + 1);
        assert!(signs_in(&mut world, &mut ada, id, &next));
    }
}

#[test]
fn a_token_that_ran_away_is_found_again_by_the_person() {
    let (mut world, _, mut ada, id) = with_token(&timed("1"));
    world.pass_minutes(1);
    let code = shows(&world, 50);
    assert!(!signs_in(&mut world, &mut ada, &id, &code));
    let codes = [shows(&world, 49), shows(&world, 50)];
    let codes = codes.each_ref().map(String::as_str);
    world
        .run(&ada, |on| on.resynchronise(&id, codes.into()))
        .unwrap();
    assert!(world.happened(&What::Resynchronised {
        result: Class::Accepted
    }));
    for used in codes {
        assert!(!signs_in(&mut world, &mut ada, &id, used));
    }
    let next = shows(&world, 51);
    assert!(signs_in(&mut world, &mut ada, &id, &next));
}

#[test]
fn a_token_whose_button_was_pressed_often_is_found_again_by_an_administrator() {
    let (mut world, desk, mut ada, id) = with_token(&counted("1"));
    assert!(!signs_in(&mut world, &mut ada, &id, &press(60)));
    let codes = [press(60), press(61), press(62)];
    let codes = codes.each_ref().map(String::as_str);
    desk.acts(&mut world, &ada, |on| on.resynchronise(&id, codes.into()))
        .unwrap();
    let again = desk.acts(&mut world, &ada, |on| on.resynchronise(&id, codes.into()));
    assert!(again.is_err(), "codes are used once");
    assert!(!signs_in(&mut world, &mut ada, &id, &press(62)));
    assert!(signs_in(&mut world, &mut ada, &id, &press(63)));
}

#[test]
fn looking_for_a_token_is_counted_on_the_token() {
    let (mut world, desk, mut ada, id) = with_token(&counted("1"));
    for _ in 0..5 {
        let codes = [wrong(&press(60)), press(61)];
        let codes = codes.each_ref().map(String::as_str);
        let found = world.run(&ada, |on| on.resynchronise(&id, codes.into()));
        assert!(matches!(found, Err(Refused::Rejected(_))));
    }
    // Locked for the code and for the right pair, whoever brings it.
    assert!(!signs_in(&mut world, &mut ada, &id, &press(1)));
    assert_eq!(world.class(), Some(Class::Locked));
    let codes = [press(60), press(61)];
    let codes = codes.each_ref().map(String::as_str);
    let found = world.run(&ada, |on| on.resynchronise(&id, codes.into()));
    assert!(found.is_err());
    let found = desk.acts(&mut world, &ada, |on| on.resynchronise(&id, codes.into()));
    assert!(found.is_err());
    world.pass_seconds(30);
    assert!(
        world
            .run(&ada, |on| on.resynchronise(&id, codes.into()))
            .is_ok()
    );
}

#[test]
fn nobody_without_the_password_looks_for_a_token_and_nothing_else_is_one() {
    let (mut world, _, mut ada, id) = with_token(&counted("1"));
    let codes = [press(60), press(61)];
    let codes = codes.each_ref().map(String::as_str);
    let stranger = ada.elsewhere();
    let found = world.run(&stranger, |on| on.resynchronise(&id, codes.into()));
    assert!(matches!(found, Err(Refused::Rejected(_))));
    let budget = world.stored(&ada)["registrations"][0]
        .get("budget")
        .cloned();
    assert_eq!(budget, None, "a stranger costs nothing");

    let app = world.give_totp(&ada, "app");
    let codes = [world.code(), world.code()];
    let codes = codes.each_ref().map(String::as_str);
    let found = world.run(&ada, |on| on.resynchronise(&app, codes.into()));
    assert!(matches!(found, Err(Refused::Rejected(_))));
    assert!(world.happened(&What::Resynchronised {
        result: Class::NoFactor
    }));
    assert!(signs_in(&mut world, &mut ada, &id, &press(1)));
}

#[test]
fn an_administrator_without_a_fresh_proof_looks_for_no_token() {
    let (mut world, desk, ada, id) = with_token(&counted("1"));
    world.pass_minutes(10);
    let codes = [press(60), press(61)];
    let codes = codes.each_ref().map(String::as_str);
    let found = desk.acts(&mut world, &ada, |on| on.resynchronise(&id, codes.into()));
    assert!(matches!(found, Err(Refused::Policy(_))));
}

#[test]
fn looking_for_a_token_proves_nothing() {
    let (mut world, _, ada, id) = with_token(&counted("1"));
    let codes = [press(60), press(61)];
    let codes = codes.each_ref().map(String::as_str);
    world
        .run(&ada, |on| on.resynchronise(&id, codes.into()))
        .unwrap();
    assert_eq!(world.read(&ada, |on| on.next()), mfa_flow::Next::SecondStep);
}

#[test]
fn a_token_of_a_past_counter_is_not_wound_back() {
    let (mut world, _, ada, id) = with_token(&counted("1"));
    let methods: Vec<Method> = world
        .account(&ada.key)
        .registrations()
        .map(|r| r.method().clone())
        .collect();
    assert_eq!(methods, [Method::HardwareToken]);
    // The code of the test was that of counter 0.
    let codes = [press(0), press(1)];
    let codes = codes.each_ref().map(String::as_str);
    let found = world.run(&ada, |on| on.resynchronise(&id, codes.into()));
    assert!(matches!(found, Err(Refused::Rejected(_))));
}
