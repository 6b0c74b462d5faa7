//! The disk: full, not to be written, and slow to keep what it was given.

use std::process::Command;

use crate::common::{Phone, Seen, has, hotp, totp};

/// Runs the program where no file may have content, as on a full disk.
#[cfg(unix)]
fn on_a_full_disk(phone: &Phone, arguments: &[&str]) -> Seen {
    let program = env!("CARGO_BIN_EXE_authenticator");
    let mut shell = Command::new("sh");
    // Without the signal the write itself fails, as it does when there is no room.
    shell
        .args([
            "-c",
            r#"trap "" XFSZ; ulimit -f 0; exec "$0" "$@""#,
            program,
        ])
        .args(arguments)
        .args(["--vault", "vault.age", "--passphrase-file", "passphrase"])
        .current_dir(phone.path("."));
    Seen::from(shell.output().unwrap())
}

#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let phone = Phone::with(&[&totp("Acme:ada"), &hotp("token", 0)]);
    let before = phone.read("vault.age");
    for arguments in [
        ["code", "token"].as_slice(),
        &["remove", "ada", "--yes"],
        &["rename", "ada", "--account", "eve"],
        &["backup", "backup.age"],
        &["export", "--as", "uris", "--to", "keys.txt"],
        &["export", "--as", "migration", "--to", "codes"],
    ] {
        let seen = on_a_full_disk(&phone, arguments);
        assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{seen:?}");
        assert!(seen.error.contains("cannot write `"), "{seen:?}");
        assert_eq!(phone.read("vault.age"), before);
    }
    // Nothing half is left, and nothing of it is in the way.
    for name in ["backup.age", "keys.txt", "codes", "vault.age.new"] {
        assert!(!phone.path(name).exists(), "{name}");
    }
    assert_eq!(phone.says(&["code", "token"]), "755224");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_has_no_vault() {
    let phone = Phone::without_vault();
    // Nobody makes files there, whoever he is.
    let seen = phone.run(&["create", "--vault", "/proc/self/vault.age"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    assert!(
        seen.error
            .starts_with("error: cannot write `/proc/self/vault.age`: "),
        "{seen:?}"
    );
}

/// A kill does not show whether a disk was told to keep what was written; the calls of the system do.
#[cfg(target_os = "linux")]
#[test]
fn a_change_is_on_the_disk_before_it_is_told() {
    if !has("strace") {
        return;
    }
    let phone = Phone::with(&[&hotp("token", 0)]);
    let program = env!("CARGO_BIN_EXE_authenticator");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-y", "-o", "calls", "-e"])
        .arg("trace=fsync,fdatasync,rename,renameat,renameat2,write")
        .arg(program)
        .args(["code", "token", "--vault", "vault.age"])
        .args(["--passphrase-file", "passphrase"])
        .current_dir(phone.path("."));
    let seen = Seen::from(strace.output().unwrap());
    assert_eq!(seen.done(), "755224\n");
    let calls = String::from_utf8(phone.read("calls")).unwrap();
    let place = |parts: &[&str]| {
        let is_it = |line: &str| parts.iter().all(|part| line.contains(part));
        let found = calls.lines().position(is_it);
        found.unwrap_or_else(|| panic!("{parts:?} is not in\n{calls}"))
    };
    let folder = phone.path("x");
    let folder = folder.parent().unwrap().canonicalize().unwrap();
    let in_order = [
        place(&["fsync", "vault.age.new>"]),
        place(&["rename", "vault.age.new", "vault.age\""]),
        place(&["fsync", &format!("{}>", folder.display())]),
        place(&["write", "755224"]),
    ];
    assert!(in_order.is_sorted(), "{in_order:?}\n{calls}");
}
