//! What can be configured, by flags or the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use clap::Parser;
use url::{Host, Url};

/// A website with two-step verification: sign in, security info, password reset, administration.
///
/// Without any configuration it runs on SQLite in the folder `portal-data`, for this machine alone. It prints its address and
/// two people to sign in as, and a page plays their telephones and mailboxes.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "people read it as it stands")]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Config {
    /// Where to listen; port 0 takes one that is free. TLS is a reverse proxy's matter.
    #[arg(long, env = "PORTAL_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Where to answer /metrics (Prometheus) and /healthz, for those who watch the portal and not for the public [default:
    /// nowhere].
    #[arg(long, env = "PORTAL_METRICS_LISTEN")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// The address that browsers see, such as `https://id.example.com` [default: `http://localhost` and the port].
    #[arg(long, env = "PORTAL_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// The name of the organisation, on every page and in authenticator apps.
    #[arg(long, env = "PORTAL_ORGANISATION", default_value = "Acme")]
    pub(crate) organisation: String,
    /// The name of the authenticator app that people are to install, in the texts [default: the authenticator app].
    #[arg(long, env = "PORTAL_AUTHENTICATOR")]
    pub(crate) authenticator: Option<String>,
    /// The folder for the database and the keys.
    #[arg(long, env = "PORTAL_DATA", default_value = "portal-data")]
    pub(crate) data: PathBuf,
    /// PostgreSQL instead of SQLite: postgres://user:password@host/database. Several portals can share one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// The file with the keys that seal what is stored [default: portal.keys in the folder]. The same for every portal on one
    /// database, and not kept with its backups.
    #[arg(long, env = "PORTAL_KEYS")]
    pub(crate) keys: Option<PathBuf>,
    /// Write a new file of keys to that path, and do nothing else.
    #[arg(long, value_name = "FILE")]
    pub(crate) make_keys: Option<PathBuf>,
    /// Make an administrator who signs in by that mail address, print a password for the first time, and do nothing else.
    #[arg(long, value_name = "MAIL")]
    pub(crate) add_administrator: Option<String>,
    /// Where mail goes: smtp://user:password@host:587 or smtps://….
    #[arg(long, env = "PORTAL_SMTP_URL", hide_env_values = true)]
    pub(crate) smtp_url: Option<String>,
    /// The sender of mail.
    #[arg(long, env = "PORTAL_MAIL_FROM", default_value = "security@localhost")]
    pub(crate) mail_from: String,
    /// Where texts and calls go: an HTTP gateway, see examples/portal/README.md.
    #[arg(long, env = "PORTAL_GATEWAY_URL", requires = "gateway_token")]
    pub(crate) gateway_url: Option<String>,
    /// The token that the gateway knows the portal by.
    #[arg(long, env = "PORTAL_GATEWAY_TOKEN", hide_env_values = true)]
    pub(crate) gateway_token: Option<String>,
    /// Let anybody who reaches the portal see what it sends, on the page that plays telephones and mailboxes.
    #[arg(long, env = "PORTAL_DEMONSTRATION")]
    pub(crate) demonstration: bool,
    /// Take the visitor's address from the last entry of X-Forwarded-For, which the reverse proxy has to set.
    #[arg(long, env = "PORTAL_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    /// Forms that one address may send in a minute.
    #[arg(long, env = "PORTAL_FORMS_PER_MINUTE", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) forms_per_minute: u32,
    /// Times that one address may try to sign in or to reset a password in a minute. Behind one address there can be a whole
    /// office.
    #[arg(long, env = "PORTAL_SIGN_INS_PER_MINUTE", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) sign_ins_per_minute: u32,
    /// Logs as JSON, a line each.
    #[arg(long, env = "PORTAL_LOG_JSON")]
    pub(crate) log_json: bool,
}

const EXAMPLES: &str = "\
Try it, with two people whose passwords are printed, and a page that plays their telephones and mailboxes:
  portal
Serve it on PostgreSQL behind a proxy that ends TLS. Every further portal is started the same way, with a copy of the keys:
  portal --make-keys /etc/portal.keys
  export DATABASE_URL=postgres://portal:…@db/portal PORTAL_KEYS=/etc/portal.keys
  portal --add-administrator ada@example.com
  PORTAL_SMTP_URL=smtps://portal:…@mail.example.com portal --mail-from security@example.com \\
    --public-url https://id.example.com --behind-proxy

What is logged is chosen by RUST_LOG (default: info), and goes to standard error. SIGTERM and Ctrl-C end the portal when it
has answered what it was asked. examples/portal/README.md says more.";

/// The address that browsers see when none is given, but for the port.
const HERE: &str = "http://localhost:";

impl Config {
    /// Whether it can be run so. What is unsafe is refused, in words that say what to do.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        let public = match &self.public_url {
            Some(text) => {
                let url = Url::parse(text).context("--public-url is no URL")?;
                let origin = url.origin().ascii_serialization();
                let is_origin = url.path() == "/" && url.query().is_none();
                ensure!(
                    is_origin && url.fragment().is_none() && origin != "null",
                    "--public-url is more than https://host or https://host:port: the portal has the whole host"
                );
                // As browsers write it in `Origin`.
                self.public_url = Some(origin);
                Some(url)
            }
            None => None,
        };
        let is_here = public.as_ref().is_none_or(is_loopback);
        let is_https = public.as_ref().is_some_and(|url| url.scheme() == "https");
        ensure!(
            is_here || is_https,
            "--public-url has to begin with https:// because browsers would send passwords and cookies readably"
        );
        ensure!(
            public.is_some() || self.listen.ip().is_loopback(),
            "listening on {} needs --public-url, the https:// address that browsers see",
            self.listen
        );
        ensure!(
            !is_https || self.behind_proxy,
            "with an https:// address there is a proxy before the portal: let it set X-Forwarded-For, and say --behind-proxy, or all visitors look like one"
        );
        if self.smtp_url.is_some() && self.mail_from.ends_with("@localhost") {
            bail!("--smtp-url needs --mail-from, the address that mail comes from");
        }
        if let Some(gateway) = &self.gateway_url {
            let gateway = Url::parse(gateway).context("--gateway-url is no URL")?;
            ensure!(
                gateway.scheme() == "https" || is_loopback(&gateway),
                "--gateway-url has to begin with https:// because codes go there"
            );
        }
        ensure!(
            self.is_demonstration() || self.smtp_url.is_some(),
            "people have to be reached by mail: give --smtp-url, or --demonstration to show whoever comes what is sent"
        );
        Ok(())
    }

    /// Whether somebody may see here what is sent: on this machine alone, or where it was asked for.
    pub(crate) const fn is_demonstration(&self) -> bool {
        let is_alone =
            self.public_url.is_none() && self.listen.ip().is_loopback() && !self.behind_proxy;
        self.demonstration || is_alone
    }

    /// The address that browsers see, without a slash at its end.
    pub(crate) fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            None => format!("{HERE}{}", self.listen.port()),
        }
    }

    /// Whether browsers come by TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.starts_with("https://"))
    }
}

/// Whether nobody comes there from elsewhere, as browsers see it (W3C, Secure Contexts §3.1).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said to those settings.
    fn refusal(flags: &str) -> Option<String> {
        let flags = std::iter::once("portal").chain(flags.split_whitespace());
        let mut config = match Config::try_parse_from(flags) {
            Ok(config) => config,
            Err(error) => return Some(error.to_string()),
        };
        config.check().err().map(|error| format!("{error:#}"))
    }

    const REAL: &str = "--public-url https://id.example.com --behind-proxy --smtp-url smtps://mail --mail-from a@example.com";

    #[test]
    fn what_is_safe_is_run() {
        for flags in [
            "",
            "--public-url http://localhost:8080 --demonstration",
            "--public-url http://[::1]:8080/ --demonstration",
            "--listen 0.0.0.0:8080 --public-url http://localhost:8080 --demonstration",
            "--public-url https://id.example.com --behind-proxy --demonstration",
            REAL,
        ] {
            assert_eq!(refusal(flags), None, "{flags}");
        }
    }

    #[test]
    fn what_is_unsafe_is_refused_with_what_to_do() {
        let real_gateway = format!("{REAL} --gateway-url http://gateway");
        for (flags, word) in [
            ("--public-url http://id.example.com", "https://"),
            ("--public-url http://localhost.example.com", "https://"),
            (
                "--public-url https://id.example.com/portal --behind-proxy",
                "whole host",
            ),
            (
                "--public-url https://id.example.com/?x --behind-proxy",
                "whole host",
            ),
            ("--public-url id.example.com", "no URL"),
            ("--public-url data:,x", "whole host"),
            ("--public-url https://id.example.com", "--behind-proxy"),
            ("--listen 0.0.0.0:8080", "--public-url"),
            (
                "--listen 0.0.0.0:8080 --public-url http://localhost:8080",
                "--demonstration",
            ),
            (
                "--public-url https://id.example.com --behind-proxy",
                "--demonstration",
            ),
            ("--behind-proxy", "--demonstration"),
            ("--public-url http://localhost:8080", "--demonstration"),
            ("--smtp-url smtps://mail", "--mail-from"),
            (real_gateway.as_str(), "--gateway-token"),
            (
                "--gateway-url http://gateway --gateway-token x",
                "--gateway-url",
            ),
            ("--forms-per-minute 0", "0"),
        ] {
            let said = refusal(flags).unwrap_or_else(|| panic!("{flags} is run"));
            assert!(said.contains(word), "{flags}: {said}");
        }
    }

    #[test]
    fn the_public_url_is_as_browsers_write_an_origin() {
        let flags = [
            "portal",
            "--public-url",
            "https://ID.Example.com:443/",
            "--behind-proxy",
            "--demonstration",
        ];
        let mut config = Config::try_parse_from(flags).unwrap();
        config.check().unwrap();
        assert_eq!(config.public_url(), "https://id.example.com");
        assert!(config.is_https());
    }
}
