//! Everybody can use the pages: by eye or by ear, in light and in dark, on a desk or on a telephone.

use crate::axe::Axe;
use crate::browser::Browser;
use crate::stage::{skip, story};

/// What has to be found: a field that nobody can name, and a line that runs out of the window.
const BAD_TWIN: &str = "data:text/html,<!doctype html><html lang=en><title>Twin</title><h1>Twin</h1><input><pre style=width:4000px>wide";

/// What is wrong with the pages that were looked at.
struct Inspection<'a> {
    axe: &'a Axe,
    found: Vec<String>,
}

impl Inspection<'_> {
    /// Looks at a page that can be loaded again, in both languages.
    async fn look(&mut self, browser: &Browser, heading: &str) {
        self.look_once(browser, heading).await;
        browser.press("Nederlands").await;
        browser.reads_in("nl").await;
        self.look_at(browser).await;
        browser.press("English").await;
        browser.arrives_at(heading).await;
    }

    /// Looks at a page that is shown once.
    async fn look_once(&mut self, browser: &Browser, heading: &str) {
        browser.arrives_at(heading).await;
        self.look_at(browser).await;
    }

    async fn look_at(&mut self, browser: &Browser) {
        for (width, scheme) in [(1280, "light"), (1280, "dark"), (360, "light")] {
            browser.prefers(scheme).await;
            browser.is_wide(width).await;
            browser.keep_picture(&format!("{width}-{scheme}")).await;
            let mut problems = self.axe.violations(browser).await;
            if browser.runs_over().await {
                problems.push("wider than the window".to_owned());
            }
            let place = browser.describe().await;
            let note = |problem| format!("{problem} ({scheme}, {width} wide; {place})");
            self.found.extend(problems.iter().map(note));
        }
        browser.is_wide(1280).await;
    }
}

#[test]
fn axe_core_has_nothing_against_the_main_pages() {
    let axe = match Axe::read() {
        Ok(axe) => axe,
        Err(why) => return skip(&why),
    };
    story(&[], async |stage| {
        let mut inspection = Inspection {
            axe: &axe,
            found: Vec::new(),
        };
        let browser = stage.visitor().await;
        browser.open(BAD_TWIN).await;
        let violations = axe.violations(&browser).await.join("\n");
        assert!(violations.contains("label at input"), "{violations}");
        assert!(browser.runs_over().await);

        browser.goto("/sign-in").await;
        inspection.look(&browser, "Sign in").await;
        browser.goto("/outbox").await;
        inspection.look(&browser, "Outbox").await;
        browser.goto("/reset").await;
        inspection.look(&browser, "Reset your password").await;
        browser.goto("/sign-in/phone").await;
        inspection.look(&browser, "Sign in with your phone").await;
        assert!(
            inspection.found.is_empty(),
            "{}",
            inspection.found.join("\n")
        );
    });
}
