//! The commands, each a function from arguments to output.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use otp_core::{Algorithm, LookAhead, ResyncRange, Secret, TypedCode, UnixTime, Window};
use otp_qr::{PngOptions, Qr, SvgOptions, TerminalOptions};
use otp_uri::{Account, Issuer, KeyUri, base32, migration};

use crate::{
    Outcome,
    enrolment::{Enrolment, State, create_private},
    source::{Found, Source},
};

pub(crate) fn new(
    issuer: &str,
    account: &str,
    svg: Option<&Path>,
    png: Option<&Path>,
    file: &Path,
) -> Result<()> {
    let issuer = Issuer::new(issuer)?;
    let account = Account::new(account)?;
    let secret = Secret::generate_from_system(Algorithm::Sha1)?;
    let uri = KeyUri::widely_compatible(issuer, account, &secret);
    let qr = Qr::encode(uri.to_text().expose())?;

    Enrolment::create(file, &uri, State::new(uri.kind())?)?;
    if let Some(path) = svg {
        create_private(path, qr.svg(&SvgOptions::default()).expose().as_bytes())?;
    }
    if let Some(path) = png {
        create_private(path, qr.png(&PngOptions::default())?.expose())?;
    }
    print_qr(&qr);
    println!("Scan this with an authenticator app, or type:");
    println!("  account  {}", uri.account());
    println!("  key      {}", base32::grouped(secret.expose()).expose());
    println!("Then check the first code:");
    println!("  quickstart verify {} CODE", file.display());
    Ok(())
}

pub(crate) fn verify(file: &Path, code: &str, now: UnixTime) -> Result<Outcome> {
    let enrolment = Enrolment::open(file)?;
    let code = TypedCode::clean(code);
    let accepted = match (
        enrolment.state(),
        enrolment.uri().totp(),
        enrolment.uri().hotp(),
    ) {
        (
            State::Totp {
                last_accepted,
                drift,
            },
            Some(totp),
            _,
        ) => totp
            .verify(
                code.as_str(),
                now,
                Window::default().centred_on(drift),
                last_accepted,
            )
            .accepted()
            .map(|accepted| State::Totp {
                last_accepted: Some(accepted.step()),
                drift: drift.learned(&accepted),
            }),
        (State::Hotp { next }, _, Some((hotp, _))) => hotp
            .verify(code.as_str(), next, LookAhead::default())?
            .accepted()
            .map(|accepted| State::Hotp {
                next: accepted.next(),
            }),
        _ => bail!("{}: the state is not that of its URI", file.display()),
    };
    conclude(enrolment, accepted, "accepted")
}

pub(crate) fn resync(file: &Path, codes: &[String], now: UnixTime) -> Result<Outcome> {
    let enrolment = Enrolment::open(file)?;
    let codes: Vec<TypedCode> = codes.iter().map(|code| TypedCode::clean(code)).collect();
    let consecutive = match codes.as_slice() {
        [one, two] => [one.as_str(), two.as_str()].into(),
        [one, two, three] => [one.as_str(), two.as_str(), three.as_str()].into(),
        _ => bail!("two or three codes are needed"),
    };
    let range = ResyncRange::MAX;
    let found = match (
        enrolment.state(),
        enrolment.uri().totp(),
        enrolment.uri().hotp(),
    ) {
        (State::Totp { last_accepted, .. }, Some(totp), _) => totp
            .resynchronise(consecutive, now, range, last_accepted)
            .accepted()
            .map(|found| State::Totp {
                last_accepted: Some(found.step()),
                drift: found.drift(),
            }),
        (State::Hotp { next }, _, Some((hotp, _))) => hotp
            .resynchronise(consecutive, next, range)?
            .accepted()
            .map(|found| State::Hotp { next: found.next() }),
        _ => bail!("{}: the state is not that of its URI", file.display()),
    };
    conclude(
        enrolment,
        found,
        "found again: the codes are used up, the next one will be accepted",
    )
}

/// Nobody hears of an acceptance before it is on disk.
fn conclude(enrolment: Enrolment, accepted: Option<State>, message: &str) -> Result<Outcome> {
    let Some(state) = accepted else {
        println!("rejected");
        return Ok(Outcome::Rejected);
    };
    enrolment.store(state)?;
    println!("{message}");
    Ok(Outcome::Done)
}

pub(crate) fn code(source: &Source, now: UnixTime) -> Result<()> {
    for found in source.read()? {
        match found {
            Found::Key(uri) => show_code(&uri, now)?,
            Found::Migration(batch) => {
                for uri in batch.entries().iter().flatten() {
                    show_code(uri, now)?;
                }
            }
        }
    }
    Ok(())
}

fn show_code(uri: &KeyUri, now: UnixTime) -> Result<()> {
    let name = name(uri);
    if let Some(totp) = uri.totp() {
        let (code, left) = (totp.generate(now)?, totp.seconds_left(now)?);
        println!("{}  {left} s  {name}", code.as_str());
    } else if let Some((hotp, counter)) = uri.hotp() {
        let code = hotp.generate(counter);
        println!("{}  counter {}  {name}", code.as_str(), counter.get());
    } else if let Some(steam) = uri.steam() {
        println!("{}  {name}", steam.generate(now).as_str());
    }
    Ok(())
}

pub(crate) fn read(source: &Source) -> Result<()> {
    for found in source.read()? {
        match found {
            Found::Key(uri) => describe(&uri),
            Found::Migration(batch) => {
                println!(
                    "migration, part {} of {}, id {}",
                    batch.index().saturating_add(1),
                    batch.size(),
                    batch.id()
                );
                for entry in batch.entries() {
                    match entry {
                        Ok(uri) => describe(uri),
                        Err(skipped) => println!(
                            "left out: {} ({})",
                            skipped.name().escape_debug(),
                            skipped.error()
                        ),
                    }
                }
            }
        }
    }
    Ok(())
}

fn describe(uri: &KeyUri) {
    println!("{} key", uri.kind());
    println!(
        "  issuer     {}",
        uri.issuer().unwrap_or("none").escape_debug()
    );
    println!("  account    {}", uri.account().escape_debug());
    println!(
        "  secret     {} bit, {:?}",
        uri.expose_key().len().saturating_mul(8),
        uri.secret().strength()
    );
    println!("  algorithm  {}", uri.kind().algorithm());
    println!("  length     {}", uri.kind().code_len());
    if let Some(period) = uri.kind().period() {
        println!("  period     {} s", period.seconds());
    }
    if let Some(counter) = uri.kind().counter() {
        println!("  counter    {}", counter.get());
    }
    for (name, value) in uri.unknown_parameters() {
        println!(
            "  unknown    {} = {}",
            name.escape_debug(),
            value.escape_debug()
        );
    }
    for warning in uri.warnings() {
        println!("  warning    {warning}");
    }
    for misreading in uri.compatibility() {
        println!("  app        {misreading}");
    }
}

pub(crate) fn export(files: &[PathBuf]) -> Result<()> {
    let keys = files
        .iter()
        .map(|file| {
            let enrolment = Enrolment::open(file)?;
            let uri = KeyUri::parse_lenient(enrolment.uri().to_text().expose())?;
            Ok(match enrolment.state() {
                State::Hotp { next } => uri.with_counter(next),
                State::Totp { .. } => uri,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    // Any number does; it tells the parts of one migration from those of another.
    let id = Secret::generate_from_system(Algorithm::Sha1)?;
    let id = id
        .expose()
        .iter()
        .fold(0_i32, |id, byte| id.rotate_left(5) ^ i32::from(*byte));
    for uri in migration::write(&keys, id)? {
        print_qr(&Qr::encode(uri.expose())?);
        println!("{}\n", uri.expose());
    }
    Ok(())
}

pub(crate) fn import(source: &Source, directory: &Path) -> Result<()> {
    let mut written = 0_u32;
    let mut write = |uri: &KeyUri| -> Result<()> {
        // A name made of what the issuer says could be any path.
        let path = (1_u32..)
            .map(|number| directory.join(format!("enrolment-{number}.json")))
            .find(|path| !path.exists())
            .context("there is no free name")?;
        let state = match State::new(uri.kind()) {
            Ok(state) => state,
            Err(reason) => {
                println!("left out: {} ({reason})", name(uri));
                return Ok(());
            }
        };
        Enrolment::create(&path, uri, state)?;
        println!("{}  {}", path.display(), name(uri));
        written = written.saturating_add(1);
        Ok(())
    };
    for found in source.read()? {
        match found {
            Found::Key(uri) => write(&uri)?,
            Found::Migration(batch) => {
                for entry in batch.entries() {
                    match entry {
                        Ok(uri) => write(uri)?,
                        Err(skipped) => println!(
                            "left out: {} ({})",
                            skipped.name().escape_debug(),
                            skipped.error()
                        ),
                    }
                }
            }
        }
    }
    ensure!(written > 0, "there was nothing to import");
    Ok(())
}

/// Issuer and account as text that cannot harm a terminal.
fn name(uri: &KeyUri) -> String {
    let account = uri.account().escape_debug();
    match uri.issuer() {
        Some(issuer) => format!("{}: {account}", issuer.escape_debug()),
        None => account.to_string(),
    }
}

/// In colours where there is a terminal to show them.
pub(crate) fn print_qr(qr: &Qr) {
    let options = if std::io::stdout().is_terminal() {
        TerminalOptions::ansi()
    } else {
        TerminalOptions::on_dark()
    };
    print!("{}", qr.terminal(&options).expose());
}
