//! The names that people give to what they register.

use crate::operation::Refused;

/// The most characters of a name.
const MOST_CHARS: usize = 64;

/// A name without space at its ends: 1 to 64 characters, and none that controls a terminal or turns the direction of text.
pub(crate) fn checked_name(name: &str) -> Result<String, Refused> {
    let name = name.trim();
    let hides = |c: char| c.is_control() || is_invisible(c);
    if name.is_empty() || name.chars().nth(MOST_CHARS).is_some() || name.chars().any(hides) {
        return Err(Refused::Invalid(
            "a name has 1 to 64 characters that can be seen",
        ));
    }
    Ok(name.to_owned())
}

/// Line separators, marks of direction and what has no width: a name with them can look like another one. The joiners stay,
/// as some scripts need them.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_without_the_space_around_it() {
        assert_eq!(checked_name("  Ada's phone ").unwrap(), "Ada's phone");
        assert_eq!(checked_name(&"é".repeat(64)).unwrap().chars().count(), 64);
    }

    #[test]
    fn what_is_empty_too_long_or_cannot_be_seen_is_no_name() {
        let long = "é".repeat(65);
        for name in [
            "",
            "   ",
            &long,
            "a\nb",
            "a\u{202e}b",
            "a\u{200b}b",
            "\u{feff}",
        ] {
            assert!(checked_name(name).is_err(), "{name:?}");
        }
    }
}
