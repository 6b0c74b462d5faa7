//! Which text a reason has, and with what in it.

use super::{Messages, Variables};
use crate::method::Capability;
use crate::reason::Reason;

impl Messages {
    pub(super) fn of_reason(&self, reason: &Reason) -> (&'static str, Variables) {
        match reason {
            Reason::NotOneself
            | Reason::NotAnAdministrator
            | Reason::NotForOneself
            | Reason::ResetOff
            | Reason::ResetNotForGroups
            | Reason::RememberedDevicesOff
            | Reason::PassMustBeOneTime
            | Reason::NeedsFirstFactor
            | Reason::RecoveryCodeNotEnough
            | Reason::NoCodesLeft { .. } => ("", vec![]),
            Reason::ResetExcluded { group } => ("", vec![("group", self.quoted(group.as_str()))]),
            Reason::ResetLocked { until } => ("", vec![("time", self.from(*until))]),
            Reason::ResetExpired { at } => ("", vec![("time", self.time(*at).into())]),
            Reason::TooFewGates { needs, has } => (
                "",
                vec![
                    ("needs", (*needs).into()),
                    ("needs-word", self.number(*needs)),
                    ("has", (*has).into()),
                    ("has-word", self.number(*has)),
                ],
            ),
            Reason::NotInPolicy { method }
            | Reason::MethodOff { method }
            | Reason::NotForGroups { method }
            | Reason::NumberAtRisk { method }
            | Reason::NotAsDefault { method }
            | Reason::NotForThisReset {
                method,
                administrators: false,
            } => ("", vec![("method", self.used(method))]),
            Reason::NotForThisReset {
                method,
                administrators: true,
            } => (".administrators", vec![("method", self.used(method))]),
            Reason::Excluded { method, group } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("group", self.quoted(group.as_str())),
                ],
            ),
            Reason::Retired { method, since } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("time", self.date_or_time(*since)),
                ],
            ),
            Reason::NeedsEnabled { method, other } => (
                "",
                vec![("method", self.used(method)), ("other", self.used(other))],
            ),
            Reason::PurposeNotAllowed { method, purpose } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ],
            ),
            Reason::TooWeak { method, needs, .. } => (
                "",
                vec![
                    ("method", self.used(method)),
                    ("strength", self.strength(*needs, "")),
                ],
            ),
            Reason::CapabilityMissing { method, capability } => (
                match capability {
                    Capability::Webauthn => "-webauthn",
                    Capability::Telephony => "-telephony",
                },
                vec![("method", self.used(method))],
            ),
            Reason::AdministratorOnly { method }
            | Reason::PersonOnly { method }
            | Reason::RegisteredElsewhere { method } => ("", vec![("method", self.set_up(method))]),
            Reason::LimitReached {
                method,
                methods,
                limit,
                has,
                ..
            } => {
                // As many as make room for one.
                let excess = has.saturating_sub(*limit).saturating_add(1);
                (
                    "",
                    vec![
                        ("method", self.set_up(method)),
                        ("counted", self.counted(methods, *has)),
                        ("has", (*has).into()),
                        ("has-word", self.number(*has)),
                        ("excess", excess.into()),
                        ("excess-word", self.number(excess)),
                    ],
                )
            }
            Reason::AlreadyRegistered {
                method,
                registration,
            } => (
                "",
                vec![
                    ("method", self.set_up(method)),
                    ("registration", self.named(registration)),
                ],
            ),
            Reason::NeedsMethod { method, one_of } => (
                "",
                vec![
                    ("method", self.set_up(method)),
                    ("others", self.one_to_set_up(one_of)),
                ],
            ),
            Reason::NoSuchRegistration { registration }
            | Reason::Pending { registration }
            | Reason::NotPending { registration }
            | Reason::Disabled { registration }
            | Reason::Deactivated { registration }
            | Reason::PassUsed { registration }
            | Reason::PassWithoutValidity { registration }
            | Reason::IsDefault { registration } => {
                ("", vec![("registration", self.named(registration))])
            }
            Reason::Locked {
                registration,
                until: time,
            }
            | Reason::PassNotYetValid {
                registration,
                from: time,
            } => (
                "",
                vec![
                    ("registration", self.named(registration)),
                    ("time", self.from(*time)),
                ],
            ),
            Reason::PassExpired {
                registration,
                since,
            } => (
                "",
                vec![
                    ("registration", self.named(registration)),
                    ("time", self.time(*since).into()),
                ],
            ),
            Reason::NotIndependent {
                registration,
                passed,
            } => (
                "",
                vec![
                    ("registration", self.named(registration)),
                    ("passed", self.named(passed)),
                ],
            ),
            Reason::LastMethod {
                registration,
                purpose,
                strength,
            } => {
                let mut variables = vec![
                    ("registration", self.named(registration)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ];
                match strength {
                    None => ("", variables),
                    Some(strength) => {
                        variables.push(("strength", self.strength(*strength, "")));
                        (".strength", variables)
                    }
                }
            }
            Reason::PassMinutes { least, most, asked } => (
                "",
                vec![
                    ("least", self.duration(*least)),
                    ("most", self.duration(*most)),
                    ("asked", self.duration(*asked)),
                ],
            ),
            Reason::NeedsProof {
                strength,
                within_minutes,
            } => {
                let mut variables = vec![("with", self.strength(*strength, ".with"))];
                match within_minutes {
                    None => ("", variables),
                    Some(minutes) => {
                        variables.push(("duration", self.duration(*minutes)));
                        (".recent", variables)
                    }
                }
            }
        }
    }
}
