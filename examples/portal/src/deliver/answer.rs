//! What a gateway gives back when somebody has answered a call: the portal made it, and keeps nothing of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mfa_flow::{AccountKey, PhoneSaid, Why};
use mfa_policy::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The key of the tokens; every portal on one database derives the same.
pub(crate) struct AnswerKey(Hmac<Sha256>);

/// What a call is about, for the one who is called. Good for saying what was pressed in that call, and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Call {
    tenant: String,
    holder: String,
    why: Why,
    until: Timestamp,
}

impl AnswerKey {
    /// Derived from a key of the portal.
    pub(crate) fn derive(key: &[u8; 32]) -> Self {
        let derived = hmac(key).chain_update(b"portal: answers to calls");
        Self(hmac(&derived.finalize().into_bytes()))
    }

    /// The token that the gateway gets with the call.
    pub(crate) fn token(&self, call: &Call) -> String {
        // Without a body it would be a token that nothing can be said with.
        let body = serde_json::to_vec(call).unwrap_or_default();
        let mac = self.0.clone().chain_update(&body).finalize().into_bytes();
        let (body, mac) = (URL_SAFE_NO_PAD.encode(body), URL_SAFE_NO_PAD.encode(mac));
        format!("{body}.{mac}")
    }

    /// The call, if the token is ours and not over.
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Option<Call> {
        let (body, mac) = token.split_once('.')?;
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.0.clone().chain_update(&body).verify_slice(&mac).ok()?;
        let call: Call = serde_json::from_slice(&body).ok()?;
        (call.until > now).then_some(call)
    }
}

#[expect(clippy::expect_used, reason = "every length is right")]
fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("every length is right")
}

impl Call {
    pub(crate) fn new(account: &AccountKey, why: Why, until: Timestamp) -> Self {
        Self {
            tenant: account.tenant().as_str().to_owned(),
            holder: account.holder().into_owned(),
            why,
            until,
        }
    }

    /// Whose account it is about, and what was asked there.
    pub(crate) fn into_parts(self) -> Option<(AccountKey, Why)> {
        let account = AccountKey::from_stored(&self.tenant, &self.holder)?;
        Some((account, self.why))
    }
}

/// What a gateway says that was done. Everything else is no answer.
pub(crate) fn said(answer: &str) -> Option<PhoneSaid> {
    match answer {
        "#" => Some(PhoneSaid::PressedHash),
        "denied" => Some(PhoneSaid::Denied),
        "suspicious" => Some(PhoneSaid::Suspicious),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mfa_policy::RegistrationId;

    use super::*;

    fn call() -> Call {
        let registration = RegistrationId::new("phone").unwrap();
        Call {
            tenant: "acme".to_owned(),
            holder: "ada".to_owned(),
            why: Why::Enrolment { registration },
            until: "2026-12-01T09:05:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_token_is_good_until_its_time_and_only_under_the_key_that_made_it() {
        let key = AnswerKey::derive(&[7; 32]);
        let token = key.token(&call());
        let (before, after) = (
            "2026-12-01T09:04:59Z".parse().unwrap(),
            "2026-12-01T09:05:00Z".parse().unwrap(),
        );
        assert_eq!(key.open(&token, before), Some(call()));
        assert_eq!(key.open(&token, after), None);
        let other = AnswerKey::derive(&[8; 32]);
        assert_eq!(other.open(&token, before), None);
    }

    #[test]
    fn a_token_with_any_character_changed_is_refused() {
        let key = AnswerKey::derive(&[7; 32]);
        let token = key.token(&call());
        let now = "2026-12-01T09:00:00Z".parse().unwrap();
        for place in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(key.open(&altered, now), None, "{place}");
        }
        for text in [
            "",
            ".",
            token.trim_start_matches('e'),
            &format!("{token}A"),
            &token.replace('.', ""),
        ] {
            assert_eq!(key.open(text, now), None, "{text}");
        }
    }
}
