use core::ops::RangeInclusive;

use crate::{Drift, TimeStep};

/// Which time steps around now a code may belong to: some past, this one, some future (RFC 6238 §5.2).
///
/// Past steps allow for slow typing and a slow token, future ones for a fast token. Every step more gives
/// someone who guesses one more chance per try, so the sum of both sides is at most [10](Self::MAX_STEPS).
///
/// ```
/// use otp_core::Window;
///
/// assert_eq!(Window::default(), Window::new(1, 1)?);
/// assert_eq!(Window::strict(), Window::new(1, 0)?);
/// assert!(Window::new(6, 5).is_err());
/// # Ok::<(), otp_core::WindowError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Sides", into = "Sides")
)]
pub struct Window {
    past: u8,
    future: u8,
    centre: i16,
}

impl Window {
    /// The most steps besides the present one, both sides together.
    pub const MAX_STEPS: u8 = 10;

    /// A window of this many steps before and after the present one.
    ///
    /// # Errors
    /// [`WindowError`] if the two together are more than [`MAX_STEPS`](Self::MAX_STEPS).
    pub const fn new(past: u8, future: u8) -> Result<Self, WindowError> {
        if past.saturating_add(future) > Self::MAX_STEPS {
            return Err(WindowError { past, future });
        }
        Ok(Self {
            past,
            future,
            centre: 0,
        })
    }

    /// One step back and none ahead: the "at most one time step" of RFC 6238 §5.2.
    #[must_use]
    pub const fn strict() -> Self {
        Self {
            past: 1,
            future: 0,
            centre: 0,
        }
    }

    /// The same window around the time that a token with this drift shows. Its width does not change.
    #[must_use]
    pub const fn centred_on(mut self, drift: Drift) -> Self {
        self.centre = drift.steps();
        self
    }

    /// Steps before the centre.
    #[must_use]
    pub const fn past(self) -> u8 {
        self.past
    }

    /// Steps after the centre.
    #[must_use]
    pub const fn future(self) -> u8 {
        self.future
    }

    /// The steps to try at a moment of step `present`, cut off at both ends of the numbers.
    pub(crate) fn around(self, present: TimeStep) -> RangeInclusive<u64> {
        let centre = present.get().saturating_add_signed(self.centre.into());
        centre.saturating_sub(self.past.into())..=centre.saturating_add(self.future.into())
    }
}

/// One step back, one ahead.
impl Default for Window {
    fn default() -> Self {
        Self {
            past: 1,
            future: 1,
            centre: 0,
        }
    }
}

/// A window wider than [`Window::MAX_STEPS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a window has at most {} steps besides the present one, not `{past}` past and `{future}` future",
    Window::MAX_STEPS
)]
pub struct WindowError {
    past: u8,
    future: u8,
}

impl WindowError {
    /// The past steps that were asked for.
    #[must_use]
    pub const fn past(&self) -> u8 {
        self.past
    }

    /// The future steps that were asked for.
    #[must_use]
    pub const fn future(&self) -> u8 {
        self.future
    }
}

/// The serialised form: the drift belongs to a token, not to the configured window.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Sides {
    past: u8,
    future: u8,
}

#[cfg(feature = "serde")]
impl TryFrom<Sides> for Window {
    type Error = WindowError;

    fn try_from(sides: Sides) -> Result<Self, WindowError> {
        Self::new(sides.past, sides.future)
    }
}

#[cfg(feature = "serde")]
impl From<Window> for Sides {
    fn from(window: Window) -> Self {
        Self {
            past: window.past,
            future: window.future,
        }
    }
}
