//! Hardware tokens that were imported and wait for their person: their seeds are sealed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::site::{self, Site};
use crate::token_list::ListedToken;

const NONCE: usize = 24;

/// A token that waits, as far as it may be seen.
pub(crate) struct WaitingToken {
    pub(crate) serial: String,
    /// Whose it is to be, as the list said it; empty for nobody's yet.
    pub(crate) person: String,
    pub(crate) imported: i64,
}

/// Keeps a token. `false` if one of that serial number waits already.
pub(crate) async fn keep(site: &Site, token: &ListedToken) -> Result<bool, Failure> {
    let kept = sqlx::query(
        "INSERT INTO portal_token (serial, person, imported, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT (serial) DO NOTHING",
    )
    .bind(token.serial.clone())
    .bind(token.person.clone())
    .bind(site::now().unix_seconds())
    .bind(seal(site.keys.portal_key(), token)?)
    .execute(&site.database)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// The tokens that wait, up to `most` of them after that serial number.
pub(crate) async fn waiting(
    site: &Site,
    after: &str,
    most: i64,
) -> Result<Vec<WaitingToken>, Failure> {
    let rows = sqlx::query(
        "SELECT serial, person, imported FROM portal_token WHERE serial > $1 ORDER BY serial LIMIT $2",
    )
    .bind(after.to_owned())
    .bind(most)
    .fetch_all(&site.database)
    .await?;
    let token = |row: &sqlx::any::AnyRow| {
        Ok(WaitingToken {
            serial: row.try_get("serial")?,
            person: row.try_get("person")?,
            imported: row.try_get("imported")?,
        })
    };
    Ok(rows.iter().map(token).collect::<sqlx::Result<_>>()?)
}

/// The token of that serial number, if it waits.
pub(crate) async fn find(site: &Site, serial: &str) -> Result<Option<ListedToken>, Failure> {
    let row = sqlx::query("SELECT sealed FROM portal_token WHERE serial = $1")
        .bind(serial.to_owned())
        .fetch_optional(&site.database)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: &str = row.try_get("sealed")?;
    open(site.keys.portal_key(), serial, sealed).map(Some)
}

/// Forgets a token: it is its person's now, or nobody's.
pub(crate) async fn forget(site: &Site, serial: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM portal_token WHERE serial = $1")
        .bind(serial.to_owned())
        .execute(&site.database)
        .await?;
    Ok(())
}

/// Seals a token for its row.
fn seal(key: &[u8; 32], token: &ListedToken) -> Result<String, Failure> {
    let plain = serde_json::to_vec(token).map(Zeroizing::new);
    let plain = plain.map_err(|_| Failure::Unavailable)?;
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| Failure::Unavailable)?;
    let payload = Payload {
        msg: &plain,
        aad: token.serial.as_bytes(),
    };
    let sealed = cipher(key)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Failure::Unavailable)?;
    Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
}

/// Opens what was sealed for the row of that serial number.
fn open(key: &[u8; 32], serial: &str, sealed: &str) -> Result<ListedToken, Failure> {
    let unreadable = || {
        tracing::error!("a token that waits cannot be opened");
        Failure::Unavailable
    };
    let sealed = STANDARD.decode(sealed).map_err(|_| unreadable())?;
    let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let payload = Payload {
        msg: text,
        aad: serial.as_bytes(),
    };
    let plain = cipher(key)
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| unreadable())?;
    serde_json::from_slice(&Zeroizing::new(plain)).map_err(|_| unreadable())
}

/// A key for tokens alone, of the portal's.
fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    let mut hash = Sha256::new_with_prefix(b"hardware tokens that wait");
    hash.update(key);
    XChaCha20Poly1305::new(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_list::TokenList;

    fn token() -> ListedToken {
        let list = "serial,seed,type\n7,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,totp\n";
        TokenList::read(list.as_bytes()).tokens.remove(0).1
    }

    #[test]
    fn a_token_opens_under_its_key_in_its_row_and_nowhere_else() {
        let sealed = seal(&[1; 32], &token()).unwrap();
        assert_eq!(open(&[1; 32], "7", &sealed).unwrap().serial, "7");
        assert!(open(&[1; 32], "8", &sealed).is_err());
        assert!(open(&[2; 32], "7", &sealed).is_err());
        assert!(open(&[1; 32], "7", "AAAA").is_err());
    }

    #[test]
    fn no_seed_can_be_read_in_a_row() {
        let sealed = STANDARD.decode(seal(&[1; 32], &token()).unwrap()).unwrap();
        let seed = b"MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";
        assert!(!sealed.windows(seed.len()).any(|part| part == seed));
    }
}
