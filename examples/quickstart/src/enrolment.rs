//! The enrolment file: what a server keeps of one token. A database would do the same with a row.
//!
//! The file holds the secret in clear; a real store would seal it. It is written so that a code is never good twice: an update holds a
//! lock from reading to writing, and is on disk before anybody hears of it.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use otp_core::{Counter, Drift, TimeStep};
use otp_uri::{KeyUri, Kind};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// What changes from one code to the next.
#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum State {
    Totp {
        last_accepted: Option<TimeStep>,
        drift: Drift,
    },
    Hotp {
        next: Counter,
    },
}

impl State {
    /// That of a token that has shown no code yet.
    pub(crate) fn new(kind: Kind) -> Result<Self> {
        match (kind.totp_parameters(), kind.hotp_parameters()) {
            (Some(_), _) => Ok(Self::Totp {
                last_accepted: None,
                drift: Drift::default(),
            }),
            (_, Some((_, next))) => Ok(Self::Hotp { next }),
            (None, None) => {
                bail!("a {kind} key is for the phone's side only: it shows codes and verifies none")
            }
        }
    }
}

/// The text of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    uri: String,
    state: State,
}

impl Content {
    fn to_text(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut text = Zeroizing::new(serde_json::to_vec_pretty(self)?);
        text.push(b'\n');
        Ok(text)
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        self.uri.zeroize();
    }
}

/// An enrolment file that nobody else changes as long as this value lives.
pub(crate) struct Enrolment {
    path: PathBuf,
    content: Content,
    uri: KeyUri,
    _lock: File,
}

impl Enrolment {
    /// Writes a new file, readable by its owner alone.
    pub(crate) fn create(path: &Path, uri: &KeyUri, state: State) -> Result<()> {
        let content = Content {
            uri: uri.to_text().expose().to_owned(),
            state,
        };
        create_private(path, &content.to_text()?)
    }

    /// Opens a file for reading and changing, and waits until nobody else does.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        // The file itself is replaced by a change, so the lock lies beside it.
        if !path.is_file() {
            bail!("there is no enrolment file {}", path.display());
        }
        let lock = beside(path, "lock");
        let lock = private()
            .create(true)
            .truncate(false)
            .open(&lock)
            .with_context(|| format!("cannot open {}", lock.display()))?;
        lock.lock().context("cannot lock the enrolment file")?;

        let text = fs::read_to_string(path)
            .map(Zeroizing::new)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let content: Content = serde_json::from_str(&text)
            .map_err(|error| anyhow::anyhow!("line {}, column {}", error.line(), error.column()))
            .with_context(|| format!("{} is no enrolment file", path.display()))?;
        let uri = KeyUri::parse_lenient(&content.uri)
            .with_context(|| format!("the URI in {}", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            content,
            uri,
            _lock: lock,
        })
    }

    pub(crate) fn uri(&self) -> &KeyUri {
        &self.uri
    }

    pub(crate) fn state(&self) -> State {
        self.content.state
    }

    /// The state on disk, before this returns; on an error the file is what it was.
    pub(crate) fn store(mut self, state: State) -> Result<()> {
        self.content.state = state;
        let new = beside(&self.path, "new");
        let mut file = private()
            .create(true)
            .truncate(true)
            .open(&new)
            .with_context(|| format!("cannot create {}", new.display()))?;
        file.write_all(&self.content.to_text()?)
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&new, &self.path))
            .and_then(|()| sync_directory(&self.path))
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// For its owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a new file with a secret in it, never over one that is there.
pub(crate) fn create_private(path: &Path, content: &[u8]) -> Result<()> {
    private()
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| sync_directory(path))
        .with_context(|| format!("cannot create {}", path.display()))
}

/// A rename is durable when the directory is.
fn sync_directory(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(parent) if cfg!(unix) => {
            let here = parent.as_os_str().is_empty();
            File::open(if here { Path::new(".") } else { parent })?.sync_all()
        }
        _ => Ok(()),
    }
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}
