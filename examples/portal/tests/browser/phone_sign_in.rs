//! The app that gets notifications, which `/outbox` plays.

use crate::stage::story;

#[test]
fn a_notification_is_approved_with_the_number_on_the_screen_and_then_signs_in_without_a_password() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let phone = stage.phone().await;
        browser.begins_notifications(&stage.portal, "ada").await;
        phone.pairs(&browser.activation().await).await;
        // The page goes on by itself.
        browser.arrives_at("Approve the notification").await;
        phone
            .answers("Notification", Some(&browser.number().await), "Approve")
            .await;
        browser.arrives_at("You are set up").await;
        browser.press("Not now").await;

        browser.begins_phone_sign_in().await;
        phone
            .answers("Notification", Some(&browser.number().await), "Approve")
            .await;
        browser.ends_phone_sign_in().await;

        // No password, and the number on the screen.
        browser.signs_in_by_phone("ada").await;
        phone
            .answers("Notification", Some(&browser.number().await), "Approve")
            .await;
        browser.arrives_at("Security info").await;
    });
}
