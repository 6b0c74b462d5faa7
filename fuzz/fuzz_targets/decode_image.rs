//! Any file as an image, and any grey values: no panic, the limits hold, and each error is the right one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_qr::SecretText;
use otp_qr::decode::{self, DecodeError, MAX_PIXELS};

/// Images of more pixels are only read if they are to be refused: they would take seconds each.
const MANY_PIXELS: u64 = 512 * 512;

fuzz_target!(|data: &[u8]| {
    if data.starts_with(PNG) || data.starts_with(JPEG) {
        check_file(data);
    } else {
        let error = decode::from_image(data).unwrap_err();
        assert_eq!(error, DecodeError::UnknownFormat);
        check_grey(data);
    }
});

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

fn check_file(file: &[u8]) {
    let claimed = if file.starts_with(PNG) {
        png_size(file)
    } else {
        jpeg_size(file)
    };
    let pixels = claimed.map(|[width, height]| width * height);
    let too_many = pixels.is_some_and(|pixels| pixels > MAX_PIXELS.into());
    if pixels.is_some_and(|pixels| pixels > MANY_PIXELS) && !too_many {
        return;
    }
    let found = decode::from_image(file);
    match &found {
        Ok(texts) => {
            assert!(!texts.is_empty());
            assert!(!too_many);
        }
        Err(DecodeError::TooManyPixels) => assert!(too_many || !file.starts_with(PNG)),
        Err(DecodeError::Unreadable) => {}
        Err(DecodeError::NoCode) => assert!(!too_many),
        Err(other) => panic!("not for such a file: {other}"),
    }
    // There is nothing random in it.
    if let Ok(texts) = &found {
        let again = decode::from_image(file).unwrap();
        assert_eq!(sorted(&again), sorted(texts));
    }
}

/// The first byte is the width, and there are as many rows as that gives.
fn check_grey(data: &[u8]) {
    let Some((width, pixels)) = data.split_first() else {
        let nothing = decode::from_grey(0, 0, &[]);
        assert_eq!(nothing.unwrap_err(), DecodeError::NoCode);
        return;
    };
    let width = u32::from(*width);
    let height = (pixels.len() as u32).checked_div(width).unwrap_or(0);
    let whole = &pixels[..(width * height) as usize];
    let found = decode::from_grey(width, height, whole);
    match &found {
        Ok(texts) => {
            // A code that is light on dark is as good as one that is dark on light.
            let inverted: Vec<u8> = whole.iter().map(|grey| !grey).collect();
            let inverted = decode::from_grey(width, height, &inverted).unwrap();
            assert_eq!(sorted(&inverted), sorted(texts));
        }
        Err(error) => assert_eq!(*error, DecodeError::NoCode),
    }
    for (width, height) in [(width + 1, height + 1), (width, height + 1)] {
        if width * height != width * height.saturating_sub(1) {
            let wrong = decode::from_grey(width, height, whole);
            assert_eq!(wrong.unwrap_err(), DecodeError::WrongSize);
        }
    }
    for (width, height) in [(u32::MAX, u32::MAX), (65_536, 65_536), (4097, 4096)] {
        let huge = decode::from_grey(width, height, whole);
        assert_eq!(huge.unwrap_err(), DecodeError::TooManyPixels);
    }
}

fn sorted(texts: &[SecretText]) -> Vec<&str> {
    let mut texts: Vec<&str> = texts.iter().map(SecretText::expose).collect();
    texts.sort_unstable();
    texts
}

/// Width and height as the first chunk says.
fn png_size(file: &[u8]) -> Option<[u64; 2]> {
    let number = |at: usize| {
        let bytes = file.get(at..at + 4)?;
        Some(u64::from(u32::from_be_bytes(bytes.try_into().ok()?)))
    };
    Some([number(16)?, number(20)?])
}

/// Width and height as the first frame header says, if the segments before it are whole.
fn jpeg_size(file: &[u8]) -> Option<[u64; 2]> {
    let number = |at: usize| {
        let bytes = file.get(at..at + 2)?;
        Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)))
    };
    let mut at = 2;
    loop {
        match number(at)? {
            0xffc0..=0xffc3 => return Some([number(at + 7)? as u64, number(at + 5)? as u64]),
            0xff00..=0xffff => at += 2 + number(at + 2)?,
            _ => return None,
        }
    }
}
