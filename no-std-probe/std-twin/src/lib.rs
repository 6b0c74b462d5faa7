//! What the probe must catch: a dependency that needs the standard library, quietly.

use std::time::SystemTime;

/// The clock, which only `std` can read.
#[must_use]
pub fn now() -> SystemTime {
    SystemTime::now()
}
