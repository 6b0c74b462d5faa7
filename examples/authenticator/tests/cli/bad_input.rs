//! Whatever is wrong: plain words on standard error, an exit code, nothing changed, no panic, no secret.

use std::process::{Command, Stdio};

use crate::common::{KEY, PASSPHRASE, Phone, Seen, has, run_with, totp};

#[track_caller]
fn refused(phone: &Phone, seen: &Seen, exit: i32, why: &str, before: &[u8]) {
    assert_eq!((seen.exit, seen.out.as_str()), (exit, ""), "{seen:?}");
    assert_eq!(seen.error.lines().next().unwrap(), format!("error: {why}"));
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn a_key_as_an_argument_is_refused_and_not_repeated() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let uri = totp("Acme:ada");
    for arguments in [
        ["add", "--uri-from", &uri].as_slice(),
        &["add", &uri],
        &["import", &uri.to_uppercase()],
        &["import", "otpauth-migration://offline?data=abc"],
        &["code", &uri],
    ] {
        let seen = phone.run(arguments);
        assert_eq!((seen.exit, seen.out.as_str()), (2, ""));
        assert!(seen.error.contains("a key is no argument"), "{seen:?}");
        assert_eq!(phone.read("vault.age"), before);
    }
    // `run` looks for the key in what was said.
    for arguments in [
        ["add", KEY].as_slice(),
        &["add", "--account", "ada", KEY],
        &["backup", "to.age", KEY],
        &["show", "--yes", KEY],
        &["code", KEY],
    ] {
        let seen = phone.run(arguments);
        assert!([2, 4].contains(&seen.exit), "{seen:?}");
    }
}

#[test]
fn a_passphrase_as_an_argument_is_not_repeated() {
    let phone = Phone::new();
    let arguments = ["list", "--passphrase-file", PASSPHRASE];
    let seen = run_with(phone.bare_command(&arguments), "");
    assert_eq!(seen.exit, 1);
    assert!(
        seen.error
            .starts_with("error: the passphrase: the file cannot be read: "),
        "{seen:?}"
    );
    let seen = run_with(
        phone.bare_command(&["list", "--passphrase", PASSPHRASE]),
        "",
    );
    assert_eq!(seen.exit, 2);
}

#[test]
fn a_typed_key_has_to_be_one() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let wrong = KEY.replace('Q', "1");
    for (typed, why) in [
        ("", "the key: the line is empty"),
        ("\n", "the key: the line is empty"),
        (&wrong, "the key: not Base32"),
        ("0", "the key: not Base32"),
    ] {
        let seen = phone.run_with(&["add", "--account", "ada"], typed);
        refused(&phone, &seen, 1, why, &before);
    }
    let long = "A".repeat(40_000);
    let seen = phone.run_with(&["add", "--account", "ada"], &long);
    refused(&phone, &seen, 1, "the key: the line is too long", &before);
}

#[test]
fn what_belongs_to_a_key_has_to_fit() {
    let phone = Phone::new();
    for arguments in [
        ["--account", "ada", "--digits", "5"].as_slice(),
        &["--account", "ada", "--digits", "six"],
        &["--account", "ada", "--period", "0"],
        &["--account", "ada", "--algorithm", "MD5"],
        &["--account", "ada", "--counter", "-1"],
        &["--account", "ada", "--counter", "1", "--period", "30"],
        &["--account", "ada", "--steam", "--digits", "6"],
        &["--account", "ada\u{1b}[2J"],
        &["--account", ""],
        &["--account", "ada", "--issuer", "a:b"],
        &["--issuer", "Acme"],
        &["--account", "ada", "--uri-from", "-"],
        &[],
    ] {
        let seen = phone.run_with(&[&["add"], arguments].concat(), KEY);
        assert_eq!((seen.exit, seen.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!seen.error.contains('\u{1b}'), "{seen:?}");
    }
    assert_eq!(phone.says(&["list"]), "");
}

#[test]
fn a_list_without_a_key_adds_nothing() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    for list in [
        "",
        "\n\n",
        "nonsense",
        "otpauth://totp/a",
        "otpauth://totp/a?secret=1",
    ] {
        let seen = phone.run_with(&["add", "--uri-from", "-"], list);
        assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{list:?}");
        assert_eq!(phone.read("vault.age"), before);
    }
    let binary = [0xff_u8, 0xfe, 0x00, 0x80];
    phone.write("binary", binary);
    let seen = phone.run(&["add", "--uri-from", "binary"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
}

#[test]
fn a_picture_has_to_be_one_with_a_key() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    phone.write("text.png", totp("Acme:ada"));
    phone.write("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let white = {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 64, 64);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[255; 64 * 64]).unwrap();
        drop(writer);
        file
    };
    phone.write("white.png", white);
    for (picture, why) in [
        ("text.png", "text.png: this is not a picture with QR codes"),
        (
            "missing.png",
            "cannot read `missing.png`: No such file or directory (os error 2)",
        ),
        (
            "white.png",
            "white.png: there is no readable code in the image",
        ),
    ] {
        let seen = phone.run(&["add", "--qr", picture]);
        refused(&phone, &seen, 1, why, &before);
    }
    let seen = phone.run(&["add", "--qr", "cut.png"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
}

#[test]
fn the_vault_has_to_be_one() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let before = phone.read("vault.age");
    phone.write("cut.age", &before[..before.len() - 1]);
    std::fs::create_dir(phone.path("folder")).unwrap();
    for (vault, why) in [
        (
            "missing.age",
            "there is no vault at `missing.age`: make one with `authenticator create`",
        ),
        ("passphrase", "this file is not a vault"),
        ("cut.age", "the vault is damaged: it was cut off or altered"),
    ] {
        let seen = phone.run(&["list", "--vault", vault]);
        refused(&phone, &seen, 1, why, &before);
    }
    let seen = phone.run(&["list", "--vault", "folder"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
}

#[test]
fn the_passphrase_has_to_come_from_somewhere() {
    let phone = Phone::new();
    phone.write("empty", "");
    phone.write("binary", [0xff, 0xfe, b'\n']);
    for (file, why) in [
        ("empty", "the passphrase: the line is empty"),
        (
            "missing",
            "the passphrase: the file cannot be read: No such file or directory (os error 2)",
        ),
    ] {
        let seen = run_with(phone.bare_command(&["list", "--passphrase-file", file]), "");
        assert_eq!((seen.exit, seen.error), (1, format!("error: {why}\n")));
    }
    let seen = run_with(
        phone.bare_command(&["list", "--passphrase-file", "binary"]),
        "",
    );
    assert_eq!(seen.exit, 1);
    assert!(seen.error.contains("cannot be read as text"), "{seen:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    if !has("setsid") {
        return;
    }
    let phone = Phone::new();
    for (arguments, instead) in [
        (
            ["list"].as_slice(),
            "name the file of the passphrase with --passphrase-file",
        ),
        (
            &["create", "--vault", "new.age"],
            "name the file of the passphrase with --passphrase-file",
        ),
        (
            &["passphrase", "--passphrase-file", "passphrase"],
            "name the file of the new passphrase with --new-passphrase-file",
        ),
    ] {
        // In a session of its own, which has no terminal.
        let mut command = Command::new("setsid");
        command
            .args(["--wait", env!("CARGO_BIN_EXE_authenticator")])
            .args(arguments)
            .current_dir(phone.path("."))
            .env("AUTHENTICATOR_VAULT", "vault.age");
        let seen = run_with(command, "");
        assert_eq!(seen.exit, 1);
        let why = format!("error: there is no terminal to ask on: {instead}\n");
        assert_eq!(seen.error, why);
    }
}

#[test]
fn the_screen_without_a_terminal_points_to_the_commands() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let seen = run_with(phone.bare_command(&[]), "");
    let why =
        "the screen needs a terminal; `authenticator --help` lists the commands that do without";
    refused(&phone, &seen, 1, why, &before);
    // It would be asked for there, and not taken from the file.
    let seen = phone.run(&[]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    assert!(seen.error.contains("are for commands"), "{seen:?}");
    let seen = run_with(phone.bare_command(&["--idle", "0"]), "");
    assert_eq!(seen.exit, 2);
}

#[test]
fn names_from_strangers_do_nothing_to_the_terminal() {
    let phone = Phone::new();
    let uri = totp("Acme%E2%80%AEkcatta:a%E2%80%8Bda");
    let seen = phone.run_with(&["add", "--uri-from", "-"], &uri);
    seen.done();
    for arguments in [["list"].as_slice(), &["rename", "ada", "--account", "x"]] {
        let seen = phone.run(arguments);
        let said = format!("{}{}", seen.out, seen.error);
        assert!(
            !said.contains(['\u{202e}', '\u{200b}', '\u{1b}']),
            "{said:?}"
        );
    }
}

#[test]
fn whoever_reads_may_stop_early() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let mut child = phone
        .command(&["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let seen = Seen::from(child.wait_with_output().unwrap());
    assert_eq!((seen.exit, seen.error.as_str()), (0, ""));
}
