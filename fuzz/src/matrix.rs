//! A QR code as a square of modules, to be compared and drawn.

use otp_qr::{Level, Qr};

/// Rows from the top, each from the left, `true` for dark.
pub type Matrix = Vec<Vec<bool>>;

/// The levels.
pub const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

/// The same level for the `qrcode` crate.
#[must_use]
pub fn to_qrcode(level: Level) -> qrcode::EcLevel {
    match level {
        Level::L => qrcode::EcLevel::L,
        Level::M => qrcode::EcLevel::M,
        Level::Q => qrcode::EcLevel::Q,
        Level::H => qrcode::EcLevel::H,
    }
}

/// All modules, without quiet zone.
#[must_use]
pub fn of(qr: &Qr) -> Matrix {
    qr.modules().map(Iterator::collect).collect()
}

/// With a light border of so many modules.
#[must_use]
pub fn with_border(matrix: &Matrix, modules: usize) -> Matrix {
    let width = matrix.len() + 2 * modules;
    let mut image = vec![vec![false; width]; width];
    for (row, line) in matrix.iter().zip(&mut image[modules..]) {
        line[modules..][..row.len()].copy_from_slice(row);
    }
    image
}

/// Grey values, with so many pixels on a side of each module.
#[must_use]
pub fn pixels(matrix: &Matrix, scale: usize) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(matrix.len() * matrix.len() * scale * scale);
    for row in matrix {
        let line = row.iter().flat_map(|dark| {
            let grey = if *dark { 0 } else { 255 };
            std::iter::repeat_n(grey, scale)
        });
        let line: Vec<u8> = line.collect();
        for _ in 0..scale {
            pixels.extend_from_slice(&line);
        }
    }
    pixels
}

/// A quarter of a turn, and mirrored on the way.
#[must_use]
pub fn transposed(matrix: &Matrix) -> Matrix {
    (0..matrix.len())
        .map(|x| matrix.iter().map(|row| row[x]).collect())
        .collect()
}
