//! Listening, until somebody ends it.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::site::Site;
use crate::worker::Worker;
use crate::{demonstration, pages};

/// Takes the address that is configured, and writes down the port that it got.
pub(crate) async fn bind(config: &mut Config) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("listening on {}", config.listen))?;
    config.listen = listener.local_addr()?;
    Ok(listener)
}

/// Answers whoever comes.
pub(crate) async fn serve(site: Arc<Site>, listener: TcpListener) -> anyhow::Result<()> {
    let worker = Arc::new(Worker::new(Arc::clone(&site))?);
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(worker.run(async move {
        let _ = stopped.await;
    }));
    announce(&site).await?;
    let routes = pages::routes(&site).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, routes).await.context("serving");
    drop(stop);
    worker.await.context("the worker")?;
    served
}

/// Says where the portal is, and who can sign in.
#[expect(clippy::print_stdout, reason = "what a person reads who starts it")]
async fn announce(site: &Site) -> anyhow::Result<()> {
    println!("The portal is at {}", site.config.public_url());
    for person in demonstration::people(site).await? {
        let role = if person.administrator {
            "an administrator"
        } else {
            "a person"
        };
        println!(
            "Sign in as {}, {role}, with the password {}",
            person.name, person.password
        );
    }
    Ok(())
}
