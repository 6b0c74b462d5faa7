//! The PNG has one bit a pixel, whole-numbered modules, and a size within limits.

use crate::common::{Grey, LEVELS, URI, letters, longest};
use otp_qr::{Colors, PngError, PngOptions, Qr, Rgb};

#[test]
fn pixels_are_the_modules_at_every_version_and_level() {
    for level in LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let qr = Qr::encode_at(&longest(version, level), level).unwrap();
            let image = Grey::from_png(qr.png(&PngOptions::new().scale(5)).unwrap().expose());
            let expected = Grey::of(&qr, 5);
            assert_eq!(
                (image.width, image.height),
                (expected.width, expected.height)
            );
            assert!(image.pixels == expected.pixels);
        }
    }
}

#[test]
fn has_one_bit_a_pixel_and_the_colours_as_palette() {
    let colors = Colors::new(Rgb::new(1, 2, 3), Rgb::new(255, 254, 253)).unwrap();
    let png = Qr::encode(URI)
        .unwrap()
        .png(&PngOptions::new().colors(colors))
        .unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(png.expose()))
        .read_info()
        .unwrap();
    let info = reader.info();
    assert_eq!(
        (info.color_type, info.bit_depth),
        (png::ColorType::Indexed, png::BitDepth::One)
    );
    assert_eq!(info.palette.as_deref(), Some(&[255, 254, 253, 1, 2, 3][..]));
    assert_eq!(info.trns, None, "the ground is opaque");
}

#[test]
fn is_at_least_240_pixels_and_eight_a_module() {
    let pixels = |text: &str, options: PngOptions| {
        Grey::from_png(Qr::encode(text).unwrap().png(&options).unwrap().expose()).width
    };
    // 29 modules would be 232 pixels at eight each.
    assert_eq!(pixels("a", PngOptions::new()), 29 * 9);
    assert_eq!(pixels(&letters(20), PngOptions::new()), 33 * 8);
    assert_eq!(pixels(URI, PngOptions::new()), 49 * 8);
    assert_eq!(pixels(URI, PngOptions::new().scale(6)), 49 * 6);
}

#[test]
fn refuses_a_scale_below_four() {
    let qr = Qr::encode(URI).unwrap();
    for scale in 0..4 {
        assert_eq!(
            qr.png(&PngOptions::new().scale(scale)).unwrap_err(),
            PngError::ScaleTooSmall
        );
    }
    assert!(qr.png(&PngOptions::new().scale(4)).is_ok());
}

#[test]
fn refuses_an_image_above_4096_pixels() {
    // 32 pixels for each of 125 modules are 4000 pixels, 33 are 4125; 141 for each of 29 are 4089, 142 are 4118.
    for (text, largest) in [(longest(25, otp_qr::Level::L), 32), ("a".to_owned(), 141)] {
        let qr = Qr::encode(&text).unwrap();
        let image = Grey::from_png(qr.png(&PngOptions::new().scale(largest)).unwrap().expose());
        assert_eq!(image.width, (qr.width() + 8) * largest as usize);
        for scale in [largest + 1, u32::MAX / 125, u32::MAX / 29 + 1, u32::MAX] {
            assert_eq!(
                qr.png(&PngOptions::new().scale(scale)).unwrap_err(),
                PngError::TooLarge,
                "{scale}"
            );
        }
    }
    // 64 modules of 64 pixels would be exactly the limit; no code has 64, but 4096 itself is allowed for those that divide it.
    assert_eq!(PngOptions::MAX_PIXELS, 4096);
}
