//! Codes, and nothing else on standard output.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use crate::common::{KEY, Phone, Seen, has, hotp, run_with, totp};

fn oathtool(arguments: &[&str]) -> Vec<String> {
    let mut command = Command::new("oathtool");
    let output = command.args(arguments).args(["--base32", KEY]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn codes_of_the_time_are_those_of_oathtool() {
    if !has("oathtool") {
        return;
    }
    let phone = Phone::new();
    for algorithm in ["SHA1", "SHA256", "SHA512"] {
        for digits in ["6", "7", "8"] {
            for period in ["30", "60"] {
                let name = format!("{algorithm}-{digits}-{period}");
                let add = [
                    "add",
                    "--issuer",
                    "Acme",
                    "--account",
                    &name,
                    "--algorithm",
                    algorithm,
                    "--digits",
                    digits,
                    "--period",
                    period,
                ];
                phone.run_with(&add, &format!("{KEY}\n")).done();
                for now in ["2005-03-18T01:58:29Z", "2033-05-18T03:33:20Z"] {
                    let expected = oathtool(&[
                        &format!("--totp={algorithm}"),
                        &format!("--digits={digits}"),
                        &format!("--time-step-size={period}s"),
                        &format!("--now={}", now.replace('T', " ").replace('Z', " UTC")),
                        "--window=1",
                    ]);
                    let code = phone.run(&["code", &name, "--now", now]);
                    assert_eq!(code.out, format!("{}\n", expected[0]), "{name}");
                    assert_eq!(code.error, "");
                    let next = phone.says(&["code", &name, "--now", now, "--next"]);
                    assert_eq!(next, expected[1], "{name}");
                }
            }
        }
    }
}

#[test]
fn codes_of_a_counter_are_those_of_oathtool_each_once() {
    if !has("oathtool") {
        return;
    }
    let phone = Phone::with(&[
        &hotp("Acme:token", 7),
        &format!("{}&digits=8", hotp("b", 0)),
    ]);
    for expected in oathtool(&["--hotp", "--counter=7", "--window=4"]) {
        assert_eq!(phone.says(&["code", "token"]), expected);
    }
    for expected in oathtool(&["--hotp", "--digits=8", "--window=2"]) {
        assert_eq!(phone.says(&["code", "b"]), expected);
    }
}

#[test]
fn programs_that_ask_at_once_get_different_codes_of_a_counter() {
    if !has("oathtool") {
        return;
    }
    let phone = Phone::with(&[&hotp("token", 0)]);
    let children: Vec<_> = (0..12)
        .map(|_| {
            let mut command = phone.command(&["code", "token"]);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let shown: BTreeSet<_> = children
        .into_iter()
        .map(|child| Seen::from(child.wait_with_output().unwrap()))
        .map(|seen| seen.done().trim_end().to_owned())
        .collect();
    let expected: BTreeSet<_> = oathtool(&["--hotp", "--window=11"]).into_iter().collect();
    assert_eq!(shown, expected);
}

#[test]
fn a_counter_that_cannot_be_stored_shows_no_code() {
    let phone = Phone::with(&[&hotp("token", 0)]);
    std::fs::create_dir_all(phone.path("vault.age.new/full")).unwrap();
    let seen = phone.run(&["code", "token"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    std::fs::remove_dir_all(phone.path("vault.age.new")).unwrap();
    // RFC 4226, appendix D: the first one.
    assert_eq!(phone.says(&["code", "token"]), "755224");
}

#[test]
fn the_last_counter_has_no_code_and_nothing_changes() {
    let phone = Phone::with(&[&hotp("token", u64::MAX)]);
    let before = phone.read("vault.age");
    let seen = phone.run(&["code", "token"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    assert_eq!(
        seen.error,
        "error: the last counter of this account is used up\n"
    );
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn json_has_what_a_program_needs() {
    let steam = format!("{}&encoder=steam", totp("Steam:ada"));
    let phone = Phone::with(&[&totp("Acme:bob"), &hotp("token", 0), &steam]);
    let shown = |arguments: &[&str]| -> serde_json::Value {
        let arguments = [arguments, &["--json", "--now", "1970-01-01T00:00:59Z"]].concat();
        serde_json::from_str(&phone.says(&arguments)).unwrap()
    };
    // RFC 6238, appendix B, and RFC 4226, appendix D.
    let bob = shown(&["code", "bob"]);
    assert_eq!(bob["code"], "287082");
    assert_eq!(bob["seconds_left"], 1);
    assert_eq!(bob["name"], "Acme: bob");
    assert_eq!(shown(&["code", "bob", "--next"])["seconds_left"], 31);
    let token = shown(&["code", "token"]);
    assert_eq!(token["code"], "755224");
    assert_eq!(token["counter"], 0);
    assert_eq!(shown(&["code", "token"])["counter"], 1);
    let ada = shown(&["code", "Steam"]);
    assert_eq!(ada["code"].as_str().unwrap().len(), 5);
    // The identifier means the same account.
    let id = bob["id"].as_str().unwrap();
    assert_eq!(shown(&["code", id])["code"], "287082");
}

#[test]
fn a_name_that_means_several_accounts_shows_no_code() {
    let phone = Phone::with(&[&totp("Acme:ada"), &hotp("Acme:bob", 0)]);
    let before = phone.read("vault.age");
    let seen = phone.run(&["code", "acme"]);
    assert_eq!((seen.exit, seen.out.as_str()), (4, ""));
    assert!(seen.error.contains("Acme: ada") && seen.error.contains("Acme: bob"));
    let seen = phone.run(&["code", "nobody"]);
    assert_eq!((seen.exit, seen.out.as_str()), (4, ""));
    assert_eq!(seen.error, "error: no account is called that\n");
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn the_passphrase_may_come_by_standard_input() {
    let phone = Phone::with(&[&hotp("token", 0)]);
    let command = || phone.bare_command(&["code", "token", "--passphrase-file", "-"]);
    let seen = run_with(command(), "correct horse battery\nmore");
    assert_eq!(seen.done(), "755224\n");
    let seen = run_with(command(), "correct horse battery \n");
    assert_eq!((seen.exit, seen.out.as_str()), (3, ""));
    assert_eq!(seen.error, "error: the passphrase is wrong\n");
}
