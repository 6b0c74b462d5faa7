//! English and Dutch.

use crate::stage::story;

#[test]
fn the_browser_chooses_the_language_and_the_switch_changes_it() {
    story(&[], async |stage| {
        let browser = stage.visitor_of(&stage.portal, "nl").await;
        browser.goto("/sign-in").await;
        browser.arrives_at("Aanmelden").await;
        browser.press("English").await;
        browser.arrives_at("Sign in").await;
        // It is remembered.
        browser.goto("/").await;
        browser.arrives_at("Sign in").await;
        browser.press("Nederlands").await;
        browser.arrives_at("Aanmelden").await;

        let browser = stage.visitor_of(&stage.portal, "fr,en;q=0.5").await;
        browser.goto("/sign-in").await;
        browser.arrives_at("Sign in").await;
    });
}
