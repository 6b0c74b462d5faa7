//! Files as they are named on the command line: policies, people, populations.

use std::{
    convert::Infallible,
    fmt, fs,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, Error, Result, anyhow, bail};
use mfa_policy::{Person, PersonId, Policy, PolicyDraft, Preset, PresetError, Report};

/// More than any policy or account has, and an end.
const LONGEST_FILE: u64 = 16 * 1024 * 1024;

/// Where something is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    StandardInput,
    Preset(String),
    File(PathBuf),
}

/// The two forms of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Toml,
    Json,
}

/// The command line is wrong, and not what it names.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("preset:") {
            Some(name) => Self::Preset(name.to_owned()),
            None if text == "-" => Self::StandardInput,
            None => Self::File(text.into()),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => f.write_str("standard input"),
            Self::Preset(name) => write!(f, "preset:{name}"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl Source {
    /// Reads one draft of a policy.
    pub(crate) fn draft(&self) -> Result<PolicyDraft> {
        if let Self::Preset(name) = self {
            return preset(name);
        }
        let (text, format) = self.text()?;
        let draft = match format {
            Format::Toml => PolicyDraft::from_toml(&text),
            Format::Json => PolicyDraft::from_json(&text),
        };
        draft.map_err(|error| self.place(error.line(), error.column(), error.text()))
    }

    /// Reads one person: a file of one, or the one with that identifier among the lines of a population.
    pub(crate) fn person(&self, wanted: Option<&PersonId>) -> Result<Person> {
        if let Self::Preset(_) = self {
            bail!("{self} is a policy; an account is expected here");
        }
        if self.has_extension("jsonl") || wanted.is_some() {
            return self.person_among(wanted);
        }
        let (text, format) = self.text()?;
        match format {
            Format::Toml => toml::from_str(&text).map_err(|error| {
                let start = error.span().map_or(0, |span| span.start);
                let (line, column) = place_of(&text, start);
                self.place(line, column, error.message())
            }),
            Format::Json => serde_json::from_str(&text)
                .map_err(|error| self.place(error.line(), error.column(), &reason(&error))),
        }
    }

    fn person_among(&self, wanted: Option<&PersonId>) -> Result<Person> {
        let mut alone: Option<Person> = None;
        for line in Lines::new(self.open()?) {
            let (number, line) = line.with_context(|| format!("cannot read {self}"))?;
            let person = person(&line);
            match (person, wanted) {
                (Ok(person), Some(wanted)) if person.subject.id() == wanted => return Ok(person),
                // A bad line hides nobody else.
                (_, Some(_)) => {}
                (Err(error), None) => return Err(self.place(number, error.column, &error.text)),
                (Ok(person), None) if alone.is_none() => alone = Some(person),
                (Ok(_), None) => bail!(Usage(format!(
                    "{self} has several people; choose one with --person ID"
                ))),
            }
        }
        alone.ok_or_else(|| match wanted {
            Some(wanted) => anyhow!("{self} has no person `{wanted}`"),
            None => anyhow!("{self} has no person"),
        })
    }

    /// The size in bytes, where it is known beforehand.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::File(path) => fs::metadata(path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|metadata| metadata.len()),
            _ => None,
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::StandardInput => Box::new(io::stdin()),
            Self::File(path) => {
                Box::new(fs::File::open(path).with_context(|| format!("cannot read {self}"))?)
            }
            Self::Preset(_) => bail!("{self} is a policy; a population is expected here"),
        })
    }

    fn text(&self) -> Result<(String, Format)> {
        let mut bytes = Vec::new();
        self.open()?
            .take(LONGEST_FILE.saturating_add(1))
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {self}"))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST_FILE) {
            bail!("{self}: more than 16 MiB");
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = error.as_bytes().get(..valid).unwrap_or_default();
            let (line, column) = place_of(&String::from_utf8_lossy(before), valid);
            self.place(line, column, "this is not UTF-8")
        })?;
        // A mark that some editors put first.
        let text = text
            .strip_prefix('\u{feff}')
            .map_or(text.clone(), str::to_owned);
        let format = if self.has_extension("json") {
            Format::Json
        } else if self.has_extension("toml") {
            Format::Toml
        } else if text.trim_start().starts_with('{') {
            Format::Json
        } else {
            Format::Toml
        };
        Ok((text, format))
    }

    fn has_extension(&self, wanted: &str) -> bool {
        matches!(self, Self::File(path)
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted)))
    }

    fn place(&self, line: usize, column: usize, text: &str) -> Error {
        anyhow!("{self}:{line}:{column}: {text}")
    }
}

/// The policy that several drafts make together; what is wrong with it is listed in full.
pub(crate) fn policy(sources: &[Source]) -> Result<Policy> {
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    valid(&draft(sources)?, &names.join(" + "))
}

/// The draft that several drafts make together.
pub(crate) fn draft(sources: &[Source]) -> Result<PolicyDraft> {
    let drafts: Vec<PolicyDraft> = sources.iter().map(Source::draft).collect::<Result<_>>()?;
    mfa_policy::merge(&drafts)
        .map_err(|conflicts| anyhow!("the policies cannot be merged: {conflicts}"))
}

pub(crate) fn valid(draft: &PolicyDraft, name: &str) -> Result<Policy> {
    draft.validate().map_err(|report: Report| {
        let lines: Vec<String> = report
            .problems()
            .iter()
            .map(|problem| format!("\n  {problem}"))
            .collect();
        anyhow!("{name} is no valid policy:{}", lines.concat())
    })
}

/// Why a line is no person.
#[derive(Debug)]
pub(crate) struct BadLine {
    /// From 1.
    pub(crate) column: usize,
    pub(crate) text: String,
}

/// Reads one line of a population.
pub(crate) fn person(line: &[u8]) -> Result<Person, BadLine> {
    if line.len() > LONGEST_LINE {
        return Err(BadLine {
            column: 1,
            text: "the line has more than 1 MiB".to_owned(),
        });
    }
    serde_json::from_slice(line).map_err(|error| BadLine {
        column: error.column().max(1),
        text: reason(&error),
    })
}

/// More than a person with 256 registrations has.
const LONGEST_LINE: usize = 1024 * 1024;

/// The lines of a file that are not empty, with their numbers from 1. What a line has beyond its limit is left out, so that
/// no file fills the memory.
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    number: usize,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, input),
            number: 0,
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let limit = u64::try_from(LONGEST_LINE)
            .unwrap_or(u64::MAX)
            .saturating_add(2);
        if self
            .input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut line)?
            == 0
        {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if line.len() > LONGEST_LINE {
            self.input.skip_until(b'\n')?;
        }
        self.number = self.number.saturating_add(1);
        Ok(Some(line))
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = io::Result<(usize, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_line() {
                Ok(Some(line)) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(line) => return line.map(|line| Ok((self.number, line))),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Line and column in characters, from 1.
fn place_of(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    (
        before.matches('\n').count().saturating_add(1),
        last_line.chars().count().saturating_add(1),
    )
}

/// `serde_json` puts the place at the end of its texts.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.as_str(), |(message, _)| message)
        .to_owned()
}

fn preset(name: &str) -> Result<PolicyDraft> {
    let preset: Preset = name
        .parse()
        .map_err(|error: PresetError| anyhow!(Usage(error.to_string())))?;
    Ok(preset.draft())
}

/// Writes a file, in the place of any other.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
