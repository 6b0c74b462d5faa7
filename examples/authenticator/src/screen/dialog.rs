//! What is on top of the accounts.

use mfa_policy::RegistrationId;
use zeroize::Zeroizing;

use super::form::Form;
use crate::AccountId;
use crate::export::Format;

/// What is on top of the accounts.
#[derive(Debug)]
pub(crate) enum Dialog {
    /// All keys.
    Help { from: usize },
    /// What there is to know about an account.
    Details { id: AccountId, from: usize },
    /// Whether an account is to be shown as a picture.
    MayShow(AccountId),
    /// Whether to pair with the portal of a link.
    MayPair(Zeroizing<String>),
    /// An account as a picture.
    Picture(AccountId, Picture),
    /// How to add an account.
    Add,
    /// What was added, and what was not.
    Report(Report),
    /// The portals that may ask.
    Portals,
    /// What can be done with the vault.
    Vault,
    /// Whether the accounts are to be written there for other apps.
    MayExport(Format, String),
    /// Something to fill in.
    Form(For, Form),
    /// Something that takes a while.
    Working(&'static str),
}

/// What a form is for.
#[derive(Debug)]
pub(crate) enum For {
    Rename(AccountId),
    Delete(AccountId),
    Link,
    ByHand,
    File,
    /// The password of this file.
    Password(String),
    /// No longer asked by that portal.
    Unpair(RegistrationId),
    NewPassphrase,
    BackUp,
    Export,
}

/// How the modules of a QR code are drawn where there are no colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    /// Letters are light: most terminals.
    OnDark,
    /// Letters are dark.
    OnLight,
}

impl Picture {
    /// The other way round.
    pub(crate) const fn turned(self) -> Self {
        match self {
            Self::OnDark => Self::OnLight,
            Self::OnLight => Self::OnDark,
        }
    }
}

/// What was added, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) lines: Vec<ReportLine>,
    pub(crate) from: usize,
}

/// A line of a report.
#[derive(Debug)]
pub(crate) enum ReportLine {
    Good(String),
    /// Something to know of the one above.
    Note(String),
    Bad(String),
}
