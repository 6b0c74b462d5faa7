//! Which text a step has, and with what in it.

use super::{Messages, Variables};
use crate::decision::{Request, Step};
use crate::method::Capability;

impl Messages {
    pub(super) fn of_step(&self, step: &Step) -> (String, Variables) {
        let (form, variables) = match step {
            Step::Ask(request) => return self.of_request(request),
            Step::SignIn | Step::StartAgain => ("", vec![]),
            Step::UseWhere {
                capability: Capability::Webauthn,
            } => ("-webauthn", vec![]),
            Step::UseWhere {
                capability: Capability::Telephony,
            } => ("-telephony", vec![]),
            Step::Wait { until } => ("", vec![("time", self.from(*until))]),
            Step::Add { method } => ("", vec![("method", self.set_up(method))]),
            Step::Confirm { registration } => {
                ("", vec![("registration", self.named(registration))])
            }
            Step::Prove { strength, one_of } if one_of.is_empty() => {
                (".any", vec![("with", self.strength(*strength, ".with"))])
            }
            Step::Prove {
                one_of: registrations,
                ..
            }
            | Step::SetDefault {
                one_of: registrations,
            }
            | Step::RemoveOneOf { registrations } => {
                ("", vec![("registrations", self.one_of(registrations))])
            }
            Step::PassGates { registrations } => {
                ("", vec![("registrations", self.all_of(registrations))])
            }
            Step::ChangePass { minutes, one_time } => {
                let form = if *one_time { ".one_time" } else { "" };
                (form, vec![("duration", self.duration(*minutes))])
            }
        };
        (format!("step-{}{form}", step.code()), variables)
    }

    fn of_request(&self, request: &Request) -> (String, Variables) {
        let (form, variables) = match request {
            Request::AllowReset
            | Request::AllowRememberedDevices
            | Request::Unlock
            | Request::IssuePass
            | Request::DoIt => ("", vec![]),
            Request::AllowMethod {
                method,
                purpose: None,
            } => ("", vec![("method", self.used(method))]),
            Request::AllowMethod {
                method,
                purpose: Some(purpose),
            } => (
                ".purpose",
                vec![
                    ("method", self.used(method)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ],
            ),
            Request::Register { method } => ("", vec![("method", self.set_up(method))]),
            Request::RemoveOneOf { registrations } => {
                ("", vec![("registrations", self.one_of(registrations))])
            }
        };
        (format!("request-{}{form}", request.code()), variables)
    }
}
