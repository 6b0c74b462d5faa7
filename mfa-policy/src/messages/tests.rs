//! Every text in every language: there, whole, used, and seen when it changes.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;

use super::Messages;
use super::catalogue::{Catalogue, source};
use crate::decision::{Remedy, Request, Step};
use crate::language::Language;
use crate::lint::{Lint, ResetLimit};
use crate::method::{Capability, Method, Strength};
use crate::name::{ExternalName, Group, PoolName, RegistrationId};
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::representatives::Who;
use crate::subject::Role;
use crate::timestamp::Timestamp;

const PRODUCT: &str = "Microsoft Authenticator";

/// One value of every variant. It does not compile when a variant is missing.
macro_rules! one_of_every {
    ($type:ident { $($variant:ident $(($inner:expr))? $({ $($field:ident: $value:expr),* })?),* $(,)? }) => {{
        fn _complete(value: &$type) {
            match value {
                $( $type::$variant { .. } => (), )*
            }
        }
        vec![$( $type::$variant $(($inner))? $({ $($field: $value),* })? ),*]
    }};
}

fn id(text: &str) -> RegistrationId {
    RegistrationId::new(text).unwrap()
}

fn group() -> Group {
    Group::new("guests").unwrap()
}

fn time() -> Timestamp {
    "2027-02-01T09:00:00Z".parse().unwrap()
}

fn methods() -> Vec<Method> {
    one_of_every!(Method {
        AuthenticatorPush,
        AuthenticatorCode,
        OtherAuthenticator,
        HardwareToken,
        Text,
        CallMobile,
        CallOffice,
        CallAlternate,
        SecurityKey,
        Email,
        SecurityQuestions,
        AppPassword,
        TemporaryPass,
        RecoveryCodes,
        PhoneSignIn,
        External(ExternalName::new("certificate").unwrap()),
    })
}

fn purposes() -> Vec<Purpose> {
    one_of_every!(Purpose {
        TwoStep,
        PasswordReset,
        FirstFactor,
        ManageSecurityInfo,
        LegacyClients,
        StepUp
    })
}

fn strengths() -> Vec<Strength> {
    one_of_every!(Strength {
        TwoStep,
        Passwordless,
        PhishingResistant
    })
}

fn inputs() -> Vec<Input> {
    one_of_every!(Input {
        Actor,
        Webauthn,
        Telephony,
        NumberAtRisk,
        RegisteredElsewhere,
        ResetStarted
    })
}

fn limit_reached(method: Method, methods: &[Method], limit: u32, has: u32) -> Reason {
    Reason::LimitReached {
        method,
        pool: PoolName::new("devices").unwrap(),
        methods: methods.to_vec(),
        limit,
        has,
    }
}

/// What counts together in the documents' pool of five.
const DEVICES: [Method; 4] = [
    Method::AuthenticatorPush,
    Method::AuthenticatorCode,
    Method::OtherAuthenticator,
    Method::HardwareToken,
];

fn reasons() -> Vec<Reason> {
    let mut reasons = one_of_every!(Reason {
        NotOneself,
        NotAnAdministrator,
        NotForOneself,
        ResetOff,
        ResetNotForGroups,
        ResetExcluded { group: group() },
        ResetLocked { until: time() },
        ResetExpired { at: time() },
        TooFewGates { needs: 2, has: 1 },
        RememberedDevicesOff,
        NotInPolicy { method: Method::SecurityKey },
        MethodOff { method: Method::Text },
        NotForGroups { method: Method::CallOffice },
        Excluded { method: Method::PhoneSignIn, group: group() },
        Retired { method: Method::Text, since: time() },
        NeedsEnabled { method: Method::CallMobile, other: Method::Text },
        PurposeNotAllowed { method: Method::Email, purpose: Purpose::TwoStep },
        NotForThisReset { method: Method::SecurityQuestions, administrators: true },
        TooWeak { method: Method::Text, needs: Strength::PhishingResistant, has: Some(Strength::TwoStep) },
        CapabilityMissing { method: Method::SecurityKey, capability: Capability::Webauthn },
        NumberAtRisk { method: Method::Text },
        AdministratorOnly { method: Method::HardwareToken },
        PersonOnly { method: Method::AuthenticatorPush },
        LimitReached {
            method: Method::AuthenticatorPush,
            pool: PoolName::new("devices").unwrap(),
            methods: DEVICES.to_vec(),
            limit: 5,
            has: 5
        },
        AlreadyRegistered { method: Method::Text, registration: id("phone") },
        RegisteredElsewhere { method: Method::HardwareToken },
        NeedsMethod { method: Method::CallAlternate, one_of: vec![Method::Text, Method::CallMobile] },
        NoSuchRegistration { registration: id("phone") },
        Pending { registration: id("phone") },
        NotPending { registration: id("phone") },
        Disabled { registration: id("phone") },
        Deactivated { registration: id("phone") },
        Locked { registration: id("phone"), until: time() },
        PassNotYetValid { registration: id("pass"), from: time() },
        PassExpired { registration: id("pass"), since: time() },
        PassUsed { registration: id("pass") },
        PassWithoutValidity { registration: id("pass") },
        NoCodesLeft { registration: id("codes") },
        NotIndependent { registration: id("phone"), passed: id("app") },
        NotAsDefault { method: Method::SecurityKey },
        IsDefault { registration: id("phone") },
        LastMethod { registration: id("phone"), purpose: Purpose::TwoStep, strength: None },
        PassMinutes { least: 60, most: 480, asked: 10 },
        PassMustBeOneTime,
        NeedsFirstFactor,
        NeedsProof { strength: Strength::TwoStep, within_minutes: None },
        RecoveryCodeNotEnough,
    });
    // The other forms of the same reasons.
    reasons.extend([
        Reason::TooFewGates { needs: 1, has: 0 },
        Reason::TooFewGates { needs: 3, has: 2 },
        Reason::Retired {
            method: Method::Text,
            since: "2027-02-01".parse().unwrap(),
        },
        Reason::NotForThisReset {
            method: Method::AuthenticatorPush,
            administrators: false,
        },
        Reason::CapabilityMissing {
            method: Method::Text,
            capability: Capability::Telephony,
        },
        limit_reached(Method::OtherAuthenticator, &DEVICES, 5, 6),
        limit_reached(Method::Text, &[Method::Text, Method::CallMobile], 1, 1),
        Reason::LastMethod {
            registration: id("key"),
            purpose: Purpose::ManageSecurityInfo,
            strength: Some(Strength::PhishingResistant),
        },
        Reason::NeedsProof {
            strength: Strength::PhishingResistant,
            within_minutes: Some(5),
        },
        Reason::NeedsProof {
            strength: Strength::Passwordless,
            within_minutes: Some(1),
        },
    ]);
    for method in methods() {
        reasons.push(limit_reached(
            method.clone(),
            std::slice::from_ref(&method),
            1,
            1,
        ));
        reasons.push(limit_reached(
            method.clone(),
            std::slice::from_ref(&method),
            3,
            3,
        ));
        reasons.push(Reason::NotInPolicy { method });
    }
    for purpose in purposes() {
        let method = Method::AppPassword;
        reasons.push(Reason::PurposeNotAllowed { method, purpose });
    }
    for strength in strengths() {
        reasons.push(Reason::TooWeak {
            method: Method::AuthenticatorCode,
            needs: strength,
            has: None,
        });
    }
    reasons
}

fn steps() -> Vec<Step> {
    let mut steps = one_of_every!(Step {
        Wait { until: time() },
        UseWhere { capability: Capability::Webauthn },
        SignIn,
        Prove { strength: Strength::TwoStep, one_of: vec![id("app"), id("phone"), id("key")] },
        Confirm { registration: id("phone") },
        RemoveOneOf { registrations: vec![id("app"), id("token")] },
        Add { method: Method::AuthenticatorPush },
        SetDefault { one_of: vec![id("app")] },
        StartAgain,
        PassGates { registrations: vec![id("app"), id("phone"), id("mail")] },
        ChangePass { minutes: 480, one_time: false },
        Ask(Request::DoIt),
    });
    steps.extend([
        Step::UseWhere {
            capability: Capability::Telephony,
        },
        Step::Prove {
            strength: Strength::PhishingResistant,
            one_of: vec![],
        },
        Step::ChangePass {
            minutes: 90,
            one_time: true,
        },
    ]);
    let mut requests = one_of_every!(Request {
        AllowMethod { method: Method::SecurityKey, purpose: Some(Purpose::PasswordReset) },
        AllowReset,
        AllowRememberedDevices,
        Register { method: Method::HardwareToken },
        RemoveOneOf { registrations: vec![id("app"), id("token")] },
        Unlock,
        IssuePass,
        DoIt,
    });
    requests.push(Request::AllowMethod {
        method: Method::SecurityKey,
        purpose: None,
    });
    steps.extend(requests.into_iter().map(Step::Ask));
    steps
}

fn lints() -> Vec<Lint> {
    let everybody = || Who::Everybody;
    let some = |role, groups: &[&str]| Who::Some {
        role,
        groups: groups
            .iter()
            .map(|group| Group::new(group).unwrap())
            .collect(),
    };
    let mut lints = one_of_every!(Lint {
        NoAdministrator,
        RequiredUnreachable { purpose: Purpose::TwoStep, strength: None, who: Who::Users },
        CannotManage { who: everybody() },
        TooFewResetMethods { gates: 2, has: 1, limit: ResetLimit::Gates, who: Who::Administrators },
        PoolTooSmall {
            pool: PoolName::new("phones").unwrap(),
            max: 1,
            method: Method::CallAlternate,
            one_of: vec![Method::Text, Method::CallMobile]
        },
        SunsetLeavesNothing {
            purpose: Purpose::PasswordReset,
            at: "2027-02-01".parse().unwrap(),
            methods: vec![Method::Text, Method::CallMobile, Method::CallOffice],
            who: some(Role::User, &["guests"])
        },
        SunsetLeavesNoDefault { at: time(), methods: vec![Method::Text], who: Who::Users },
        NoHelp { who: some(Role::User, &[]) },
        ResetWeakerThanSignIn {
            needs: Strength::PhishingResistant,
            gates: 2,
            methods: vec![Method::Email, Method::Text],
            who: some(Role::Administrator, &["finance", "staff"])
        },
        WeakSingleGate { methods: vec![Method::Email, Method::SecurityQuestions], who: everybody() },
        SingleFactorSignIn { methods: vec![Method::Text] },
        TelephoneOnly { who: everybody() },
        NoPhishingResistant { who: some(Role::Administrator, &[]) },
        TwoStepNotRequired { who: everybody() },
        AdministratorsNeedLess { purpose: Purpose::TwoStep, strength: None },
        AppPasswordsSkipTwoStep { who: everybody() },
        RememberedTooLong { days: 90, most: 30 },
        RememberedSkipsStrength { needs: Strength::Passwordless, who: everybody() },
        NumberTakeOverUnwatched { methods: vec![Method::Text, Method::CallMobile] },
        WeakerRankedFirst { weaker: Method::Text, stronger: Method::SecurityKey },
        MethodForNobody { method: Method::Text },
        MethodRetired { method: Method::Text, since: "2027-02-01".parse().unwrap() },
        MethodNeedsUnavailable { method: Method::CallOffice, other: Method::CallMobile },
        MethodNeedsUnreachable { method: Method::CallAlternate, one_of: vec![Method::Text] },
        MethodWithoutUse { method: Method::Email },
        MethodsTooWeak {
            purpose: Purpose::TwoStep,
            needs: Strength::TwoStep,
            methods: vec![Method::Text, Method::CallMobile]
        },
        RequirementForNobody { purpose: Purpose::StepUp },
        ResetForNobody,
        CampaignWithoutMethod { method: Method::AuthenticatorPush },
        BackupWithoutMethod { methods: vec![Method::Text, Method::CallMobile] },
    });
    lints.extend([
        Lint::RequiredUnreachable {
            purpose: Purpose::TwoStep,
            strength: Some(Strength::PhishingResistant),
            who: Who::Users,
        },
        Lint::ResetWeakerThanSignIn {
            needs: Strength::TwoStep,
            gates: 1,
            methods: vec![Method::Email],
            who: Who::Users,
        },
        Lint::TwoStepNotRequired {
            who: Who::Administrators,
        },
        Lint::AdministratorsNeedLess {
            purpose: Purpose::TwoStep,
            strength: Some(Strength::PhishingResistant),
        },
        Lint::NoHelp {
            who: some(Role::Administrator, &["staff"]),
        },
    ]);
    let limits = one_of_every!(ResetLimit {
        Gates,
        OneGateWithout,
        AdministratorsWithout,
        CountsOnce
    });
    for (limit, (gates, has)) in limits.into_iter().zip([(1, 0), (1, 0), (2, 1), (3, 2)]) {
        let who = Who::Everybody;
        lints.push(Lint::TooFewResetMethods {
            gates,
            has,
            limit,
            who,
        });
    }
    lints
}

/// Everything that is ever said, with the value that it is said of.
fn everything(messages: &Messages) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for method in methods() {
        texts.push((format!("method {method}"), messages.method(&method)));
        if let Some(choice) = messages.default_choice(&method) {
            texts.push((format!("default {method}"), choice));
        }
    }
    for purpose in purposes() {
        texts.push((format!("purpose {purpose}"), messages.purpose(purpose)));
    }
    for reason in reasons() {
        let value = serde_json::to_string(&reason).unwrap();
        texts.push((format!("reason {value}"), messages.reason(&reason)));
    }
    for step in steps() {
        let value = serde_json::to_string(&step).unwrap();
        texts.push((format!("step {value}"), messages.step(&step)));
    }
    for input in inputs() {
        texts.push((format!("input {}", input.field()), messages.input(input)));
    }
    for lint in lints() {
        let value = serde_json::to_string(&lint).unwrap();
        let text = format!("{} {}", messages.lint(&lint), messages.fix(&lint));
        texts.push((format!("lint {value}"), text));
    }
    texts.push(("time".to_owned(), messages.time(time())));
    for minutes in [90, 120, 4_320] {
        let step = Step::ChangePass {
            minutes,
            one_time: false,
        };
        texts.push((format!("pass of {minutes} minutes"), messages.step(&step)));
    }
    let mut seen = BTreeSet::new();
    texts.retain(|(value, _)| seen.insert(value.clone()));
    texts
}

fn both() -> [Messages; 2] {
    Language::ALL.map(|language| Messages::new(language).with_product(PRODUCT))
}

/// The patterns of a catalogue by id, with the variables of each.
fn patterns(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source(language).to_owned());
    let resource = resource.map_err(|(_, errors)| errors).unwrap();
    let mut patterns = BTreeMap::new();
    for entry in resource.entries() {
        let message = match entry {
            ast::Entry::Message(message) => message,
            ast::Entry::Comment(_)
            | ast::Entry::GroupComment(_)
            | ast::Entry::ResourceComment(_) => continue,
            other => panic!("neither a message nor a comment: {other:?}"),
        };
        let id = message.id.name;
        let value = message.value.iter().map(|value| (id.to_owned(), value));
        let attributes = message
            .attributes
            .iter()
            .map(|attribute| (format!("{id}.{}", attribute.id.name), &attribute.value));
        for (id, pattern) in value.chain(attributes) {
            let mut variables = BTreeSet::new();
            in_pattern(pattern, &mut variables);
            let earlier = patterns.insert(id.clone(), variables);
            assert_eq!(earlier, None, "{id} is there twice");
        }
    }
    patterns
}

fn in_pattern(pattern: &ast::Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            in_expression(expression, variables);
        }
    }
}

fn in_expression(expression: &ast::Expression<&str>, variables: &mut BTreeSet<String>) {
    let inline = match expression {
        ast::Expression::Inline(inline) => inline,
        ast::Expression::Select { selector, variants } => {
            for variant in variants {
                in_pattern(&variant.value, variables);
            }
            selector
        }
    };
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, variables),
        // The catalogues refer to nothing else; the pieces are put together by the crate.
        other => panic!("unexpected {other:?}"),
    }
}

#[test]
fn nothing_lacks_a_text_and_no_text_is_broken() {
    for messages in both() {
        for (value, text) in everything(&messages) {
            assert!(!text.is_empty(), "{value}");
            // Outside the names of fields, an underscore would be a code that stands for a missing piece.
            let words: String = text.split('`').step_by(2).collect();
            assert!(!words.contains(['{', '}', '_', '\n']), "{value}: {text}");
            assert!(
                !text.contains("  ") && text.trim() == text,
                "{value}: {text}"
            );
        }
        // A text that is missing is its code, and codes of one word would pass the test above.
        for reason in reasons() {
            let text = messages.reason(&reason);
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
        for step in steps() {
            let text = messages.step(&step);
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
        for input in inputs() {
            let text = messages.input(input);
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
        for lint in lints() {
            for text in [messages.lint(&lint), messages.fix(&lint)] {
                assert!(text.ends_with('.') && text.contains(' '), "{text}");
            }
        }
    }
}

#[test]
fn a_text_that_is_missing_or_lacks_a_variable_is_none() {
    // One of its own, because the shared one records what is asked for.
    let catalogue = Catalogue::new(Language::English);
    assert_eq!(
        catalogue.text("quoted", &[("name", "a".into())]).as_deref(),
        Some("“a”")
    );
    assert_eq!(catalogue.text("quoted", &[]), None);
    for id in ["no-such", "quoted.no-such", "", "."] {
        assert_eq!(catalogue.text(id, &[]), None, "{id}");
    }
}

#[test]
fn no_text_is_unused_and_none_is_asked_for_in_vain() {
    for language in Language::ALL {
        let without_product = Messages::new(language);
        let _ = without_product.method(&Method::AuthenticatorPush);
        let _ = everything(&without_product.with_product(PRODUCT));
        let asked = Catalogue::of(language).asked.lock().unwrap().clone();
        let there: BTreeSet<String> = patterns(language).into_keys().collect();
        assert_eq!(there, asked);
    }
}

#[test]
fn catalogues_agree_in_ids_and_variables() {
    let english = patterns(Language::English);
    for language in Language::ALL {
        assert_eq!(patterns(language), english, "{language:?}");
    }
}

#[test]
fn five_devices_are_refused_word_for_word_as_in_the_documents() {
    // Signing in by phone is a part of the app, so it has no name of its own here.
    let devices = [&DEVICES[..], &[Method::PhoneSignIn]].concat();
    let reason = limit_reached(Method::AuthenticatorPush, &devices, 5, 5);
    let [english, dutch] = both();
    assert_eq!(
        english.reason(&reason),
        "You can't set up Microsoft Authenticator because you already have five authenticator apps or hardware tokens. \
         Please contact your administrator to delete one of your authenticator apps or hardware tokens."
    );
    assert_eq!(
        dutch.reason(&reason),
        "U kunt Microsoft Authenticator niet instellen omdat u al vijf verificator-apps of hardware-tokens hebt. \
         Neem contact op met uw beheerder om een van uw verificator-apps of hardware-tokens te verwijderen."
    );
    // The product and the numbers are parameters.
    let other = Messages::new(Language::English).with_product("Acme Key");
    assert_eq!(
        other.reason(&limit_reached(Method::AuthenticatorCode, &DEVICES, 12, 13)),
        "You can't set up Acme Key because you already have 13 authenticator apps or hardware tokens. \
         Please contact your administrator to delete two of your authenticator apps or hardware tokens."
    );
}

#[test]
fn one_is_singular_and_the_rest_is_plural() {
    let [english, dutch] = both();
    let pass = |minutes| Step::ChangePass {
        minutes,
        one_time: false,
    };
    for (minutes, in_english, in_dutch) in [
        (0, "0 minutes", "0 minuten"),
        (1, "1 minute", "1 minuut"),
        (5, "5 minutes", "5 minuten"),
        (60, "1 hour", "1 uur"),
        (90, "90 minutes", "90 minuten"),
        (480, "8 hours", "8 uur"),
        (1_440, "1 day", "1 dag"),
        (43_200, "30 days", "30 dagen"),
        (u32::MAX, "4294967295 minutes", "4294967295 minuten"),
    ] {
        assert_eq!(
            english.step(&pass(minutes)),
            format!("Issue the pass for {in_english}.")
        );
        assert_eq!(
            dutch.step(&pass(minutes)),
            format!("Geef de pas uit voor {in_dutch}.")
        );
    }
}

#[test]
fn numbers_to_twelve_are_words() {
    let refused = |messages: &Messages, has| {
        messages.reason(&limit_reached(
            Method::SecurityKey,
            &[Method::SecurityKey],
            has,
            has,
        ))
    };
    let english = "two three four five six seven eight nine ten eleven twelve 13 14";
    let dutch = "twee drie vier vijf zes zeven acht negen tien elf twaalf 13 14";
    let [in_english, in_dutch] = both();
    for (has, (english, dutch)) in (2..).zip(english.split(' ').zip(dutch.split(' '))) {
        let text = refused(&in_english, has);
        assert!(
            text.contains(&format!("already have {english} security keys")),
            "{text}"
        );
        let text = refused(&in_dutch, has);
        assert!(
            text.contains(&format!("al {dutch} beveiligingssleutels hebt")),
            "{text}"
        );
    }
}

#[test]
fn every_month_has_its_name() {
    let english =
        "January February March April May June July August September October November December";
    let dutch =
        "januari februari maart april mei juni juli augustus september oktober november december";
    let [in_english, in_dutch] = both();
    for (month, (english, dutch)) in (1..).zip(english.split(' ').zip(dutch.split(' '))) {
        let time: Timestamp = format!("2027-{month:02}-09T08:05:00Z").parse().unwrap();
        assert_eq!(
            in_english.time(time),
            format!("9 {english} 2027, 08:05 UTC")
        );
        assert_eq!(in_dutch.time(time), format!("9 {dutch} 2027, 08:05 UTC"));
    }
}

#[test]
fn a_time_to_wait_for_is_rounded_up_and_a_past_one_down() {
    let [english, dutch] = both();
    let odd: Timestamp = "2027-02-28T23:59:01Z".parse().unwrap();
    assert_eq!(
        english.step(&Step::Wait { until: odd }),
        "Wait until 1 March 2027, 00:00 UTC."
    );
    assert_eq!(
        dutch.step(&Step::Wait { until: time() }),
        "Wacht tot 1 februari 2027, 09:00 UTC."
    );
    assert_eq!(english.time(odd), "28 February 2027, 23:59 UTC");
    for seconds in [i64::MIN, -1, 0, i64::MAX] {
        let far = Timestamp::from_unix_seconds(seconds);
        assert!(dutch.time(far).ends_with(" UTC"));
        assert!(dutch.step(&Step::Wait { until: far }).ends_with(" UTC."));
    }
}

#[test]
fn a_registration_is_called_by_its_name() {
    let messages =
        Messages::new(Language::English).with_names([(id("r1"), "phone ending in 34".to_owned())]);
    let step = Step::RemoveOneOf {
        registrations: vec![id("r1"), id("r2"), id("r3")],
    };
    assert_eq!(
        messages.step(&step),
        "Remove “phone ending in 34”, “r2” or “r3”."
    );
}

#[test]
fn a_name_cannot_change_the_text_around_it() {
    let group = Group::new("{ $method } \u{202E}x\u{2069}").unwrap();
    let text = Messages::new(Language::English).reason(&Reason::ResetExcluded { group });
    assert!(
        text.starts_with("Members of “{ $method } x” can't"),
        "{text}"
    );
}

#[test]
fn a_remedy_is_its_steps_in_order() {
    let remedy = Remedy {
        steps: vec![
            Step::SignIn,
            Step::Add {
                method: Method::Text,
            },
        ],
    };
    assert_eq!(
        Messages::new(Language::Dutch).remedy(&remedy),
        "Meld u aan. Stel sms-berichten in."
    );
}

#[test]
fn texts_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Messages::new(Language::Dutch));
    std::thread::scope(|scope| {
        for messages in both() {
            scope.spawn(move || everything(&messages));
        }
    });
}

#[test]
fn the_wording_is_as_it_was_read_over() {
    let [english, dutch] = both();
    let mut written = String::from(
        "Every text in every language, made by `RENEW=1 cargo test -p mfa-policy --all-features wording`; the catalogues are beside this file.\n",
    );
    for ((value, english), (_, dutch)) in everything(&english).iter().zip(everything(&dutch)) {
        written.push_str(&format!("\n{value}\n  en  {english}\n  nl  {dutch}\n"));
    }
    crate::published::compare("messages/texts.txt", &written);
}
