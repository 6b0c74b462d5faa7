//! Writing a key URI: one form for one value, so that equal keys give equal QR codes.

use alloc::string::String;
use core::fmt::Write as _;

use otp_core::{Algorithm, Digits, Period};
use zeroize::Zeroizing;

use crate::percent::encode_into;
use crate::{KeyUri, Kind, Parameter, SecretText, base32};

impl KeyUri {
    /// Writes the URI, leaving out what is the default anyway: a smaller QR code, read alike by every app.
    ///
    /// Canonical: the issuer in the label and in the parameter, `%20` and upper-case escapes, Base32 without padding,
    /// parameters in a fixed order, unknown ones last.
    ///
    /// ```
    /// use otp_uri::KeyUri;
    ///
    /// let uri = KeyUri::parse("otpauth://TOTP/Big%20Bank%3abob?Digits=6&secret=jbswy3dpehpk3pxp")?;
    /// assert_eq!(
    ///     uri.to_text().expose(),
    ///     "otpauth://totp/Big%20Bank:bob?secret=JBSWY3DPEHPK3PXP&issuer=Big%20Bank"
    /// );
    /// # Ok::<(), otp_uri::ParseError>(())
    /// ```
    ///
    /// What is written reads back as the same value, leniently at least: an empty account or a colon in it, which only
    /// lenient reading takes, is not made strict by writing it. A value that was read may become longer than
    /// [`MAX_LEN`](Self::MAX_LEN) where its text was near that and not canonical.
    #[must_use]
    pub fn to_text(&self) -> SecretText {
        self.write(Form::Minimal)
    }

    /// Writes the URI with algorithm, digits and period also where they are the default.
    #[must_use]
    pub fn to_explicit_text(&self) -> SecretText {
        self.write(Form::Explicit)
    }

    fn write(&self, form: Form) -> SecretText {
        let label = self.written_label();
        let mut text = Zeroizing::new(String::with_capacity(self.room(&label)));
        text.push_str(match self.kind {
            Kind::Totp { .. } | Kind::Steam => "otpauth://totp/",
            Kind::Hotp { .. } => "otpauth://hotp/",
        });
        let [prefix, colon, account] = label;
        encode_into(prefix, &mut text);
        text.push_str(match colon {
            ": " => ":%20",
            other => other,
        });
        encode_into(account, &mut text);
        text.push_str("?secret=");
        base32::encode_into(self.expose_key(), &mut text);
        if let Some(issuer) = self.issuer() {
            text.push_str("&issuer=");
            encode_into(issuer, &mut text);
        }
        self.write_parameters(form, &mut text);
        text.push_str(&self.unknown);
        SecretText::new(text)
    }

    fn write_parameters(&self, form: Form, text: &mut String) {
        let explicit = form == Form::Explicit;
        let algorithm = self.kind.algorithm();
        if explicit || algorithm != Algorithm::default() {
            push(text, Parameter::Algorithm, algorithm.name());
        }
        let default_len = match self.kind {
            Kind::Totp { .. } | Kind::Hotp { .. } => Digits::default().get(),
            Kind::Steam => 5,
        };
        if explicit || self.kind.code_len() != default_len {
            push_number(text, Parameter::Digits, u64::from(self.kind.code_len()));
        }
        if let Some(period) = self.kind.period()
            && (explicit || period != Period::default())
        {
            push_number(text, Parameter::Period, u64::from(period.seconds()));
        }
        if let Some(counter) = self.kind.counter() {
            push_number(text, Parameter::Counter, counter.get());
        }
        if self.kind == Kind::Steam {
            push(text, Parameter::Encoder, "steam");
        }
    }

    /// What is written before the colon of the label, the colon, and what is written after it.
    ///
    /// The prefix is the one that was read, else the issuer, unless a colon in that would make the label one that strict
    /// reading refuses. The colon also stands alone before an account with colons in it, which would be split otherwise.
    pub(crate) fn written_label(&self) -> [&str; 3] {
        let account = self.account();
        let prefix = self.issuer_prefix().or_else(|| {
            self.issuer_parameter()
                .filter(|issuer| !issuer.contains(':'))
        });
        let prefix = prefix.unwrap_or_default();
        let colon = if prefix.is_empty() && !account.contains(':') {
            ""
        } else if self.splits_later(prefix) {
            ": "
        } else {
            ":"
        };
        [prefix, colon, account]
    }

    /// Of prefix `A`, account `B:bob` and parameter `A:B`, `A:B:bob` would be split after the parameter. A space prevents
    /// that, and is taken away by reading.
    fn splits_later(&self, prefix: &str) -> bool {
        self.issuer_parameter().is_some_and(|parameter| {
            parameter
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix(':'))
                .and_then(|rest| self.account().strip_prefix(rest))
                .is_some_and(|rest| rest.starts_with(':'))
        })
    }

    /// Enough for all that is written, with every byte of a name escaped, so that nothing of it has to be moved and left
    /// behind.
    fn room(&self, label: &[&str; 3]) -> usize {
        /// Scheme, type, names of parameters and numbers at their longest: a HOTP key has 90 bytes of them.
        const FIXED: usize = 90;
        let names = label
            .iter()
            .copied()
            .chain(self.issuer())
            .map(str::len)
            .fold(0, usize::saturating_add);
        FIXED
            .saturating_add(names.saturating_mul(3))
            .saturating_add(base32::encoded_len(self.expose_key().len()))
            .saturating_add(self.unknown.len())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Minimal,
    Explicit,
}

fn push(text: &mut String, parameter: Parameter, value: &str) {
    text.push('&');
    text.push_str(parameter.name());
    text.push('=');
    text.push_str(value);
}

fn push_number(text: &mut String, parameter: Parameter, number: u64) {
    push(text, parameter, "");
    // Writing to a `String` cannot fail.
    let _ = write!(text, "{number}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_has_room_for_the_longest_of_everything() {
        for uri in [
            "otpauth://hotp/A: B:%C3%A9?secret=77&issuer=A:B&algorithm=SHA512&digits=8&counter=18446744073709551615&x&y=%C3%A9",
            "otpauth://totp/A: B:%C3%A9?secret=777777777&issuer=A:B&algorithm=SHA512&digits=8&period=2147483647",
            "otpauth://totp/a :b:c?secret=777&issuer=a:b",
            "otpauth://totp/a:b:c?secret=777&encoder=steam&=&&",
        ] {
            let uri = KeyUri::parse_lenient(uri).unwrap();
            for text in [uri.to_text(), uri.to_explicit_text()] {
                let room = uri.room(&uri.written_label());
                assert!(text.expose().len() <= room);
            }
        }
    }
}
