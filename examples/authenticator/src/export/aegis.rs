//! A plain backup of Aegis.

use std::io;

use otp_uri::{KeyUri, Kind, SecretText, base32};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::{Exported, LeftOut};

#[derive(Serialize)]
struct File<'keys> {
    version: u32,
    header: Header,
    db: Database<'keys>,
}

/// Null, both: not encrypted.
#[derive(Serialize)]
struct Header {
    slots: (),
    params: (),
}

#[derive(Serialize)]
struct Database<'keys> {
    version: u32,
    entries: Vec<Entry<'keys>>,
}

#[derive(Serialize)]
struct Entry<'keys> {
    #[serde(rename = "type")]
    kind: &'static str,
    uuid: String,
    name: &'keys str,
    issuer: &'keys str,
    note: &'static str,
    favorite: bool,
    icon: (),
    info: Info,
}

#[derive(Serialize)]
struct Info {
    #[serde(serialize_with = "exposed")]
    secret: SecretText,
    algo: &'static str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
}

/// Writes a backup that Aegis imports as its own, not encrypted.
///
/// # Errors
/// The system's random source failed, which gives each entry its identifier.
pub fn aegis<'keys, Keys>(keys: Keys) -> Result<Exported<Zeroizing<String>>, getrandom::Error>
where
    Keys: IntoIterator<Item = &'keys KeyUri>,
{
    let mut left_out = Vec::new();
    let mut entries = Vec::new();
    for (index, key) in keys.into_iter().enumerate() {
        let counter = key.kind().counter().map(|counter| counter.get());
        if counter.is_some_and(|counter| i64::try_from(counter).is_err()) {
            left_out.push(LeftOut::new(
                index,
                key,
                "its counter is too high for Aegis",
            ));
            continue;
        }
        entries.push(Entry {
            kind: match key.kind() {
                Kind::Totp { .. } => "totp",
                Kind::Hotp { .. } => "hotp",
                Kind::Steam => "steam",
            },
            uuid: uuid()?,
            name: key.account(),
            issuer: key.issuer().unwrap_or_default(),
            note: "",
            favorite: false,
            icon: (),
            info: Info {
                secret: base32::encode(key.expose_key()),
                algo: key.kind().algorithm().name(),
                digits: key.kind().code_len(),
                period: key.kind().period().map(|period| period.seconds()),
                counter,
            },
        });
    }
    let file = File {
        version: 1,
        header: Header {
            slots: (),
            params: (),
        },
        db: Database {
            version: 2,
            entries,
        },
    };
    Ok(Exported {
        written: text(&file),
        left_out,
    })
}

fn exposed<S: Serializer>(secret: &SecretText, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The text, in a buffer that has the room from the beginning: what grows leaves copies behind.
fn text(file: &File<'_>) -> Zeroizing<String> {
    let mut count = Count(0);
    // Nothing can fail: all keys are texts, and memory takes everything.
    let _ = serde_json::to_writer_pretty(&mut count, file);
    let mut text = Zeroizing::new(Vec::with_capacity(count.0));
    let _ = serde_json::to_writer_pretty(&mut *text, file);
    Zeroizing::new(String::from_utf8(std::mem::take(&mut *text)).unwrap_or_default())
}

struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A random one, version 4 of RFC 9562.
fn uuid() -> Result<String, getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    let bits = u128::from_be_bytes(bits) & !VERSION_AND_VARIANT | VERSION_4_AND_VARIANT;
    let digits = format!("{bits:032x}");
    let mut uuid = String::with_capacity(36);
    for (place, digit) in digits.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    Ok(uuid)
}

const VERSION_AND_VARIANT: u128 = 0xf000_c000_0000_0000_0000;
const VERSION_4_AND_VARIANT: u128 = 0x4000_8000_0000_0000_0000;
