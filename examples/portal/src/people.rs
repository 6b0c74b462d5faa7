//! The people who can sign in.

use mfa_policy::{Group, Language, PersonId, Subject};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::database::Database;
use crate::password::Password;

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// What accounts are kept by: it never changes, whatever the person is called.
    pub(crate) id: PersonId,
    /// What is typed at sign-in, in the form of [`canonical`].
    pub(crate) name: String,
    /// The name as it is shown.
    pub(crate) shown: String,
    /// Where notices go.
    pub(crate) mail: String,
    pub(crate) language: Language,
    pub(crate) administrator: bool,
    pub(crate) groups: Vec<Group>,
}

impl Person {
    /// The person as policies see it.
    pub(crate) fn subject(&self) -> Subject {
        let mut subject = Subject::new(self.id.clone());
        if self.administrator {
            subject = subject.administrator();
        }
        let groups = self.groups.iter().cloned();
        groups.fold(subject, Subject::in_group)
    }
}

/// The form in which names are looked up: variants of one name are one person, with one count of failures.
pub(crate) fn canonical(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Who signs in by that name, and the hash of the password.
pub(crate) async fn by_name(
    database: &Database,
    typed: &str,
) -> sqlx::Result<Option<(Person, String)>> {
    let row = sqlx::query("SELECT * FROM portal_person WHERE name = $1")
        .bind(canonical(typed))
        .fetch_optional(database)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((person(&row)?, row.try_get("password")?)))
}

/// The person with that identifier.
pub(crate) async fn by_id(database: &Database, id: &str) -> sqlx::Result<Option<Person>> {
    let row = sqlx::query("SELECT * FROM portal_person WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(database)
        .await?;
    row.as_ref().map(person).transpose()
}

/// People of whom the name, the shown name or the address contains that, by name, up to `most` of them after that name.
pub(crate) async fn search(
    database: &Database,
    part: &str,
    after: &str,
    most: i64,
) -> sqlx::Result<Vec<Person>> {
    let escaped = canonical(part).replace(['\\', '%', '_'], "");
    let rows = sqlx::query(
        "SELECT * FROM portal_person WHERE name > $1
         AND (name LIKE $2 OR LOWER(shown) LIKE $2 OR LOWER(mail) LIKE $2) ORDER BY name LIMIT $3",
    )
    .bind(canonical(after))
    .bind(format!("%{escaped}%"))
    .bind(most)
    .fetch_all(database)
    .await?;
    rows.iter().map(person).collect()
}

/// Whether there is anybody.
pub(crate) async fn is_empty(database: &Database) -> sqlx::Result<bool> {
    let row = sqlx::query("SELECT id FROM portal_person LIMIT 1")
        .fetch_optional(database)
        .await?;
    Ok(row.is_none())
}

/// Keeps somebody new.
pub(crate) async fn add(
    database: &Database,
    person: &Person,
    password: Password,
) -> anyhow::Result<()> {
    let groups: Vec<&str> = person.groups.iter().map(Group::as_str).collect();
    sqlx::query(
        "INSERT INTO portal_person (id, name, shown, mail, language, administrator, in_groups, password)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(person.id.as_str().to_owned())
    .bind(canonical(&person.name))
    .bind(person.shown.clone())
    .bind(person.mail.clone())
    .bind(person.language.tag())
    .bind(i64::from(person.administrator))
    .bind(groups.join(" "))
    .bind(password.hash().await?)
    .execute(database)
    .await?;
    Ok(())
}

/// Sets another password.
pub(crate) async fn set_password(
    database: &Database,
    id: &PersonId,
    password: Password,
) -> anyhow::Result<()> {
    sqlx::query("UPDATE portal_person SET password = $1 WHERE id = $2")
        .bind(password.hash().await?)
        .bind(id.as_str().to_owned())
        .execute(database)
        .await?;
    Ok(())
}

/// Remembers in which language somebody reads.
pub(crate) async fn set_language(
    database: &Database,
    id: &PersonId,
    language: Language,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE portal_person SET language = $1 WHERE id = $2")
        .bind(language.tag())
        .bind(id.as_str().to_owned())
        .execute(database)
        .await?;
    Ok(())
}

fn person(row: &AnyRow) -> sqlx::Result<Person> {
    let id: String = row.try_get("id")?;
    let groups: String = row.try_get("in_groups")?;
    let language: String = row.try_get("language")?;
    let unreadable = |problem| sqlx::Error::Decode(Box::new(problem));
    Ok(Person {
        id: PersonId::new(&id).map_err(unreadable)?,
        name: row.try_get("name")?,
        shown: row.try_get("shown")?,
        mail: row.try_get("mail")?,
        language: Language::from_tag(&language).unwrap_or(Language::English),
        administrator: row.try_get::<i64, _>("administrator")? == 1,
        groups: groups
            .split_whitespace()
            .map(Group::new)
            .collect::<Result<_, _>>()
            .map_err(unreadable)?,
    })
}
