//! Every text that is encoded is read back, from a PNG and from grey values, whichever way the image is turned.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::matrix::{self, LEVELS};
use otp_qr::decode::{self, DecodeError};
use otp_qr::{PngOptions, Qr, SecretText};

// Of the first byte: level, scale, mirrored, turned, inverted. The rest is the text.
fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = data.split_first() else {
        return;
    };
    // Larger codes differ in size, and take longer.
    if text.is_empty() || text.len() > 400 || !text.is_ascii() {
        return;
    }
    let text = str::from_utf8(text).unwrap();
    let qr = Qr::encode_at(text, LEVELS[usize::from(choice & 3)]).unwrap();
    let scale = 4 + usize::from(choice >> 2 & 3);

    if choice >> 4 == 0 {
        let png = qr.png(&PngOptions::new().scale(scale as u32)).unwrap();
        return assert_reads(decode::from_image(png.expose()), text);
    }
    let mut image = matrix::with_border(&matrix::of(&qr), Qr::QUIET_ZONE as usize);
    if choice & 0x10 != 0 {
        image = matrix::transposed(&image);
    }
    if choice & 0x20 != 0 {
        image.reverse();
    }
    if choice & 0x40 != 0 {
        image.iter_mut().for_each(|row| row.reverse());
    }
    let mut pixels = matrix::pixels(&image, scale);
    if choice & 0x80 != 0 {
        pixels.iter_mut().for_each(|grey| *grey = !*grey);
    }
    let width = (image.len() * scale) as u32;
    assert_reads(decode::from_grey(width, width, &pixels), text);
});

fn assert_reads(found: Result<Vec<SecretText>, DecodeError>, text: &str) {
    let found = found.unwrap();
    let found: Vec<&str> = found.iter().map(SecretText::expose).collect();
    assert_eq!(found, [text]);
}
