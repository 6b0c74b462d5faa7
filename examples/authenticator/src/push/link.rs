//! The link that a portal shows, mostly as a QR code.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::{PersonId, RegistrationId};
use url::{Host, Url};
use zeroize::Zeroizing;

/// `PUBLIC-URL/device#REGISTRATION.TOKEN.PERSON`, the person in Base64url: it pairs one device with one portal. Redacted, because of
/// its token.
pub struct Link {
    portal: Url,
    registration: RegistrationId,
    token: Zeroizing<String>,
    person: PersonId,
}

/// A text that is no link to pair with. The text is not repeated: it may hold a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Something else.
    #[error("this is no link to pair with: one begins with `https://` and has `/device#` in it")]
    Other,
    /// It has no end, or a bad one.
    #[error("the link to pair with is not whole: copy all of it")]
    Broken,
    /// What is sent there can be read on the way.
    #[error(
        "`{host}` is not on this machine, and a link to elsewhere has to begin with `https://`"
    )]
    Insecure {
        /// Where it leads.
        host: String,
    },
}

impl Link {
    /// Where the portal is: everything before `/device#`.
    #[must_use]
    pub const fn portal(&self) -> &Url {
        &self.portal
    }

    pub(crate) const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    pub(crate) const fn person(&self) -> &PersonId {
        &self.person
    }

    pub(super) fn expose_token(&self) -> &str {
        &self.token
    }
}

impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        let (portal, parts) = text.split_once(PATH).ok_or(LinkError::Other)?;
        if text.len() > LONGEST {
            return Err(LinkError::Broken);
        }
        let portal = portal_at(portal)?;
        let mut parts = parts.splitn(3, '.');
        let mut part = || parts.next().map(str::trim).ok_or(LinkError::Broken);
        let (registration, token, person) = (part()?, part()?, part()?);
        let person = URL_SAFE_NO_PAD.decode(person).ok();
        let person = person.and_then(|person| String::from_utf8(person).ok());
        let person = person.and_then(|person| PersonId::new(&person).ok());
        if token.is_empty() {
            return Err(LinkError::Broken);
        }
        Ok(Self {
            portal,
            registration: RegistrationId::new(registration).map_err(|_| LinkError::Broken)?,
            token: Zeroizing::new(token.to_owned()),
            person: person.ok_or(LinkError::Broken)?,
        })
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("portal", &self.portal.as_str())
            .finish_non_exhaustive()
    }
}

/// `https`, or `http` where nothing leaves this machine; nothing but where it is.
fn portal_at(address: &str) -> Result<Url, LinkError> {
    let url = Url::parse(address).map_err(|_| LinkError::Other)?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) if is_plain => Ok(url),
        ("http", Some(_)) if is_plain && is_loopback(&url) => Ok(url),
        ("http", Some(host)) if is_plain => Err(LinkError::Insecure {
            host: host.to_owned(),
        }),
        _ => Err(LinkError::Other),
    }
}

/// Only names that no resolver can lead elsewhere: `x.localhost` may be asked for in the DNS.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What stands between where the portal is and the three parts. What comes after the `#` is sent to no server.
const PATH: &str = "/device#";
/// Bytes. The three parts have less than 512.
const LONGEST: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    /// As a portal writes them.
    const ADA: &str = "AAAAAAAAAAAAAAAAAAAAAA.ABCD-EFGH.YWRhLmxvdmVsYWNl";

    fn refused(text: &str) -> LinkError {
        text.parse::<Link>().unwrap_err()
    }

    #[test]
    fn what_a_portal_writes_is_read() {
        for (before, portal) in [
            ("https://id.example.com", "https://id.example.com/"),
            ("https://example.com/id", "https://example.com/id"),
            ("http://localhost:3000", "http://localhost:3000/"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/"),
            ("http://[::1]:3000", "http://[::1]:3000/"),
        ] {
            let link: Link = format!(" {before}/device#{ADA}\n").parse().unwrap();
            assert_eq!(link.portal().as_str(), portal);
            assert_eq!(link.registration().as_str(), "AAAAAAAAAAAAAAAAAAAAAA");
            assert_eq!(link.expose_token(), "ABCD-EFGH");
            assert_eq!(link.person().as_str(), "ada.lovelace");
        }
    }

    #[test]
    fn without_tls_it_leads_nowhere_but_to_this_machine() {
        for host in [
            "id.example.com",
            "localhost.example.com",
            "a.localhost",
            "10.0.0.1",
            "[2001:db8::1]",
        ] {
            let text = format!("http://{host}/device#{ADA}");
            assert_eq!(
                refused(&text),
                LinkError::Insecure {
                    host: host.to_owned()
                }
            );
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "otpauth://totp/Acme:ada?secret=GEZDGNBVGY3TQOJQ",
            "https://id.example.com/device",
            "https://id.example.com/other#a.b.c",
            &format!("ftp://id.example.com/device#{ADA}"),
            &format!("https://ada:pass@id.example.com/device#{ADA}"),
            &format!("https://id.example.com?x=/device#{ADA}"),
            &format!("id.example.com/device#{ADA}"),
            &format!("/device#{ADA}"),
        ] {
            assert_eq!(refused(text), LinkError::Other, "{text}");
        }
    }

    #[test]
    fn half_a_link_is_told_from_something_else() {
        for parts in [
            "", "a", "a.b", "..", "a..YWRh", ".b.YWRh", "a.b.", "a.b.!", "a.b./w",
        ] {
            let text = format!("https://id.example.com/device#{parts}");
            assert_eq!(refused(&text), LinkError::Broken, "{text}");
        }
        let long = format!("https://id.example.com/device#{ADA}{}", "A".repeat(LONGEST));
        assert_eq!(refused(&long), LinkError::Broken);
    }

    #[test]
    fn its_token_is_not_shown() {
        let link: Link = format!("https://id.example.com/device#{ADA}")
            .parse()
            .unwrap();
        assert!(!format!("{link:?}").contains("ABCD"), "{link:?}");
    }
}
