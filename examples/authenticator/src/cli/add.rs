//! New accounts, by any way in.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use otp_core::{Algorithm, Counter, Digits, HotpParameters, Period, Secret, TotpParameters};
use otp_uri::{Issuer, KeyUri, Kind, base32};

use super::ask::{self, Source};
use super::desk::Desk;
use super::note;
use crate::import::{Format, Import, ImportError, Imported, MAX_FILE};
use crate::vault::Vault;
use crate::{Account, harmless, words};

/// One of three ways to say what is to be added.
#[derive(Args)]
#[command(group = clap::ArgGroup::new("way").required(true))]
pub(super) struct Add {
    /// A picture with QR codes, as a screenshot
    #[arg(long, value_name = "PICTURE", group = "way", num_args = 1..)]
    qr: Vec<PathBuf>,
    /// Take `otpauth` URIs, one a line, from a file or standard input (-)
    #[arg(long, value_name = "FILE", group = "way")]
    uri_from: Option<Source>,
    /// Add by hand: whose account it is; the key is asked for, or read from standard input if that is no terminal
    #[arg(long, value_name = "NAME", group = "way", value_parser = otp_uri::Account::new)]
    account: Option<otp_uri::Account>,
    #[command(flatten)]
    by_hand: ByHand,
}

/// What belongs to a key that is typed.
#[derive(Args)]
struct ByHand {
    /// Who gave the key out
    #[arg(long, value_name = "NAME", requires = "account", value_parser = Issuer::new)]
    issuer: Option<Issuer>,
    /// How long codes are: 6, 7 or 8
    #[arg(long, requires = "account", value_parser = digits)]
    digits: Option<Digits>,
    /// The hash function
    #[arg(long, requires = "account", ignore_case = true, value_parser = algorithm())]
    algorithm: Option<Algorithm>,
    /// How many seconds a code lives; 30 in nearly every case
    #[arg(long, value_name = "SECONDS", requires = "account", value_parser = period)]
    period: Option<Period>,
    /// Codes come from a counter, not from the time: its next value
    #[arg(
        long,
        value_name = "NEXT",
        requires = "account",
        conflicts_with = "period"
    )]
    counter: Option<u64>,
    /// Codes are Steam's five letters
    #[arg(
        long,
        requires = "account",
        conflicts_with_all = ["digits", "algorithm", "period", "counter"]
    )]
    steam: bool,
}

/// Files that other apps wrote.
#[derive(Args)]
pub(super) struct Bring {
    /// Backups, lists of URIs, pictures of QR codes; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Source>,
    /// What they are, if that is not found out: picture, list, aegis, 2fas or proton
    #[arg(long = "as", value_name = "FORMAT")]
    format: Option<Format>,
    /// Take the password of an encrypted backup from the first line of a file, or of standard input (-)
    #[arg(long, value_name = "FILE")]
    password_file: Option<Source>,
}

pub(super) fn add(desk: &Desk, add: Add, out: &mut dyn Write) -> Result<()> {
    let mut vault = desk.open()?;
    let mut import = Import::new();
    for picture in add.qr {
        let file = Source::File(picture.clone()).all(MAX_FILE)?;
        import
            .read_as(Format::Picture, &file)
            .with_context(|| picture.display().to_string())?;
    }
    if let Some(source) = add.uri_from {
        import.read_as(Format::List, &source.all(MAX_FILE)?)?;
    }
    if let Some(account) = add.account {
        let key = by_hand(account, add.by_hand)?;
        import.read_as(Format::List, key.to_text().expose().as_bytes())?;
    }
    take_in(desk, &mut vault, import.finish(), &[], true, out)
}

pub(super) fn bring(desk: &Desk, bring: &Bring, out: &mut dyn Write) -> Result<()> {
    let mut vault = desk.open()?;
    let mut import = Import::new();
    let mut names = Vec::new();
    for source in &bring.files {
        let file = source.all(MAX_FILE)?;
        let name = source.to_string();
        read(&mut import, &file, bring, &name).context(name.clone())?;
        names.push(name);
    }
    for transfer in import.transfers() {
        note(&transfer.to_string());
    }
    take_in(desk, &mut vault, import.finish(), &names, false, out)
}

fn read(import: &mut Import, file: &[u8], bring: &Bring, name: &str) -> Result<()> {
    let read = match bring.format {
        Some(format) => import.read_as(format, file),
        None => import.read(file).map(|_| ()),
    };
    match read {
        Err(ImportError::PasswordNeeded) => {
            let password = match &bring.password_file {
                Some(source) => source.first_line().context("the password")?,
                None => ask::hidden(
                    &format!("Password of {}", harmless(name)),
                    "name the file of the password with --password-file",
                )?,
            };
            import.read_encrypted(file, &password)?;
            Ok(())
        }
        read => Ok(read?),
    }
}

/// Keeps what is new, all in one change, and says what was left out.
fn take_in(
    desk: &Desk,
    vault: &mut Vault,
    mut imported: Imported,
    files: &[String],
    is_with_misreadings: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let now = desk.now()?;
    for _ in imported.links() {
        note(
            "left out: a link that pairs this device with a portal, which is no key: see `authenticator pair --help`",
        );
    }
    let added = vault.change(|contents| -> Result<_> {
        imported.leave_out(contents.accounts().iter().map(Account::key));
        for skipped in imported.skipped() {
            match files.get(skipped.file().saturating_sub(1)) {
                Some(file) if files.len() > 1 => note(&format!("left out: {file}, {skipped}")),
                _ => note(&format!("left out: {skipped}")),
            }
        }
        let mut added = Vec::new();
        for key in imported.into_keys() {
            let mut said = words::warnings(&key);
            if is_with_misreadings {
                said.extend(words::misreadings(&key));
            }
            added.push((words::name(&key), said));
            contents.add(Account::new(key, now)?);
        }
        if added.is_empty() {
            bail!("there was nothing new to add");
        }
        Ok(added)
    })?;
    for (name, said) in added {
        writeln!(out, "added: {name}")?;
        for sentence in said {
            writeln!(out, "  note: {sentence}")?;
        }
    }
    Ok(())
}

fn by_hand(account: otp_uri::Account, by_hand: ByHand) -> Result<KeyUri> {
    let kind = by_hand.kind()?;
    let typed = ask::key()?;
    let bytes = base32::decode_human(&typed).context("the key")?;
    let secret = Secret::import(bytes.expose()).context("the key")?;
    let key = KeyUri::new(kind, account, &secret);
    Ok(match by_hand.issuer {
        Some(issuer) => key.with_issuer(issuer),
        None => key,
    })
}

impl ByHand {
    fn kind(&self) -> Result<Kind> {
        if self.steam {
            return Ok(Kind::Steam);
        }
        let algorithm = self.algorithm.unwrap_or(Algorithm::Sha1);
        let digits = self.digits.unwrap_or_default();
        if let Some(counter) = self.counter {
            let parameters = HotpParameters::default()
                .with_algorithm(algorithm)
                .with_digits(digits);
            return Ok(Kind::hotp(parameters, Counter::new(counter)));
        }
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(digits)
            .with_period(self.period.unwrap_or_default());
        Ok(Kind::try_from(parameters)?)
    }
}

fn digits(text: &str) -> Result<Digits> {
    Ok(Digits::new(text.parse()?)?)
}

fn period(text: &str) -> Result<Period> {
    Ok(Period::new(text.parse()?)?)
}

fn algorithm() -> impl TypedValueParser<Value = Algorithm> {
    let all = Algorithm::ALL;
    PossibleValuesParser::new(all.map(Algorithm::name)).try_map(move |name| {
        let named = |algorithm: &Algorithm| algorithm.name().eq_ignore_ascii_case(&name);
        all.into_iter().find(named).ok_or("no such algorithm")
    })
}
