//! URIs.

mod harness;

use criterion::{criterion_group, criterion_main};

fn uri(criterion: &mut criterion::Criterion) {
    harness::run(criterion, otp_benches::uri::tasks());
}

criterion_group!(group, uri);
criterion_main!(group);
