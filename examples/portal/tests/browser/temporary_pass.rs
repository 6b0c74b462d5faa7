//! A temporary access pass, for somebody who has nothing else to sign in with.

use crate::stage::story;

#[test]
fn a_pass_is_issued_by_an_administrator_shown_once_and_lets_its_person_in_once() {
    story(&[], async |stage| {
        let (ada, grace) = (stage.visitor().await, stage.visitor().await);
        grace.registers(&stage.portal, "grace").await;
        grace.goto("/administration/people").await;
        grace.press("Ada Lovelace").await;
        grace.arrives_at("Ada Lovelace").await;
        assert!(!grace.can_press("Issue a temporary access pass").await);
        grace.goto("/administration/policy").await;
        grace.press("Turn on Temporary access pass").await;
        grace.puts_in_force().await;

        grace.goto("/administration/people").await;
        grace.press("Ada Lovelace").await;
        grace.press("Issue a temporary access pass").await;
        grace.arrives_at("Issue a temporary access pass").await;
        grace.press("Issue a temporary access pass").await;
        grace.arrives_at("Temporary access pass").await;
        grace.sees("It is good for one use.").await;
        let pass = grace.secret().await;
        grace.press("Done").await;
        grace.arrives_at("Ada Lovelace").await;
        grace.sees("Temporary access pass").await;
        grace.sees_no(&pass).await;

        ada.signs_in(&stage.portal, "ada").await;
        ada.sees("Enter the temporary access pass that your administrator gave you.")
            .await;
        ada.verifies("AAAA-AAAA").await;
        ada.is_told("That was not accepted.").await;
        ada.verifies(&pass).await;
        ada.arrives_at("Security info").await;
        // It is for getting in, and then something that lasts is registered.
        ada.adds().await;
        ada.adds_app().await;
        ada.arrives_at("You are set up").await;
        ada.press("Not now").await;
        ada.arrives_at("Security info").await;
        ada.signs_out().await;
        ada.signs_in(&stage.portal, "ada").await;
        ada.arrives_at("Verify that it is you").await;
        assert!(!ada.can_press("Temporary access pass").await);
    });
}
