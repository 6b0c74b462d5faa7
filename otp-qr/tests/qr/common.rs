//! What the tests share: texts of every size, and decoders that we did not write.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use otp_qr::{Level, Qr};

pub(crate) const URI: &str = "otpauth://totp/Example%20Corp:alice%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example%20Corp";

pub(crate) const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

/// A text of lower-case letters; texts of different lengths differ from the first letter on.
pub(crate) fn letters(length: usize) -> String {
    let letter = |i: usize| u8::try_from((i * i + 7 * i + length) % 26).unwrap();
    (0..length).map(|i| char::from(b'a' + letter(i))).collect()
}

/// The longest text of letters that fits into a code of this version.
pub(crate) fn longest(version: u8, level: Level) -> String {
    let fits = |length: usize| {
        Qr::encode_at(&letters(length), level).is_ok_and(|qr| qr.version() <= version)
    };
    let lengths: Vec<usize> = (1..1300).collect();
    letters(lengths.partition_point(|length| fits(*length)))
}

/// An image of grey values.
#[derive(Clone)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

impl Grey {
    /// Draws modules that are told by a function, `scale` pixels each.
    pub(crate) fn draw(
        modules: usize,
        scale: usize,
        is_dark: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let width = modules * scale;
        let pixel = |i: usize| {
            if is_dark(i % width / scale, i / width / scale) {
                0
            } else {
                255
            }
        };
        Self {
            width,
            height: width,
            pixels: (0..width * width).map(pixel).collect(),
        }
    }

    /// The code with its quiet zone, drawn module by module.
    pub(crate) fn of(qr: &Qr, scale: usize) -> Self {
        let dark = |x: usize, y: usize| x >= 4 && y >= 4 && qr.is_dark(x - 4, y - 4);
        Self::draw(qr.width() + 8, scale, dark)
    }

    /// Decodes a PNG of any kind that we write here, by the `png` crate.
    #[cfg(feature = "png")]
    pub(crate) fn from_png(file: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let channels = frame.color_type.samples();
        // Green is as good as any for colours that are bright or dark.
        let pixels = pixels
            .chunks(channels)
            .map(|pixel| pixel[channels / 2])
            .collect();
        Self {
            width: frame.width as usize,
            height: frame.height as usize,
            pixels,
        }
    }

    /// A PNG of eight bits a pixel.
    pub(crate) fn to_png(&self) -> Vec<u8> {
        let (width, height) = (
            u32::try_from(self.width).unwrap(),
            u32::try_from(self.height).unwrap(),
        );
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(&self.pixels)
            .unwrap();
        file
    }
}

/// Draws an SVG by resvg, on a black page: what is light has to be drawn as such.
pub(crate) fn rasterize(svg: &str, scale: f32) -> Grey {
    use resvg::{tiny_skia, usvg};
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).unwrap();
    let size = tree.size().to_int_size().scale_by(scale).unwrap();
    let mut pixmap = tiny_skia::Pixmap::new(size.width(), size.height()).unwrap();
    pixmap.fill(tiny_skia::Color::BLACK);
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    let pixels = pixmap.pixels().iter().map(|pixel| pixel.green()).collect();
    Grey {
        width: size.width() as usize,
        height: size.height() as usize,
        pixels,
    }
}

/// What rqrr reads.
pub(crate) fn rqrr(image: &Grey) -> Vec<String> {
    let grey = |x: usize, y: usize| image.pixels[y * image.width + x];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(image.width, image.height, grey);
    image
        .detect_grids()
        .iter()
        .filter_map(|grid| Some(grid.decode().ok()?.1))
        .collect()
}

/// What zbarimg reads, or nothing where it is not installed.
pub(crate) fn zbarimg(png: &[u8]) -> Option<Vec<String>> {
    let spawned = Command::new("zbarimg")
        .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "png:-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else {
        skip("zbarimg is not installed (package zbar-tools)");
        return None;
    };
    child.stdin.take().unwrap().write_all(png).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

/// Says that a check did not run, or fails where every check has to.
pub(crate) fn skip(why: &str) {
    assert!(
        std::env::var_os("OTP_REQUIRE_ALL").is_none(),
        "cannot be skipped: {why}"
    );
    eprintln!("SKIPPED: {why}");
}

/// Reads an image by both decoders, and expects `text` and nothing else.
pub(crate) fn assert_reads(image: &Grey, text: &str, what: &str) {
    assert_eq!(rqrr(image), [text], "rqrr: {what}");
    if let Some(found) = zbarimg(&image.to_png()) {
        assert_eq!(found, [text], "zbarimg: {what}");
    }
}
