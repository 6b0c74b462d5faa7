//! The portals that may ask this device, and how the connections to them are.

use std::collections::HashMap;

use mfa_policy::RegistrationId;

use super::field::Field;
use super::form::Form;
use crate::Contents;
use crate::Pairing;
use crate::harmless;

/// How the connections are.
#[derive(Debug, Default)]
pub(crate) struct Portals {
    connections: HashMap<RegistrationId, Connection>,
    place: usize,
}

/// How the connection to a portal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// Not there yet.
    Connecting,
    /// It would be asked at once.
    Connected,
    /// It is tried again.
    Lost(String),
    /// The portal does not know this device any more.
    Removed,
}

impl Portals {
    /// How the connection of a pairing is.
    pub(crate) fn connection(&self, registration: &RegistrationId) -> &Connection {
        let known = self.connections.get(registration);
        known.unwrap_or(&Connection::Connecting)
    }

    /// The connection of a pairing is another one.
    pub(crate) fn set(&mut self, registration: RegistrationId, connection: Connection) {
        self.connections.insert(registration, connection);
    }

    /// All connections are made anew.
    pub(crate) fn reset(&mut self) {
        self.connections.clear();
    }

    /// How many portals would be asked at once.
    pub(crate) fn connected(&self, contents: &Contents) -> usize {
        let pairings = contents.pairings().iter();
        pairings
            .filter(|pairing| *self.connection(pairing.registration()) == Connection::Connected)
            .count()
    }

    /// The place of the chosen one.
    pub(crate) fn place(&self, contents: &Contents) -> usize {
        self.place.min(contents.pairings().len().saturating_sub(1))
    }

    /// The chosen one.
    pub(crate) fn chosen<'a>(&self, contents: &'a Contents) -> Option<&'a Pairing> {
        contents.pairings().get(self.place(contents))
    }

    /// Goes down by so many, or up.
    pub(crate) fn go(&mut self, by: isize, contents: &Contents) {
        self.place = self.place(contents).saturating_add_signed(by);
        self.place = self.place(contents);
    }
}

/// What a portal is called.
pub(crate) fn title(pairing: &Pairing) -> String {
    harmless(pairing.product())
}

/// The form that asks whether a pairing is to be deleted.
pub(crate) fn unpair_form(pairing: &Pairing) -> Form {
    let words = format!(
        "{} cannot ask this app any more. Remove the app on its website too, under Security info.",
        title(pairing)
    );
    Form::new("Delete the pairing", &[&words]).text("Type yes", Field::new())
}
