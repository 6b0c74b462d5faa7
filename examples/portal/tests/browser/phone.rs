//! Somebody's telephone and mailbox, which the page `/outbox` plays.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use fantoccini::Locator;
use fantoccini::elements::Element;

use crate::browser::Browser;

/// The page in a browser of its own.
pub(crate) struct Phone {
    browser: Rc<Browser>,
    /// The messages that were read, by what labels them.
    read: RefCell<HashSet<String>>,
}

impl Phone {
    pub(crate) fn new(browser: Rc<Browser>) -> Self {
        Self {
            browser,
            read: RefCell::default(),
        }
    }

    /// Waits for a message of that kind which has a code, and reads the code.
    pub(crate) async fn code(&self, kind: &str) -> String {
        let text = self.message(kind, six_digits).await.0;
        let code = six_digits(&text).unwrap();
        self.browser.confided.borrow_mut().push(code.clone());
        code
    }

    /// Waits for a message of that kind with those words, such as a notice.
    pub(crate) async fn is_told(&self, kind: &str, words: &str) {
        self.message(kind, |text| text.contains(words).then_some(()))
            .await;
    }

    /// Gives the app that gets notifications the text of the page that shows it.
    pub(crate) async fn pairs(&self, activation: &str) {
        self.browser.goto("/outbox").await;
        self.browser.fill("Text for the app", activation).await;
        self.browser.press("Pair").await;
    }

    /// Waits for a call or a notification, types what is asked for, and presses a button of it.
    pub(crate) async fn answers(&self, kind: &str, number: Option<&str>, button: &str) {
        let (_, message) = self.message(kind, |_| Some(())).await;
        if let Some(number) = number {
            let field = message.find(Locator::Css("input.code")).await.unwrap();
            field.send_keys(number).await.unwrap();
        }
        for candidate in message.find_all(Locator::Css("button")).await.unwrap() {
            if candidate.text().await.unwrap() == button {
                return candidate.click().await.unwrap();
            }
        }
        panic!("a message of the kind `{kind}` has no button `{button}`");
    }

    /// Waits for the newest message of that kind that was not read yet and that passes, and what it says.
    async fn message<T>(
        &self,
        kind: &str,
        passes: impl Fn(&str) -> Option<T>,
    ) -> (String, Element) {
        let what = format!("a message of the kind `{kind}`");
        self.browser
            .eventually(&what, async || {
                self.browser.goto("/outbox").await;
                let messages = self
                    .browser
                    .client
                    .find_all(Locator::Css("article"))
                    .await?;
                for message in messages {
                    let heading = message.find(Locator::Css("h2")).await?.text().await?;
                    let text = message.find(Locator::Css(".bubble")).await?.text().await?;
                    let id = message.attr("aria-labelledby").await?.unwrap_or_default();
                    if heading.trim() == kind
                        && passes(&text).is_some()
                        && self.read.borrow_mut().insert(id)
                    {
                        return Ok(Some((text, message)));
                    }
                }
                Ok(None)
            })
            .await
    }
}

/// The first six digits in a row.
fn six_digits(text: &str) -> Option<String> {
    let mut words = text.split(|sign: char| !sign.is_ascii_digit());
    words.find(|word| word.len() == 6).map(str::to_owned)
}
