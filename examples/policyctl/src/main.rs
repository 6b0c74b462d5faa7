//! Look at a policy of two-step verification: check it, ask it, compare it, try it on a population.

mod change;
mod diff;
mod explain;
mod flows;
mod input;
mod lint;
mod overview;
mod page;
mod population;
mod preset;
mod report;
mod session;
mod simulate;
mod texts;

use std::{
    io::{self, BufWriter, ErrorKind, IsTerminal, Write},
    num::NonZeroUsize,
    path::PathBuf,
    process::ExitCode,
    time::SystemTime,
};

use anyhow::{Context, Result};
use clap::{
    ArgGroup, Args, Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use mfa_policy::{Messages, Method, PersonId, Purpose, Timestamp};

use crate::{
    change::Setting,
    input::{Source, Usage},
    session::Session,
    texts::{Language, Texts},
};

/// Look at a policy of two-step verification
///
/// What happens if we switch text messages off?
///
///   policyctl simulate people.jsonl --off text --html report.html
///
/// No population at hand? Make one up:
///
///   policyctl population 10000 > people.jsonl
#[derive(Parser)]
#[command(version, verbatim_doc_comment, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

const EXIT_CODES: &str = "\
Files are TOML or JSON by their ending; `-` is standard input, `preset:NAME` a
policy that comes with the program.

Exit codes:
  0  fine, allowed, no difference, nobody loses anything
  1  findings, denied, differences, people who lose something
  2  the command line is wrong
  3  a file is wrong or cannot be read, or lines of a population could not be";

/// What every command takes.
#[derive(Args)]
struct Global {
    /// The policy; several are merged, the stricter rule wins
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "preset:security-info"
    )]
    policy: Vec<Source>,
    /// The language of the texts
    #[arg(long, global = true, value_enum, default_value_t)]
    lang: Language,
    /// Write JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    /// The time of the question, as 2027-02-01; the clock if absent
    #[arg(long, global = true, value_name = "TIME")]
    now: Option<Timestamp>,
}

#[derive(Subcommand)]
enum Command {
    /// Find what is wrong with a policy, or not what was meant
    Lint {
        /// Policies; several are merged
        #[arg(required = true, value_name = "POLICY")]
        policies: Vec<Source>,
    },
    /// Say which methods of an account serve a purpose, and why not
    Explain {
        #[command(flatten)]
        account: Account,
        /// What for
        #[arg(value_parser = purpose())]
        purpose: Purpose,
        #[command(flatten)]
        session: Session,
    },
    /// Show the security info of an account, as its owner would see it
    Overview {
        #[command(flatten)]
        account: Account,
        #[command(flatten)]
        session: Session,
    },
    /// Compare two policies, in their fields and in what they do
    Diff {
        /// The old policy
        old: Source,
        /// The new policy
        new: Source,
    },
    /// Say what a change of the policy does to a population
    #[command(group = ArgGroup::new("change").required(true).multiple(true))]
    Simulate(Simulate),
    /// Print the JSON Schema of a policy file
    Schema,
    /// Print a policy that comes with the program, or list them
    Preset {
        /// Which one
        name: Option<String>,
    },
    /// Make up a population; the same seed gives the same people
    Population {
        /// How many people
        #[arg(default_value_t = 1_000)]
        people: u64,
        /// Another number, other people
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

/// Whose account.
#[derive(Args)]
struct Account {
    /// A file with `subject` and `account`, in TOML or JSON, or a population (.jsonl)
    account: Source,
    /// Which one of a population
    #[arg(long, value_name = "ID", value_parser = person_id)]
    person: Option<PersonId>,
}

#[derive(Args)]
struct Simulate {
    /// One person a line, each with `subject` and `account`, in JSON
    population: Source,
    /// The new policy
    #[arg(long, value_name = "FILE", group = "change")]
    new: Option<Source>,
    /// Switch a method off
    #[arg(long, value_name = "METHOD", group = "change")]
    off: Vec<Method>,
    /// Switch a method on
    #[arg(long, value_name = "METHOD", group = "change")]
    on: Vec<Method>,
    /// Change a field, as methods.text.enabled=false or reset.gates=2
    #[arg(long, value_name = "PATH=VALUE", group = "change")]
    set: Vec<Setting>,
    /// Also write a report to look at
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// How many people of each kind are named
    #[arg(long, default_value_t = 60, value_name = "NUMBER")]
    samples: usize,
    /// As many as the machine has, if absent; the result is the same
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
}

/// What was found, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Fine,
    /// Findings, a denial, differences, people who lose something.
    Found,
    /// The answer stands, and some of the input could not be read.
    Incomplete,
}

/// What every command is given.
struct Desk {
    policy: Vec<Source>,
    texts: Texts,
    messages: Messages,
    json: bool,
    /// `None`: the clock.
    given_time: Option<Timestamp>,
}

impl Desk {
    fn new(global: Global) -> Self {
        Self {
            policy: global.policy,
            texts: Texts::new(global.lang),
            messages: Messages::new(global.lang.of_messages()),
            json: global.json,
            given_time: global.now,
        }
    }

    /// The one place that reads the clock.
    fn now(&self) -> Result<Timestamp> {
        if let Some(time) = self.given_time {
            return Ok(time);
        }
        let since_1970 = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .context("the clock shows a time before 1970")?;
        Ok(Timestamp::from_unix_seconds(i64::try_from(
            since_1970.as_secs(),
        )?))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    console::set_colors_enabled(io::stdout().is_terminal() && !no_color);
    match run(arguments) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(3),
        // Whoever reads has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails too.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 3 })
        }
    }
}

fn run(arguments: Arguments) -> Result<Outcome> {
    let desk = Desk::new(arguments.global);
    let (text, outcome) = match arguments.command {
        Command::Lint { policies } => lint::run(&desk, &policies)?,
        Command::Explain {
            account,
            purpose,
            session,
        } => {
            let person = account.account.person(account.person.as_ref())?;
            explain::run(&desk, &person, purpose, &session)?
        }
        Command::Overview { account, session } => {
            let person = account.account.person(account.person.as_ref())?;
            overview::run(&desk, &person, &session)?
        }
        Command::Diff { old, new } => diff::run(&desk, &old, &new)?,
        Command::Simulate(arguments) => simulate::run(&desk, &arguments)?,
        Command::Schema => (mfa_policy::json_schema(), Outcome::Fine),
        Command::Preset { name } => (preset::run(&desk, name.as_deref())?, Outcome::Fine),
        Command::Population { people, seed } => {
            let today = match desk.given_time {
                Some(time) => time,
                None => population::TODAY.parse()?,
            };
            let output = io::stdout().lock();
            population::write(people, seed, today, &mut BufWriter::new(output))?;
            return Ok(Outcome::Fine);
        }
    };
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(outcome)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io_error = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json_error = cause
            .downcast_ref::<serde_json::Error>()
            .and_then(serde_json::Error::io_error_kind);
        io_error.or(json_error) == Some(ErrorKind::BrokenPipe)
    })
}

/// The purposes by their names in a policy file.
fn purpose() -> impl TypedValueParser<Value = Purpose> {
    PossibleValuesParser::new(Purpose::ALL.map(Purpose::as_str)).try_map(|name| {
        let named = |purpose: &Purpose| purpose.as_str() == name;
        Purpose::ALL
            .into_iter()
            .find(named)
            .ok_or("no such purpose")
    })
}

fn person_id(text: &str) -> Result<PersonId, String> {
    PersonId::new(text).map_err(|error| error.to_string())
}
