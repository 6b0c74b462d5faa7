//! Every check of the workspace behind one command.

fn main() {}
