//! Transfers as Google Authenticator shows them, to be scanned by any app that reads them.

use otp_qr::{PngOptions, Qr, SecretBytes};
use otp_uri::migration::{WriteErrorKind, write};
use otp_uri::{KeyUri, SecretText};

use super::{Exported, LeftOut};

/// One QR code of a transfer, with up to ten keys.
#[derive(Debug)]
pub struct TransferCode {
    text: SecretText,
    png: SecretBytes,
}

impl TransferCode {
    /// The URI in it.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.expose()
    }

    /// The picture, 500 pixels or more on a side.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        self.png.expose()
    }
}

/// Writes a transfer. It holds SHA-1, SHA-256 and SHA-512, six or eight digits and 30 seconds; everything else is named and left out.
///
/// `id` tells the codes of one transfer from those of another: any number will do.
#[must_use]
pub fn transfer<'keys, Keys>(keys: Keys, id: i32) -> Exported<Vec<TransferCode>>
where
    Keys: IntoIterator<Item = &'keys KeyUri>,
{
    let mut written = Vec::new();
    let mut left_out = Vec::new();
    for (index, key) in keys.into_iter().enumerate() {
        match write([key], id) {
            // What fits into a code alone fits among others, too, which become fewer then.
            Ok(texts) if texts.iter().all(|text| Qr::encode(text.expose()).is_ok()) => {
                written.push(key);
            }
            Ok(_) => left_out.push(LeftOut::new(index, key, TOO_LONG)),
            Err(error) => left_out.push(LeftOut::new(index, key, why(error.kind(), key))),
        }
    }
    let texts = write(written, id).unwrap_or_default();
    let codes = texts.into_iter().filter_map(|text| {
        let png = code(text.expose())?;
        Some(TransferCode { text, png })
    });
    Exported {
        written: codes.collect(),
        left_out,
    }
}

/// Drawn large enough to be read off a screen.
fn code(text: &str) -> Option<SecretBytes> {
    let qr = Qr::encode(text).ok()?;
    let modules = u32::try_from(qr.width()).ok()?.saturating_add(BORDER);
    let scale = PIXELS.div_ceil(modules.max(1)).max(SCALE);
    qr.png(&PngOptions::new().scale(scale)).ok()
}

fn why(kind: WriteErrorKind, key: &KeyUri) -> String {
    match kind {
        WriteErrorKind::Digits => {
            "its codes have 7 digits, and a transfer knows 6 and 8 only".to_owned()
        }
        WriteErrorKind::Period => {
            let period = key.kind().period().map_or(0, |period| period.seconds());
            format!("its period is {period} s, and a transfer knows 30 s only")
        }
        WriteErrorKind::Counter => "its counter is too high for a transfer".to_owned(),
        WriteErrorKind::Steam => "a transfer does not know the codes of Steam".to_owned(),
        _ => TOO_LONG.to_owned(),
    }
}

const TOO_LONG: &str = "with its key and its names it is too long for a QR code";
/// The quiet zone, both sides together.
const BORDER: u32 = 8;
/// The least side of a picture.
const PIXELS: u32 = 500;
/// The least side of a module.
const SCALE: u32 = 6;
