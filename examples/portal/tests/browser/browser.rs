//! What a person does with a browser: reads, types, presses. Elements are found by the name that a screen reader says.

use std::cell::RefCell;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use axum::http::Method;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tokio::time::sleep;
use url::{ParseError, Url};

use crate::authenticator::{Authenticator, qr_codes};

/// Longer than any page takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// The folder for pictures of pages, which are kept only if it is named.
const PICTURES: &str = "PORTAL_PICTURES";

const BUTTONS: &str = "button, a[href], summary, input[type=submit]";
const FIELDS: &str = "input, select, textarea";
const HEADING: &str = "h1";
const ALERT: &str = "[role=alert]";
const NOTICE: &str = "[role=status]";

/// One browser, on the portal.
pub(crate) struct Browser {
    pub(crate) client: Client,
    home: String,
    /// What was typed and scanned here, which is nobody else's business.
    pub(crate) confided: RefCell<Vec<String>>,
}

impl Browser {
    pub(crate) fn new(client: Client, home: &str) -> Self {
        let home = home.trim_end_matches('/').to_owned();
        Self {
            client,
            home,
            confided: RefCell::default(),
        }
    }

    /// Types an address of the portal: `/security`.
    pub(crate) async fn goto(&self, path: &str) {
        self.open(&format!("{}{path}", self.home)).await;
    }

    /// Types any address.
    pub(crate) async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Fills in the sign-in form.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) {
        self.fill("Name", name).await;
        self.fill("Password", password).await;
        self.press("Sign in").await;
    }

    /// Follows a link, presses a button, opens what is folded.
    pub(crate) async fn press(&self, name: &str) {
        self.click(BUTTONS, name).await;
    }

    /// Ticks a box or one of several choices.
    pub(crate) async fn tick(&self, name: &str) {
        self.click(FIELDS, name).await;
    }

    /// Writes into an empty field, or over what stands in it.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        self.confided.borrow_mut().push(text.to_owned());
        self.eventually(&format!("the field `{name}`"), async || {
            let field = self.named(FIELDS, name).await?;
            if let Some(field) = field {
                field.clear().await?;
                field.send_keys(text).await?;
                return Ok(Some(()));
            }
            Ok(None)
        })
        .await;
    }

    /// Chooses from a list.
    pub(crate) async fn choose(&self, name: &str, option: &str) {
        self.eventually(&format!("`{option}` in the list `{name}`"), async || {
            let Some(list) = self.named(FIELDS, name).await? else {
                return Ok(None);
            };
            list.select_by_label(option).await.map(Some)
        })
        .await;
    }

    /// Waits for the page of that heading.
    pub(crate) async fn arrives_at(&self, heading: &str) {
        self.eventually(&format!("the page `{heading}`"), async || {
            let found = self.texts(HEADING).await?;
            Ok((found == [heading]).then_some(()))
        })
        .await;
    }

    /// Waits for a page that is another one.
    pub(crate) async fn leaves(&self, heading: &str) {
        self.eventually(&format!("a page other than `{heading}`"), async || {
            let found = self.texts(HEADING).await?;
            Ok((!found.is_empty() && found != [heading]).then_some(()))
        })
        .await;
    }

    /// Waits for a page in that language.
    pub(crate) async fn reads_in(&self, language: &str) {
        self.eventually(&format!("a page in `{language}`"), async || {
            let page = self.client.find(Locator::Css("html")).await?;
            Ok((page.attr("lang").await?.as_deref() == Some(language)).then_some(()))
        })
        .await;
    }

    /// Waits for words on the page.
    pub(crate) async fn sees(&self, words: &str) {
        self.eventually(&format!("the words `{words}`"), async || {
            Ok(self.body().await?.contains(words).then_some(()))
        })
        .await;
    }

    /// The page that is shown does not have those words.
    pub(crate) async fn sees_no(&self, words: &str) {
        let read = async || Ok(Some(self.body().await?));
        // A page that is just taking the place of another is read again.
        let body = self.eventually("a page", read).await;
        if body.contains(words) {
            panic!("the words `{words}` are there; {}", self.describe().await);
        }
    }

    /// Waits for an alert with those words.
    pub(crate) async fn is_told(&self, words: &str) {
        self.eventually(&format!("the alert `{words}`"), async || {
            let alerts = self.texts(ALERT).await?;
            Ok(alerts
                .iter()
                .any(|alert| alert.contains(words))
                .then_some(()))
        })
        .await;
    }

    /// Waits for a notice with those words.
    pub(crate) async fn is_notified(&self, words: &str) {
        self.eventually(&format!("the notice `{words}`"), async || {
            let notices = self.texts(NOTICE).await?;
            Ok(notices
                .iter()
                .any(|notice| notice.contains(words))
                .then_some(()))
        })
        .await;
    }

    /// Waits for something greyed of that name, with that reason.
    pub(crate) async fn sees_greyed(&self, name: &str, reason: &str) {
        self.eventually(&format!("`{name}` greyed: {reason}"), async || {
            let greyed = self.texts(".off").await?;
            Ok(greyed
                .iter()
                .any(|text| text.contains(name) && text.contains(reason))
                .then_some(()))
        })
        .await;
    }

    /// Whether there is a field of that name.
    pub(crate) async fn sees_field(&self, name: &str) -> Result<bool, CmdError> {
        Ok(self.named(FIELDS, name).await?.is_some())
    }

    /// Whether there is something of that name to press.
    pub(crate) async fn can_press(&self, name: &str) -> bool {
        self.named(BUTTONS, name).await.unwrap().is_some()
    }

    /// The heading of the page that is shown.
    pub(crate) async fn heading(&self) -> String {
        self.texts(HEADING).await.unwrap().concat()
    }

    /// Keeps a picture of the page for whoever wants to see it.
    pub(crate) async fn keep_picture(&self, name: &str) {
        if let Some(folder) = env::var_os(PICTURES) {
            let page = self.heading().await.replace(' ', "-").to_lowercase();
            let file = Path::new(&folder).join(format!("{page}-{name}.png"));
            fs::write(file, self.client.screenshot().await.unwrap()).unwrap();
        }
    }

    /// The text that an app is paired by, as it stands below the QR code.
    pub(crate) async fn activation(&self) -> String {
        self.eventually("a text for the app", async || {
            Ok(self
                .texts(".key")
                .await?
                .pop()
                .filter(|text| !text.is_empty()))
        })
        .await
    }

    /// What is shown once on this page.
    pub(crate) async fn secret(&self) -> String {
        let secret = self
            .eventually("something that is shown once", async || {
                Ok(self.texts(".secret").await?.pop())
            })
            .await;
        self.confided.borrow_mut().push(secret.clone());
        secret
    }

    /// The number that is typed on the phone.
    pub(crate) async fn number(&self) -> String {
        self.eventually("a number to type on the phone", async || {
            Ok(self.texts(".number").await?.pop())
        })
        .await
    }

    /// Points an authenticator app at the screen.
    pub(crate) async fn scan(&self) -> Authenticator {
        let text = self
            .eventually("one QR code on the screen", async || {
                let codes = qr_codes(&self.client.screenshot().await?);
                Ok(<[String; 1]>::try_from(codes).ok())
            })
            .await;
        let app = Authenticator::scan(&text[0]);
        self.confided.borrow_mut().push(app.secret.clone());
        app
    }

    /// A security key with user verification, in reach of this browser.
    pub(crate) async fn plug_in_a_security_key(&self) {
        let key = json!({
            "protocol": "ctap2_1",
            "transport": "usb",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
        });
        self.command(Method::POST, "webauthn/authenticator", Some(key))
            .await
            .unwrap();
    }

    /// Switches scripts of pages off, as some people do.
    pub(crate) async fn without_scripts(&self) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await;
    }

    /// Prefers `dark` or `light`.
    pub(crate) async fn prefers(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        )
        .await;
    }

    /// Makes the window so many pixels wide.
    pub(crate) async fn is_wide(&self, width: u32) {
        let metrics =
            json!({ "width": width, "height": 1600, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Whether one has to move the page sideways to read it.
    pub(crate) async fn runs_over(&self) -> bool {
        let script = "arguments[0](document.documentElement.scrollWidth > document.documentElement.clientWidth)";
        self.run(script).await == true
    }

    /// Runs a script that calls back with its result; not one of the page, so its policy does not stop it.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// The names of the cookies, and whether scripts can read them.
    pub(crate) async fn cookies(&self) -> Vec<(String, bool)> {
        let all = self.client.get_all_cookies().await.unwrap();
        let cookie = |cookie: &fantoccini::cookies::Cookie<'_>| {
            (cookie.name().to_owned(), cookie.http_only() != Some(true))
        };
        all.iter().map(cookie).collect()
    }

    /// Which page this is, for whom it may concern. Without what it says: that may be a secret.
    pub(crate) async fn describe(&self) -> String {
        let address = self.client.current_url().await;
        let path = address
            .map(|address| address.path().to_owned())
            .unwrap_or_default();
        let title = self.client.title().await.unwrap_or_default();
        let headings = self.texts(HEADING).await.unwrap_or_default();
        let alerts = self.texts(ALERT).await.unwrap_or_default();
        format!("shown is {path} `{title}`, headed {headings:?}, with alerts {alerts:?}")
    }

    pub(crate) async fn close(&self) {
        // It may have ended by itself.
        let _ = self.client.clone().close().await;
    }

    async fn click(&self, kind: &str, name: &str) {
        self.eventually(&format!("`{name}` to press"), async || {
            let Some(element) = self.named(kind, name).await? else {
                return Ok(None);
            };
            element.click().await.map(Some)
        })
        .await;
    }

    /// The visible element of that accessible name, or the one whose name begins so.
    async fn named(&self, kind: &str, name: &str) -> Result<Option<Element>, CmdError> {
        let mut begins = Vec::new();
        for element in self.client.find_all(Locator::Css(kind)).await? {
            let path = format!("element/{}/computedlabel", &*element.element_id());
            let label = self.command(Method::GET, &path, None).await?;
            let label = label.as_str().unwrap_or_default();
            if !label.starts_with(name) || !element.is_displayed().await? {
                continue;
            }
            if label == name {
                return Ok(Some(element));
            }
            begins.push(element);
        }
        Ok(<[Element; 1]>::try_from(begins).ok().map(|[one]| one))
    }

    async fn texts(&self, selector: &str) -> Result<Vec<String>, CmdError> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(selector)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    async fn body(&self) -> Result<String, CmdError> {
        self.client.find(Locator::Css("body")).await?.text().await
    }

    /// Looks until it is there. What is asked of a page that is just going away fails, and is asked again.
    pub(crate) async fn eventually<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, CmdError>,
    ) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = look().await;
            if let Ok(Some(seen)) = seen {
                return seen;
            }
            if Instant::now() > end {
                let problem = seen
                    .err()
                    .map(|problem| format!(" ({problem})"))
                    .unwrap_or_default();
                panic!("waited for {what}{problem}; {}", self.describe().await);
            }
            sleep(Duration::from_millis(30)).await;
        }
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.command(Method::POST, "goog/cdp/execute", Some(body))
            .await
            .unwrap();
    }

    async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, CmdError> {
        let path = path.to_owned();
        self.client.issue_cmd(Command { method, path, body }).await
    }
}

/// A command beyond those that the crate knows.
#[derive(Debug)]
struct Command {
    method: Method,
    /// Below that of the session.
    path: String,
    body: Option<Value>,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (
            self.method.clone(),
            self.body.as_ref().map(Value::to_string),
        )
    }
}
