//! A security key: a real ceremony with the virtual authenticator of Chromium.

use crate::stage::story;

#[test]
fn a_security_key_is_registered_with_its_pin_and_lets_its_owner_in() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.plug_in_a_security_key().await;
        browser.registers(&stage.portal, "ada").await;
        browser.adds().await;
        browser.press("Security key").await;
        browser.arrives_at("Add a security key").await;
        browser.fill("Name", "Blue key").await;
        browser.press("Continue").await;
        browser.press("Register the key").await;
        browser.is_notified("The security key was added.").await;
        browser.sees("Blue key").await;
        browser.signs_out().await;

        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("Verify that it is you").await;
        browser.press("Security key").await;
        browser.press("Use the security key").await;
        browser.arrives_at("Security info").await;
        browser.signs_out().await;

        // Somebody who has the password and a key of his own does not get in.
        let other = stage.visitor().await;
        other.plug_in_a_security_key().await;
        other.signs_in(&stage.portal, "ada").await;
        other.arrives_at("Verify that it is you").await;
        other.press("Security key").await;
        other.press("Use the security key").await;
        other.is_told("That did not work").await;
        other.goto("/security-info").await;
        other.arrives_at("Verify that it is you").await;
    });
}
