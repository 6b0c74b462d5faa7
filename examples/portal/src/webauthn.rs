//! Security keys, by webauthn-rs. It verifies; `mfa-flow` decides what that is good for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::PersonId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use webauthn_rs::fake::{FakePasskeyDistribution, WebauthnFakeCredentialGenerator};
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication, PasskeyRegistration, Url, Uuid};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What a browser is asked, and what the answer is checked with.
///
/// # Security
/// The state stays on the server, and is good for one answer: take it away before looking at one.
pub(crate) struct Ceremony {
    /// JSON for the script of the page.
    pub(crate) options: String,
    pub(crate) state: String,
}

/// A key that was registered.
pub(crate) struct Registered {
    pub(crate) credential: String,
    /// What is wanted back at each use.
    pub(crate) data: String,
}

/// A key that was used.
pub(crate) struct Used {
    pub(crate) credential: String,
    pub(crate) sign_count: u32,
    pub(crate) user_verified: bool,
}

/// The website as security keys know it.
pub(crate) struct SecurityKeys {
    webauthn: Webauthn,
    of_nobody: WebauthnFakeCredentialGenerator<FakePasskeyDistribution>,
}

impl SecurityKeys {
    /// Keys are bound to the host of the address. `None` where browsers have none: without TLS, or at an address of numbers.
    pub(crate) fn new(public_url: &str, organisation: &str, key: &[u8; 32]) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let is_secure = url.scheme() == "https" || url.domain() == Some("localhost");
        let builder = WebauthnBuilder::new(url.domain().filter(|_| is_secure)?, &url).ok()?;
        Some(Self {
            webauthn: builder.rp_name(organisation).build().ok()?,
            of_nobody: WebauthnFakeCredentialGenerator::new(key).ok()?,
        })
    }

    /// Asks for a new key, none of those that are registered already. The key verifies its user: by PIN or biometrics.
    pub(crate) fn begin_registration(
        &self,
        id: &PersonId,
        name: &str,
        shown: &str,
        exclude: &[String],
    ) -> Option<Ceremony> {
        let exclude = exclude
            .iter()
            .filter_map(|id| URL_SAFE_NO_PAD.decode(id).ok())
            .collect();
        // The handle says nothing of the person (WebAuthn §14.6.1).
        let digest = Sha256::digest(id.as_str());
        let handle = Uuid::from_slice(digest.get(..16)?).ok()?;
        let (options, state) = self
            .webauthn
            .start_passkey_registration(handle, name, shown, Some(exclude))
            .ok()?;
        Ceremony::new(&options, &state)
    }

    /// Takes the answer of the browser.
    pub(crate) fn finish_registration(&self, response: &str, state: &str) -> Option<Registered> {
        let state: PasskeyRegistration = read(state)?;
        let key = self
            .webauthn
            .finish_passkey_registration(&read(response)?, &state)
            .ok()?;
        Some(Registered {
            credential: URL_SAFE_NO_PAD.encode(key.cred_id()),
            data: serde_json::to_string(&key).ok()?,
        })
    }

    /// Asks for the use of a key: by its data. Where there is none, one that nobody has stands in its place, always the same for
    /// one name, so that the page tells nothing (WebAuthn §14.6.2).
    pub(crate) fn begin_use(&self, data: Option<&str>, name: &str) -> Option<Ceremony> {
        let keys: Vec<Passkey> = data.and_then(read).into_iter().collect();
        let (mut options, state) = self.webauthn.start_passkey_authentication(&keys).ok()?;
        if keys.is_empty() {
            let fake = self
                .of_nobody
                .generate(name.as_bytes())
                .ok()?
                .into_iter()
                .next()?;
            let fake = json!([{ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(fake) }]);
            options.public_key.allow_credentials = serde_json::from_value(fake).ok()?;
        }
        Ceremony::new(&options, &state)
    }

    /// Takes the answer of the browser.
    pub(crate) fn finish_use(&self, response: &str, state: &str) -> Option<Used> {
        let state: PasskeyAuthentication = read(state)?;
        let used = self
            .webauthn
            .finish_passkey_authentication(&read(response)?, &state)
            .ok()?;
        Some(Used {
            credential: URL_SAFE_NO_PAD.encode(used.cred_id()),
            sign_count: used.counter(),
            user_verified: used.user_verified(),
        })
    }
}

impl Ceremony {
    fn new(options: &impl Serialize, state: &impl Serialize) -> Option<Self> {
        Some(Self {
            options: serde_json::to_string(options).ok()?,
            state: serde_json::to_string(state).ok()?,
        })
    }
}

/// Nothing of what cannot be read is told to anybody.
fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
