//! The SVG holds numbers and fixed text only, and says exactly what the modules say.

use crate::common::{LEVELS, URI, longest};
use otp_qr::{Colors, Qr, Rgb, SvgOptions};
use proptest::prelude::*;

/// Takes an SVG apart along the only grammar that is allowed.
struct Parser<'a>(&'a str);

impl Parser<'_> {
    fn literal(&mut self, text: &str) {
        assert!(self.0.starts_with(text), "no `{text}` at `{:.60}`", self.0);
        self.0 = self.0.strip_prefix(text).unwrap();
    }

    fn number(&mut self) -> usize {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap();
        let (number, rest) = self.0.split_at(end);
        self.0 = rest;
        assert!(number == "0" || !number.starts_with('0'), "a leading zero");
        number.parse().unwrap()
    }

    fn color(&mut self) -> Rgb {
        self.literal("#");
        let (digits, rest) = self.0.split_at(6);
        self.0 = rest;
        assert!(digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).unwrap().to_be_bytes();
        Rgb::new(red, green, blue)
    }
}

struct Picture {
    pixels: usize,
    width: usize,
    dark: Rgb,
    light: Rgb,
    /// The modules that the path covers, in the order of the path.
    modules: Vec<(usize, usize)>,
}

fn parse(svg: &str) -> Picture {
    let mut svg = Parser(svg);
    svg.literal(
        r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR code" width=""#,
    );
    let pixels = svg.number();
    svg.literal(r#"" height=""#);
    assert_eq!(svg.number(), pixels);
    svg.literal(r#"" viewBox="0 -.5 "#);
    let width = svg.number();
    svg.literal(" ");
    assert_eq!(svg.number(), width);
    svg.literal(r#"" shape-rendering="crispEdges"><rect y="-.5" width=""#);
    assert_eq!(svg.number(), width);
    svg.literal(r#"" height=""#);
    assert_eq!(svg.number(), width);
    svg.literal(r#"" fill=""#);
    let light = svg.color();
    svg.literal(r#""/><path stroke=""#);
    let dark = svg.color();
    svg.literal(r#"" d=""#);
    let mut modules = Vec::new();
    while svg.0.starts_with('M') {
        svg.literal("M");
        let mut x = svg.number();
        svg.literal(",");
        let y = svg.number();
        loop {
            svg.literal("h");
            let end = x + svg.number();
            modules.extend((x..end).map(|x| (x, y)));
            if !svg.0.starts_with('m') {
                break;
            }
            svg.literal("m");
            x = end + svg.number();
            svg.literal(",0");
        }
    }
    svg.literal(r#""/></svg>"#);
    assert_eq!(svg.0, "", "something follows");
    Picture {
        pixels,
        width,
        dark,
        light,
        modules,
    }
}

/// The modules as the SVG has to have them: shifted by the quiet zone, from the upper left.
fn expected(qr: &Qr) -> Vec<(usize, usize)> {
    let rows = (4..).zip(qr.modules());
    rows.flat_map(|(y, row)| {
        (4..)
            .zip(row)
            .filter(|(_, dark)| *dark)
            .map(move |(x, _)| (x, y))
    })
    .collect()
}

#[test]
fn follows_the_grammar_at_every_version_and_level() {
    for level in LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let qr = Qr::encode_at(&longest(version, level), level).unwrap();
            let picture = parse(qr.svg(&SvgOptions::new()).expose());
            assert_eq!(picture.width, qr.width() + 8);
            assert_eq!((picture.dark, picture.light), (Rgb::BLACK, Rgb::WHITE));
            assert!(picture.modules == expected(&qr));
        }
    }
}

#[test]
fn is_at_least_240_pixels_and_eight_a_module() {
    let pixels =
        |text: &str| parse(Qr::encode(text).unwrap().svg(&SvgOptions::new()).expose()).pixels;
    // 29 modules would be 232 pixels at eight each.
    assert_eq!(pixels("a"), 29 * 9);
    assert_eq!(pixels(&crate::common::letters(20)), 33 * 8);
    assert_eq!(pixels(URI), 49 * 8);
}

#[test]
fn runs_are_merged() {
    let qr = Qr::encode(URI).unwrap();
    let svg = qr.svg(&SvgOptions::new());
    let runs = expected(&qr)
        .chunk_by(|(x, y), next| (x + 1, *y) == *next)
        .count();
    let path = svg.expose().split_once(" d=").unwrap().1;
    assert_eq!(path.matches('h').count(), runs);
}

#[test]
fn colours_are_written_as_given() {
    let colors = Colors::new(Rgb::new(1, 35, 69), Rgb::new(254, 220, 186)).unwrap();
    let svg = Qr::encode(URI)
        .unwrap()
        .svg(&SvgOptions::new().colors(colors));
    let picture = parse(svg.expose());
    assert_eq!(
        (picture.dark, picture.light),
        (colors.dark(), colors.light())
    );
    assert!(
        svg.expose().contains(r##"fill="#fedcba""##)
            && svg.expose().contains(r##"stroke="#012345""##)
    );
}

#[test]
fn is_as_it_was() {
    let svg = Qr::encode("https://example.com/")
        .unwrap()
        .svg(&SvgOptions::new());
    assert_eq!(
        svg.expose(),
        include_str!("snapshots/example.svg").trim_end()
    );
}

#[test]
fn data_uri_is_the_escaped_svg() {
    let qr = Qr::encode(URI).unwrap();
    let uri = qr.data_uri(&SvgOptions::new());
    let escaped = uri.expose().strip_prefix("data:image/svg+xml,").unwrap();
    // RFC 3986 §3.3: what may stand in a path, but for the quotation mark of other people's attributes.
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&()*+,;=:@/".contains(c);
    assert!(escaped.chars().all(allowed));
    let mut plain = String::new();
    let mut parts = escaped.split('%');
    plain.push_str(parts.next().unwrap());
    for part in parts {
        let (code, rest) = part.split_at(2);
        assert_eq!(code, code.to_uppercase());
        plain.push(char::from(u8::from_str_radix(code, 16).unwrap()));
        plain.push_str(rest);
    }
    assert_eq!(plain, qr.svg(&SvgOptions::new()).expose());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_text_gets_into_the_svg(text in "[ -~]{1,300}") {
        let qr = Qr::encode(&text).unwrap();
        // The grammar has no place for it.
        let picture = parse(qr.svg(&SvgOptions::new()).expose());
        prop_assert!(picture.modules == expected(&qr));
    }
}
