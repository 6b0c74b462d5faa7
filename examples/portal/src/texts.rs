//! The portal's own words, in English and Dutch. What policies say comes from [`mfa_policy::Messages`].

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use mfa_policy::{Language, Messages, Method};

/// The words of one language.
pub(crate) struct Texts(FluentBundle<FluentResource>);

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::read(Language::English));
static DUTCH: LazyLock<Texts> = LazyLock::new(|| Texts::read(Language::Dutch));

impl Texts {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Dutch => &DUTCH,
            _ => &ENGLISH,
        }
    }

    fn read(language: Language) -> Self {
        let mut bundle =
            FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
        // Both languages run from left to right, and pages escape what is inserted.
        bundle.set_use_isolating(false);
        for source in sources(language) {
            // What cannot be read is missing then, and the tests say so.
            let resource = FluentResource::try_new(source.to_owned());
            let _ = bundle.add_resource(resource.unwrap_or_else(|(readable, _)| readable));
        }
        Self(bundle)
    }

    /// The text of that name; the name itself if there is none or a variable is missing.
    pub(crate) fn say(&self, name: &str, variables: &[(&str, &str)]) -> String {
        self.find(name, variables)
            .unwrap_or_else(|| name.to_owned())
    }

    fn find(&self, name: &str, variables: &[(&str, &str)]) -> Option<String> {
        let variables: FluentArgs<'_> = variables.iter().copied().collect();
        let pattern = self.0.get_message(name)?.value()?;
        let mut errors = Vec::new();
        let text = self
            .0
            .format_pattern(pattern, Some(&variables), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// The name that a person gave, unless it is what the method is called anyhow, in the language of that day.
pub(crate) fn given_name<'a>(method: &Method, name: &'a str) -> Option<&'a str> {
    let is_called = |language| Messages::new(language).method(method) == name;
    let is_plain = name.is_empty() || Language::ALL.into_iter().any(is_called);
    (!is_plain).then_some(name)
}

/// The files of a language.
const fn sources(language: Language) -> [&'static str; 7] {
    macro_rules! files {
        ($folder:literal) => {
            [
                include_str!(concat!("../texts/", $folder, "/administration.ftl")),
                include_str!(concat!("../texts/", $folder, "/common.ftl")),
                include_str!(concat!("../texts/", $folder, "/enrolment.ftl")),
                include_str!(concat!("../texts/", $folder, "/messages.ftl")),
                include_str!(concat!("../texts/", $folder, "/reset.ftl")),
                include_str!(concat!("../texts/", $folder, "/security_info.ftl")),
                include_str!(concat!("../texts/", $folder, "/sign_in.ftl")),
            ]
        };
    }
    match language {
        Language::Dutch => files!("nl"),
        _ => files!("en"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The names of all texts of a language.
    fn names(language: Language) -> BTreeSet<String> {
        let lines = sources(language).into_iter().flat_map(str::lines);
        let names = lines.filter_map(|line| line.split_once(" ="));
        names
            .filter(|(name, _)| !name.starts_with([' ', '#', '-', '.']))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// Everything that is written in the sources and templates.
    fn written(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                written(&path, all);
            } else {
                all.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_texts_and_all_can_be_read() {
        assert_eq!(names(Language::English), names(Language::Dutch));
        for language in Language::ALL {
            for name in names(language) {
                let found = Texts::of(language).0.get_message(&name);
                assert!(found.is_some(), "{name} cannot be read");
            }
        }
    }

    #[test]
    fn every_text_is_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = String::new();
        written(&root.join("src"), &mut all);
        written(&root.join("templates"), &mut all);
        for name in names(Language::English) {
            // Or one of a numbered list: `"question-{number}"`.
            let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit());
            let used =
                all.contains(&format!("\"{name}\"")) || all.contains(&format!("\"{numbered}{{"));
            assert!(used, "{name} is not used");
        }
    }

    #[test]
    fn every_text_that_a_page_asks_for_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = String::new();
        written(&root.join("src"), &mut all);
        written(&root.join("templates"), &mut all);
        let names = names(Language::English);
        for call in ["say(\"", "say_of(\""] {
            for asked in all.split(call).skip(1) {
                let name = asked.split('"').next().unwrap_or_default();
                assert!(names.contains(name), "{name} is missing");
            }
        }
    }
}
