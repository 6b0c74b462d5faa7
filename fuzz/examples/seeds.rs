//! Makes the seeds again, from `../testdata` and from lists: `cargo run --example seeds`.
//!
//! A seed that fuzzing found, and that is kept because it once showed a bug, is not made here and stays.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jpeg_encoder::ColorType::Luma;
use mfa_policy::Preset;
use otp_fuzz::devices;
use otp_fuzz::matrix;
use otp_fuzz::pieces::PIECES;
use otp_fuzz::verification::Input;
use otp_qr::{PngOptions, Qr};
use otp_uri::{KeyUri, migration};
use serde_json::Value;

const SECRET: &str = "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const URI: &str = "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&issuer=Acme";

fn main() -> Result<(), Box<dyn Error>> {
    let rows = rows("uri/uris.project.jsonl")?;
    for row in &rows {
        seed("uri", id(row), text(row, "uri"))?;
    }
    for row in self::rows("uri/build.project.jsonl")? {
        seed("uri", id(&row), text(&row, "explicit"))?;
        seed("qr", id(&row), format!("\x04{}", text(&row, "minimal")))?;
    }
    base32(&rows)?;
    pieces()?;
    messages()?;
    verification()?;
    qr()?;
    images()?;
    policies()?;
    questions()?;
    flows()?;
    devices()?;
    imports()?;
    longest()?;
    Ok(())
}

/// The stored samples of `mfa-flow`, and stories: policy and seed, then four bytes for each step.
fn flows() -> io::Result<()> {
    let samples = own().join("../mfa-flow/tests/golden");
    for sample in fs::read_dir(samples)? {
        let path = sample?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        seed("flow_stored", name.unwrap_or_default(), fs::read(&path)?)?;
    }
    const BEGIN: [u8; 4] = [2, 0, 0, 0];
    const RIGHT: [u8; 4] = [8, 0, 0, 0];
    const WRONG: [u8; 4] = [8, 0, 7, 0];
    const ASKED: [u8; 4] = [8, 60, 0, 0];
    const HALF_A_MINUTE: [u8; 4] = [22, 0, 3, 0];
    const LATER: [u8; 4] = [22, 0, 10, 0];
    const BACK: [u8; 4] = [22, 0, 14, 0];
    let stories: [(&str, &[[u8; 4]]); 9] = [
        (
            "sign-in-and-replay",
            &[BEGIN, RIGHT, BEGIN, RIGHT, HALF_A_MINUTE, BEGIN, RIGHT],
        ),
        (
            "text",
            &[
                BEGIN,
                [6, 4, 0, 0],
                ASKED,
                BEGIN,
                [6, 4, 0, 0],
                HALF_A_MINUTE,
                [6, 4, 0, 0],
                ASKED,
            ],
        ),
        (
            "push",
            &[
                BEGIN,
                [6, 8, 0, 0],
                [13, 0, 0, 0],
                [8, 60, 8, 0],
                BEGIN,
                [6, 8, 0, 0],
                [13, 0, 1, 0],
                ASKED,
            ],
        ),
        (
            "call",
            &[BEGIN, [6, 12, 0, 0], [13, 0, 2, 0], [8, 60, 8, 0]],
        ),
        (
            "guesses",
            &[
                BEGIN, WRONG, WRONG, WRONG, WRONG, WRONG, WRONG, LATER, BEGIN, WRONG, WRONG, RIGHT,
            ],
        ),
        (
            "enrol-and-remove",
            &[
                BEGIN,
                RIGHT,
                [16, 0, 0, 0],
                HALF_A_MINUTE,
                [17, 0, 2, 0],
                [15, 0, 0, 0],
                [14, 0, 0, 0],
            ],
        ),
        (
            "recovery-codes",
            &[
                BEGIN,
                RIGHT,
                [19, 0, 0, 0],
                BEGIN,
                [8, 32, 0, 0],
                [19, 0, 0, 0],
                [14, 4, 0, 0],
            ],
        ),
        (
            "clock-and-backup",
            &[
                BEGIN,
                LATER,
                RIGHT,
                BACK,
                BEGIN,
                RIGHT,
                [21, 0, 2, 0],
                BEGIN,
                RIGHT,
                [21, 0, 3, 0],
                BEGIN,
                RIGHT,
            ],
        ),
        (
            "passwords",
            &[
                [23, 0, 1, 0],
                [23, 0, 2, 0],
                [23, 0, 3, 0],
                [23, 0, 0, 0],
                [22, 0, 7, 0],
                [23, 0, 0, 0],
                [23, 0, 0, 1],
            ],
        ),
    ];
    for (number, (name, steps)) in (0_u8..).zip(stories) {
        let choices = [&[number % 3, number][..], &steps.concat()].concat();
        seed("flow_operations", name, choices)?;
    }
    Ok(())
}

/// Keys, requests, visits and answers of one device.
fn devices() -> io::Result<()> {
    let key = devices::device().public().to_string();
    let requests = devices::REQUESTS.map(str::to_owned);
    let visits = devices::visits();
    let visits = visits.iter().map(ToString::to_string);
    let answers = devices::answers();
    let answers = answers
        .iter()
        .map(|answer| Ok(serde_json::to_string(answer)?));
    let answers: Vec<String> = answers.collect::<io::Result<_>>()?;
    let all = [key]
        .into_iter()
        .chain(requests)
        .chain(visits)
        .chain(answers);
    for (number, text) in all.enumerate() {
        seed("device_texts", &format!("text-{number:02}"), text)?;
    }
    Ok(())
}

/// libFuzzer makes no input longer than the longest seed.
fn longest() -> io::Result<()> {
    for (name, length) in [
        ("longest", KeyUri::MAX_LEN),
        ("too-long", KeyUri::MAX_LEN + 1),
    ] {
        let value = "x".repeat(length - URI.len() - "&x=".len());
        seed("uri", name, format!("{URI}&x={value}"))?;
    }
    seed("base32", "longest", "MZXW6YTB ".repeat(50))?;
    let many = [&["otpauth://totp/", "bob", SECRET][..], &["&x="; 61]].concat();
    seed("uri_pieces", "longest", indices(&many))?;
    seed("typed_code", "longest", "1 2-3\u{2011}4".repeat(5))?;
    seed(
        "verify",
        "longest",
        Input {
            key: vec![7; 200],
            ..Input::default()
        }
        .write(),
    )?;
    // Entries of one secret byte each.
    for (name, count) in [
        ("most", migration::MAX_ENTRIES),
        ("too-many", migration::MAX_ENTRIES + 1),
    ] {
        seed("migration", name, [0x0a, 3, 0x0a, 1, b'x'].repeat(count))?;
    }
    let data = "A".repeat(migration::MAX_LEN);
    seed(
        "migration",
        "too-long",
        format!("otpauth-migration://offline?data={data}"),
    )?;
    seed(
        "qr_read_back",
        "longest",
        [&[0x23][..], &[b'a'; 400]].concat(),
    )?;
    seed(
        "decode_codewords",
        "longest",
        [&[0x07, 0x4b, 0x80][..], &[0x21; 190]].concat(),
    )
}

fn base32(rows: &[Value]) -> Result<(), Box<dyn Error>> {
    for row in rows {
        let secret = row["expected"]["secret"].as_str();
        let spelled = text(row, "uri").split_once("secret=").map(|(_, rest)| rest);
        let spelled = spelled.and_then(|rest| rest.split('&').next());
        // One for each way to spell a key.
        if let Some(spelled) = spelled.filter(|spelled| secret != Some(spelled)) {
            seed("base32", id(row), spelled)?;
        }
    }
    Ok(())
}

/// Indices into the list of pieces; and no input at all, which is the plainest spelling.
fn pieces() -> io::Result<()> {
    for (name, pieces) in [
        ("totp", &["otpauth://totp/", "bob@example.com", SECRET][..]),
        (
            "hotp",
            &["otpauth://hotp/", "Acme:", "bob", SECRET, "&counter=", "6"],
        ),
        (
            "steam",
            &["otpauth://totp/", "bob", SECRET, "&encoder=", "steam"],
        ),
        (
            // Written without its space, the label would be split after the issuer.
            "space-splits",
            &[
                "otpauth://totp/",
                "A",
                ":",
                " ",
                "B",
                ":",
                "bob",
                SECRET,
                "&issuer=",
                "A:B",
            ],
        ),
        (
            "lenient",
            &["apple-otpauth://totp/", "A:B", ":", "B", SECRET, "&", "&x"],
        ),
    ] {
        seed("uri_pieces", name, indices(pieces))?;
    }
    seed("uri_spelling", "plain", [])?;
    seed("uri_spelling", "other", [0x5a; 200])?;
    seed("uri_spelling", "lenient", [0xff; 300])
}

fn messages() -> Result<(), Box<dyn Error>> {
    for row in rows("uri/migration.project.jsonl")? {
        let uri = text(&row, "uri");
        seed("migration", id(&row), uri)?;
        // The message alone, which is what fuzzing changes best.
        let data = uri.split_once("data=").map_or("", |(_, data)| data);
        let data = percent_encoding::percent_decode_str(data).decode_utf8_lossy();
        if let Ok(message) = STANDARD.decode(data.as_bytes()) {
            seed("migration", &format!("{}-message", id(&row)), message)?;
        }
    }
    Ok(())
}

fn verification() -> Result<(), Box<dyn Error>> {
    let otp: Value = serde_json::from_str(&fs::read_to_string(testdata("otp/otp.json"))?)?;
    let vectors = otp["vectors"].as_array().ok_or("no vectors")?;
    for row in vectors {
        let number = |name: &str| row[name].as_u64();
        let kind = text(row, "kind");
        if kind == "code_reject" {
            seed("typed_code", id(row), text(row, "code"))?;
        }
        let of_rfc = text(row, "source").starts_with("RFC");
        match kind {
            "hotp" | "totp" if of_rfc => {}
            "code_reject" | "collision_pair" => {}
            _ => continue,
        }
        let period = number("period").unwrap_or(30);
        let counter = number("counter").unwrap_or(0);
        let mut input = Input {
            algorithm: match text(row, "algorithm") {
                "SHA1" => 0,
                "SHA256" => 1,
                _ => 2,
            },
            digits: number("digits").unwrap_or(6).saturating_sub(6) as u8,
            period: u32::try_from(period)?,
            t0: number("t0").unwrap_or(0),
            now: number("time").unwrap_or(counter.saturating_mul(period)),
            counter,
            past: 1,
            future: 1,
            range: 3,
            key: hex(text(row, "secret_hex")),
            ..Input::default()
        };
        match kind {
            // The first of the two steps is used up, and its text is that of the second.
            "collision_pair" => {
                input.future = 2;
                input.last_accepted_is = 1;
            }
            "code_reject" => {
                let code = text(row, "code").as_bytes();
                input.code_is = 3;
                for (place, byte) in input.text.iter_mut().zip(code) {
                    *place = *byte;
                }
            }
            _ => {}
        }
        seed("verify", id(row), input.write())?;
    }
    Ok(())
}

fn qr() -> io::Result<()> {
    seed(
        "qr",
        "digits",
        "\x000123456789012345678901234567890123456789",
    )?;
    seed("qr", "alphanumeric", "\x01HTTP://EXAMPLE.COM/ABC-123 $%*+")?;
    seed(
        "qr",
        "large",
        format!("\x44{}", "https://a.example/".repeat(60)),
    )?;
    seed("qr", "version-10-to-L", format!("\x04{}", "x".repeat(214)))?;
    seed("qr", "not-ascii", "\x04otpauth://totp/Zoë")?;
    for choice in [0x00, 0x11, 0x26, 0x4b, 0x83, 0xff] {
        let input = [&[choice][..], URI.as_bytes()].concat();
        seed("qr_read_back", &format!("uri-{choice:02x}"), input)?;
    }
    seed("qr_read_back", "controls", "\x10\x00\x07\x1b\x1d\\~{}")
}

fn images() -> Result<(), Box<dyn Error>> {
    let code = Qr::encode("12345")?;
    let png = code.png(&PngOptions::new().scale(4))?;
    seed("decode_image", "png", png.expose())?;
    let image = matrix::with_border(&matrix::of(&code), 2);
    // The target takes the width from the first byte.
    let width = u8::try_from(image.len() * 3)?;
    let grey = [&[width][..], &matrix::pixels(&image, 3)].concat();
    seed("decode_image", "grey", grey)?;
    let mut jpeg = Vec::new();
    let pixels = matrix::pixels(&image, 3);
    let width = width.into();
    jpeg_encoder::Encoder::new(&mut jpeg, 60).encode(&pixels, width, width, Luma)?;
    seed("decode_image", "jpeg", jpeg)?;

    // Modes and counts by hand: bytes, digits, alphanumeric, ECI 26 and bytes, kanji, FNC1, structured append.
    for (name, codewords) in [
        ("bytes", "0a 40 34 14 24 30 00"),
        ("digits", "0a 10 0c 1e c8 00"),
        ("alphanumeric", "0a 20 11 73 94 00"),
        ("eci", "0a 71 a4 02 c3 a9 00"),
        ("kanji", "0a 80 1d 00 00"),
        ("fnc1", "0a 54 03 41 42 43 00"),
        ("structured-append", "0a 30 1a a4 03 41 42 43"),
    ] {
        seed("decode_codewords", name, hex(&codewords.replace(' ', "")))?;
    }
    Ok(())
}

/// The presets in both forms, and what is refused at a place of its own.
fn policies() -> io::Result<()> {
    for preset in Preset::ALL {
        let name = preset.name();
        seed("policy_draft", name, preset.text())?;
        seed(
            "policy_draft",
            &format!("{name}-json"),
            preset.draft().to_json(),
        )?;
    }
    for (name, text) in [
        ("empty", ""),
        ("other-schema", "schema = 2"),
        ("no-schema", "name = \"x\""),
        (
            "unknown-field",
            "schema = 1\n[methods.text]\nenabeld = true",
        ),
        (
            "unknown-method",
            "schema = 1\n[methods.txt]\nenabled = true",
        ),
        (
            "external",
            "schema = 1\n[methods.\"external:Zoë\"]\nenabled = true",
        ),
        ("wrong-type", "schema = 1\n# ë\nreset.gates = \"é\" # two"),
        (
            "out-of-range",
            "schema = 1\nreset.gates = 5\ntemporary_pass.minutes = -1",
        ),
        ("date", "schema = 1\nmethods.text.sunset = \"2027-02-01\""),
        ("twice", "schema = 1\nname = \"a\"\nname = \"b\""),
        (
            "json-twice",
            "{\"schema\":1,\"methods\":{\"text\":{},\"text\":{}}}",
        ),
        ("json-short", "{\"schema\":1,\n\"methods\":{"),
        ("json-other", "{\"schema\":1,\n\"naïve\":\"é\"}"),
    ] {
        seed("policy_draft", name, text)?;
    }
    Ok(())
}

/// Choices at random, the same every time, and all of one kind.
fn questions() -> io::Result<()> {
    let mut state = 0x1234_5678_u32;
    let mut byte = || {
        // Xorshift, by George Marsaglia.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    for number in 0..24 {
        let choices: Vec<u8> = (0..800).map(|_| byte()).collect();
        seed("policy_decide", &format!("random-{number:02}"), choices)?;
    }
    seed("policy_decide", "nothing", [])?;
    seed("policy_decide", "everything", [0xff; 2048])
}

/// The files that other implementations made, short ones for each kind of row, and containers of the password `a`.
fn imports() -> io::Result<()> {
    for file in fs::read_dir(own().join("../examples/authenticator/tests/data"))? {
        let path = file?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let name = path.file_name().and_then(|name| name.to_str());
        if let (Some("json" | "2fas" | "txt"), Some(name)) = (extension, name) {
            seed("import", &name.replace('.', "-"), fs::read(&path)?)?;
        }
    }
    let database = |entries: &str| format!("{{\"version\":1,\"entries\":[{entries}]}}");
    let aegis = |entries: &str| {
        let database = database(entries);
        format!("{{\"version\":1,\"header\":{{\"slots\":null,\"params\":null}},\"db\":{database}}}")
    };
    const TOTP: &str = r#"{"type":"totp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DPEHPK3PXP","algo":"SHA1","digits":"8","period":60}}"#;
    const HOTP: &str =
        r#"{"type":"hotp","name":"bob","issuer":"","info":{"secret":"jbsw y3dp","counter":7}}"#;
    const STEAM: &str = r#"{"type":"steam","name":"g","issuer":"Steam","info":{"secret":"JBSWY3DP","algo":"SHA1","digits":5,"period":30}}"#;
    const BAD: &str =
        r#"{"type":"motp","name":"eve","info":{"secret":"1"}},["JBSWY3DP"],{"info":{}}"#;
    for (name, entries) in [
        ("totp", TOTP),
        ("hotp", HOTP),
        ("steam", STEAM),
        ("bad", BAD),
    ] {
        seed("import", &format!("aegis-{name}"), aegis(entries))?;
    }
    for (name, text) in [
        (
            "2fas",
            r#"{"schemaVersion":1,"services":[{"name":"A","secret":"JBSWY3DP","otp":{"account":"b","tokenType":"HOTP","counter":"1"}},{"secret":5}]}"#,
        ),
        (
            "proton",
            r#"{"version":1,"entries":[{"content":{"uri":"steam://JBSWY3DP","entry_type":"Steam","name":"g"}},{"content":{"uri":"otpauth://totp/a?secret=1","entry_type":"Totp"}}]}"#,
        ),
        (
            "lines",
            "# two\r\notpauth://totp/A:b?secret=JBSWY3DP\r\n\r\nsteam://SkJTV1kzRFA=\nphonefactor://x\nhttps://x/device#a.b.c\nno key",
        ),
        (
            "array",
            r#"["otpauth://totp/A:b?secret=JBSWY3DP",5,"otpauth://yaotp/x?secret=JBSWY3DP"]"#,
        ),
        (
            "repeated",
            "otpauth://hotp/A:b?secret=JBSWY3DP&counter=1\notpauth://hotp/A:b?secret=JBSWY3DP&counter=2",
        ),
    ] {
        seed("import", name, text)?;
    }
    // Six choices; each slot is its type, three numbers for scrypt and four bytes of salt.
    for (name, choices, slots, rest) in [
        (
            "opened",
            [0, 1, 0, 0, 0, 0],
            &[1, 0, 0, 0, 1, 2, 3, 4][..],
            database(TOTP),
        ),
        (
            "second-slot",
            [1, 2, 4, 0, 5, 1],
            &[2, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 9, 9, 9, 9],
            database(BAD),
        ),
        (
            "another-slot",
            [0, 2, 1, 0, 0, 0],
            &[1, 3, 7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1],
            database(STEAM),
        ),
        (
            "no-password",
            [0, 1, 0, 0, 0, 0],
            &[2, 0, 0, 0, 1, 2, 3, 4],
            database(""),
        ),
        (
            "damaged",
            [0, 1, 3, 0, 9, 3],
            &[1, 0, 0, 0, 1, 2, 3, 4],
            "{".to_owned(),
        ),
    ] {
        let input = [&choices[..], slots, b"a\0b\0", rest.as_bytes()].concat();
        seed("import_encrypted", name, input)?;
    }
    Ok(())
}

fn seed(target: &str, name: &str, input: impl AsRef<[u8]>) -> io::Result<()> {
    let folder = own().join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name).with_extension("seed"), input)
}

fn indices(pieces: &[&str]) -> Vec<u8> {
    let index = |piece| PIECES.iter().position(|other| other == piece);
    pieces
        .iter()
        .filter_map(|piece| u8::try_from(index(piece)?).ok())
        .collect()
}

fn rows(file: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = fs::read_to_string(testdata(file))?;
    Ok(text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?)
}

fn id(row: &Value) -> &str {
    text(row, "id")
}

fn text<'row>(row: &'row Value, name: &str) -> &'row str {
    row[name].as_str().unwrap_or_default()
}

fn hex(digits: &str) -> Vec<u8> {
    let digits = digits.as_bytes();
    digits
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn own() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn testdata(file: &str) -> PathBuf {
    own().join("../testdata").join(file)
}
