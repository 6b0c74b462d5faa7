//! Which text a step has, and with what in it.

use super::{Messages, Variables};
use crate::decision::{Request, Step};
use crate::method::Capability;

impl Messages {
    pub(super) fn of_step(&self, step: &Step) -> (&'static str, Variables) {
        match step {
            Step::Wait { until } => ("step-wait", vec![("time", self.from(*until))]),
            Step::UseWhere {
                capability: Capability::Webauthn,
            } => ("step-use_where-webauthn", vec![]),
            Step::UseWhere {
                capability: Capability::Telephony,
            } => ("step-use_where-telephony", vec![]),
            Step::SignIn => ("step-sign_in", vec![]),
            Step::Prove { strength, one_of } if one_of.is_empty() => (
                "step-prove.any",
                vec![("with", self.strength(*strength, ".with"))],
            ),
            Step::Prove { one_of, .. } => {
                ("step-prove", vec![("registrations", self.one_of(one_of))])
            }
            Step::Confirm { registration } => (
                "step-confirm",
                vec![("registration", self.named(registration))],
            ),
            Step::RemoveOneOf { registrations } => (
                "step-remove_one_of",
                vec![("registrations", self.one_of(registrations))],
            ),
            Step::Add { method } => ("step-add", vec![("method", self.set_up(method))]),
            Step::SetDefault { one_of } => (
                "step-set_default",
                vec![("registrations", self.one_of(one_of))],
            ),
            Step::StartAgain => ("step-start_again", vec![]),
            Step::PassGates { registrations } => (
                "step-pass_gates",
                vec![("registrations", self.all_of(registrations))],
            ),
            Step::ChangePass { minutes, one_time } => (
                if *one_time {
                    "step-change_pass.one_time"
                } else {
                    "step-change_pass"
                },
                vec![("duration", self.duration(*minutes))],
            ),
            Step::Ask(request) => self.of_request(request),
        }
    }

    pub(super) fn of_request(&self, request: &Request) -> (&'static str, Variables) {
        match request {
            Request::AllowMethod {
                method,
                purpose: None,
            } => ("request-allow_method", vec![("method", self.used(method))]),
            Request::AllowMethod {
                method,
                purpose: Some(purpose),
            } => (
                "request-allow_method.purpose",
                vec![
                    ("method", self.used(method)),
                    ("purpose", self.purpose_in_form(*purpose, ".for").into()),
                ],
            ),
            Request::AllowReset => ("request-allow_reset", vec![]),
            Request::AllowRememberedDevices => ("request-allow_remembered_devices", vec![]),
            Request::Register { method } => {
                ("request-register", vec![("method", self.set_up(method))])
            }
            Request::RemoveOneOf { registrations } => (
                "request-remove_one_of",
                vec![("registrations", self.one_of(registrations))],
            ),
            Request::Unlock => ("request-unlock", vec![]),
            Request::IssuePass => ("request-issue_pass", vec![]),
            Request::DoIt => ("request-do_it", vec![]),
        }
    }
}
