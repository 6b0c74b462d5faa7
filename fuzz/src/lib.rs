//! What several fuzz targets share: plain models of what the crates do, and the properties of a text or a key.

pub mod base32;
pub mod codes;
pub mod key_uri;
pub mod leak;
pub mod matrix;
pub mod pieces;
pub mod verification;
