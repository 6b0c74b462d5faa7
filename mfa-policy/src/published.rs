//! Files that are made from the code, published beside it, and compared by the tests.

#![cfg(any(feature = "messages", feature = "schema"))]

use std::path::Path;
use std::{env, fs};

/// Fails unless the file in this crate's folder holds what the code makes. With `RENEW` set, the file is written first.
pub(crate) fn compare(path: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("RENEW").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, made).unwrap();
    }
    let published = fs::read_to_string(&file).unwrap_or_default();
    let mut lines = made.lines().zip(published.lines());
    let first = lines.find(|(made, published)| made != published);
    assert!(
        published == made,
        "{path} is not what the code makes{}. If the change is meant, renew the file with\n    \
         RENEW=1 cargo test -p mfa-policy --all-features",
        first.map_or(String::new(), |(made, published)| format!(
            ", first here:\n    {published}\n    {made}\n"
        )),
    );
}
