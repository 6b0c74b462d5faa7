//! What the screen does: the terminal, the clock, the vault, and the portals.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossterm::event::{self, Event, KeyEventKind};
use mfa_flow::{PushRequest, RequestId};
use mfa_policy::RegistrationId;
use otp_core::UnixTime;
use zeroize::Zeroizing;

use super::add;
use super::draw::draw;
use super::look::Look;
use super::moment::Moment;
use super::state::{Do, State};
use super::terminal::Terminal;
use crate::export::write_files;
use crate::import::MAX_FILE;
use crate::push::{self, Heard, Listener};
use crate::vault::{Vault, VaultError};
use crate::{Account, Contents, Pairing};

/// A run of the screen.
pub(crate) struct Session {
    path: PathBuf,
    terminal: Terminal,
    look: Look,
    state: State,
    typed: Receiver<io::Result<Event>>,
    vault: Option<Vault>,
    /// What is shown while there is no vault.
    nothing: Contents,
    listening: Option<Listening>,
    /// A portal that is being paired with.
    pairing: Option<Receiver<Result<Pairing, String>>>,
    started: Instant,
    refreshed: Instant,
    /// What was wrong with the file when it was looked at last.
    trouble: Option<String>,
    /// A signal said so.
    ended: Arc<AtomicBool>,
}

/// The portals that are listened to, and what they ask.
struct Listening {
    listener: Listener,
    heard: Receiver<Heard>,
    registrations: Vec<RegistrationId>,
    asked: HashMap<RequestId, PushRequest>,
}

impl Session {
    /// Takes over the terminal.
    pub(crate) fn start(path: &Path, idle: Duration) -> anyhow::Result<Self> {
        let terminal = Terminal::take()?;
        let ended = Arc::new(AtomicBool::new(false));
        for signal in SIGNALS {
            signal_hook::flag::register(*signal, Arc::clone(&ended))?;
        }
        let started = Instant::now();
        Ok(Self {
            path: path.to_owned(),
            terminal,
            look: Look::from_environment(),
            state: State::new(!path.exists(), idle, moment(started)),
            typed: typed()?,
            vault: None,
            nothing: Contents::default(),
            listening: None,
            pairing: None,
            started,
            refreshed: started,
            trouble: None,
            ended,
        })
    }

    /// Runs until the person, a signal or an error ends it.
    pub(crate) fn run(mut self) -> anyhow::Result<()> {
        let outcome = self.go_on();
        let last = self.state.empty_clipboard();
        let emptied = self.carry_out(last);
        outcome.and(emptied.map(|_| ()))
    }

    fn go_on(&mut self) -> anyhow::Result<()> {
        while !self.ended.load(Ordering::Relaxed) {
            self.draw()?;
            let mut wait = BEAT;
            // All that was typed or pasted meanwhile, before it is drawn again.
            loop {
                let todo = match self.typed.recv_timeout(wait) {
                    Ok(event) => self.take(event?),
                    Err(RecvTimeoutError::Timeout) => break,
                    // Nobody can type any more.
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                };
                if self.carry_out(todo)? {
                    return Ok(());
                }
                wait = Duration::ZERO;
            }
            self.listen();
            self.refresh()?;
            let todo = self.state.tick(moment(self.started));
            self.carry_out(todo)?;
        }
        Ok(())
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        let contents = contents(&self.vault, &self.nothing);
        let (state, look) = (&self.state, self.look);
        self.terminal
            .draw(|frame| draw(frame, state, contents, look))?;
        Ok(())
    }

    fn take(&mut self, event: Event) -> Vec<Do> {
        let now = moment(self.started);
        let contents = contents(&self.vault, &self.nothing);
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                self.state.key(key, contents, now)
            }
            Event::Paste(text) => self.state.paste(&Zeroizing::new(text), contents, now),
            _ => Vec::new(),
        }
    }

    /// Does what the state asks for. Says whether it was to end.
    fn carry_out(&mut self, todo: Vec<Do>) -> anyhow::Result<bool> {
        let mut todo: std::collections::VecDeque<Do> = todo.into();
        while let Some(next) = todo.pop_front() {
            match next {
                Do::Quit => return Ok(true),
                Do::Lock => {
                    self.listening = None;
                    self.pairing = None;
                    self.vault = None;
                }
                Do::Create(passphrase) => {
                    self.draw()?;
                    let made = Vault::create(&self.path, passphrase);
                    self.unlocked(made);
                }
                Do::Open(passphrase) => {
                    self.draw()?;
                    let opened = Vault::open(&self.path, passphrase);
                    self.unlocked(opened);
                }
                Do::Change(change) => {
                    if let (Some(vault), Some(open)) = (&mut self.vault, self.state.open()) {
                        let now = moment(self.started).timestamp();
                        let outcome = vault.change(|contents| change.apply(contents, now));
                        let outcome = outcome.map_err(|why| why.to_string());
                        open.changed(outcome, vault.contents());
                    }
                    self.listen_to_all();
                }
                Do::ReadFile { typed, password } => {
                    let bytes = read(&place(&typed));
                    if let (Some(vault), Some(open)) = (&self.vault, self.state.open()) {
                        let password = password.as_deref().map(String::as_str);
                        todo.extend(open.file_read(typed, password, bytes, vault.contents()));
                    }
                }
                Do::Pair(link) => {
                    let (sender, outcome) = mpsc::channel();
                    let now = moment(self.started).timestamp();
                    self.pairing = Some(outcome);
                    thread::spawn(move || {
                        let paired = push::pair(&link, now).map_err(|why| why.to_string());
                        // Nobody waits for it if the vault was locked meanwhile.
                        let _ = sender.send(paired);
                    });
                }
                Do::ChangePassphrase { old, new } => {
                    self.draw()?;
                    if let (Some(vault), Some(open)) = (&mut self.vault, self.state.open()) {
                        let outcome = if vault.has_passphrase(&old) {
                            vault.change_passphrase(new).map_err(|why| why.to_string())
                        } else {
                            Err("the old passphrase is wrong".to_owned())
                        };
                        open.passphrase_changed(outcome);
                    }
                    self.listen_to_all();
                }
                Do::BackUp { typed } => {
                    self.draw()?;
                    let to = place(&typed);
                    if let (Some(vault), Some(open)) = (&self.vault, self.state.open()) {
                        let outcome = vault.back_up(&to).map_err(|why| why.to_string());
                        open.backed_up(&typed, &to, outcome);
                    }
                }
                Do::Export { format, typed } => {
                    self.draw()?;
                    let to = place(&typed);
                    if let (Some(vault), Some(open)) = (&self.vault, self.state.open()) {
                        let accounts = vault.contents().accounts().iter();
                        let keys: Vec<_> = accounts.map(Account::key).collect();
                        let outcome = write_files(&keys, format, &to);
                        let outcome = outcome.map_err(|why| format!("{why:#}"));
                        open.exported(format, &typed, &to, outcome, vault.contents());
                    }
                }
                Do::Verify(typed) => {
                    if let (Some(vault), Some(open)) = (&self.vault, self.state.open()) {
                        todo.extend(open.verified(vault.has_passphrase(&typed)));
                    }
                }
                Do::Answer {
                    registration,
                    request,
                    decision,
                } => {
                    if let Some(listening) = &self.listening
                        && let Some(request) = listening.asked.get(&request)
                    {
                        listening.listener.answer(&registration, request, decision);
                    }
                }
                Do::Copy(code) => self.terminal.copy(&code)?,
                Do::EmptyClipboard => self.terminal.copy("")?,
            }
        }
        Ok(false)
    }

    fn unlocked(&mut self, outcome: Result<Vault, VaultError>) {
        match outcome {
            Ok(vault) => {
                self.vault = Some(vault);
                self.trouble = None;
                self.state.opened(moment(self.started));
                self.listen_to_all();
            }
            Err(why) => self.state.refused(&add::sentence(&why.to_string())),
        }
    }

    /// Takes what was heard of the portals.
    fn listen(&mut self) {
        let now = moment(self.started);
        let Some(open) = self.state.open() else {
            return;
        };
        if let Some(listening) = &mut self.listening {
            for heard in listening.heard.try_iter() {
                match &heard {
                    Heard::Asked { request, .. } => {
                        listening.asked.insert(*request.id(), request.clone());
                    }
                    Heard::Over { request, .. } => {
                        listening.asked.remove(request);
                    }
                    _ => {}
                }
                open.heard(heard, now);
            }
        }
        if let Some(outcome) = self
            .pairing
            .as_ref()
            .and_then(|pairing| pairing.try_recv().ok())
        {
            self.pairing = None;
            let todo = open.paired(outcome);
            // It does not end the screen.
            let _ = self.carry_out(todo.into_iter().collect());
        }
    }

    /// Listens to the portals that are paired now.
    fn listen_to_all(&mut self) {
        let (Some(vault), Some(open)) = (&self.vault, self.state.open()) else {
            return;
        };
        let pairings = vault.contents().pairings();
        let registrations: Vec<_> = pairings
            .iter()
            .map(|pairing| pairing.registration().clone())
            .collect();
        let known = self
            .listening
            .as_ref()
            .map(|listening| listening.registrations.as_slice());
        if known.unwrap_or_default() == registrations {
            return;
        }
        self.listening = None;
        open.portals.reset();
        if registrations.is_empty() {
            return;
        }
        match Listener::start(pairings) {
            Ok((listener, heard)) => {
                self.listening = Some(Listening {
                    listener,
                    heard,
                    registrations,
                    asked: HashMap::new(),
                });
            }
            Err(why) => open.complain(format!("The portals are not listened to: {why}.")),
        }
    }

    /// Looks from time to time whether another program changed the vault.
    fn refresh(&mut self) -> anyhow::Result<()> {
        let (Some(vault), Some(open)) = (&mut self.vault, self.state.open()) else {
            return Ok(());
        };
        if self.refreshed.elapsed() < REFRESH {
            return Ok(());
        }
        self.refreshed = Instant::now();
        match vault.refresh() {
            Ok(false) => self.trouble = None,
            Ok(true) => {
                self.trouble = None;
                open.say("Another program changed the vault; this is how it is now.");
                self.listen_to_all();
            }
            Err(why @ VaultError::PassphraseChanged) => {
                let todo = self.state.lock();
                self.carry_out(todo)?;
                self.state.refused(&add::sentence(&why.to_string()));
            }
            Err(why) => {
                let why = why.to_string();
                // Said once, and not every two seconds.
                if self.trouble.as_ref() != Some(&why) {
                    open.complain(add::sentence(&why));
                    self.trouble = Some(why);
                }
            }
        }
        Ok(())
    }
}

/// What is typed, read by a thread of its own, which ends with the program: reading a terminal that has gone away does not come back, and the
/// signal that says so would not be looked at.
fn typed() -> io::Result<Receiver<io::Result<Event>>> {
    let (sender, typed) = mpsc::sync_channel(TYPED_AHEAD);
    let read = move || {
        loop {
            let event = event::read();
            let failed = event.is_err();
            if sender.send(event).is_err() || failed {
                break;
            }
        }
    };
    thread::Builder::new().name("keys".to_owned()).spawn(read)?;
    Ok(typed)
}

fn contents<'a>(vault: &'a Option<Vault>, nothing: &'a Contents) -> &'a Contents {
    vault.as_ref().map_or(nothing, Vault::contents)
}

fn moment(started: Instant) -> Moment {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH);
    Moment {
        clock: UnixTime::from_secs(clock.unwrap_or_default().as_secs()),
        running: started.elapsed(),
    }
}

/// The file that was typed, from the root of the disk on: who looks for it later does not know where the program was started.
fn place(typed: &str) -> PathBuf {
    let path = add::path(typed, std::env::home_dir());
    path::absolute(&path).unwrap_or(path)
}

/// Reads a file, one byte more than is taken at most.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(Vec::new());
    let most = u64::try_from(MAX_FILE)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|why| format!("`{}` cannot be read: {why}", path.display()))?;
    Ok(bytes)
}

/// How long the screen waits for a key until it looks at the clock.
const BEAT: Duration = Duration::from_millis(250);
/// Keys and pastes that wait to be taken; then the terminal keeps them.
const TYPED_AHEAD: usize = 64;
/// How often the file of the vault is looked at.
const REFRESH: Duration = Duration::from_secs(2);
/// What ends a program from outside.
const SIGNALS: &[i32] = &[
    signal_hook::consts::SIGTERM,
    signal_hook::consts::SIGINT,
    #[cfg(unix)]
    signal_hook::consts::SIGHUP,
];
