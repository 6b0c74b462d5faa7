//! A change of a policy, as it is written on the command line.

use std::str::FromStr;

use anyhow::{Result, anyhow};
use mfa_policy::{Method, PolicyDraft};
use toml::{Table, Value};

use crate::input::Usage;

/// One field of a policy with its new value: `methods.text.enabled=false`.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    text: String,
    value: Table,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let value = text
            .parse::<Table>()
            .or_else(|error| as_text(text).ok_or(error))
            .map_err(|error| format!("a setting is written `path=value`: {}", error.message()))?;
        Ok(Self {
            text: text.to_owned(),
            value: value
                .into_iter()
                .map(|(key, value)| (key, dates_as_texts(value)))
                .collect(),
        })
    }
}

impl Setting {
    /// Switches a method on or off.
    pub(crate) fn switch(method: &Method, on: bool) -> Self {
        let rule = Table::from_iter([("enabled".to_owned(), Value::Boolean(on))]);
        let methods = Table::from_iter([(method.to_string(), Value::Table(rule))]);
        Self {
            text: format!("{} {method}", if on { "--on" } else { "--off" }),
            value: Table::from_iter([("methods".to_owned(), Value::Table(methods))]),
        }
    }
}

/// The draft with these fields changed, one after the other.
pub(crate) fn apply(draft: &PolicyDraft, settings: &[Setting]) -> Result<PolicyDraft> {
    let mut table = Table::try_from(draft)?;
    let mut changed = draft.clone();
    for setting in settings {
        lay_over(&mut table, setting.value.clone());
        changed = table.clone().try_into().map_err(|error: toml::de::Error| {
            anyhow!(Usage(format!(
                "`{}`: {}",
                setting.text,
                error.message().trim_end()
            )))
        })?;
    }
    Ok(changed)
}

/// Shells eat quotes: a value that is no TOML is taken as a text.
fn as_text(setting: &str) -> Option<Table> {
    let (path, value) = setting.split_once('=')?;
    let quoted = Value::String(value.trim().to_owned());
    format!("{path}={quoted}").parse().ok()
}

/// Dates are texts in a policy, and look like dates of TOML.
fn dates_as_texts(value: Value) -> Value {
    match value {
        Value::Datetime(date) => Value::String(date.to_string()),
        Value::Table(table) => Value::Table(
            table
                .into_iter()
                .map(|(key, value)| (key, dates_as_texts(value)))
                .collect(),
        ),
        other => other,
    }
}

fn lay_over(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}
