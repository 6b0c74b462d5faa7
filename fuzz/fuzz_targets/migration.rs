//! Migration URIs: any text, and any message inside of one, against `prost`; and what was read is written and read again.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use otp_core::{Algorithm, Counter, Digits, Period};
use otp_fuzz::key_uri::{self, Fields};
use otp_fuzz::leak;
use otp_uri::migration::{
    self, Batch, Collector, EntryError, MAX_ENTRIES, MAX_LEN, SkippedEntry, WriteErrorKind,
};
use otp_uri::{KeyUri, Kind};
use prost::Message as _;

// A text where it begins like one, else the bytes of a message.
fuzz_target!(|data: &[u8]| {
    if data.len() > 2 * MAX_LEN {
        return;
    }
    if data.starts_with(b"otpauth") {
        if let Ok(text) = str::from_utf8(data) {
            check_text(text);
        }
    } else {
        check_message(data);
    }
});

fn check_text(text: &str) {
    match migration::read(text) {
        Ok(batch) => {
            assert!(text.len() <= MAX_LEN);
            // It is for one reader only.
            assert!(KeyUri::parse_lenient(text).is_err());
            check_batch(batch);
        }
        Err(error) => {
            leak::assert_error_hides(&error);
        }
    }
    for text in leak::marked(text) {
        match migration::read(&text) {
            Ok(batch) => nothing_is_shown(&batch),
            Err(error) => leak::assert_error_hides(&error),
        }
    }
}

fn check_message(message: &[u8]) {
    let text = uri_of(message);
    // Base64 has two alphabets, and its padding gets lost.
    let other = format!(
        "OTPAUTH-migration://Offline?x=1&data={}",
        URL_SAFE_NO_PAD.encode(message)
    );
    if other.len() > MAX_LEN || text.len() > MAX_LEN || message.is_empty() {
        assert!(migration::read(&text).is_err());
        return;
    }
    let by_another_reader = Payload::decode(message);
    let batch = match migration::read(&text) {
        Ok(batch) => batch,
        Err(error) => {
            leak::assert_error_hides(&error);
            assert_eq!(migration::read(&other).unwrap_err(), error);
            // Where the other reader takes more (it skips groups), what it writes of that is read.
            if let Ok(payload) = by_another_reader {
                let rewritten = migration::read(&uri_of(&payload.encode_to_vec()));
                let error = rewritten.err();
                let limit = payload.entries.len() > MAX_ENTRIES;
                let nothing = payload == Payload::default();
                assert!(error.is_none() || limit || nothing, "{error:?}");
            }
            return;
        }
    };
    assert!(batch.entries().len() <= MAX_ENTRIES);
    assert_eq!(view(&migration::read(&other).unwrap()), view(&batch));
    // It takes field numbers and numbers that are too long for the other reader, and ignores them.
    if let Ok(payload) = by_another_reader {
        assert_eq!(view(&batch), payload.view());
    }
    one_more_entry_changes_nothing(message, &batch);
    check_batch(batch);
}

/// What holds for every batch, wherever it comes from.
fn check_batch(batch: Batch) {
    assert!(batch.entries().len() <= MAX_ENTRIES);
    let mut collector = Collector::new();
    let (size, index) = (batch.size().max(1), batch.index());
    let (good_size, entries) = ((0..=256).contains(&batch.size()), batch.entries().len());
    let taken = collector.add(batch);
    if !good_size || !(0..size).contains(&index) {
        assert!(taken.is_err() && collector.into_entries().is_empty());
        return;
    }
    taken.unwrap();
    assert_eq!(collector.is_complete(), size == 1);
    assert_eq!(collector.missing().count(), size as usize - 1);
    let entries_after = collector.into_entries();
    assert_eq!(entries_after.len(), entries);
    let keys: Vec<KeyUri> = entries_after.into_iter().filter_map(Result::ok).collect();
    for key in &keys {
        key_uri::check_key(key, KeyUri::parse_lenient);
        assert!(key.warnings().into_iter().all(|warning| {
            // Nothing of a text is known here.
            !warning.is_refused_by_strict_reading()
        }));
    }
    what_is_written_is_read_back(&keys);
}

fn what_is_written_is_read_back(keys: &[KeyUri]) {
    let texts = match migration::write(keys, -7) {
        Ok(texts) => texts,
        Err(error) => {
            // The rest of what the format cannot hold cannot come out of it either. Its name is written with the issuer.
            assert_eq!(error.kind(), WriteErrorKind::TooLong);
            let key = &keys[error.index()];
            let names = key.account().len() + 2 * key.issuer().unwrap_or_default().len();
            assert!(key.expose_key().len() + names > MAX_LEN / 4);
            leak::assert_error_hides(&error);
            return;
        }
    };
    let mut collector = Collector::new();
    for text in texts.iter().rev() {
        assert!(text.expose().is_ascii());
        let batch = migration::read(text.expose()).unwrap();
        assert!((1..=10).contains(&batch.entries().len()));
        // Version 25 of a QR code, at level L. One key alone may be longer.
        assert!(text.expose().len() <= 1273 || batch.entries().len() == 1);
        assert_eq!((batch.version(), batch.id()), (1, -7));
        // More URIs than a collector takes are more than one message can make, but not by far.
        if texts.len() <= 256 {
            collector.add(batch).unwrap();
        }
    }
    if texts.len() <= 256 {
        assert_eq!(collector.is_complete(), !texts.is_empty());
        let read = collector.into_entries().into_iter().map(Result::unwrap);
        let read: Vec<Fields> = read.map(|key| Fields::of(&key)).collect();
        let expected: Vec<Fields> = keys.iter().map(Fields::of).collect();
        assert_eq!(read, expected);
    }
}

/// Messages can be put together by putting one after the other. What is put in here must not be seen.
fn one_more_entry_changes_nothing(message: &[u8], batch: &Batch) {
    for (algorithm, good) in [(1, true), (4, false)] {
        let entry = Payload {
            entries: vec![Entry {
                secret: leak::mark().into(),
                name: leak::mark().into(),
                issuer: leak::mark().into(),
                algorithm,
                ..Entry::default()
            }],
            ..Payload::default()
        };
        let longer = [message, &entry.encode_to_vec()].concat();
        let text = uri_of(&longer);
        if text.len() > MAX_LEN || batch.entries().len() == MAX_ENTRIES {
            assert!(migration::read(&text).is_err());
            continue;
        }
        let longer = migration::read(&text).unwrap();
        nothing_is_shown(&longer);
        let mut longer = view(&longer);
        assert_eq!(longer.entries.pop().unwrap().is_ok(), good);
        assert_eq!(longer, view(batch));
    }
}

fn nothing_is_shown(batch: &Batch) {
    leak::assert_debug_hides(batch);
    for entry in batch.entries() {
        match entry {
            Ok(key) => leak::assert_debug_hides(key),
            Err(skipped) => {
                leak::assert_debug_hides(skipped);
                leak::assert_error_hides(&skipped.error());
            }
        }
    }
}

fn uri_of(message: &[u8]) -> String {
    let data = STANDARD.encode(message).replace('+', "%2B");
    format!("otpauth-migration://offline?data={data}")
}

/// All that can be seen of a batch.
#[derive(Debug, PartialEq)]
struct View {
    numbers: [i32; 4],
    entries: Vec<Result<Fields, (String, String, EntryError)>>,
}

fn view(batch: &Batch) -> View {
    let skipped = |skipped: &SkippedEntry| {
        (
            skipped.name().to_owned(),
            skipped.issuer().to_owned(),
            skipped.error(),
        )
    };
    let entries = batch.entries().iter();
    View {
        numbers: [batch.version(), batch.size(), batch.index(), batch.id()],
        entries: entries
            .map(|entry| entry.as_ref().map(Fields::of).map_err(skipped))
            .collect(),
    }
}

/// The format as Google Authenticator has it, for another reader of protobuf. Its enumerations are numbers here.
#[derive(Clone, PartialEq, prost::Message)]
struct Payload {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<Entry>,
    #[prost(int32, tag = "2")]
    version: i32,
    #[prost(int32, tag = "3")]
    batch_size: i32,
    #[prost(int32, tag = "4")]
    batch_index: i32,
    #[prost(int32, tag = "5")]
    batch_id: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Entry {
    #[prost(bytes = "vec", tag = "1")]
    secret: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    name: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    issuer: Vec<u8>,
    #[prost(int32, tag = "4")]
    algorithm: i32,
    #[prost(int32, tag = "5")]
    digits: i32,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(int64, tag = "7")]
    counter: i64,
}

impl Payload {
    fn view(&self) -> View {
        View {
            numbers: [
                self.version,
                self.batch_size,
                self.batch_index,
                self.batch_id,
            ],
            entries: self.entries.iter().map(Entry::view).collect(),
        }
    }
}

impl Entry {
    fn view(&self) -> Result<Fields, (String, String, EntryError)> {
        let (Ok(name), Ok(issuer)) = (str::from_utf8(&self.name), str::from_utf8(&self.issuer))
        else {
            return Err((String::new(), String::new(), EntryError::NotUtf8));
        };
        self.fields(name, issuer)
            .map_err(|error| (name.to_owned(), issuer.to_owned(), error))
    }

    fn fields(&self, name: &str, issuer: &str) -> Result<Fields, EntryError> {
        if name.contains(char::is_control) || issuer.contains(char::is_control) {
            return Err(EntryError::ControlCharacter);
        }
        if self.secret.is_empty() {
            return Err(EntryError::SecretEmpty);
        }
        let algorithm = match self.algorithm {
            0 | 1 => Algorithm::Sha1,
            2 => Algorithm::Sha256,
            3 => Algorithm::Sha512,
            4 => return Err(EntryError::Md5),
            other => return Err(EntryError::Algorithm(other)),
        };
        let digits = match self.digits {
            0 | 1 => Digits::Six,
            2 => Digits::Eight,
            other => return Err(EntryError::Digits(other)),
        };
        let kind = match self.kind {
            0 | 2 => Kind::Totp {
                algorithm,
                digits,
                period: Period::DEFAULT,
            },
            1 => Kind::Hotp {
                algorithm,
                digits,
                counter: u64::try_from(self.counter)
                    .map(Counter::new)
                    .map_err(|_| EntryError::CounterNegative)?,
            },
            other => return Err(EntryError::Type(other)),
        };
        let issuer = issuer.trim_matches(' ');
        // After the issuer and a colon, else after the first colon.
        let after_issuer = name
            .strip_prefix(issuer)
            .and_then(|rest| rest.strip_prefix(':'))
            .filter(|_| !issuer.is_empty());
        let (prefix, account) = match (after_issuer, name.split_once(':')) {
            (Some(account), _) => (issuer, account),
            (None, Some((prefix, account))) => (prefix.trim_matches(' '), account),
            (None, None) => ("", name),
        };
        let issuer = [issuer, prefix].into_iter().find(|name| !name.is_empty());
        Ok(Fields {
            kind,
            issuer: issuer.map(str::to_owned),
            account: account.trim_matches(' ').to_owned(),
            key: self.secret.clone(),
            unknown: Vec::new(),
        })
    }
}
