//! Pictures with QR codes.

use otp_qr::decode;

use super::list;
use super::skipped::{Place, Rows};
use super::{Format, ImportError};

/// Whether it begins like a picture of a kind that is read.
pub(super) fn is_picture(file: &[u8]) -> bool {
    file.starts_with(b"\x89PNG\r\n\x1a\n") || file.starts_with(b"\xff\xd8\xff")
}

pub(super) fn read(file: &[u8], rows: &mut Rows) -> Result<(), ImportError> {
    if !is_picture(file) {
        return Err(ImportError::Not(Format::Picture));
    }
    let codes = decode::from_image(file).map_err(ImportError::Picture)?;
    for (number, code) in (1..).zip(&codes) {
        list::understand(code.expose(), Place::Code(number), rows)?;
    }
    Ok(())
}
