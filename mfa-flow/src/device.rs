//! Devices: their keys, what they are asked, what they sign, and hearing it.

mod answer;
mod hear;
pub(crate) mod key;
mod key_pair;
mod request;
mod visit;

pub use self::answer::{Decision, SignedAnswer};
pub use self::hear::NoDevice;
pub use self::key::{DeviceKey, DeviceKeyError};
pub use self::key_pair::DeviceKeyPair;
pub use self::request::{PushRequest, PushRequestError};
pub use self::visit::{SignedVisit, SignedVisitError};

pub(crate) use self::request::{NewRequest, RequestDigest};
