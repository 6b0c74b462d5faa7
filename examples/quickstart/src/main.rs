//! The story of one enrolment.

fn main() {}
