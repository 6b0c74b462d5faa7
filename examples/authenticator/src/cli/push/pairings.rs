//! Which portals there are.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mfa_policy::{RegistrationId, Timestamp};
use serde::Serialize;
use zeroize::Zeroizing;

use super::Called;
use crate::Contents;
use crate::Pairing;
use crate::cli::ask::{self, Source};
use crate::cli::desk::Desk;
use crate::import::{Import, MAX_FILE};
use crate::push::{self, Heard, Listener};
use crate::vault::VaultError;

/// No portal is called that, or several are.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum NotOnePortal {
    #[error("no portal is called that")]
    None,
    #[error("several portals are called that; say more, or the registration:{0}")]
    Several(String),
}

/// A portal, for programs.
#[derive(Serialize)]
struct Listed<'a> {
    portal: &'a str,
    product: &'a str,
    account: &'a str,
    registration: &'a RegistrationId,
    added: Timestamp,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Connected,
    Unreachable,
    Removed,
}

pub(super) fn pair(
    desk: &Desk,
    picture: Option<&Path>,
    link_from: Option<&Source>,
    out: &mut dyn Write,
) -> Result<()> {
    // First, so that no key is thrown away because of a wrong passphrase: a link is good once.
    let mut vault = desk.open()?;
    let link = match (picture, link_from) {
        (Some(picture), _) => link_in(picture)?,
        (None, Some(source)) => source.first_line().context("the link")?,
        (None, None) => ask::hidden(
            "Link that the page shows",
            "name a picture with --qr, or the file of the link with --link-from",
        )?,
    };
    let pairing = push::pair(&link, desk.now()?)?;
    let words = Called(&pairing).to_string();
    vault
        .change(|contents| {
            let pairings = contents.pairings_mut();
            pairings.retain(|old| old.registration() != pairing.registration());
            pairings.push(pairing);
            Ok::<_, VaultError>(())
        })
        .context("the portal knows this device now, but its key could not be kept: remove the device at the portal")?;
    writeln!(out, "paired with {words}")?;
    writeln!(
        out,
        "The page asks for a test: `authenticator approve` answers it."
    )?;
    Ok(())
}

pub(super) fn list(desk: &Desk, json: bool, out: &mut dyn Write) -> Result<()> {
    let vault = desk.open()?;
    let pairings = vault.contents().pairings();
    let states = states(pairings)?;
    let listed = pairings.iter().map(|pairing| {
        let state = states.get(pairing.registration());
        let (state, why) = state.map_or(
            (State::Unreachable, "it does not answer"),
            |(state, why)| (*state, why.as_str()),
        );
        (pairing, state, why)
    });
    if json {
        let listed: Vec<Listed<'_>> = listed
            .map(|(pairing, state, why)| Listed {
                portal: pairing.portal().as_str(),
                product: pairing.product(),
                account: pairing.account(),
                registration: pairing.registration(),
                added: pairing.added(),
                state,
                why: (state == State::Unreachable).then_some(why),
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &listed)?;
        writeln!(out)?;
        return Ok(());
    }
    for (pairing, state, why) in listed {
        let state = match state {
            State::Connected => "connected",
            State::Removed => "this device was removed there",
            State::Unreachable => why,
        };
        writeln!(out, "{}: {state}", Called(pairing))?;
    }
    Ok(())
}

pub(super) fn unpair(desk: &Desk, words: &[String], yes: bool, out: &mut dyn Write) -> Result<()> {
    let mut vault = desk.open()?;
    let pairing = one(vault.contents(), words)?;
    let (registration, called) = (pairing.registration().clone(), Called(pairing).to_string());
    if !yes {
        ask::confirm(&format!(
            "Remove {called}? It cannot ask this device any more."
        ))?;
    }
    vault.change(|contents| {
        let pairings = contents.pairings_mut();
        pairings.retain(|pairing| *pairing.registration() != registration);
        Ok::<_, VaultError>(())
    })?;
    writeln!(out, "removed {called}")?;
    writeln!(
        out,
        "If its page still lists this device, remove it there, too."
    )?;
    Ok(())
}

/// What each portal says, as far as it does in a reasonable time.
fn states(pairings: &[Pairing]) -> Result<HashMap<RegistrationId, (State, String)>> {
    let mut states = HashMap::new();
    if pairings.is_empty() {
        return Ok(states);
    }
    let (_listener, heard) = Listener::start(pairings)?;
    let begun = Instant::now();
    while states.len() < pairings.len() {
        let Ok(heard) = heard.recv_timeout(LONGEST.saturating_sub(begun.elapsed())) else {
            break;
        };
        let (registration, state) = match heard {
            Heard::Connected { registration } => (registration, (State::Connected, String::new())),
            Heard::Lost { registration, why } => (registration, (State::Unreachable, why)),
            Heard::Removed { registration } => (registration, (State::Removed, String::new())),
            _ => continue,
        };
        states.insert(registration, state);
    }
    Ok(states)
}

/// The link in the QR code of a picture.
fn link_in(picture: &Path) -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let most = u64::try_from(MAX_FILE)?.saturating_add(1);
    File::open(picture)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .with_context(|| format!("the picture {} cannot be read", picture.display()))?;
    let mut import = Import::new();
    import.read(&bytes)?;
    let imported = import.finish();
    match imported.links() {
        [link] => Ok(link.clone()),
        [] if imported.keys().next().is_some() => {
            bail!(
                "the picture has the key of an account, and no portal: see `authenticator add --help`"
            )
        }
        [] => bail!("the picture has no QR code of a portal"),
        _ => bail!("the picture has the QR codes of several portals; take a picture of one"),
    }
}

/// The one portal that these words mean: its registration, or the one whose name has all of them.
fn one<'a>(contents: &'a Contents, words: &[String]) -> Result<&'a Pairing, NotOnePortal> {
    let pairings = contents.pairings();
    let by_registration = pairings
        .iter()
        .find(|pairing| [pairing.registration().as_str()] == *words);
    if let Some(pairing) = by_registration {
        return Ok(pairing);
    }
    let is_called = |pairing: &&Pairing| {
        let name = format!("{} {}", Called(pairing), pairing.portal()).to_lowercase();
        words.iter().all(|word| name.contains(&word.to_lowercase()))
    };
    let found: Vec<&Pairing> = pairings.iter().filter(is_called).collect();
    match found.as_slice() {
        [] => Err(NotOnePortal::None),
        [pairing] => Ok(pairing),
        several => {
            let describe =
                |pairing: &&Pairing| format!("\n  {}  {}", pairing.registration(), Called(pairing));
            Err(NotOnePortal::Several(
                several.iter().map(describe).collect(),
            ))
        }
    }
}

/// What a person waits for a list.
const LONGEST: Duration = Duration::from_secs(10);
