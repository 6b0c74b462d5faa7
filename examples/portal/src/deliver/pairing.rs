//! The text that brings an authenticator app together with the page that adds it.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::{PersonId, RegistrationId};

/// What an app needs to report: who adds it, as what, and the token that only the page shows.
pub(crate) struct Pairing {
    pub(crate) registration: RegistrationId,
    pub(crate) token: String,
    pub(crate) person: PersonId,
}

impl Pairing {
    /// The link that a QR code brings to the app: `PUBLIC-URL/device#REGISTRATION.TOKEN.PERSON`, the person in Base64url. What
    /// stands after the `#` is sent to no server, so it stands in no log.
    pub(crate) fn link(&self, public_url: &str) -> String {
        let person = URL_SAFE_NO_PAD.encode(self.person.as_str());
        let (registration, token) = (&self.registration, &self.token);
        format!("{public_url}/device#{registration}.{token}.{person}")
    }
}

/// No text of a pairing.
#[derive(Debug)]
pub(crate) struct NoPairing;

impl FromStr for Pairing {
    type Err = NoPairing;

    /// Takes the link, or what stands after its `#`.
    fn from_str(text: &str) -> Result<Self, NoPairing> {
        let (_, parts) = text.rsplit_once('#').unwrap_or(("", text));
        let mut parts = parts.trim().splitn(3, '.');
        let mut part = || parts.next().ok_or(NoPairing);
        let (registration, token, person) = (part()?, part()?, part()?);
        let person = URL_SAFE_NO_PAD.decode(person).map_err(|_| NoPairing)?;
        let person = String::from_utf8(person).map_err(|_| NoPairing)?;
        Ok(Self {
            registration: RegistrationId::new(registration).map_err(|_| NoPairing)?,
            token: token.to_owned(),
            person: PersonId::new(&person).map_err(|_| NoPairing)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_again_whatever_the_person_is_called() {
        let pairing = Pairing {
            registration: RegistrationId::new("AAAAAAAAAAAAAAAAAAAAAA").unwrap(),
            token: "ABCD EFGH".to_owned(),
            person: PersonId::new("ada.lovelace #1 é").unwrap(),
        };
        let link = pairing.link("https://id.example.com");
        let (address, parts) = link.split_once('#').unwrap();
        assert_eq!(address, "https://id.example.com/device");
        for text in [link.as_str(), parts, &format!(" {link}\n")] {
            let read: Pairing = text.parse().unwrap();
            assert_eq!(read.registration, pairing.registration);
            assert_eq!(read.token, pairing.token);
            assert_eq!(read.person, pairing.person);
        }
        for text in [
            "",
            "a",
            "a.b",
            "..",
            "a.b.",
            "a.b.!",
            "https://id.example.com/device",
        ] {
            assert!(text.parse::<Pairing>().is_err(), "{text}");
        }
    }
}
