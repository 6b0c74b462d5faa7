//! Rows of the vector files.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The rows of a file of ours, which lies in the repository.
pub(crate) fn project_rows(name: &str) -> Vec<Value> {
    rows(&testdata(&format!("uri/{name}")))
}

/// A file of ours.
pub(crate) fn testdata(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The rows of a file with other projects' vectors, which lies beside the repository or nowhere. Its absence is said, and
/// is an error where everything is required.
pub(crate) fn others_rows(name: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    match fs::read_to_string(folder.join(name)) {
        Ok(text) => rows(&text),
        Err(error) => {
            assert!(
                std::env::var_os("OTP_REQUIRE_ALL").is_none(),
                "{name} is required: {error}"
            );
            eprintln!("SKIPPED: {name} is not there");
            Vec::new()
        }
    }
}

fn rows(text: &str) -> Vec<Value> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A text of a row that has to be there.
pub(crate) fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {row}"))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Compares all rows before failing, so that one run shows everything.
pub(crate) fn assert_none(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} rows differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
