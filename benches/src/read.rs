//! Reads QR codes back, with a decoder that none of the contenders is built on.

use resvg::{tiny_skia, usvg};

/// Light modules around a code, for those outputs that have fewer.
const MARGIN: usize = 4;
const PIXELS_A_MODULE: usize = 4;

/// What a square of modules says.
pub(crate) fn modules(width: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let side = (width + 2 * MARGIN) * PIXELS_A_MODULE;
    pixels(side, side, |x, y| {
        let inside = |at: usize| {
            (at / PIXELS_A_MODULE)
                .checked_sub(MARGIN)
                .filter(|at| *at < width)
        };
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => is_dark(x, y),
            _ => false,
        }
    })
}

/// What an SVG says.
pub(crate) fn svg(svg: &str) -> String {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).expect("an SVG");
    // Some are one pixel a module unless they are told otherwise.
    let scale = (400.0 / tree.size().width()).ceil();
    let side = (tree.size().width() * scale) as u32;
    let mut image = tiny_skia::Pixmap::new(side, side).expect("a pixmap");
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut image.as_mut(),
    );
    let side = side as usize;
    pixels(side, side, |x, y| image.pixels()[y * side + x].red() < 128)
}

/// What a PNG says.
pub(crate) fn png(png: &[u8]) -> String {
    let image = image::load_from_memory_with_format(png, image::ImageFormat::Png)
        .expect("a PNG")
        .to_luma8();
    let (width, height) = image.dimensions();
    pixels(width as usize, height as usize, |x, y| {
        image.get_pixel(x as u32, y as u32).0[0] < 128
    })
}

/// What lines of half blocks say, where a block is light.
pub(crate) fn terminal(text: &str) -> String {
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let width = lines[0].len();
    modules(width, |x, y| match (lines.get(y / 2), y % 2) {
        (Some(line), 0) => matches!(line[x], ' ' | '▄'),
        (Some(line), _) => matches!(line[x], ' ' | '▀'),
        (None, _) => false,
    })
}

fn pixels(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        if is_dark(x, y) { 0 } else { 255 }
    });
    let codes = image.detect_grids();
    let [code] = codes.as_slice() else {
        panic!("{} codes instead of one", codes.len());
    };
    code.decode().expect("a readable code").1
}
