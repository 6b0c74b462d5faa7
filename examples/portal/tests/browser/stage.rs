//! What a story needs, and its end.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::Builder;

use crate::browser::Browser;
use crate::driver::Driver;
use crate::phone::Phone;
use crate::portal::Portal;

/// What a story calls.
const PROGRAMS: [&str; 4] = ["chromedriver", "chromium", "oathtool", "zbarimg"];

/// A portal, and browsers for its visitors. The fields end in this order.
pub(crate) struct Stage<'a> {
    pub(crate) portal: Portal,
    driver: Driver,
    browsers: RefCell<Vec<Rc<Browser>>>,
    settings: &'a [(&'a str, &'a str)],
    folder: Folder,
}

/// Plays a story on a portal of its own with those settings. Where that is not possible, says so.
pub(crate) fn story(settings: &[(&str, &str)], scene: impl AsyncFnOnce(&Stage<'_>)) {
    let missing: Vec<&str> = PROGRAMS
        .into_iter()
        .filter(|program| !is_there(program))
        .collect();
    if !missing.is_empty() {
        return skip(&format!("not installed: {}", missing.join(", ")));
    }
    let folder = Folder::new();
    let stage = Stage {
        portal: Portal::start(&folder.0, "portal", settings),
        driver: Driver::start(),
        browsers: RefCell::default(),
        settings,
        folder,
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let played = catch_unwind(AssertUnwindSafe(|| runtime.block_on(scene(&stage))));
    let browsers = stage.browsers.take();
    if let Err(panic) = played {
        for browser in browsers {
            println!("{}", runtime.block_on(browser.describe()));
            runtime.block_on(browser.keep_picture("failed"));
        }
        let log = stage.portal.log();
        let lines: Vec<&str> = log.lines().collect();
        println!("{}", lines[lines.len().saturating_sub(20)..].join("\n"));
        resume_unwind(panic);
    }
    for browser in &browsers {
        runtime.block_on(browser.close());
    }
    let log = stage.portal.log();
    for browser in browsers {
        for secret in browser.confided.borrow().iter() {
            assert!(!tells(&log, secret), "what was typed is in the log");
        }
    }
}

impl Stage<'_> {
    /// A second portal with the same settings and data.
    pub(crate) fn another_portal(&self) -> Portal {
        Portal::start(&self.folder.0, "another-portal", self.settings)
    }

    /// A browser of somebody who has never been here.
    pub(crate) async fn visitor(&self) -> Rc<Browser> {
        self.visitor_of(&self.portal, "en").await
    }

    /// For files that go with the story.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// The telephone and the mailbox of everybody.
    pub(crate) async fn phone(&self) -> Phone {
        Phone::new(self.visitor().await)
    }

    /// A browser that asks for pages in a language.
    pub(crate) async fn visitor_of(&self, portal: &Portal, language: &str) -> Rc<Browser> {
        let number = self.browsers.borrow().len();
        let data = self.folder.0.join(format!("browser-{number}"));
        let client = self.driver.browser(&data, language).await;
        let browser = Rc::new(Browser::new(client, &portal.address));
        self.browsers.borrow_mut().push(Rc::clone(&browser));
        browser
    }
}

/// Whether a log has something that is longer than the names of the demonstration. Digits may be a part of a time.
fn tells(log: &str, secret: &str) -> bool {
    let is_word = || {
        log.split(|sign: char| !sign.is_alphanumeric())
            .any(|word| word == secret)
    };
    let is_code = secret.bytes().all(|byte| byte.is_ascii_digit());
    secret.len() > 5
        && if is_code {
            is_word()
        } else {
            log.contains(secret)
        }
}

/// A folder that goes when its story ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static STORIES: AtomicU32 = AtomicU32::new(0);
        let story = STORIES.fetch_add(1, Ordering::Relaxed);
        let name = format!("browser-{}-{story}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A browser that just ended may still write.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn is_there(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Says that something is not shown here, where that may be.
pub(crate) fn skip(why: &str) {
    assert!(env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
    println!("SKIPPED: {why}");
}
