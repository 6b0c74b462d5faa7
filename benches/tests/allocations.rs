//! What does not allocate must stay so. One test alone in its file, because the count is that of the whole process.

use std::alloc::System;

use otp_benches::Contender;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn codes_and_plain_answers_take_no_allocation_and_a_written_uri_takes_at_most_two() {
    let mut theirs = 0;
    for mut task in otp_benches::codes::tasks() {
        assert_eq!(allocations(&mut task.ours), 0, "{}", task.name);
        theirs += task
            .others
            .iter_mut()
            .map(|other| allocations(&mut other.contender))
            .sum::<usize>();
    }
    // The count counts: whoever returns a `String` is seen.
    assert!(theirs > 0);

    for mut task in otp_benches::uri::tasks() {
        if task.name == "URI write" {
            assert!((1..=2).contains(&allocations(&mut task.ours)));
        }
    }

    let mut answers = 0;
    for mut task in otp_benches::policy::tasks() {
        if task.name.starts_with("allows") {
            assert_eq!(allocations(&mut task.ours), 0, "{}", task.name);
            answers += 1;
        }
    }
    assert!(answers > 0);
}

fn allocations(contender: &mut Contender) -> usize {
    let region = Region::new(ALLOCATOR);
    contender.run(1);
    let change = region.change();
    change.allocations + change.reallocations
}
