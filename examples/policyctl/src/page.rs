//! Text for people: aligned, calm, at most 80 columns.

use console::{Style, measure_text_width};

/// The width of a page.
const WIDTH: usize = 80;

/// Text that is being written.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The first line of all.
    pub(crate) fn title(&mut self, text: &str) {
        self.paragraph(0, &bold(text));
    }

    /// The first line of a section, after an empty one.
    pub(crate) fn heading(&mut self, text: &str) {
        self.gap();
        self.line(&bold(text));
    }

    /// An empty line, once.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A line as it is.
    pub(crate) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// Text that is broken where the page ends.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str) {
        let indent = " ".repeat(indent);
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&indent)
            .subsequent_indent(&indent)
            .break_words(false);
        for line in textwrap::wrap(text, options) {
            self.line(&line);
        }
    }

    /// A word in a column of its own, and text beside it.
    pub(crate) fn beside(&mut self, indent: usize, label: &str, width: usize, text: &str) {
        let hanging = " ".repeat(indent.saturating_add(width).saturating_add(2));
        let first = format!("{}{}  ", " ".repeat(indent), padded(label, width));
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent(&hanging)
            .break_words(false);
        for line in textwrap::wrap(text, options) {
            self.line(&line);
        }
    }

    /// Rows with their columns aligned: the first to the left, numbers to the right.
    pub(crate) fn table(&mut self, indent: usize, head: &[String], rows: &[Vec<String>]) {
        let columns = head.len();
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                let widest = cells
                    .map(|cell| measure_text_width(cell))
                    .max()
                    .unwrap_or(0);
                widest.max(head.get(column).map_or(0, |cell| measure_text_width(cell)))
            })
            .collect();
        let mut row = |cells: &[String], style: fn(&str) -> String| {
            let mut line = " ".repeat(indent);
            for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
                let space = " ".repeat(width.saturating_sub(measure_text_width(cell)));
                let cell = style(cell);
                if column == 0 {
                    line.push_str(&format!("{cell}{space}"));
                } else {
                    line.push_str(&format!("  {space}{cell}"));
                }
            }
            self.line(&line);
        };
        row(head, dim);
        for cells in rows {
            row(cells, str::to_owned);
        }
    }
}

fn padded(text: &str, width: usize) -> String {
    let space = " ".repeat(width.saturating_sub(measure_text_width(text)));
    format!("{text}{space}")
}

pub(crate) fn bold(text: &str) -> String {
    Style::new().bold().apply_to(text).to_string()
}

pub(crate) fn dim(text: &str) -> String {
    Style::new().dim().apply_to(text).to_string()
}

pub(crate) fn good(text: &str) -> String {
    Style::new().green().apply_to(text).to_string()
}

pub(crate) fn bad(text: &str) -> String {
    Style::new().red().apply_to(text).to_string()
}

pub(crate) fn careful(text: &str) -> String {
    Style::new().yellow().apply_to(text).to_string()
}

/// As it stands within a sentence.
pub(crate) fn in_sentence(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(rest).collect()
}
