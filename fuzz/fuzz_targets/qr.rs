//! QR codes against the `qrcode` crate, and each output against the modules.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use otp_fuzz::leak;
use otp_fuzz::matrix::{self, LEVELS, Matrix};
use otp_qr::{
    Colors, EncodeError, Level, PngError, PngOptions, Qr, Rgb, SvgOptions, TerminalOptions, Warning,
};

// The first byte says which level and which colours, the rest is the text.
fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = data.split_first() else {
        return;
    };
    if text.len() > 4096 {
        return;
    }
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    let level = LEVELS.get(usize::from(choice % 5)).copied();
    let encoded = match level {
        Some(level) => Qr::encode_at(text, level),
        None => Qr::encode(text),
    };
    let expected = expected(text, level);
    match (encoded, expected) {
        (Ok(qr), Expected::Code(code)) => {
            assert_eq!(qr.level(), code.level);
            assert_eq!(qr.version(), code.version);
            assert_eq!(matrix::of(&qr), code.modules);
            outputs_show_the_modules(&qr, &code.modules, *choice);
        }
        (Err(error), Expected::Error(kind)) => {
            assert_eq!(Kind::of(&error), kind);
            leak::assert_error_hides(&error);
        }
        (Ok(_), Expected::Error(kind)) => panic!("encoded, instead of {kind:?}"),
        (Err(error), Expected::Code(_)) => panic!("refused: {error}"),
    }
});

enum Expected {
    Code(Code),
    Error(Kind),
}

struct Code {
    level: Level,
    version: u8,
    modules: Matrix,
}

#[derive(Debug, PartialEq)]
enum Kind {
    Empty,
    NotAscii(usize),
    TooLong(usize, Level),
}

impl Kind {
    fn of(error: &EncodeError) -> Self {
        match error {
            EncodeError::Empty => Self::Empty,
            EncodeError::NotAscii(error) => Self::NotAscii(error.position()),
            EncodeError::TooLong(error) => Self::TooLong(error.length(), error.level()),
            other => panic!("an error without a cause: {other}"),
        }
    }
}

/// What the `qrcode` crate makes of it, and the rule for levels.
fn expected(text: &str, level: Option<Level>) -> Expected {
    if text.is_empty() {
        return Expected::Error(Kind::Empty);
    }
    if text.len() > 3057 {
        return Expected::Error(Kind::TooLong(text.len(), Level::L));
    }
    if let Some(position) = text.bytes().position(|byte| byte > 0x7f) {
        return Expected::Error(Kind::NotAscii(position));
    }
    let at_m = || by_qrcode(text, Level::M).filter(|code| code.version <= 10);
    let last_level = level.unwrap_or(Level::L);
    let code = match level {
        Some(level) => by_qrcode(text, level),
        None => at_m().or_else(|| by_qrcode(text, Level::L)),
    };
    match code.filter(|code| code.version <= Qr::MAX_VERSION) {
        Some(code) => Expected::Code(code),
        None => Expected::Error(Kind::TooLong(text.len(), last_level)),
    }
}

fn by_qrcode(text: &str, level: Level) -> Option<Code> {
    // Choosing the mask of a large code takes it long, and those above version 25 are not made here anyway.
    let bits = qrcode::bits::encode_auto(text.as_bytes(), matrix::to_qrcode(level)).ok()?;
    let qrcode::Version::Normal(version) = bits.version() else {
        panic!("a micro code");
    };
    let version = u8::try_from(version).unwrap();
    if version > Qr::MAX_VERSION {
        return None;
    }
    let code = qrcode::QrCode::with_bits(bits, matrix::to_qrcode(level)).ok()?;
    let dark = code.into_colors();
    let width = 17 + 4 * usize::from(version);
    let rows = dark.chunks_exact(width);
    Some(Code {
        level,
        version,
        modules: rows
            .map(|row| {
                row.iter()
                    .map(|color| *color == qrcode::Color::Dark)
                    .collect()
            })
            .collect(),
    })
}

fn outputs_show_the_modules(qr: &Qr, modules: &Matrix, choice: u8) {
    for (y, row) in modules.iter().enumerate() {
        for (x, dark) in row.iter().enumerate() {
            assert_eq!(qr.is_dark(x, y), *dark);
        }
        assert!(!qr.is_dark(modules.len(), y) && !qr.is_dark(usize::MAX, y));
    }
    assert_eq!(qr.width(), modules.len());
    let dense: Vec<Warning> = qr.warnings().collect();
    assert_eq!(dense.is_empty(), qr.version() <= 15);

    let image = matrix::with_border(modules, Qr::QUIET_ZONE as usize);
    // Most are too close to each other to be taken.
    let [light, dark] =
        [(choice, 0xff), (choice.wrapping_mul(29), 0x00)].map(|(color, base)| Rgb {
            red: base ^ (color & 0x70),
            green: base ^ (color << 4 & 0x70),
            blue: base ^ (color << 2 & 0x70),
        });
    let colors = Colors::new(dark, light).unwrap_or_default();
    assert_eq!(terminal(qr), [image.clone(), image.clone(), image.clone()]);
    svg_shows(qr, &image, colors);
    png_shows(qr, &image, colors, choice);
}

fn svg_shows(qr: &Qr, image: &Matrix, colors: Colors) {
    let svg = qr.svg(&SvgOptions::new().colors(colors));
    let (before, rest) = svg.expose().split_once(r#" d=""#).unwrap();
    let (path, after) = rest.split_once('"').unwrap();
    assert_eq!(after, "/></svg>");
    assert!(before.contains(&format!(r#"fill="{}""#, hex(colors.light()))));
    assert!(before.ends_with(&format!(r#"stroke="{}""#, hex(colors.dark()))));
    assert!(before.contains(&format!(r#"viewBox="0 -.5 {0} {0}""#, image.len())));

    let mut drawn = vec![vec![false; image.len()]; image.len()];
    let (mut x, mut y) = (0, 0);
    let mut rest = path;
    while !rest.is_empty() {
        let (command, numbers) = rest.split_at(1);
        let end = numbers
            .find(|character: char| character.is_ascii_alphabetic())
            .unwrap_or(numbers.len());
        let (numbers, next) = numbers.split_at(end);
        let numbers: Vec<usize> = numbers
            .split(',')
            .map(|number| number.parse().unwrap())
            .collect();
        match (command, &numbers[..]) {
            ("M", [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            ("m", [by_x, by_y]) => (x, y) = (x + by_x, y + by_y),
            ("h", [length]) => {
                for module in &mut drawn[y][x..x + length] {
                    // One after the other, none twice.
                    assert!(!*module);
                    *module = true;
                }
                x += length;
            }
            _ => panic!("{command} is no command of this path"),
        }
        rest = next;
    }
    assert_eq!(&drawn, image);

    let uri = qr.data_uri(&SvgOptions::new().colors(colors));
    let data = uri.expose().strip_prefix("data:image/svg+xml,").unwrap();
    let decoded = percent_encoding::percent_decode_str(data).decode_utf8();
    assert_eq!(decoded.unwrap(), svg.expose());
    assert!(!data.contains(['"', '\'', ' ', '<', '>', '#', '&']));
}

fn hex(color: Rgb) -> String {
    format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
}

fn png_shows(qr: &Qr, image: &Matrix, colors: Colors, choice: u8) {
    // Too small, right, and too large for every code.
    let scale = [4, 5, 6, 7, 8, 12, 3, 150][usize::from(choice >> 5)];
    let pixels = image.len() as u32 * scale;
    let png = match qr.png(&PngOptions::new().colors(colors).scale(scale)) {
        Ok(png) => png,
        Err(PngError::ScaleTooSmall) => return assert!(scale < PngOptions::MIN_SCALE),
        Err(PngError::TooLarge) => return assert!(pixels > PngOptions::MAX_PIXELS),
        Err(other) => panic!("{other}"),
    };
    let mut decoder = png::Decoder::new(Cursor::new(png.expose()));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    assert_eq!(reader.info().size(), (pixels, pixels));
    assert_eq!(reader.info().bit_depth, png::BitDepth::One);
    let mut drawn = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut drawn).unwrap();
    let scale = scale as usize;
    let [light, dark] =
        [colors.light(), colors.dark()].map(|color| [color.red, color.green, color.blue]);
    assert_eq!(drawn.len(), 3 * (pixels * pixels) as usize);
    for (row, lines) in image
        .iter()
        .zip(drawn.chunks_exact(3 * pixels as usize * scale))
    {
        let line = row.iter().flat_map(|module| {
            let color = if *module { dark } else { light };
            std::iter::repeat_n(color, scale).flatten()
        });
        let line: Vec<u8> = line.collect();
        assert!(lines.chunks_exact(line.len()).all(|drawn| drawn == line));
    }
}

/// What the three kinds of terminal show, as modules.
fn terminal(qr: &Qr) -> [Matrix; 3] {
    let kinds = [
        (TerminalOptions::on_dark(), true),
        (TerminalOptions::on_light(), false),
        (TerminalOptions::ansi(), false),
    ];
    kinds.map(|(options, blocks_are_light)| {
        let text = qr.terminal(&options);
        let mut image = Matrix::new();
        for line in text.expose().lines() {
            let line = line
                .trim_start_matches("\u{1b}[38;5;16;48;5;231m")
                .trim_end_matches("\u{1b}[0m");
            let halves = line.chars().map(|glyph| match glyph {
                ' ' => [false, false],
                '▀' => [true, false],
                '▄' => [false, true],
                '█' => [true, true],
                other => panic!("{other:?} is no glyph of a code"),
            });
            let halves: Vec<[bool; 2]> = halves.collect();
            for half in 0..2 {
                let row = halves.iter();
                image.push(row.map(|halves| halves[half] != blocks_are_light).collect());
            }
        }
        // The number of rows is odd, so one half of a line is left over.
        let left_over = image.pop().unwrap();
        assert!(left_over.iter().all(|dark| !dark));
        image
    })
}
