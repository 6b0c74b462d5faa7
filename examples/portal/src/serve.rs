//! Listening, until somebody ends it.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::config::Config;
use crate::site::{Site, now};
use crate::worker::Worker;
use crate::{demonstration, listening, metrics, pages, web_session};

/// Open at once. Who comes then waits, and the system keeps them in order.
const MOST_CONNECTIONS: usize = 512;
/// A client says in that time what it wants, also on a connection that was used before.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// A connection ends after the answer that is given then, so that nobody keeps one for ever.
const LONGEST_CONNECTION: Duration = Duration::from_secs(300);
/// What is under way has that long to end, when the connection or the portal does: longer than any answer takes.
const TO_FINISH: Duration = Duration::from_secs(35);
/// More than any browser sends.
const LONGEST_HEADERS: usize = 32 * 1024;

/// Takes the address that is configured, and writes down the port that it got.
pub(crate) async fn bind(config: &mut Config) -> anyhow::Result<TcpListener> {
    let listener = listen(config.listen).await?;
    config.listen = listener.local_addr()?;
    Ok(listener)
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("listening on {address}"))
}

/// Answers whoever comes, until SIGTERM or Ctrl-C. Then what was asked is answered, and nothing more is taken.
pub(crate) async fn serve(site: Arc<Site>, listener: TcpListener) -> anyhow::Result<()> {
    let mut stopped = Stop::on_signals()?;
    let mut doors = vec![Door::open(&site, listener, pages::routes(&site), &stopped)];
    if let Some(address) = site.config.metrics_listen {
        let listener = listen(address).await?;
        tracing::info!(address = %listener.local_addr()?, "metrics");
        doors.push(Door::open(
            &site,
            listener,
            metrics::routes(&site),
            &stopped,
        ));
    }
    let worker = Arc::new(Worker::new(Arc::clone(&site))?);
    let (stop, told_to_stop) = oneshot::channel::<()>();
    let worker = tokio::spawn(worker.run(async move {
        let _ = told_to_stop.await;
    }));
    let house = tokio::spawn(keep_house(Arc::clone(&site), stopped.clone()));
    let telling = tokio::spawn(listening::tell(Arc::clone(&site), stopped.clone()));
    announce(&site).await?;
    stopped.wait().await;
    tracing::info!("stopping");
    for door in doors {
        door.closed().await;
    }
    // After the last answer, because what it promised may still go out.
    drop(stop);
    worker.await.context("the worker")?;
    house.await?;
    telling.await?;
    site.close().await;
    Ok(())
}

/// Says where the portal is, and who can sign in.
#[expect(clippy::print_stdout, reason = "what a person reads who starts it")]
async fn announce(site: &Site) -> anyhow::Result<()> {
    println!("The portal is at {}", site.config.public_url());
    for line in demonstration::lines(site).await? {
        println!("{line}");
    }
    println!("Ctrl-C ends it.");
    Ok(())
}

/// The moment when the portal is to end, for everybody who has to know.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    fn on_signals() -> anyhow::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            stop.send_replace(true);
            // Who asks twice does not want to wait.
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(1)
        });
        Ok(Self(stopped))
    }

    /// Returns when it is time.
    pub(crate) async fn wait(&mut self) {
        // An error says that nobody can tell any more.
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}

/// An address where connections are taken.
struct Door {
    places: Arc<Semaphore>,
    taking: JoinHandle<()>,
}

impl Door {
    fn open(site: &Arc<Site>, listener: TcpListener, routes: Router, stopped: &Stop) -> Self {
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let (site, stopped) = (Arc::clone(site), stopped.clone());
        let taking = tokio::spawn(take(site, listener, routes, stopped, Arc::clone(&places)));
        Self { places, taking }
    }

    /// Waits until everybody has left, but not for ever.
    async fn closed(self) {
        let _ = self.taking.await;
        let all = u32::try_from(MOST_CONNECTIONS).unwrap_or(u32::MAX);
        let _ = timeout(TO_FINISH, self.places.acquire_many(all)).await;
    }
}

/// Takes connections until it is time to stop.
async fn take(
    site: Arc<Site>,
    listener: TcpListener,
    routes: Router,
    mut stopped: Stop,
    places: Arc<Semaphore>,
) {
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        tokio::select! {
            () = stopped.wait() => return,
            (taken, place) = next => match (taken, place) {
                (Ok((stream, peer)), Ok(place)) => {
                    let connection = Connection { stream, peer, place, site: Arc::clone(&site) };
                    tokio::spawn(connection.serve(routes.clone(), stopped.clone()));
                }
                (Err(error), _) => {
                    // The client has gone already, or there are no more files: then some are closed soon.
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(Duration::from_millis(50)).await;
                }
                (_, Err(_)) => return,
            }
        }
    }
}

/// A connection, and its place among those that may be open.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    site: Arc<Site>,
}

impl Connection {
    async fn serve(self, routes: Router, mut stopped: Stop) {
        let Self {
            stream,
            peer,
            place,
            site,
        } = self;
        // Pages are small, and there is somebody who waits for them.
        let _ = stream.set_nodelay(true);
        site.metrics.connections.inc();
        let answers = TowerToHyperService::new(routes);
        let answers = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            answers.call(request)
        });
        let mut connection = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADERS_WITHIN)
                .max_buf_size(LONGEST_HEADERS)
                .serve_connection(TokioIo::new(stream), answers)
        );
        // What goes wrong with a connection is between the client and its network.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = async { tokio::select! { () = stopped.wait() => {}, () = sleep(LONGEST_CONNECTION) => {} } } => {
                connection.as_mut().graceful_shutdown();
                let _ = timeout(TO_FINISH, connection).await;
            }
        }
        site.metrics.connections.dec();
        drop(place);
    }
}

/// Does again and again what nobody asks for, until it is time to stop.
async fn keep_house(site: Arc<Site>, mut stopped: Stop) {
    let mut policy = interval(Duration::from_secs(1));
    let mut rates = interval(Duration::from_secs(60));
    let mut sessions = interval(Duration::from_secs(600));
    for often in [&mut policy, &mut rates, &mut sessions] {
        often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut failing = false;
    loop {
        let done = tokio::select! {
            () = stopped.wait() => return,
            _ = policy.tick() => site.renew_policy().await,
            _ = sessions.tick() => web_session::clean_up(&site.database, now()).await.map_err(Into::into),
            _ = rates.tick() => { site.rates.forget(); continue }
        };
        // Told when it begins and when it is over, not each second.
        match &done {
            Err(error) if !failing => tracing::error!("the database fails: {error:#}"),
            Ok(()) if failing => tracing::info!("the database answers again"),
            _ => {}
        }
        failing = done.is_err();
    }
}
