//! What all requests share.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use mfa_flow::{AccountKey, Flow, TenantId};
use mfa_policy::{PersonId, Policy, PolicyDraft, Preset, Timestamp};
use otp_uri::Issuer;
use sqlx::Row as _;
use tokio::sync::Notify;

use crate::config::Config;
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::keys::Keys;
use crate::listening::Listening;
use crate::metrics::Metrics;
use crate::place::Place;
use crate::rates::Rates;
use crate::webauthn::SecurityKeys;

/// The website.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) keys: Keys,
    /// The accounts.
    pub(crate) store: Place,
    /// Everything else.
    pub(crate) database: Database,
    /// `None` where browsers have none.
    pub(crate) security_keys: Option<SecurityKeys>,
    /// Told when something has to go out.
    pub(crate) outbox: Notify,
    /// The devices that wait for requests.
    pub(crate) listening: Listening,
    pub(crate) rates: Rates,
    pub(crate) metrics: Metrics,
    tenant: TenantId,
    issuer: Issuer,
    in_force: RwLock<Arc<InForce>>,
}

/// The policy in force, and the flows under it.
pub(crate) struct InForce {
    /// 0 for the preset, and one more with each change.
    pub(crate) version: i64,
    /// As it was written, with its comments.
    pub(crate) text: String,
    pub(crate) flow: Flow,
}

impl Site {
    /// Opens the databases and reads the policy.
    pub(crate) async fn open(config: Config, keys: Keys) -> anyhow::Result<Self> {
        let keyring = keys.keyring()?;
        let (store, database) = match &config.database_url {
            Some(url) => {
                let options = mfa_store::PostgresOptions::new(url);
                let store = mfa_store::PostgresStore::connect(options, keyring).await;
                (Place::Postgres(store?), database::open(url).await?)
            }
            None => {
                let file = config.data.join("portal.db");
                let store = mfa_store::SqliteStore::open(&file, keyring).await?;
                (
                    Place::Sqlite(store),
                    database::open(&database::sqlite_url(&file)).await?,
                )
            }
        };
        let issuer = Issuer::new(&config.organisation).context("the name of the organisation")?;
        let preset = InForce {
            version: 0,
            text: Preset::SecurityInfo.text().to_owned(),
            flow: Flow::new(
                Preset::SecurityInfo.policy(),
                keys.hash_key(),
                issuer.clone(),
            ),
        };
        let site = Self {
            security_keys: SecurityKeys::new(
                &config.public_url(),
                &config.organisation,
                keys.portal_key(),
            ),
            tenant: TenantId::new("portal")?,
            outbox: Notify::new(),
            listening: Listening::default(),
            rates: Rates::new(&config),
            metrics: Metrics::new(),
            in_force: RwLock::new(Arc::new(preset)),
            config,
            keys,
            store,
            database,
            issuer,
        };
        site.renew_policy().await?;
        Ok(site)
    }

    /// Closes the databases, when nobody uses them any more.
    pub(crate) async fn close(&self) {
        self.store.close().await;
        self.database.close().await;
    }

    /// The policy in force.
    pub(crate) fn in_force(&self) -> Arc<InForce> {
        let in_force = self.in_force.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&in_force)
    }

    /// Takes the latest policy from the database, where another portal may have put it. Called again and again.
    pub(crate) async fn renew_policy(&self) -> anyhow::Result<()> {
        let row = sqlx::query("SELECT version, text FROM portal_policy WHERE version > $1 ORDER BY version DESC LIMIT 1")
            .bind(self.in_force().version)
            .fetch_optional(&self.database)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let text: &str = row.try_get("text")?;
        let policy = PolicyDraft::from_toml(text)?.validate();
        let policy = policy.map_err(|_| anyhow::anyhow!("the policy in the database is none"))?;
        self.put_in_force(row.try_get("version")?, text.to_owned(), policy);
        Ok(())
    }

    /// Puts a policy in force after that version, as it is written there. `false` if somebody else was faster.
    pub(crate) async fn change_policy(
        &self,
        after: i64,
        text: &str,
        policy: Policy,
        author: &PersonId,
    ) -> Result<bool, Failure> {
        self.renew_policy().await?;
        if after != self.in_force().version {
            return Ok(false);
        }
        let version = after.saturating_add(1);
        let changed = sqlx::query(
            "INSERT INTO portal_policy (version, at, author, text) VALUES ($1, $2, $3, $4) ON CONFLICT (version) DO NOTHING",
        )
        .bind(version)
        .bind(now().unix_seconds())
        .bind(author.as_str().to_owned())
        .bind(text.to_owned())
        .execute(&self.database)
        .await?;
        if changed.rows_affected() != 1 {
            return Ok(false);
        }
        self.put_in_force(version, text.to_owned(), policy);
        Ok(true)
    }

    fn put_in_force(&self, version: i64, text: String, policy: Policy) {
        let flow = Flow::new(policy, self.keys.hash_key(), self.issuer.clone());
        let mut in_force = self
            .in_force
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if in_force.version < version {
            *in_force = Arc::new(InForce {
                version,
                text,
                flow,
            });
        }
    }

    /// The account of a person.
    pub(crate) fn account(&self, person: &PersonId) -> AccountKey {
        AccountKey::new(self.tenant.clone(), person.clone())
    }

    /// The account that stands for a name that nobody has.
    pub(crate) fn decoy(&self, typed: &str) -> AccountKey {
        self.in_force().flow.decoy(self.tenant.clone(), typed)
    }

    /// Whether messages go to the page that plays telephones.
    pub(crate) fn plays_telephone(&self) -> bool {
        self.config.gateway_url.is_none() && self.config.is_demonstration()
    }

    /// Whether messages go to the page that plays mailboxes.
    pub(crate) fn plays_mailbox(&self) -> bool {
        self.config.smtp_url.is_none() && self.config.is_demonstration()
    }

    /// Whether there is the page that plays authenticator apps, beside those that people have.
    pub(crate) fn plays_app(&self) -> bool {
        self.config.is_demonstration()
    }
}

/// The time of this machine.
pub(crate) fn now() -> Timestamp {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
