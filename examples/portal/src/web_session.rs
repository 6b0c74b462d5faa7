//! What a browser's cookie stands for.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use mfa_flow::{ChallengeId, SessionId};
use mfa_policy::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use crate::database::Database;
use crate::failure::Failure;

/// Without a request for so long it is over (the documents: 15 minutes).
const IDLE_SECONDS: u32 = 15 * 60;
/// Whatever happens, it is over then (SP 800-63B-4 §2.2.3).
const LONGEST_SECONDS: u32 = 12 * 60 * 60;

/// The host of the cookie is the one that set it, it never goes over plain HTTP, and every path has it (RFC 6265bis §4.1.3.2).
const COOKIE_NAME: &str = "__Host-session";

/// A session of the website: a row in the database, and the token of its cookie while it is being made.
pub(crate) struct WebSession {
    token: String,
    begun: Timestamp,
    seen: Timestamp,
    pub(crate) body: Body,
}

/// What is kept of a session.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) holder: Option<Holder>,
    /// Whether a first factor was proven. Before that it is somebody who has typed a name.
    #[serde(default)]
    pub(crate) is_known: bool,
    /// The session of the account, as text.
    pub(crate) session: Option<String>,
    /// What is asked for now, on the page `/verify`.
    pub(crate) proving: Option<Proving>,
    /// What the security key has to sign, while it is asked for.
    pub(crate) ceremony: Option<String>,
    /// The permission to set a new password.
    pub(crate) permission: Option<String>,
    /// Wrong passwords before the right one, to be told to whoever passes the second step (ASVS 6.3.5).
    #[serde(default)]
    pub(crate) wrong_passwords: u32,
    /// To be said on the next page.
    pub(crate) alert: Option<String>,
    pub(crate) notice: Option<String>,
}

/// Whose session it is.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Holder {
    Person(String),
    /// A name that nobody has, as it was typed. What is shown is as if there were somebody.
    Nobody(String),
}

/// A proof that is being asked for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Proving {
    pub(crate) purpose: Purpose,
    pub(crate) challenge: Option<ChallengeId>,
    /// Where to go when it is given.
    pub(crate) then: String,
}

impl Body {
    pub(crate) fn session(&self) -> Option<SessionId> {
        self.session.as_ref()?.parse().ok()
    }
}

impl WebSession {
    /// A new one, which the browser knows when it has got the cookie.
    pub(crate) fn new(body: Body, now: Timestamp) -> Result<Self, Failure> {
        Ok(Self {
            token: token()?,
            begun: now,
            seen: now,
            body,
        })
    }

    /// The one of the cookie, unless it is over.
    pub(crate) async fn load(
        database: &Database,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<Self>, Failure> {
        let Some(token) = cookie_value(headers, COOKIE_NAME) else {
            return Ok(None);
        };
        let row = sqlx::query("SELECT body, begun, seen FROM portal_session WHERE digest = $1")
            .bind(digest(&token))
            .fetch_optional(database)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let time = |name| row.try_get(name).map(Timestamp::from_unix_seconds);
        let (begun, seen) = (time("begun")?, time("seen")?);
        let over =
            seen.plus_seconds(IDLE_SECONDS) <= now || begun.plus_seconds(LONGEST_SECONDS) <= now;
        let body: &str = row.try_get("body")?;
        let body = serde_json::from_str(body).ok().filter(|_| !over);
        Ok(body.map(|body| Self {
            token,
            begun,
            seen,
            body,
        }))
    }

    /// Writes it down.
    pub(crate) async fn save(
        &mut self,
        database: &Database,
        now: Timestamp,
    ) -> Result<(), Failure> {
        self.seen = now;
        let body = serde_json::to_string(&self.body).map_err(|_| Failure::Unavailable)?;
        sqlx::query(
            "INSERT INTO portal_session (digest, body, begun, seen) VALUES ($1, $2, $3, $4)
             ON CONFLICT (digest) DO UPDATE SET body = excluded.body, seen = excluded.seen",
        )
        .bind(digest(&self.token))
        .bind(body)
        .bind(self.begun.unix_seconds())
        .bind(self.seen.unix_seconds())
        .execute(database)
        .await?;
        Ok(())
    }

    /// Whether it was last written so long ago that it should be, so that it does not end while it is used.
    pub(crate) fn is_old(&self, now: Timestamp) -> bool {
        self.seen.plus_seconds(60) <= now
    }

    /// Forgets it.
    pub(crate) async fn end(&self, database: &Database) -> Result<(), Failure> {
        sqlx::query("DELETE FROM portal_session WHERE digest = $1")
            .bind(digest(&self.token))
            .execute(database)
            .await?;
        Ok(())
    }

    /// Another cookie for the same session: who knew the old one is out (ASVS 7.2.4).
    pub(crate) async fn rotate(&mut self, database: &Database) -> Result<(), Failure> {
        self.end(database).await?;
        self.token = token()?;
        Ok(())
    }

    /// The cookie.
    pub(crate) fn cookie(&self) -> Result<HeaderValue, Failure> {
        set_cookie(COOKIE_NAME, &self.token, None)
    }
}

/// The cookie that takes the session away.
pub(crate) fn no_cookie() -> Result<HeaderValue, Failure> {
    set_cookie(COOKIE_NAME, "", Some(0))
}

/// Forgets the sessions that are over.
pub(crate) async fn clean_up(database: &Database, now: Timestamp) -> sqlx::Result<()> {
    let seen = now.unix_seconds().saturating_sub(i64::from(IDLE_SECONDS));
    sqlx::query("DELETE FROM portal_session WHERE seen < $1")
        .bind(seen)
        .execute(database)
        .await?;
    Ok(())
}

/// A cookie of ours. `seconds`: as long as the browser keeps it; `None` until it is closed.
pub(crate) fn set_cookie(
    name: &str,
    value: &str,
    seconds: Option<i64>,
) -> Result<HeaderValue, Failure> {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build();
    if let Some(seconds) = seconds {
        cookie.set_max_age(cookie::time::Duration::seconds(seconds));
    }
    HeaderValue::from_str(&cookie.to_string()).map_err(|_| Failure::Unavailable)
}

/// The value of a cookie, if the browser sent exactly one of that name.
pub(crate) fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok());
    let mut values = sent
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned());
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

fn token() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Unavailable)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a token. It has 256 bits, so a plain hash is enough.
fn digest(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}
