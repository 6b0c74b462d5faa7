//! Telephone numbers as people type them.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use mfa_flow::{ContactError, PhoneNumber};
use mfa_policy::Language;

/// Where a telephone is.
pub(super) struct Country {
    /// ISO 3166-1.
    pub(super) region: &'static str,
    /// The calling code, without `+`.
    pub(super) code: &'static str,
    /// What is dialled before a number at home, and left out from abroad. Empty for nothing.
    trunk: &'static str,
    english: &'static str,
    dutch: &'static str,
}

impl Country {
    pub(super) const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::Dutch => self.dutch,
            _ => self.english,
        }
    }
}

static COUNTRIES: LazyLock<Vec<Country>> =
    LazyLock::new(|| LINES.lines().filter_map(country).collect());

const LINES: &str = include_str!("../../../texts/countries.txt");

fn country(line: &'static str) -> Option<Country> {
    let mut parts = line.splitn(4, ' ');
    let (region, code, trunk) = (parts.next()?, parts.next()?, parts.next()?);
    let (english, dutch) = parts.next()?.split_once(" | ")?;
    (region != "#").then_some(Country {
        region,
        code,
        trunk: if trunk == "-" { "" } else { trunk },
        english,
        dutch,
    })
}

/// All of them, by name.
pub(super) fn countries(language: Language) -> Vec<&'static Country> {
    let mut countries: Vec<&Country> = COUNTRIES.iter().collect();
    countries.sort_by_key(|country| country.name(language));
    countries
}

/// The region that the browser prefers, such as `NL` of `nl-NL`.
pub(super) fn preferred_region(headers: &HeaderMap) -> Option<String> {
    let languages = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tags = languages.split(',').filter_map(|tag| tag.split(';').next());
    let mut regions = tags.filter_map(|tag| Some(tag.trim().rsplit_once('-')?.1));
    let known = regions.find_map(|region| by_region(&region.to_ascii_uppercase()))?;
    Some(known.region.to_owned())
}

/// The region where nobody has said one.
pub(super) const fn usual_region(language: Language) -> &'static str {
    match language {
        Language::Dutch => "NL",
        _ => "US",
    }
}

/// The number in the form that every network takes: with `+` or `00` it brings its country, else it is one of the region.
pub(super) fn number(region: &str, typed: &str) -> Result<PhoneNumber, ContactError> {
    let typed = typed.trim_start_matches(['(', ' ']);
    if typed.starts_with('+') {
        return PhoneNumber::new(typed);
    }
    if let Some(international) = typed.strip_prefix("00") {
        return PhoneNumber::new(&format!("+{international}"));
    }
    let country = by_region(region).ok_or(ContactError::Number)?;
    let national = typed.strip_prefix(country.trunk).unwrap_or(typed);
    PhoneNumber::new(&format!("+{}{national}", country.code))
}

fn by_region(region: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.region == region)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(region: &str, typed: &str) -> Option<String> {
        let number = number(region, typed).ok()?;
        Some(number.as_str().to_owned())
    }

    #[test]
    fn every_line_of_the_countries_is_one() {
        let written = LINES.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(COUNTRIES.len(), written);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        for Country {
            region,
            code,
            trunk,
            ..
        } in COUNTRIES.iter()
        {
            assert!(
                region.len() == 2 && digits(code) && digits(trunk),
                "{region}"
            );
            assert!(!code.is_empty() && !code.starts_with('0'), "{region}");
        }
    }

    #[test]
    fn a_number_is_understood_as_people_at_home_write_it() {
        for typed in [
            "06 12345678",
            "6-1234 5678",
            "(06) 12.34.56.78",
            " 0612345678 ",
        ] {
            assert_eq!(read("NL", typed).unwrap(), "+31612345678", "{typed}");
        }
        assert_eq!(read("US", "(555) 123-4567").unwrap(), "+15551234567");
        assert_eq!(read("US", "1 555 123 4567").unwrap(), "+15551234567");
        assert_eq!(read("HU", "06 20 123 4567").unwrap(), "+36201234567");
        // In Italy the zero is part of the number.
        assert_eq!(read("IT", "06 698 12345").unwrap(), "+390669812345");
    }

    #[test]
    fn a_number_with_its_country_needs_no_other() {
        for typed in ["+31 6 12345678", "0031 6 12345678", "+31-6-1234-5678"] {
            assert_eq!(read("US", typed).unwrap(), "+31612345678", "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in [
            "",
            "0",
            "06 1234x678",
            "call me",
            "+",
            "00",
            "+0612345678",
            "12",
            "06-12345678901234567",
        ] {
            assert_eq!(read("NL", typed), None, "{typed}");
        }
        assert_eq!(read("XX", "0612345678"), None);
    }

    #[test]
    fn the_region_is_the_one_that_the_browser_prefers() {
        let region = |text| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            preferred_region(&headers)
        };
        assert_eq!(region("nl,en-GB;q=0.8,en-US;q=0.5").unwrap(), "GB");
        assert_eq!(region("nl-BE, nl;q=0.9").unwrap(), "BE");
        assert_eq!(region("de"), None);
        assert_eq!(region("zh-Hant"), None);
    }
}
