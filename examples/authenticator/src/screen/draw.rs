//! What the state looks like. Nothing here changes it.

mod accounts;
mod dialogs;
mod page;
mod requests;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::dialog::{Dialog, For};
use super::look::Look;
use super::measure::{cut, width, wrap};
use super::open::{Message, Open};
use super::state::{Stage, State};
use super::unlock::Unlock;
use crate::Contents;
use page::Page;

/// Draws the screen. `contents` is what the open vault holds.
pub(crate) fn draw(frame: &mut Frame<'_>, state: &State, contents: &Contents, look: Look) {
    match state.stage() {
        Stage::Locked(unlock) => draw_unlock(frame, unlock, look),
        Stage::Open(open) => draw_open(frame, state, open, contents, look),
    }
}

fn draw_unlock(frame: &mut Frame<'_>, unlock: &Unlock, look: Look) {
    let status = if unlock.trying {
        Line::raw(" One moment …")
    } else {
        keys_line(&[("⏎", "go on"), ("Esc", "quit")], frame.area().width, look)
    };
    let [body, foot] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
    let page = Page::of_form(unlock.form(), page::columns(body), look);
    page::draw(frame, body, unlock.form().title(), page, look);
    frame.render_widget(status, foot);
}

fn draw_open(frame: &mut Frame<'_>, state: &State, open: &Open, contents: &Contents, look: Look) {
    let status = status(state, open, frame.area().width, look);
    let foot_height = u16::try_from(status.len()).unwrap_or(1);
    let is_low = frame.area().height < LOW;
    let has_head = !is_low || open.list.is_searching();
    let [head, body, foot] = Layout::vertical([
        Constraint::Length(if is_low { u16::from(has_head) } else { 2 }),
        Constraint::Fill(1),
        Constraint::Length(foot_height),
    ])
    .areas(frame.area());

    // What is on top has nothing beneath it that draws the eye, or shows a code.
    let is_covered = open.dialog.is_some() || open.requests.on_top().is_some();
    if !is_covered {
        accounts::draw(frame, body, state, open, contents, look);
    }
    if has_head {
        accounts::draw_head(frame, head, open, contents, look);
    }
    let mut above = frame.area();
    above.height = above.height.saturating_sub(foot.height);
    if let Some(dialog) = &open.dialog {
        dialogs::draw(frame, above, dialog, open, contents, look);
    }
    if let Some(waiting) = open.requests.on_top() {
        requests::draw(frame, above, waiting, state, open, contents, look);
    }
    for (line, row) in status.into_iter().zip(foot.rows()) {
        frame.render_widget(line, row);
    }
}

/// The last lines: what is said, else the keys.
fn status(state: &State, open: &Open, columns: u16, look: Look) -> Vec<Line<'static>> {
    if let Some(Message { words, bad }) = &open.message {
        let (mark, style) = if *bad {
            ("! ", look.bad())
        } else {
            ("", look.good())
        };
        let lines = wrap(
            &format!("{mark}{words}"),
            usize::from(columns.saturating_sub(2)),
        );
        let lines = lines.into_iter().take(MOST_STATUS);
        return lines
            .map(|line| Line::styled(format!(" {line}"), style))
            .collect();
    }
    if open.dialog.is_none()
        && open.requests.on_top().is_none()
        && let Some(left) = state.clipboard_left()
    {
        let words = format!(
            "Copied, if the terminal allows it. The clipboard is emptied in {} s.",
            left.as_secs()
        );
        let lines = wrap(&words, usize::from(columns.saturating_sub(2)));
        return lines
            .into_iter()
            .take(MOST_STATUS)
            .map(|line| Line::styled(format!(" {line}"), look.good()))
            .collect();
    }
    let waiting = format!("{} waiting", open.requests.len());
    let mut keys = keys(open);
    if open.dialog.is_none() && open.requests.on_top().is_none() && open.requests.len() > 0 {
        keys.insert(0, ("w", &waiting));
    }
    vec![keys_line(&keys, columns, look)]
}

/// The keys that mean something now, those first that are needed most.
fn keys(open: &Open) -> Vec<(&'static str, &str)> {
    if let Some(waiting) = open.requests.on_top() {
        return requests::keys(waiting);
    }
    match &open.dialog {
        None if open.list.is_searching() => vec![("⏎", "keep"), ("Esc", "all accounts")],
        None => vec![
            ("?", "help"),
            ("⏎", "show"),
            ("c", "copy"),
            ("a", "add"),
            ("/", "search"),
            ("n", "next"),
            ("i", "details"),
            ("p", "portals"),
            ("l", "lock"),
            ("m", "vault"),
            ("q", "quit"),
        ],
        Some(Dialog::Help { .. } | Dialog::Report(_)) => vec![("↑↓", "scroll"), ("Esc", "back")],
        Some(Dialog::Details { .. }) => {
            vec![
                ("Esc", "back"),
                ("r", "rename"),
                ("d", "delete"),
                ("x", "as a picture"),
            ]
        }
        Some(Dialog::MayShow(_) | Dialog::MayPair(_) | Dialog::MayExport(..)) => {
            vec![("y", "yes"), ("n", "no")]
        }
        Some(Dialog::Picture(..)) => vec![("Esc", "away with it"), ("t", "light and dark swapped")],
        Some(Dialog::Add) => vec![
            ("l", "link"),
            ("f", "file"),
            ("h", "by hand"),
            ("Esc", "back"),
        ],
        Some(Dialog::Portals) => vec![("a", "pair"), ("d", "delete"), ("Esc", "back")],
        Some(Dialog::Vault) => vec![
            ("p", "passphrase"),
            ("b", "backup"),
            ("e", "export"),
            ("Esc", "back"),
        ],
        Some(Dialog::Form(For::Export, _)) => {
            vec![
                ("⏎", "go on"),
                ("Esc", "cancel"),
                ("↑↓", "line"),
                ("←→", "choose"),
            ]
        }
        Some(Dialog::Form(For::ByHand, _)) => {
            vec![
                ("⏎", "go on"),
                ("Esc", "cancel"),
                ("↑↓", "line"),
                ("←→", "choose"),
                ("Ctrl+S", "show the key"),
            ]
        }
        Some(Dialog::Form(..)) => vec![("⏎", "go on"), ("Esc", "cancel")],
        Some(Dialog::Working(_)) => vec![("Ctrl+C", "quit")],
    }
}

/// As many keys as fit, each with its word.
fn keys_line(keys: &[(&str, &str)], columns: u16, look: Look) -> Line<'static> {
    let mut left = usize::from(columns);
    let mut spans = Vec::new();
    for (key, word) in keys {
        let needed = width(key).saturating_add(width(word)).saturating_add(3);
        if needed > left {
            break;
        }
        left = left.saturating_sub(needed);
        spans.push(Span::styled(format!(" {key}"), look.key()));
        spans.push(Span::styled(format!(" {word} "), look.quiet()));
    }
    Line::from(spans)
}

/// Puts a text at the right end of a line.
fn right(frame: &mut Frame<'_>, area: Rect, text: &str, from: usize, look: Look) {
    let room = usize::from(area.width).saturating_sub(from);
    let text = cut(text, room);
    let start = usize::from(area.width).saturating_sub(width(&text));
    let x = area
        .x
        .saturating_add(u16::try_from(start).unwrap_or(u16::MAX));
    frame.buffer_mut().set_string(x, area.y, text, look.quiet());
}

/// A terminal with fewer rows has none to spare for a headline.
const LOW: u16 = 10;
/// The most lines of what is said.
const MOST_STATUS: usize = 3;
