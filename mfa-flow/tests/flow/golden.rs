//! Accounts as they were stored, kept as files: every later version reads them, and writes them as they were.
//!
//! `RENEW=1 cargo test -p mfa-flow --test flow golden` writes them anew, for a schema that nobody has stored yet.

use std::fs;
use std::path::PathBuf;

use crate::common::{NUMBER, Person, World, approved, code_of, device, shown_key, wrong};
use mfa_flow::{
    Account, Answer, AppKey, EmailAddress, Enrol, Enrolling, HardwareToken, Instruction,
    NewExternal, NewSecurityKey, PassTerms, PhoneNumber, Question, StoredError, Test,
};
use mfa_policy::{ExternalName, Method, MethodDraft, PersonId, Purpose, RegistrationId};
use otp_core::{Algorithm, Counter, Digits, HotpParameters, Secret, TotpParameters};
use serde_json::{Value, json};

type Make = fn() -> Value;

/// One account for each kind of registration and each state in which something can be.
const SAMPLES: [(&str, Make); 19] = [
    ("password-only", password_only),
    ("password-locked", password_locked),
    ("authenticator-app", authenticator_app),
    ("authenticator-app-waiting", authenticator_app_waiting),
    ("authenticator-app-pairing", authenticator_app_pairing),
    ("other-authenticators", other_authenticators),
    ("telephone", telephone),
    ("telephone-pending", telephone_pending),
    ("hardware-tokens", hardware_tokens),
    ("hardware-tokens-deactivated", hardware_tokens_deactivated),
    ("security-key", security_key),
    ("mailbox-reset", mailbox_reset),
    ("questions-asked", questions_asked),
    ("recovery-codes", recovery_codes),
    ("app-password-and-pass", app_password_and_pass),
    ("external", external),
    ("disabled-and-suspended", disabled_and_suspended),
    ("remembered-device", remembered_device),
    (FIVE_METHODS, five_methods),
];

const NAME: &str = "Ada's telephone";

fn begin(world: &mut World, person: &Person, what: Enrol<'_>) -> Enrolling {
    let begun = world.run(person, |on| on.begin_enrolment(what, NAME));
    begun.unwrap()
}

fn confirm(
    world: &mut World,
    person: &mut Person,
    of: &Enrolling,
    test: Test<'_>,
) -> RegistrationId {
    let confirmed = world.confirm(person, of.registration(), test);
    confirmed.unwrap().registration().clone()
}

fn begun() -> (World, Person) {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    world.password(&mut ada);
    (world, ada)
}

fn signed_in(mut world: World) -> (World, Person) {
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "own");
    let proof = world.sign_in(&mut ada, &app);
    assert_eq!(proof.registration(), &app);
    (world, ada)
}

fn administered<T>(
    world: &mut World,
    person: &Person,
    decide: impl FnMut(mfa_flow::Operation<'_>) -> mfa_flow::Change<T>,
) -> T {
    let visit = world.visit_by_root(person);
    world.run_at(&person.key, &visit, decide)
}

fn password_only() -> Value {
    let (world, ada) = begun();
    world.stored(&ada)
}

fn password_locked() -> Value {
    let (mut world, ada) = begun();
    for number in 0..11 {
        let tried = world.run(&ada.elsewhere(), |on| {
            on.password_tried(&number.to_string())
        });
        assert_eq!(tried.is_open(), number < 10);
    }
    world.stored(&ada)
}

fn app(world: &mut World, ada: &mut Person) -> RegistrationId {
    app_at(world, ada, "apns:1")
}

fn app_at(world: &mut World, ada: &mut Person, address: &str) -> RegistrationId {
    let id = world.pair(ada, NAME, address, &device());
    world.approve_test(ada);
    let _ = world.confirm(ada, &id, Test::Approved).unwrap();
    id
}

fn authenticator(
    world: &mut World,
    ada: &mut Person,
    what: Enrol<'_>,
    parameters: TotpParameters,
) -> RegistrationId {
    let enrolling = begin(world, ada, what);
    let code = code_of(&shown_key(&enrolling), parameters, world.unix());
    confirm(world, ada, &enrolling, Test::Code(&code))
}

/// Notification, code and sign-in without a password, on one device.
fn authenticator_app() -> Value {
    let (mut world, mut ada) = begun();
    let push = app(&mut world, &mut ada);
    let account = otp_uri::Account::new("ada@example.com").unwrap();
    let what = Enrol::AuthenticatorCode {
        on: Some(&push),
        key: AppKey::new(&account),
    };
    authenticator(&mut world, &mut ada, what, TotpParameters::default());
    let enrolling = begin(&mut world, &ada, Enrol::PhoneSignIn { push: &push });
    let Instruction::MatchNumber(number) = *enrolling.instruction() else {
        panic!("no number to show");
    };
    let request = world.sent_request().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    confirm(&mut world, &mut ada, &enrolling, Test::Approved);
    world.stored(&ada)
}

/// A notification that was approved, and that nobody has collected; and one in the place of a password.
fn authenticator_app_waiting() -> Value {
    let (mut world, mut ada) = begun();
    app(&mut world, &mut ada);
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let request = world.sent_request().unwrap();
    let number = prompt.asked().unwrap().number().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    world.run(&ada.elsewhere(), |on| on.begin_phone_sign_in());
    world.stored(&ada)
}

fn authenticator_app_pairing() -> Value {
    let (mut world, ada) = begun();
    begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None });
    world.stored(&ada)
}

/// SHA-256 and eight digits; codes that were used, came late, were wrong.
fn other_authenticators() -> Value {
    let (mut world, mut ada) = begun();
    let account = otp_uri::Account::new("ada@example.com").unwrap();
    let parameters = TotpParameters::default()
        .with_algorithm(Algorithm::Sha256)
        .with_digits(Digits::Eight);
    let key = AppKey::new(&account).with_parameters(parameters);
    let what = Enrol::OtherAuthenticator { key };
    authenticator(&mut world, &mut ada, what, parameters);
    let own = world.give_totp(&ada, "own");
    for late in [0, 29, 28] {
        let code = world.code();
        world.pass_seconds(late);
        world.password(&mut ada);
        let proof = world.prove(&mut ada, Purpose::TwoStep, &own, Answer::Code(&code));
        assert!(proof.is_ok());
        world.pass_seconds(61);
    }
    world.password(&mut ada);
    for _ in 0..6 {
        let code = wrong(&world.code());
        let proof = world.prove(&mut ada, Purpose::TwoStep, &own, Answer::Code(&code));
        assert!(proof.is_err());
    }
    world.stored(&ada)
}

/// A text and a call to one number, and a code that was sent.
fn telephone() -> Value {
    let (mut world, mut ada) = begun();
    let number = PhoneNumber::new(NUMBER).unwrap();
    let text = begin(&mut world, &ada, Enrol::Text(&number));
    let code = world.sent_code().unwrap();
    confirm(&mut world, &mut ada, &text, Test::Code(&code));
    world.pass_minutes(1);
    let call = begin(&mut world, &ada, Enrol::CallMobile(&number));
    world.press_hash(&ada);
    let call = confirm(&mut world, &mut ada, &call, Test::Approved);
    world.pass_minutes(1);
    world.password(&mut ada);
    world.challenge(&ada, Purpose::TwoStep);
    world.pass_minutes(1);
    let mut other = ada.elsewhere();
    world.password(&mut other);
    let prompt = world.challenge(&other, Purpose::TwoStep);
    let challenge = prompt.challenge();
    world.ask(&other, challenge, &call);
    world.stored(&ada)
}

/// A number that waits for its test, and tests that were failed.
fn telephone_pending() -> Value {
    let (mut world, ada) = begun();
    let number = PhoneNumber::new(NUMBER).unwrap();
    let text = begin(&mut world, &ada, Enrol::Text(&number));
    let code = wrong(&world.sent_code().unwrap());
    for _ in 0..5 {
        let id = text.registration();
        let failed = world.run(&ada, |on| on.confirm_enrolment(id, Test::Code(&code)));
        assert!(failed.is_err());
    }
    world.stored(&ada)
}

/// A counter token and one of time, of which the serial numbers are claimed.
fn tokens() -> (World, Person) {
    let (mut world, ada) = signed_in(World::new());
    let seed = || Secret::import(&[0x5a; 20]).unwrap();
    let parameters = HotpParameters::default();
    let counted = HardwareToken::hotp("A1", seed(), parameters, Counter::new(0)).unwrap();
    let timed = HardwareToken::totp("A2", seed(), TotpParameters::default()).unwrap();
    let counter = otp_core::Hotp::new(&seed(), parameters).generate(Counter::new(0));
    let time = code_of(&[0x5a; 20], TotpParameters::default(), world.unix());
    let (grace, proof) = world.administrator("grace");
    for (token, code) in [(&counted, counter.as_str()), (&timed, time.as_str())] {
        let visit = world.visit_by(&grace, &proof, &ada);
        let enrol = Enrol::HardwareToken(token);
        let begun = world.run_at(&ada.key, &visit, |on| on.begin_enrolment(enrol, "token"));
        let begun = begun.unwrap();
        let id = begun.registration();
        let bound = world.run_at(&ada.key, &visit, |on| {
            on.confirm_enrolment(id, Test::Code(code))
        });
        assert!(bound.is_ok(), "{bound:?}");
    }
    (world, ada)
}

fn hardware_tokens() -> Value {
    let (world, ada) = tokens();
    world.stored(&ada)
}

fn hardware_tokens_deactivated() -> Value {
    let (mut world, ada) = tokens();
    administered(&mut world, &ada, |on| on.require_registration()).unwrap();
    world.stored(&ada)
}

fn security_key() -> Value {
    let (mut world, mut ada) = signed_in(World::new());
    let enrolling = begin(&mut world, &ada, Enrol::SecurityKey);
    let key = NewSecurityKey {
        credential: "Y3JlZGVudGlhbA",
        data: r#"{"cred":"…"}"#,
        sign_count: 3,
        user_verified: true,
    };
    confirm(&mut world, &mut ada, &enrolling, Test::SecurityKey(key));
    world.stored(&ada)
}

/// A reset with a mail that was sent and a wrong answer.
fn mailbox_reset() -> Value {
    let (mut world, mut ada) = begun();
    let address = EmailAddress::new("ada@example.com").unwrap();
    let mailbox = begin(&mut world, &ada, Enrol::Email(&address));
    let code = world.sent_code().unwrap();
    let mailbox = confirm(&mut world, &mut ada, &mailbox, Test::Code(&code));
    world.give_text(&ada, "text", NUMBER);
    world.pass_minutes(1);
    let (reset, prompt) = world.begin_reset(&ada);
    let challenge = prompt.challenge();
    world.ask(&reset, challenge, &mailbox);
    let code = wrong(&world.sent_code().unwrap());
    let answer = Answer::Code(&code);
    let failed = world.run(&reset, |on| on.answer(challenge, &mailbox, answer));
    assert!(failed.is_err());
    world.stored(&ada)
}

/// Questions that were answered once and are asked now, in a reset.
fn questions_asked() -> Value {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let text = world.give_text(&ada, "text", NUMBER);
    let proof = world.sign_in_by_code(&mut ada, &text);
    assert_eq!(proof.registration(), &text);
    let answers = ["Fiets", "Den Haag", "Straße", "各各各", "Ada Byron"];
    let answers: Vec<_> = (1..).map(Question::Standard).zip(answers).collect();
    let questions = world.run(&ada, |on| on.set_questions(&answers)).unwrap();
    world.pass_minutes(1);
    let (reset, prompt) = world.begin_reset(&ada);
    let challenge = prompt.challenge();
    world.ask(&reset, challenge, &questions);
    world.stored(&ada)
}

/// Nine codes that are left.
fn recovery_codes() -> Value {
    let (mut world, mut ada) = signed_in(World::new());
    let made = world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    world.password(&mut ada);
    let code = made.codes().first().unwrap().expose();
    let answer = Answer::Code(code);
    let proof = world.prove(&mut ada, Purpose::TwoStep, made.registration(), answer);
    assert!(proof.is_ok());
    world.stored(&ada)
}

fn app_password_and_pass() -> Value {
    let world = World::with(|draft| {
        let rule = draft.methods.get_mut(&Method::TemporaryPass);
        rule.unwrap().enabled = Some(true);
    });
    let (mut world, ada) = signed_in(world);
    let made = world.run(&ada, |on| on.create_app_password("Thunderbird"));
    assert!(made.is_ok());
    let terms = PassTerms::new().for_minutes(60).one_time();
    let pass = administered(&mut world, &ada, |on| on.issue_pass(terms));
    assert!(pass.is_ok());
    world.stored(&ada)
}

fn external() -> Value {
    let name = ExternalName::new("certificate").unwrap();
    let world = World::with(|draft| {
        let rule = MethodDraft {
            enabled: Some(true),
            purposes: Some([Purpose::TwoStep, Purpose::ManageSecurityInfo].into()),
            ..MethodDraft::default()
        };
        draft.methods.insert(Method::External(name.clone()), rule);
    });
    let (mut world, mut ada) = signed_in(world);
    let enrolling = begin(&mut world, &ada, Enrol::External(&name));
    let new = NewExternal {
        identity: "sha256:00112233",
        data: "CN=ada",
    };
    confirm(&mut world, &mut ada, &enrolling, Test::External(new));
    world.stored(&ada)
}

/// A factor that was guessed at too often, in an account that the operator has switched off.
fn disabled_and_suspended() -> Value {
    let world = World::with(|draft| {
        draft.lockout.free_failures = Some(2);
        draft.lockout.consecutive_failures = Some(3);
    });
    let (mut world, mut ada) = signed_in(world);
    let own = RegistrationId::new("own").unwrap();
    world.password(&mut ada);
    for _ in 0..3 {
        world.pass_minutes(2);
        let code = wrong(&world.code());
        let proof = world.prove(&mut ada, Purpose::TwoStep, &own, Answer::Code(&code));
        assert!(proof.is_err());
    }
    let visit = world.visit(&ada.elsewhere());
    let visit = visit.by_operator(PersonId::new("night-shift").unwrap());
    world.run_at(&ada.key, &visit, |on| on.suspend()).unwrap();
    world.stored(&ada)
}

fn remembered_device() -> Value {
    let (mut world, mut ada) = signed_in(World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
    }));
    ada.origin = Some("Firefox, Utrecht".to_owned());
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let token = token.token().expose().to_owned();
    let browser = ada.elsewhere();
    let spared = world.run(&browser, |on| on.first_factor(Some(&token)));
    assert!(spared.is_ok());
    world.run(&ada, |on| on.reconfirm()).unwrap();
    world.stored(&ada)
}

const FIVE_METHODS: &str = "five-methods";

/// What somebody has who has everything: the app with notifications and codes, a number with texts and calls, a key, a mailbox
/// and recovery codes; used for a while, in two browsers. Addresses and keys are as long as those in use.
fn five_methods() -> Value {
    let (mut world, mut ada) = begun();
    let push = app_at(
        &mut world,
        &mut ada,
        &format!("fcm:{}", "dGVzdA".repeat(26)),
    );
    let account = otp_uri::Account::new("ada@example.com").unwrap();
    let what = Enrol::AuthenticatorCode {
        on: Some(&push),
        key: AppKey::new(&account),
    };
    let enrolling = begin(&mut world, &ada, what);
    let key = shown_key(&enrolling);
    let code = |world: &World| code_of(&key, TotpParameters::default(), world.unix());
    let first = code(&world);
    let app = confirm(&mut world, &mut ada, &enrolling, Test::Code(&first));
    let number = PhoneNumber::new(NUMBER).unwrap();
    let text = begin(&mut world, &ada, Enrol::Text(&number));
    let sent = world.sent_code().unwrap();
    confirm(&mut world, &mut ada, &text, Test::Code(&sent));
    world.pass_minutes(1);
    let call = begin(&mut world, &ada, Enrol::CallMobile(&number));
    world.press_hash(&ada);
    confirm(&mut world, &mut ada, &call, Test::Approved);
    let credential = "Ab3_".repeat(22);
    let data = format!(
        r#"{{"cred_id":"{credential}","cred":{{"type_":"ES256","key":{{"EC_EC2":{{"curve":"SECP256R1","x":"{0}","y":"{0}"}}}}}}}}"#,
        "Zz9-".repeat(11)
    );
    let enrolling = begin(&mut world, &ada, Enrol::SecurityKey);
    let new = NewSecurityKey {
        credential: &credential,
        data: &data,
        sign_count: 42,
        user_verified: true,
    };
    confirm(&mut world, &mut ada, &enrolling, Test::SecurityKey(new));
    let address = EmailAddress::new("ada.lovelace@mail.example.com").unwrap();
    let mailbox = begin(&mut world, &ada, Enrol::Email(&address));
    let sent = world.sent_code().unwrap();
    confirm(&mut world, &mut ada, &mailbox, Test::Code(&sent));
    world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    world.run(&ada, |on| on.sign_out());
    // Some weeks of signing in by the code, with a slip now and then; two browsers stay signed in.
    for day in 0..12 {
        world.pass_minutes(24 * 60);
        let mut browser = ada.elsewhere();
        world.password(&mut browser);
        if day % 3 == 0 {
            let slip = wrong(&code(&world));
            let slip = Answer::Code(&slip);
            assert!(
                world
                    .prove(&mut browser, Purpose::TwoStep, &app, slip)
                    .is_err()
            );
        }
        let right = code(&world);
        let right = Answer::Code(&right);
        let proof = world.prove(&mut browser, Purpose::TwoStep, &app, right);
        browser.session = Some(proof.unwrap().session().clone());
        if day < 10 {
            world.run(&browser, |on| on.sign_out());
        }
    }
    world.stored(&ada)
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    folder.join(name).with_extension("json")
}

/// What is kept of a sample. Every file ends where a line ends.
fn kept(name: &str) -> Vec<u8> {
    let mut bytes = fs::read(path(name)).unwrap();
    assert_eq!(bytes.pop(), Some(b'\n'));
    bytes
}

fn read(stored: &[u8]) -> Result<Account, StoredError> {
    Account::from_stored(Person::new("ada").key, mfa_flow::Version::new(7), stored)
}

#[test]
fn every_sample_is_read_and_written_as_it_was() {
    for (name, make) in SAMPLES {
        if std::env::var_os("RENEW").is_some() {
            // In the order in which the crate writes it.
            let made = serde_json::to_vec(&make()).unwrap();
            let mut made = read(&made).unwrap().to_stored().to_vec();
            made.push(b'\n');
            fs::write(path(name), made).unwrap();
        }
        let kept = kept(name);
        let account = read(&kept).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(*account.to_stored(), kept, "{name}");
    }
}

/// What sealing adds is a nonce of 24 bytes and a tag of 16 (XChaCha20-Poly1305), and what says by which key.
#[test]
fn an_account_with_five_methods_stays_within_four_kibibytes_when_it_is_sealed() {
    let length = kept(FIVE_METHODS).len();
    println!("five methods: {length} bytes");
    assert!(length.saturating_add(64) <= 4096, "{length}");
    let account = read(&kept(FIVE_METHODS)).unwrap();
    assert_eq!(account.registrations().count(), 7);
    let devices: std::collections::BTreeSet<_> = account
        .registrations()
        .map(|registered| registered.device().cloned().ok_or(registered.id().clone()))
        .collect();
    assert_eq!(devices.len(), 5);
    let view: Value = serde_json::from_slice(&kept(FIVE_METHODS)).unwrap();
    assert_eq!(view["sessions"].as_array().map(Vec::len), Some(2));
    assert_eq!(account.history().len(), 7);
}

#[test]
fn every_sample_can_still_be_made() {
    for (name, make) in SAMPLES {
        let made = read(&serde_json::to_vec(&make()).unwrap()).unwrap();
        let (made, kept): (Value, Value) = (
            serde_json::from_slice(&made.to_stored()).unwrap(),
            serde_json::from_slice(&kept(name)).unwrap(),
        );
        // Random values are of the fixed source, so only a change of the form or of what is drawn can differ.
        assert_eq!(shape(&made), shape(&kept), "{name}");
    }
}

/// The names that stand in it, and of what kind their values are.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), shape(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => {
            let mut shapes: Vec<Value> = items.iter().map(shape).collect();
            shapes.dedup();
            Value::Array(shapes)
        }
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("text"),
    }
}

#[test]
fn what_a_newer_version_wrote_is_refused() {
    for (name, _) in SAMPLES {
        let mut stored: Value = serde_json::from_slice(&kept(name)).unwrap();
        let schema = stored["schema"].as_u64().unwrap();
        stored["schema"] = json!(schema.saturating_add(1));
        // Also where it holds what this version does not know.
        stored["new"] = json!({ "field": 1 });
        let newer = serde_json::to_vec(&stored).unwrap();
        assert_eq!(read(&newer).err(), Some(StoredError::Newer), "{name}");
    }
}

#[test]
fn what_is_cut_off_anywhere_is_malformed() {
    for (name, _) in SAMPLES {
        let kept = kept(name);
        for end in 0..kept.len() {
            let error = read(&kept[..end]).err();
            assert_eq!(error, Some(StoredError::Malformed), "{name} to {end}");
        }
    }
}

#[test]
fn what_has_another_byte_anywhere_is_malformed_or_is_read_and_written_again() {
    for (name, _) in SAMPLES {
        let kept = kept(name);
        for place in 0..kept.len() {
            for other in [b'"', b'0', 0xff] {
                let mut garbled = kept.clone();
                garbled[place] = other;
                match read(&garbled) {
                    Err(StoredError::Malformed | StoredError::Newer) => {}
                    Err(error) => panic!("{name} at {place}: {error}"),
                    Ok(account) => {
                        let stored = account.to_stored();
                        let again = read(&stored).unwrap();
                        assert_eq!(*again.to_stored(), *stored, "{name} at {place}");
                    }
                }
            }
        }
    }
}

/// Every object of every sample, with a field more.
#[test]
fn what_has_a_field_that_nobody_knows_is_malformed() {
    for (name, _) in SAMPLES {
        let stored: Value = serde_json::from_slice(&kept(name)).unwrap();
        let mut paths = Vec::new();
        objects(&stored, String::new(), &mut paths);
        assert!(!paths.is_empty());
        for path in paths {
            let mut more = stored.clone();
            more.pointer_mut(&path).unwrap()["nobody"] = json!(1);
            let bytes = serde_json::to_vec(&more).unwrap();
            assert_eq!(
                read(&bytes).err(),
                Some(StoredError::Malformed),
                "{name} {path}"
            );
        }
    }
}

fn objects(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                objects(value, format!("{path}/{name}"), found);
            }
            found.push(path);
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                objects(value, format!("{path}/{place}"), found);
            }
        }
        _ => {}
    }
}
