//! Policy decisions.

mod harness;

use criterion::{criterion_group, criterion_main};

fn policy(criterion: &mut criterion::Criterion) {
    harness::run(criterion, otp_benches::policy::tasks());
}

criterion_group!(group, policy);
criterion_main!(group);
