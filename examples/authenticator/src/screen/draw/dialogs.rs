//! What is on top of the accounts.

use otp_qr::{Level, Qr};
use otp_uri::Kind;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::page::{self, Page};
use crate::screen::dialog::{Dialog, Picture, Report, ReportLine};
use crate::screen::list::name;
use crate::screen::look::Look;
use crate::screen::measure::width;
use crate::screen::open::Open;
use crate::screen::portals::{Connection, title};
use crate::{Account, Contents, Pairing, harmless, words};

/// Draws what is on top of the accounts.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    dialog: &Dialog,
    open: &Open,
    contents: &Contents,
    look: Look,
) {
    let columns = page::columns(area);
    let mut page = Page::default();
    let title = match dialog {
        Dialog::Help { from } => {
            page = help(columns, look).starting(*from);
            "Help"
        }
        Dialog::Report(report) => {
            page = of_report(report, columns, look);
            &report.title
        }
        Dialog::Details { id, from } => match contents.account(*id) {
            Some(account) => {
                page = details(account, columns, look).starting(*from);
                "Details"
            }
            None => return,
        },
        Dialog::MayShow(id) => {
            let name = contents.account(*id).map(name).unwrap_or_default();
            let words = format!(
                "Show {name} as a QR code, for another app? Whoever sees or photographs it can make its codes from then on."
            );
            page.words(&words, Style::new(), columns);
            "Show the key?"
        }
        Dialog::MayPair(link) => {
            // What comes behind the hash is a secret.
            let portal = link.split('#').next().unwrap_or_default();
            let portal = portal.strip_suffix("/device").unwrap_or(portal);
            page.words("Pair this app with the portal at", Style::new(), columns);
            page.words(&harmless(portal), look.strong(), columns);
            page.words(
                "so that it can ask whether it is you who signs in?",
                Style::new(),
                columns,
            );
            "Pair?"
        }
        Dialog::Picture(id, picture) => {
            if let Some(account) = contents.account(*id) {
                draw_picture(frame, area, account, *picture, look);
            }
            return;
        }
        Dialog::Add => {
            for (key, words) in [
                ("l", "a link: otpauth://…, or that of a portal"),
                ("f", "a picture with a QR code, or a file of another app"),
                ("h", "by hand"),
            ] {
                page.entry(key, words, 4, columns.max(9), look);
            }
            "Add"
        }
        Dialog::Portals => {
            page = portals(open, contents, columns, look);
            "Portals that may ask"
        }
        Dialog::Vault => {
            for (key, words) in [
                ("p", "change its passphrase"),
                ("b", "back it up to a file"),
                ("e", "export the accounts for other apps, not encrypted"),
            ] {
                page.entry(key, words, 4, columns.max(9), look);
            }
            page.gap();
            page.words(RESTORING, look.quiet(), columns);
            "The vault"
        }
        Dialog::MayExport(_, typed) => {
            let whose = match contents.accounts() {
                [_] => "the one account".to_owned(),
                all => format!("all {}", words::accounts(all.len())),
            };
            let question = format!("Write the keys of {whose} to {}?", harmless(typed));
            page.words(&question, Style::new(), columns);
            page.gap();
            page.words(
                "They are not encrypted there: whoever reads them, now or later, can make the codes from then on.",
                look.bad(),
                columns,
            );
            "Write the keys?"
        }
        Dialog::Form(_, form) => {
            page = Page::of_form(form, columns, look);
            form.title()
        }
        Dialog::Working(words) => {
            page.words(words, Style::new(), columns);
            "One moment"
        }
    };
    page::draw(frame, area, title, page, look);
}

fn help(columns: usize, look: Look) -> Page {
    let mut page = Page::default();
    for (key, words) in HELP {
        page.entry(key, words, KEY_NAMES, columns, look);
    }
    page.gap();
    for words in HELP_WORDS {
        page.words(words, Style::new(), columns);
    }
    page
}

fn of_report(report: &Report, columns: usize, look: Look) -> Page {
    let mut page = Page::default();
    for line in &report.lines {
        match line {
            ReportLine::Good(words) => page.marked("+ ", words, look.good(), columns),
            ReportLine::Note(words) => page.marked("    ", words, look.quiet(), columns),
            ReportLine::Bad(words) => page.marked("- ", words, look.bad(), columns),
        }
    }
    if report.lines.is_empty() {
        page.words("There was no key in it.", Style::new(), columns);
    }
    page.starting(report.from)
}

fn details(account: &Account, columns: usize, look: Look) -> Page {
    let key = account.key();
    let kind = key.kind();
    let mut page = Page::default();
    let mut entry = |name: &str, what: &str| page.entry(name, what, NAMES, columns, look);
    entry("Issuer", &harmless(key.issuer().unwrap_or("none")));
    entry("Account", &harmless(key.account()));
    let codes = match kind {
        Kind::Totp { period, .. } => format!(
            "{} digits, every {} seconds",
            kind.code_len(),
            period.seconds()
        ),
        Kind::Hotp { counter, .. } => format!(
            "{} digits by a counter, the next is {}",
            kind.code_len(),
            counter.get()
        ),
        Kind::Steam => "five letters of Steam, every 30 seconds".to_owned(),
    };
    entry("Codes", &codes);
    entry("Hash", kind.algorithm().name());
    entry(
        "Key",
        &format!("{} bits", key.expose_key().len().saturating_mul(8)),
    );
    entry("Added", &account.added().to_string());
    let warnings = words::warnings(key);
    if !warnings.is_empty() {
        page.gap();
        for warning in warnings {
            page.marked("! ", &warning, look.bad(), columns);
        }
    }
    page
}

fn portals(open: &Open, contents: &Contents, columns: usize, look: Look) -> Page {
    let mut page = Page::default();
    if contents.pairings().is_empty() {
        page.words(
            "None yet. Choose the app under “Security info” of a portal, and add the link or the picture of the QR code that it shows.",
            Style::new(),
            columns,
        );
    }
    let chosen = open.portals.place(contents);
    for (place, pairing) in contents.pairings().iter().enumerate() {
        let (mark, style) = if place == chosen {
            ("› ", look.here())
        } else {
            ("  ", look.strong())
        };
        page.marked(mark, &names(pairing), style, columns);
        let connection = open.portals.connection(pairing.registration());
        let (mark, words, style) = match connection {
            Connection::Connecting => ("  ○ ", "connecting …".to_owned(), look.quiet()),
            Connection::Connected => ("  ● ", "connected".to_owned(), look.good()),
            Connection::Lost(why) => (
                "  ○ ",
                format!("not connected, it is tried again: {}", harmless(why)),
                look.bad(),
            ),
            Connection::Removed => (
                "  × ",
                "removed at the portal: it does not ask any more. Delete it here with d."
                    .to_owned(),
                look.bad(),
            ),
        };
        page.marked(mark, &words, style, columns);
    }
    page
}

/// What a pairing is called.
pub(crate) fn names(pairing: &Pairing) -> String {
    let host = pairing.portal().host_str().unwrap_or_default();
    format!(
        "{} ({}) at {host}",
        title(pairing),
        harmless(pairing.account())
    )
}

fn draw_picture(
    frame: &mut Frame<'_>,
    area: Rect,
    account: &Account,
    picture: Picture,
    look: Look,
) {
    let text = account.key().to_text();
    let Ok(qr) = Qr::encode_at(text.expose(), Level::L) else {
        let mut page = Page::default();
        page.words(
            "Its link is too long for a QR code.",
            look.bad(),
            page::columns(area),
        );
        return page::draw(frame, area, "As a picture", page, look);
    };
    // The standard wants four light modules around it; two are enough for the readers in use.
    let fits = |quiet: &usize| {
        let side = qr.width().saturating_add(quiet.saturating_mul(2));
        side <= usize::from(area.width) && side.div_ceil(2) <= usize::from(area.height)
    };
    let Some(quiet) = [4, 2].into_iter().find(fits) else {
        let side = qr.width().saturating_add(4);
        let words = format!(
            "The picture needs {side} columns and {} rows; there are {} and {}. Make the window larger, or the letters smaller.",
            side.div_ceil(2),
            area.width,
            area.height
        );
        let mut page = Page::default();
        page.words(&words, look.bad(), page::columns(area));
        return page::draw(frame, area, "As a picture", page, look);
    };
    let side = qr.width().saturating_add(quiet.saturating_mul(2));
    let is_dark = |x: usize, y: usize| {
        let (Some(x), Some(y)) = (x.checked_sub(quiet), y.checked_sub(quiet)) else {
            return false;
        };
        x < qr.width() && y < qr.width() && qr.is_dark(x, y)
    };
    // Black and white of the colour cube, which themes leave alone. Without colours, letters are light or dark.
    let (style, letters_are_dark) = if look.has_colour() {
        let black_on_white = Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(231));
        (black_on_white, picture == Picture::OnDark)
    } else {
        (Style::new(), picture == Picture::OnLight)
    };
    frame.render_widget(Clear, area);
    let left = usize::from(area.width).saturating_sub(side).div_euclid(2);
    let left = u16::try_from(left).unwrap_or_default();
    for (row, place) in area.rows().zip((0..side).step_by(2)) {
        let letters = (0..side).map(|x| {
            let upper = is_dark(x, place) == letters_are_dark;
            let lower = is_dark(x, place.saturating_add(1)) == letters_are_dark;
            match (upper, lower) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }
        });
        let line = Line::from(Span::styled(letters.collect::<String>(), style));
        debug_assert_eq!(width(&line.to_string()), side);
        let row = Rect {
            x: row.x.saturating_add(left),
            width: row.width.saturating_sub(left),
            ..row
        };
        frame.render_widget(line, row);
    }
}

/// The keys and what they do.
const HELP: [(&str, &str); 19] = [
    ("↑ ↓ j k", "choose an account; also PgUp, PgDn, Home, End"),
    ("⏎", "show its code, or hide it"),
    ("n", "the next code too; of a counter: use the next one"),
    ("c", "copy the code"),
    ("v", "show all codes, or hide them"),
    ("/", "search; Esc ends it"),
    ("a", "add: a link, a picture, a file, or by hand"),
    ("i", "details and warnings"),
    ("r", "rename"),
    ("J K", "move the account down or up; also Shift with ↓ ↑"),
    ("d", "delete"),
    ("x", "show the account as a QR code, for another app"),
    ("p", "the portals that may ask this app"),
    ("w", "what a portal asks and was put aside"),
    ("m", "the vault: another passphrase, a backup, an export"),
    ("l", "lock; it locks itself when nothing is typed"),
    ("?", "this help"),
    ("q", "quit"),
    ("Esc", "back"),
];

/// What is to be known besides.
const HELP_WORDS: [&str; 3] = [
    "Copying asks the terminal to fill the clipboard (OSC 52). Some refuse, and say nothing. What was copied is taken out again after 30 seconds, and when the vault is locked, whatever is in the clipboard then.",
    RESTORING,
    "A link can be pasted anywhere in the list.",
];

/// What is no key.
const RESTORING: &str = "A backup is put back by a command: authenticator restore FILE. What was there is kept beside it.";

/// The columns of the keys.
const KEY_NAMES: usize = 10;
/// The columns of the names of what is known about an account.
const NAMES: usize = 10;
