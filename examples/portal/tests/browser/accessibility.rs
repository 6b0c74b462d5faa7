//! Everybody can use the pages: by eye or by ear, in light and in dark, on a desk or on a telephone.

use crate::axe::Axe;
use crate::browser::Browser;
use crate::stage::{Stage, skip, story};

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
        // Longer words, on the narrowest window.
        self.look_at(browser, &[(360, "light")]).await;
        browser.press("English").await;
        browser.arrives_at(heading).await;
    }

    /// Looks at a page that is shown once.
    async fn look_once(&mut self, browser: &Browser, heading: &str) {
        browser.arrives_at(heading).await;
        let ways = [(1280, "light"), (1280, "dark"), (360, "light")];
        self.look_at(browser, &ways).await;
    }

    async fn look_at(&mut self, browser: &Browser, ways: &[(u32, &str)]) {
        for &(width, scheme) in ways {
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

/// Looks at pages on a tour, and says what is wrong with any of them.
fn tour(go: impl AsyncFnOnce(&Stage<'_>, &mut Inspection<'_>)) {
    let axe = match Axe::read() {
        Ok(axe) => axe,
        Err(why) => return skip(&why),
    };
    story(&[], async |stage| {
        let mut inspection = Inspection {
            axe: &axe,
            found: Vec::new(),
        };
        go(stage, &mut inspection).await;
        assert!(
            inspection.found.is_empty(),
            "{}",
            inspection.found.join("\n")
        );
    });
}

#[test]
fn axe_core_has_nothing_against_the_pages_of_a_person() {
    tour(async |stage, inspection| {
        let browser = stage.visitor().await;
        browser.open(BAD_TWIN).await;
        let violations = inspection.axe.violations(&browser).await.join("\n");
        assert!(violations.contains("label at input"), "{violations}");
        assert!(browser.runs_over().await);

        for (path, heading) in [
            ("/sign-in", "Sign in"),
            ("/sign-in/phone", "Sign in with your phone"),
            ("/reset", "Reset your password"),
            ("/outbox", "Outbox"),
        ] {
            browser.goto(path).await;
            inspection.look(&browser, heading).await;
        }
        browser.goto("/nowhere").await;
        inspection.look_once(&browser, "Page not found").await;
        browser.signs_in(&stage.portal, "ada").await;
        inspection.look(&browser, "How should we reach you?").await;
        browser.goto("/register/text").await;
        inspection.look(&browser, "Set up your phone").await;
        browser.goto("/register/authenticator_push").await;
        browser
            .press("I want to use a different authenticator app")
            .await;
        inspection.look_once(&browser, "Scan the QR code").await;
        let app = browser.scan().await;
        browser.press("Next").await;
        inspection.look(&browser, "Enter the code").await;
        browser.fill("Code", &app.code()).await;
        browser.press("Verify").await;
        inspection.look(&browser, "You are set up").await;
        for (path, heading) in [
            ("/security-info", "Security info"),
            ("/security-info/add", "Add method"),
            ("/security-info/default", "Change default method"),
            ("/security-info/add/security_key", "Add a security key"),
            (
                "/security-info/add/security_questions",
                "Security questions",
            ),
            ("/security-info/recovery-codes", "Make recovery codes"),
            ("/security-info/app-passwords", "Create an app password"),
            ("/security-info/password", "Change password"),
            ("/activity", "Activity"),
        ] {
            browser.goto(path).await;
            inspection.look(&browser, heading).await;
        }
        browser.goto("/security-info").await;
        browser.signs_out().await;
        browser.signs_in(&stage.portal, "ada").await;
        inspection.look(&browser, "Verify that it is you").await;
    });
}

#[test]
fn axe_core_has_nothing_against_the_administration() {
    tour(async |stage, inspection| {
        let browser = stage.visitor().await;
        browser.registers(&stage.portal, "grace").await;
        for (path, heading) in [
            ("/administration", "People"),
            ("/administration/people/demonstration-ada", "Ada Lovelace"),
            ("/administration/tokens", "Hardware tokens"),
            ("/administration/policy", "Policy"),
            ("/administration/audit", "Audit log"),
        ] {
            browser.goto(path).await;
            inspection.look(&browser, heading).await;
        }
        browser.goto("/administration/policy").await;
        browser.press("Turn off Text message").await;
        inspection.look_once(&browser, "Check a policy").await;
    });
}
