//! Recovery codes: shown once, and each good once.

use fantoccini::Locator;

use crate::browser::Browser;
use crate::stage::story;

impl Browser {
    /// From the security info: makes ten codes, keeps them, and goes back.
    pub(crate) async fn makes_recovery_codes(&self) -> Vec<String> {
        self.press("Make codes").await;
        self.arrives_at("Make recovery codes").await;
        self.press("Make recovery codes").await;
        self.arrives_at("Your recovery codes").await;
        let mut codes = Vec::new();
        let list = Locator::Css("#recovery-codes li");
        for code in self.client.find_all(list).await.unwrap() {
            codes.push(code.text().await.unwrap());
        }
        self.confided.borrow_mut().extend(codes.iter().cloned());
        self.press("I have kept them").await;
        self.arrives_at("Security info").await;
        codes
    }

    /// On the page that asks for a proof.
    pub(crate) async fn verifies_by_recovery_code(&self, code: &str) {
        self.arrives_at("Verify that it is you").await;
        self.press("Recovery codes").await;
        self.sees("Enter one of your recovery codes.").await;
        self.verifies(code).await;
    }
}

#[test]
fn recovery_codes_are_shown_once_and_each_lets_its_owner_in_once() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.registers(&stage.portal, "ada").await;
        let codes = browser.makes_recovery_codes().await;
        assert_eq!(codes.len(), 10);
        browser.sees("10 of 10 left").await;
        for path in ["/security-info", "/security-info/recovery-codes"] {
            browser.goto(path).await;
            for code in &codes {
                browser.sees_no(code).await;
            }
        }
        browser.goto("/security-info").await;
        browser.signs_out().await;

        browser.signs_in(&stage.portal, "ada").await;
        browser.verifies_by_recovery_code(&codes[0]).await;
        browser.arrives_at("Security info").await;
        browser.sees("9 of 10 left").await;
        browser.signs_out().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.verifies_by_recovery_code(&codes[0]).await;
        browser.is_told("That was not accepted.").await;
        browser.verifies(&codes[1]).await;
        browser.arrives_at("Security info").await;
        browser.sees("8 of 10 left").await;
    });
}
