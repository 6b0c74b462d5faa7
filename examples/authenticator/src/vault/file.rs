//! The file of the vault on its disk: for the user alone, one writer at a time, whole or not at all.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::VaultError;

/// The turn of one program to change the file. It ends when this is dropped, or the program dies.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until it is this program's turn.
    pub(super) fn take(path: &Path) -> Result<Self, VaultError> {
        // The file itself is replaced by a change, so the lock lies beside it.
        let lock = beside(path, "lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&lock)
            .map_err(|cause| cannot_write(&lock, cause))?;
        file.lock().map_err(|cause| cannot_write(&lock, cause))?;
        Ok(Self { _file: file })
    }
}

/// The file behind links, so that it is the file that is replaced, and the same lock whatever name it was called by.
pub(super) fn real(path: &Path) -> Result<PathBuf, VaultError> {
    fs::canonicalize(path).map_err(|cause| cannot_read(path, cause))
}

/// All of it, unless it is too large.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, VaultError> {
    let file = File::open(path).map_err(|cause| cannot_read(path, cause))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| cannot_read(path, cause))?;
    if bytes.len() > MOST_BYTES {
        return Err(VaultError::TooLarge);
    }
    Ok(bytes)
}

/// Makes the folder of a file if there is none, for the user alone.
pub(super) fn make_folder(path: &Path) -> Result<(), VaultError> {
    let folder = folder(path);
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists())
        .collect();
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .and_then(|()| missing.into_iter().try_for_each(sync_folder))
        .map_err(|cause| cannot_write(folder, cause))
}

/// Writes a new file for the user alone, whole or not at all, and never over one that is there.
///
/// # Errors
/// There is a file already, or it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let file = NamedTempFile::new_in(folder(path));
    file.and_then(|file| write_through(file, bytes))
        .and_then(|file| Ok(file.persist_noclobber(path)?))
        .and_then(|_| sync_folder(path))
        .map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => VaultError::Exists {
                path: path.to_owned(),
            },
            _ => cannot_write(path, cause),
        })
}

/// Puts a new file in the place of this one, whole or not at all. The caller has the lock.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    // Of one name, so that a program that dies over and over leaves one such file behind, and the next one clears it away.
    let new = beside(path, "new");
    match fs::remove_file(&new) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            return Err(cannot_write(&new, cause));
        }
        _ => {}
    }
    let file = tempfile::Builder::new()
        .prefix(new.file_name().unwrap_or_default())
        .rand_bytes(0)
        .tempfile_in(folder(path));
    file.and_then(|file| write_through(file, bytes))
        .and_then(|file| Ok(file.persist(path)?))
        .and_then(|_| sync_folder(path))
        .map_err(|cause| cannot_write(path, cause))
}

/// Keeps a copy of what is there, under the first name that is free.
pub(super) fn keep_beside(path: &Path) -> Result<PathBuf, VaultError> {
    // As large as it may be: it need not be a vault.
    let bytes = fs::read(path).map_err(|cause| cannot_read(path, cause))?;
    let mut number = 1_u32;
    loop {
        let copy = beside(path, &format!("before-restore-{number}"));
        match write_new(&copy, &bytes) {
            Ok(()) => return Ok(copy),
            Err(VaultError::Exists { .. }) if number < u32::MAX => {
                number = number.saturating_add(1);
            }
            Err(error) => return Err(error),
        }
    }
}

fn write_through(mut file: NamedTempFile, bytes: &[u8]) -> io::Result<NamedTempFile> {
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new name is durable when the folder of it is.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder(path))?.sync_all()?;
    }
    Ok(())
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn cannot_read(path: &Path, cause: io::Error) -> VaultError {
    let path = path.to_owned();
    match cause.kind() {
        io::ErrorKind::NotFound => VaultError::Missing { path },
        _ => VaultError::Read { path, cause },
    }
}

fn cannot_write(path: &Path, cause: io::Error) -> VaultError {
    VaultError::Write {
        path: path.to_owned(),
        cause,
    }
}

/// Two thousand accounts with the longest URIs that there are, tens of thousands with common ones; all of it is written at every change.
pub(super) const MOST_BYTES: usize = 8 * 1024 * 1024;
