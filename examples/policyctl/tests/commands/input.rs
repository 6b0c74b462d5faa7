//! What the program is given: files with mistakes, and the time.

use super::*;

#[test]
fn bad_files_are_named_with_line_and_column() {
    let folder = Folder::new("bad");
    folder.write(
        "policy.toml",
        "schema = 1\n\n[methods.text]\nenabld = true\n",
    );
    folder.write("policy.json", "{\n  \"schema\": 1,\n  \"methods\": 7\n}");
    folder.write("person.toml", "[subject]\nid = ''\n");
    folder.write("person.json", "{\"subject\": {\"id\": \"x\"},\n \"account\": {\"registrations\": [{\"id\": \"r\", \"method\": \"pigeon\"}]}}");
    folder.write("people.jsonl", "\n{\"subject\": 1}\n");
    fs::write(folder.0.join("bytes.toml"), b"schema = 1\nname = \"\xff\"").unwrap();
    let stories = sample("stories.jsonl");
    for (arguments, expected) in [
        (
            vec!["lint", "policy.toml"],
            "policy.toml:4:1: unknown field `enabld`",
        ),
        (
            vec!["lint", "policy.json"],
            "policy.json:3:14: invalid type",
        ),
        (
            vec!["lint", "bytes.toml"],
            "bytes.toml:2:9: this is not UTF-8",
        ),
        (
            vec!["diff", "policy.json", "preset:nist"],
            "policy.json:3:14",
        ),
        (
            vec!["overview", "person.toml"],
            "person.toml:2:6: an identifier has",
        ),
        (
            vec!["explain", "person.json", "two_step"],
            "person.json:2:62: no such method",
        ),
        (vec!["overview", "people.jsonl"], "people.jsonl:2:"),
        (vec!["overview", "absent.toml"], "cannot read absent.toml"),
        (
            vec!["overview", &stories, "--person", "nobody"],
            "has no person `nobody`",
        ),
        (
            vec!["simulate", "absent.jsonl", "--off", "text"],
            "cannot read absent.jsonl",
        ),
        (
            vec!["simulate", &stories, "--new", "policy.toml"],
            "policy.toml:4:1",
        ),
        (
            vec![
                "simulate",
                &stories,
                "--off",
                "text",
                "--html",
                "no/such/folder.html",
            ],
            "cannot write",
        ),
        (
            vec![
                "overview",
                &stories,
                "--person",
                "ada",
                "--policy",
                "preset:nist",
                "--policy",
                "preset:entra",
            ],
            "cannot be merged",
        ),
        (vec!["simulate", ".", "--off", "text"], "cannot read"),
    ] {
        let seen = folder.run(&arguments);
        assert_eq!(seen.exit, 3, "{arguments:?}: {}{}", seen.out, seen.error);
        assert!(
            seen.error.contains(expected),
            "{arguments:?}: {}",
            seen.error
        );
    }
    for arguments in [
        vec![],
        vec!["nonsense"],
        vec!["lint"],
        vec!["simulate", &stories],
        vec!["simulate", &stories, "--off", "pigeon"],
        vec!["simulate", &stories, "--off", "text", "--threads", "0"],
        vec!["explain", &stories, "two_step"],
        vec!["explain", "person.json", "world_peace"],
        vec!["overview", "person.json", "--now", "next year"],
        vec!["lint", "preset:okta"],
        vec!["preset", "nist", "--lang", "tlh"],
    ] {
        let seen = folder.run(&arguments);
        assert_eq!(seen.exit, 2, "{arguments:?}: {}{}", seen.out, seen.error);
    }
}

#[test]
fn time_is_given_or_the_clock() {
    let folder = Folder::new("time");
    let text = folder.run(&["preset", "security-info"]).out;
    folder.write(
        "sunset.toml",
        &text.replacen(
            "[methods.text]",
            "[methods.text]\nsunset = \"2027-02-01\"",
            1,
        ),
    );
    let stories = sample("stories.jsonl");
    let exit = |now: &str| {
        folder
            .run(&[
                "explain",
                &stories,
                "two_step",
                "--person",
                "bob",
                "--policy",
                "sunset.toml",
                "--now",
                now,
            ])
            .exit
    };
    assert_eq!((exit("2027-01-31"), exit("2027-02-01")), (0, 1));
}
