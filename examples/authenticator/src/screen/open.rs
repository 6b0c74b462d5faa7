//! The screen of an open vault. Everything in it is wiped when the vault is locked.

mod import;
mod vault;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use otp_uri::{Account as AccountName, Issuer};
use zeroize::Zeroizing;

use super::add;
use super::change::{Change, Changed};
use super::dialog::{Dialog, For, Picture, Report};
use super::field::Field;
use super::form::{Filling, Form};
use super::list::{List, name, names};
use super::moment::Moment;
use super::portals::{Connection, Portals, unpair_form};
use super::request::{Reply, Request, Requests};
use super::state::Do;
use crate::import::Import;
use crate::push::Heard;
use crate::{Account, Contents, Pairing, harmless};

/// The screen of an open vault.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) list: List,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) requests: Requests,
    pub(crate) portals: Portals,
    pub(crate) message: Option<Message>,
    /// What was read of an import that goes on.
    import: Import,
    /// What of it will not be added, and why.
    left_out: Vec<String>,
}

/// Something that is said once.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) words: String,
    pub(crate) bad: bool,
}

impl Open {
    /// As it is right after unlocking.
    pub(crate) fn new() -> Self {
        Self {
            list: List::new(),
            dialog: None,
            requests: Requests::default(),
            portals: Portals::default(),
            message: None,
            import: Import::new(),
            left_out: Vec::new(),
        }
    }

    /// Says something once.
    pub(crate) fn say(&mut self, words: impl Into<String>) {
        self.message = Some(Message {
            words: words.into(),
            bad: false,
        });
    }

    /// Says what went wrong.
    pub(crate) fn complain(&mut self, words: impl Into<String>) {
        self.message = Some(Message {
            words: words.into(),
            bad: true,
        });
    }

    /// Takes a key.
    pub(crate) fn key(&mut self, key: KeyEvent, contents: &Contents, now: Moment) -> Option<Do> {
        self.message = None;
        if self.requests.on_top().is_some() {
            let reply = self.requests.key(key, now);
            return reply_to(reply);
        }
        match self.dialog.take() {
            Some(dialog) => self.dialog_key(dialog, key, contents),
            None if self.list.is_searching() => {
                self.list.search_key(key, contents);
                None
            }
            None => self.list_key(key, contents, now),
        }
    }

    /// Takes what was pasted.
    pub(crate) fn paste(&mut self, text: &str, contents: &Contents) -> Option<Do> {
        self.message = None;
        if self.requests.on_top().is_some() {
            self.requests.paste(text);
        } else if let Some(dialog) = &mut self.dialog {
            if let Dialog::Form(_, form) = dialog {
                form.paste(text);
            }
        } else if self.list.is_searching() {
            self.list.search_paste(text);
        } else {
            return self.read_link(text, contents);
        }
        None
    }

    fn list_key(&mut self, key: KeyEvent, contents: &Contents, now: Moment) -> Option<Do> {
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        if key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            return None;
        }
        match key.code {
            KeyCode::Down if shift => return self.reorder(1, contents),
            KeyCode::Up if shift => return self.reorder(-1, contents),
            KeyCode::Char('J') => return self.reorder(1, contents),
            KeyCode::Char('K') => return self.reorder(-1, contents),
            KeyCode::Down | KeyCode::Char('j') => self.list.go(1, contents),
            KeyCode::Up | KeyCode::Char('k') => self.list.go(-1, contents),
            KeyCode::PageDown => self.list.go(PAGE, contents),
            KeyCode::PageUp => self.list.go(PAGE.saturating_neg(), contents),
            KeyCode::Home | KeyCode::Char('g') => self.list.go(isize::MIN, contents),
            KeyCode::End | KeyCode::Char('G') => self.list.go(isize::MAX, contents),
            KeyCode::Char('/') => self.list.start_searching(),
            KeyCode::Esc => self.list.end_search(),
            KeyCode::Char('v') => self.list.toggle_all(),
            KeyCode::Char('a') => self.dialog = Some(Dialog::Add),
            KeyCode::Char('p') => self.dialog = Some(Dialog::Portals),
            KeyCode::Char('m') => self.dialog = Some(Dialog::Vault),
            KeyCode::Char('?') => self.dialog = Some(Dialog::Help { from: 0 }),
            KeyCode::Char('w') => self.requests.look(now),
            KeyCode::Char('l') => return Some(Do::Lock),
            KeyCode::Char('q') => return Some(Do::Quit),
            _ => {
                let account = self.list.chosen(contents)?;
                return self.account_key(key.code, account, now);
            }
        }
        None
    }

    fn account_key(&mut self, key: KeyCode, account: &Account, now: Moment) -> Option<Do> {
        let id = account.id();
        let counts = account.period().is_none();
        match key {
            KeyCode::Enter | KeyCode::Char(' ') if counts && self.list.counted(id).is_none() => {
                self.say("Press n for the next code: its counter is used up by it.");
            }
            KeyCode::Enter | KeyCode::Char(' ') => self.list.toggle(id),
            KeyCode::Char('n') if counts => return Some(Do::Change(Change::UseCounter(id))),
            KeyCode::Char('n') => self.list.toggle_next(id),
            KeyCode::Char('c') => return self.copy(account, now),
            KeyCode::Char('i') => self.dialog = Some(Dialog::Details { id, from: 0 }),
            KeyCode::Char('x') => self.dialog = Some(Dialog::MayShow(id)),
            KeyCode::Char('r') => self.dialog = Some(rename_form(account)),
            KeyCode::Char('d') | KeyCode::Delete => self.dialog = Some(delete_form(account)),
            _ => {}
        }
        None
    }

    fn copy(&mut self, account: &Account, now: Moment) -> Option<Do> {
        let code = match account.code_at(now.clock) {
            Some(code) => Zeroizing::new(code.expose().to_owned()),
            None => match self.list.counted(account.id()) {
                Some(code) => Zeroizing::new(code.expose().to_owned()),
                None => {
                    self.say("Press n for the next code first.");
                    return None;
                }
            },
        };
        Some(Do::Copy(code))
    }

    fn reorder(&mut self, by: isize, contents: &Contents) -> Option<Do> {
        if !self.list.search().text().is_empty() {
            self.say("End the search with Esc to move accounts.");
            return None;
        }
        let found = self.list.found(contents);
        let from = self.list.place(&found);
        let to = from
            .saturating_add_signed(by)
            .min(found.len().saturating_sub(1));
        let account = found.get(from)?;
        self.list.choose(account.id(), contents);
        (to != from).then(|| Do::Change(Change::Move(account.id(), to)))
    }

    fn dialog_key(&mut self, dialog: Dialog, key: KeyEvent, contents: &Contents) -> Option<Do> {
        match dialog {
            Dialog::Form(what, mut form) => match form.key(key) {
                Filling::Cancelled => {
                    self.import = Import::new();
                }
                Filling::Going => self.dialog = Some(Dialog::Form(what, form)),
                Filling::Ready => return self.filled(what, form, contents),
            },
            Dialog::Working(what) => self.dialog = Some(Dialog::Working(what)),
            Dialog::Help { from } => {
                self.dialog = scrolled(key.code, from).map(|from| Dialog::Help { from });
            }
            Dialog::Report(report) => {
                self.dialog = scrolled(key.code, report.from)
                    .map(|from| Dialog::Report(Report { from, ..report }));
            }
            Dialog::Details { id, from } => match key.code {
                KeyCode::Char('x') => self.dialog = Some(Dialog::MayShow(id)),
                KeyCode::Char('r') => self.dialog = contents.account(id).map(rename_form),
                KeyCode::Char('d') => self.dialog = contents.account(id).map(delete_form),
                other => {
                    self.dialog = scrolled(other, from).map(|from| Dialog::Details { id, from });
                }
            },
            Dialog::MayShow(id) => match key.code {
                KeyCode::Char('y') => {
                    self.dialog = Some(Dialog::Picture(id, Picture::OnDark));
                }
                KeyCode::Char('n') | KeyCode::Esc => {}
                _ => self.dialog = Some(Dialog::MayShow(id)),
            },
            Dialog::MayPair(link) => match key.code {
                KeyCode::Char('y') => {
                    self.dialog = Some(Dialog::Working("Pairing with the portal …"));
                    return Some(Do::Pair(link));
                }
                KeyCode::Char('n') | KeyCode::Esc => {}
                _ => self.dialog = Some(Dialog::MayPair(link)),
            },
            Dialog::Picture(id, picture) => {
                if key.code == KeyCode::Char('t') {
                    self.dialog = Some(Dialog::Picture(id, picture.turned()));
                }
            }
            Dialog::Add => match key.code {
                KeyCode::Char('l') => self.open_form(For::Link, add::link_form()),
                KeyCode::Char('h') => self.open_form(For::ByHand, add::by_hand_form()),
                KeyCode::Char('f') => self.open_form(For::File, add::file_form("")),
                KeyCode::Esc | KeyCode::Char('q') => {}
                _ => self.dialog = Some(Dialog::Add),
            },
            Dialog::Portals => match key.code {
                KeyCode::Down | KeyCode::Char('j') => self.portals_go(1, contents),
                KeyCode::Up | KeyCode::Char('k') => self.portals_go(-1, contents),
                KeyCode::Char('a') => self.open_form(For::Link, add::link_form()),
                KeyCode::Char('d') | KeyCode::Delete => match self.portals.chosen(contents) {
                    Some(pairing) => {
                        let form = unpair_form(pairing);
                        self.open_form(For::Unpair(pairing.registration().clone()), form);
                    }
                    None => self.dialog = Some(Dialog::Portals),
                },
                KeyCode::Esc | KeyCode::Char('q' | 'p') => {}
                _ => self.dialog = Some(Dialog::Portals),
            },
            Dialog::Vault => self.vault_key(key.code, contents),
            Dialog::MayExport(format, typed) => return self.export_key(key.code, format, typed),
        }
        None
    }

    fn portals_go(&mut self, by: isize, contents: &Contents) {
        self.portals.go(by, contents);
        self.dialog = Some(Dialog::Portals);
    }

    fn open_form(&mut self, what: For, form: Form) {
        self.dialog = Some(Dialog::Form(what, form));
    }

    fn filled(&mut self, what: For, mut form: Form, contents: &Contents) -> Option<Do> {
        let refused = match &what {
            For::Rename(id) => match renamed(&form, contents.account(*id)) {
                Ok((issuer, account)) => {
                    return Some(Do::Change(Change::Rename(*id, issuer, account)));
                }
                Err(why) => why,
            },
            For::Delete(id) => {
                let account = contents.account(*id)?;
                if is_confirmed(form.text_of(0), account) {
                    return Some(Do::Change(Change::Remove(*id)));
                }
                "That is neither yes nor its name: nothing was deleted.".to_owned()
            }
            For::Link => return self.read_link(&form.take(0), contents),
            For::ByHand => match add::by_hand(&form) {
                Ok(key) => return self.add(vec![key]),
                Err(why) => why,
            },
            For::File => {
                let typed = form.take(0);
                if typed.trim().is_empty() {
                    return self.finish_import(contents);
                }
                return Some(Do::ReadFile {
                    typed: typed.trim().to_owned(),
                    password: None,
                });
            }
            For::Password(file) => {
                return Some(Do::ReadFile {
                    typed: file.clone(),
                    password: Some(form.take(0)),
                });
            }
            For::Unpair(registration) => {
                if form.text_of(0).trim().eq_ignore_ascii_case("yes") {
                    return Some(Do::Change(Change::Unpair(registration.clone())));
                }
                "That is not yes: nothing was deleted.".to_owned()
            }
            For::NewPassphrase => match self.new_passphrase(&mut form) {
                Ok(wanted) => return Some(wanted),
                Err(why) => why,
            },
            For::BackUp => match self.back_up(&form) {
                Ok(wanted) => return Some(wanted),
                Err(why) => why,
            },
            For::Export => match self.may_export(&form) {
                Ok(()) => return None,
                Err(why) => why,
            },
        };
        form.refuse(refused);
        self.dialog = Some(Dialog::Form(what, form));
        None
    }
}

impl Open {
    /// Something was stored, or not.
    pub(crate) fn changed(&mut self, outcome: Result<Changed, String>, contents: &Contents) {
        match outcome {
            Ok(Changed::Added(added)) => {
                if let Some(last) = added.last() {
                    self.list.end_search();
                    self.list.choose(*last, contents);
                }
                self.report(&added, contents);
            }
            Ok(Changed::Counted(id, Some(code))) => self.list.count(id, code),
            Ok(Changed::Counted(_, None)) => {
                self.complain("Its last counter was used: there are no more codes.");
            }
            Ok(Changed::Done(words)) => self.say(words),
            Err(why) => self.complain(format!("Nothing was changed: {why}.")),
        }
    }

    /// The passphrase that was typed is that of the vault, or not.
    pub(crate) fn verified(&mut self, right: bool) -> Option<Do> {
        reply_to(self.requests.verified(right))
    }

    /// Something was heard of a portal.
    pub(crate) fn heard(&mut self, heard: Heard, now: Moment) {
        match heard {
            Heard::Connected { registration } => {
                self.portals.set(registration, Connection::Connected);
            }
            Heard::Lost { registration, why } => {
                self.portals.set(registration, Connection::Lost(why));
            }
            Heard::Asked {
                registration,
                request,
            } => self.requests.ask(Request::new(registration, &request), now),
            Heard::Over { request, .. } => self.requests.over(&request, now),
            Heard::Removed { registration } => {
                self.requests.removed(&registration, now);
                self.portals.set(registration, Connection::Removed);
            }
            Heard::Answered {
                request, outcome, ..
            } => {
                let outcome = outcome.map_err(|why| why.to_string());
                self.requests.answered(&request, outcome);
            }
            Heard::Problem { why, .. } => {
                self.complain(format!("From a portal: {}.", harmless(&why)));
            }
        }
    }

    /// A portal was found, or not.
    pub(crate) fn paired(&mut self, outcome: Result<Pairing, String>) -> Option<Do> {
        self.dialog = Some(Dialog::Portals);
        match outcome {
            Ok(pairing) => Some(Do::Change(Change::Pair(Box::new(pairing)))),
            Err(why) => {
                self.complain(format!("Not paired: {why}."));
                None
            }
        }
    }
}

fn reply_to(reply: Reply) -> Option<Do> {
    match reply {
        Reply::Nothing => None,
        Reply::Answer(registration, request, decision) => Some(Do::Answer {
            registration,
            request,
            decision,
        }),
        Reply::Verify(typed) => Some(Do::Verify(typed)),
    }
}

fn rename_form(account: &Account) -> Dialog {
    let key = account.key();
    let form = Form::new("Rename", &[])
        .text(
            "Issuer",
            Field::with(&harmless(key.issuer().unwrap_or_default())),
        )
        .text("Account", Field::with(&harmless(key.account())));
    Dialog::Form(For::Rename(account.id()), form)
}

fn renamed(
    form: &Form,
    account: Option<&Account>,
) -> Result<(Option<Issuer>, AccountName), String> {
    let sentence = |error: otp_uri::NameError| add::sentence(&error.to_string());
    let issuer = form.text_of(0).trim();
    let name = AccountName::new(form.text_of(1).trim()).map_err(sentence)?;
    let had = account.and_then(|account| account.key().issuer());
    match (issuer.is_empty(), had) {
        (true, Some(_)) => Err("An issuer can be changed, but not taken away.".to_owned()),
        (true, None) => Ok((None, name)),
        (false, _) => Ok((Some(Issuer::new(issuer).map_err(sentence)?), name)),
    }
}

fn delete_form(account: &Account) -> Dialog {
    let words = format!(
        "{} goes, and no code for it can be made here any more. If its site still asks for codes, change that there first.",
        name(account)
    );
    let form = Form::new("Delete", &[&words]).text("Type yes, or its name", Field::new());
    Dialog::Form(For::Delete(account.id()), form)
}

fn is_confirmed(typed: &str, account: &Account) -> bool {
    let typed = typed.trim();
    typed.eq_ignore_ascii_case("yes") || typed == names(account).0 || typed == name(account)
}

/// Where a text is after that key. `None` if the key puts it away.
fn scrolled(key: KeyCode, from: usize) -> Option<usize> {
    match key {
        KeyCode::Down | KeyCode::Char('j') => Some(from.saturating_add(1)),
        KeyCode::Up | KeyCode::Char('k') => Some(from.saturating_sub(1)),
        KeyCode::PageDown | KeyCode::Char(' ') => Some(from.saturating_add_signed(PAGE)),
        KeyCode::PageUp => Some(from.saturating_add_signed(PAGE.saturating_neg())),
        _ => None,
    }
}

/// Of accounts or lines.
const PAGE: isize = 10;
