//! One of everything that is ever said.

use std::collections::BTreeSet;

use crate::decision::{Request, Step};
use crate::lint::{Lint, ResetLimit};
use crate::messages::Messages;
use crate::method::{Capability, Method, Strength};
use crate::name::{ExternalName, Group, PoolName, RegistrationId};
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::representatives::Who;
use crate::subject::Role;
use crate::timestamp::Timestamp;

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

pub(super) fn id(text: &str) -> RegistrationId {
    RegistrationId::new(text).unwrap()
}

fn group() -> Group {
    Group::new("guests").unwrap()
}

pub(super) fn time() -> Timestamp {
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

pub(super) fn inputs() -> Vec<Input> {
    one_of_every!(Input {
        Actor,
        Webauthn,
        Telephony,
        NumberAtRisk,
        RegisteredElsewhere,
        ResetStarted
    })
}

pub(super) fn limit_reached(method: Method, methods: &[Method], limit: u32, has: u32) -> Reason {
    Reason::LimitReached {
        method,
        pool: PoolName::new("devices").unwrap(),
        methods: methods.to_vec(),
        limit,
        has,
    }
}

/// What counts together in the documents' pool of five.
pub(super) const DEVICES: [Method; 4] = [
    Method::AuthenticatorPush,
    Method::AuthenticatorCode,
    Method::OtherAuthenticator,
    Method::HardwareToken,
];

pub(super) fn reasons() -> Vec<Reason> {
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

pub(super) fn steps() -> Vec<Step> {
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

pub(super) fn lints() -> Vec<Lint> {
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
pub(super) fn everything(messages: &Messages) -> Vec<(String, String)> {
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
