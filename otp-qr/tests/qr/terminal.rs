//! What is written to a terminal holds blocks, spaces and line feeds, and colour codes only where they were asked for.

use crate::common::{LEVELS, URI, longest};
use otp_qr::{Qr, TerminalOptions};

/// The lines as they have to be, from single modules.
fn expected(qr: &Qr, before: &str, [light, lower, upper, dark]: [char; 4], after: &str) -> String {
    let width = qr.width() + 8;
    let is_dark = |x: usize, y: usize| x >= 4 && y >= 4 && qr.is_dark(x - 4, y - 4);
    (0..width)
        .step_by(2)
        .map(|y| {
            let glyph = |x| match (is_dark(x, y), is_dark(x, y + 1)) {
                (false, false) => light,
                (false, true) => lower,
                (true, false) => upper,
                (true, true) => dark,
            };
            format!(
                "{before}{}{after}\n",
                (0..width).map(glyph).collect::<String>()
            )
        })
        .collect()
}

#[test]
fn glyphs_are_the_modules_at_every_version_and_level() {
    for level in LEVELS {
        for version in 1..=Qr::MAX_VERSION {
            let qr = Qr::encode_at(&longest(version, level), level).unwrap();
            let on_dark = expected(&qr, "", ['█', '▀', '▄', ' '], "");
            let on_light = expected(&qr, "", [' ', '▄', '▀', '█'], "");
            let ansi = expected(
                &qr,
                "\x1b[38;5;16;48;5;231m",
                [' ', '▄', '▀', '█'],
                "\x1b[0m",
            );
            assert!(qr.terminal(&TerminalOptions::on_dark()).expose() == on_dark);
            assert!(qr.terminal(&TerminalOptions::on_light()).expose() == on_light);
            assert!(qr.terminal(&TerminalOptions::ansi()).expose() == ansi);
        }
    }
}

#[test]
fn plain_is_the_default_and_holds_no_control_character_but_line_feeds() {
    let qr = Qr::encode(URI).unwrap();
    let plain = qr.terminal(&TerminalOptions::default());
    assert_eq!(
        plain.expose(),
        qr.terminal(&TerminalOptions::on_dark()).expose()
    );
    for options in [TerminalOptions::on_dark(), TerminalOptions::on_light()] {
        assert!(
            qr.terminal(&options)
                .expose()
                .chars()
                .all(|c| " ▀▄█\n".contains(c))
        );
    }
}
