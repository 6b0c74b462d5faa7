//! What is secret, or wants a word of the person: typed, or from a file or standard input.
//!
//! What is read is wiped when it has served, as far as it is in our hands: the buffer of standard input stays with the process.

use std::convert::Infallible;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use zeroize::Zeroizing;

/// Where a secret comes from.
#[derive(Clone)]
pub(super) enum Source {
    StandardInput,
    File(PathBuf),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::StandardInput,
            path => Self::File(path.into()),
        })
    }
}

impl Source {
    /// Its first line; of standard input the next one, so that several secrets can come from there.
    pub(super) fn first_line(&self) -> Result<Zeroizing<String>> {
        match self {
            Self::StandardInput => next_line(io::stdin().lock()),
            // Without the name: it could be the secret itself, by mistake.
            Self::File(path) => File::open(path)
                .context("the file cannot be read")
                .and_then(|file| next_line(BufReader::new(file))),
        }
    }

    /// All that is there, but no more than these bytes and one.
    pub(super) fn all(&self, most: usize) -> Result<Zeroizing<Vec<u8>>> {
        let (length, mut reader): (usize, Box<dyn Read>) = match self {
            Self::StandardInput => (0, Box::new(io::stdin().lock())),
            Self::File(path) => {
                let file = File::open(path)
                    .with_context(|| format!("cannot read `{}`", path.display()))?;
                let length = file.metadata().map_or(0, |metadata| metadata.len());
                (usize::try_from(length)?, Box::new(file))
            }
        };
        // With room for all of a file: what grows leaves copies behind.
        let room = length.min(most).saturating_add(ROOM);
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        let limit = u64::try_from(most)?.saturating_add(1);
        reader
            .by_ref()
            .take(limit)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {self}"))?;
        Ok(bytes)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// Asks on the terminal, without showing what is typed. Where there is none, it says what to do instead.
pub(super) fn hidden(question: &str, instead: &str) -> Result<Zeroizing<String>> {
    let typed = rpassword::prompt_password(format!("{question}: "));
    match typed.map(Zeroizing::new) {
        Ok(typed) => Ok(typed),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => bail!("nothing was typed"),
        Err(_) => bail!("there is no terminal to ask on: {instead}"),
    }
}

/// The key of an account: typed unseen, or the next line of standard input if that is no terminal.
pub(super) fn key() -> Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        return hidden("Key", "give the key to standard input");
    }
    Source::StandardInput.first_line().context("the key")
}

/// Lets the person say yes, in a whole word.
pub(super) fn confirm(question: &str) -> Result<()> {
    let mut error = io::stderr().lock();
    write!(error, "{question} Type yes: ")?;
    error.flush()?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .take(LONGEST_ANSWER)
        .read_line(&mut answer)?;
    if !answer.trim().eq_ignore_ascii_case("yes") {
        bail!("it was not confirmed, and nothing was done");
    }
    Ok(())
}

fn next_line(reader: impl BufRead) -> Result<Zeroizing<String>> {
    // With room for all of it: a text that grows leaves copies behind.
    let mut line = Zeroizing::new(String::with_capacity(LONGEST_LINE));
    let most = u64::try_from(LONGEST_LINE)?;
    reader
        .take(most)
        .read_line(&mut line)
        .context("it cannot be read as text")?;
    ensure!(line.len() < LONGEST_LINE, "the line is too long");
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    ensure!(!line.is_empty(), "the line is empty");
    Ok(line)
}

/// Beyond the length of a file, so that its end is found without growing; and enough for what comes by standard input in most cases.
const ROOM: usize = 64 * 1024;
/// More than any passphrase or URI has.
const LONGEST_LINE: usize = 32 * 1024;
const LONGEST_ANSWER: u64 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_lines_without_their_ends() {
        let mut input: &[u8] = b"one two \r\nthree\nfour";
        let mut lines = Vec::new();
        while let Ok(line) = next_line(&mut input) {
            lines.push(line.to_string());
        }
        assert_eq!(lines, ["one two ", "three", "four"]);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        assert!(next_line(b"".as_slice()).is_err());
        assert!(next_line(b"\n".as_slice()).is_err());
        assert!(next_line(b"\xff\xfe\n".as_slice()).is_err());
        assert!(next_line([b'a'; LONGEST_LINE].as_slice()).is_err());
    }
}
