//! What can be configured, by flags or the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// A website with two-step verification: sign in, security info, password reset, administration.
///
/// Without any configuration it runs on SQLite in the folder `portal-data`, for this machine alone. It prints its address and
/// two people to sign in as, and a page plays their telephones and mailboxes.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Config {
    /// Where to listen; port 0 takes one that is free. TLS is a reverse proxy's matter.
    #[arg(long, env = "PORTAL_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The address that browsers see, such as https://id.example.com [default: http://localhost and the port].
    #[arg(long, env = "PORTAL_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// The name of the organisation, on every page and in authenticator apps.
    #[arg(long, env = "PORTAL_ORGANISATION", default_value = "Acme")]
    pub(crate) organisation: String,
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
    #[arg(long, value_name = "FILE", exclusive = true)]
    pub(crate) make_keys: Option<PathBuf>,
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
    /// Logs as JSON, a line each.
    #[arg(long, env = "PORTAL_LOG_JSON")]
    pub(crate) log_json: bool,
}

const EXAMPLES: &str = "\
Try it:
  portal
Serve it behind a proxy that ends TLS, on PostgreSQL:
  portal --make-keys /etc/portal.keys
  DATABASE_URL=postgres://portal@db/portal PORTAL_SMTP_URL=smtps://portal:…@mail.example.com \\
    portal --public-url https://id.example.com --keys /etc/portal.keys --behind-proxy";

impl Config {
    /// The address that browsers see, without a slash at its end.
    pub(crate) fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.listen.port()),
        }
    }
}
