//! What administrators change, and what people see of it.

use crate::browser::Browser;
use crate::stage::story;

impl Browser {
    /// As somebody who is in: puts another policy in force, after what it would do was shown.
    pub(crate) async fn puts_in_force(&self) {
        self.arrives_at("Check a policy").await;
        self.sees("What would change").await;
        self.press("Put in force").await;
        self.is_notified("The policy is in force.").await;
    }
}

#[test]
fn a_method_that_is_turned_off_is_greyed_with_the_reason() {
    story(&[], async |stage| {
        let (ada, grace) = (stage.visitor().await, stage.visitor().await);
        let phone = stage.phone().await;
        ada.registers(&stage.portal, "ada").await;
        ada.adds().await;
        ada.adds_text(&phone, "06 12345678").await;
        ada.arrives_at("Security info").await;
        ada.sees_no("turned off").await;

        grace.registers(&stage.portal, "grace").await;
        grace.goto("/administration/policy").await;
        grace.press("Turn off Text message").await;
        grace.puts_in_force().await;

        let reason = "Your organisation has turned off text messages as a method.";
        ada.goto("/security-info").await;
        ada.sees(reason).await;
        ada.press("Nederlands").await;
        ada.sees_no(reason).await;
        ada.press("English").await;
        // It is no way in any more, while the other one is.
        ada.signs_out().await;
        ada.signs_in(&stage.portal, "ada").await;
        ada.arrives_at("Verify that it is you").await;
        assert!(!ada.can_press("Text message").await);

        grace.goto("/administration/policy").await;
        grace.press("Turn on Text message").await;
        grace.puts_in_force().await;
        ada.goto("/security-info").await;
        ada.arrives_at("Verify that it is you").await;
    });
}

#[test]
fn a_method_that_is_turned_off_is_greyed_among_those_that_can_be_added() {
    story(&[], async |stage| {
        let (ada, grace) = (stage.visitor().await, stage.visitor().await);
        ada.registers(&stage.portal, "ada").await;
        ada.adds().await;
        assert!(ada.can_press("E-mail").await);

        grace.registers(&stage.portal, "grace").await;
        grace.goto("/administration/policy").await;
        grace.press("Turn off E-mail").await;
        grace.puts_in_force().await;

        let reason = "Your organisation has turned off e-mail as a method.";
        ada.adds().await;
        ada.sees_greyed("E-mail", reason).await;
        assert!(!ada.can_press("E-mail").await);
        assert!(ada.can_press("Authenticator app").await);

        grace.goto("/administration/policy").await;
        grace.press("Turn on E-mail").await;
        grace.puts_in_force().await;
        ada.adds().await;
        assert!(ada.can_press("E-mail").await);
    });
}

#[test]
fn nobody_but_an_administrator_sees_the_administration() {
    story(&[], async |stage| {
        let ada = stage.visitor().await;
        ada.registers(&stage.portal, "ada").await;
        assert!(!ada.can_press("Administration").await);
        ada.goto("/administration").await;
        ada.arrives_at("Page not found").await;
    });
}
