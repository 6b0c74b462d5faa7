//! The policies that come with the crate, as files.

use std::fmt;
use std::str::FromStr;

use crate::draft::PolicyDraft;
use crate::policy::Policy;
use crate::problem::Report;
use crate::validate::build;

/// A policy that comes with the crate.
///
/// Each is a commented TOML file, in which every number names its source. [`Preset::text`] has it, to copy and to change;
/// [`Preset::policy`] is it, ready to ask.
///
/// ```
/// use mfa_policy::{Policy, Preset};
///
/// assert_eq!(Policy::default(), Preset::SecurityInfo.policy());
/// assert_eq!("nist".parse(), Ok(Preset::Nist));
/// assert!("NIST".parse::<Preset>().is_err());
///
/// let mut draft = Preset::Entra.draft();
/// draft.reset.gates = Some(1);
/// assert!(draft.validate().is_ok());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// What the end-user documents of security info say: the default.
    #[default]
    SecurityInfo,
    /// Microsoft Entra's documents for administrators, with the ranking of 2026.
    Entra,
    /// The same, with the ranking of 2025.
    Entra2025,
    /// Microsoft Entra before the policies of reset and of sign-in became one.
    EntraLegacy,
    /// SP 800-63B-4 at AAL2: no e-mail, no questions, the telephone network restricted.
    Nist,
}

/// A text that names no preset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no preset `{name}`; there are {}", Preset::ALL.map(Preset::name).join(", "))]
pub struct PresetError {
    name: String,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::SecurityInfo,
        Self::Entra,
        Self::Entra2025,
        Self::EntraLegacy,
        Self::Nist,
    ];

    /// The name, which is the name of the policy too.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SecurityInfo => "security-info",
            Self::Entra => "entra",
            Self::Entra2025 => "entra-2025",
            Self::EntraLegacy => "entra-legacy",
            Self::Nist => "nist",
        }
    }

    /// The policy file in TOML, with its comments.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::SecurityInfo => include_str!("../presets/security-info.toml"),
            Self::Entra => concat!(
                include_str!("../presets/entra/2026.toml"),
                include_str!("../presets/entra/methods.toml"),
                include_str!("../presets/entra/reset.toml"),
            ),
            Self::Entra2025 => concat!(
                include_str!("../presets/entra/2025.toml"),
                include_str!("../presets/entra/methods.toml"),
                include_str!("../presets/entra/reset.toml"),
            ),
            Self::EntraLegacy => concat!(
                include_str!("../presets/entra/legacy.toml"),
                include_str!("../presets/entra/methods.toml"),
                include_str!("../presets/entra/reset-legacy.toml"),
            ),
            Self::Nist => include_str!("../presets/nist.toml"),
        }
    }

    /// The policy as a draft, to change it.
    #[must_use]
    pub fn draft(self) -> PolicyDraft {
        // INVARIANT: every preset reads; a test proves it. One that did not would be a policy that denies everything.
        PolicyDraft::from_toml(self.text()).unwrap_or_else(|_| PolicyDraft::empty())
    }

    /// The policy, ready to ask.
    #[must_use]
    pub fn policy(self) -> Policy {
        // INVARIANT: nothing is wrong with a preset, so the report stays empty; a test proves it.
        build(&self.draft(), &mut Report::default())
    }
}

impl Default for Policy {
    /// [`Preset::SecurityInfo`].
    fn default() -> Self {
        Preset::default().policy()
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Preset {
    type Err = PresetError;

    fn from_str(name: &str) -> Result<Self, PresetError> {
        Self::ALL
            .into_iter()
            .find(|preset| preset.name() == name)
            .ok_or_else(|| PresetError {
                name: name.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_wrong_with_any_preset() {
        for preset in Preset::ALL {
            let draft = PolicyDraft::from_toml(preset.text()).unwrap();
            assert_eq!(draft.check().to_string(), "", "{preset}");
            assert_eq!(preset.policy(), draft.validate().unwrap());
            assert_eq!(draft.name.as_deref(), Some(preset.name()));
            assert_eq!(preset.name().parse(), Ok(preset));
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        assert_eq!(
            "NIST".parse::<Preset>().unwrap_err().to_string(),
            "no preset `NIST`; there are security-info, entra, entra-2025, entra-legacy, nist"
        );
    }

    #[test]
    fn the_variants_of_entra_differ_in_what_they_are_named_for() {
        let entra = Preset::Entra.draft();

        let mut of_2025 = Preset::Entra2025.draft();
        assert_ne!(of_2025.ranking, entra.ranking);
        of_2025.name.clone_from(&entra.name);
        of_2025.ranking.clone_from(&entra.ranking);
        assert_eq!(of_2025, entra);

        let mut legacy = Preset::EntraLegacy.draft();
        assert_eq!(legacy.ranking, Preset::Entra2025.draft().ranking);
        legacy.name.clone_from(&entra.name);
        legacy.ranking.clone_from(&entra.ranking);
        legacy.reset.one_gate_without = None;
        legacy.reset.authenticator_needs_others = None;
        assert_eq!(legacy, entra);
    }

    #[test]
    fn the_text_of_a_preset_ends_where_a_line_ends_and_fits_a_screen() {
        for preset in Preset::ALL {
            let text = preset.text();
            assert!(text.ends_with('\n') && !text.contains("\n\n\n"));
            let longest = text.lines().map(|line| line.chars().count()).max();
            assert!(longest <= Some(125), "{preset}: {longest:?}");
        }
    }
}
