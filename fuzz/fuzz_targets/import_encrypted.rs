//! Encrypted backups of Aegis, made here: the right password opens what was put in, another one does not, and nothing that was changed
//! passes for what it was.

#![no_main]

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit};
use authenticator::import::{Format, Import, ImportError, Imported};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use otp_fuzz::imports::assert_same;
use otp_fuzz::leak;
use scrypt::Params;
use serde_json::{Value, json};

/// Six bytes of choices, eight for each slot, then the password, another one and the database, with a zero byte between them.
struct Input<'data> {
    chosen: usize,
    slots: &'data [[u8; 8]],
    /// Where something is changed, and by which bit.
    place: u8,
    position: u16,
    bit: u8,
    password: &'data str,
    other: &'data str,
    database: &'data str,
}

impl<'data> Input<'data> {
    fn of(data: &'data [u8]) -> Option<Self> {
        let ([chosen, slots, place, high, low, bit], data) = data.split_first_chunk()?;
        let slots = usize::from(slots % 7);
        let (slots, texts) = data.split_at_checked(slots * 8)?;
        let mut texts = str::from_utf8(texts).ok()?.splitn(3, '\0');
        Some(Self {
            chosen: usize::from(*chosen) % (slots.len() / 8).max(1),
            slots: slots.as_chunks().0,
            place: *place,
            position: u16::from_be_bytes([*high, *low]),
            bit: *bit,
            password: texts.next()?,
            other: texts.next()?,
            database: texts.next()?,
        })
    }

    /// The password of a slot: only the chosen one has the right one.
    fn password_of(&self, slot: usize) -> String {
        let password = self.password;
        if slot == self.chosen {
            password.to_owned()
        } else {
            format!("{password} and more, {slot}")
        }
    }
}

fuzz_target!(|data: &[u8]| {
    if let Some(input) = Input::of(data) {
        check(&input);
    }
});

fn check(input: &Input<'_>) {
    let slots: Vec<Value> = (0..)
        .zip(input.slots)
        .map(|(number, slot)| slot_of(*slot, &input.password_of(number)))
        .collect();
    let has_password = slots
        .get(input.chosen)
        .is_some_and(|slot| slot["type"] == 1);
    let (sealed, tag) = seal(&MASTER, input.database.as_bytes());
    let backup = json!({
        "version": 1,
        "header": { "slots": slots, "params": { "nonce": hex(&NONCE), "tag": tag } },
        "db": STANDARD.encode(&sealed),
    });

    let is_right = (0..slots.len()).any(|slot| input.other == input.password_of(slot));
    if !is_right {
        assert_refused(read(&backup, input.other));
    }
    let opened = read(&backup, input.password);
    if !has_password {
        assert_refused(opened);
        return;
    }
    match (&opened, plain(input.database)) {
        (Ok(opened), Ok(plain)) => {
            assert_same(opened.keys(), plain.keys());
            assert_eq!(opened.skipped(), plain.skipped());
        }
        (Err(ImportError::Damaged), Err(ImportError::Not(_))) => {}
        (Err(opened), Err(plain)) => assert_eq!(*opened, plain),
        (opened, plain) => panic!("opened {opened:?}, plain {plain:?}"),
    }

    let slot = format!("/header/slots/{}", input.chosen);
    let (place, expected) = match input.place % 6 {
        0 => (format!("{slot}/key"), ImportError::WrongPassword),
        1 => (
            format!("{slot}/key_params/nonce"),
            ImportError::WrongPassword,
        ),
        2 => (format!("{slot}/key_params/tag"), ImportError::WrongPassword),
        3 => (format!("{slot}/salt"), ImportError::WrongPassword),
        4 => ("/header/params/nonce".to_owned(), ImportError::Damaged),
        _ => ("/header/params/tag".to_owned(), ImportError::Damaged),
    };
    let mut changed = backup.clone();
    let value = changed.pointer_mut(&place).unwrap();
    *value = flipped(value.as_str().unwrap(), input.position, input.bit).into();
    assert_eq!(
        read(&changed, input.password).unwrap_err(),
        expected,
        "{place}"
    );

    let mut sealed = sealed;
    if !sealed.is_empty() {
        let position = usize::from(input.position) % sealed.len();
        sealed[position] ^= 1 << (input.bit % 8);
        let mut changed = backup;
        changed["db"] = STANDARD.encode(&sealed).into();
        assert_eq!(
            read(&changed, input.password).unwrap_err(),
            ImportError::Damaged
        );
    }
}

fn assert_refused(read: Result<Imported, ImportError>) {
    let error = read.unwrap_err();
    assert!(matches!(
        error,
        ImportError::NoPassword | ImportError::WrongPassword
    ));
}

fn slot_of([kind, log_n, r, p, salt @ ..]: [u8; 8], password: &str) -> Value {
    // Cheap ones: what it costs is no secret.
    let (log_n, r, p) = (1 + log_n % 4, 1 + u32::from(r % 8), 1 + u32::from(p % 2));
    let params = Params::new(log_n, r, p).unwrap();
    let mut key = [0; 32];
    scrypt::scrypt(password.as_bytes(), &salt, &params, &mut key).unwrap();
    let (wrapped, tag) = seal(&key, &MASTER);
    json!({
        "type": kind % 3,
        "uuid": "01234567-89ab-cdef-0123-456789abcdef",
        "key": hex(&wrapped),
        "key_params": { "nonce": hex(&NONCE), "tag": tag },
        "n": 1_u32 << log_n,
        "r": r,
        "p": p,
        "salt": hex(&salt),
    })
}

/// The sealed bytes, and the tag in hexadecimal.
fn seal(key: &[u8], plain: &[u8]) -> (Vec<u8>, String) {
    let cipher = Aes256Gcm::new_from_slice(key).unwrap();
    let mut sealed = cipher.encrypt(&NONCE.into(), plain).unwrap();
    let tag = sealed.split_off(plain.len());
    (sealed, hex(&tag))
}

fn read(backup: &Value, password: &str) -> Result<Imported, ImportError> {
    let mut import = Import::new();
    match import.read_encrypted(backup.to_string().as_bytes(), password) {
        Ok(_) => Ok(import.finish()),
        Err(error) => {
            leak::assert_error_hides(&error);
            Err(error)
        }
    }
}

/// The same, not encrypted.
fn plain(database: &str) -> Result<Imported, ImportError> {
    // Else what follows it would be a part of it.
    if serde_json::from_str::<serde::de::IgnoredAny>(database).is_err() {
        return Err(ImportError::Not(Format::Aegis));
    }
    let backup =
        format!(r#"{{"version":1,"header":{{"slots":null,"params":null}},"db":{database}}}"#);
    let mut import = Import::new();
    import.read(backup.as_bytes())?;
    Ok(import.finish())
}

/// Digits with a bit of one of the bytes turned.
fn flipped(digits: &str, position: u16, bit: u8) -> String {
    let position = usize::from(position) % digits.len();
    let digits = digits.char_indices().map(|(place, digit)| {
        let value = digit.to_digit(16).unwrap();
        let value = if place == position {
            value ^ (1 << (bit % 4))
        } else {
            value
        };
        char::from_digit(value, 16).unwrap()
    });
    digits.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const MASTER: [u8; 32] = *b"the key that is in every slot...";
const NONCE: [u8; 12] = *b"once, it is.";
