//! Images are read whichever way a code lies in them, and never take more than they may.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points of a drawing become modules"
)]

use otp_qr::{
    Qr, SecretText,
    decode::{self, DecodeError},
};

use proptest::prelude::*;

use crate::common::{Grey, URI, letters, longest};

fn texts(found: &[SecretText]) -> Vec<&str> {
    let mut texts: Vec<&str> = found.iter().map(SecretText::expose).collect();
    texts.sort_unstable();
    texts
}

/// What is read, by text.
fn read(image: &Grey) -> Result<Vec<String>, DecodeError> {
    let (width, height) = (
        image.width.try_into().unwrap(),
        image.height.try_into().unwrap(),
    );
    let found = decode::from_grey(width, height, &image.pixels)?;
    Ok(texts(&found)
        .iter()
        .map(|text| (*text).to_owned())
        .collect())
}

/// A picture of a plane, point by point: `dark` says of each point what is there, and each pixel is the mean of four.
fn photo(side: usize, dark: impl Fn(f64, f64) -> bool) -> Grey {
    let pixel = |i: usize| {
        let (x, y) = ((i % side) as f64, (i / side) as f64);
        let points = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
        let dark = points
            .iter()
            .filter(|(dx, dy)| dark(x + dx, y + dy))
            .count();
        230 - 50 * u8::try_from(dark).unwrap()
    };
    Grey {
        width: side,
        height: side,
        pixels: (0..side * side).map(pixel).collect(),
    }
}

/// Whether the module at a point is dark, for a code whose middle is at 0, 0 and whose modules have size 1.
fn module_at(qr: &Qr, x: f64, y: f64) -> bool {
    let middle = qr.width() as f64 / 2.0;
    let (x, y) = (x + middle, y + middle);
    x >= 0.0 && y >= 0.0 && qr.is_dark(x as usize, y as usize)
}

#[test]
fn reads_every_version_and_level() {
    for level in crate::common::LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let text = longest(version, level);
            let image = Grey::of(&Qr::encode_at(&text, level).unwrap(), 4);
            assert_eq!(
                read(&image).unwrap(),
                [text],
                "version {version} at {level:?}"
            );
        }
    }
}

#[test]
fn reads_a_turned_code_at_any_angle() {
    let qr = Qr::encode(URI).unwrap();
    for degrees in (0..360).step_by(15) {
        let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
        let image = photo(400, |x, y| {
            let (x, y) = ((x - 200.0) / 5.0, (y - 200.0) / 5.0);
            module_at(&qr, cos * x + sin * y, cos * y - sin * x)
        });
        assert_eq!(read(&image).unwrap(), [URI], "{degrees} degrees");
    }
}

#[test]
fn reads_a_code_that_is_seen_from_the_side() {
    let qr = Qr::encode(URI).unwrap();
    let image = photo(400, |x, y| {
        let (x, y) = ((x - 200.0) / 5.0, (y - 200.0) / 5.0);
        let distance = 1.0 + x / 300.0 + y / 500.0;
        module_at(&qr, x / distance, y / distance)
    });
    assert_eq!(read(&image).unwrap(), [URI]);
}

#[test]
fn reads_inverted_and_mirrored_codes() {
    let qr = Qr::encode(URI).unwrap();
    let mut inverted = Grey::of(&qr, 5);
    inverted.pixels.iter_mut().for_each(|grey| *grey = !*grey);
    assert_eq!(read(&inverted).unwrap(), [URI]);

    let width = qr.width();
    let mirrored = Grey::draw(width + 8, 5, |x, y| {
        x >= 4 && y >= 4 && x < width + 4 && qr.is_dark(width + 3 - x, y - 4)
    });
    assert_eq!(read(&mirrored).unwrap(), [URI]);
}

#[test]
fn reads_several_codes_in_one_image() {
    let found: Vec<String> = [40, 41, 42, 43].map(letters).into();
    let codes: Vec<Qr> = found.iter().map(|text| Qr::encode(text).unwrap()).collect();
    let part = codes[0].width() + 8;
    // Two by two, the last one light on dark.
    let image = Grey::draw(2 * part, 5, |x, y| {
        let code = x / part + 2 * (y / part);
        let (x, y) = (x % part, y % part);
        let dark = x >= 4 && y >= 4 && codes[code].is_dark(x - 4, y - 4);
        dark != (code == 3)
    });
    let mut expected = found;
    expected.sort_unstable();
    assert_eq!(read(&image).unwrap(), expected);
}

/// The larger an image is, the larger modules have to be; in the least image, a pixel is enough.
#[test]
fn reads_the_least_modules_that_are_looked_for() {
    let qr = Qr::encode(URI).unwrap();
    for (side, scale) in [(300, 1), (1_000, 1), (1_100, 2), (1_900, 2), (2_100, 3)] {
        let code = Grey::of(&qr, scale);
        let mut image = Grey::draw(side, 1, |_, _| false);
        for (to, from) in image
            .pixels
            .chunks_mut(side)
            .zip(code.pixels.chunks(code.width))
        {
            to[..code.width].copy_from_slice(from);
        }
        assert_eq!(read(&image), Ok(vec![URI.to_owned()]), "{side}, {scale}");
    }
}

#[test]
fn says_that_there_is_no_code() {
    for image in [
        Grey {
            width: 0,
            height: 0,
            pixels: vec![],
        },
        Grey {
            width: 0,
            height: 7,
            pixels: vec![],
        },
        Grey {
            width: 1,
            height: 1,
            pixels: vec![0],
        },
        Grey {
            width: 300,
            height: 2,
            pixels: vec![255; 600],
        },
        Grey::draw(100, 2, |x, y| (x + y) % 2 == 0),
    ] {
        assert_eq!(
            read(&image),
            Err(DecodeError::NoCode),
            "{} x {}",
            image.width,
            image.height
        );
    }
}

#[test]
fn is_not_kept_busy_by_a_pavement_of_finder_patterns() {
    // 4,096 patterns make more than 400,000 triples that may be the corners of a code.
    let image = Grey::draw(512, 4, |x, y| {
        let (x, y) = ((x % 8).abs_diff(3), (y % 8).abs_diff(3));
        matches!(x.max(y), 0 | 1 | 3)
    });
    assert_eq!(read(&image), Err(DecodeError::NoCode));
}

#[test]
fn refuses_a_wrong_number_of_pixels() {
    for (width, height, pixels) in [(2, 2, 3), (2, 2, 5), (0, 2, 1), (1, 1, 0)] {
        assert_eq!(
            decode::from_grey(width, height, &vec![0; pixels]).unwrap_err(),
            DecodeError::WrongSize
        );
    }
}

#[test]
fn refuses_too_many_pixels_before_looking_at_them() {
    for (width, height) in [
        (4096, 4097),
        (decode::MAX_PIXELS + 1, 1),
        (u32::MAX, u32::MAX),
        (1 << 16, 1 << 16),
    ] {
        assert_eq!(
            decode::from_grey(width, height, &[]).unwrap_err(),
            DecodeError::TooManyPixels
        );
    }
    for (width, height) in [(4096, 4096), (decode::MAX_PIXELS, 1)] {
        assert_eq!(
            decode::from_grey(width, height, &[]).unwrap_err(),
            DecodeError::WrongSize
        );
    }
}

/// A PNG with the image in the given form.
fn png(
    image: &Grey,
    color: png::ColorType,
    depth: png::BitDepth,
    samples: impl Fn(u8) -> Vec<u8>,
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(
        &mut file,
        image.width.try_into().unwrap(),
        image.height.try_into().unwrap(),
    );
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        // Index 0 is dark, index 255 light.
        encoder.set_palette(
            (0..=255)
                .flat_map(|index| [index, index, 200])
                .collect::<Vec<u8>>(),
        );
    }
    let data: Vec<u8> = image
        .pixels
        .iter()
        .flat_map(|grey| samples(*grey))
        .collect();
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&data)
        .unwrap();
    file
}

#[test]
fn reads_png_of_every_kind() {
    use png::{BitDepth::*, ColorType::*};
    let image = Grey::of(&Qr::encode(URI).unwrap(), 4);
    let files = [
        png(&image, Grayscale, Eight, |grey| vec![grey]),
        png(&image, Grayscale, Sixteen, |grey| vec![grey, 7]),
        png(&image, GrayscaleAlpha, Eight, |grey| vec![grey, 255]),
        png(&image, Rgb, Eight, |grey| vec![grey, grey / 2, grey]),
        png(&image, Rgba, Eight, |grey| vec![grey, grey, grey / 2, 255]),
        png(&image, Indexed, Eight, |grey| vec![grey]),
        // Nothing but the dark modules, on no ground at all.
        png(&image, GrayscaleAlpha, Eight, |grey| vec![0, !grey]),
        png(&image, Rgba, Eight, |grey| vec![0, 0, 0, !grey]),
        png(&image, Rgba, Sixteen, |grey| {
            vec![0, 0, 0, 0, 0, 0, !grey, !grey]
        }),
    ];
    for (number, file) in files.iter().enumerate() {
        assert_eq!(
            texts(&decode::from_image(file).unwrap()),
            [URI],
            "file {number}"
        );
    }
}

#[test]
fn colours_are_as_bright_as_the_eye_sees_them() {
    use png::{BitDepth::*, ColorType::*};
    let image = Grey::of(&Qr::encode(URI).unwrap(), 4);
    // Blue on green, red on green, blue on yellow: each colour alone would leave no contrast in some of them.
    for (dark, light) in [
        ([0, 0, 255], [0, 255, 0]),
        ([255, 0, 0], [0, 255, 0]),
        ([0, 0, 255], [255, 255, 0]),
    ] {
        let file = png(&image, Rgb, Eight, |grey| {
            if grey == 0 { dark } else { light }.to_vec()
        });
        assert_eq!(
            texts(&decode::from_image(&file).unwrap()),
            [URI],
            "{dark:?} on {light:?}"
        );
    }
}

#[cfg(feature = "png")]
#[test]
fn reads_our_own_png() {
    for version in [1, 10, 25] {
        let text = longest(version, otp_qr::Level::L);
        let png = Qr::encode_at(&text, otp_qr::Level::L)
            .unwrap()
            .png(&otp_qr::PngOptions::new())
            .unwrap();
        assert_eq!(texts(&decode::from_image(png.expose()).unwrap()), [text]);
    }
}

/// A JPEG of middling quality.
fn jpeg(image: &Grey, color: jpeg_encoder::ColorType) -> Vec<u8> {
    let samples = match color {
        jpeg_encoder::ColorType::Luma => 1,
        _ => 3,
    };
    let data: Vec<u8> = image
        .pixels
        .iter()
        .flat_map(|grey| vec![*grey; samples])
        .collect();
    let mut file = Vec::new();
    let (width, height) = (
        image.width.try_into().unwrap(),
        image.height.try_into().unwrap(),
    );
    jpeg_encoder::Encoder::new(&mut file, 60)
        .encode(&data, width, height, color)
        .unwrap();
    file
}

#[test]
fn reads_jpeg_in_grey_and_in_colour() {
    let image = Grey::of(&Qr::encode(URI).unwrap(), 5);
    for color in [jpeg_encoder::ColorType::Luma, jpeg_encoder::ColorType::Rgb] {
        assert_eq!(
            texts(&decode::from_image(&jpeg(&image, color)).unwrap()),
            [URI],
            "{color:?}"
        );
    }
}

#[test]
fn refuses_a_file_that_says_it_is_huge() {
    // Only the header is there: 65,535 by 65,535 pixels.
    let mut file = Vec::new();
    drop(
        png::Encoder::new(&mut file, 65_535, 65_535)
            .write_header()
            .unwrap(),
    );
    assert_eq!(
        decode::from_image(&file).unwrap_err(),
        DecodeError::TooManyPixels
    );

    let mut file = jpeg(
        &Grey {
            width: 8,
            height: 8,
            pixels: vec![255; 64],
        },
        jpeg_encoder::ColorType::Luma,
    );
    assert_eq!(decode::from_image(&file).unwrap_err(), DecodeError::NoCode);
    // ITU-T T.81 §B.2.2: after the marker of the frame come its length, the precision, the height and the width.
    let frame = file
        .windows(2)
        .position(|marker| marker == [0xff, 0xc0])
        .unwrap();
    file[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(
        decode::from_image(&file).unwrap_err(),
        DecodeError::TooManyPixels
    );
}

#[test]
fn refuses_a_file_that_is_huge() {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.resize(decode::MAX_FILE, 0);
    assert_eq!(
        decode::from_image(&file).unwrap_err(),
        DecodeError::Unreadable
    );
    file.push(0);
    assert_eq!(
        decode::from_image(&file).unwrap_err(),
        DecodeError::FileTooLarge
    );
}

#[test]
fn refuses_what_is_no_png_or_jpeg() {
    for file in [
        &b""[..],
        b"GIF89a",
        b"<svg/>",
        b"\x89PNG",
        b"\xff\xd8",
        b"otpauth://totp/a",
    ] {
        assert_eq!(
            decode::from_image(file).unwrap_err(),
            DecodeError::UnknownFormat
        );
    }
}

#[test]
fn refuses_what_is_cut_short() {
    let image = Grey::of(&Qr::encode("a").unwrap(), 4);
    for file in [image.to_png(), jpeg(&image, jpeg_encoder::ColorType::Luma)] {
        for length in (8..file.len() / 2).step_by(7) {
            let error = decode::from_image(&file[..length]).unwrap_err();
            assert!(
                matches!(error, DecodeError::Unreadable | DecodeError::NoCode),
                "{length}: {error:?}"
            );
        }
    }
}

#[test]
fn texts_are_as_they_were() {
    let texts = [
        DecodeError::WrongSize,
        DecodeError::TooManyPixels,
        DecodeError::FileTooLarge,
        DecodeError::UnknownFormat,
        DecodeError::Unreadable,
        DecodeError::NoCode,
    ]
    .map(|error| error.to_string());
    assert_eq!(
        texts,
        [
            "the number of pixels is not width times height",
            "the image has more than 16777216 pixels",
            "the image file has more than 16777216 bytes",
            "the file is neither a PNG nor a JPEG",
            "the image file cannot be read",
            "there is no readable code in the image",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_encoded_is_read(text in "[ -~]{1,600}") {
        let image = Grey::of(&Qr::encode(&text).unwrap(), 4);
        prop_assert_eq!(read(&image), Ok(vec![text]));
    }

    #[test]
    fn damaged_files_do_no_harm(jpeg_file: bool, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let image = Grey::of(&Qr::encode("a").unwrap(), 4);
        let mut file = if jpeg_file { jpeg(&image, jpeg_encoder::ColorType::Rgb) } else { image.to_png() };
        for (place, byte) in changes {
            let place = place.index(file.len());
            file[place] = byte;
        }
        // Whether it can be read depends on what was hit; something must be said either way.
        let found = decode::from_image(&file);
        prop_assert!(found.map_or(true, |found| !found.is_empty()));
    }

    #[test]
    fn random_pixels_do_no_harm(width in 0_usize..90, height in 0_usize..90, seed: u64, coarse in 1_usize..6) {
        let mut state = seed | 1;
        let mut cells = vec![0; 90 * 90];
        for cell in &mut cells {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *cell = if state & 1 == 0 { 0 } else { (state >> 56) as u8 };
        }
        let pixel = |i: usize| cells[i / width.max(1) / coarse * 90 + i % width.max(1) / coarse];
        let image = Grey { width, height, pixels: (0..width * height).map(pixel).collect() };
        prop_assert!(read(&image).map_or_else(|error| error == DecodeError::NoCode, |found| !found.is_empty()));
    }
}
