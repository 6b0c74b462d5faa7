//! The way in: the passphrase of the vault, or a new one.

use crossterm::event::KeyEvent;
use zeroize::Zeroizing;

use super::field::Field;
use super::form::{Filling, Form};

/// The form before the vault is open.
#[derive(Debug)]
pub(crate) struct Unlock {
    form: Form,
    is_new: bool,
    /// The passphrase is being tried.
    pub(crate) trying: bool,
}

/// What a key led to.
#[derive(Debug)]
pub(crate) enum Unlocking {
    Going,
    Quit,
    /// Open the vault with it.
    Open(Zeroizing<String>),
    /// Make a vault with it.
    Create(Zeroizing<String>),
}

impl Unlock {
    /// The form for a vault that is there.
    pub(crate) fn existing() -> Self {
        Self {
            form: Form::new("The vault is locked", &[]).text("Passphrase", Field::hidden()),
            is_new: false,
            trying: false,
        }
    }

    /// The form for a vault that is to be made.
    pub(crate) fn new() -> Self {
        let words = [
            "There is no vault yet. Choose a passphrase for it: four words that nobody would guess are a good one.",
            "Nobody can open the vault without it, and nobody can give you another one.",
        ];
        Self {
            form: Form::new("A new vault", &words)
                .text("Passphrase", Field::hidden())
                .text("Once more", Field::hidden()),
            is_new: true,
            trying: false,
        }
    }

    /// The form.
    pub(crate) const fn form(&self) -> &Form {
        &self.form
    }

    /// Says why the vault did not open.
    pub(crate) fn refuse(&mut self, why: &str) {
        self.trying = false;
        self.form.refuse(why);
    }

    /// Takes a key.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Unlocking {
        match self.form.key(key) {
            Filling::Going => Unlocking::Going,
            Filling::Cancelled => Unlocking::Quit,
            Filling::Ready => self.ready(),
        }
    }

    /// Takes what was pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    fn ready(&mut self) -> Unlocking {
        let typed = self.form.take(0);
        if !self.is_new {
            self.trying = true;
            return Unlocking::Open(typed);
        }
        let again = self.form.take(1);
        self.form.restart();
        if typed != again {
            self.form
                .refuse("The two are not the same. Type both again.");
            return Unlocking::Going;
        }
        self.trying = true;
        Unlocking::Create(typed)
    }
}
