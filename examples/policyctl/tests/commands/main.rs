//! The program as a person and as a script use it: files, commands, exit codes.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test may stop")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// An empty folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policyctl"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Seen {
        Seen::from(self.command(arguments).output().unwrap())
    }

    /// With JSON, which has to parse.
    fn json(&self, arguments: &[&str]) -> Value {
        let seen = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&seen.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", seen.out, seen.error))
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }
}

struct Seen {
    exit: i32,
    out: String,
    error: String,
}

impl From<Output> for Seen {
    fn from(output: Output) -> Self {
        let seen = Self {
            exit: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!seen.error.contains("panicked"), "{}", seen.error);
        assert!(
            !seen.out.contains('\u{1b}'),
            "colours without a terminal: {}",
            seen.out
        );
        seen
    }
}

fn sample(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/population");
    folder.join(file).to_str().unwrap().to_owned()
}

/// Text for people fits a terminal of 80 columns.
fn fits(text: &str) {
    for line in text.lines() {
        let words = line.split_whitespace().count();
        assert!(line.chars().count() <= 80 || words <= 2, "too long: {line}");
    }
}

const NOW: [&str; 2] = ["--now", "2026-11-22T09:00:00Z"];

#[test]
fn the_one_command_answers_what_happens_without_text_messages() {
    let folder = Folder::new("stories");
    let stories = sample("stories.jsonl");
    let seen = folder.run(&[
        "simulate",
        &stories,
        "--off",
        "text",
        "--html",
        "report.html",
    ]);
    assert_eq!((seen.exit, seen.error.as_str()), (1, ""));
    fits(&seen.out);
    let first: Vec<&str> = seen
        .out
        .lines()
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(
        first.join(" "),
        "If text messages are switched off, 2 of 8 people lose two-step verification. 1 of them needs an administrator."
    );
    assert!(
        folder
            .text("report.html")
            .contains("1 of them needs an administrator.")
    );
    let json = folder.json(&["simulate", &stories, "--off", "text"]);
    assert_eq!(json["stranded"]["first"], serde_json::json!(["bob"]));
    assert_eq!(json["must_register"]["first"], serde_json::json!(["dan"]));
    assert_eq!(json["lacking_all_along"], 2);
    assert_eq!(json["changes"][0]["path"], "methods.text.enabled");
    // Help names the command that was just run.
    let help = folder.run(&["--help"]);
    assert!(
        help.out
            .contains("policyctl simulate people.jsonl --off text --html report.html")
    );
    assert!(help.out.contains("Exit codes"));
    fits(&help.out);
}

#[test]
fn every_number_of_the_report_is_the_number_of_the_json_output() {
    let folder = Folder::new("report");
    let people = sample("made-up.jsonl");
    for (change, language) in [
        ("methods.text.enabled=false", "en"),
        ("reset.gates=1", "nl"),
    ] {
        let arguments = ["simulate", &people, "--set", change, "--lang", language];
        let simulate = [&arguments[..], &NOW, &["--html", "report.html"]].concat();
        let json = folder.json(&simulate);
        let html = folder.text("report.html");
        let options = roxmltree::ParsingOptions {
            allow_dtd: true,
            ..Default::default()
        };
        let report = roxmltree::Document::parse_with_options(&html, options).unwrap();
        let mut compared = 0;
        for node in report.descendants() {
            let Some(pointer) = node.attribute("data-count") else {
                continue;
            };
            let digits: String = node
                .text()
                .unwrap()
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            let expected = json
                .pointer(pointer)
                .unwrap_or_else(|| panic!("{pointer} is not in the JSON output"));
            assert_eq!(digits, expected.to_string(), "{pointer}");
            compared += 1;
        }
        assert!(compared > 40, "{compared}");

        // Every default that changes, every method in use, every stranded person and every field stands there.
        let defaults = json["defaults"].as_array().unwrap();
        let changes = defaults
            .iter()
            .filter(|change| change["from"] != change["to"])
            .count();
        let rows = report.descendants().filter(|node| {
            node.attribute("data-count")
                .is_some_and(|pointer| pointer.starts_with("/defaults/"))
        });
        assert_eq!(rows.count(), changes);
        let ids: Vec<&str> = report
            .descendants()
            .filter(|node| node.attribute("class") == Some("ids"))
            .flat_map(|list| list.children().filter_map(|item| item.text()))
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .collect();
        assert_eq!(serde_json::json!(ids), json["stranded"]["first"]);
        assert!(html.contains(change.split('=').next().unwrap()));

        // The headline is the same in all three.
        let heading = report
            .descendants()
            .find(|node| node.has_tag_name(("http://www.w3.org/1999/xhtml", "h1")))
            .unwrap();
        let heading: String = heading
            .descendants()
            .filter_map(|node| node.text().filter(|_| node.is_text()))
            .collect();
        assert_eq!(heading, json["headline"].as_str().unwrap());

        // Nothing is loaded, and nothing runs.
        for node in report.descendants().filter(roxmltree::Node::is_element) {
            assert_ne!(node.tag_name().name(), "script");
            for attribute in node.attributes() {
                assert!(
                    !["src", "href", "onload"].contains(&attribute.name()),
                    "{}",
                    attribute.name()
                );
            }
        }
        assert!(!html.contains("url(") && !html.contains("@import"));
    }
}

#[test]
fn names_from_outside_stay_text_in_the_report() {
    let folder = Folder::new("escape");
    let id = r#"<script>alert("&amp;")</script>"#;
    let person = serde_json::json!({
        "subject": { "id": id },
        "account": { "registrations": [{ "id": "r", "method": "text" }] },
    });
    folder.write("people.jsonl", &format!("{person}\n{{\"<b>\":1}}\n"));
    let seen = folder.run(&[
        "simulate",
        "people.jsonl",
        "--off",
        "text",
        "--html",
        "report.html",
    ]);
    assert_eq!(seen.exit, 3, "a line could not be read");
    let html = folder.text("report.html");
    assert!(
        !html.contains("<script") && !html.contains("<b>`"),
        "{html}"
    );
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let report = roxmltree::Document::parse_with_options(&html, options).unwrap();
    assert!(report.descendants().any(|node| node.text() == Some(id)));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new("threads");
    let people = sample("made-up.jsonl");
    let of = |threads: &str| {
        let seen = folder.run(&[
            "simulate",
            &people,
            "--off",
            "text",
            "--json",
            "--threads",
            threads,
        ]);
        assert_eq!(seen.exit, 1);
        seen.out
    };
    let one = of("1");
    for threads in ["2", "3", "8", "100"] {
        assert_eq!(of(threads), one);
    }
}

#[test]
fn changes_are_written_on_the_command_line() {
    let folder = Folder::new("changes");
    let people = sample("stories.jsonl");
    let changed = |arguments: &[&str]| {
        let json = folder.json(&[&["simulate", &people], arguments].concat());
        let changes = json["changes"].as_array().unwrap().iter();
        changes
            .map(|change| {
                format!(
                    "{}={}",
                    change["path"].as_str().unwrap(),
                    change["new"].as_str().unwrap_or("absent")
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        changed(&["--set", "methods.text.sunset=2027-02-01"]),
        ["methods.text.sunset=\"2027-02-01T00:00:00Z\""]
    );
    assert_eq!(
        changed(&["--set", "methods.text.unique=organisation"]),
        ["methods.text.unique=\"organisation\""]
    );
    assert_eq!(changed(&["--set", "reset.gates = 1"]), ["reset.gates=1"]);
    assert_eq!(
        changed(&[
            "--off",
            "text",
            "--off",
            "call_mobile",
            "--on",
            "temporary_pass"
        ]),
        [
            "methods.call_mobile.enabled=false",
            "methods.temporary_pass.enabled=true",
            "methods.text.enabled=false"
        ]
    );
    assert_eq!(
        changed(&["--set", "methods.text.enabled=true"]),
        Vec::<String>::new()
    );
    let same = folder.run(&["simulate", &people, "--set", "methods.text.enabled=true"]);
    assert_eq!(same.exit, 0);
    assert!(same.out.contains("nobody loses anything"), "{}", same.out);
    for wrong in [
        "methods.text.enabled=maybe",
        "methods.text.enabld=false",
        "nonsense",
        "=",
        "a=b",
        "reset.gates=\"x",
        "schema=[[[",
    ] {
        let seen = folder.run(&["simulate", &people, "--set", wrong]);
        assert_eq!(seen.exit, 2, "{wrong}: {}{}", seen.out, seen.error);
    }
    // What is written well and out of range is a policy that is wrong.
    let seen = folder.run(&["simulate", &people, "--set", "reset.gates=17"]);
    assert_eq!(seen.exit, 3);
    assert!(seen.error.contains("reset.gates"), "{}", seen.error);
}

#[test]
fn a_population_is_made_up_the_same_way_each_time() {
    let folder = Folder::new("population");
    let made_up = folder.run(&["population", "300"]);
    assert_eq!(made_up.exit, 0);
    assert_eq!(
        made_up.out,
        fs::read_to_string(sample("made-up.jsonl")).unwrap()
    );
    assert_ne!(
        folder.run(&["population", "300", "--seed", "2"]).out,
        made_up.out
    );
    assert_eq!(folder.run(&["population", "0"]).out, "");
}

#[test]
fn whoever_stops_reading_early_is_no_error() {
    let folder = Folder::new("pipe");
    let mut command = folder.command(&["population", "200000"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let seen = Seen::from(child.wait_with_output().unwrap());
    assert_eq!((seen.exit, seen.error.as_str()), (0, ""));
}

#[test]
fn bad_lines_are_counted_and_named() {
    let folder = Folder::new("lines");
    let good = fs::read_to_string(sample("stories.jsonl")).unwrap();
    let long = format!("{{\"subject\":{{\"id\":\"{}\"}}}}", "x".repeat(3_000_000));
    let text = format!(
        "nonsense\n\n{good}{{\"subject\":{{\"id\":\"x\"}},\"acount\":1}}\n{long}\n{{\"subject\":{{\"id\":\"last\"}}}}"
    );
    folder.write("people.jsonl", &text);
    let json = folder.json(&["simulate", "people.jsonl", "--off", "text"]);
    assert_eq!(json["people"], 9);
    assert_eq!(json["rejected"]["count"], 3);
    let lines: Vec<_> = json["rejected"]["first"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["line"])
        .collect();
    assert_eq!(lines, [&1, &12, &13]);
    let seen = folder.run(&["simulate", "people.jsonl", "--off", "text"]);
    assert_eq!(seen.exit, 3);
    assert!(
        seen.out.contains("line 12:30: unknown field `acount`"),
        "{}",
        seen.out
    );
}

#[test]
fn explain_says_why_not_and_what_helps() {
    let folder = Folder::new("explain");
    let ada = sample("ada.toml");
    let explain = |arguments: &[&str]| folder.run(&[&["explain"], arguments, &NOW[..]].concat());
    let seen = explain(&[&ada, "two_step"]);
    assert_eq!(seen.exit, 0);
    assert!(
        seen.out.contains("Yes: 3 registrations serve."),
        "{}",
        seen.out
    );
    fits(&seen.out);

    let stories = sample("stories.jsonl");
    let seen = explain(&[&stories, "two_step", "--person", "heidi"]);
    assert_eq!(seen.exit, 1);
    fits(&seen.out);
    assert!(
        seen.out.contains("[methods.email.purposes]") && seen.out.contains("helps"),
        "{}",
        seen.out
    );
    let json = folder.json(&["explain", &stories, "two_step", "--person", "heidi"]);
    assert_eq!(json["allowed"], false);
    let codes = json["registrations"][0]["decision"]["reasons"][0]["code"].as_str();
    assert_eq!(codes, Some("purpose_not_allowed"));
    assert!(!json["additions"].as_array().unwrap().is_empty());

    let reset = explain(&[&ada, "password_reset"]);
    assert_eq!(reset.exit, 0, "{}", reset.out);
    assert_eq!(
        explain(&[&stories, "password_reset", "--person", "bob"]).exit,
        1
    );
    let dutch = explain(&[&ada, "two_step", "--lang", "nl"]);
    assert!(
        dutch.out.contains("Ja: 3 registraties volstaan."),
        "{}",
        dutch.out
    );
    // Where telephones are not reached, the text message is none.
    let away = explain(&[
        &stories,
        "two_step",
        "--person",
        "bob",
        "--without",
        "telephony",
    ]);
    assert_eq!(away.exit, 1);
    assert!(away.out.contains("[context.telephony]"), "{}", away.out);
}

#[test]
fn overview_shows_the_page_of_the_security_info() {
    let folder = Folder::new("overview");
    let ada = sample("ada.toml");
    let seen = folder.run(&["overview", &ada]);
    assert_eq!(seen.exit, 0);
    fits(&seen.out);
    assert!(
        seen.out.contains("Text message (text), chosen"),
        "{}",
        seen.out
    );
    let stories = sample("stories.jsonl");
    let missing = folder.run(&["overview", &stories, "--person", "grace"]);
    assert_eq!(missing.exit, 1);
    assert!(
        missing.out.contains("Two-step verification: not reached"),
        "{}",
        missing.out
    );
    let json = folder.json(&["overview", &stories, "--person", "grace"]);
    assert_eq!(json["missing"][0]["purpose"], "two_step");
    assert_eq!(json["person"], "grace");
    // The same person from a file of its own, from standard input, and in JSON.
    let mut child = folder
        .command(&["overview", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(fs::read_to_string(&ada).unwrap().as_bytes())
        .unwrap();
    assert_eq!(Seen::from(child.wait_with_output().unwrap()).out, seen.out);
    let line = fs::read_to_string(&stories)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    folder.write("ada.json", &line);
    assert_eq!(folder.run(&["overview", "ada.json"]).out, seen.out);
    assert_eq!(
        folder.run(&["overview", &stories, "--person", "ada"]).out,
        seen.out
    );
}

#[test]
fn lint_lists_everything_with_a_fix() {
    let folder = Folder::new("lint");
    folder.write(
        "weak.toml",
        "schema = 1\nreset.gates = 9\n[methods.email]\npurposes = ['two_step']\n",
    );
    let seen = folder.run(&["lint", "weak.toml"]);
    assert_eq!(seen.exit, 1);
    fits(&seen.out);
    for expected in [
        "reset.gates",
        "[out_of_range]",
        "[purpose_impossible]",
        "[not_said_whether_on]",
    ] {
        assert!(seen.out.contains(expected), "{}", seen.out);
    }
    folder.write("empty.json", "{\"schema\": 1}");
    let json = folder.json(&["lint", "empty.json"]);
    let finding = &json["findings"][0];
    assert!(
        !finding["text"].as_str().unwrap().is_empty()
            && !finding["fix"].as_str().unwrap().is_empty()
    );
    assert_eq!(folder.run(&["lint", "empty.json"]).exit, 1);
    // Policies that cannot be merged are a finding too.
    let conflict = folder.run(&["lint", "preset:entra", "preset:nist"]);
    assert_eq!(conflict.exit, 1);
    assert!(conflict.out.contains("[conflict]"), "{}", conflict.out);
    assert!(folder.json(&["lint", "preset:entra", "preset:nist"])["conflicts"].is_array());
}

#[test]
fn diff_compares_fields_and_behaviour() {
    let folder = Folder::new("diff");
    let same = folder.run(&["diff", "preset:nist", "preset:nist"]);
    assert_eq!(same.exit, 0);
    let text = folder.run(&["preset", "security-info"]).out;
    folder.write(
        "new.toml",
        &text.replacen(
            "[methods.text]\nenabled = true",
            "[methods.text]\nenabled = false",
            1,
        ),
    );
    let seen = folder.run(&["diff", "preset:security-info", "new.toml"]);
    assert_eq!(seen.exit, 1, "{}", seen.error);
    fits(&seen.out);
    assert!(
        seen.out.contains("methods.text.enabled: true → false"),
        "{}",
        seen.out
    );
    assert!(
        seen.out
            .contains("All people can no longer use text message for two-step"),
        "{}",
        seen.out
    );
    assert!(seen.out.contains("at least as strict"), "{}", seen.out);
    let json = folder.json(&["diff", "preset:security-info", "new.toml"]);
    assert_eq!(json["fields"].as_array().unwrap().len(), 1);
    assert!(!json["behaviour"].as_array().unwrap().is_empty());
}

#[test]
fn presets_and_schema_are_printed_as_they_are() {
    let folder = Folder::new("preset");
    let list = folder.run(&["preset"]);
    assert_eq!(list.exit, 0);
    fits(&list.out);
    for name in folder.json(&["preset"]).as_array().unwrap() {
        let name = name.as_str().unwrap();
        assert!(list.out.contains(name) && !list.out.contains(&format!("preset-{name}")));
        let text = folder.run(&["preset", name]);
        folder.write("copy.toml", &text.out);
        folder.write("copy.json", &folder.run(&["preset", name, "--json"]).out);
        assert_eq!(
            folder
                .run(&["diff", &format!("preset:{name}"), "copy.toml"])
                .exit,
            0
        );
        assert_eq!(folder.run(&["diff", "copy.json", "copy.toml"]).exit, 0);
    }
    let schema: Value = serde_json::from_str(&folder.run(&["schema"]).out).unwrap();
    assert!(schema["properties"]["methods"].is_object());
    assert_eq!(folder.run(&["preset", "okta"]).exit, 2);
}

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
