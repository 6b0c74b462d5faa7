//! The keys that are kept outside the database.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_flow::HashKey;
use mfa_store::{KeyId, Keyring};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What the file holds: JSON, keys in Base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// For recovery codes and app passwords: the same for ever.
    hash: Zeroizing<String>,
    /// For what the portal signs itself.
    portal: Zeroizing<String>,
    /// What seals the accounts. The first is used for what is written, the others for what was written before.
    sealing: Vec<SealingKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealingKey {
    number: u32,
    key: Zeroizing<String>,
}

/// The keys of the portal.
pub(crate) struct Keys {
    hash: Zeroizing<[u8; 32]>,
    portal: Zeroizing<[u8; 32]>,
    sealing: Vec<(u32, Zeroizing<[u8; 32]>)>,
}

impl Keys {
    /// Reads a file of keys.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let read = || -> anyhow::Result<Self> {
            let mut file = fs::File::open(path)?;
            let found = file.metadata()?;
            let is_open = found.permissions().mode() & OF_OTHERS != 0;
            ensure!(
                !is_open,
                "everybody on this machine can read it; chmod o= {}",
                path.display()
            );
            // Long enough from the start, so that no piece of it is left where it lay before.
            let length = usize::try_from(found.len())?.saturating_add(1);
            let mut text = Zeroizing::new(String::with_capacity(length));
            file.read_to_string(&mut text)?;
            // An error of the parser could repeat a piece of a key.
            let file: File = serde_json::from_str(&text)
                .ok()
                .context("it is no file of keys")?;
            let sealing = file.sealing.iter();
            let sealing = sealing.map(|sealing| Ok((sealing.number, key(&sealing.key)?)));
            let sealing: Vec<_> = sealing.collect::<anyhow::Result<_>>()?;
            ensure!(!sealing.is_empty(), "it has no sealing key");
            Ok(Self {
                hash: key(&file.hash)?,
                portal: key(&file.portal)?,
                sealing,
            })
        };
        read().with_context(|| format!("reading the keys from {}", path.display()))
    }

    /// Writes new keys, where there is no file yet, for its owner only.
    pub(crate) fn make(path: &Path) -> anyhow::Result<()> {
        let random = || -> anyhow::Result<Zeroizing<String>> {
            let mut bytes = Zeroizing::new([0; 32]);
            getrandom::fill(bytes.as_mut_slice())?;
            Ok(Zeroizing::new(STANDARD.encode(bytes.as_slice())))
        };
        let file = File {
            hash: random()?,
            portal: random()?,
            sealing: vec![SealingKey {
                number: 1,
                key: random()?,
            }],
        };
        let text = Zeroizing::new(serde_json::to_string_pretty(&file)?);
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600);
        let mut file = options
            .open(path)
            .with_context(|| format!("making {}", path.display()))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(())
    }

    pub(crate) fn hash_key(&self) -> HashKey {
        HashKey::from_bytes(*self.hash)
    }

    pub(crate) fn portal_key(&self) -> &[u8; 32] {
        &self.portal
    }

    pub(crate) fn keyring(&self) -> anyhow::Result<Keyring> {
        let mut keys = self.sealing.iter();
        let (number, key) = keys.next().context("no sealing key")?;
        keys.try_fold(
            Keyring::new(KeyId::new(*number), **key),
            |keyring, (number, key)| Ok(keyring.with_older(KeyId::new(*number), **key)?),
        )
    }
}

/// Whatever is permitted to those who are neither the owner nor of the group.
const OF_OTHERS: u32 = 0o007;

fn key(text: &str) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let read = STANDARD.decode_slice(text.trim(), key.as_mut_slice());
    ensure!(read == Ok(32), "a key has 32 bytes in Base64");
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of keys in a folder of the test's own.
    fn made(name: &str) -> std::path::PathBuf {
        let name = format!("portal-keys-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_file(&path);
        Keys::make(&path).unwrap();
        path
    }

    #[test]
    fn keys_that_were_made_can_be_read_and_are_never_made_over() {
        let path = made("read");
        let keys = Keys::read(&path).unwrap();
        assert!(keys.keyring().is_ok());
        assert!(Keys::make(&path).is_err());
        assert_eq!(*Keys::read(&path).unwrap().hash, *keys.hash);
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn keys_that_everybody_can_read_are_refused() {
        let path = made("open");
        for (mode, is_read) in [(0o400, true), (0o640, true), (0o604, false), (0o602, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(Keys::read(&path).is_ok(), is_read, "{mode:o}");
        }
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn an_error_repeats_nothing_of_the_file() {
        let path = made("broken");
        let text = fs::read_to_string(&path)
            .unwrap()
            .replace("\"portal\"", "\"portals\"");
        fs::write(&path, &text).unwrap();
        let Err(error) = Keys::read(&path) else {
            panic!("an unknown name was taken");
        };
        let said = format!("{error:#}");
        let keys = text.split('"').filter(|piece| piece.len() > 40);
        assert_eq!(keys.clone().count(), 3);
        assert!(
            keys.filter_map(|key| key.get(..8))
                .all(|start| !said.contains(start)),
            "{said}"
        );
        fs::remove_file(path).unwrap();
    }
}
