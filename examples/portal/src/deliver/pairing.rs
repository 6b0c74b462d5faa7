//! The text that brings an authenticator app together with the page that adds it.

use std::fmt;
use std::str::FromStr;

use mfa_policy::{PersonId, RegistrationId};

/// What an app needs to report: who adds it, as what, and the token that only the page shows.
pub(crate) struct Pairing {
    pub(crate) registration: RegistrationId,
    pub(crate) token: String,
    pub(crate) person: PersonId,
}

impl fmt::Display for Pairing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.registration, self.token, self.person)
    }
}

/// No text of a pairing.
#[derive(Debug)]
pub(crate) struct NoPairing;

impl FromStr for Pairing {
    type Err = NoPairing;

    fn from_str(text: &str) -> Result<Self, NoPairing> {
        // Neither of the first two has a dot in it.
        let mut parts = text.trim().splitn(3, '.');
        let mut part = || parts.next().ok_or(NoPairing);
        Ok(Self {
            registration: RegistrationId::new(part()?).map_err(|_| NoPairing)?,
            token: part()?.to_owned(),
            person: PersonId::new(part()?).map_err(|_| NoPairing)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_again_whatever_the_person_is_called() {
        let text = "AAAAAAAAAAAAAAAAAAAAAA.ABCD EFGH.ada.lovelace";
        let pairing: Pairing = text.parse().unwrap();
        assert_eq!(pairing.token, "ABCD EFGH");
        assert_eq!(pairing.person.as_str(), "ada.lovelace");
        assert_eq!(pairing.to_string(), text);
        for text in ["", "a", "a.b", "..", "a.b."] {
            assert!(text.parse::<Pairing>().is_err(), "{text}");
        }
    }
}
