//! The stores, in one program: what does not need the time, the disk and the processes of `proofs` is here.

#[cfg(all(feature = "memory", feature = "postgres", feature = "sqlite"))]
#[path = "../common/mod.rs"]
mod common;
#[cfg(all(feature = "conformance", feature = "memory"))]
mod conformance;
#[cfg(all(feature = "memory", feature = "postgres", feature = "sqlite"))]
mod differential;
#[cfg(all(feature = "memory", feature = "postgres", feature = "sqlite"))]
mod faults;
#[cfg(all(feature = "memory", feature = "postgres", feature = "sqlite"))]
mod interleavings;
#[cfg(all(feature = "memory", feature = "postgres", feature = "sqlite"))]
#[path = "../common/place.rs"]
mod place;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sealing;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
