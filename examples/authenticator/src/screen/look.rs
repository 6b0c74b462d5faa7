//! Colours, and what stands for them where there are none.

use std::env;

use ratatui::style::{Color, Modifier, Style};

/// How things look. The sixteen colours of the terminal's own theme, so that it is readable on light and on dark, and never a colour alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    colour: bool,
}

impl Look {
    /// With colours.
    #[cfg(test)]
    pub(crate) const COLOUR: Self = Self { colour: true };
    /// Without.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { colour: false };

    /// As the environment asks for: <https://no-color.org>, and terminals that have none.
    pub(crate) fn from_environment() -> Self {
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let term = env::var("TERM").unwrap_or_default();
        Self {
            colour: !no_color && !is_monochrome(&term),
        }
    }

    /// A title, and what is chosen.
    pub(crate) const fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What is less important.
    pub(crate) const fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Where one is.
    pub(crate) const fn here(self) -> Style {
        self.coloured(Color::Blue).add_modifier(Modifier::BOLD)
    }

    /// A code.
    pub(crate) const fn code(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The time that is left, as long as there is enough of it.
    pub(crate) const fn enough(self) -> Style {
        self.coloured(Color::Green)
    }

    /// The time that is left, when it is short.
    pub(crate) const fn short(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// The seconds that are left, when they are few.
    pub(crate) const fn last_seconds(self) -> Style {
        if self.colour {
            self.short()
        } else {
            self.short().add_modifier(Modifier::REVERSED)
        }
    }

    /// Whether there are colours.
    pub(crate) const fn has_colour(self) -> bool {
        self.colour
    }

    /// What went wrong, and what cannot be undone.
    pub(crate) const fn bad(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// What went right.
    pub(crate) const fn good(self) -> Style {
        self.coloured(Color::Green)
    }

    /// A key to press.
    pub(crate) const fn key(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    const fn coloured(self, colour: Color) -> Style {
        if self.colour {
            Style::new().fg(colour)
        } else {
            Style::new()
        }
    }
}

/// Terminals without colours, by the names that terminfo gives them.
fn is_monochrome(term: &str) -> bool {
    matches!(
        term,
        "" | "dumb" | "vt52" | "vt100" | "vt102" | "vt220" | "vt320"
    ) || term.ends_with("-m")
        || term.ends_with("-mono")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_without_colours_are_known() {
        for term in ["", "dumb", "vt100", "xterm-mono", "linux-m"] {
            assert!(is_monochrome(term), "{term}");
        }
        for term in ["xterm", "xterm-256color", "tmux-256color", "linux"] {
            assert!(!is_monochrome(term), "{term}");
        }
    }
}
