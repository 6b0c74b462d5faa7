//! What another operation would have made, planted into a stored account.

use mfa_flow::{Account, DeviceKeyPair, Version};
use mfa_policy::{Method, RegistrationId};
use serde_json::{Value, json};

use super::{Person, World};

impl World {
    /// Changes the stored account behind the flow's back: for planting what another operation would have made.
    pub(crate) fn plant(&mut self, person: &Person, change: impl FnOnce(&mut Value)) {
        let mut stored = self.stored(person);
        change(&mut stored);
        let version = Version::new(self.version(&person.key).get().saturating_add(1));
        let stored = serde_json::to_vec(&stored).unwrap();
        Account::from_stored(person.key.clone(), version, &stored).unwrap();
        self.rows.insert(person.key.clone(), (version, stored));
    }

    /// Plants a registration with that factor, in its stored form.
    pub(crate) fn give(
        &mut self,
        person: &Person,
        id: &str,
        method: Method,
        factor: Value,
    ) -> RegistrationId {
        let registration = json!({
            "id": id, "method": method, "name": id, "added": self.now, "factor": factor,
        });
        self.plant(person, |stored| match stored.get_mut("registrations") {
            Some(Value::Array(registrations)) => registrations.push(registration),
            _ => stored["registrations"] = json!([registration]),
        });
        RegistrationId::new(id).unwrap()
    }

    /// Plants an authenticator with the key [`KEY`]: SHA-1, six digits, thirty seconds.
    pub(crate) fn give_totp(&mut self, person: &Person, id: &str) -> RegistrationId {
        let factor = json!({ "totp": { "secret": KEY_BASE64 } });
        self.give(person, id, Method::OtherAuthenticator, factor)
    }

    /// Plants a mobile telephone for text messages.
    pub(crate) fn give_text(&mut self, person: &Person, id: &str, number: &str) -> RegistrationId {
        self.give(
            person,
            id,
            Method::Text,
            json!({ "phone": { "number": number } }),
        )
    }

    /// Plants a mailbox.
    pub(crate) fn give_email(
        &mut self,
        person: &Person,
        id: &str,
        address: &str,
    ) -> RegistrationId {
        self.give(
            person,
            id,
            Method::Email,
            json!({ "email": { "address": address } }),
        )
    }
}

/// The key of the device that has every authenticator app which is planted.
pub(crate) fn device() -> DeviceKeyPair {
    DeviceKeyPair::from_bytes(&[9; 32])
}

/// An authenticator app on the [`device`], in its stored form.
pub(crate) fn push_at(address: &str) -> Value {
    json!({ "push": { "address": address, "key": device().public() } })
}

/// The number of most mobile telephones here.
pub(crate) const NUMBER: &str = "+31612345678";

/// The key of the authenticator that is planted.
pub(crate) const KEY: [u8; 20] = *b"12345678901234567890";
pub(crate) const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";
