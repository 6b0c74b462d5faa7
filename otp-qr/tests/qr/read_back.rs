//! Every output is read by rqrr and zbarimg, which know nothing of this crate.

use crate::common::{Grey, LEVELS, URI, assert_reads, longest, rasterize};
use otp_qr::{Colors, Qr, Rgb, SvgOptions, TerminalOptions};

#[test]
fn every_version_and_level_is_read() {
    for level in LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let text = longest(version, level);
            let qr = Qr::encode_at(&text, level).unwrap();
            assert_eq!((qr.version(), qr.level()), (version, level));
            assert_reads(
                &Grey::of(&qr, 5),
                &text,
                &format!("version {version} at level {level:?}"),
            );
        }
    }
}

#[test]
fn svg_is_read_at_several_sizes() {
    for version in [1, 6, 12, 25] {
        let text = longest(version, otp_qr::Level::L);
        let qr = Qr::encode_at(&text, otp_qr::Level::L).unwrap();
        let svg = qr.svg(&SvgOptions::new());
        // From four pixels a module to sixteen, and not in whole pixels either.
        for scale in [0.5, 0.77, 1.0, 2.0] {
            let image = rasterize(svg.expose(), scale);
            assert_reads(
                &image,
                &text,
                &format!("SVG of version {version} at {scale}"),
            );
        }
    }
}

#[test]
fn svg_is_drawn_module_by_module() {
    let qr = Qr::encode(URI).unwrap();
    let svg = qr.svg(&SvgOptions::new());
    let image = rasterize(svg.expose(), 1.0);
    let expected = Grey::of(&qr, 8);
    assert_eq!(
        (image.width, image.height),
        (expected.width, expected.height)
    );
    assert!(image.pixels == expected.pixels);
}

#[test]
fn coloured_svg_is_read() {
    let colors = Colors::new(Rgb::new(120, 20, 20), Rgb::new(255, 240, 200)).unwrap();
    let qr = Qr::encode(URI).unwrap();
    let svg = qr.svg(&SvgOptions::new().colors(colors));
    assert_reads(&rasterize(svg.expose(), 1.0), URI, "coloured SVG");
}

#[cfg(feature = "png")]
#[test]
fn png_is_read_at_several_sizes() {
    use otp_qr::{Level, PngOptions};

    for version in [1, 6, 12, 25] {
        let text = longest(version, Level::L);
        let qr = Qr::encode_at(&text, Level::L).unwrap();
        for scale in [None, Some(4), Some(6), Some(11), Some(30)] {
            let options = scale.map_or(PngOptions::new(), |scale| PngOptions::new().scale(scale));
            let png = qr.png(&options).unwrap();
            let what = format!("PNG of version {version} at {scale:?}");
            assert_eq!(
                crate::common::rqrr(&Grey::from_png(png.expose())),
                [text.as_str()],
                "rqrr: {what}"
            );
            if let Some(found) = crate::common::zbarimg(png.expose()) {
                assert_eq!(found, [text.as_str()], "zbarimg: {what}");
            }
        }
    }
}

#[test]
fn terminal_is_read_from_its_glyphs() {
    for version in [1, 6, 12, 25] {
        let text = longest(version, otp_qr::Level::L);
        let qr = Qr::encode_at(&text, otp_qr::Level::L).unwrap();
        for (options, block_is_dark) in [
            (TerminalOptions::on_dark(), false),
            (TerminalOptions::on_light(), true),
            (TerminalOptions::ansi(), true),
        ] {
            let written = qr.terminal(&options);
            let lines: Vec<Vec<char>> = written
                .expose()
                .lines()
                .map(|line| {
                    line.chars()
                        .filter(|glyph| " ▀▄█".contains(*glyph))
                        .collect()
                })
                .collect();
            // A glyph stands for two modules; the letters of colour codes are filtered out above.
            let is_dark = |x: usize, y: usize| {
                let glyph = lines.get(y / 2).map_or(' ', |line| line[x]);
                let block = if y.is_multiple_of(2) {
                    "▀█"
                } else {
                    "▄█"
                }
                .contains(glyph);
                y / 2 < lines.len() && block == block_is_dark
            };
            let image = Grey::draw(qr.width() + 8, 5, is_dark);
            assert_reads(
                &image,
                &text,
                &format!("terminal {options:?}, version {version}"),
            );
        }
    }
}
