//! Every row of the migration vectors reads as its columns say, and what is written reads back.

use crate::rows::{assert_none, hex, others_rows, project_rows, text};
use otp_uri::migration;
use serde_json::{Value, json};

fn columns(uri: &str) -> Value {
    let batch = match migration::read(uri) {
        Ok(batch) => batch,
        Err(error) => return json!({ "reject": error.to_string() }),
    };
    let entries: Vec<Value> = batch
        .entries()
        .iter()
        .map(|entry| match entry {
            Err(skipped) => json!({ "skip": skipped.error().to_string(), "name": skipped.name() }),
            Ok(key) => json!({
                "name": key.label(),
                "issuer_raw": key.issuer_parameter().unwrap_or_default(),
                "issuer": key.issuer(),
                "account": key.account(),
                "secret_hex": hex(key.expose_key()),
                "algorithm": key.kind().algorithm().name(),
                "digits": key.kind().code_len(),
                "type": key.kind().to_string(),
                "counter": key.kind().counter().map(|counter| counter.get()),
                "period": key.kind().period().map(|period| period.seconds()),
            }),
        })
        .collect();
    json!({
        "version": batch.version(),
        "batch_size": batch.size(),
        "batch_index": batch.index(),
        "batch_id": batch.id(),
        "entries": entries,
    })
}

/// The `expected` column: of a skipped entry the name and the reason, of a key all but the Base32 of its secret.
fn expected(row: &Value) -> Value {
    let mut expected = row["expected"].clone();
    if let Some(entries) = expected.get_mut("entries") {
        for entry in entries.as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("secret");
            if let Some(reason) = entry.get("skip") {
                *entry =
                    json!({ "skip": reason, "name": entry["name"].as_str().unwrap_or_default() });
            }
        }
    }
    expected
}

fn all_rows() -> Vec<Value> {
    let mut rows = project_rows("migration.project.jsonl");
    assert!(rows.len() >= 30);
    rows.extend(others_rows("migration.others.jsonl"));
    rows
}

#[test]
fn reading_is_the_expected_one() {
    let mut failures = Vec::new();
    for row in all_rows() {
        let (expected, found) = (expected(&row), columns(text(&row, "uri")));
        if expected != found {
            failures.push(format!(
                "{}\n  expected {expected}\n  found    {found}",
                row["id"]
            ));
        }
    }
    assert_none(&failures);
}

#[test]
fn what_is_read_can_be_written_and_read_again() {
    for row in all_rows() {
        let Ok(batch) = migration::read(text(&row, "uri")) else {
            continue;
        };
        let keys: Vec<_> = batch
            .into_entries()
            .into_iter()
            .filter_map(Result::ok)
            .collect();
        let texts = migration::write(&keys, -7).unwrap();
        assert_eq!(texts.len(), usize::from(!keys.is_empty()), "{}", row["id"]);
        let again: Vec<_> = texts
            .iter()
            .flat_map(|text| migration::read(text.expose()).unwrap().into_entries())
            .map(Result::unwrap)
            .collect();
        let texts_of = |keys: &[otp_uri::KeyUri]| -> Vec<String> {
            keys.iter()
                .map(|key| key.to_text().expose().to_owned())
                .collect()
        };
        assert_eq!(texts_of(&again), texts_of(&keys), "{}", row["id"]);
    }
}
