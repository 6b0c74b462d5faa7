//! Names from outside, made fit to stand within a text.

/// The name without what could change the order or the lines of the text around it, and isolated from that text where it may
/// run from right to left (Unicode Standard Annex #9 §2.7).
pub(super) fn insertable(name: &str) -> String {
    let shown: String = name.chars().filter(|&letter| !reorders(letter)).collect();
    if shown.chars().any(may_run_from_right_to_left) {
        format!("\u{2068}{shown}\u{2069}")
    } else {
        shown
    }
}

/// The controls of the bidirectional algorithm, and what ends a line.
const fn reorders(letter: char) -> bool {
    matches!(
        letter,
        '\0'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// The blocks that Unicode keeps for scripts that run from right to left.
const fn may_run_from_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFF}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::insertable;

    #[test]
    fn a_name_cannot_reorder_or_break_the_text_around_it() {
        assert_eq!(insertable("Zoë's phone 📱"), "Zoë's phone 📱");
        assert_eq!(insertable("a\u{202E}b\u{2069}c\u{2028}d\ne"), "abcde");
        assert_eq!(insertable("טלפון"), "\u{2068}טלפון\u{2069}");
    }
}
