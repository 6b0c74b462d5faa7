//! What a person types to open the vault.

use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::VaultError;

/// A passphrase in normal form C. An "é" is one character on one keyboard and two on another; without this, a vault would not open on
/// the other one. Form C is what RFC 8265 takes for passwords and what most systems type, so that `age` opens the vault as well.
/// Redacted, wiped when dropped.
pub(super) struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// One that may be right.
    pub(super) fn typed(text: &str) -> Result<Self, VaultError> {
        // Before anything is computed with it.
        if text.len() > LONGEST_PASSPHRASE.saturating_mul(LONGEST_CHARACTER) {
            return Err(VaultError::PassphraseTooLong);
        }
        // With room for all of it: a text that grows leaves copies behind.
        let room = text.len().saturating_mul(MOST_GROWTH);
        let mut normal = Zeroizing::new(String::with_capacity(room));
        normal.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(text.chars()));
        if normal.chars().count() > LONGEST_PASSPHRASE {
            return Err(VaultError::PassphraseTooLong);
        }
        Ok(Self(normal))
    }

    /// One that a vault is to get.
    pub(super) fn chosen(text: &str) -> Result<Self, VaultError> {
        let chosen = Self::typed(text)?;
        if chosen.0.chars().count() < SHORTEST_PASSPHRASE {
            return Err(VaultError::PassphraseTooShort);
        }
        Ok(chosen)
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// In constant time, but for the length.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}

/// Characters of a new passphrase, at least. NIST SP 800-63B-4 (section 3.1.1.2) asks eight of a password that stands beside something
/// that one has, as the file is here, and forbids rules about which characters.
pub const SHORTEST_PASSPHRASE: usize = 8;
/// Characters at most. The same section asks for 64 to be taken at least; sentences are welcome.
pub const LONGEST_PASSPHRASE: usize = 1024;
/// Bytes of a character in UTF-8, times what form C makes fewer of: a base with a few marks.
const LONGEST_CHARACTER: usize = 16;
/// Normal form C makes a text in UTF-8 at most three times as long (Unicode FAQ on normalization).
const MOST_GROWTH: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(one: &str, other: &str) -> bool {
        Passphrase::typed(one)
            .unwrap()
            .is(&Passphrase::typed(other).unwrap())
    }

    #[test]
    fn the_same_letters_of_another_keyboard_are_the_same() {
        assert!(is_same("caf\u{e9} 1234", "cafe\u{301} 1234"));
        assert!(!is_same("café 1234", "cafe 1234"));
        // Compatibility characters stay what they are, as `age` would read them.
        assert!(!is_same("\u{fb01}ne", "fine"));
    }

    #[test]
    fn length_is_counted_in_characters() {
        let refused = Passphrase::chosen("héllo w");
        assert!(matches!(refused, Err(VaultError::PassphraseTooShort)));
        assert!(Passphrase::chosen("héllo wo").is_ok());
        // Eight in decomposed form, seven when composed.
        assert!(Passphrase::chosen("he\u{301}llo w").is_err());
        assert!(Passphrase::chosen(&"é".repeat(LONGEST_PASSPHRASE)).is_ok());
        let refused = Passphrase::chosen(&"é".repeat(LONGEST_PASSPHRASE + 1));
        assert!(matches!(refused, Err(VaultError::PassphraseTooLong)));
    }

    #[test]
    fn no_character_outgrows_the_room_for_it() {
        for letter in '\0'..=char::MAX {
            let text = String::from(letter);
            let mut normal = String::new();
            normal.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(text.chars()));
            assert!(normal.len() <= text.len() * MOST_GROWTH, "{letter:?}");
        }
    }

    #[test]
    fn shows_nothing() {
        let passphrase = Passphrase::typed("hunter2").unwrap();
        assert_eq!(format!("{passphrase:?}"), "Passphrase(redacted)");
    }
}
