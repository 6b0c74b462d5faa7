//! What the portal sends, by a real mail server and by a gateway that the test plays. The portal is the program itself; the test
//! stands beside it on the same database, in the place of the pages.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop"
)]

mod accounts;
mod gateway;
mod mail;
mod outbox;
#[path = "../browser/portal.rs"]
#[expect(dead_code, reason = "nobody signs in here by a page")]
mod portal;
mod smtp;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use self::accounts::Accounts;
use self::portal::Portal;

/// A portal, and its accounts from the inside. The fields end in this order.
struct Stage {
    portal: Portal,
    accounts: Accounts,
    folder: Folder,
}

impl Stage {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let portal = Portal::start(&folder.0, "portal", settings);
        let accounts = Accounts::open(&folder.0.join("data")).await;
        Self {
            portal,
            accounts,
            folder,
        }
    }
}

/// A folder that goes when its test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static TESTS: AtomicU32 = AtomicU32::new(0);
        let test = TESTS.fetch_add(1, Ordering::Relaxed);
        let name = format!("delivery-{}-{test}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Waits until there is something of that kind.
async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there was never {what}");
}

/// The first six digits in a row.
fn code(text: &str) -> String {
    let mut words = text.split(|sign: char| !sign.is_ascii_digit());
    let code = words.find(|word| word.len() == 6);
    code.unwrap_or_else(|| panic!("no code in {text}"))
        .to_owned()
}
