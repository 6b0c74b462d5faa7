//! What must hold of whatever the authenticator imports.

use authenticator::export;
use authenticator::import::{Format, Import, ImportError, Imported, MAX_FILE, MAX_ROWS};
use otp_uri::{KeyUri, Kind, migration};
use serde_json::Value;

use crate::leak;

/// Reads a file, and holds it to all of it.
pub fn check(file: &[u8]) {
    let imported = match read(file) {
        Ok(imported) => imported,
        Err(error) => {
            leak::assert_error_hides(&error);
            return;
        }
    };
    assert!(file.len() <= MAX_FILE);
    leak::assert_debug_hides(&imported);
    every_row_is_kept_or_named(file, &imported);
    once_more_changes_nothing(file, &imported);
    for key in imported.keys() {
        let name = authenticator::words::name(key);
        assert!(!name.contains(char::is_control), "{name:?}");
    }
    no_secret_is_shown(file);
    let mut known = read(file).unwrap();
    known.leave_out(imported.keys());
    assert_eq!(known.keys().count(), 0);
    exports_are_read_as_the_same(&imported.into_keys());
}

/// Reads a file by what is in it, and as what it is.
pub fn read(file: &[u8]) -> Result<Imported, ImportError> {
    let mut import = Import::new();
    let read = import.read(file);
    let format = Format::of(file);
    if let (Err(error), Ok(format)) = (read, format) {
        assert_eq!(Import::new().read_as(format, file), Err(error));
    }
    if let Err(error) = read {
        // As it was.
        let imported = import.finish();
        assert_eq!(imported.keys().count() + imported.skipped().len(), 0);
        return Err(error);
    }
    assert_eq!(read, format);
    Ok(import.finish())
}

fn every_row_is_kept_or_named(file: &[u8], imported: &Imported) {
    let skipped = imported.skipped();
    let found = imported.keys().count() + skipped.len() + imported.links().len();
    assert!(found <= MAX_ROWS);
    for row in skipped {
        assert!(row.file() == 1 && !row.to_string().contains(char::is_control));
        assert!(row.name().chars().count() <= 81);
    }
    if imported.transfers().is_empty()
        && let Some(rows) = rows(file)
    {
        assert_eq!(found, rows);
    }
}

/// How many rows another reader finds, if it reads the file.
fn rows(file: &[u8]) -> Option<usize> {
    let text = str::from_utf8(file).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        // It refuses numbers that nobody asked for, and what is nested deeply.
        let value: Value = serde_json::from_str(text).ok()?;
        return entries(&value).map(Vec::len);
    }
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Some(lines.count())
}

fn entries(value: &Value) -> Option<&Vec<Value>> {
    let entries = if value.is_array() {
        value
    } else if !value["db"].is_null() {
        &value["db"]["entries"]
    } else if !value["services"].is_null() {
        &value["services"]
    } else {
        &value["entries"]
    };
    entries.as_array()
}

/// All are there, and all are repeated.
fn once_more_changes_nothing(file: &[u8], imported: &Imported) {
    let mut import = Import::new();
    import.read(file).unwrap();
    if import.read(file) == Err(ImportError::TooManyRows) {
        return;
    }
    let twice = import.finish();
    assert_same(twice.keys(), imported.keys());
    assert!(twice.skipped().len() >= imported.skipped().len());
}

/// Puts a mark where the secrets are, one that no key can be made of.
fn no_secret_is_shown(file: &[u8]) {
    let Ok(text) = str::from_utf8(file) else {
        return;
    };
    let secret = format!("{}1", leak::mark());
    let marked = if let Ok(mut value) = serde_json::from_str::<Value>(text)
        && (value.is_object() || value.is_array())
    {
        mark(&mut value, &secret);
        value.to_string()
    } else {
        let lines: Vec<String> = text.lines().map(|line| mark_line(line, &secret)).collect();
        lines.join("\n")
    };
    let mut import = Import::new();
    match import.read(marked.as_bytes()) {
        Ok(_) => {
            let imported = import.finish();
            leak::assert_debug_hides(&imported);
            for row in imported.skipped() {
                leak::assert_hidden(&row.to_string());
            }
        }
        Err(error) => leak::assert_error_hides(&error),
    }
}

fn mark(value: &mut Value, secret: &str) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| mark(value, secret)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "secret" => secret.clone_into(text),
                    Value::String(text) if name == "uri" => *text = mark_line(text, secret),
                    Value::String(_) => {}
                    value => mark(value, secret),
                }
            }
        }
        Value::String(text) => *text = mark_line(text, secret),
        _ => {}
    }
}

fn mark_line(line: &str, secret: &str) -> String {
    if let Some((head, rest)) = line.split_once("secret=") {
        let rest = rest.split_once('&').map_or("", |(_, rest)| rest);
        return format!("{head}secret={secret}&{rest}");
    }
    match line.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("steam") => {
            format!("{scheme}://{secret}")
        }
        _ => line.to_owned(),
    }
}

fn exports_are_read_as_the_same(keys: &[KeyUri]) {
    // What is near the limit is longer in some of the forms.
    let keys: Vec<&KeyUri> = keys
        .iter()
        .filter(|key| key.to_text().expose().len() <= KeyUri::MAX_LEN / 4)
        .collect();
    if keys.is_empty() {
        return;
    }
    let list = export::uri_list(keys.iter().copied());
    let read_list = read(list.as_bytes()).unwrap();
    assert!(read_list.skipped().is_empty());
    assert_same(read_list.keys(), keys.iter().copied());

    let aegis = export::aegis(keys.iter().copied()).unwrap();
    let read_aegis = read(aegis.written.as_bytes()).unwrap();
    assert!(read_aegis.skipped().is_empty());
    assert_same(read_aegis.keys(), rest(&keys, &aegis.left_out));

    // Drawing takes its time.
    let keys: Vec<&KeyUri> = keys.into_iter().take(2).collect();
    let transfer = export::transfer(keys.iter().copied(), -7);
    let mut import = Import::new();
    for code in transfer.written.iter().rev() {
        import.read(code.text().as_bytes()).unwrap();
    }
    assert!(import.is_complete());
    for row in &transfer.left_out {
        let key = keys[row.index()];
        assert!(migration::write([key], 0).is_err() || key.expose_key().len() > 100);
    }
    assert_same(import.finish().keys(), rest(&keys, &transfer.left_out));
}

fn rest<'keys>(keys: &[&'keys KeyUri], left_out: &[export::LeftOut]) -> Vec<&'keys KeyUri> {
    let left_out: Vec<usize> = left_out.iter().map(export::LeftOut::index).collect();
    let rest = keys.iter().enumerate();
    rest.filter(|(index, _)| !left_out.contains(index))
        .map(|(_, key)| *key)
        .collect()
}

/// Panics if keys differ in anything that matters.
pub fn assert_same<'keys>(
    read: impl IntoIterator<Item = &'keys KeyUri>,
    written: impl IntoIterator<Item = &'keys KeyUri>,
) {
    let read: Vec<_> = read.into_iter().map(identity).collect();
    let written: Vec<_> = written.into_iter().map(identity).collect();
    assert_eq!(read, written);
}

fn identity(key: &KeyUri) -> (Option<&str>, &str, Kind, &[u8]) {
    (key.issuer(), key.account(), key.kind(), key.expose_key())
}
