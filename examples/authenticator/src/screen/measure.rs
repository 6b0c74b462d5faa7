//! Text and the columns that it takes.

use ratatui::style::Style;
use ratatui::text::Span;

/// The columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// The text, or as much of it as fits with an ellipsis.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut left = columns.saturating_sub(1);
    for grapheme in Span::raw(text).styled_graphemes(Style::new()) {
        let needed = width(grapheme.symbol);
        if needed > left {
            break;
        }
        left = left.saturating_sub(needed);
        kept.push_str(grapheme.symbol);
    }
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The text with spaces behind it, or as much of it as fits.
pub(crate) fn fill(text: &str, columns: usize) -> String {
    let mut filled = cut(text, columns);
    let missing = columns.saturating_sub(width(&filled));
    filled.extend(std::iter::repeat_n(' ', missing));
    filled
}

/// The text in lines of at most that many columns, broken between words where there are any.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let taken = width(&line);
        if !line.is_empty() && taken.saturating_add(1).saturating_add(width(word)) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        // A word that is longer than a line is broken anywhere.
        for grapheme in Span::raw(word).styled_graphemes(Style::new()) {
            if width(&line).saturating_add(width(grapheme.symbol)) > columns {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme.symbol);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(cut("例え話", 6), "例え話");
        assert_eq!(cut("例え話", 5), "例え…");
        assert_eq!(cut("例え話", 4), "例…");
        assert_eq!(fill("例え話", 4), "例… ");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("to be or not", 6), ["to be", "or not"]);
        assert_eq!(wrap("otpauth://x", 5), ["otpau", "th://", "x"]);
        assert_eq!(wrap("", 5), [""]);
        for line in wrap("例え話 and a verylongwordindeed", 7) {
            assert!(width(&line) <= 7, "{line}");
        }
    }
}
