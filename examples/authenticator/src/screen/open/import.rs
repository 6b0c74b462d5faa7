//! Accounts that come in: links that are pasted, files of other apps, pictures one after the other.

use otp_uri::KeyUri;
use zeroize::Zeroizing;

use super::Open;
use crate::import::{Import, ImportError};
use crate::screen::add;
use crate::screen::change::Change;
use crate::screen::dialog::{Dialog, For, Report, ReportLine};
use crate::screen::list::name;
use crate::screen::state::Do;
use crate::{Account, AccountId, Contents, words};

impl Open {
    /// A file was read from disk, or not.
    pub(crate) fn file_read(
        &mut self,
        typed: String,
        password: Option<&str>,
        bytes: Result<Zeroizing<Vec<u8>>, String>,
        contents: &Contents,
    ) -> Option<Do> {
        let outcome = match (&bytes, password) {
            (Err(why), _) => {
                self.file_refused(&typed, why);
                return None;
            }
            (Ok(bytes), None) => self.import.read(bytes),
            (Ok(bytes), Some(password)) => self.import.read_encrypted(bytes, password),
        };
        match outcome {
            Ok(_) if self.import.is_complete() => return self.finish_import(contents),
            Ok(_) => {
                let transfers = self.import.transfers();
                let open = transfers.iter().find(|transfer| !transfer.is_complete());
                let so_far = open.map(ToString::to_string).unwrap_or_default();
                self.open_form(For::File, add::next_file_form(&add::sentence(&so_far)));
            }
            Err(ImportError::PasswordNeeded) => {
                self.open_form(For::Password(typed), add::password_form());
            }
            Err(ImportError::WrongPassword) => {
                let mut form = add::password_form();
                form.refuse("The password is wrong.");
                self.open_form(For::Password(typed), form);
            }
            Err(why) => self.file_refused(&typed, &why.to_string()),
        }
        None
    }

    fn file_refused(&mut self, typed: &str, why: &str) {
        let mut form = add::file_form(typed);
        form.refuse(add::sentence(why));
        self.open_form(For::File, form);
    }

    /// Takes a link: one for a key, several of them, or one to pair with.
    pub(super) fn read_link(&mut self, text: &str, contents: &Contents) -> Option<Do> {
        let mut import = Import::new();
        match import.read(text.trim().as_bytes()) {
            Ok(_) => {
                self.import = import;
                self.finish_import(contents)
            }
            Err(why) => {
                self.complain(format!("Nothing was added: {why}."));
                None
            }
        }
    }

    pub(super) fn finish_import(&mut self, contents: &Contents) -> Option<Do> {
        let mut imported = std::mem::take(&mut self.import).finish();
        imported.leave_out(contents.accounts().iter().map(Account::key));
        self.left_out = imported.skipped().iter().map(ToString::to_string).collect();
        let missing = imported
            .transfers()
            .iter()
            .filter(|transfer| !transfer.is_complete());
        self.left_out.extend(missing.map(ToString::to_string));
        let link = imported.links().first().cloned();
        let keys = imported.into_keys();
        match link {
            Some(link) if keys.is_empty() => {
                self.dialog = Some(Dialog::MayPair(link));
                None
            }
            Some(_) => {
                let words = "a link to pair with a portal: add it by itself";
                self.left_out.push(words.to_owned());
                self.add(keys)
            }
            None => self.add(keys),
        }
    }

    pub(super) fn add(&mut self, keys: Vec<KeyUri>) -> Option<Do> {
        if keys.is_empty() {
            self.report(&[], &Contents::default());
            return None;
        }
        Some(Do::Change(Change::Add(keys)))
    }

    pub(super) fn report(&mut self, added: &[AccountId], contents: &Contents) {
        let mut lines = Vec::new();
        for account in added.iter().filter_map(|id| contents.account(*id)) {
            lines.push(ReportLine::Good(name(account)));
            let warnings = words::warnings(account.key());
            lines.extend(warnings.into_iter().map(ReportLine::Note));
        }
        let left_out = std::mem::take(&mut self.left_out);
        let title = match (added.len(), left_out.len()) {
            (0, 0) => "Nothing to add".to_owned(),
            (kept, 0) => format!("Added: {kept}"),
            (kept, skipped) => format!("Added: {kept}, left out: {skipped}"),
        };
        lines.extend(left_out.into_iter().map(ReportLine::Bad));
        self.dialog = Some(Dialog::Report(Report {
            title,
            lines,
            from: 0,
        }));
    }
}
