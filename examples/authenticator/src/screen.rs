//! The terminal: accounts with their codes, and what portals ask.
