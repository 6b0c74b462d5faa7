//! The first sign-in, and the app that is registered there.

use crate::stage::story;

#[test]
fn an_app_is_registered_from_the_qr_code_on_the_screen_and_each_code_is_good_once() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("How should we reach you?").await;

        // Nothing else is open before that.
        browser.goto("/security-info").await;
        browser.arrives_at("How should we reach you?").await;

        let app = browser.begins_app().await;
        browser.fill("Code", &app.wrong_code()).await;
        browser.press("Verify").await;
        browser.is_told("That code was not accepted.").await;
        browser.fill("Code", &app.code()).await;
        browser.press("Verify").await;
        browser.arrives_at("You are set up").await;
        browser.sees("Add a backup?").await;
        browser.press("Not now").await;
        browser.arrives_at("Security info").await;
        browser.sees("Another authenticator app").await;
        browser.signs_out().await;

        // From now on the app is asked for: neither a wrong code nor one that was used lets anybody in.
        browser.signs_in(&stage.portal, "ada").await;
        for code in [app.wrong_code(), app.same_code()] {
            browser.verifies(&code).await;
            browser.is_told("That was not accepted.").await;
            browser.goto("/security-info").await;
        }
        browser.verifies(&app.code()).await;
        browser.arrives_at("Security info").await;
        browser
            .sees("Failed attempts with this method since you last used it: 2.")
            .await;
        browser.signs_out().await;

        // The code that let her in does not do so twice.
        browser.signs_in(&stage.portal, "ada").await;
        browser.verifies(&app.same_code()).await;
        browser.is_told("That was not accepted.").await;
        browser.goto("/security-info").await;
        browser.arrives_at("Verify that it is you").await;
    });
}

#[test]
fn registration_is_resumed_where_it_was_left() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("How should we reach you?").await;
        let app = browser.begins_app().await;
        browser.goto("/").await;
        browser.arrives_at("Enter the code").await;
        browser.fill("Code", &app.code()).await;
        browser.press("Verify").await;
        browser.arrives_at("You are set up").await;
    });
}

#[test]
fn without_scripts_everything_works_but_security_keys() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.without_scripts().await;
        let phone = stage.phone().await;
        let app = browser.registers(&stage.portal, "ada").await;
        browser.adds().await;
        browser.adds_text(&phone, "06 12345678").await;
        browser.arrives_at("Security info").await;
        browser.signs_out().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.verifies(&app.code()).await;
        browser.arrives_at("Security info").await;

        browser.goto("/security-info/add/security_key").await;
        browser.fill("Name", "Blue key").await;
        browser.press("Continue").await;
        browser.sees("Security keys need JavaScript.").await;
    });
}
