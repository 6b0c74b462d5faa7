//! The flows under one policy.

use mfa_policy::Policy;
use otp_core::{Secret, Totp, TotpParameters, Window};
use otp_uri::Issuer;
use rand_core::CryptoRng;

use crate::account::Account;
use crate::device::{DeviceKey, DeviceKeyPair};
use crate::hashing::{Domain, HashKey};
use crate::key::{AccountKey, TenantId};
use crate::operation::Operation;
use crate::visit::Visit;

/// The flows under one policy: what makes [`Operation`]s. Make one at start and share it.
#[derive(Debug)]
pub struct Flow {
    pub(crate) policy: Policy,
    pub(crate) hash_key: HashKey,
    pub(crate) issuer: Issuer,
    pub(crate) window: Window,
    /// The key of nobody, for the work of an answer that is not looked at.
    pub(crate) nobody: Totp,
    /// The key of no device, for the same.
    pub(crate) no_device: DeviceKey,
}

impl Flow {
    /// The flows under that policy. `issuer` is the name that authenticator apps show; `hash_key` is kept outside the
    /// database, the same for as long as recovery codes and app passwords are to be good.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        clippy::expect_used,
        reason = "a constant of 20 bytes is a key"
    )]
    pub fn new(policy: Policy, hash_key: HashKey, issuer: Issuer) -> Self {
        let steps = |number: u32| u8::try_from(number).unwrap_or(0);
        let (past, future) = (
            steps(policy.challenge().window_past()),
            steps(policy.challenge().window_future()),
        );
        Self {
            // INVARIANT: a validated policy has at most ten steps in all.
            window: Window::new(past, future).unwrap_or_default(),
            policy,
            nobody: Totp::new(
                &Secret::import(&[0; 20]).expect("20 bytes are a key"),
                TotpParameters::default(),
            ),
            no_device: DeviceKeyPair::from_bytes(&[0; 32]).public(),
            hash_key,
            issuer,
        }
    }

    /// An operation on an account: one of [`Operation`]'s methods has to follow.
    pub fn on<'a>(
        &'a self,
        account: Account,
        visit: &'a Visit,
        rng: &'a mut dyn CryptoRng,
    ) -> Operation<'a> {
        Operation::new(self, account, visit, rng)
    }

    /// The key to use where the host knows nobody by the name that was typed, so that everything after it looks and lasts
    /// the same. Give it the name in the form in which it was looked up, so that its variants are one.
    ///
    /// One name gives one key; all names together give 1024 rows of each tenant, so that guessing names does not fill a table.
    #[must_use]
    pub fn decoy(&self, tenant: TenantId, typed: &str) -> AccountKey {
        let digest = self.hash_key.mac(
            Domain::Decoy,
            &[tenant.as_str().as_bytes(), typed.as_bytes()],
        );
        let typed = *digest.as_bytes();
        let [first, second, ..] = typed;
        AccountKey::decoy(tenant, u16::from_be_bytes([first, second]) & 1023, typed)
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}
