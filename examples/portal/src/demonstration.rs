//! Two people to try the portal as, and the first administrator of one that is none to try.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::{Language, PersonId};
use serde::{Deserialize, Serialize};

use crate::password::Password;
use crate::people::{self, Person};
use crate::site::Site;

/// Somebody to try it as, and the password of the first day.
#[derive(Serialize, Deserialize)]
struct Demonstration {
    name: String,
    password: String,
    administrator: bool,
}

/// Says who can sign in, if it is a demonstration. The people are made where nobody is; their passwords stay in a file beside
/// the database, for its owner only, for the next start.
pub(crate) async fn lines(site: &Site) -> anyhow::Result<Vec<String>> {
    if !site.config.is_demonstration() {
        return Ok(Vec::new());
    }
    let file = site.config.data.join("demonstration.json");
    if people::is_empty(&site.database).await? {
        make(site, &file).await?;
    }
    let text = fs::read_to_string(&file).unwrap_or_default();
    let people: Vec<Demonstration> = serde_json::from_str(&text).unwrap_or_default();
    let mut lines = Vec::new();
    for Demonstration {
        name,
        password,
        administrator,
    } in people
    {
        let Some((_, hash)) = people::by_name(&site.database, &name).await? else {
            continue;
        };
        let role = if administrator {
            "an administrator"
        } else {
            "a person"
        };
        let is_still = Password::new(password.clone()).is(Some(hash)).await?;
        lines.push(if is_still {
            format!("Sign in as {name}, {role}, with the password {password}")
        } else {
            format!("Sign in as {name}, {role}, with the password that was chosen since")
        });
    }
    Ok(lines)
}

async fn make(site: &Site, file: &Path) -> anyhow::Result<()> {
    let mut people = Vec::new();
    for (name, administrator) in [("ada", false), ("grace", true)] {
        people.push(Demonstration {
            name: name.to_owned(),
            password: random_password()?,
            administrator,
        });
    }
    // First, so that nobody is there whose password is nowhere.
    write(file, &people)?;
    for Demonstration {
        name,
        password,
        administrator,
    } in people
    {
        let person = Person {
            id: PersonId::new(&format!("demonstration-{name}"))?,
            shown: if administrator {
                "Grace Hopper"
            } else {
                "Ada Lovelace"
            }
            .to_owned(),
            mail: format!("{name}@example.com"),
            language: Language::English,
            administrator,
            groups: Vec::new(),
            name,
        };
        let added = people::add(&site.database, &person, Password::new(password)).await;
        // Another portal that was started at this moment may have been faster.
        if added.is_err()
            && people::by_name(&site.database, &person.name)
                .await?
                .is_none()
        {
            return added;
        }
    }
    Ok(())
}

/// Makes the administrator that a portal needs who is no demonstration, and says the password, once.
#[expect(clippy::print_stdout, reason = "what a person reads who starts it")]
pub(crate) async fn add_administrator(site: &Site, mail: &str) -> anyhow::Result<()> {
    let name = people::canonical(mail);
    ensure!(
        name.contains('@'),
        "an administrator is added by a mail address"
    );
    let is_there = people::by_name(&site.database, &name).await?.is_some();
    ensure!(!is_there, "somebody of that name is there already");
    let password = random_password()?;
    let mut id = [0; 16];
    getrandom::fill(&mut id)?;
    let person = Person {
        id: PersonId::new(&URL_SAFE_NO_PAD.encode(id))?,
        shown: name.clone(),
        mail: name.clone(),
        language: Language::English,
        administrator: true,
        groups: Vec::new(),
        name,
    };
    people::add(&site.database, &person, Password::new(password.clone())).await?;
    println!(
        "Sign in as {}, an administrator, with the password {password}",
        person.name
    );
    Ok(())
}

fn write(file: &Path, people: &[Demonstration]) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options
        .open(file)
        .with_context(|| format!("making {}", file.display()))?;
    file.write_all(serde_json::to_string_pretty(people)?.as_bytes())?;
    Ok(())
}

fn random_password() -> anyhow::Result<String> {
    // 96 bits.
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
