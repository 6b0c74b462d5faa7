//! What is around every page.

use askama::Template;
use mfa_policy::Language;

use crate::site::Site;
use crate::texts::Texts;

/// What `layout.html` shows: title, navigation, what is to be said.
pub(crate) struct Shell {
    texts: &'static Texts,
    pub(crate) title: String,
    /// The tag of the language: `en` or `nl`.
    pub(crate) language: &'static str,
    pub(crate) other_language: &'static str,
    pub(crate) organisation: String,
    /// Where the language switch leads back to.
    pub(crate) path: String,
    /// Who is signed in, or about to.
    pub(crate) person: Option<String>,
    pub(crate) is_administrator: bool,
    /// Whether there is a page that plays telephones and mailboxes.
    pub(crate) demonstration: bool,
    pub(crate) alert: Option<String>,
    pub(crate) notice: Option<String>,
}

impl Shell {
    pub(crate) fn new(site: &Site, language: Language, path: &str, title: String) -> Self {
        Self {
            texts: Texts::of(language),
            title,
            language: language.tag(),
            other_language: match language {
                Language::Dutch => "en",
                _ => "nl",
            },
            organisation: site.config.organisation.clone(),
            path: path.to_owned(),
            person: None,
            is_administrator: false,
            demonstration: site.config.is_demonstration(),
            alert: None,
            notice: None,
        }
    }

    /// A text.
    pub(crate) fn say(&self, name: &str) -> String {
        self.texts.say(name, &[])
    }

    /// A text with one variable.
    pub(crate) fn say_of(&self, name: &str, variable: &str, value: impl ToString) -> String {
        self.texts.say(name, &[(variable, &value.to_string())])
    }
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "failure.html")]
pub(crate) struct FailurePage {
    pub(crate) shell: Shell,
    pub(crate) text: String,
}
