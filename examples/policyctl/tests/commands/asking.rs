//! One policy looked at, asked and compared.

use super::*;

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
