//! What is registered, and what can be done about it.

use crate::stage::story;

#[test]
fn a_sixth_authenticator_is_refused_in_the_words_of_the_documents() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.registers(&stage.portal, "ada").await;
        for _ in 0..4 {
            browser.adds().await;
            browser.adds_app().await;
            browser.leaves("Enter the code").await;
        }
        browser.adds().await;
        browser
            .sees(
                "because you already have five authenticator apps or hardware tokens. Please contact your administrator \
                 to delete one of your authenticator apps or hardware tokens.",
            )
            .await;
        assert!(!browser.can_press("Authenticator app").await);
        browser.press("Nederlands").await;
        browser
            .sees(
                "omdat u al vijf verificator-apps of hardware-tokens hebt. Neem contact op met uw beheerder om een van uw \
                 verificator-apps of hardware-tokens te verwijderen.",
            )
            .await;
    });
}

#[test]
fn text_call_and_mail_are_added_and_mail_is_not_asked_for_at_sign_in() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let phone = stage.phone().await;

        // A telephone first: a wrong code, and the one that came.
        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("How should we reach you?").await;
        browser.adds_text(&phone, "06 12345678").await;
        browser.leaves("Enter the code").await;
        browser.goto("/security-info").await;
        browser.arrives_at("Security info").await;
        browser.sees_no("12345678").await;

        // A call to the office.
        browser.adds().await;
        browser.press("Office phone").await;
        browser.arrives_at("Set up your office phone").await;
        browser.fill("Phone number", "+31 20 5551234").await;
        browser.press("Next").await;
        browser.arrives_at("Answer the call").await;
        phone.answers("Call", None, "Press #").await;
        // The page goes on by itself.
        browser.leaves("Answer the call").await;
        browser.goto("/security-info").await;
        browser.sees("Office phone").await;

        // Mail is for a reset only.
        browser.adds().await;
        browser.press("E-mail").await;
        browser.arrives_at("Set up your e-mail").await;
        browser
            .fill("E-mail address", "ada@elsewhere.example")
            .await;
        browser.press("Next").await;
        browser.arrives_at("Enter the code").await;
        browser.fill("Code", &phone.code("Mail").await).await;
        browser.press("Verify").await;
        browser.leaves("Enter the code").await;
        browser.goto("/security-info").await;
        browser.sees("E-mail").await;
        browser.sees_no("ada@elsewhere.example").await;
        browser.signs_out().await;

        // The telephones are ways to verify, the mail is not.
        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("Verify that it is you").await;
        assert!(browser.can_press("Office phone").await);
        assert!(!browser.can_press("E-mail").await);
        browser.press("Office phone").await;
        phone.answers("Call", None, "Press #").await;
        browser.arrives_at("Security info").await;
        browser.signs_out().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.verifies_by_text(&phone).await;
        browser.arrives_at("Security info").await;
    });
}

#[test]
fn the_default_is_changed_and_when_it_is_removed_another_follows() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let phone = stage.phone().await;
        let app = browser.registers(&stage.portal, "ada").await;
        browser.adds().await;
        browser.adds_text(&phone, "06 12345678").await;
        browser.arrives_at("Security info").await;

        // A telephone that comes later does not take over: somebody has to choose it.
        browser.press("Change Default sign-in method").await;
        browser.arrives_at("Change default method").await;
        browser.tick("Text").await;
        browser.press("Save").await;
        browser
            .is_notified("Your default sign-in method was changed.")
            .await;
        browser.sees("Text message").await;

        // What follows a removal is said before and after.
        browser.press("Remove Text message").await;
        browser
            .sees("Your default sign-in method becomes: Another authenticator app")
            .await;
        browser.press("Yes, remove it").await;
        browser
            .is_notified("Your default sign-in method is now: Another authenticator app")
            .await;
        phone
            .is_told("Mail", "Removed from your security info: Text message")
            .await;
        browser.signs_out().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.verifies(&app.code()).await;
        browser.arrives_at("Security info").await;

        // The last one stays.
        browser.press("Remove Another authenticator app").await;
        browser.sees("This can't be removed now.").await;
        assert!(!browser.can_press("Yes, remove it").await);
    });
}
