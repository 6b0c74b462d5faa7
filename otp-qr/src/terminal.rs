use std::iter;

use zeroize::Zeroizing;

use crate::{Qr, SecretText};

/// How a code is written to a terminal.
///
/// A character is about twice as high as wide, so one character holds two modules, one above the other: `▀`, `▄`, `█` or
/// a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalOptions(Style);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    OnDark,
    OnLight,
    Ansi,
}

impl TerminalOptions {
    /// For a terminal with light letters on a dark ground: blocks are the light modules. The default, since most terminals
    /// are so. Holds block glyphs, spaces and line feeds only.
    #[must_use]
    pub const fn on_dark() -> Self {
        Self(Style::OnDark)
    }

    /// For dark letters on a light ground, a printer, or a text file: blocks are the dark modules. Holds block glyphs,
    /// spaces and line feeds only.
    #[must_use]
    pub const fn on_light() -> Self {
        Self(Style::OnLight)
    }

    /// For any terminal that knows 256 colours, which nearly all do: sets black and white itself, so that the code is
    /// dark on light whatever the colours of the terminal are. Holds colour codes (SGR) besides the glyphs, so use it
    /// only where the output really is a terminal.
    #[must_use]
    pub const fn ansi() -> Self {
        Self(Style::Ansi)
    }
}

impl Default for TerminalOptions {
    fn default() -> Self {
        Self::on_dark()
    }
}

impl Qr {
    /// Writes the code as lines of text, quiet zone included, each ended by a line feed.
    ///
    /// A code that enrols an account is 45 to 65 characters wide; a terminal that is narrower breaks the lines, and the
    /// code cannot be read then. [`Self::width`] and eight more is what it takes.
    ///
    /// ```
    /// use otp_qr::{Qr, TerminalOptions};
    ///
    /// let qr = Qr::encode("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example")?;
    /// print!("{}", qr.terminal(&TerminalOptions::ansi()).expose());
    /// # Ok::<(), otp_qr::EncodeError>(())
    /// ```
    #[must_use]
    pub fn terminal(&self, options: &TerminalOptions) -> SecretText {
        // What stands for an upper and a lower module that are both light, dark below, dark above, both dark.
        let blocks_are_light = ['█', '▀', '▄', ' '];
        let blocks_are_dark = [' ', '▄', '▀', '█'];
        let (before, glyphs, after) = match options.0 {
            Style::OnDark => ("", blocks_are_light, "\n"),
            Style::OnLight => ("", blocks_are_dark, "\n"),
            // 16 and 231 are the black and the white of the colour cube, which themes leave alone.
            Style::Ansi => ("\x1b[38;5;16;48;5;231m", blocks_are_dark, "\x1b[0m\n"),
        };
        let [both_light, lower_dark, upper_dark, both_dark] = glyphs;

        // The number of rows is odd, so one more light one completes the last pair.
        let mut rows = self.image_rows().chain(iter::once(0));
        let mut text = Zeroizing::new(String::with_capacity(self.terminal_capacity(before, after)));
        while let (Some(mut upper), Some(mut lower)) = (rows.next(), rows.next()) {
            text.push_str(before);
            for _ in 0..self.image_width() {
                text.push(match (upper & 1, lower & 1) {
                    (0, 0) => both_light,
                    (0, _) => lower_dark,
                    (_, 0) => upper_dark,
                    _ => both_dark,
                });
                upper >>= 1;
                lower >>= 1;
            }
            text.push_str(after);
        }
        SecretText::new(text)
    }

    /// Enough for all lines, so that the text never moves and leaves a copy behind.
    fn terminal_capacity(&self, before: &str, after: &str) -> usize {
        const GLYPH: usize = '█'.len_utf8();
        let width = self.image_width() as usize;
        let line = width
            .saturating_mul(GLYPH)
            .saturating_add(before.len())
            .saturating_add(after.len());
        line.saturating_mul(width.div_ceil(2))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Qr, TerminalOptions};

    #[test]
    fn no_output_moves_while_it_is_written() {
        let light = Qr::encode("a").unwrap();
        let dense = Qr::encode(&"a".repeat(1273)).unwrap();
        for qr in [light, dense] {
            let on_dark = qr.terminal(&TerminalOptions::on_dark());
            assert_eq!(on_dark.capacity(), qr.terminal_capacity("", "\n"));
            assert!(
                on_dark.capacity() < on_dark.expose().len() * 2,
                "much more than needed"
            );
            let ansi = qr.terminal(&TerminalOptions::ansi());
            let lines = (qr.width() + 9) / 2;
            assert_eq!(ansi.capacity(), on_dark.capacity() + lines * (19 + 4));
        }
    }
}
