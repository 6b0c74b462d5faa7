//! A key, and the codes that it makes.

use std::fmt;
use std::str::FromStr;

use mfa_policy::Timestamp;
use otp_core::UnixTime;
use otp_uri::{KeyUri, Kind};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

/// An account of the app. Redacted, and wiped when dropped.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    id: AccountId,
    /// As an `otpauth` URI: what every other app reads, too.
    #[serde(serialize_with = "write_key", deserialize_with = "read_key")]
    key: KeyUri,
    added: Timestamp,
}

/// Tells accounts apart whatever they are called: eight random bytes, in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AccountId([u8; 8]);

/// No identifier of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier has 16 hexadecimal digits")]
pub struct NoAccountId;

/// A code as it is to be typed. Redacted, and wiped when dropped.
pub struct Code(Zeroizing<String>);

impl Account {
    /// An account with a new identifier.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn new(key: KeyUri, added: Timestamp) -> Result<Self, getrandom::Error> {
        let mut id = [0; 8];
        getrandom::fill(&mut id)?;
        Ok(Self {
            id: AccountId(id),
            key,
            added,
        })
    }

    /// The identifier.
    #[must_use]
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// The key, with its names and parameters.
    #[must_use]
    pub const fn key(&self) -> &KeyUri {
        &self.key
    }

    /// When it was added.
    #[must_use]
    pub const fn added(&self) -> Timestamp {
        self.added
    }

    /// The same account with other names or another counter.
    #[must_use]
    pub fn map_key(mut self, change: impl FnOnce(KeyUri) -> KeyUri) -> Self {
        self.key = change(self.key);
        self
    }

    /// How long a code lives, in seconds. `None` if codes come from a counter.
    #[must_use]
    pub const fn period(&self) -> Option<u32> {
        match self.key.kind() {
            Kind::Totp { period, .. } => Some(period.seconds()),
            Kind::Hotp { .. } => None,
            Kind::Steam => Some(STEAM_PERIOD),
        }
    }

    /// The code of a moment. `None` if codes come from a counter: see [`use_counter`](Self::use_counter).
    #[must_use]
    pub fn code_at(&self, now: UnixTime) -> Option<Code> {
        if let Some(totp) = self.key.totp() {
            return Some(Code::new(totp.generate(now).ok()?.as_str()));
        }
        let steam = self.key.steam()?;
        Some(Code::new(steam.generate(now).as_str()))
    }

    /// The code of the next counter, and the account with that counter used. `None` for the code if there is no counter, or the
    /// last one was used.
    #[must_use]
    pub fn use_counter(self) -> (Self, Option<Code>) {
        let Some((hotp, counter)) = self.key.hotp() else {
            return (self, None);
        };
        let Some(next) = counter.next() else {
            return (self, None);
        };
        let code = Code::new(hotp.generate(counter).as_str());
        (self.map_key(|key| key.with_counter(next)), Some(code))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Code {
    fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The code.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code in groups of two or three, as it is read most easily: `287 082`, `9428 7082`, `WJ7 6Q`.
    #[must_use]
    pub fn grouped(&self) -> Zeroizing<String> {
        let group = if self.0.len() == 8 { 4 } else { 3 };
        let mut grouped = Zeroizing::new(String::with_capacity(LONGEST_GROUPED));
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place.is_multiple_of(group) {
                grouped.push(' ');
            }
            grouped.push(letter);
        }
        grouped
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({self})")
    }
}

impl FromStr for AccountId {
    type Err = NoAccountId;

    fn from_str(text: &str) -> Result<Self, NoAccountId> {
        let mut id = [0; 8];
        hex::decode_to_slice(text, &mut id).map_err(|_| NoAccountId)?;
        Ok(Self(id))
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for AccountId {
    type Error = NoAccountId;

    fn try_from(text: String) -> Result<Self, NoAccountId> {
        text.parse()
    }
}

fn write_key<S: Serializer>(key: &KeyUri, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.to_text().expose())
}

fn read_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<KeyUri, D::Error> {
    let text = Zeroizing::new(String::deserialize(deserializer)?);
    // Lenient, since what other apps exported may have names that a server would not write.
    KeyUri::parse_lenient(&text).map_err(de::Error::custom)
}

/// Of Steam's codes, in seconds.
const STEAM_PERIOD: u32 = 30;
/// Eight digits with a space, with room to spare: a longer text would leave copies where it grew.
const LONGEST_GROUPED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn account(uri: &str) -> Account {
        let key = KeyUri::parse_lenient(uri).unwrap();
        Account::new(key, Timestamp::from_unix_seconds(1_700_000_000)).unwrap()
    }

    #[test]
    fn codes_of_the_time_are_those_of_rfc_6238() {
        let rfc =
            account("otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8");
        let code = rfc.code_at(UnixTime::from_secs(59)).unwrap();
        assert_eq!(code.expose(), "94287082");
        assert_eq!(*code.grouped(), "9428 7082");
        assert_eq!(rfc.period(), Some(30));
    }

    #[test]
    fn a_counter_is_used_once_and_codes_are_those_of_rfc_4226() {
        let mut rfc =
            account("otpauth://hotp/Acme:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
        assert!(rfc.code_at(UnixTime::from_secs(59)).is_none());
        for expected in ["755224", "287082", "359152"] {
            let (after, code) = rfc.use_counter();
            assert_eq!(code.unwrap().expose(), expected);
            rfc = after;
        }
    }

    #[test]
    fn the_last_counter_is_not_used_for_ever() {
        let uri = format!(
            "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ&counter={}",
            u64::MAX
        );
        let (_, code) = account(&uri).use_counter();
        assert!(code.is_none());
    }

    #[test]
    fn an_account_is_kept_as_it_is_and_shows_no_secret() {
        let bob = account("otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQ&issuer=Acme&image=x");
        let text = serde_json::to_string(&bob).unwrap();
        let read: Account = serde_json::from_str(&text).unwrap();
        assert_eq!(read.id(), bob.id());
        assert_eq!(read.key().to_text().expose(), bob.key().to_text().expose());
        assert!(!format!("{bob:?}").contains("GEZD"));
    }
}
