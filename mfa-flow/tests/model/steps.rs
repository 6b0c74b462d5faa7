//! What can happen next. Places count back from the newest, so that any number means something; of a challenge, session 0 is its own.

use mfa_policy::Purpose;

/// One step of a story.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The clock goes on, or back.
    Time(i64),
    /// The right password, where the host counts wrong ones itself.
    Password,
    /// The same, and a challenge for the second step.
    Begin,
    /// Somebody types a password, of which the first is the right one.
    Type {
        password: usize,
    },
    /// The host has looked at what was typed, and found out which it is.
    Look {
        tried: usize,
    },
    SignOut {
        session: usize,
    },
    Challenge {
        session: usize,
        purpose: Purpose,
    },
    Ask {
        session: usize,
        challenge: usize,
        factor: usize,
    },
    Answer {
        session: usize,
        challenge: usize,
        factor: usize,
        typed: Typed,
    },
    Phone {
        sent: usize,
        does: Does,
    },
    Remove {
        session: usize,
        factor: usize,
    },
    SetDefault {
        session: usize,
        factor: usize,
    },
    /// Another authenticator.
    Enrol {
        session: usize,
    },
    Confirm {
        session: usize,
        offset: i64,
        wrong: bool,
    },
    /// Recovery codes.
    MakePaper {
        session: usize,
    },
    PasswordChanged {
        session: usize,
    },
    Operator(Act),
}

/// What somebody answers with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Typed {
    /// What the authenticator or token shows that many steps from now, or the code that was sent last for this challenge.
    Right {
        offset: i64,
    },
    /// The same with spaces, as people type.
    Spaced,
    /// What was accepted before, with any factor.
    Again {
        back: usize,
    },
    /// What was sent before, for anything.
    Sent {
        back: usize,
    },
    /// What another factor shows.
    OfAnother {
        factor: usize,
    },
    Wrong,
    Nothing,
    Approved,
    Key {
        same_credential: bool,
        verified: bool,
        ahead: i64,
    },
}

/// What the operator does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Suspend,
    Resume,
    RepairClock,
    Burn,
}

/// What somebody does with the telephone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    ApprovesRightly,
    ApprovesWrongly,
    PressesHash,
    Denies,
    Reports,
    /// Another device approves, with the right number.
    IsAnother,
    /// The device denies, and on the way a yes is made of it.
    IsAltered,
    /// What was signed comes once more: not for the request, but that many back.
    SaysAgain,
}

/// As many registrations have accounts of stories at the beginning.
pub(crate) const FACTORS: usize = 8;

/// The place of the notification among them.
pub(crate) const PUSH: usize = 2;

/// The place of the call among them.
pub(crate) const CALL: usize = 3;

/// The factor that a challenge asked for last.
pub(crate) const ASKED: usize = usize::MAX;

/// Purposes that can be challenged for, and one that cannot.
pub(crate) const PURPOSES: [Purpose; 4] = [
    Purpose::TwoStep,
    Purpose::ManageSecurityInfo,
    Purpose::StepUp,
    Purpose::FirstFactor,
];

/// Steps of time that matter: within a code, a resend, a lock, a challenge, a day, the rolling time; and back.
pub(crate) const TIMES: [i64; 15] = [
    0,
    1,
    29,
    30,
    31,
    60,
    121,
    301,
    601,
    3_600,
    86_400,
    32 * 86_400,
    -1,
    -30,
    -3_700,
];
