//! Text of the host that is shown to a person on another screen.

/// The most characters that are shown.
const LONGEST: usize = 200;

/// What can be shown of that text: cut, and without what [`is_misleading`].
pub(crate) fn shown(text: &str) -> String {
    let kept = text.chars().filter(|c| !is_misleading(*c));
    kept.take(LONGEST).collect()
}

/// Whether all of it can be shown.
pub(crate) fn is_shown(text: &str) -> bool {
    text.chars().count() <= LONGEST && !text.chars().any(is_misleading)
}

/// Control characters, and those that change the direction of a line (Unicode UAX #9 §2), by which one text looks like another.
fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
