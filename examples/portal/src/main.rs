//! A website with two-step verification. `portal --help` says how to run it.

mod audit;
mod config;
mod database;
mod deliver;
mod demonstration;
mod events;
mod failure;
mod guard;
mod keys;
mod listening;
mod log;
mod metrics;
mod pages;
mod password;
mod people;
mod place;
mod policy_text;
mod rates;
mod serve;
mod shell;
mod site;
mod spreadsheet;
mod texts;
mod token_list;
mod tokens;
mod user_agent;
mod visitor;
mod web_session;
mod webauthn;
mod worker;

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Parser as _;

use crate::config::Config;
use crate::keys::Keys;
use crate::site::Site;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    log::start(config.log_json);
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(mut config: Config) -> anyhow::Result<()> {
    if let Some(file) = &config.make_keys {
        return Keys::make(file);
    }
    fs::create_dir_all(&config.data)
        .with_context(|| format!("making {}", config.data.display()))?;
    let file = config
        .keys
        .clone()
        .unwrap_or_else(|| config.data.join("portal.keys"));
    if !file.exists() && config.keys.is_none() {
        // Several portals on one PostgreSQL need the same keys, so none makes its own.
        ensure!(
            config.database_url.is_none(),
            "with --database-url there have to be keys: portal --make-keys FILE, once for all portals, and --keys FILE"
        );
        Keys::make(&file)?;
    }
    let keys = Keys::read(&file)?;
    if let Some(mail) = config.add_administrator.take() {
        let site = Site::open(config, keys).await?;
        let added = demonstration::add_administrator(&site, &mail).await;
        site.close().await;
        return added;
    }
    config.check()?;
    let listener = serve::bind(&mut config).await?;
    let site = Arc::new(Site::open(config, keys).await?);
    serve::serve(site, listener).await
}
