use subtle::Choice;

use crate::mask::Mask;

/// What became of a code: accepted, with what must be stored, or rejected without a reason.
///
/// There is no `bool`: the accepted value has to be taken out, and it holds what the server must store before it
/// lets anybody in.
#[must_use = "a verdict that nobody reads lets everybody in"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<A> {
    /// The code is right and fresh. Store what is inside, then let the person in.
    Accepted(A),
    /// The code is wrong, malformed, used already or out of the window. Which of these is not said.
    Rejected,
}

impl<A> Verdict<A> {
    /// What was accepted, or `None`.
    #[must_use = "the accepted value holds what has to be stored"]
    pub fn accepted(self) -> Option<A> {
        match self {
            Self::Accepted(accepted) => Some(accepted),
            Self::Rejected => None,
        }
    }

    /// The one place where the secret decision becomes public: everything before it runs on masks.
    ///
    /// A function of its own, never inlined, so that the constant-time check can tell this branch from any other.
    /// It writes the accepted value in either case, and then what the verdict is, so that being right costs what being wrong costs.
    #[inline(never)]
    pub(crate) fn declassify(found: Mask, accepted: A) -> Self {
        let mut verdict = Self::Accepted(accepted);
        if !bool::from(Choice::from(found)) {
            verdict = Self::Rejected;
        }
        verdict
    }
}
