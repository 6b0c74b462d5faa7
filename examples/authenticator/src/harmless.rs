//! Text from strangers, made harmless for a terminal.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// The text as it can be shown: what controls a terminal, turns the direction of text, is invisible or means nothing is replaced by `�`, and no letter
/// carries more than two marks, so that it does not reach into other lines.
///
/// ```
/// assert_eq!(authenticator::harmless("Acme\u{202e}moc.live\u{1b}[2J"), "Acme�moc.live�[2J");
/// ```
#[must_use]
pub fn harmless(text: &str) -> String {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let mut marks = 0_usize;
    let shown = text.chars().filter_map(|letter| {
        let category = categories.get(letter);
        let is_mark = matches!(
            category,
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
        );
        marks = if is_mark { marks.saturating_add(1) } else { 0 };
        match category {
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned => Some(char::REPLACEMENT_CHARACTER),
            _ if marks > MOST_MARKS => None,
            _ => Some(letter),
        }
    });
    shown.collect()
}

/// As many as Vietnamese puts on a vowel.
const MOST_MARKS: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_as_it_is() {
        for name in [
            "",
            "ada@example.com",
            "Bücher & Söhne",
            "例え",
            "שלום",
            "🔑",
            "e\u{302}\u{301}",
        ] {
            assert_eq!(harmless(name), name);
        }
    }

    #[test]
    fn nothing_reaches_the_terminal_but_letters() {
        for bad in [
            '\u{0}',
            '\u{7}',
            '\n',
            '\r',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{9b}',
            '\u{ad}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2028}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            assert_eq!(harmless(&format!("a{bad}b")), "a�b", "{bad:?}");
        }
    }

    #[test]
    fn a_pile_of_marks_is_cut() {
        let pile = format!("a{}b", "\u{301}".repeat(40));
        assert_eq!(harmless(&pile), "a\u{301}\u{301}b");
    }
}
