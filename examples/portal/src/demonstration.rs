//! Two people to try the portal as.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::{Language, PersonId};
use serde::{Deserialize, Serialize};

use crate::password::Password;
use crate::people::{self, Person};
use crate::site::Site;

/// Somebody to try it as, and the password of the first day.
#[derive(Serialize, Deserialize)]
pub(crate) struct Demonstration {
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) administrator: bool,
}

/// The demonstration people, made where the database is empty. Their passwords stay in a file beside it, for its owner only.
pub(crate) async fn people(site: &Site) -> anyhow::Result<Vec<Demonstration>> {
    let file = site.config.data.join("demonstration.json");
    if people::is_empty(&site.database).await? {
        let made = [
            ("ada", "Ada Lovelace", false),
            ("grace", "Grace Hopper", true),
        ];
        let mut people = Vec::new();
        for (name, shown, administrator) in made {
            let password = random_password()?;
            let person = Person {
                id: PersonId::new(&format!("demonstration-{name}"))?,
                name: name.to_owned(),
                shown: shown.to_owned(),
                mail: format!("{name}@example.com"),
                language: Language::English,
                administrator,
                groups: Vec::new(),
            };
            people::add(&site.database, &person, Password::new(password.clone())).await?;
            people.push(Demonstration {
                name: name.to_owned(),
                password,
                administrator,
            });
        }
        write(&file, &people)?;
        return Ok(people);
    }
    match fs::read_to_string(&file) {
        Ok(text) => Ok(serde_json::from_str(&text).unwrap_or_default()),
        Err(_) => Ok(Vec::new()),
    }
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
    let mut bytes = [0; 9];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
