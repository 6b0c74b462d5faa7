//! A change tried on a population: what happens, the report, and populations that are made up.

use super::*;

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
