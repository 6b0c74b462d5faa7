//! Messages that nothing carries: they are kept in a table, and a page plays the telephone and the mailbox.

use mfa_flow::{Decision, PhoneSaid, PushRequest, Why};
use mfa_policy::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Kind, Message};
use crate::database::Database;

/// Messages that the page shows.
const SHOWN: i64 = 50;

/// A message that has arrived.
pub(crate) struct Arrived {
    pub(crate) id: String,
    pub(crate) person: PersonId,
    pub(crate) at: Timestamp,
    pub(crate) body: Body,
}

/// What is kept of a message.
#[derive(Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) kind: Kind,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// For what it is answered, and until when.
    pub(crate) answer: Option<(Why, Timestamp)>,
    /// What the played app signs.
    pub(crate) request: Option<PushRequest>,
    pub(crate) said: Option<Said>,
}

/// What was done with a call or a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    Approved,
    Denied,
    Suspicious,
}

impl Said {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Suspicious => "suspicious",
        }
    }

    /// What the telephone says of a call.
    pub(crate) const fn on_call(self) -> PhoneSaid {
        match self {
            Self::Approved => PhoneSaid::PressedHash,
            Self::Denied => PhoneSaid::Denied,
            Self::Suspicious => PhoneSaid::Suspicious,
        }
    }

    /// What the app signs of a notification, which is approved with the number on the screen. The gesture is left out.
    pub(crate) fn in_app(self, number: Option<u8>) -> Option<Decision> {
        Some(match self {
            Self::Approved => Decision::Approved {
                number: number?,
                user_verified: true,
            },
            Self::Denied => Decision::Denied,
            Self::Suspicious => Decision::Suspicious,
        })
    }
}

impl Arrived {
    /// Whether something can still be done with it.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        let until = self.body.answer.as_ref().map(|(_, until)| *until);
        self.body.said.is_none() && until.is_some_and(|until| until > now)
    }

    /// Keeps what was done with it.
    pub(crate) async fn answered(mut self, database: &Database, said: Said) -> sqlx::Result<()> {
        self.body.said = Some(said);
        sqlx::query("UPDATE portal_message SET body = $1 WHERE delivery = $2")
            .bind(written(&self.body)?)
            .bind(self.id)
            .execute(database)
            .await?;
        Ok(())
    }
}

/// Keeps a message, once however often it is delivered.
pub(crate) async fn keep(
    database: &Database,
    id: &str,
    person: &str,
    message: Message,
    now: Timestamp,
) -> sqlx::Result<()> {
    let body = Body {
        kind: message.kind,
        to: message.to,
        subject: message.letter.subject,
        text: message.letter.text,
        answer: message.answer,
        request: message.request,
        said: None,
    };
    sqlx::query(
        "INSERT INTO portal_message (delivery, person, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT (delivery) DO NOTHING",
    )
    .bind(id.to_owned())
    .bind(person.to_owned())
    .bind(now.unix_seconds())
    .bind(written(&body)?)
    .execute(database)
    .await?;
    Ok(())
}

/// The latest messages, the newest first.
pub(crate) async fn latest(database: &Database) -> sqlx::Result<Vec<Arrived>> {
    let rows = sqlx::query("SELECT * FROM portal_message ORDER BY at DESC, delivery DESC LIMIT $1")
        .bind(SHOWN)
        .fetch_all(database)
        .await?;
    rows.iter().map(arrived).collect()
}

/// One message.
pub(crate) async fn find(database: &Database, id: &str) -> sqlx::Result<Option<Arrived>> {
    let row = sqlx::query("SELECT * FROM portal_message WHERE delivery = $1")
        .bind(id.to_owned())
        .fetch_optional(database)
        .await?;
    row.as_ref().map(arrived).transpose()
}

/// Forgets what came before that time.
pub(crate) async fn clean_up(database: &Database, before: Timestamp) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM portal_message WHERE at < $1")
        .bind(before.unix_seconds())
        .execute(database)
        .await?;
    Ok(())
}

fn arrived(row: &AnyRow) -> sqlx::Result<Arrived> {
    let (person, body): (String, String) = (row.try_get("person")?, row.try_get("body")?);
    Ok(Arrived {
        id: row.try_get("delivery")?,
        person: PersonId::new(&person).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        at: Timestamp::from_unix_seconds(row.try_get("at")?),
        body: serde_json::from_str(&body).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
    })
}

fn written(body: &Body) -> sqlx::Result<String> {
    serde_json::to_string(body).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}
