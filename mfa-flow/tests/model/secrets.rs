//! Everything that must not be read where it does not belong.

use super::naive;

/// Secrets that are known, and what each is.
#[derive(Default)]
pub(crate) struct Secrets(Vec<(String, &'static str)>);

impl Secrets {
    pub(crate) fn add(&mut self, secret: &str, what: &'static str) {
        assert!(secret.len() >= 6, "{what} is too short to be looked for");
        if !self.0.iter().any(|(known, _)| known == secret) {
            self.0.push((secret.to_owned(), what));
        }
    }

    /// A key in the forms in which it could be written.
    pub(crate) fn add_key(&mut self, key: &[u8]) {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.add(&hex, "a key in hex");
        self.add(&naive::base64(key), "a key in Base64");
        self.add(&naive::base32(key), "a key in Base32");
        self.add(&format!("{key:?}"), "a key in bytes");
    }

    /// None of them stands in the text, but for one that may.
    pub(crate) fn are_not_in(&self, text: &str, but: Option<&str>, place: &str) {
        for (secret, what) in &self.0 {
            if Some(secret.as_str()) != but {
                assert!(!holds(text, secret), "{what} stands in {place}: {text}");
            }
        }
    }
}

/// Whether the secret stands there. Six digits within a longer word are part of something else.
fn holds(text: &str, secret: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(secret).any(|(start, _)| {
        let end = start + secret.len();
        let inside =
            is_word(text[..start].chars().next_back()) || is_word(text[end..].chars().next());
        secret.len() > 8 || !inside
    })
}
