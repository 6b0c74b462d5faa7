//! Some lines to fill in, one below the other.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroizing;

use super::field::Field;

/// Some lines to fill in.
#[derive(Debug)]
pub(crate) struct Form {
    title: String,
    words: Vec<String>,
    rows: Vec<Row>,
    focus: usize,
    problem: Option<String>,
}

/// A line of a form.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) label: &'static str,
    pub(crate) input: Input,
}

/// What is filled in.
#[derive(Debug)]
pub(crate) enum Input {
    /// Some text.
    Text(Field),
    /// One of a few.
    Choice {
        options: &'static [&'static str],
        at: usize,
    },
}

/// What a key did to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filling {
    /// It goes on.
    Going,
    /// All is filled in.
    Ready,
    /// It is not wanted any more.
    Cancelled,
}

impl Form {
    /// A form with a title, and some words before its lines.
    pub(crate) fn new(title: impl Into<String>, words: &[&str]) -> Self {
        Self {
            title: title.into(),
            words: words.iter().map(|&words| words.to_owned()).collect(),
            rows: Vec::new(),
            focus: 0,
            problem: None,
        }
    }

    /// With another line, of text.
    pub(crate) fn text(self, label: &'static str, field: Field) -> Self {
        self.row(label, Input::Text(field))
    }

    /// With another line, where one of these is chosen.
    pub(crate) fn choice(self, label: &'static str, options: &'static [&'static str]) -> Self {
        self.row(label, Input::Choice { options, at: 0 })
    }

    /// With that one chosen on the last line.
    pub(crate) fn choosing(mut self, option: usize) -> Self {
        if let Some(Row {
            input: Input::Choice { options, at },
            ..
        }) = self.rows.last_mut()
        {
            *at = option.min(options.len().saturating_sub(1));
        }
        self
    }

    fn row(mut self, label: &'static str, input: Input) -> Self {
        self.rows.push(Row { label, input });
        self
    }

    /// The title.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The words before the lines.
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// The lines.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The line that keys go to.
    pub(crate) const fn focus(&self) -> usize {
        self.focus
    }

    /// What was wrong with what was filled in.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Says what is wrong with what was filled in, and goes on.
    pub(crate) fn refuse(&mut self, problem: impl Into<String>) {
        self.problem = Some(problem.into());
    }

    /// The text of a line.
    pub(crate) fn text_of(&self, row: usize) -> &str {
        match self.rows.get(row).map(|row| &row.input) {
            Some(Input::Text(field)) => field.text(),
            _ => "",
        }
    }

    /// The text of a line, which is empty then.
    pub(crate) fn take(&mut self, row: usize) -> Zeroizing<String> {
        match self.rows.get_mut(row).map(|row| &mut row.input) {
            Some(Input::Text(field)) => field.take(),
            _ => Zeroizing::default(),
        }
    }

    /// What is chosen on a line, counted from 0.
    pub(crate) fn chosen(&self, row: usize) -> usize {
        match self.rows.get(row).map(|row| &row.input) {
            Some(Input::Choice { at, .. }) => *at,
            _ => 0,
        }
    }

    /// Starts at the first line again.
    pub(crate) fn restart(&mut self) {
        self.focus = 0;
    }

    /// Takes a key.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Filling {
        self.problem = None;
        let last = self.rows.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => return Filling::Cancelled,
            KeyCode::Enter if self.focus == last => return Filling::Ready,
            KeyCode::Enter | KeyCode::Tab | KeyCode::Down => {
                self.focus = self.focus.saturating_add(1).min(last);
            }
            KeyCode::BackTab | KeyCode::Up => self.focus = self.focus.saturating_sub(1),
            _ => {
                if let Some(row) = self.rows.get_mut(self.focus) {
                    row.input.key(key);
                }
            }
        }
        Filling::Going
    }

    /// Takes what was pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        self.problem = None;
        if let Some(Row {
            input: Input::Text(field),
            ..
        }) = self.rows.get_mut(self.focus)
        {
            field.paste(text);
        }
    }
}

impl Input {
    fn key(&mut self, key: KeyEvent) {
        match self {
            Self::Text(field) => {
                field.key(key);
            }
            Self::Choice { options, at } => {
                let last = options.len().saturating_sub(1);
                match key.code {
                    KeyCode::Left => *at = at.saturating_sub(1),
                    KeyCode::Right => *at = at.saturating_add(1).min(last),
                    KeyCode::Char(' ') if key.modifiers == KeyModifiers::NONE => {
                        *at = if *at == last { 0 } else { at.saturating_add(1) };
                    }
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form::new("Adding", &[])
            .text("Name", Field::new())
            .choice("Kind", &["one", "two"])
            .text("Key", Field::new())
    }

    #[test]
    fn enter_goes_on_and_is_the_end_on_the_last_line() {
        let mut form = form();
        form.paste("ada");
        assert_eq!(form.key(KeyCode::Enter.into()), Filling::Going);
        form.key(KeyCode::Right.into());
        form.key(KeyCode::Right.into());
        assert_eq!(form.key(KeyCode::Down.into()), Filling::Going);
        form.key(KeyCode::Char('k').into());
        assert_eq!(form.key(KeyCode::Enter.into()), Filling::Ready);
        assert_eq!(
            (form.text_of(0), form.chosen(1), form.text_of(2)),
            ("ada", 1, "k")
        );
        assert_eq!(form.key(KeyCode::Esc.into()), Filling::Cancelled);
    }

    #[test]
    fn a_choice_goes_round_with_the_space_bar() {
        let mut form = form();
        form.key(KeyCode::Tab.into());
        for expected in [1, 0, 1] {
            form.key(KeyCode::Char(' ').into());
            assert_eq!(form.chosen(1), expected);
        }
        form.key(KeyCode::BackTab.into());
        assert_eq!(form.focus(), 0);
    }

    #[test]
    fn what_was_wrong_is_said_until_something_is_changed() {
        let mut form = form();
        form.refuse("no");
        assert_eq!(form.problem(), Some("no"));
        form.paste("x");
        assert_eq!(form.problem(), None);
    }
}
