//! What stands before every page: where a form comes from, how much and how long is taken, and what browsers may do with
//! what they get.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::HttpBody as _;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use crate::failure::Failure;
use crate::site::Site;

/// The longest form that is taken. A page that takes more says so where its route is.
pub(crate) const LONGEST_FORM: usize = 64 * 1024;
/// No page takes more than that, and who announces it is not listened to.
const LONGEST_BODY: u64 = 4 * 1024 * 1024;
/// An answer takes no longer, with the form that it answers.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

/// The address that a request came from.
#[derive(Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Only what we serve ourselves, no script and no style within a page, in nobody's frame, and forms only to us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Security keys for our own pages, and nothing else that asks for a permission.
const PERMISSIONS: &str = "publickey-credentials-create=(self), publickey-credentials-get=(self), camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Headers of every answer. Pages are kept nowhere; what never changes says so itself.
const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (CACHE_CONTROL, "no-store"),
];

/// For a year, browsers come by TLS alone (ASVS 3.4.1). What other hosts of the domain do is not ours to say.
const ALWAYS_TLS: &str = "max-age=31536000";

/// Tells the pages where a request comes from, and gives every answer its headers.
pub(crate) async fn address_and_headers(
    State(site): State<Arc<Site>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(peer)) = peer {
        let told = forwarded_for(request.headers()).filter(|_| site.config.behind_proxy);
        let address = ClientAddress(told.unwrap_or(peer.ip()));
        request.extensions_mut().insert(address);
    }
    let mut response = next.run(request).await;
    give_headers(response.headers_mut(), site.config.is_https());
    response
}

fn give_headers(headers: &mut HeaderMap, is_https: bool) {
    let always_tls = is_https.then_some((STRICT_TRANSPORT_SECURITY, ALWAYS_TLS));
    for (name, value) in HEADERS.into_iter().chain(always_tls) {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

/// The address that the nearest proxy saw. What stands before it in the header, the visitor may have written.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let told = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = told.to_str().ok()?.rsplit(',').next()?.trim();
    let with_port = || last.parse().map(|address: SocketAddr| address.ip()).ok();
    let address: Option<IpAddr> = last.parse().ok();
    address.or_else(with_port)
}

/// Takes forms from our own pages only (Fetch Metadata, and `Origin` for browsers without it). Cookies prove nothing here.
pub(crate) async fn own_forms_only(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || is_own(request.headers(), &site.config.public_url()) {
        next.run(request).await
    } else {
        Failure::Foreign.into_response()
    }
}

/// Both have to say so if both are there.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let only = |name: HeaderName| {
        let mut all = headers.get_all(name).iter().map(HeaderValue::as_bytes);
        (all.next(), all.next().is_none())
    };
    let site = match only(HeaderName::from_static("sec-fetch-site")) {
        (Some(site), true) => Some(site == b"same-origin"),
        (None, _) => None,
        _ => Some(false),
    };
    let origin = match only(ORIGIN) {
        (Some(origin), true) => Some(origin == public_url.as_bytes()),
        (None, _) => None,
        _ => Some(false),
    };
    matches!(
        (site, origin),
        (Some(true), None | Some(true)) | (None, Some(true))
    )
}

/// Ends what takes too long, and refuses what no page of ours sends: bodies without end, and NUL in addresses, which not every
/// database can keep.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let has_nul = |text: &str| text.contains("%00");
    if has_nul(uri.path()) || uri.query().is_some_and(has_nul) {
        return Failure::Malformed.into_response();
    }
    if request.body().size_hint().lower() > LONGEST_BODY {
        return Failure::TooLarge.into_response();
    }
    match timeout(LONGEST_REQUEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::TooSlow.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let all = all.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let mut map = HeaderMap::new();
        for (name, value) in all {
            map.append(name, value);
        }
        map
    }

    const OWN: &str = "https://id.example.com";

    fn own(all: &[(&'static str, &'static str)]) -> bool {
        is_own(&headers(all), OWN)
    }

    #[test]
    fn a_form_of_our_own_page_is_taken() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", OWN)]));
        assert!(own(&[("origin", OWN)]), "a browser without fetch metadata");
    }

    #[test]
    fn a_form_from_elsewhere_is_not_taken() {
        for site in ["cross-site", "same-site", "none", "", "Same-Origin"] {
            assert!(!own(&[("sec-fetch-site", site)]), "{site}");
            assert!(!own(&[("sec-fetch-site", site), ("origin", OWN)]), "{site}");
        }
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://id.example.com.evil.example",
            "https://id.example.com:444",
            "http://id.example.com",
            "https://id.example.com/",
        ] {
            assert!(!own(&[("origin", origin)]), "{origin}");
            let both = [("sec-fetch-site", "same-origin"), ("origin", origin)];
            assert!(!own(&both), "{origin}");
        }
        assert!(!own(&[]), "nothing is told");
        assert!(!own(&[("cookie", "__Host-session=x"), ("referer", OWN)]));
    }

    #[test]
    fn a_form_that_says_two_things_is_not_taken() {
        assert!(!own(&[("origin", OWN), ("origin", "https://evil.example")]));
        assert!(!own(&[("origin", OWN), ("origin", OWN)]));
        let sites = [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
        ];
        assert!(!own(&sites));
    }

    #[test]
    fn the_last_proxy_says_where_somebody_comes_from() {
        let told = |all: &[(&'static str, &'static str)]| {
            forwarded_for(&headers(all)).map(|address| address.to_string())
        };
        let last = |value| told(&[("x-forwarded-for", value)]);
        assert_eq!(last("192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(last("10.0.0.1, 192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(last("x, 2001:db8::1").as_deref(), Some("2001:db8::1"));
        assert_eq!(last("192.0.2.1:4711").as_deref(), Some("192.0.2.1"));
        assert_eq!(last("[2001:db8::1]:4711").as_deref(), Some("2001:db8::1"));
        let two = [
            ("x-forwarded-for", "10.0.0.1"),
            ("x-forwarded-for", "192.0.2.1"),
        ];
        assert_eq!(told(&two).as_deref(), Some("192.0.2.1"));
        assert_eq!(last("192.0.2.1, "), None);
        assert_eq!(last("unknown"), None);
        assert_eq!(told(&[]), None);
    }

    #[test]
    fn every_answer_has_the_headers_and_keeps_its_own() {
        let mut given = headers(&[("cache-control", "public, max-age=300")]);
        give_headers(&mut given, false);
        assert_eq!(given["cache-control"], "public, max-age=300");
        assert_eq!(given["content-security-policy"], POLICY);
        assert_eq!(given["permissions-policy"], PERMISSIONS);
        assert_eq!(given["x-content-type-options"], "nosniff");
        assert_eq!(given["referrer-policy"], "same-origin");
        assert_eq!(given["cross-origin-opener-policy"], "same-origin");
        assert_eq!(given["cross-origin-resource-policy"], "same-origin");
        assert!(!given.contains_key("strict-transport-security"));
        let mut page = HeaderMap::new();
        give_headers(&mut page, true);
        assert_eq!(page["cache-control"], "no-store");
        assert_eq!(page["strict-transport-security"], "max-age=31536000");
    }

    #[test]
    fn nothing_within_a_page_runs_or_is_styled() {
        for word in ["unsafe", "http:", "https:", "*", "blob:"] {
            assert!(!POLICY.contains(word), "{word}");
        }
    }
}
