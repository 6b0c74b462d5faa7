//! WebDriver's server, which starts the browsers.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use serde_json::json;

use crate::portal::lines;

/// Quiet, without a window, and without anything that asks the outside world. Tied to its driver by a pipe, a browser ends
/// with it, so none is left behind by a test that is killed.
const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
    // A whole page fits, so that a picture of the window is one of the page.
    "--window-size=1280,1600",
    "--force-device-scale-factor=1",
];

/// `chromedriver` on a port of its own.
pub(crate) struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    pub(crate) fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = lines(process.stdout.take().unwrap());
        let port = loop {
            let line = said.recv().unwrap();
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let url = format!("http://localhost:{port}");
        Self { process, url }
    }

    /// A browser of somebody who has never been here, and reads that language best.
    pub(crate) async fn browser(&self, data: &Path, language: &str) -> Client {
        let own = [
            format!("--user-data-dir={}", data.display()),
            format!("--accept-lang={language}"),
        ];
        let flags: Vec<&str> = FLAGS
            .into_iter()
            .chain(own.iter().map(String::as_str))
            .collect();
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": flags }));
        ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&self.url)
            .await
            .unwrap()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
