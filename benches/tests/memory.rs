//! What a simulation takes must not grow with the number of people. One test alone in its file, because the count is that of the
//! whole process.

use std::alloc::System;
use std::convert::Infallible;

use mfa_policy::{Preset, Simulation};
use otp_benches::policy::{now, person, without_text};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_simulation_of_many_takes_no_more_memory_than_one_of_few() {
    let (few, many) = (most_bytes(2_000), most_bytes(20_000));
    assert!(few > 0);
    // Rarer findings are sampled later, and queues vary.
    assert!(many < few + 32 * 1024, "{few} and {many} bytes");
}

/// The most that was allocated at once, seen whenever another person is asked for.
fn most_bytes(people: usize) -> usize {
    let before = Preset::SecurityInfo.policy();
    let after = without_text(&before);
    let region = Region::new(ALLOCATOR);
    let mut most = 0;
    let indices = (0..people).inspect(|_| {
        let change = region.change();
        most = most.max(
            change
                .bytes_allocated
                .saturating_sub(change.bytes_deallocated),
        );
    });
    let simulation = Simulation::new(&before, &after, now());
    let result = simulation.run(1, indices, |_, index| Ok::<_, Infallible>(person(index)));
    assert_eq!(result.summary.people(), people as u64);
    most
}
