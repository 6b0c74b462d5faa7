//! Which fields are written differently.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::FieldChange;
use crate::draft::PolicyDraft;

pub(super) fn changes(old: &PolicyDraft, new: &PolicyDraft) -> Vec<FieldChange> {
    let (old, new) = (flat(old), flat(new));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differs = paths
        .into_iter()
        .filter(|&path| old.get(path) != new.get(path));
    differs
        .map(|path| FieldChange {
            path: path.clone(),
            old: old.get(path).cloned(),
            new: new.get(path).cloned(),
        })
        .collect()
}

/// Every field that is there by path, with its value in JSON. Lists are one value.
fn flat(draft: &PolicyDraft) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    // A draft has text keys only, so it has a value.
    flatten(
        "",
        serde_json::to_value(draft).unwrap_or_default(),
        &mut fields,
    );
    fields
}

fn flatten(path: &str, value: Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(object) if !object.is_empty() || path.is_empty() => {
            for (key, value) in object {
                // As in TOML, a key with anything but letters, digits, lines and dashes is quoted.
                let is_bare = key
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
                let key = if is_bare { key } else { format!("{key:?}") };
                let path = if path.is_empty() {
                    key
                } else {
                    format!("{path}.{key}")
                };
                flatten(&path, value, fields);
            }
        }
        value => {
            fields.insert(path.to_owned(), value.to_string());
        }
    }
}
