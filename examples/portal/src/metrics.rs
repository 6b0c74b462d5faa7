//! Numbers for those who watch the portal, as Prometheus asks for them. No names, no addresses.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use mfa_flow::What;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use serde_json::Value;
use sqlx::Row as _;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::password;
use crate::site::Site;

/// Upper limits in seconds, by which the durations of requests are sorted. Hashing a password takes some hundredths.
const DURATIONS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// The database is away if it does not answer in that time.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Path, Histogram, fn() -> Histogram>,
    events: Family<Happened, Counter>,
    deliveries: Family<Settled, Counter>,
    pub(crate) connections: Gauge,
    devices: Gauge,
    passwords: Gauge,
    waiting: Gauge,
    tries: Gauge,
    given_up: Gauge,
    memory: Gauge,
    most_memory: Gauge,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    path: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Path {
    path: String,
}

/// An event of the audit log, without whom it is about.
#[derive(Clone, Debug, Default, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Happened {
    what: String,
    purpose: String,
    result: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Settled {
    result: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let durations: fn() -> Histogram = || Histogram::new(DURATIONS);
        let mut metrics = Self {
            registry: Registry::with_prefix("portal"),
            requests: Family::default(),
            durations: Family::new_with_constructor(durations),
            events: Family::default(),
            deliveries: Family::default(),
            connections: Gauge::default(),
            devices: Gauge::default(),
            passwords: Gauge::default(),
            waiting: Gauge::default(),
            tries: Gauge::default(),
            given_up: Gauge::default(),
            memory: Gauge::default(),
            most_memory: Gauge::default(),
        };
        let Self {
            registry,
            requests,
            durations,
            events,
            deliveries,
            ..
        } = &mut metrics;
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register(
            "request_seconds",
            "How long answers took",
            durations.clone(),
        );
        registry.register(
            "events",
            "Lines of the audit log: sign-ins with their results, changes",
            events.clone(),
        );
        registry.register(
            "deliveries",
            "Things that went out, or did not",
            deliveries.clone(),
        );
        for (name, help, gauge) in [
            ("connections", "Open connections", &metrics.connections),
            (
                "devices_listening",
                "Streams on which authenticator apps wait for requests",
                &metrics.devices,
            ),
            (
                "passwords_waiting",
                "Passwords that are being hashed or wait for it",
                &metrics.passwords,
            ),
            (
                "outbox_waiting",
                "Things that have to go out",
                &metrics.waiting,
            ),
            (
                "outbox_tries",
                "Tries of what was tried most often and still has to go out",
                &metrics.tries,
            ),
            (
                "outbox_given_up",
                "Things that were given up in the last week",
                &metrics.given_up,
            ),
            ("memory_bytes", "Memory of the process now", &metrics.memory),
            (
                "memory_most_bytes",
                "Memory of the process when it was most",
                &metrics.most_memory,
            ),
        ] {
            metrics.registry.register(name, help, gauge.clone());
        }
        metrics
    }

    /// Counts a request by the pattern of its path.
    pub(crate) fn request(&self, method: &'static str, path: &str, status: u16, took: Duration) {
        let path = path.to_owned();
        self.durations
            .get_or_create(&Path { path: path.clone() })
            .observe(took.as_secs_f64());
        self.requests
            .get_or_create(&Answered {
                method,
                path,
                status,
            })
            .inc();
    }

    /// Counts what the audit log was told.
    pub(crate) fn event(&self, what: &What) {
        self.events.get_or_create(&happened(what)).inc();
    }

    /// Counts a delivery that ended.
    pub(crate) fn delivery(&self, result: &'static str) {
        self.deliveries.get_or_create(&Settled { result }).inc();
    }

    /// Everything as Prometheus reads it.
    async fn text(&self, site: &Site) -> Result<String, Failure> {
        let row = sqlx::query(OUTBOX).fetch_one(&site.database).await?;
        for (name, gauge) in [
            ("waiting", &self.waiting),
            ("tries", &self.tries),
            ("given_up", &self.given_up),
        ] {
            gauge.set(row.try_get(name)?);
        }
        self.passwords.set(password::waiting());
        let devices = site.listening.count();
        self.devices.set(i64::try_from(devices).unwrap_or(i64::MAX));
        // Where the system does not say, it stays 0.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        self.memory.set(bytes(&status, "VmRSS:"));
        self.most_memory.set(bytes(&status, "VmHWM:"));
        let mut text = String::new();
        let encoded = encode(&mut text, &self.registry);
        encoded.map(|()| text).map_err(|_| Failure::Unavailable)
    }
}

const OUTBOX: &str = "SELECT \
    COALESCE(SUM(1 - dead), 0) AS waiting, \
    COALESCE(SUM(dead), 0) AS given_up, \
    COALESCE(MAX(attempts * (1 - dead)), 0) AS tries \
    FROM mfa_outbox";

/// The words of an event that stand for few values.
fn happened(what: &What) -> Happened {
    match serde_json::to_value(what) {
        Ok(Value::String(what)) => Happened {
            what,
            ..Happened::default()
        },
        Ok(Value::Object(object)) => {
            let Some((what, fields)) = object.into_iter().next() else {
                return Happened::default();
            };
            let word = |name| {
                fields
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            Happened {
                purpose: word("purpose"),
                result: word("result"),
                what,
            }
        }
        _ => Happened::default(),
    }
}

/// The number of a line such as `VmRSS:  1234 kB`.
fn bytes(status: &str, name: &str) -> i64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number
        .and_then(|number| number.parse().ok())
        .map_or(0, |number: i64| number.saturating_mul(1024))
}

/// What those see who watch the portal.
pub(crate) fn routes(site: &Arc<Site>) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .route("/healthz", get(health))
        .with_state(Arc::clone(site))
}

async fn show(State(site): State<Arc<Site>>) -> Result<impl IntoResponse, Failure> {
    let text = timeout(PATIENCE, site.metrics.text(&site)).await;
    let text = text.map_err(|_| Failure::Unavailable)??;
    Ok((
        [(
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        )],
        text,
    ))
}

/// Whether the database answers. Without it nobody can be let in.
pub(crate) async fn health(State(site): State<Arc<Site>>) -> Result<&'static str, Failure> {
    let answers = sqlx::query("SELECT 1").execute(&site.database);
    match timeout(PATIENCE, answers).await {
        Ok(Ok(_)) => Ok("ok\n"),
        _ => Err(Failure::Unavailable),
    }
}

#[cfg(test)]
mod tests {
    use mfa_flow::Class;
    use mfa_policy::Purpose;

    use super::*;

    #[test]
    fn an_event_is_counted_by_what_purpose_and_result_alone() {
        let answered = What::Answered {
            purpose: Some(Purpose::TwoStep),
            result: Class::Wrong,
        };
        let expected = ["answered", "two_step", "wrong"].map(str::to_owned);
        let Happened {
            what,
            purpose,
            result,
        } = happened(&answered);
        assert_eq!([what, purpose, result], expected);
        assert_eq!(happened(&What::Bound).what, "bound");
        let refused = What::Refused {
            reasons: vec!["ada".to_owned()],
        };
        assert_eq!(
            happened(&refused),
            Happened {
                what: "refused".to_owned(),
                ..Happened::default()
            }
        );
    }

    #[test]
    fn what_is_counted_can_be_read_by_prometheus() {
        let metrics = Metrics::new();
        metrics.request("GET", "/sign-in", 200, Duration::from_millis(3));
        metrics.event(&What::Bound);
        metrics.delivery("sent");
        let mut text = String::new();
        encode(&mut text, &metrics.registry).unwrap();
        for line in [
            "portal_requests_total{method=\"GET\",path=\"/sign-in\",status=\"200\"} 1",
            "portal_request_seconds_bucket{le=\"0.005\",path=\"/sign-in\"} 1",
            "portal_request_seconds_bucket{le=\"0.0025\",path=\"/sign-in\"} 0",
            "portal_events_total{what=\"bound\",purpose=\"\",result=\"\"} 1",
            "portal_deliveries_total{result=\"sent\"} 1",
            "portal_connections 0",
        ] {
            assert!(
                text.lines().any(|there| there == line),
                "{line} is not in\n{text}"
            );
        }
    }

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(
            bytes("VmPeak:\t 9 kB\nVmRSS:\t   12 kB\n", "VmRSS:"),
            12 * 1024
        );
        assert_eq!(bytes("", "VmRSS:"), 0);
    }
}
