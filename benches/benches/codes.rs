//! One-time codes.

mod harness;

use criterion::{criterion_group, criterion_main};

criterion_group!(codes, |criterion| harness::run(
    criterion,
    otp_benches::codes::tasks()
));
criterion_main!(codes);
