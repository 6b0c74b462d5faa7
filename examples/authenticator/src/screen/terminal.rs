//! The terminal: taken over, and given back as it was on every way out.

use std::io::{self, IsTerminal as _, Write as _};
use std::panic;
use std::thread;

use anyhow::{Context as _, bail};
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, terminal};
use ratatui::backend::CrosstermBackend;

/// A terminal that is taken over. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Terminal(ratatui::Terminal<CrosstermBackend<io::Stdout>>);

impl Terminal {
    /// Takes over the terminal of the process.
    pub(crate) fn take() -> anyhow::Result<Self> {
        let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        if is_dumb || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            bail!(
                "the screen needs a terminal; `authenticator --help` lists the commands that do without"
            );
        }
        // The words of a panic are for the screen that was there before.
        let screen = thread::current().id();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == screen {
                give_back();
            }
            before(info);
        }));
        terminal::enable_raw_mode().context("the terminal does not hand over its keys")?;
        let taken = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)
            .and_then(|()| ratatui::Terminal::new(CrosstermBackend::new(io::stdout())));
        match taken {
            Ok(terminal) => Ok(Self(terminal)),
            Err(why) => {
                give_back();
                Err(why).context("the terminal cannot be written to")
            }
        }
    }

    /// Draws what changed.
    pub(crate) fn draw(&mut self, picture: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        self.0.draw(picture).map(|_| ())
    }

    /// Asks the terminal to fill the clipboard. Some refuse, and say nothing.
    pub(crate) fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back. That it cannot be told so is no reason to stop.
fn give_back() {
    let _ = execute!(
        io::stdout(),
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = terminal::disable_raw_mode();
    let _ = io::stdout().flush();
}
