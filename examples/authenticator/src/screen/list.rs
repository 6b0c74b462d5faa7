//! The accounts: which one is chosen, what is shown of it, and what is searched for.

use crossterm::event::{KeyCode, KeyEvent};

use super::field::Field;
use crate::harmless;
use crate::{Account, AccountId, Code, Contents};

/// Where one is among the accounts. Codes of counters that are on show are wiped with it.
#[derive(Debug)]
pub(crate) struct List {
    chosen: Option<AccountId>,
    /// Where the chosen one was seen last, for when it is gone.
    place: usize,
    /// Whose code is shown.
    shown: Option<AccountId>,
    all_shown: bool,
    next_shown: bool,
    /// The last code of a counter.
    counted: Option<(AccountId, Code)>,
    search: Field,
    searching: bool,
}

impl List {
    /// At the first account.
    pub(crate) fn new() -> Self {
        Self {
            chosen: None,
            place: 0,
            shown: None,
            all_shown: false,
            next_shown: false,
            counted: None,
            search: Field::new(),
            searching: false,
        }
    }

    /// The accounts that are searched for, or all.
    pub(crate) fn found<'a>(&self, contents: &'a Contents) -> Vec<&'a Account> {
        let wanted = self.search.text().trim().to_lowercase();
        let accounts = contents.accounts().iter();
        accounts
            .filter(|account| {
                let issuer = account.key().issuer().unwrap_or_default();
                issuer.to_lowercase().contains(&wanted)
                    || account.key().account().to_lowercase().contains(&wanted)
            })
            .collect()
    }

    /// The place of the chosen account among those that are found.
    pub(crate) fn place(&self, found: &[&Account]) -> usize {
        let chosen = found.iter().position(|at| Some(at.id()) == self.chosen);
        chosen.unwrap_or_else(|| self.place.min(found.len().saturating_sub(1)))
    }

    /// The chosen account.
    pub(crate) fn chosen<'a>(&self, contents: &'a Contents) -> Option<&'a Account> {
        let found = self.found(contents);
        found.get(self.place(&found)).copied()
    }

    /// Whether the code of an account is shown.
    pub(crate) fn shows(&self, id: AccountId) -> bool {
        self.all_shown || self.shown == Some(id)
    }

    /// Whether the next code is shown beside the one of now.
    pub(crate) const fn shows_next(&self) -> bool {
        self.next_shown
    }

    /// The code of a counter that was used last, if it is of this account.
    pub(crate) fn counted(&self, id: AccountId) -> Option<&Code> {
        let (of, code) = self.counted.as_ref()?;
        (*of == id).then_some(code)
    }

    /// What is searched for.
    pub(crate) const fn search(&self) -> &Field {
        &self.search
    }

    /// Whether keys go to what is searched for.
    pub(crate) const fn is_searching(&self) -> bool {
        self.searching
    }

    /// Begins to search.
    pub(crate) const fn start_searching(&mut self) {
        self.searching = true;
    }

    /// Ends the search, and shows all accounts again.
    pub(crate) fn end_search(&mut self) {
        drop(self.search.take());
        self.searching = false;
    }

    /// Takes a key while it searches.
    pub(crate) fn search_key(&mut self, key: KeyEvent, contents: &Contents) {
        match key.code {
            KeyCode::Esc => self.end_search(),
            KeyCode::Enter => self.searching = false,
            KeyCode::Down => self.go(1, contents),
            KeyCode::Up => self.go(-1, contents),
            _ => {
                self.search.key(key);
            }
        }
    }

    /// Takes what was pasted while it searches.
    pub(crate) fn search_paste(&mut self, text: &str) {
        self.search.paste(text);
    }

    /// Goes down by so many accounts, or up.
    pub(crate) fn go(&mut self, by: isize, contents: &Contents) {
        let found = self.found(contents);
        let to = self.place(&found).saturating_add_signed(by);
        self.go_to(to, &found);
    }

    /// Goes to a place among those that are found.
    pub(crate) fn go_to(&mut self, place: usize, found: &[&Account]) {
        let place = place.min(found.len().saturating_sub(1));
        let chosen = found.get(place).map(|account| account.id());
        if chosen != self.chosen {
            self.hide();
        }
        self.chosen = chosen;
        self.place = place;
    }

    /// Goes to an account.
    pub(crate) fn choose(&mut self, id: AccountId, contents: &Contents) {
        let found = self.found(contents);
        if let Some(place) = found.iter().position(|account| account.id() == id) {
            self.go_to(place, &found);
        }
    }

    /// Shows the code of the chosen account, or hides it.
    pub(crate) fn toggle(&mut self, id: AccountId) {
        if self.shown == Some(id) {
            self.hide();
        } else {
            self.chosen = Some(id);
            self.shown = Some(id);
        }
    }

    /// Shows all codes, or hides them.
    pub(crate) const fn toggle_all(&mut self) {
        self.all_shown = !self.all_shown;
        self.shown = None;
        self.next_shown = false;
    }

    /// Shows the next code of the chosen account too, or no longer.
    pub(crate) fn toggle_next(&mut self, id: AccountId) {
        self.next_shown = !(self.next_shown && self.shows(id));
        if !self.all_shown {
            self.chosen = Some(id);
            self.shown = Some(id);
        }
    }

    /// Shows the code of a counter that was just used.
    pub(crate) fn count(&mut self, id: AccountId, code: Code) {
        self.counted = Some((id, code));
        self.chosen = Some(id);
        self.shown = Some(id);
    }

    fn hide(&mut self) {
        self.shown = None;
        self.next_shown = false;
    }
}

/// What an account is called first: its issuer, or what it has; and the rest.
pub(crate) fn names(account: &Account) -> (String, String) {
    let key = account.key();
    let account = harmless(key.account());
    match key.issuer().map(harmless) {
        Some(issuer) if !issuer.is_empty() => (issuer, account),
        _ if account.is_empty() => ("(without a name)".to_owned(), String::new()),
        _ => (account, String::new()),
    }
}

/// What an account is called, in one text.
pub(crate) fn name(account: &Account) -> String {
    let (first, rest) = names(account);
    if rest.is_empty() {
        first
    } else {
        format!("{first} ({rest})")
    }
}
