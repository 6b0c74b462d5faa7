//! Adding accounts: by a link, by hand, from a picture or a file.

use std::path::PathBuf;

use otp_core::{Algorithm, Counter, Digits, Period};
use otp_uri::{Account, Issuer, KeyUri, Kind, base32};
use url::Url;

use super::field::Field;
use super::form::Form;

/// The form for a link.
pub(crate) fn link_form() -> Form {
    Form::new(
        "Add by a link",
        &["Paste what stands behind the QR code. It begins with otpauth://, or is the link of a portal to pair with."],
    )
    .text("Link", Field::hidden())
}

/// The form for a file.
pub(crate) fn file_form(typed: &str) -> Form {
    Form::new(
        "Add from a picture or a file",
        &["A picture or screenshot (PNG, JPEG) with QR codes, a list of links, or what Aegis, 2FAS or Proton Authenticator exported."],
    )
    .text("File", Field::with(typed))
}

/// The form for the next picture of a transfer.
pub(crate) fn next_file_form(so_far: &str) -> Form {
    Form::new(
        "Add from pictures",
        &[
            so_far,
            "The next picture? Without one, what was read so far is added.",
        ],
    )
    .text("File", Field::new())
}

/// The form for the password of a file.
pub(crate) fn password_form() -> Form {
    Form::new(
        "The file is encrypted",
        &["It was encrypted by the app that wrote it."],
    )
    .text("Its password", Field::hidden())
}

/// The form for an account by hand.
pub(crate) fn by_hand_form() -> Form {
    Form::new("Add by hand", &[])
        .text("Issuer", Field::new())
        .text("Account", Field::new())
        .text("Key", Field::secret())
        .choice("Kind", &["by time", "by counter", "Steam"])
        .choice("Digits", &["6", "7", "8"])
        .choice("Hash", &["SHA-1", "SHA-256", "SHA-512"])
        .text("Seconds", Field::with("30"))
        .text("Counter", Field::with("0"))
}

/// The key that was filled in by hand.
///
/// # Errors
/// What is wrong, for a person.
pub(crate) fn by_hand(form: &Form) -> Result<KeyUri, String> {
    let algorithm = match form.chosen(5) {
        0 => Algorithm::Sha1,
        1 => Algorithm::Sha256,
        _ => Algorithm::Sha512,
    };
    let digits = match form.chosen(4) {
        0 => Digits::Six,
        1 => Digits::Seven,
        _ => Digits::Eight,
    };
    let kind = match form.chosen(3) {
        0 => Kind::Totp {
            algorithm,
            digits,
            period: period(form.text_of(6))?,
        },
        1 => Kind::Hotp {
            algorithm,
            digits,
            counter: counter(form.text_of(7))?,
        },
        _ => Kind::Steam,
    };
    let typed = form.text_of(2).trim();
    if typed.is_empty() {
        return Err("The key is missing.".to_owned());
    }
    let bytes = base32::decode_human(typed)
        .map_err(|_| "The key is not Base32: that is letters and the digits 2 to 7.".to_owned())?;
    let secret = bytes
        .to_secret(kind.algorithm())
        .map_err(|error| format!("The key cannot be used: {error}."))?;
    let account =
        Account::new(form.text_of(1).trim()).map_err(|error| sentence(&error.to_string()))?;
    let key = KeyUri::new(kind, account, &secret);
    let issuer = form.text_of(0).trim();
    if issuer.is_empty() {
        return Ok(key);
    }
    let issuer = Issuer::new(issuer).map_err(|error| sentence(&error.to_string()))?;
    Ok(key.with_issuer(issuer))
}

/// A path as people give it: with quotes or backslashes of a shell around it, dragged into the terminal as a URL, or from the home directory.
pub(crate) fn path(typed: &str, home: Option<PathBuf>) -> PathBuf {
    let typed = typed.trim();
    let quoted = ['\'', '"'].into_iter().find_map(|quote| {
        let inner = typed.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(inner.to_owned())
    });
    let typed = quoted.unwrap_or_else(|| typed.replace("\\ ", " "));
    if let Ok(url) = Url::parse(&typed)
        && url.scheme() == "file"
        && let Ok(path) = url.to_file_path()
    {
        return path;
    }
    match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    }
}

/// An error of a library as a sentence.
pub(crate) fn sentence(error: &str) -> String {
    let mut letters = error.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

fn period(typed: &str) -> Result<Period, String> {
    let seconds = typed.trim().parse().ok();
    seconds
        .and_then(|seconds| Period::new(seconds).ok())
        .ok_or_else(|| "The seconds have to be a number from 1 to 86400.".to_owned())
}

fn counter(typed: &str) -> Result<Counter, String> {
    let counter = typed.trim().parse().ok().map(Counter::new);
    counter.ok_or_else(|| "The counter has to be a number from 0 on.".to_owned())
}
