//! One-time codes.

mod harness;

use criterion::{criterion_group, criterion_main};

fn codes(criterion: &mut criterion::Criterion) {
    harness::run(criterion, otp_benches::codes::tasks());
}

criterion_group!(group, codes);
criterion_main!(group);
