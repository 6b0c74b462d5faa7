//! Answers through the flow.

mod harness;

use criterion::{criterion_group, criterion_main};

fn flow(criterion: &mut criterion::Criterion) {
    harness::run(criterion, otp_benches::flow::tasks());
}

criterion_group!(group, flow);
criterion_main!(group);
