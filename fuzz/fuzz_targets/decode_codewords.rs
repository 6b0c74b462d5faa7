//! QR codes that are whole but say anything: any data codewords, in a symbol that every reader finds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::matrix::{self, LEVELS, Matrix};
use otp_qr::decode::{self, DecodeError};
use otp_qr::{Level, Qr};
use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::{Color, Version};

// Of the first byte: version, 1 to 8, and level. The rest are the data codewords, and zeros.
fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let version = Version::Normal(i16::from(choice & 7) + 1);
    let level = LEVELS[usize::from(choice >> 3 & 3)];
    let codewords = codewords(version, level, data);
    let expected = plain_text(&codewords);

    let symbol = symbol(version, level, &codewords);
    let image = matrix::with_border(&symbol, Qr::QUIET_ZONE as usize);
    let width = (image.len() * 4) as u32;
    match decode::from_grey(width, width, &matrix::pixels(&image, 4)) {
        Ok(texts) => {
            // One was drawn.
            assert_eq!(texts.len(), 1);
            if let Some(expected) = expected {
                assert_eq!(texts[0].expose(), expected);
            }
        }
        Err(error) => {
            assert_eq!(error, DecodeError::NoCode);
            assert_eq!(expected, None);
        }
    }
});

/// As many as the version has room for.
fn codewords(version: Version, level: Level, data: &[u8]) -> Vec<u8> {
    let room = Bits::new(version).max_len(matrix::to_qrcode(level));
    let mut codewords = data.to_vec();
    codewords.resize(room.unwrap() / 8, 0);
    codewords
}

fn symbol(version: Version, level: Level, codewords: &[u8]) -> Matrix {
    let level = matrix::to_qrcode(level);
    let (data, correction) = qrcode::ec::construct_codewords(codewords, version, level).unwrap();
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    canvas.apply_mask(MaskPattern::LargeCheckerboard);
    let width = version.width().unsigned_abs().into();
    let modules = canvas.into_colors();
    let rows = modules.chunks_exact(width);
    rows.map(|row| row.iter().map(|module| *module == Color::Dark).collect())
        .collect()
}

/// What the codewords say, if that is no matter of opinion: digits, alphanumeric, and bytes that are printable ASCII; no
/// other modes, nothing cut off, no segment without characters. ISO/IEC 18004 §7.4, for versions 1 to 9.
fn plain_text(codewords: &[u8]) -> Option<String> {
    const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut bits = codewords
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1))
        .peekable();
    let mut take = |count: usize| {
        let taken: Vec<u8> = bits.by_ref().take(count).collect();
        let number = taken
            .iter()
            .fold(0, |number, bit| number << 1 | usize::from(*bit));
        (taken.len() == count).then_some(number)
    };
    let mut text = String::new();
    // Less than four bits at the end are no mode.
    while let Some(mode) = take(4) {
        let length_before = text.len();
        match mode {
            0 => break,
            1 => {
                let mut count = take(10)?;
                while count > 0 {
                    let digits = count.min(3);
                    let number = take(digits * 3 + 1)?;
                    if number >= 10_usize.pow(digits as u32) {
                        return None;
                    }
                    text.push_str(&format!("{number:0digits$}"));
                    count -= digits;
                }
            }
            2 => {
                let mut count = take(9)?;
                while count > 0 {
                    let symbols = count.min(2);
                    let number = take(symbols * 5 + 1)?;
                    let pair = [number / 45, number % 45];
                    for symbol in &pair[2 - symbols..] {
                        text.push(char::from(*ALPHANUMERIC.get(*symbol)?));
                    }
                    if symbols == 1 && number >= 45 {
                        return None;
                    }
                    count -= symbols;
                }
            }
            4 => {
                for _ in 0..take(8)? {
                    let byte = u8::try_from(take(8)?).ok()?;
                    if !(b' '..=b'~').contains(&byte) {
                        return None;
                    }
                    text.push(char::from(byte));
                }
            }
            _ => return None,
        }
        // `rxing` 0.9 reads the text twice where the first segment is empty. Nobody writes such codes.
        if text.len() == length_before {
            return None;
        }
    }
    (!text.is_empty()).then_some(text)
}
