//! What a portal asks, on top of everything.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::page::{self, Page};
use crate::screen::look::Look;
use crate::screen::open::Open;
use crate::screen::portals;
use crate::screen::request::{Request, Step, Waiting};
use crate::screen::state::State;
use crate::{Contents, Pairing, harmless};

/// Draws a request.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    waiting: &Waiting,
    state: &State,
    open: &Open,
    contents: &Contents,
    look: Look,
) {
    let columns = page::columns(area);
    let request = &waiting.request;
    let mut pairings = contents.pairings().iter();
    let pairing = pairings.find(|pairing| *pairing.registration() == request.registration);
    let title = pairing.map_or_else(|| "A portal".to_owned(), portals::title);
    let title = match open.requests.len() {
        0 | 1 => format!("{title} asks"),
        several => format!("{title} asks · 1 of {several}"),
    };
    let mut page = Page::default();
    match &waiting.step {
        Step::Over { good, words } => {
            let style = if *good { look.good() } else { look.bad() };
            page.words(words, style, columns);
        }
        Step::Report => {
            page.words(
                "Report that somebody else did this? It is denied, and the people who run the portal are told.",
                look.bad(),
                columns,
            );
        }
        Step::Sending(_) => {
            about(&mut page, request, pairing, state, columns, look);
            page.gap();
            page.words("Telling the portal …", look.quiet(), columns);
        }
        Step::Number { typed, problem } => {
            about(&mut page, request, pairing, state, columns, look);
            page.gap();
            if let Some(problem) = problem {
                page.marked("! ", problem, look.bad(), columns);
            }
            let (text, cursor) = typed.view(4);
            let label = if columns < NARROW {
                "Number: "
            } else {
                "The number on the page: "
            };
            let label = Span::styled(label, look.here());
            page.typed(vec![label], text, cursor);
        }
        Step::Passphrase { typed, problem, .. } => {
            page.words(
                "Nobody was asked for a password. Show with the passphrase of the vault that it is you.",
                Style::new(),
                columns,
            );
            page.gap();
            if let Some(problem) = problem {
                page.marked("! ", problem, look.bad(), columns);
            }
            let (text, cursor) = typed.view(columns.saturating_sub(12));
            page.typed(
                vec![Span::styled("Passphrase: ", look.here())],
                text,
                cursor,
            );
        }
    }
    page::draw(frame, area, &title, page, look);
}

/// The keys that answer.
pub(crate) fn keys(waiting: &Waiting) -> Vec<(&'static str, &'static str)> {
    match waiting.step {
        Step::Number { .. } => vec![
            ("⏎", "approve"),
            ("d", "deny"),
            ("n", "this was not me"),
            ("Esc", "later"),
        ],
        Step::Passphrase { .. } => vec![("⏎", "approve"), ("Esc", "back")],
        Step::Report => vec![("y", "deny and report"), ("n", "back")],
        Step::Sending(_) => vec![("Esc", "later")],
        Step::Over { .. } => vec![("⏎", "go on")],
    }
}

/// Who, where, which application, for what, and how long.
fn about(
    page: &mut Page,
    request: &Request,
    pairing: Option<&Pairing>,
    state: &State,
    columns: usize,
    look: Look,
) {
    page.words(request.asks, look.strong(), columns);
    page.gap();
    let mut entry = |name: &str, what: &str| page.entry(name, what, NAMES, columns, look);
    if let Some(pairing) = pairing {
        entry("Who", &harmless(pairing.account()));
        entry("At", pairing.portal().host_str().unwrap_or_default());
    }
    if let Some(application) = &request.application {
        entry("To use", application);
    }
    if let Some(origin) = &request.origin {
        entry("From", origin);
    }
    let until = request.until.unix_seconds();
    let left = until.saturating_sub(state.now().timestamp().unix_seconds());
    let open = if left > 0 {
        format!("for {left} s more")
    } else {
        "its time should be over".to_owned()
    };
    entry("Open", &open);
}

/// With fewer columns words are short.
const NARROW: usize = 30;
/// The columns of the names of what is asked.
const NAMES: usize = 8;
