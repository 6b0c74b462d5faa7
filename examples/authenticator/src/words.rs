//! Keys in plain words, for the person who has them.

use otp_uri::base32::Base32Error;
use otp_uri::migration::{EntryError, MigrationError};
use otp_uri::{Handling, KeyUri, Parameter, ParseError, Warning};

use crate::harmless;

/// What an account is called: `Acme: bob`, [harmless](harmless()) for a terminal.
#[must_use]
pub fn name(key: &KeyUri) -> String {
    match (key.issuer(), key.account()) {
        (Some(issuer), "") => harmless(issuer),
        (Some(issuer), account) => format!("{}: {}", harmless(issuer), harmless(account)),
        (None, "") => "(without a name)".to_owned(),
        (None, account) => harmless(account),
    }
}

/// So many accounts: `1 account`, `2 accounts`.
#[must_use]
pub fn accounts(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} account{plural}")
}

/// What is odd about a key, each as a sentence without a full stop. Mere matters of spelling, which are gone when the key is kept, are not
/// among them.
#[must_use]
pub fn warnings(key: &KeyUri) -> Vec<String> {
    let warnings = key.warnings().into_iter();
    warnings.filter_map(|warning| says(warning, key)).collect()
}

fn says(warning: Warning, key: &KeyUri) -> Option<String> {
    let text = match warning {
        Warning::ShortSecret => {
            let bits = key.expose_key().len().saturating_mul(8);
            return Some(format!(
                "the key has {bits} bits, fewer than the 128 that the standard asks for; it works, and only its issuer can give out a longer one"
            ));
        }
        Warning::IssuerMismatch => {
            return Some(format!(
                "it names two issuers, {} and {}: be sure that you know where it is from",
                harmless(key.issuer_prefix().unwrap_or_default()),
                harmless(key.issuer_parameter().unwrap_or_default())
            ));
        }
        Warning::SuspiciousCharacters => {
            "its name has characters that are invisible or turn the direction of text, so it may be another than it looks like"
        }
        Warning::LabelMissing | Warning::LabelEmptyPart => {
            "a part of its name is missing: give it one, so that you find it again"
        }
        Warning::LabelColons => {
            "its name has several colons, and other apps may divide it differently"
        }
        Warning::PlusSign => "a plus sign in the name of its issuer was read as a space",
        Warning::SecretLength => {
            "the last letter of its key completes nothing and was dropped: if codes are refused, look whether a letter is missing"
        }
        Warning::SecretLeftoverBits => {
            "its key does not end as it should: if codes are refused, look whether a letter is wrong"
        }
        Warning::CounterMissing => "it does not say where its counter stands: it starts at 0",
        Warning::CounterIgnored => {
            "it has a counter although its codes come from the time: the counter is ignored"
        }
        Warning::PeriodIgnored => {
            "it has a period although its codes come from a counter: the period is ignored"
        }
        Warning::DigitsIgnored => {
            "it asks for another length, but Steam's codes always have five letters"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// Which well-known apps would show wrong codes for a key if it were given to them, each as a sentence without a full stop.
#[must_use]
pub fn misreadings(key: &KeyUri) -> Vec<String> {
    let misreadings = key.compatibility().into_iter();
    misreadings
        .map(|misreading| {
            let app = misreading.app();
            let what = parameter(misreading.parameter());
            match misreading.handling() {
                Handling::Unsupported => format!("{app} would refuse {what}, or show wrong codes"),
                _ => format!("{app} would take no notice of {what}, and show wrong codes"),
            }
        })
        .collect()
}

const fn parameter(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Algorithm => "its algorithm",
        Parameter::Digits => "its number of digits",
        Parameter::Period => "its period",
        Parameter::Encoder => "Steam's letters",
        _ => "one of its parameters",
    }
}

/// Why a text is no key.
pub(crate) const fn refusal(error: ParseError) -> &'static str {
    match error {
        ParseError::TooLong => "it is too long",
        ParseError::MicrosoftPush => {
            "it is for Microsoft Authenticator alone and holds no key: on the page that shows it, choose \"I want to use a different authenticator app\""
        }
        ParseError::Migration => "it is a transfer of Google Authenticator",
        ParseError::Type => "it does not say what codes it makes",
        ParseError::MalformedEscape => "it has a percent sign where none can be",
        ParseError::NotUtf8 => "it holds text that is not UTF-8",
        ParseError::ControlCharacter(_) => "its name has characters that control a terminal",
        ParseError::Duplicate(_) => "it says one thing twice, and differently",
        ParseError::Missing(Parameter::Secret) | ParseError::Secret(Base32Error::Empty) => {
            "the secret is missing or too short"
        }
        ParseError::Missing(_) => "something is missing",
        ParseError::Secret(Base32Error::Character) => "the secret is not Base32",
        ParseError::Secret(_) => "the secret is not whole",
        ParseError::Algorithm => "its algorithm is not one of SHA-1, SHA-256 and SHA-512",
        ParseError::Encoder => "its codes are of a kind that is not made here",
        ParseError::NotANumber(Parameter::Digits) | ParseError::OutOfRange(Parameter::Digits) => {
            "its codes would not have 6 to 8 digits"
        }
        ParseError::NotANumber(Parameter::Period) | ParseError::OutOfRange(Parameter::Period) => {
            "its period is none that codes can have"
        }
        ParseError::NotANumber(Parameter::Counter) | ParseError::OutOfRange(Parameter::Counter) => {
            "its counter is not a number from 0 on"
        }
        _ => "it is not a key",
    }
}

/// Why a text is no code of a transfer.
pub(crate) const fn transfer_refusal(error: MigrationError) -> &'static str {
    match error {
        MigrationError::TooLong | MigrationError::TooManyEntries => {
            "it is longer than any transfer of Google Authenticator"
        }
        _ => "it is a transfer of Google Authenticator that is damaged",
    }
}

/// Why an entry of a transfer is no key.
pub(crate) const fn entry_refusal(error: EntryError) -> &'static str {
    match error {
        EntryError::NotUtf8 => "its name is not UTF-8",
        EntryError::ControlCharacter => "its name has characters that control a terminal",
        EntryError::SecretEmpty => "the secret is missing or too short",
        EntryError::Md5 | EntryError::Algorithm(_) => {
            "its algorithm is not one of SHA-1, SHA-256 and SHA-512"
        }
        EntryError::Digits(_) => "its codes have a length that is not known",
        EntryError::CounterNegative => "its counter is not a number from 0 on",
        _ => "its codes are of a kind that is not made here",
    }
}

/// Issuer and account, whichever is there; of long ones the beginning.
pub(crate) fn joined(issuer: &str, account: &str) -> String {
    let (issuer, account) = (issuer.trim(), account.trim());
    let separator = if issuer.is_empty() || account.is_empty() {
        ""
    } else {
        ": "
    };
    let name = harmless(&format!("{issuer}{separator}{account}"));
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name,
    }
}

/// The letters of a name that are shown where it only has to be known again.
const LONGEST_NAME: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(uri: &str) -> KeyUri {
        KeyUri::parse_lenient(uri).unwrap()
    }

    #[test]
    fn a_name_is_what_there_is_of_it() {
        for (uri, expected) in [
            ("otpauth://totp/Acme:bob?secret=JBSWY3DP", "Acme: bob"),
            ("otpauth://totp/bob?secret=JBSWY3DP", "bob"),
            ("otpauth://totp/Acme:?secret=JBSWY3DP", "Acme"),
            ("otpauth://totp/?secret=JBSWY3DP", "(without a name)"),
            ("otpauth://totp/a%E2%80%AEb?secret=JBSWY3DP", "a\u{fffd}b"),
        ] {
            assert_eq!(name(&key(uri)), expected);
        }
        assert_eq!(joined("", &"x".repeat(81)), format!("{}…", "x".repeat(80)));
        assert_eq!(
            joined(" Acme ", &"é".repeat(74)),
            format!("Acme: {}", "é".repeat(74))
        );
    }

    #[test]
    fn what_is_odd_is_said_with_what_it_is_about() {
        let odd = key(
            "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&issuer=Evil%E2%80%AE&algorithm=HmacSHA256",
        );
        assert_eq!(
            warnings(&odd),
            [
                "it names two issuers, Acme and Evil\u{fffd}: be sure that you know where it is from",
                "the key has 80 bits, fewer than the 128 that the standard asks for; it works, and only its issuer can give out a longer one",
                "its name has characters that are invisible or turn the direction of text, so it may be another than it looks like",
            ]
        );
        assert_eq!(
            misreadings(&odd),
            [
                "Microsoft Authenticator would take no notice of its algorithm, and show wrong codes",
                "old versions of Google Authenticator would take no notice of its algorithm, and show wrong codes",
                "Authy would refuse its algorithm, or show wrong codes",
                "Duo Mobile would refuse its algorithm, or show wrong codes",
                "Google Authenticator for Android would refuse its algorithm, or show wrong codes",
            ]
        );
        let usual = key("otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(warnings(&usual).is_empty() && misreadings(&usual).is_empty());
    }

    #[test]
    fn every_warning_has_words_or_is_gone_when_the_key_is_written() {
        let odd = key(
            " apple-otpauth://steam/a:b:c é?secret=jbsw-y3dp=&secret=jbsw-y3dp=&&x&digits=6&counter=1",
        );
        let kept = key(odd.to_text().expose());
        for warning in odd.warnings() {
            let is_gone = !kept.warnings().contains(warning);
            assert!(says(warning, &odd).is_some() || is_gone, "{warning}");
        }
    }
}
