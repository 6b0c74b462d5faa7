//! What the portal sends, by a real mail server and by a gateway that the test plays. The portal is the program itself; the test
//! stands beside it on the same database, in the place of the pages.

mod accounts;
mod gateway;
mod mail;
mod outbox;
mod smtp;

use std::time::{Duration, Instant};

use self::accounts::Accounts;
use crate::common::Portal;

/// A portal, and its accounts from the inside.
struct Stage {
    portal: Portal,
    accounts: Accounts,
}

impl Stage {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let portal = Portal::start(settings);
        let accounts = Accounts::open(&portal.folder.0).await;
        Self { portal, accounts }
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
