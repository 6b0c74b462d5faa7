//! Everything that the screen knows: keys and time go in, what is to be done comes out. It touches neither terminal nor file.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use mfa_flow::{Decision, RequestId};
use mfa_policy::RegistrationId;
use zeroize::Zeroizing;

use super::change::Change;
use super::moment::Moment;
use super::open::Open;
use super::unlock::{Unlock, Unlocking};
use crate::Contents;
use crate::export::Format;

/// The state of the screen.
#[derive(Debug)]
pub(crate) struct State {
    now: Moment,
    stage: Stage,
    /// How long nothing may be typed until the vault is locked.
    idle: Duration,
    typed: Moment,
    /// When the clipboard was filled.
    copied: Option<Moment>,
}

/// Locked or open.
#[derive(Debug)]
pub(crate) enum Stage {
    /// The passphrase is asked for.
    Locked(Box<Unlock>),
    /// The accounts are there.
    Open(Box<Open>),
}

/// What is to be done outside of the state.
#[derive(Debug)]
pub(crate) enum Do {
    /// Make a vault.
    Create(Zeroizing<String>),
    /// Open the vault.
    Open(Zeroizing<String>),
    /// Drop the vault.
    Lock,
    /// End.
    Quit,
    /// Change the vault.
    Change(Change),
    /// Read a file, for an import.
    ReadFile {
        typed: String,
        password: Option<Zeroizing<String>>,
    },
    /// Pair with the portal of a link.
    Pair(Zeroizing<String>),
    /// See whether that is the passphrase of the vault.
    Verify(Zeroizing<String>),
    /// Answer a portal.
    Answer {
        registration: RegistrationId,
        request: RequestId,
        decision: Decision,
    },
    /// Give the vault another passphrase, if the old one is right.
    ChangePassphrase {
        old: Zeroizing<String>,
        new: Zeroizing<String>,
    },
    /// Copy the vault to that path, as it was typed.
    BackUp { typed: String },
    /// Write all accounts for other apps to that path, as it was typed.
    Export { format: Format, typed: String },
    /// Fill the clipboard.
    Copy(Zeroizing<String>),
    /// Empty the clipboard.
    EmptyClipboard,
}

impl State {
    /// At the beginning. `is_new`: there is no vault yet.
    pub(crate) fn new(is_new: bool, idle: Duration, now: Moment) -> Self {
        let unlock = if is_new {
            Unlock::new()
        } else {
            Unlock::existing()
        };
        Self {
            now,
            stage: Stage::Locked(Box::new(unlock)),
            idle,
            typed: now,
            copied: None,
        }
    }

    /// Locked or open.
    pub(crate) const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What time it is.
    pub(crate) const fn now(&self) -> Moment {
        self.now
    }

    /// The screen of the open vault.
    pub(crate) fn open(&mut self) -> Option<&mut Open> {
        match &mut self.stage {
            Stage::Open(open) => Some(open),
            Stage::Locked(_) => None,
        }
    }

    /// How long the clipboard keeps the code that was copied.
    pub(crate) fn clipboard_left(&self) -> Option<Duration> {
        let copied = self.copied?;
        Some(CLIPBOARD.saturating_sub(self.now.since(copied)))
    }

    /// Time went on.
    pub(crate) fn tick(&mut self, now: Moment) -> Vec<Do> {
        self.now = now;
        let mut todo = Vec::new();
        if self.clipboard_left() == Some(Duration::ZERO) {
            self.copied = None;
            todo.push(Do::EmptyClipboard);
        }
        if let Stage::Open(open) = &mut self.stage {
            open.requests.tick(now);
            if now.since(self.typed) >= self.idle {
                todo.extend(self.lock());
            }
        }
        todo
    }

    /// A key was pressed. `contents` is what the open vault holds.
    pub(crate) fn key(&mut self, key: KeyEvent, contents: &Contents, now: Moment) -> Vec<Do> {
        let mut todo = self.tick(now);
        self.typed = now;
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && key.code == KeyCode::Char('c') {
            todo.extend(self.finish(Do::Quit));
            return todo;
        }
        let wanted = match &mut self.stage {
            Stage::Locked(unlock) => match unlock.key(key) {
                Unlocking::Going => None,
                Unlocking::Quit => Some(Do::Quit),
                Unlocking::Open(passphrase) => Some(Do::Open(passphrase)),
                Unlocking::Create(passphrase) => Some(Do::Create(passphrase)),
            },
            Stage::Open(_) if control && key.code == KeyCode::Char('l') => Some(Do::Lock),
            Stage::Open(open) => open.key(key, contents, now),
        };
        todo.extend(wanted.into_iter().flat_map(|wanted| self.finish(wanted)));
        todo
    }

    /// Something was pasted.
    pub(crate) fn paste(&mut self, text: &str, contents: &Contents, now: Moment) -> Vec<Do> {
        let mut todo = self.tick(now);
        self.typed = now;
        match &mut self.stage {
            Stage::Locked(unlock) => unlock.paste(text),
            Stage::Open(open) => todo.extend(open.paste(text, contents)),
        }
        todo
    }

    /// The vault is open.
    pub(crate) fn opened(&mut self, now: Moment) {
        self.now = now;
        self.typed = now;
        self.stage = Stage::Open(Box::new(Open::new()));
    }

    /// The vault did not open, or could not be made.
    pub(crate) fn refused(&mut self, why: &str) {
        if let Stage::Locked(unlock) = &mut self.stage {
            unlock.refuse(why);
        }
    }

    /// Locks. Everything of the vault that the state holds is dropped.
    pub(crate) fn lock(&mut self) -> Vec<Do> {
        self.stage = Stage::Locked(Box::new(Unlock::existing()));
        let mut todo = self.empty_clipboard();
        todo.push(Do::Lock);
        todo
    }

    /// What is to be done about the clipboard at the end.
    pub(crate) fn empty_clipboard(&mut self) -> Vec<Do> {
        let copied = self.copied.take();
        copied.map(|_| Do::EmptyClipboard).into_iter().collect()
    }

    /// What a wish of the person means for the rest of the state.
    fn finish(&mut self, wanted: Do) -> Vec<Do> {
        match wanted {
            Do::Lock => self.lock(),
            Do::Quit => {
                let mut todo = self.lock();
                todo.push(Do::Quit);
                todo
            }
            Do::Copy(code) => {
                self.copied = Some(self.now);
                vec![Do::Copy(code)]
            }
            other => vec![other],
        }
    }
}

/// How long a code stays in the clipboard.
pub(crate) const CLIPBOARD: Duration = Duration::from_secs(30);
