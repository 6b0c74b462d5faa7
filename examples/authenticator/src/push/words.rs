//! What a request is for, in words.

use mfa_flow::PushRequest;
use mfa_policy::Purpose;

/// What happens if a request is approved, as the person is asked about it.
#[must_use]
pub const fn asks(request: &PushRequest) -> &'static str {
    match request.purpose() {
        None if request.needs_gesture() => {
            "A test: signing in without a password is being added to the account."
        }
        None => "A test: this app is being added to the account.",
        Some(Purpose::TwoStep) => "Somebody signs in with your password. Is it you?",
        Some(Purpose::FirstFactor) => "Somebody signs in as you, without a password. Is it you?",
        Some(Purpose::PasswordReset) => "Somebody resets your password. Is it you?",
        Some(Purpose::ManageSecurityInfo) => "Somebody opens your security info. Is it you?",
        Some(Purpose::StepUp) => {
            "Somebody who is signed in as you does something of weight. Is it you?"
        }
        Some(Purpose::LegacyClients) => "A program signs in as you. Is it yours?",
    }
}
