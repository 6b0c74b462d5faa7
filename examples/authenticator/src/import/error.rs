use otp_qr::decode::DecodeError;

use super::{Format, MAX_ROWS};

/// Why a whole file cannot be read. It holds nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// More than [`MAX_FILE`](super::MAX_FILE) bytes.
    #[error("the file has more than 16 MiB")]
    TooLarge,
    /// More than [`MAX_ROWS`].
    #[error("there are more than {MAX_ROWS} rows")]
    TooManyRows,
    /// None of the formats.
    #[error(
        "this is neither a picture with QR codes, nor a list of key URIs, nor a backup that can be read"
    )]
    Unknown,
    /// Not of the format that was asked for.
    #[error("this is not {0}")]
    Not(Format),
    /// Neither a picture nor text in UTF-8.
    #[error("this is neither a picture in PNG or JPEG nor text in UTF-8")]
    NotText,
    /// A picture that cannot be read.
    #[error(transparent)]
    Picture(DecodeError),
    /// An encrypted backup: it is to be read with its password.
    #[error("the backup is encrypted and needs its password")]
    PasswordNeeded,
    /// The password does not open the backup.
    #[error("the password is wrong")]
    WrongPassword,
    /// An encrypted backup that can only be opened by the phone that made it.
    #[error("the backup cannot be opened with a password: export one from the app that can be")]
    NoPassword,
    /// An encrypted backup whose parameters ask for more memory or time than any app does.
    #[error("opening the backup would take more memory or time than any app asks for")]
    TooCostly,
    /// An encrypted backup of a kind that cannot be opened here.
    #[error("this is {0} that is encrypted: make one without a password, import it, and delete it")]
    Encrypted(Format),
    /// What came out of an encrypted backup, or the frame of it, is not what it should be.
    #[error("the backup is damaged")]
    Damaged,
    /// A version that was made after this program.
    #[error("this is {0} in a version that is not known here")]
    Version(Format),
}
