//! What other apps read.
