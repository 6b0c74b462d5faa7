//! Which account is meant.

use std::fmt;

use crate::{Account, Contents, words};

/// No account is called that, or several are.
#[derive(Debug)]
pub(super) struct NotOne {
    /// Those that could be meant, with their identifiers.
    several: Vec<String>,
}

impl fmt::Display for NotOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.several.is_empty() {
            return f.write_str("no account is called that");
        }
        f.write_str("several accounts are called that; say more, or the identifier:")?;
        for account in &self.several {
            write!(f, "\n  {account}")?;
        }
        Ok(())
    }
}

impl std::error::Error for NotOne {}

/// The one account that these words mean: its identifier; else its whole name, issuer or account; else the one whose name has all of them.
pub(super) fn one<'a>(contents: &'a Contents, words: &[String]) -> Result<&'a Account, NotOne> {
    let typed = words.join(" ");
    let by_id = typed.parse().ok().and_then(|id| contents.account(id));
    if let Some(account) = by_id {
        return Ok(account);
    }
    let accounts = || contents.accounts().iter();
    let exact: Vec<_> = accounts()
        .filter(|account| is_called(account, &typed))
        .collect();
    if let [account] = exact.as_slice() {
        return Ok(account);
    }
    let found: Vec<_> = accounts()
        .filter(|account| has_words(account, words))
        .collect();
    match found.as_slice() {
        [account] => Ok(account),
        several => Err(NotOne {
            several: several.iter().map(|account| describe(account)).collect(),
        }),
    }
}

/// Whether its name has all these words, in any order and case.
pub(super) fn has_words(account: &Account, words: &[String]) -> bool {
    let name = whole_name(account);
    words.iter().all(|word| name.contains(&word.to_lowercase()))
}

fn is_called(account: &Account, typed: &str) -> bool {
    let typed = typed.to_lowercase();
    let key = account.key();
    let parts = [key.account(), key.issuer().unwrap_or_default()];
    whole_name(account) == typed || parts.iter().any(|part| part.to_lowercase() == typed)
}

fn whole_name(account: &Account) -> String {
    let key = account.key();
    match key.issuer() {
        Some(issuer) => format!("{issuer}: {}", key.account()).to_lowercase(),
        None => key.account().to_lowercase(),
    }
}

fn describe(account: &Account) -> String {
    format!("{}  {}", account.id(), words::name(account.key()))
}

#[cfg(test)]
mod tests {
    use mfa_policy::Timestamp;
    use otp_uri::KeyUri;

    use super::*;

    fn contents() -> Contents {
        let mut contents = Contents::default();
        for label in ["Acme:ada", "Acme:adam", "Zürich:bob", "bob"] {
            let uri = format!("otpauth://totp/{label}?secret=GEZDGNBVGY3TQOJQ");
            let key = KeyUri::parse_lenient(&uri).unwrap();
            let added = Timestamp::from_unix_seconds(0);
            contents.add(Account::new(key, added).unwrap());
        }
        contents
    }

    fn found(words: &str) -> Result<String, usize> {
        let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
        one(&contents(), &words)
            .map(whole_name)
            .map_err(|error| error.several.len())
    }

    #[test]
    fn words_mean_one_account_or_none_is_taken() {
        assert_eq!(found("adam").as_deref(), Ok("acme: adam"));
        assert_eq!(found("ACME: ada").as_deref(), Ok("acme: ada"));
        assert_eq!(found("ZÜRICH").as_deref(), Ok("zürich: bob"));
        assert_eq!(found("bob zür").as_deref(), Ok("zürich: bob"));
        assert_eq!(found("acme"), Err(2));
        assert_eq!(found("eve"), Err(0));
    }

    #[test]
    fn a_whole_name_goes_before_a_part_of_another() {
        assert_eq!(found("ada").as_deref(), Ok("acme: ada"));
        // Two accounts are called so.
        assert_eq!(found("bob"), Err(2));
    }

    #[test]
    fn an_identifier_means_its_account() {
        let contents = contents();
        let id = contents.accounts()[3].id();
        let account = one(&contents, &[id.to_string()]).unwrap();
        assert_eq!(account.id(), id);
    }
}
