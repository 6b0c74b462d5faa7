//! Still pictures of the screen, for the documentation: `AUTHENTICATOR_PICTURES=1 cargo test -p authenticator pictures` draws them again.

use std::fmt::Write as _;
use std::{env, fs};

use otp_uri::KeyUri;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::Desk;
use super::requests::asked_for_pictures;
use crate::Account;
use crate::screen::look::Look;
use crate::screen::measure::width;

/// The pictures in the documentation are what the screen draws today.
#[test]
fn the_pictures_of_the_documentation_are_what_is_drawn() {
    for (name, desk, rows) in [
        ("authenticator-accounts.svg", accounts(), 11),
        ("authenticator-request.svg", asked_for_pictures(), 17),
    ] {
        let drawn = svg(&desk.buffer(76, rows, Look::COLOUR));
        let kept = format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"));
        if env::var_os("AUTHENTICATOR_PICTURES").is_some() {
            fs::write(&kept, &drawn).unwrap();
        }
        let kept = fs::read_to_string(&kept).unwrap();
        assert!(
            kept == drawn,
            "draw {name} again, with AUTHENTICATOR_PICTURES=1"
        );
    }
}

fn accounts() -> Desk {
    let mut desk = Desk::open(&[]);
    for (letter, account) in [
        ('A', "totp/Acme:ada@example.com?digits=6"),
        ('B', "totp/Example%20Mail:ada@example.com?digits=6"),
        ('C', "totp/Example%20Cloud:ada.lovelace?digits=8&period=60"),
        ('D', "hotp/Example%20Bank:ada?counter=41"),
        ('E', "totp/Steam:ada?encoder=steam"),
    ] {
        let key = letter.to_string().repeat(32);
        let key = KeyUri::parse_lenient(&format!("otpauth://{account}&secret={key}")).unwrap();
        let account = Account::new(key, desk.now.timestamp()).unwrap();
        desk.contents.add(account);
    }
    desk.wait(14);
    desk.types("j");
    desk.types("v");
    desk
}

/// A screen as a drawing: dark or light, as whoever looks at it has his own.
fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (u32::from(buffer.area.width), u32::from(buffer.area.height));
    let (across, down) = (columns * COLUMN + 2 * MARGIN, rows * ROW + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {across} {down}\" width=\"{across}\" height=\"{down}\">\n{STYLE}<rect class=\"ground\" width=\"{across}\" height=\"{down}\" rx=\"10\"/>\n"
    );
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let begin = x;
            let mut text = String::new();
            while x < buffer.area.width && same(&buffer[(x, y)], cell) {
                text.push_str(buffer[(x, y)].symbol());
                x += 1;
            }
            if text.trim().is_empty() {
                continue;
            }
            let left = MARGIN + u32::from(begin) * COLUMN;
            let base = MARGIN + u32::from(y) * ROW + BASE;
            let length = u32::try_from(width(&text)).unwrap() * COLUMN;
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            writeln!(
                svg,
                "<text x=\"{left}\" y=\"{base}\" textLength=\"{length}\" class=\"{}\">{text}</text>",
                class(cell)
            )
            .unwrap();
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn same(one: &Cell, other: &Cell) -> bool {
    (one.fg, one.modifier) == (other.fg, other.modifier)
}

fn class(cell: &Cell) -> String {
    let colour = match cell.fg {
        Color::Reset => "plain",
        Color::Blue => "blue",
        Color::Green => "green",
        Color::Red => "red",
        other => panic!("no colour of a picture: {other}"),
    };
    let bold = if cell.modifier.contains(Modifier::BOLD) {
        " bold"
    } else {
        ""
    };
    let dim = if cell.modifier.contains(Modifier::DIM) {
        " dim"
    } else {
        ""
    };
    format!("{colour}{bold}{dim}")
}

const STYLE: &str = "<style>
text { font: 14px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre; }
.bold { font-weight: bold; } .dim { opacity: .65; }
.ground { fill: #fbfbfa; stroke: #d5d5d0; } .plain { fill: #24292f; } .blue { fill: #0757b5; } .green { fill: #1a7f37; } .red { fill: #cf222e; }
@media (prefers-color-scheme: dark) {
.ground { fill: #16191d; stroke: #3a3f46; } .plain { fill: #e6e6e3; } .blue { fill: #79b8ff; } .green { fill: #56d364; } .red { fill: #ff7b72; }
}
</style>
";
/// Of a letter.
const COLUMN: u32 = 9;
const ROW: u32 = 17;
/// Where letters stand on a row.
const BASE: u32 = 13;
const MARGIN: u32 = 16;
