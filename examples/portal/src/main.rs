//! A website with two-step verification. `portal --help` says how to run it.

mod audit;
mod config;
mod database;
mod deliver;
mod demonstration;
mod failure;
mod guard;
mod keys;
mod pages;
mod password;
mod people;
mod place;
mod serve;
mod shell;
mod site;
mod texts;
mod visitor;
mod web_session;
mod webauthn;
mod worker;

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::keys::Keys;
use crate::site::Site;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    start_log(&config);
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
    // Several portals on one PostgreSQL need the same keys, so none makes its own.
    if !file.exists() && config.keys.is_none() && config.database_url.is_none() {
        Keys::make(&file)?;
    }
    let listener = serve::bind(&mut config).await?;
    let site = Arc::new(Site::open(config, Keys::read(&file)?).await?);
    serve::serve(site, listener).await
}

fn start_log(config: &Config) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if config.log_json {
        log.json().init();
    } else {
        log.init();
    }
}
