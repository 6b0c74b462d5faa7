//! A forgotten password.

use crate::stage::story;

/// What nobody has typed before.
const NEW_PASSWORD: &str = "a horse that reads letters";

/// Changes the text in the editor of the policy.
const ONE_GATE: &str = "
const editor = document.querySelector('textarea');
const before = editor.value;
editor.value = before.replace('enabled = true\\ngates = 2', 'enabled = true\\ngates = 1');
arguments[0](editor.value !== before);
";

#[test]
fn two_gates_open_a_new_password_and_one_method_is_not_asked_twice() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let phone = stage.phone().await;
        let app = browser.registers(&stage.portal, "ada").await;
        browser.adds().await;
        browser.adds_text(&phone, "06 12345678").await;
        browser.arrives_at("Security info").await;
        let codes = browser.makes_recovery_codes().await;
        browser.signs_out().await;

        browser.press("Forgot your password?").await;
        browser.arrives_at("Reset your password").await;
        browser.fill("Name", "ada").await;
        browser.press("Continue").await;
        browser.arrives_at("Verify that it is you").await;
        browser.press("Another authenticator app").await;
        browser.verifies(&app.code()).await;
        browser.is_notified("One proof more is needed.").await;
        assert!(!browser.can_press("Another authenticator app").await);
        browser.verifies_by_text(&phone).await;
        browser.arrives_at("Choose a new password").await;
        browser.fill("New password", NEW_PASSWORD).await;
        browser
            .fill("New password once more", "something else")
            .await;
        browser.press("Set the password").await;
        browser.is_told("The two passwords are not the same.").await;
        browser.fill("New password", NEW_PASSWORD).await;
        browser.fill("New password once more", NEW_PASSWORD).await;
        browser.press("Set the password").await;
        browser.arrives_at("Your password was changed").await;
        phone
            .is_told("Mail", "A new password was set for your account.")
            .await;

        // The old one is gone, and the second step is as before.
        browser.signs_in(&stage.portal, "ada").await;
        browser
            .is_told("The name or the password is not right.")
            .await;
        browser.sign_in("ada", NEW_PASSWORD).await;
        browser.verifies_by_recovery_code(&codes[0]).await;
        browser.arrives_at("Security info").await;
    });
}

#[test]
fn one_gate_is_enough_where_the_policy_says_so() {
    story(&[], async |stage| {
        let grace = stage.visitor().await;
        grace.registers(&stage.portal, "grace").await;
        grace.goto("/administration/policy").await;
        assert_eq!(grace.run(ONE_GATE).await, true);
        grace.press("Check").await;
        grace.puts_in_force().await;

        let browser = stage.visitor().await;
        let app = browser.registers(&stage.portal, "ada").await;
        browser.signs_out().await;
        browser.press("Forgot your password?").await;
        browser.fill("Name", "ada").await;
        browser.press("Continue").await;
        browser.arrives_at("Verify that it is you").await;
        browser.press("Another authenticator app").await;
        browser.verifies(&app.wrong_code()).await;
        browser.is_told("That was not accepted.").await;
        browser.verifies(&app.code()).await;
        browser.arrives_at("Choose a new password").await;
    });
}
