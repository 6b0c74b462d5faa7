//! A line of text that is being typed.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroizing;

use super::measure::width;

/// Text that is being typed. Wiped when dropped; a hidden one is never drawn.
pub(crate) struct Field {
    /// INVARIANT: never longer than [`LONGEST`], which is allocated at once: where a text grows, it leaves copies.
    text: Zeroizing<String>,
    /// How many letters are before the cursor.
    cursor: usize,
    hidden: bool,
    /// What is hidden is shown when that is asked for.
    may_be_shown: bool,
}

impl Field {
    /// An empty field.
    pub(crate) fn new() -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(LONGEST)),
            cursor: 0,
            hidden: false,
            may_be_shown: false,
        }
    }

    /// An empty field that shows a dot for each letter.
    pub(crate) fn hidden() -> Self {
        Self {
            hidden: true,
            ..Self::new()
        }
    }

    /// An empty field that shows a dot for each letter, until the letters are asked for.
    pub(crate) fn secret() -> Self {
        Self {
            may_be_shown: true,
            ..Self::hidden()
        }
    }

    /// A field that is filled in.
    pub(crate) fn with(text: &str) -> Self {
        let mut field = Self::new();
        field.paste(text);
        field
    }

    /// What was typed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What was typed; the field is empty then.
    pub(crate) fn take(&mut self) -> Zeroizing<String> {
        let empty = Self {
            hidden: self.hidden,
            may_be_shown: self.may_be_shown,
            ..Self::new()
        };
        std::mem::replace(self, empty).text
    }

    /// Takes a key, if it is one for editing.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.letters(),
            KeyCode::Char('u') if control => drop(self.take()),
            KeyCode::Char('s') if control && self.may_be_shown => self.hidden = !self.hidden,
            KeyCode::Char(letter) if !control && !key.modifiers.contains(KeyModifiers::ALT) => {
                self.insert(letter);
            }
            KeyCode::Backspace if self.cursor > 0 => {
                self.cursor = self.cursor.saturating_sub(1);
                self.remove();
            }
            KeyCode::Delete => self.remove(),
            KeyCode::Left => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Right => self.cursor = self.cursor.saturating_add(1).min(self.letters()),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.letters(),
            _ => return false,
        }
        true
    }

    /// Takes what was pasted: one line, without what controls a terminal.
    pub(crate) fn paste(&mut self, text: &str) {
        for letter in text.trim_end_matches(['\r', '\n']).chars() {
            if !letter.is_control() {
                self.insert(letter);
            }
        }
    }

    /// What of it is seen on that many columns, and the column of the cursor.
    pub(crate) fn view(&self, columns: usize) -> (String, usize) {
        let letters: Vec<char> = if self.hidden {
            vec!['•'; self.letters()]
        } else {
            self.text.chars().collect()
        };
        // One column is for the cursor behind the last letter.
        let columns = columns.saturating_sub(1);
        let text_of = |range: &[char]| range.iter().collect::<String>();
        let mut start = 0;
        while start < self.cursor {
            let before = letters.get(start..self.cursor).unwrap_or_default();
            if width(&text_of(before)) <= columns {
                break;
            }
            start = start.saturating_add(1);
        }
        let cursor = width(&text_of(
            letters.get(start..self.cursor).unwrap_or_default(),
        ));
        let mut seen = String::new();
        for letter in letters.get(start..).unwrap_or_default() {
            let mut longer = seen.clone();
            longer.push(*letter);
            if width(&longer) > columns {
                break;
            }
            seen = longer;
        }
        (seen, cursor)
    }

    fn letters(&self) -> usize {
        self.text.chars().count()
    }

    fn place(&self) -> usize {
        let mut places = self.text.char_indices().map(|(place, _)| place);
        places.nth(self.cursor).unwrap_or(self.text.len())
    }

    fn insert(&mut self, letter: char) {
        if self.text.len().saturating_add(letter.len_utf8()) > LONGEST {
            return;
        }
        let place = self.place();
        self.text.insert(place, letter);
        self.cursor = self.cursor.saturating_add(1);
    }

    fn remove(&mut self) {
        let place = self.place();
        if place < self.text.len() {
            self.text.remove(place);
        }
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Field(redacted)")
    }
}

/// In bytes: the longest URI that is read.
const LONGEST: usize = otp_uri::KeyUri::MAX_LEN;

#[cfg(test)]
mod tests {
    use super::*;

    fn type_in(field: &mut Field, keys: &[KeyCode]) {
        for key in keys {
            field.key((*key).into());
        }
    }

    #[test]
    fn letters_go_where_the_cursor_is() {
        let mut field = Field::with("ac\n");
        type_in(&mut field, &[KeyCode::Left, KeyCode::Char('b')]);
        assert_eq!(field.text(), "abc");
        type_in(&mut field, &[KeyCode::Backspace, KeyCode::Delete]);
        assert_eq!(field.text(), "a");
        type_in(
            &mut field,
            &[KeyCode::Delete, KeyCode::Home, KeyCode::Backspace],
        );
        assert_eq!(field.text(), "a");
    }

    #[test]
    fn what_is_hidden_is_not_seen() {
        let mut field = Field::hidden();
        field.paste("geheim");
        assert_eq!(field.view(20), ("••••••".to_owned(), 6));
        assert_eq!(format!("{field:?}"), "Field(redacted)");
        assert_eq!(*field.take(), "geheim");
        field.paste("x");
        assert_eq!(field.view(20).0, "•");
    }

    #[test]
    fn a_key_is_shown_when_that_is_asked_for_and_a_passphrase_never() {
        let show = KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL);
        for (mut field, seen) in [(Field::secret(), "ab"), (Field::hidden(), "••")] {
            field.paste("ab");
            assert_eq!(field.view(20).0, "••");
            field.key(show);
            assert_eq!(field.view(20).0, seen);
            field.key(show);
            assert_eq!((field.view(20).0.as_str(), field.text()), ("••", "ab"));
        }
    }

    #[test]
    fn a_long_text_is_seen_around_the_cursor() {
        let mut field = Field::with("0123456789例");
        assert_eq!(field.view(6), ("789例".to_owned(), 5));
        type_in(&mut field, &[KeyCode::Home]);
        assert_eq!(field.view(6), ("01234".to_owned(), 0));
    }

    #[test]
    fn nothing_that_controls_a_terminal_is_pasted_and_no_more_than_fits() {
        let field = Field::with("a\u{1b}[31mb\tc");
        assert_eq!(field.text(), "a[31mbc");
        let field = Field::with(&"x".repeat(9000));
        assert_eq!(field.text().len(), LONGEST);
        assert_eq!(field.text.capacity(), LONGEST);
    }
}
