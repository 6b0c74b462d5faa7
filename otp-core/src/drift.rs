use crate::{AcceptedStep, ResyncRange};

/// How many steps the clock of a token runs ahead (positive) or behind (negative) of ours (RFC 6238 §6).
///
/// Kept per token. It moves the [`Window`](crate::Window), and never widens it. There are two ways to it:
/// [learning](Self::learned) from accepted codes, one step at a time, and
/// [resynchronisation](crate::Totp::resynchronise) for a token that is too far away for that.
///
/// ```
/// use otp_core::{Drift, Secret, Totp, TotpParameters, UnixTime, Verdict, Window};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let totp = Totp::new(&Secret::import(b"12345678901234567890")?, TotpParameters::default());
/// let mut drift = Drift::default();
/// let mut last_accepted = None;
///
/// // The token's clock is one step slow. The third code in a row that says so moves the window.
/// for now in [60, 120, 180].map(UnixTime::from_secs) {
///     let code = totp.generate(UnixTime::from_secs(now.secs() - 30))?;
///     match totp.verify(code.as_str(), now, Window::default().centred_on(drift), last_accepted) {
///         Verdict::Accepted(accepted) => {
///             drift = drift.learned(&accepted);
///             last_accepted = Some(accepted.step());
///         }
///         Verdict::Rejected => return Err("rejected".into()),
///     }
/// }
/// assert_eq!(drift.steps(), -1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Parts", into = "Parts")
)]
pub struct Drift {
    steps: i16,
    /// Acceptances in a row on one side of the centre: positive ahead of it, negative behind it.
    streak: i8,
}

impl Drift {
    /// The most steps in either direction, that of the widest [`ResyncRange`].
    #[expect(
        clippy::cast_possible_wrap,
        reason = "a constant, far below the limit of the type"
    )]
    pub const MAX_STEPS: i16 = ResyncRange::MAX.get() as i16;

    /// How many acceptances in a row must be off to the same side before the drift moves by one step.
    ///
    /// One alone is no evidence: a person who reads a code late looks like a slow clock.
    pub const STREAK: i8 = 3;

    /// A drift of this many steps, without evidence for more.
    ///
    /// # Errors
    /// [`DriftError`] beyond [`MAX_STEPS`](Self::MAX_STEPS) in either direction.
    pub const fn new(steps: i16) -> Result<Self, DriftError> {
        if steps.unsigned_abs() > Self::MAX_STEPS.unsigned_abs() {
            return Err(DriftError { given: steps });
        }
        Ok(Self { steps, streak: 0 })
    }

    /// Steps ahead (positive) or behind (negative).
    #[must_use]
    pub const fn steps(self) -> i16 {
        self.steps
    }

    /// The drift after one more accepted code; store it with the accepted step.
    ///
    /// It moves by one step when [`STREAK`](Self::STREAK) codes in a row were off to the same side, and stops at
    /// [`MAX_STEPS`](Self::MAX_STEPS).
    #[must_use]
    pub fn learned(self, accepted: &AcceptedStep) -> Self {
        let side = match accepted.offset().cmp(&self.steps.into()) {
            core::cmp::Ordering::Equal => return Self { streak: 0, ..self },
            core::cmp::Ordering::Less => -1,
            core::cmp::Ordering::Greater => 1,
        };
        let streak = if self.streak.signum() == side {
            self.streak.saturating_add(side)
        } else {
            side
        };
        if streak.abs() < Self::STREAK {
            return Self { streak, ..self };
        }
        let steps = self.steps.saturating_add(side.into());
        Self::new(steps).unwrap_or(self)
    }
}

/// A drift beyond [`Drift::MAX_STEPS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a drift has at most {} steps either way, not `{given}`",
    Drift::MAX_STEPS
)]
pub struct DriftError {
    given: i16,
}

impl DriftError {
    /// The number of steps that was refused.
    #[must_use]
    pub const fn given(&self) -> i16 {
        self.given
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    steps: i16,
    #[serde(default)]
    streak: i8,
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Drift {
    type Error = DriftError;

    fn try_from(parts: Parts) -> Result<Self, DriftError> {
        // A streak that `learned` cannot have left behind is no evidence.
        let streak = if parts.streak.unsigned_abs() < Self::STREAK.unsigned_abs() {
            parts.streak
        } else {
            0
        };
        Self::new(parts.steps).map(|drift| Self { streak, ..drift })
    }
}

#[cfg(feature = "serde")]
impl From<Drift> for Parts {
    fn from(drift: Drift) -> Self {
        Self {
            steps: drift.steps,
            streak: drift.streak,
        }
    }
}
