//! What is inside the encryption: JSON, with the number of its form.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::VaultError;
use crate::Contents;

/// Reads what is there.
///
/// # Errors
/// It is of another form, or something else. What serde says would quote the contents, so only the place is told.
pub(super) fn read(plain: &[u8]) -> Result<Contents, VaultError> {
    let Version { version } = serde_json::from_slice(plain).map_err(|error| elsewhere(&error))?;
    if version != VERSION {
        return Err(VaultError::Form { version });
    }
    let form: Form = serde_json::from_slice(plain).map_err(|error| elsewhere(&error))?;
    Ok(form.contents)
}

/// Writes it in the newest form.
///
/// # Errors
/// It cannot be written as JSON, which no contents do.
pub(super) fn write(contents: &Contents) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let form = FormOf {
        version: VERSION,
        contents,
    };
    // Counted first: a buffer that grows leaves what it held behind, unwiped.
    let mut length = Length(0);
    serde_json::to_writer_pretty(&mut length, &form).map_err(|error| elsewhere(&error))?;
    let mut plain = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer_pretty(&mut *plain, &form).map_err(|error| elsewhere(&error))?;
    Ok(plain)
}

#[derive(Serialize)]
struct FormOf<'a> {
    version: u32,
    contents: &'a Contents,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(rename = "version")]
    _version: u32,
    contents: Contents,
}

/// Alone, so that another form is named as such whatever else it holds.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn elsewhere(error: &serde_json::Error) -> VaultError {
    VaultError::Contents {
        line: error.line(),
        column: error.column(),
    }
}

const VERSION: u32 = 1;
