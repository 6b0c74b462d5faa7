//! QR codes: choosing the modules, and drawing them.
//!
//! The same task means the same text at the same level of error correction, the one that ours chooses (M, or L above
//! version 10), without raising it when there is room. Modules are compared with those of `qrcode`. `fast_qr` and `qrcodegen` weigh
//! masks in their own way, and may end at another that is as good, so theirs are read back.

use std::hint::black_box;

use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use image::{ExtendedColorType, ImageEncoder, Luma, codecs::png::PngEncoder};
use otp_qr::{Level, PngOptions, Qr, SvgOptions, TerminalOptions};
use qrcode::{Color, EcLevel, QrCode, render::svg};
use qrcodegen::{QrCodeEcc, QrSegment};

use crate::{
    Contender, Task, read,
    uri::{LONG, SHORT},
};

/// Every task about QR codes.
pub fn tasks() -> Vec<Task> {
    vec![
        matrix("QR matrix of 107 bytes", SHORT),
        matrix("QR matrix of 322 bytes", LONG),
        to_svg(),
        to_png(),
        to_terminal(),
        drawing_for_terminal(),
    ]
}

fn matrix(name: &'static str, text: &'static str) -> Task {
    let qr = encode(text);
    let level = qr.level();

    let expected = qrcode(text, level);
    let width = qr.width();
    assert_eq!(width, expected.width(), "{name}: version");
    for (y, row) in qr.modules().enumerate() {
        for (x, dark) in row.enumerate() {
            assert_eq!(dark, expected[(x, y)] == Color::Dark, "{name}: {x}, {y}");
        }
    }
    let theirs = fast_qr(text, level);
    assert_eq!(
        read::modules(theirs.size, |x, y| theirs[y][x].value()),
        text
    );
    let theirs = qrcodegen(text, level);
    let is_dark = |x, y| theirs.get_module(x as i32, y as i32);
    assert_eq!(read::modules(theirs.size() as usize, is_dark), text);

    Task::new(name, move || encode(text))
        .at_most(0.07, Contender::new("qrcode", move || qrcode(text, level)))
        .at_most(0.4, Contender::new("fast_qr", move || fast_qr(text, level)))
        .against(Contender::new("qrcodegen", move || qrcodegen(text, level)))
}

/// From the text to a finished SVG, each with the size and the border that is its default.
fn to_svg() -> Task {
    let ours = || encode(SHORT).svg(&SvgOptions::new());
    let qrcode = || qrcode(SHORT, Level::M).render::<svg::Color<'_>>().build();
    let fast_qr = || SvgBuilder::default().to_str(&fast_qr(SHORT, Level::M));
    for svg in [ours().expose(), &qrcode(), &fast_qr()] {
        assert_eq!(read::svg(svg), SHORT);
    }
    Task::with_output("URI to SVG", ours, |svg| svg.expose().len())
        .at_most(0.07, Contender::with_output("qrcode", qrcode, String::len))
        .at_most_in_time_and_bytes(
            0.3,
            0.25,
            Contender::with_output("fast_qr", fast_qr, String::len),
        )
}

/// From the text to a PNG of 8 pixels a module, border included. `totp-rs` writes the text too, which takes well below a hundredth of its time.
fn to_png() -> Task {
    let ours = || encode(SHORT).png(&PngOptions::new().scale(8)).unwrap();
    let totp = totp_rs::Builder::new()
        .with_secret(b"12345678901234567890".as_slice())
        .with_issuer(Some("Example Bank"))
        .with_account_name("alice.b.example")
        .build()
        .unwrap();
    assert_eq!(totp.to_url().unwrap(), SHORT);
    let totp_rs = move || totp.to_qr_png().unwrap();
    for png in [ours().expose(), &totp_rs(), &qrcode_png()] {
        assert_eq!(read::png(png), SHORT);
    }
    Task::with_output("URI to PNG, 8 pixels a module", ours, |png| {
        png.expose().len()
    })
    .at_most_in_time_and_bytes(
        0.2,
        0.5,
        Contender::with_output("totp-rs", totp_rs, Vec::len),
    )
    .against(Contender::with_output(
        "qrcode and image",
        qrcode_png,
        Vec::len,
    ))
}

/// From the text to half blocks. `fast_qr` draws a border of one module, ours has the four of the standard.
fn to_terminal() -> Task {
    let ours = || encode(SHORT).terminal(&TerminalOptions::on_dark());
    let fast_qr = || fast_qr(SHORT, Level::M).to_str();
    for text in [ours().expose(), &fast_qr()] {
        assert_eq!(read::terminal(text), SHORT);
    }
    Task::new("URI to terminal", ours).at_most(1.0, Contender::new("fast_qr", fast_qr))
}

/// The drawing alone, of modules that are there already.
fn drawing_for_terminal() -> Task {
    let (ours, theirs) = (encode(SHORT), fast_qr(SHORT, Level::M));
    Task::new("terminal, drawing alone", move || {
        black_box(&ours).terminal(&TerminalOptions::on_dark())
    })
    .at_most(
        1.0,
        Contender::new("fast_qr", move || black_box(&theirs).to_str()),
    )
}

fn encode(text: &str) -> Qr {
    Qr::encode(black_box(text)).unwrap()
}

fn qrcode(text: &str, level: Level) -> QrCode {
    let level = match level {
        Level::L => EcLevel::L,
        Level::M => EcLevel::M,
        Level::Q => EcLevel::Q,
        Level::H => EcLevel::H,
    };
    QrCode::with_error_correction_level(black_box(text), level).unwrap()
}

fn fast_qr(text: &str, level: Level) -> fast_qr::QRCode {
    let level = match level {
        Level::L => fast_qr::ECL::L,
        Level::M => fast_qr::ECL::M,
        Level::Q => fast_qr::ECL::Q,
        Level::H => fast_qr::ECL::H,
    };
    QRBuilder::new(black_box(text)).ecl(level).build().unwrap()
}

fn qrcodegen(text: &str, level: Level) -> qrcodegen::QrCode {
    let level = match level {
        Level::L => QrCodeEcc::Low,
        Level::M => QrCodeEcc::Medium,
        Level::Q => QrCodeEcc::Quartile,
        Level::H => QrCodeEcc::High,
    };
    let segments = QrSegment::make_segments(black_box(text));
    let (first, last) = (qrcodegen::Version::MIN, qrcodegen::Version::MAX);
    qrcodegen::QrCode::encode_segments_advanced(&segments, level, first, last, None, false).unwrap()
}

fn qrcode_png() -> Vec<u8> {
    let image = qrcode(SHORT, Level::M)
        .render::<Luma<u8>>()
        .module_dimensions(8, 8)
        .build();
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(&image, image.width(), image.height(), ExtendedColorType::L8)
        .unwrap();
    png
}
