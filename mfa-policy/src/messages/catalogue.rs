//! A Fluent catalogue, from which texts are asked by id.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::Language;

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Language::English));
static DUTCH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Language::Dutch));

/// The texts of one language.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Every id that was asked for, so that a test can find the texts that nobody asks for.
    #[cfg(test)]
    pub(super) asked: std::sync::Mutex<std::collections::BTreeSet<String>>,
}

impl Catalogue {
    /// The one of that language, read once.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    pub(super) fn new(language: Language) -> Self {
        // What cannot be read is left out, and its texts are then missing; the tests would say so.
        let resource = FluentResource::try_new(source(language).to_owned())
            .unwrap_or_else(|(readable, _)| readable);
        let mut bundle =
            FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
        // Isolating would put invisible marks around every inserted piece. The pieces are ours and run from left to right
        // like both languages; names from outside are isolated one by one, where they need it, in `names.rs`. So plain texts
        // stay plain, as a log, a text message or a comparison wants them.
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource);
        Self {
            bundle,
            #[cfg(test)]
            asked: std::sync::Mutex::default(),
        }
    }

    /// The text with that id (`message` or `message.attribute`). `None` if there is none or a variable is missing: better no
    /// text than a broken one.
    pub(super) fn text(
        &self,
        id: &str,
        variables: &[(&'static str, FluentValue<'_>)],
    ) -> Option<String> {
        #[cfg(test)]
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(id.to_owned());
        }
        let (message, attribute) = match id.split_once('.') {
            Some((message, attribute)) => (message, Some(attribute)),
            None => (id, None),
        };
        let message = self.bundle.get_message(message)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let variables: FluentArgs<'_> = variables
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&variables), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// The catalogue as it is written.
pub(super) const fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../messages/en.ftl"),
        Language::Dutch => include_str!("../../messages/nl.ftl"),
    }
}
