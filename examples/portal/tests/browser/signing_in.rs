//! A name and a password.

use crate::stage::story;

#[test]
fn a_wrong_password_and_an_unknown_name_are_told_the_same() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let right = stage.portal.password("ada");
        for (name, password) in [("ada", "wrong"), ("nobody", right), ("grace", right)] {
            browser.goto("/sign-in").await;
            browser.sign_in(name, password).await;
            browser
                .is_told("The name or the password is not right.")
                .await;
            browser.arrives_at("Sign in").await;
        }
        // What somebody may take along is out of reach of scripts.
        browser.sign_in("ada", right).await;
        browser.leaves("Sign in").await;
        let cookies = browser.cookies().await;
        assert!(!cookies.is_empty());
        for (name, is_readable) in cookies {
            assert!(name.starts_with("__Host-") && !is_readable, "{name}");
        }
    });
}
