//! What several fuzz targets share: plain models of what the crates do, and the properties of a text or a key.

pub mod base32;
pub mod codes;
pub mod devices;
pub mod imports;
pub mod key_uri;
#[path = "../../mfa-policy/tests/laws/mod.rs"]
mod laws;
pub mod leak;
pub mod matrix;
#[expect(dead_code, reason = "the properties there use more of it")]
#[path = "../../mfa-flow/tests/model/mod.rs"]
mod model;
pub mod pieces;
pub mod policy;
pub mod stories;
pub mod verification;
