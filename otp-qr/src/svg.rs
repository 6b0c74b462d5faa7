use zeroize::Zeroizing;

use crate::{Colors, Qr, Rgb, SecretText, runs::runs};

/// How an SVG looks. The default is black on white.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SvgOptions {
    colors: Colors,
}

impl SvgOptions {
    /// Black on white.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses the colours.
    #[must_use]
    pub fn colors(mut self, colors: Colors) -> Self {
        self.colors = colors;
        self
    }
}

impl Qr {
    /// Draws the code as an SVG, to be put into a page as it is.
    ///
    /// Its `width` and `height` make 8 pixels a module, or more where that would be below 240 pixels. A style sheet may
    /// change them; from four pixels a module on, phones read it well. It is one image to a screen reader, and is called
    /// "QR code".
    ///
    /// ```
    /// use otp_qr::{Qr, SvgOptions};
    ///
    /// let qr = Qr::encode("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example")?;
    /// let svg = qr.svg(&SvgOptions::new());
    /// let page = format!("<p>Scan this code:</p>{}", svg.expose());
    /// assert!(page.contains(r#"viewBox="0 -.5 45 45""#));
    /// # Ok::<(), otp_qr::EncodeError>(())
    /// ```
    ///
    /// # Security
    ///
    /// The SVG holds fixed text and numbers only: nothing of the encoded text in clear, no script, no style, no reference
    /// to anything outside. It needs no exception in a content security policy.
    #[must_use]
    pub fn svg(&self, options: &SvgOptions) -> SecretText {
        let mut svg = Zeroizing::new(String::with_capacity(self.svg_capacity()));
        self.draw_svg(&mut svg, options.colors);
        SecretText::new(svg)
    }

    /// Draws the code as a `data:` URI for the `src` of an `<img>`, with an SVG in it.
    ///
    /// It holds no quotation mark, no space and no angle bracket, so that it stands in an attribute as it is. An image
    /// needs an `alt` text. A content security policy has to allow `img-src data:`; where that is not wanted, use
    /// [`Self::svg`].
    ///
    /// ```
    /// use otp_qr::{Qr, SvgOptions};
    ///
    /// let qr = Qr::encode("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example")?;
    /// let uri = qr.data_uri(&SvgOptions::new());
    /// let img = format!(r#"<img alt="QR code" src="{}">"#, uri.expose());
    /// assert!(img.contains("data:image/svg+xml,%3Csvg%20"));
    /// # Ok::<(), otp_qr::EncodeError>(())
    /// ```
    #[must_use]
    pub fn data_uri(&self, options: &SvgOptions) -> SecretText {
        let svg = self.svg(options);
        let mut uri = Zeroizing::new(String::with_capacity(uri_capacity(svg.expose())));
        uri.push_str("data:image/svg+xml,");
        for character in svg.expose().chars() {
            match character {
                ' ' => uri.push_str("%20"),
                '"' => uri.push_str("%22"),
                '#' => uri.push_str("%23"),
                '<' => uri.push_str("%3C"),
                '>' => uri.push_str("%3E"),
                plain => uri.push(plain),
            }
        }
        SecretText::new(uri)
    }

    /// Enough for the SVG, so that the text never moves and leaves a copy behind.
    fn svg_capacity(&self) -> usize {
        /// All that is not in the path, with numbers of four digits.
        const FRAME: usize = 300;
        /// `M`, a comma, and up to twelve digits more than in the short runs: only a run that takes ten modules has one,
        /// and only one that takes a hundred has two.
        const ROW: usize = 20;
        /// As in `m1,0h1`.
        const RUN: usize = 6;
        let starts: u32 = self
            .image_rows()
            .map(|row| (row & !(row << 1)).count_ones())
            .sum();
        let runs = (starts as usize).saturating_mul(RUN);
        FRAME
            .saturating_add(self.width().saturating_mul(ROW))
            .saturating_add(runs)
    }

    fn draw_svg(&self, svg: &mut String, colors: Colors) {
        let modules = self.image_width();
        let pixels = modules.saturating_mul(self.default_scale());

        // The view box starts half a module above, so that a row of modules is a line of width 1 along a whole number.
        svg.push_str(
            r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR code" width=""#,
        );
        push_number(svg, pixels);
        svg.push_str(r#"" height=""#);
        push_number(svg, pixels);
        svg.push_str(r#"" viewBox="0 -.5 "#);
        push_number(svg, modules);
        svg.push(' ');
        push_number(svg, modules);
        svg.push_str(r#"" shape-rendering="crispEdges"><rect y="-.5" width=""#);
        push_number(svg, modules);
        svg.push_str(r#"" height=""#);
        push_number(svg, modules);
        svg.push_str(r#"" fill=""#);
        push_color(svg, colors.light());
        svg.push_str(r#""/><path stroke=""#);
        push_color(svg, colors.dark());
        svg.push_str(r#"" d=""#);
        for (y, row) in (0..).zip(self.image_rows()) {
            let mut runs = runs(row);
            if let Some(first) = runs.next() {
                svg.push('M');
                push_number(svg, first.gap);
                svg.push(',');
                push_number(svg, y);
                svg.push('h');
                push_number(svg, first.length);
            }
            for run in runs {
                svg.push('m');
                push_number(svg, run.gap);
                svg.push_str(",0h");
                push_number(svg, run.length);
            }
        }
        svg.push_str(r#""/></svg>"#);
    }
}

/// Enough for the data URI: only the few characters outside the path are escaped, and each of them becomes three.
fn uri_capacity(svg: &str) -> usize {
    svg.len().saturating_add(160)
}

/// Writes a number in decimal: several times faster than through `fmt`, where most of the time would go.
fn push_number(svg: &mut String, number: u32) {
    if number >= 10 {
        push_number(svg, number / 10);
    }
    if let Some(digit) = char::from_digit(number % 10, 10) {
        svg.push(digit);
    }
}

/// Writes a colour as `#rrggbb`.
fn push_color(svg: &mut String, color: Rgb) {
    svg.push('#');
    for part in [color.red, color.green, color.blue] {
        svg.extend(char::from_digit(u32::from(part >> 4), 16));
        svg.extend(char::from_digit(u32::from(part & 15), 16));
    }
}

#[cfg(test)]
mod tests {
    use crate::{Colors, Level, Qr, Rgb, SvgOptions};

    #[test]
    fn no_output_moves_while_it_is_written() {
        for version in 0..=u32::from(Qr::MAX_VERSION) {
            // Some length or other for each version, and what the longest runs need.
            let text = "7".repeat(usize::try_from(version * version * 3).unwrap() + 1);
            for level in [Level::L, Level::M, Level::Q, Level::H] {
                let Ok(qr) = Qr::encode_at(&text, level) else {
                    continue;
                };
                let options =
                    SvgOptions::new().colors(Colors::new(Rgb::BLACK, Rgb::WHITE).unwrap());
                let svg = qr.svg(&options);
                assert_eq!(svg.capacity(), qr.svg_capacity());
                assert!(
                    svg.capacity() < svg.expose().len() * 2,
                    "much more is reserved than needed"
                );
                assert_eq!(
                    qr.data_uri(&options).capacity(),
                    super::uri_capacity(svg.expose())
                );
            }
        }
    }
}
