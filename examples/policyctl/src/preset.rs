//! `policyctl preset`: the policies that come with the program.

use anyhow::{Result, anyhow};
use mfa_policy::Preset;

use crate::{Desk, input::Usage, page::Page};

pub(crate) fn run(desk: &Desk, name: Option<&str>) -> Result<String> {
    if let Some(name) = name {
        let preset: Preset = name
            .parse()
            .map_err(|error| anyhow!(Usage(format!("{error}"))))?;
        return Ok(if desk.json {
            preset.draft().to_json()
        } else {
            preset.text().to_owned()
        });
    }
    if desk.json {
        return Ok(serde_json::to_string_pretty(
            &Preset::ALL.map(Preset::name),
        )?);
    }
    let mut page = Page::default();
    let widest = Preset::ALL
        .iter()
        .map(|preset| preset.name().len())
        .max()
        .unwrap_or(0);
    for preset in Preset::ALL {
        let about = desk.texts.say(&format!("preset-{preset}"));
        page.beside(0, preset.name(), widest, &about);
    }
    Ok(page.into_text())
}
