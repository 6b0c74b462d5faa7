//! The languages in which there are texts.

/// A language in which there are texts.
///
/// ```
/// use mfa_policy::Language;
///
/// assert_eq!(Language::from_tag("nl-BE"), Some(Language::Dutch));
/// assert_eq!(Language::negotiate("fr, nl;q=0.8, en;q=0.5"), Some(Language::Dutch));
/// assert_eq!(Language::negotiate("fr"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Dutch];

    /// The language tag of BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
        }
    }

    /// The language of a tag such as `nl`, `nl-BE` or `en_GB`, whatever the region. `None` if there are no texts in it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The language that an `Accept-Language` header (RFC 9110 §12.5.4) prefers among those that there are.
    ///
    /// Of equal weights the first one wins; `*` stands for the first of [`Language::ALL`]. `None` if nothing fits, or nothing
    /// can be read.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let language = if tag == "*" {
                Some(Self::English)
            } else {
                Self::from_tag(tag)
            };
            let (Some(language), Some(weight)) = (language, weight(parts.next())) else {
                continue;
            };
            if weight > best.map_or(0.0, |(weight, _)| weight) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// The number in `q=0.8`, which is 1 where there is none.
fn weight(parameter: Option<&str>) -> Option<f32> {
    let Some(parameter) = parameter else {
        return Some(1.0);
    };
    let (name, value) = parameter.split_once('=')?;
    let weight: f32 = value.trim().parse().ok()?;
    (name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&weight)).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_highest_weight_wins_and_the_first_among_equals() {
        for (header, expected) in [
            ("nl", Some(Language::Dutch)),
            ("NL-be, en", Some(Language::Dutch)),
            ("en-GB,en;q=0.9,nl;q=0.8", Some(Language::English)),
            ("de, nl;q=0.5, en;q=0.4", Some(Language::Dutch)),
            ("en;q=0.4 , nl; q=0.5", Some(Language::Dutch)),
            ("nl;q=0, en;q=0.1", Some(Language::English)),
            ("nl;q=0", None),
            ("nl;q=2, nl;q=x, nl;level=1", None),
            ("*", Some(Language::English)),
            ("nl;q=0.1, *;q=0.05", Some(Language::Dutch)),
            ("", None),
            (",;,=;q=", None),
            ("nld", None),
        ] {
            assert_eq!(Language::negotiate(header), expected, "{header}");
        }
    }
}
