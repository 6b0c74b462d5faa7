//! The list of accounts: shown without secrets, called, moved and removed.

use crate::common::{Phone, hotp, totp};

fn three() -> Phone {
    Phone::with(&[&totp("Acme:ada"), &totp("Acme:bob"), &hotp("token", 3)])
}

#[test]
fn a_list_names_the_accounts_in_their_order() {
    let phone = three();
    assert_eq!(
        phone.says(&["list"]),
        "  1  Acme: ada\n  2  Acme: bob\n  3  token  (counter)"
    );
    assert_eq!(phone.says(&["list", "BOB", "acme"]), "  2  Acme: bob");
    assert_eq!(phone.says(&["list", "nobody"]), "");
    let before = phone.read("vault.age");
    phone.says(&["list", "--json"]);
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn a_list_for_programs_has_everything_but_the_key() {
    let phone = three();
    let listed: serde_json::Value = serde_json::from_str(&phone.says(&["list", "--json"])).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 3);
    let (ada, token) = (&listed[0], &listed[2]);
    assert_eq!(ada["place"], 1);
    assert_eq!(ada["issuer"], "Acme");
    assert_eq!(ada["account"], "ada");
    assert_eq!(ada["kind"], "totp");
    assert_eq!(ada["algorithm"], "SHA1");
    assert_eq!(ada["length"], 6);
    assert_eq!(ada["period"], 30);
    assert_eq!(ada["counter"], serde_json::Value::Null);
    assert_eq!(token["issuer"], serde_json::Value::Null);
    assert_eq!(token["kind"], "hotp");
    assert_eq!(token["counter"], 3);
}

#[test]
fn a_new_name_keeps_the_key_and_the_place() {
    let phone = three();
    let code = |name: &str| phone.says(&["code", name, "--now", "2027-02-01"]);
    let before = code("ada");
    let rename = [
        "rename",
        "ada",
        "--issuer",
        "Acme Zürich",
        "--account",
        "eve",
    ];
    assert_eq!(
        phone.says(&rename),
        "renamed: Acme: ada is now Acme Zürich: eve"
    );
    assert_eq!(phone.says(&["list", "eve"]), "  1  Acme Zürich: eve");
    assert_eq!(code("eve"), before);
}

#[test]
fn an_account_moves_to_a_place() {
    let phone = three();
    let names = || {
        let list = phone.says(&["list"]);
        let names = list.lines().map(|line| line.split_whitespace().nth(1));
        names
            .map(|name| name.unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        phone.says(&["move", "token", "--to", "1"]),
        "moved: token is at place 1"
    );
    assert_eq!(names(), ["token", "Acme:", "Acme:"]);
    // Beyond the last it is the last.
    assert_eq!(
        phone.says(&["move", "token", "--to", "4000000000"]),
        "moved: token is at place 3"
    );
    assert_eq!(names(), ["Acme:", "Acme:", "token"]);
}

#[test]
fn removing_asks_and_only_a_whole_yes_is_one() {
    let phone = three();
    let before = phone.read("vault.age");
    for answer in ["", "y\n", "no\n", "yes please\n"] {
        let seen = phone.run_with(&["remove", "ada"], answer);
        assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{answer:?}");
        assert!(seen.error.contains("Remove Acme: ada?"));
        assert_eq!(phone.read("vault.age"), before);
    }
    let seen = phone.run_with(&["remove", "ada"], "yes\n");
    assert_eq!(seen.done(), "removed: Acme: ada\n");
    assert_eq!(
        phone.says(&["remove", "bob", "--yes"]),
        "removed: Acme: bob"
    );
    assert_eq!(phone.says(&["list"]), "  1  token  (counter)");
}

#[test]
fn a_key_is_shown_as_a_qr_code_that_another_phone_reads() {
    let phone = three();
    let seen = phone.run_with(&["show", "ada"], "no\n");
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    let seen = phone.run_with(&["show", "ada"], "yes\n");
    let picture = picture_of(seen.done());
    let other = Phone::new();
    other.write("screenshot.png", picture);
    assert_eq!(
        other.says(&["add", "--qr", "screenshot.png"]),
        "added: Acme: ada"
    );
    let now = ["code", "ada", "--now", "2027-02-01"];
    assert_eq!(other.says(&now), phone.says(&now));
}

/// A screenshot of half blocks, light on dark.
fn picture_of(shown: &str) -> Vec<u8> {
    const SCALE: usize = 6;
    let rows: Vec<Vec<bool>> = shown
        .lines()
        .flat_map(|line| {
            let halves = |upper: bool| {
                let is_light = move |letter: char| match letter {
                    '█' => true,
                    '▀' => upper,
                    '▄' => !upper,
                    _ => false,
                };
                line.chars().map(is_light).collect::<Vec<_>>()
            };
            [halves(true), halves(false)]
        })
        .collect();
    let width = rows.iter().map(Vec::len).max().unwrap();
    let mut pixels = Vec::new();
    for row in rows.iter().flat_map(|row| std::iter::repeat_n(row, SCALE)) {
        for column in 0..width {
            let is_light = row.get(column).is_some_and(|light| *light);
            pixels.extend([if is_light { 255_u8 } else { 0 }; SCALE]);
        }
    }
    let mut file = Vec::new();
    let (wide, high) = (width * SCALE, rows.len() * SCALE);
    let mut encoder = png::Encoder::new(
        &mut file,
        u32::try_from(wide).unwrap(),
        u32::try_from(high).unwrap(),
    );
    encoder.set_color(png::ColorType::Grayscale);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&pixels)
        .unwrap();
    file
}
