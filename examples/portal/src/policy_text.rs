//! The text of a policy: which line a finding is about, and a method switched without losing the comments.

use mfa_policy::{Method, PolicyDraft};

/// The line, from 1, where that field is written, or what it belongs to; `None` if nothing of it is.
pub(crate) fn line_of(text: &str, path: &str) -> Option<usize> {
    let plain: String = without_places(path);
    let mut best: Option<(usize, usize)> = None;
    for (number, written) in (1..).zip(fields(text)) {
        let Some(field) = written else { continue };
        let fits = plain == field
            || plain
                .strip_prefix(&field)
                .is_some_and(|rest| rest.starts_with('.'));
        if fits && best.is_none_or(|(_, length)| field.len() > length) {
            best = Some((number, field.len()));
        }
    }
    best.map(|(number, _)| number)
}

/// The text with a method on or off. Comments stay, if the text can be changed in that one place; else it is written anew.
pub(crate) fn switched(text: &str, draft: &PolicyDraft, method: &Method, on: bool) -> String {
    let mut wanted = draft.clone();
    wanted.methods.entry(method.clone()).or_default().enabled = Some(on);
    let field = format!("methods.{method}.enabled");
    let lines = text.lines().zip(fields(text)).map(|(line, written)| {
        if written.as_ref() == Some(&field) {
            format!("enabled = {on}\n")
        } else {
            format!("{line}\n")
        }
    });
    let changed: String = lines.collect();
    match PolicyDraft::from_toml(&changed) {
        Ok(draft) if draft == wanted => changed,
        _ => wanted.to_toml(),
    }
}

/// For each line the field that it begins to write, or the table that it opens.
fn fields(text: &str) -> impl Iterator<Item = Option<String>> {
    let mut table = String::new();
    text.lines().map(move |line| {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let name = header.trim_start_matches('[').split(']').next();
            table = name.unwrap_or_default().trim().replace('"', "");
            return Some(table.clone());
        }
        let (key, _) = line.split_once('=')?;
        let key = key.trim().replace('"', "");
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        if key.is_empty() || !key.chars().all(is_key) {
            return None;
        }
        Some(if table.is_empty() {
            key
        } else {
            format!("{table}.{key}")
        })
    })
}

/// `requirements[0].purpose` is written in a table of the name `requirements`.
fn without_places(path: &str) -> String {
    let mut inside = false;
    let kept = path.chars().filter(|c| {
        inside = *c == '[' || inside && *c != ']';
        !inside && *c != ']'
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use mfa_policy::Preset;

    use super::*;

    const TEXT: &str = "schema = 1\n# a comment = 1\n[methods.text]\nenabled = true # on\npurposes = [\"two_step\"]\n\n[methods.text.freshness]\nadd = 5\n[[requirements]]\npurpose = \"two_step\"\n";

    #[test]
    fn a_field_is_found_where_it_is_written_or_where_it_belongs() {
        assert_eq!(line_of(TEXT, "methods.text.enabled"), Some(4));
        assert_eq!(line_of(TEXT, "methods.text.default"), Some(3));
        assert_eq!(line_of(TEXT, "methods.text.freshness.add"), Some(8));
        assert_eq!(line_of(TEXT, "requirements[0].purpose"), Some(10));
        assert_eq!(line_of(TEXT, "schema"), Some(1));
        assert_eq!(line_of(TEXT, "reset.gates"), None);
        assert_eq!(line_of(TEXT, "methods.texts"), None);
    }

    #[test]
    fn a_method_is_switched_in_its_line_and_the_rest_of_the_text_stays() {
        let preset = Preset::SecurityInfo;
        let text = switched(preset.text(), &preset.draft(), &Method::Text, false);
        let differing: Vec<(&str, &str)> = text
            .lines()
            .zip(preset.text().lines())
            .filter(|(new, old)| new != old)
            .collect();
        assert_eq!(differing, [("enabled = false", "enabled = true")]);
        let draft = PolicyDraft::from_toml(&text).unwrap();
        assert_eq!(draft.methods[&Method::Text].enabled, Some(false));
        let back = switched(&text, &draft, &Method::Text, true);
        assert_eq!(back, preset.text());
    }

    #[test]
    fn a_method_that_has_no_line_is_written_anew() {
        for text in [
            "schema = 1\n",
            "schema = 1\nmethods.text = { enabled = true }\n",
        ] {
            let draft = PolicyDraft::from_toml(text).unwrap();
            let changed = switched(text, &draft, &Method::Text, false);
            let changed = PolicyDraft::from_toml(&changed).unwrap();
            assert_eq!(changed.methods[&Method::Text].enabled, Some(false));
        }
    }
}
