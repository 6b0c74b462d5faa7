//! Where a key comes from: a URI, standard input, an image with a QR code, an enrolment file.

use std::{
    convert::Infallible,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, Result, bail, ensure};
use otp_uri::{KeyUri, migration};
use zeroize::Zeroizing;

use crate::enrolment::Enrolment;

/// As it was named on the command line.
#[derive(Clone)]
pub(crate) enum Source {
    Uri(Zeroizing<String>),
    StandardInput,
    File(PathBuf),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::StandardInput,
            // Everything that has a scheme, so that a wrong one is reported as such.
            uri if uri.contains("://") => Self::Uri(Zeroizing::new(uri.to_owned())),
            path => Self::File(path.into()),
        })
    }
}

/// What was found there.
pub(crate) enum Found {
    Key(Box<KeyUri>),
    Migration(migration::Batch),
}

impl Source {
    /// Reads all that is there: several codes can be in one image.
    pub(crate) fn read(&self) -> Result<Vec<Found>> {
        match self {
            Self::Uri(uri) => Ok(vec![understand(uri)?]),
            Self::StandardInput => {
                let mut text = Zeroizing::new(String::new());
                // More than any URI may have, and an end.
                io::stdin()
                    .take(16 * 1024)
                    .read_to_string(&mut text)
                    .context("cannot read standard input")?;
                Ok(vec![understand(text.trim())?])
            }
            Self::File(path)
                if path
                    .extension()
                    .is_some_and(|extension| extension == "json") =>
            {
                let uri = KeyUri::parse_lenient(Enrolment::open(path)?.uri().to_text().expose())?;
                Ok(vec![Found::Key(Box::new(uri))])
            }
            Self::File(path) => from_image(path),
        }
    }
}

fn from_image(path: &Path) -> Result<Vec<Found>> {
    let file = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let codes = otp_qr::decode::from_image(&file)
        .with_context(|| format!("cannot decode {}", path.display()))?;
    ensure!(
        !codes.is_empty(),
        "there is no QR code in {}",
        path.display()
    );
    codes.iter().map(|code| understand(code.expose())).collect()
}

fn understand(uri: &str) -> Result<Found> {
    if uri.is_empty() {
        bail!("there is no URI");
    }
    let scheme = uri.split(':').next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("otpauth-migration") {
        return Ok(Found::Migration(migration::read(uri)?));
    }
    Ok(Found::Key(Box::new(KeyUri::parse_lenient(uri)?)))
}
