//! The whole round with the app's screen, as people see it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::app::{App, PASSPHRASE, program};
use crate::browser::Browser;
use crate::stage::{is_there, skip, story};

/// The app's screen in a terminal of its own.
struct Screen(String);

impl Screen {
    fn opens(app: &App, folder: &Path) -> Self {
        let screen = Self(format!("app-{}", std::process::id()));
        let vault = format!("AUTHENTICATOR_VAULT={}", app.vault().display());
        let program = program().to_str().unwrap();
        let size = ["-x", "100", "-y", "40"];
        let start = ["-f", "/dev/null", "new-session", "-d", "-e", &vault];
        let at = ["-c", folder.to_str().unwrap(), program];
        screen.tmux(&[&start[..], &size, &at].concat());
        screen
    }

    /// Types that, or presses a key of that name.
    fn types(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    async fn shows(&self, browser: &Browser, words: &str) {
        browser
            .eventually(
                &format!("the words `{words}` in the terminal"),
                async || {
                    let shown = self.tmux(&["capture-pane", "-p"]);
                    Ok(shown.contains(words).then_some(()))
                },
            )
            .await;
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-L", &self.0])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

impl Browser {
    /// The number on the page is typed into the request that the screen shows. It takes keys after a second, so that nobody answers
    /// by what he was just typing.
    async fn is_approved_on(&self, screen: &Screen) {
        let number = self.number().await;
        self.eventually("a request that takes keys", async || {
            screen.types(&["Enter"]);
            let shown = screen.tmux(&["capture-pane", "-p"]);
            Ok(shown.contains("Type the two digits").then_some(()))
        })
        .await;
        screen.types(&[&number, "Enter"]);
        screen
            .shows(self, "Approved. The page goes on by itself.")
            .await;
        screen.types(&["Enter"]);
    }
}

#[test]
fn the_screen_reads_the_picture_of_the_page_and_answers_with_its_number() {
    if !is_there("tmux") {
        return skip("not installed: tmux");
    }
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        let app = App::new(stage.folder());
        browser.begins_notifications(&stage.portal, "ada").await;
        let picture = stage.folder().join("page.png");
        fs::write(&picture, browser.client.screenshot().await.unwrap()).unwrap();

        let screen = Screen::opens(&app, stage.folder());
        screen.shows(&browser, "The vault is locked").await;
        screen.types(&["-l", PASSPHRASE]);
        screen.types(&["Enter"]);
        screen.shows(&browser, "There are no accounts yet.").await;
        screen.types(&["a", "f"]);
        screen.shows(&browser, "A picture or screenshot").await;
        screen.types(&["-l", "page.png"]);
        screen.types(&["Enter"]);
        screen
            .shows(&browser, "Pair this app with the portal at")
            .await;
        screen.types(&["y"]);
        browser.arrives_at("Approve the notification").await;
        browser.is_approved_on(&screen).await;
        browser.arrives_at("You are set up").await;
        browser.press("Not now").await;
        browser.arrives_at("Security info").await;

        browser.signs_out().await;
        browser.signs_in(&stage.portal, "ada").await;
        browser.arrives_at("Verify that it is you").await;
        browser.is_approved_on(&screen).await;
        browser.arrives_at("Security info").await;
    });
}
