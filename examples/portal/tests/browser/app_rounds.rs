//! The whole round: a page, a portal, and the authenticator app of this workspace.

use std::net::TcpListener;

use serde_json::json;

use crate::app::{App, PASSPHRASE};
use crate::browser::Browser;
use crate::stage::{Stage, story};

/// What the page calls the app that gets notifications.
const NOTIFICATIONS: &str = "Authenticator app (notification)";

impl Browser {
    /// What is on the screen.
    async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }

    /// Signs in for the first time and adds the app that gets notifications.
    async fn registers_notifications(&self, stage: &Stage<'_>, app: &App) {
        self.begins_notifications(&stage.portal, "ada").await;
        let said = app.scans("pair", &self.picture().await);
        assert!(said.starts_with("paired with Acme at localhost"), "{said}");
        // The page goes on by itself.
        self.arrives_at("Approve the notification").await;
        self.is_approved_by(app).await;
        self.arrives_at("You are set up").await;
        self.press("Not now").await;
        self.arrives_at("Security info").await;
    }

    /// Adds the same app a second time, for codes.
    async fn adds_codes(&self, app: &App) {
        self.adds().await;
        self.press("Authenticator app").await;
        self.arrives_at("Set up your authenticator app").await;
        self.press("I want to use a different authenticator app")
            .await;
        self.arrives_at("Scan the QR code").await;
        app.scans("add", &self.picture().await);
        self.press("Next").await;
        self.arrives_at("Enter the code").await;
        self.fill("Code", app.succeeds(&["code", "ada"], "").trim())
            .await;
        self.press("Verify").await;
        self.arrives_at("Security info").await;
    }

    /// Types the password, up to the page that asks for the second step.
    async fn begins_to_sign_in(&self, stage: &Stage<'_>) {
        self.signs_out().await;
        self.signs_in(&stage.portal, "ada").await;
        self.arrives_at("Verify that it is you").await;
    }

    /// The number on the page is typed into the app.
    async fn is_approved_by(&self, app: &App) {
        let number = self.number().await;
        assert_eq!(app.succeeds(&["approve"], &number), "approved\n");
    }
}

#[test]
fn an_app_is_added_by_the_picture_of_the_page_and_signs_in() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let app = App::new(stage.folder());
        browser.registers_notifications(stage, &app).await;
        browser.begins_to_sign_in(stage).await;
        browser.is_approved_by(&app).await;
        browser.arrives_at("Security info").await;
    });
}

#[test]
fn a_wrong_number_and_a_no_let_nobody_in_and_a_report_ends_the_sign_in_and_is_told() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let phone = stage.phone().await;
        let app = App::new(stage.folder());
        browser.registers_notifications(stage, &app).await;
        browser.begins_to_sign_in(stage).await;

        let number: u8 = browser.number().await.parse().unwrap();
        let wrong = (10..100).find(|other| *other != number).unwrap();
        let (code, said) = app.fails(&["approve"], &wrong.to_string());
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("the portal did not take the answer"),
            "{said}"
        );
        browser.is_told("another number was entered there").await;

        browser.press(NOTIFICATIONS).await;
        browser.number().await;
        assert_eq!(app.succeeds(&["deny"], ""), "denied\n");
        browser
            .is_told("The request was denied on your phone")
            .await;

        browser.press(NOTIFICATIONS).await;
        browser.number().await;
        app.succeeds(&["report"], "");
        browser.arrives_at("Sign in").await;
        browser.is_told("it was not you").await;
        browser.goto("/security-info").await;
        browser.arrives_at("Sign in").await;
        phone
            .is_told("Mail", "A sign-in was reported as suspicious")
            .await;

        // The app is as good as before, and its person reads what happened.
        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("Verify that it is you").await;
        browser.is_approved_by(&app).await;
        browser.arrives_at("Security info").await;
        browser.goto("/activity").await;
        browser.sees("Answered with no on the phone").await;
        browser.sees("Reported as suspicious on the phone").await;
    });
}

#[test]
fn the_passphrase_of_the_vault_is_the_gesture_that_signs_in_without_a_password() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let app = App::new(stage.folder());
        browser.registers_notifications(stage, &app).await;
        browser.begins_phone_sign_in().await;
        browser.is_approved_by(&app).await;
        browser.ends_phone_sign_in().await;

        browser.signs_in_by_phone("ada").await;
        let number = browser.number().await;
        let typed = |gesture: &str| format!("{PASSPHRASE}\n{number}\n{gesture}\n");
        let approve = ["approve", "--passphrase-file", "-"];
        let refused = app.does_alone(&approve, &typed("another passphrase"));
        assert_eq!(refused.status.code(), Some(3), "{refused:?}");
        browser.arrives_at("Verify that it is you").await;
        let approved = app.does_alone(&approve, &typed(PASSPHRASE));
        assert!(approved.status.success(), "{approved:?}");
        browser.arrives_at("Security info").await;
    });
}

#[test]
fn on_a_new_phone_the_backup_brings_codes_and_notifications_back() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let app = App::new(stage.folder());
        browser.registers_notifications(stage, &app).await;
        browser.adds_codes(&app).await;
        let app = app.on_a_new_phone(stage.folder());

        browser.begins_to_sign_in(stage).await;
        browser.is_approved_by(&app).await;
        browser.arrives_at("Security info").await;

        browser.begins_to_sign_in(stage).await;
        browser.press("Another authenticator app").await;
        // The one that was shown before has been used.
        browser
            .verifies(app.succeeds(&["code", "ada", "--next"], "").trim())
            .await;
        browser.arrives_at("Security info").await;
    });
}

#[test]
fn what_is_removed_on_the_website_is_removed_on_the_phone() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let app = App::new(stage.folder());
        browser.registers_notifications(stage, &app).await;
        // The last method stays.
        browser.adds_codes(&app).await;
        let mut listening = app.listens();
        listening.hears("connected");

        browser.press(&format!("Remove {NOTIFICATIONS}")).await;
        browser.press("Yes, remove it").await;
        browser.is_notified("It was removed.").await;
        listening.hears("removed");
        listening.ends();

        assert_eq!(app.json(&["portals", "--json"])[0]["state"], "removed");
        let (_, said) = app.fails(&["approve"], "42");
        assert!(said.contains("this device was removed there"), "{said}");
        app.succeeds(&["unpair", "acme", "--yes"], "");
        assert_eq!(app.json(&["portals", "--json"]), json!([]));
    });
}

#[test]
fn an_app_that_comes_late_to_a_portal_that_was_restarted_finds_what_it_was_asked() {
    // The portal has to come back where the app looks for it.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    story(&[("PORTAL_LISTEN", &address)], async |stage| {
        let browser = stage.visitor().await;
        let app = App::new(stage.folder());
        browser.registers_notifications(stage, &app).await;
        browser.begins_to_sign_in(stage).await;
        browser.number().await;

        stage.portal.ends();
        assert_eq!(app.json(&["portals", "--json"])[0]["state"], "unreachable");
        // It waits for the portal, too.
        let listening = app.listens();
        listening.hears("lost");
        let _portal = stage.another_portal();
        listening.hears("connected");
        listening.hears("asked");
        browser.is_approved_by(&app).await;
        listening.hears("over");
        browser.arrives_at("Security info").await;
    });
}
