//! Mail by SMTP.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use reqwest::Url;
use tokio::time::timeout;

use super::words::Letter;
use super::{NotSent, is_loopback};

/// One command of SMTP may take as long, and the whole of it as long.
const LONGEST_COMMAND: Duration = Duration::from_secs(8);
const LONGEST: Duration = Duration::from_secs(20);

/// The way to a mail server.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// By `smtp://` with STARTTLS or by `smtps://`, with the user and the password that stand in the address. Only a server on
    /// this machine is spoken to without TLS.
    pub(crate) fn new(url: &str, from: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server(url)?.as_str())
            .ok()
            .context("the address of the mail server cannot be used")?;
        Ok(Self {
            transport: transport.timeout(Some(LONGEST_COMMAND)).build(),
            from: from.parse().context("the sender of mail")?,
        })
    }

    /// Sends plain text. The same idempotency key makes the same `Message-ID`, by which a mailbox knows what comes twice.
    pub(crate) async fn send(
        &self,
        to: &str,
        letter: &Letter,
        idempotency: &str,
    ) -> Result<(), NotSent> {
        let to = to
            .parse()
            .map_err(|_| NotSent::never("no address that mail can be sent to"))?;
        let message = Message::builder()
            .message_id(Some(format!(
                "<{idempotency}@{}>",
                self.from.email.domain()
            )))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            // RFC 3834: no out-of-office answers.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|_| NotSent::never("no message that can be sent"))?;
        match timeout(LONGEST, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(not_sent(&error)),
            Err(_) => Err(NotSent::now("the mail server took too long")),
        }
    }
}

/// The address of the server, which says that TLS is required.
fn server(url: &str) -> anyhow::Result<Url> {
    let mut url = Url::parse(url).context("the address of the mail server")?;
    ensure!(
        matches!(url.scheme(), "smtp" | "smtps") && url.has_host(),
        "the address of the mail server begins with smtp:// or smtps:// and has a host"
    );
    let starttls = url.scheme() == "smtp" && !is_loopback(&url);
    url.set_query(starttls.then_some("tls=required"));
    Ok(url)
}

/// What the server said, but for its words: they repeat addresses.
fn not_sent(error: &Error) -> NotSent {
    let Some(status) = error.status() else {
        return NotSent::now(if error.is_timeout() {
            "the mail server took too long"
        } else if error.is_tls() {
            "no encrypted connection to the mail server"
        } else if error.is_client() {
            "the mail server cannot do what this message needs"
        } else {
            "no connection to the mail server"
        });
    };
    let status = u16::from(status);
    // RFC 5321 §4.2.2: 55x is about this mailbox or message. Other refusals are about us, and somebody can mend that.
    let never = (550..=559).contains(&status);
    NotSent::answered(never, "the mail server", status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mail_server_on_this_machine_is_spoken_to_without_tls() {
        for (url, starttls) in [
            ("smtp://127.0.0.1:2525", None),
            ("smtp://localhost", None),
            ("smtp://localhost?tls=opportunistic", None),
            ("smtp://mail.example.com:587", Some("tls=required")),
            (
                "smtp://mail.example.com?tls=opportunistic",
                Some("tls=required"),
            ),
            ("smtp://127.0.0.1.example.com", Some("tls=required")),
            ("smtp://10.0.0.1", Some("tls=required")),
        ] {
            assert_eq!(server(url).unwrap().query(), starttls, "{url}");
        }
        assert_eq!(
            server("smtps://mail.example.com").unwrap().scheme(),
            "smtps"
        );
        for url in [
            "http://mail.example.com",
            "smtp:mail.example.com",
            "mail.example.com",
            "",
        ] {
            assert!(server(url).is_err(), "{url}");
        }
    }

    #[test]
    fn an_address_of_a_server_that_cannot_be_used_is_told_without_its_password() {
        for (url, from) in [
            (
                "smtp://user:hunter2@mail.example.com:x",
                "security@example.com",
            ),
            (
                "imap://user:hunter2@mail.example.com",
                "security@example.com",
            ),
            ("smtp://user:hunter2@mail.example.com", "security"),
        ] {
            let refused = Mailer::new(url, from).err().unwrap();
            assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
        }
    }
}
