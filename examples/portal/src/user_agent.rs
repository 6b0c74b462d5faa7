//! What a browser says of itself, in two words for a person who is asked whether that was he. It is only claimed, and nothing is
//! decided by it.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

/// A browser and its system, by the names that people know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UserAgent {
    pub(crate) browser: &'static str,
    pub(crate) system: &'static str,
}

/// What stands in the text of each. Those that call themselves by the name of another as well come before it.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

impl UserAgent {
    /// The one that asks. `None` if it says nothing that people know.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(USER_AGENT)?.to_str().ok()?;
        let known = |names: &[(&str, &'static str)]| {
            let found = names.iter().find(|(mark, _)| text.contains(mark));
            found.map(|(_, name)| *name)
        };
        Some(Self {
            browser: known(&BROWSERS)?,
            system: known(&SYSTEMS)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(text: &str) -> Option<(&'static str, &'static str)> {
        let text = HeaderValue::from_bytes(text.as_bytes()).unwrap();
        let agent = UserAgent::of(&HeaderMap::from_iter([(USER_AGENT, text)]))?;
        Some((agent.browser, agent.system))
    }

    #[test]
    fn browsers_are_called_as_people_know_them() {
        for (text, browser, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "Safari",
                "Mac",
            ),
        ] {
            assert_eq!(of(text), Some((browser, system)), "{text}");
        }
    }

    #[test]
    fn what_nobody_knows_is_left_out() {
        for text in [
            "",
            "curl/8.14.1",
            "Linux",
            "Firefox/1",
            "<script>",
            "Fenêtre",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(UserAgent::of(&HeaderMap::new()), None);
    }
}
