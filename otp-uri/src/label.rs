use alloc::string::String;
use core::ops::Range;

/// The label of a key: its whole text, and which parts of it are issuer and account.
pub(crate) struct Label {
    text: String,
    issuer: Range<usize>,
    account: Range<usize>,
}

impl Label {
    /// Splits at the first colon; but a label that starts with the `issuer` parameter and a colon after it, because that
    /// is where it was put together, and issuers with colons in them exist.
    pub(crate) fn read(text: String, issuer_parameter: Option<&str>) -> Self {
        let colon = issuer_parameter
            .filter(|issuer| {
                text.strip_prefix(*issuer)
                    .is_some_and(|rest| rest.starts_with(':'))
            })
            .map(str::len)
            .or_else(|| text.find(':'));
        let (issuer, account) = match colon {
            Some(colon) => (
                trim(&text, 0..colon),
                trim(&text, colon.saturating_add(1)..text.len()),
            ),
            None => (0..0, trim(&text, 0..text.len())),
        };
        Self {
            text,
            issuer,
            account,
        }
    }

    pub(crate) fn new(issuer: Option<&str>, account: &str) -> Self {
        let mut text = String::new();
        if let Some(issuer) = issuer {
            text.push_str(issuer);
            text.push(':');
        }
        let start = text.len();
        text.push_str(account);
        Self {
            issuer: 0..issuer.map_or(0, str::len),
            account: start..text.len(),
            text,
        }
    }

    /// All of it, as it was read.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The part before the colon, where it is not empty.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.text
            .get(self.issuer.clone())
            .filter(|issuer| !issuer.is_empty())
    }

    pub(crate) fn account(&self) -> &str {
        self.text.get(self.account.clone()).unwrap_or_default()
    }
}

/// The part of the text without the spaces around it.
fn trim(text: &str, part: Range<usize>) -> Range<usize> {
    let Some(untrimmed) = text.get(part.clone()) else {
        return part;
    };
    let end = untrimmed.trim_end_matches(' ').len();
    let start = untrimmed
        .len()
        .saturating_sub(untrimmed.trim_start_matches(' ').len());
    // Nothing but spaces: the end lies before the start.
    part.start.saturating_add(start.min(end))..part.start.saturating_add(end)
}
