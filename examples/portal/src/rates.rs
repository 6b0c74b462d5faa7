//! How often one address may send forms. Each portal counts by itself.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Config;
use crate::failure::Failure;
use crate::guard::ClientAddress;
use crate::site::Site;

/// More addresses than these are not kept in mind when they have been quiet for long enough.
const MANY: usize = 100_000;

/// What each address has left.
pub(crate) struct Rates {
    forms: DefaultKeyedRateLimiter<IpAddr>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Rates {
    pub(crate) fn new(config: &Config) -> Self {
        let a_minute =
            |most: u32| Quota::per_minute(NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN));
        Self {
            forms: RateLimiter::keyed(a_minute(config.forms_per_minute)),
            sign_ins: RateLimiter::keyed(a_minute(config.sign_ins_per_minute)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request for the page of that pattern. If it is too much, how long to wait.
    fn count(&self, address: IpAddr, method: &Method, path: &str) -> Result<(), Duration> {
        let takes_guesses = GUESSES.iter().any(|place| path.starts_with(place));
        let limiter = match (method.is_safe(), takes_guesses) {
            _ if path.starts_with(GATEWAY) => return Ok(()),
            _ if path.starts_with(LEGACY) => &self.sign_ins,
            (true, _) if path.starts_with(DEVICES) => &self.forms,
            (true, _) => return Ok(()),
            (false, true) => &self.sign_ins,
            (false, false) => &self.forms,
        };
        if limiter.len() > MANY {
            self.forget();
        }
        limiter
            .check_key(&whose(address))
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Forgets the addresses that have everything left. To be called from time to time.
    pub(crate) fn forget(&self) {
        for limiter in [&self.forms, &self.sign_ins] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Where somebody can guess who is not signed in.
const GUESSES: [&str; 3] = ["/sign-in", "/reset", "/device/pair"];
/// Where a device brings a signature, which takes work to look at, to connect or to answer.
const DEVICES: &str = "/device/";
/// Where one address speaks for many people, with a token for each that nobody can guess.
const GATEWAY: &str = "/gateway";
/// Where programs come in, with a password in each request.
const LEGACY: &str = "/legacy";

/// Who is counted: an address, or with IPv6 the network of one customer, who has more of them than can be counted.
fn whose(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address => address,
    }
}

/// Refuses what is too much, and says when to come back.
pub(crate) async fn not_too_many(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(ClientAddress(address)) = request.extensions().get::<ClientAddress>().copied() else {
        return Failure::Unavailable.into_response();
    };
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or("", MatchedPath::as_str);
    match site.rates.count(address, request.method(), path) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let seconds = wait.as_secs().saturating_add(1);
            let mut response = Failure::TooMany.into_response();
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn rates() -> Rates {
        let flags = [
            "portal",
            "--forms-per-minute",
            "5",
            "--sign-ins-per-minute",
            "2",
        ];
        Rates::new(&Config::try_parse_from(flags).unwrap())
    }

    /// How many requests in a row are taken from an address.
    fn taken(rates: &Rates, address: &str, method: &Method, path: &str) -> usize {
        let address = address.parse().unwrap();
        (0..10)
            .filter(|_| rates.count(address, method, path).is_ok())
            .count()
    }

    #[test]
    fn forms_are_counted_and_pages_are_not() {
        let rates = rates();
        assert_eq!(
            taken(&rates, "192.0.2.1", &Method::GET, "/security-info"),
            10
        );
        assert_eq!(
            taken(&rates, "192.0.2.1", &Method::POST, "/security-info"),
            5
        );
        assert_eq!(taken(&rates, "192.0.2.2", &Method::POST, "/language"), 5);
        assert_eq!(
            taken(&rates, "192.0.2.2", &Method::POST, "/gateway/answer"),
            10
        );
    }

    #[test]
    fn where_guesses_are_made_fewer_are_taken() {
        for path in ["/sign-in", "/sign-in/phone", "/reset", "/reset/password"] {
            assert_eq!(
                taken(&rates(), "192.0.2.1", &Method::POST, path),
                2,
                "{path}"
            );
            assert_eq!(
                taken(&rates(), "192.0.2.1", &Method::GET, path),
                10,
                "{path}"
            );
        }
        assert_eq!(
            taken(&rates(), "192.0.2.1", &Method::GET, "/legacy/mail"),
            2
        );
    }

    #[test]
    fn devices_are_counted_as_forms_are_and_where_they_are_connected_as_guesses() {
        for (method, path, most) in [
            (Method::POST, "/device/pair", 2),
            (Method::GET, "/device/requests", 5),
            (Method::POST, "/device/answers", 5),
            (Method::GET, "/device", 10),
        ] {
            assert_eq!(taken(&rates(), "192.0.2.1", &method, path), most, "{path}");
        }
    }

    #[test]
    fn who_has_to_wait_is_told_how_long() {
        let rates = rates();
        let address = "192.0.2.1".parse().unwrap();
        taken(&rates, "192.0.2.1", &Method::POST, "/sign-in");
        let wait = rates.count(address, &Method::POST, "/sign-in").unwrap_err();
        assert!(
            wait > Duration::from_secs(20) && wait <= Duration::from_secs(30),
            "{wait:?}"
        );
    }

    #[test]
    fn a_network_of_ipv6_is_one_visitor_and_ipv4_within_ipv6_is_ipv4() {
        let whose = |text: &str| whose(text.parse().unwrap()).to_string();
        assert_eq!(whose("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::");
        assert_eq!(whose("2001:db8:1:2::"), "2001:db8:1:2::");
        assert_eq!(whose("2001:db8:1:3::1"), "2001:db8:1:3::");
        assert_eq!(whose("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
