//! The vault itself: its passphrase, a backup, accounts for other apps.

use std::path::Path;

use crossterm::event::KeyCode;

use super::Open;
use crate::export::{EXPORTED_IN_CLEAR, Format, LeftOut};
use crate::screen::add::sentence;
use crate::screen::dialog::{Dialog, For, Report, ReportLine};
use crate::screen::field::Field;
use crate::screen::form::Form;
use crate::screen::state::Do;
use crate::{Contents, harmless};

impl Open {
    /// A key of the menu.
    pub(super) fn vault_key(&mut self, key: KeyCode, contents: &Contents) {
        match key {
            KeyCode::Char('p') => self.open_form(For::NewPassphrase, passphrase_form()),
            KeyCode::Char('b') => self.open_form(For::BackUp, back_up_form("")),
            KeyCode::Char('e') if contents.accounts().is_empty() => {
                self.say("There is no account to export.");
            }
            KeyCode::Char('e') => self.open_form(For::Export, export_form(Format::Uris, "")),
            KeyCode::Esc | KeyCode::Char('q' | 'm') => {}
            _ => self.dialog = Some(Dialog::Vault),
        }
    }

    /// The form for another passphrase is filled in. What was typed is in it no longer.
    pub(super) fn new_passphrase(&mut self, form: &mut Form) -> Result<Do, String> {
        let [old, new, again] = [0, 1, 2].map(|row| form.take(row));
        form.restart();
        if new != again {
            return Err("The two new ones are not the same. Type all again.".to_owned());
        }
        self.dialog = Some(Dialog::Working("Changing the passphrase …"));
        Ok(Do::ChangePassphrase { old, new })
    }

    /// The form for a backup is filled in.
    pub(super) fn back_up(&mut self, form: &Form) -> Result<Do, String> {
        let typed = named(form.text_of(0))?;
        self.dialog = Some(Dialog::Working("Opening the vault, and copying it …"));
        Ok(Do::BackUp { typed })
    }

    /// The form for an export is filled in. What follows from it is asked before it is done.
    pub(super) fn may_export(&mut self, form: &Form) -> Result<(), String> {
        let typed = named(form.text_of(1))?;
        let format = FORMATS.get(form.chosen(0)).copied();
        self.dialog = Some(Dialog::MayExport(format.unwrap_or(Format::Uris), typed));
        Ok(())
    }

    /// A key to what was asked.
    pub(super) fn export_key(&mut self, key: KeyCode, format: Format, typed: String) -> Option<Do> {
        match key {
            KeyCode::Char('y') => {
                self.dialog = Some(Dialog::Working("Writing …"));
                return Some(Do::Export { format, typed });
            }
            KeyCode::Char('n') | KeyCode::Esc => {}
            _ => self.dialog = Some(Dialog::MayExport(format, typed)),
        }
        None
    }
}

impl Open {
    /// The passphrase is another one, or the one that it was.
    pub(crate) fn passphrase_changed(&mut self, outcome: Result<(), String>) {
        self.dialog = None;
        match outcome {
            Ok(()) => self.say("Changed. Backups still open with the old passphrase."),
            Err(why) => {
                let mut form = passphrase_form();
                form.refuse(sentence(&why));
                self.open_form(For::NewPassphrase, form);
            }
        }
    }

    /// There is a backup, or not.
    pub(crate) fn backed_up(&mut self, typed: &str, to: &Path, outcome: Result<(), String>) {
        self.dialog = None;
        match outcome {
            Ok(()) => self.say(format!("Backed up, and checked: {}", shown(to))),
            Err(why) => {
                let mut form = back_up_form(typed);
                form.refuse(sentence(&harmless(&why)));
                self.open_form(For::BackUp, form);
            }
        }
    }

    /// The accounts were written for other apps, all but these, or nothing was.
    pub(crate) fn exported(
        &mut self,
        format: Format,
        typed: &str,
        to: &Path,
        outcome: Result<Vec<LeftOut>, String>,
        contents: &Contents,
    ) {
        let left_out = match outcome {
            Ok(left_out) => left_out,
            Err(why) => {
                let mut form = export_form(format, typed);
                form.refuse(sentence(&harmless(&why)));
                return self.open_form(For::Export, form);
            }
        };
        let all = contents.accounts().len();
        let (count, missing) = (all.saturating_sub(left_out.len()), left_out.len());
        let title = match (count, missing) {
            (0, _) => "None of the accounts can be exported so".to_owned(),
            (_, 0) => format!("Exported: {count}"),
            _ => format!("Exported: {count}, left out: {missing}"),
        };
        let mut lines = Vec::new();
        if count > 0 {
            lines.push(ReportLine::Good(shown(to)));
            lines.push(ReportLine::Note(EXPORTED_IN_CLEAR.to_owned()));
        }
        lines.extend(left_out.iter().map(|it| ReportLine::Bad(it.to_string())));
        self.dialog = Some(Dialog::Report(Report {
            title,
            lines,
            from: 0,
        }));
    }
}

fn passphrase_form() -> Form {
    Form::new(
        "Change the passphrase",
        &["Nobody can open the vault without the new one. Backups keep the old one."],
    )
    .text("Old passphrase", Field::hidden())
    .text("New passphrase", Field::hidden())
    .text("Once more", Field::hidden())
}

fn back_up_form(typed: &str) -> Form {
    Form::new(
        "Back up",
        &["A copy of the vault, encrypted as it is. Nothing is written over."],
    )
    .text("New file", Field::with(typed))
}

fn export_form(format: Format, typed: &str) -> Form {
    let chosen = FORMATS.iter().position(|known| *known == format);
    Form::new(
        "Export for other apps",
        &["All accounts, not encrypted. Of pictures, it is a new folder. Nothing is written over."],
    )
    .choice("As", &["list of links", "QR pictures", "Aegis"])
    .choosing(chosen.unwrap_or_default())
    .text("New file", Field::with(typed))
}

/// A path that is there.
fn named(typed: &str) -> Result<String, String> {
    match typed.trim() {
        "" => Err("Say where it is to be written.".to_owned()),
        typed => Ok(typed.to_owned()),
    }
}

fn shown(path: &Path) -> String {
    harmless(&path.display().to_string())
}

/// As they stand in the form.
const FORMATS: [Format; 3] = [Format::Uris, Format::Migration, Format::Aegis];
