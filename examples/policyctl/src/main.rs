//! Look at a policy.
fn main() {}
