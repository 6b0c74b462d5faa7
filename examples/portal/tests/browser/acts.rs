//! What people do in more than one story.

use crate::authenticator::Authenticator;
use crate::browser::Browser;
use crate::phone::Phone;
use crate::portal::Portal;

impl Browser {
    /// Name and password.
    pub(crate) async fn signs_in(&self, portal: &Portal, name: &str) {
        self.goto("/sign-in").await;
        self.sign_in(name, portal.password(name)).await;
    }

    /// Signs in for the first time, and registers an app that shows codes.
    pub(crate) async fn registers(&self, portal: &Portal, name: &str) -> Authenticator {
        self.signs_in(portal, name).await;
        self.arrives_at("How should we reach you?").await;
        let app = self.adds_app().await;
        self.arrives_at("You are set up").await;
        self.press("Not now").await;
        self.arrives_at("Security info").await;
        app
    }

    /// From a page with the methods that can be added: scans the QR code on the screen, and answers with the app's code.
    pub(crate) async fn adds_app(&self) -> Authenticator {
        let app = self.begins_app().await;
        self.fill("Code", &app.code()).await;
        self.press("Verify").await;
        app
    }

    /// The same up to the page that asks for the code.
    pub(crate) async fn begins_app(&self) -> Authenticator {
        self.press("Authenticator app").await;
        self.arrives_at("Set up your authenticator app").await;
        self.press("I want to use a different authenticator app")
            .await;
        self.arrives_at("Scan the QR code").await;
        let app = self.scan().await;
        self.press("Next").await;
        self.arrives_at("Enter the code").await;
        app
    }

    /// Signs in for the first time, up to the page that an app is shown to get notifications.
    pub(crate) async fn begins_notifications(&self, portal: &Portal, name: &str) {
        self.signs_in(portal, name).await;
        self.press("Authenticator app").await;
        self.arrives_at("Set up your authenticator app").await;
        self.press("Next").await;
        self.arrives_at("Scan the QR code").await;
    }

    /// With an app that gets notifications: begins to add signing in without a password, up to the number for the phone.
    pub(crate) async fn begins_phone_sign_in(&self) {
        self.adds().await;
        self.press("Phone sign-in").await;
        self.arrives_at("Set up phone sign-in").await;
        self.press("Next").await;
        self.arrives_at("Approve the notification").await;
    }

    /// The same at its end, when the phone has approved; and out of the session.
    pub(crate) async fn ends_phone_sign_in(&self) {
        self.leaves("Approve the notification").await;
        self.goto("/security-info").await;
        self.arrives_at("Security info").await;
        self.signs_out().await;
    }

    /// Gives the name and no password, up to the number for the phone.
    pub(crate) async fn signs_in_by_phone(&self, name: &str) {
        self.press("Sign in with your phone instead").await;
        self.fill("Name", name).await;
        self.press("Continue").await;
        self.arrives_at("Verify that it is you").await;
    }

    /// From the page with the methods: a telephone that gets texts.
    pub(crate) async fn adds_text(&self, phone: &Phone, number: &str) {
        self.press("Phone").await;
        self.arrives_at("Set up your phone").await;
        self.choose("Country or region", "Netherlands (+31)").await;
        self.fill("Phone number", number).await;
        self.tick("Text me a code").await;
        self.press("Next").await;
        self.arrives_at("Enter the code").await;
        self.fill("Code", &phone.code("Text message").await).await;
        self.press("Verify").await;
    }

    /// Opens the page with the methods that can be added.
    pub(crate) async fn adds(&self) {
        self.goto("/security-info").await;
        self.press("Add method").await;
        self.arrives_at("Add method").await;
    }

    /// Ends the session.
    pub(crate) async fn signs_out(&self) {
        self.press("Sign out").await;
        self.arrives_at("Sign in").await;
    }

    /// On a page that asks for a proof: a code by text, as soon as one more may be sent to the same number.
    pub(crate) async fn verifies_by_text(&self, phone: &Phone) {
        self.arrives_at("Verify that it is you").await;
        self.eventually("a text that may be sent", async || {
            if !self.sees_field("Code").await? {
                self.press("Text message").await;
            }
            Ok(self.sees_field("Code").await?.then_some(()))
        })
        .await;
        self.verifies(&phone.code("Text message").await).await;
    }

    /// Types what is asked for as the second step.
    pub(crate) async fn verifies(&self, code: &str) {
        self.arrives_at("Verify that it is you").await;
        self.fill("Code", code).await;
        self.press("Verify").await;
    }
}
