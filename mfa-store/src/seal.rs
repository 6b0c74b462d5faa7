//! Sealing: what is kept in the database is opened with the right key, at the place where it was sealed, or not at all.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::keyring::{KeyId, Keyring};

/// The form of sealed bodies: nonce, ciphertext, tag. A higher one is refused.
pub(crate) const FORMAT: u16 = 1;

/// The largest body that is sealed or opened, in bytes.
const LARGEST: usize = 64 * 1024;
const NONCE: usize = 24;
const TAG: usize = 16;

/// What a body is bound to: table and columns of its row.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    Account {
        tenant: &'a str,
        holder: &'a str,
        version: u64,
    },
    Outbox {
        tenant: &'a str,
        holder: &'a str,
        commit: &'a [u8; 16],
        position: u32,
    },
}

/// A sealed body and what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) format: u16,
    pub(crate) key: KeyId,
    pub(crate) body: Vec<u8>,
}

impl Keyring {
    /// Seals with the current key, under a random nonce (24 bytes are long enough for that).
    pub(crate) fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Sealed, StoreError> {
        if plain.len() > LARGEST.saturating_sub(NONCE + TAG) {
            return Err(StoreError::TooLarge);
        }
        let key = self.current();
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| StoreError::NoRandomness)?;
        let nonce = XNonce::from(nonce);
        // INVARIANT: grown in advance, so that the plain text is nowhere but where it is encrypted.
        let mut body = Vec::with_capacity(plain.len().saturating_add(NONCE + TAG));
        body.extend_from_slice(&nonce);
        body.extend_from_slice(plain);
        let tag = body
            .get_mut(NONCE..)
            .and_then(|text| {
                cipher(key.expose())
                    .encrypt_inout_detached(
                        &nonce,
                        &place.associated(FORMAT, key.id()),
                        text.into(),
                    )
                    .ok()
            })
            .ok_or(StoreError::TooLarge)?;
        body.extend_from_slice(&tag);
        Ok(Sealed {
            format: FORMAT,
            key: key.id(),
            body,
        })
    }

    /// Opens what was sealed at that place.
    pub(crate) fn open(
        &self,
        place: Place<'_>,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        if sealed.format > FORMAT {
            return Err(StoreError::Newer);
        }
        let key = self
            .find(sealed.key)
            .ok_or(StoreError::UnknownKey(sealed.key))?;
        let unreadable = StoreError::Unreadable;
        if sealed.body.len() > LARGEST {
            return Err(unreadable);
        }
        let Some((nonce, rest)) = sealed.body.split_first_chunk::<NONCE>() else {
            return Err(unreadable);
        };
        let Some((text, tag)) = rest.split_last_chunk::<TAG>() else {
            return Err(unreadable);
        };
        let mut plain = Zeroizing::new(text.to_vec());
        cipher(key.expose())
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                &place.associated(sealed.format, sealed.key),
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| unreadable)?;
        Ok(plain)
    }
}

impl Place<'_> {
    /// Everything that a body is bound to, each part with its length before it.
    fn associated(&self, format: u16, key: KeyId) -> Vec<u8> {
        let (format, key) = (format.to_be_bytes(), key.get().to_be_bytes());
        match self {
            Self::Account {
                tenant,
                holder,
                version,
            } => joined(&[
                b"account",
                tenant.as_bytes(),
                holder.as_bytes(),
                &version.to_be_bytes(),
                &format,
                &key,
            ]),
            Self::Outbox {
                tenant,
                holder,
                commit,
                position,
            } => joined(&[
                b"outbox",
                tenant.as_bytes(),
                holder.as_bytes(),
                commit.as_slice(),
                &position.to_be_bytes(),
                &format,
                &key,
            ]),
        }
    }
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts {
        // INVARIANT: usize is at most 64 bits wide on every platform of Rust.
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place::Account {
        tenant: "acme",
        holder: "ada",
        version: 7,
    };

    fn keyring() -> Keyring {
        Keyring::new(KeyId::new(1), [1; 32])
    }

    #[test]
    fn what_was_sealed_opens_at_its_place() {
        let sealed = keyring().seal(HERE, b"a secret").unwrap();
        assert_eq!(
            keyring().open(HERE, &sealed).unwrap().as_slice(),
            b"a secret"
        );
    }

    #[test]
    fn a_body_opens_nowhere_else() {
        let sealed = keyring().seal(HERE, b"a secret").unwrap();
        let account = |tenant, holder, version| Place::Account {
            tenant,
            holder,
            version,
        };
        let elsewhere = [
            account("acm", "eada", 7),
            account("acme", "eve", 7),
            account("other", "ada", 7),
            account("acme", "ada", 8),
            Place::Outbox {
                tenant: "acme",
                holder: "ada",
                commit: &[0; 16],
                position: 7,
            },
        ];
        for place in elsewhere {
            assert!(matches!(
                keyring().open(place, &sealed),
                Err(StoreError::Unreadable)
            ));
        }
    }

    #[test]
    fn an_outbox_body_is_bound_to_commit_and_position() {
        let outbox = |commit, position| Place::Outbox {
            tenant: "acme",
            holder: "ada",
            commit,
            position,
        };
        let sealed = keyring().seal(outbox(&[1; 16], 0), b"a code").unwrap();
        assert!(keyring().open(outbox(&[1; 16], 0), &sealed).is_ok());
        assert!(keyring().open(outbox(&[1; 16], 1), &sealed).is_err());
        assert!(keyring().open(outbox(&[2; 16], 0), &sealed).is_err());
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let sealed = keyring().seal(HERE, b"a secret").unwrap();
        for place in 0..sealed.body.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed.body[place] ^= 1 << bit;
                assert!(keyring().open(HERE, &changed).is_err());
            }
            let mut cut = sealed.clone();
            cut.body.truncate(place);
            assert!(keyring().open(HERE, &cut).is_err());
        }
        let mut longer = sealed;
        longer.body.push(0);
        assert!(keyring().open(HERE, &longer).is_err());
    }

    #[test]
    fn an_older_key_opens_until_it_is_left_out() {
        let sealed = keyring().seal(HERE, b"a secret").unwrap();
        let rotated = Keyring::new(KeyId::new(2), [2; 32]);
        assert!(matches!(
            rotated.open(HERE, &sealed),
            Err(StoreError::UnknownKey(id)) if id == KeyId::new(1)
        ));
        let rotated = rotated.with_older(KeyId::new(1), [1; 32]).unwrap();
        assert!(rotated.open(HERE, &sealed).is_ok());
        assert_eq!(rotated.seal(HERE, b"").unwrap().key, KeyId::new(2));
    }

    #[test]
    fn the_number_of_the_key_and_the_format_are_bound_too() {
        let same = Keyring::new(KeyId::new(1), [1; 32])
            .with_older(KeyId::new(2), [1; 32])
            .unwrap();
        let mut sealed = same.seal(HERE, b"a secret").unwrap();
        sealed.key = KeyId::new(2);
        assert!(matches!(
            same.open(HERE, &sealed),
            Err(StoreError::Unreadable)
        ));
        let mut newer = same.seal(HERE, b"a secret").unwrap();
        newer.format += 1;
        assert!(matches!(same.open(HERE, &newer), Err(StoreError::Newer)));
    }

    #[test]
    fn the_same_text_is_never_sealed_to_the_same_body() {
        let first = keyring().seal(HERE, b"a secret").unwrap();
        assert_ne!(first.body, keyring().seal(HERE, b"a secret").unwrap().body);
    }

    #[test]
    fn what_is_too_large_is_not_sealed() {
        let most = vec![0; LARGEST - NONCE - TAG];
        let sealed = keyring().seal(HERE, &most).unwrap();
        assert!(keyring().open(HERE, &sealed).is_ok());
        let more = vec![0; most.len() + 1];
        assert!(matches!(
            keyring().seal(HERE, &more),
            Err(StoreError::TooLarge)
        ));
    }

    #[test]
    fn a_keyring_tells_only_its_numbers() {
        let keyring = keyring().with_older(KeyId::new(9), [9; 32]).unwrap();
        assert_eq!(
            format!("{keyring:?}"),
            "Keyring { current: KeyId(1), older: [KeyId(9)], .. }"
        );
    }
}
