//! QR codes.

mod harness;

use criterion::{criterion_group, criterion_main};

fn qr(criterion: &mut criterion::Criterion) {
    harness::run(criterion, otp_benches::qr::tasks());
}

criterion_group!(group, qr);
criterion_main!(group);
