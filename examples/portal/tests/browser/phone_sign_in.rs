//! The app that gets notifications, which `/outbox` plays.

use crate::stage::story;

#[test]
fn a_notification_is_approved_with_the_number_on_the_screen_and_then_signs_in_without_a_password() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let phone = stage.phone().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.press("Authenticator app").await;
        browser.arrives_at("Set up your authenticator app").await;
        browser.press("Next").await;
        browser.arrives_at("Scan the QR code").await;
        phone.pairs(&browser.activation().await).await;
        // The page goes on by itself.
        browser.arrives_at("Approve the notification").await;
        phone
            .answers("Notification", Some(&browser.number().await), "Approve")
            .await;
        browser.arrives_at("You are set up").await;
        browser.press("Not now").await;

        browser.adds().await;
        browser.press("Phone sign-in").await;
        browser.arrives_at("Set up phone sign-in").await;
        browser.press("Next").await;
        browser.arrives_at("Approve the notification").await;
        phone
            .answers("Notification", Some(&browser.number().await), "Approve")
            .await;
        browser.leaves("Approve the notification").await;
        browser.goto("/security-info").await;
        browser.arrives_at("Security info").await;
        browser.signs_out().await;

        // No password, and a number that is not the one on the screen is not enough.
        browser.press("Sign in with your phone instead").await;
        browser.fill("Name", "ada").await;
        browser.press("Continue").await;
        browser.arrives_at("Verify that it is you").await;
        phone
            .answers("Notification", Some(&browser.number().await), "Approve")
            .await;
        browser.arrives_at("Security info").await;
    });
}
