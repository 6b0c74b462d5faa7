//! The screen without a terminal: keys and time go in, text comes out.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test may stop where a library may not"
)]

mod accounts;
mod adding;
mod keeping;
mod looks;
mod picture;
mod requests;
mod unlocking;

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use mfa_policy::Timestamp;
use otp_core::UnixTime;
use otp_uri::KeyUri;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use zeroize::Zeroizing;

use super::IDLE;
use super::draw::draw;
use super::look::Look;
use super::moment::Moment;
use super::state::{Do, State};
use crate::{Account, Contents};

/// The screen, and a stand-in for what is around it: changes are made at once, everything else is kept to be looked at.
pub(super) struct Desk {
    pub(super) state: State,
    pub(super) contents: Contents,
    pub(super) now: Moment,
    pub(super) done: Vec<Do>,
}

/// The key of RFC 4226 and of RFC 6238 with SHA-1.
pub(super) const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// A time of RFC 6238: the code is 07081804, 29 seconds old; the next is 14050471.
pub(super) const AT: u64 = 1_111_111_109;

impl Desk {
    /// Before a vault is open.
    pub(super) fn locked(is_new: bool) -> Self {
        let now = Moment {
            clock: UnixTime::from_secs(AT),
            running: Duration::ZERO,
        };
        Self {
            state: State::new(is_new, IDLE, now),
            contents: Contents::default(),
            now,
            done: Vec::new(),
        }
    }

    /// With these accounts, as URIs without their keys.
    pub(super) fn open(accounts: &[&str]) -> Self {
        let mut desk = Self::locked(false);
        for account in accounts {
            let mark = if account.contains('?') { '&' } else { '?' };
            let uri = format!("otpauth://{account}{mark}secret={RFC}");
            let key = KeyUri::parse_lenient(&uri).unwrap();
            let added = Timestamp::from_unix_seconds(1_100_000_000);
            desk.contents.add(Account::new(key, added).unwrap());
        }
        desk.state.opened(desk.now);
        desk
    }

    /// With three accounts, one of each kind but Steam.
    pub(super) fn of_ada() -> Self {
        Self::open(&[
            "totp/Acme:ada@example.com?digits=8",
            "totp/Example:ada",
            "hotp/Bank:ada?counter=0",
        ])
    }

    /// Types these letters.
    pub(super) fn types(&mut self, letters: &str) {
        for letter in letters.chars() {
            self.key(KeyCode::Char(letter));
        }
    }

    pub(super) fn key(&mut self, code: KeyCode) {
        self.press(code.into());
    }

    pub(super) fn with(&mut self, modifier: KeyModifiers, code: KeyCode) {
        self.press(KeyEvent::new(code, modifier));
    }

    pub(super) fn paste(&mut self, text: &str) {
        let todo = self.state.paste(text, &self.contents, self.now);
        self.carry_out(todo);
    }

    fn press(&mut self, key: KeyEvent) {
        let todo = self.state.key(key, &self.contents, self.now);
        self.carry_out(todo);
    }

    /// Lets time go by.
    pub(super) fn wait(&mut self, seconds: u64) {
        self.now.clock = UnixTime::from_secs(self.now.clock.secs() + seconds);
        self.now.running += Duration::from_secs(seconds);
        let todo = self.state.tick(self.now);
        self.carry_out(todo);
    }

    fn carry_out(&mut self, todo: Vec<Do>) {
        for next in todo {
            match next {
                Do::Change(change) => {
                    let outcome = change.apply(&mut self.contents, self.now.timestamp());
                    let outcome = outcome.map_err(|why| why.to_string());
                    self.state.open().unwrap().changed(outcome, &self.contents);
                }
                other => self.done.push(other),
            }
        }
    }

    /// A file was read.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        let Some(Do::ReadFile { typed, password }) = self.done.pop() else {
            panic!("no file is asked for");
        };
        let password = password.as_deref().map(String::as_str);
        let bytes = Ok(Zeroizing::new(bytes.to_vec()));
        let open = self.state.open().unwrap();
        let todo = open.file_read(typed, password, bytes, &self.contents);
        self.carry_out(todo.into_iter().collect());
    }

    pub(super) fn buffer(&self, columns: u16, rows: u16, look: Look) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal
            .draw(|frame| draw(frame, &self.state, &self.contents, look))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// What is seen, without spaces at the ends of lines.
    pub(super) fn screen(&self, columns: u16, rows: u16) -> String {
        let buffer = self.buffer(columns, rows, Look::PLAIN);
        let mut lines = Vec::new();
        for y in 0..rows {
            let mut line = String::new();
            let mut covered = 0;
            for x in 0..columns {
                // What a wide letter covers is not seen.
                let symbol = buffer[(x, y)].symbol();
                if covered == 0 {
                    line.push_str(symbol);
                    covered = super::measure::width(symbol).saturating_sub(1);
                } else {
                    covered -= 1;
                }
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }

    pub(super) fn says(&self, words: &str) -> bool {
        // Lines are broken, so that only the words are compared.
        let screen = self.screen(76, 40).replace('│', " ");
        let seen: Vec<_> = screen.split_whitespace().collect();
        seen.join(" ").contains(words)
    }
}

/// Compares a screen, written with a margin and without the empty lines at its ends.
#[track_caller]
pub(super) fn assert_screen(seen: &str, expected: &str) {
    let expected = expected.trim_matches('\n');
    let seen = seen.trim_matches('\n');
    assert!(seen == expected, "seen:\n{seen}\n\nexpected:\n{expected}");
}
