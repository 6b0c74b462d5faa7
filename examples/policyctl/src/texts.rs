//! The program's own words in the language of the reader.

use clap::ValueEnum;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    #[default]
    En,
    Nl,
}

impl Language {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nl => "nl",
        }
    }

    /// The language of the texts of the crate.
    pub(crate) const fn of_messages(self) -> mfa_policy::Language {
        match self {
            Self::En => mfa_policy::Language::English,
            Self::Nl => mfa_policy::Language::Dutch,
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("../texts/en.ftl"),
            Self::Nl => include_str!("../texts/nl.ftl"),
        }
    }

    const fn thousands(self) -> char {
        match self {
            Self::En => ',',
            Self::Nl => '.',
        }
    }

    /// A number with its thousands apart.
    pub(crate) fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (place, digit) in digits.char_indices() {
            if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
                text.push(self.thousands());
            }
            text.push(digit);
        }
        text
    }
}

/// The catalogue of one language.
pub(crate) struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    pub(crate) fn new(language: Language) -> Self {
        // INVARIANT: the codes above are language tags; a test sees it in the plurals.
        let id: LanguageIdentifier = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![id]);
        // Marks around every inserted text would be seen where a terminal does not know them.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::En => |value, _| number(value, Language::En),
            Language::Nl => |value, _| number(value, Language::Nl),
        }));
        // What cannot be read of the catalogue is missing below, and a test sees it.
        let resource = FluentResource::try_new(language.source().to_owned())
            .unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    pub(crate) fn number(&self, number: u64) -> String {
        self.language.number(number)
    }

    /// The text with that key, or the key where there is none.
    pub(crate) fn say(&self, key: &str) -> String {
        self.say_with(key, [])
    }

    /// The text with that key and these values in it.
    pub(crate) fn say_with<'a, const N: usize>(
        &'a self,
        key: &'a str,
        values: [(&'a str, FluentValue<'a>); N],
    ) -> String {
        let arguments: FluentArgs<'a> = values.into_iter().collect();
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&arguments), &mut errors)
            .into_owned()
    }

    /// The names one after the other, as in a sentence.
    pub(crate) fn list(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => self.say_with(
                "report-and",
                [
                    ("first", first.join(", ").into()),
                    ("rest", last.as_str().into()),
                ],
            ),
        }
    }
}

fn number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            let digits: u64 = number.as_string().parse().ok()?;
            Some(language.number(digits))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(language: Language) -> BTreeSet<&'static str> {
        let lines = language.source().lines();
        lines
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_texts_and_every_one_can_be_read() {
        assert_eq!(keys(Language::En), keys(Language::Nl));
        assert!(keys(Language::En).len() > 80);
        for language in [Language::En, Language::Nl] {
            assert!(FluentResource::try_new(language.source().to_owned()).is_ok());
            let texts = Texts::new(language);
            for key in keys(language) {
                assert!(texts.bundle.has_message(key), "{key}");
            }
        }
    }

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        let text = |language: Language, people: u64| {
            Texts::new(language).say_with(
                "headline-must-register",
                [("start", "X,".into()), ("people", people.into())],
            )
        };
        assert_eq!(
            text(Language::En, 1),
            "X, 1 person has to register another method."
        );
        assert_eq!(
            text(Language::En, 1_234_567),
            "X, 1,234,567 people have to register another method."
        );
        assert_eq!(
            text(Language::Nl, 12_345),
            "X, moeten 12.345 mensen een andere methode registreren."
        );
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        let texts = Texts::new(Language::En);
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(texts.list(&names), "a, b and c");
        assert_eq!(texts.list(&names[..1]), "a");
        assert_eq!(texts.list(&[]), "");
    }
}
