//! The accounts, each with its code and the time that is left.

use otp_core::UnixTime;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::screen::list::names;
use crate::screen::look::Look;
use crate::screen::measure::{cut, fill, width};
use crate::screen::open::Open;
use crate::screen::state::State;
use crate::{Account, Contents, words};

/// Draws the headline: what is searched for, and how much there is.
pub(crate) fn draw_head(
    frame: &mut Frame<'_>,
    area: Rect,
    open: &Open,
    contents: &Contents,
    look: Look,
) {
    let found = open.list.found(contents).len();
    let all = contents.accounts().len();
    let search = open.list.search();
    let is_search = open.list.is_searching() || !search.text().is_empty();
    let (mut counts, room) = if is_search {
        (
            format!("{found} of {all} "),
            usize::from(area.width).saturating_sub(12),
        )
    } else {
        (format!("{} ", words::accounts(all)), 0)
    };
    let portals = contents.pairings().len();
    if portals > 0 {
        let connected = open.portals.connected(contents);
        counts = format!("{connected} of {portals} portals connected · {counts}");
    }
    let taken = if is_search {
        let (text, cursor) = search.view(room.max(4));
        let line = Line::from(vec![Span::styled(" /", look.here()), Span::raw(text)]);
        let taken = line.width();
        frame.render_widget(line, area);
        if open.list.is_searching() {
            let x = u16::try_from(cursor.saturating_add(2)).unwrap_or_default();
            frame.set_cursor_position(Position::new(area.x.saturating_add(x), area.y));
        }
        taken
    } else {
        frame.render_widget(Span::styled(" authenticator", look.strong()), area);
        width(" authenticator")
    };
    super::right(frame, area, &counts, taken.saturating_add(2), look);
}

/// Draws the accounts, the chosen one as near to the middle as can be.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    open: &Open,
    contents: &Contents,
    look: Look,
) {
    let found = open.list.found(contents);
    if found.is_empty() {
        return draw_nothing(frame, area, contents, look);
    }
    let is_wide = area.width >= WIDE;
    let rows = if is_wide { 1 } else { 2 };
    let fitting = usize::from(area.height)
        .checked_div(rows)
        .unwrap_or_default()
        .max(1);
    let chosen = open.list.place(&found);
    let last = found.len().saturating_sub(fitting);
    let from = chosen.saturating_sub(fitting.div_euclid(2)).min(last);
    let issuers = found.iter().map(|account| width(&names(account).0)).max();
    let columns = usize::from(area.width);
    // No more than half of what is left of the line for the issuer.
    let most = columns.saturating_sub(BEFORE_NAMES).div_euclid(2);
    let issuers = issuers.unwrap_or_default().min(most);

    let mut lines = Vec::new();
    for (place, account) in found.iter().enumerate().skip(from).take(fitting) {
        let row = Row {
            account,
            chosen: place == chosen,
            shown: open.list.shows(account.id()),
            open,
            now: state.now().clock,
            look,
        };
        if is_wide {
            lines.push(row.in_one_line(issuers, columns));
        } else {
            lines.extend(row.in_two_lines(columns));
        }
    }
    // With one line to draw on, the code is what counts.
    if area.height == 1 && !is_wide {
        lines.reverse();
    }
    for (line, row) in lines.into_iter().zip(area.rows()) {
        frame.render_widget(line, row);
    }
}

fn draw_nothing(frame: &mut Frame<'_>, area: Rect, contents: &Contents, look: Look) {
    let words = if contents.accounts().is_empty() {
        "There are no accounts yet. Press a to add one, or paste the link that stands behind a QR code."
    } else {
        "No account is called that. Esc shows all of them."
    };
    let lines = crate::screen::measure::wrap(words, usize::from(area.width).saturating_sub(2));
    for (line, row) in lines
        .into_iter()
        .zip(area.rows().skip(usize::from(area.height > 4)))
    {
        frame.render_widget(Line::styled(format!(" {line}"), look.quiet()), row);
    }
}

/// An account as it is drawn.
struct Row<'a> {
    account: &'a Account,
    chosen: bool,
    shown: bool,
    open: &'a Open,
    now: UnixTime,
    look: Look,
}

impl Row<'_> {
    /// The code stands before the names: some terminals turn a line where a name is written from right to left, and the groups of a code behind it with it.
    fn in_one_line(&self, issuers: usize, columns: usize) -> Line<'static> {
        let (first, rest) = names(self.account);
        let rest_room = columns
            .saturating_sub(BEFORE_NAMES)
            .saturating_sub(issuers)
            .saturating_sub(3);
        let mut spans = vec![self.marker(), self.code(), Span::raw("  ")];
        spans.extend(self.meter(METER));
        spans.push(Span::raw("   "));
        spans.push(Span::styled(fill(&first, issuers), self.name_style()));
        spans.push(Span::raw("  "));
        spans.push(Span::styled(cut(&rest, rest_room), self.rest_style()));
        Line::from(spans)
    }

    fn in_two_lines(&self, columns: usize) -> [Line<'static>; 2] {
        let room = columns.saturating_sub(MARKER).saturating_sub(1);
        let meter = columns
            .saturating_sub(BEFORE_METER)
            .saturating_sub(1)
            .min(METER);
        let (first, rest) = names(self.account);
        let first = cut(&first, room);
        let left = room.saturating_sub(width(&first)).saturating_sub(2);
        let mut names = vec![self.marker(), Span::styled(first, self.name_style())];
        if !rest.is_empty() && left > 2 {
            names.push(Span::raw("  "));
            names.push(Span::styled(cut(&rest, left), self.rest_style()));
        }
        // Where there is no room for the next code beside the code, it takes that of the names.
        if let Some(next) = self.next()
            && meter < METER
        {
            names = vec![self.marker(), Span::raw(next)];
        }
        let mut codes = vec![Span::raw("   "), self.code(), Span::raw("  ")];
        codes.extend(self.meter(meter));
        [Line::from(names), Line::from(codes)]
    }

    fn marker(&self) -> Span<'static> {
        if self.chosen {
            Span::styled(" › ", self.look.here())
        } else {
            Span::raw("   ")
        }
    }

    fn name_style(&self) -> Style {
        if self.chosen {
            self.look.strong()
        } else {
            Style::new()
        }
    }

    fn rest_style(&self) -> Style {
        if self.chosen {
            Style::new()
        } else {
            self.look.quiet()
        }
    }

    fn code(&self) -> Span<'static> {
        let counted = self.open.list.counted(self.account.id());
        let at = self.account.code_at(self.now);
        match at.as_ref().or(counted) {
            Some(code) if self.shown => Span::styled(fill(&code.grouped(), CODE), self.look.code()),
            _ => Span::styled(fill(self.dots(), CODE), self.look.quiet()),
        }
    }

    /// Stands for a code that is hidden.
    fn dots(&self) -> &'static str {
        match self.account.key().kind().code_len() {
            5 => "••• ••",
            6 => "••• •••",
            7 => "••• ••• •",
            _ => "•••• ••••",
        }
    }

    /// The next code, if it is to be shown.
    fn next(&self) -> Option<String> {
        if !(self.shown && self.open.list.shows_next()) {
            return None;
        }
        let period = u64::from(self.account.period()?);
        let then = UnixTime::from_secs(self.now.secs().saturating_add(period));
        let next = self.account.code_at(then)?;
        Some(format!("next {}", *next.grouped()))
    }

    /// How much time is left, on that many columns.
    fn meter(&self, columns: usize) -> Vec<Span<'static>> {
        let Some(period) = self.account.period().map(u64::from) else {
            let words = if self.chosen {
                "n: next code"
            } else {
                "by counter"
            };
            return vec![Span::styled(fill(words, columns), self.look.quiet())];
        };
        let gone = self.now.secs().checked_rem(period).unwrap_or_default();
        let left = period.saturating_sub(gone);
        let is_short = left <= SHORT;
        let seconds = format!("{:>SECONDS$}", seconds(left));
        let style = match (self.shown, is_short) {
            (true, true) => self.look.last_seconds(),
            (true, false) => Style::new(),
            (false, _) => self.look.quiet(),
        };
        let bar = columns.saturating_sub(SECONDS).saturating_sub(1);
        let mut spans = Vec::new();
        if let Some(next) = self.next()
            && columns >= METER
        {
            spans.push(Span::raw(fill(&next, bar.saturating_add(1))));
        } else if bar >= LEAST_BAR && self.shown {
            let full = u64::try_from(bar)
                .unwrap_or_default()
                .saturating_mul(left)
                .div_ceil(period.max(1));
            let full = usize::try_from(full).unwrap_or_default().min(bar);
            let colour = if is_short {
                self.look.short()
            } else {
                self.look.enough()
            };
            spans.push(Span::styled("━".repeat(full), colour));
            spans.push(Span::styled(
                "─".repeat(bar.saturating_sub(full)),
                self.look.quiet(),
            ));
            spans.push(Span::raw(" "));
        } else if bar >= LEAST_BAR {
            spans.push(Span::raw(fill("", bar.saturating_add(1))));
        }
        spans.push(Span::styled(seconds, style));
        spans
    }
}

/// Seconds as they fit.
fn seconds(left: u64) -> String {
    match left {
        0..=999 => left.to_string(),
        1_000..=59_999 => format!("{}m", left.div_euclid(60)),
        _ => format!("{}h", left.div_euclid(3600).min(99)),
    }
}

/// A terminal with that many columns has an account on each line.
const WIDE: u16 = 64;
/// The columns of the marker.
const MARKER: usize = 3;
/// The columns of the longest code.
const CODE: usize = 9;
/// The columns before the time that is left.
const BEFORE_METER: usize = MARKER + CODE + 2;
/// The columns of the time that is left: a bar, or the next code, and the seconds.
const METER: usize = 18;
/// Of the seconds.
const SECONDS: usize = 3;
/// The columns before the names.
const BEFORE_NAMES: usize = BEFORE_METER + METER + 3;
/// A bar with fewer columns says nothing.
const LEAST_BAR: usize = 4;
/// The seconds that are too few to type a code.
const SHORT: u64 = 5;
