//! Some lines of text on top of the rest, in a frame where there is room for one.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Padding};

use crate::screen::form::{Form, Input};
use crate::screen::look::Look;
use crate::screen::measure::{fill, width, wrap};

/// Some lines of text.
#[derive(Debug, Default)]
pub(crate) struct Page {
    lines: Vec<Line<'static>>,
    /// The line and the column of the cursor.
    cursor: Option<(usize, usize)>,
    /// The first line that is seen.
    from: usize,
}

impl Page {
    /// Adds some words, in as many lines as it takes.
    pub(crate) fn words(&mut self, words: &str, style: Style, columns: usize) {
        let lines = wrap(words, columns).into_iter();
        self.lines
            .extend(lines.map(|line| Line::styled(line, style)));
    }

    /// Adds some words behind a mark, in as many lines as it takes.
    pub(crate) fn marked(&mut self, mark: &str, words: &str, style: Style, columns: usize) {
        let indent = width(mark);
        let lines = wrap(words, columns.saturating_sub(indent)).into_iter();
        self.lines.extend(lines.enumerate().map(|(place, line)| {
            let before = if place == 0 { mark } else { "" };
            Line::styled(format!("{}{line}", fill(before, indent)), style)
        }));
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// Adds an empty line.
    pub(crate) fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// Adds a name and what it has, in as many lines as it takes.
    pub(crate) fn entry(
        &mut self,
        name: &str,
        what: &str,
        names: usize,
        columns: usize,
        look: Look,
    ) {
        if columns < names.saturating_mul(2) {
            self.words(name, look.quiet(), columns);
            return self.marked("  ", what, Style::new(), columns);
        }
        let mut before = fill(name, names);
        for line in wrap(what, columns.saturating_sub(names)) {
            self.lines.push(Line::from(vec![
                Span::styled(before, look.quiet()),
                Span::raw(line),
            ]));
            before = fill("", names);
        }
    }

    /// Adds a line of which a part is being typed, which has the cursor.
    pub(crate) fn typed(&mut self, before: Vec<Span<'static>>, text: String, cursor: usize) {
        let column = before
            .iter()
            .map(Span::width)
            .fold(0, usize::saturating_add);
        self.cursor = Some((self.lines.len(), column.saturating_add(cursor)));
        let mut spans = before;
        spans.push(Span::raw(text));
        self.lines.push(Line::from(spans));
    }

    /// Begins at this line, or as far before as there are lines to fill the page.
    pub(crate) const fn starting(mut self, from: usize) -> Self {
        self.from = from;
        self
    }

    /// A form.
    pub(crate) fn of_form(form: &Form, columns: usize, look: Look) -> Self {
        let mut page = Self::default();
        for words in form.words() {
            page.words(words, Style::new(), columns);
            page.gap();
        }
        let labels = form.rows().iter().map(|row| width(row.label));
        let labels = labels.max().unwrap_or_default().saturating_add(2);
        let below = columns < labels.saturating_add(LEAST_FIELD);
        for (place, row) in form.rows().iter().enumerate() {
            let focused = place == form.focus();
            let style = if focused { look.here() } else { look.quiet() };
            let mut before = vec![Span::styled(fill(row.label, labels), style)];
            if below {
                page.line(Line::styled(row.label, style));
                before.clear();
            }
            let room = columns.saturating_sub(if below { 0 } else { labels });
            match &row.input {
                Input::Text(field) => {
                    let (text, cursor) = field.view(room);
                    let had = page.cursor;
                    page.typed(before, text, cursor);
                    if !focused {
                        page.cursor = had;
                    }
                }
                Input::Choice { options, at } => {
                    if focused {
                        page.cursor = Some((page.lines.len(), if below { 0 } else { labels }));
                    }
                    for (option, name) in options.iter().enumerate() {
                        let (name, style) = if option == *at {
                            (format!("[{name}]"), look.strong())
                        } else {
                            (format!(" {name} "), look.quiet())
                        };
                        before.push(Span::styled(name, style));
                    }
                    page.line(Line::from(before));
                }
            }
            if focused && let Some(problem) = form.problem() {
                page.marked("! ", problem, look.bad(), columns);
            }
        }
        page
    }
}

/// The columns of a page on that area.
pub(crate) fn columns(area: Rect) -> usize {
    let columns = if has_frame(area) {
        area.width.saturating_sub(MARGIN).min(WIDEST)
    } else {
        area.width.saturating_sub(1)
    };
    usize::from(columns)
}

/// Draws a page.
pub(crate) fn draw(frame: &mut Frame<'_>, area: Rect, title: &str, page: Page, look: Look) {
    let inner = if has_frame(area) {
        let height = u16::try_from(page.lines.len()).unwrap_or(u16::MAX);
        let outer_width = u16::try_from(columns(area))
            .unwrap_or(u16::MAX)
            .saturating_add(6);
        let outer = area.centered(
            ratatui::layout::Constraint::Length(outer_width),
            ratatui::layout::Constraint::Length(height.saturating_add(4)),
        );
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(look.here())
            .title(Span::styled(format!(" {title} "), look.strong()))
            .padding(Padding::symmetric(2, 1));
        let inner = block.inner(outer);
        frame.render_widget(Clear, outer);
        frame.render_widget(block, outer);
        inner
    } else {
        frame.render_widget(Clear, area);
        frame.render_widget(Line::styled(title.to_owned(), look.strong()), area);
        Rect {
            y: area.y.saturating_add(1),
            height: area.height.saturating_sub(1),
            ..area
        }
    };
    draw_lines(frame, inner, page);
}

fn draw_lines(frame: &mut Frame<'_>, area: Rect, page: Page) {
    let height = usize::from(area.height);
    let last = page.lines.len().saturating_sub(height);
    // With the cursor, the lines around it are seen: one below it, where a problem may stand.
    let from = match page.cursor {
        Some((line, _)) => line
            .saturating_add(2)
            .saturating_sub(height)
            .min(last)
            .min(line),
        None => page.from.min(last),
    };
    for (line, row) in page.lines.iter().skip(from).zip(area.rows()) {
        frame.render_widget(line, row);
    }
    if let Some((line, column)) = page.cursor
        && let (Ok(x), Ok(y)) = (
            u16::try_from(column),
            u16::try_from(line.saturating_sub(from)),
        )
        && y < area.height
    {
        let x = x.min(area.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(
            area.x.saturating_add(x),
            area.y.saturating_add(y),
        ));
    }
}

const fn has_frame(area: Rect) -> bool {
    area.width >= 44 && area.height >= 11
}

/// In columns. Longer lines are hard to read.
const WIDEST: u16 = 66;
/// What a frame takes of the columns, with a little of what is beneath on each side.
const MARGIN: u16 = 10;
/// The fewest columns for what is typed, beside its label.
const LEAST_FIELD: usize = 20;
