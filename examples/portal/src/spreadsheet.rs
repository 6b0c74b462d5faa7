//! Cells for spreadsheets, which take some texts for formulas.

use std::borrow::Cow;

/// The text, behind an apostrophe if a spreadsheet would compute it (OWASP, CSV injection).
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    let begins_formula = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    if text.trim_start_matches(' ').starts_with(begins_formula) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_is_text() {
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1",
        ] {
            assert_eq!(cell(text), format!("'{text}"));
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in ["", "ada", "1-1", "a=b", "'quoted"] {
            assert_eq!(cell(text), text);
        }
    }
}
