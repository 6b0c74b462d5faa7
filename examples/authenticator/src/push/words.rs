//! What a request is for, in words.

use mfa_flow::PushRequest;
use mfa_policy::Purpose;

/// What is approved with a request: `somebody asks to sign in` goes before it or the like.
#[must_use]
pub const fn asks(request: &PushRequest) -> &'static str {
    match request.purpose() {
        None if request.needs_gesture() => "to test signing in without a password",
        None => "to test this device",
        Some(Purpose::TwoStep) => "to sign in",
        Some(Purpose::PasswordReset) => "to reset the password",
        Some(Purpose::FirstFactor) => "to sign in without a password",
        Some(Purpose::ManageSecurityInfo) => "to see and change the security info",
        Some(Purpose::LegacyClients) => "to sign in with an old program",
        Some(Purpose::StepUp) => "to go on with something that needs one more proof",
    }
}
