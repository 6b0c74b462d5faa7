//! Text messages and telephone calls by an HTTP gateway. README.md says what it has to speak.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};

use super::{Message, NotSent, is_loopback};

const LONGEST_CONNECTING: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(15);

/// The way to texts and calls.
pub(crate) struct Gateway {
    client: Client,
    url: Url,
}

impl Gateway {
    /// By `https://`, or `http://` on this machine. The gateway knows the portal by the token.
    pub(crate) fn new(url: &str, token: &str) -> anyhow::Result<Self> {
        let url = Url::parse(url).context("the address of the gateway")?;
        ensure!(
            url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)),
            "the address of the gateway begins with https://"
        );
        let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
            .ok()
            .context("the token of the gateway has characters that a header cannot hold")?;
        bearer.set_sensitive(true);
        // Whoever was first has chosen; there is one choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .connect_timeout(LONGEST_CONNECTING)
            .timeout(LONGEST)
            // Numbers and codes go to this address and to no other.
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .context("the client of the gateway")?;
        Ok(Self { client, url })
    }

    /// Asks for a text message; or for a call, with the address where the gateway says what was pressed, and the token that it
    /// says it with. Only the status of what comes back is looked at, so it may be as long as it likes.
    pub(crate) async fn send(
        &self,
        message: &Message,
        answer: Option<(&str, &str)>,
        idempotency: &str,
    ) -> Result<(), NotSent> {
        let mut form = vec![
            ("kind", if answer.is_some() { "call" } else { "text" }),
            ("to", &message.to),
            ("text", &message.letter.text),
            ("language", message.language.tag()),
            ("id", idempotency),
        ];
        if let Some((url, token)) = answer {
            form.extend([("answer_url", url), ("answer_token", token)]);
        }
        let sent = self.client.post(self.url.clone()).form(&form).send().await;
        match sent.map(|response| response.status()) {
            Ok(status) if status.is_success() => Ok(()),
            Ok(status) => {
                // It is about this message. Other refusals are about us, and somebody can mend that.
                let never = matches!(
                    status,
                    StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
                );
                Err(NotSent::answered(never, "the gateway", status.as_u16()))
            }
            Err(error) if error.is_timeout() => Err(NotSent::now("the gateway took too long")),
            Err(_) => Err(NotSent::now("no connection to the gateway")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_gateway_on_this_machine_is_spoken_to_without_tls() {
        for (url, right) in [
            ("https://gateway.example.com/send", true),
            ("http://127.0.0.1:9000/send", true),
            ("http://[::1]:9000/send", true),
            ("http://localhost:9000", true),
            ("http://gateway.example.com/send", false),
            ("http://localhost.example.com", false),
            ("ftp://127.0.0.1", false),
            ("gateway", false),
        ] {
            assert_eq!(Gateway::new(url, "t0ken").is_ok(), right, "{url}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_refused_and_not_repeated() {
        let refused = Gateway::new("https://gateway.example.com", "t0ken\nX: y")
            .err()
            .unwrap();
        assert!(!format!("{refused:?}").contains("t0ken"), "{refused:?}");
    }
}
