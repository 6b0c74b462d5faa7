//! Counts what one call of every contender allocates, and prints it as a table.
//!
//! A binary of its own, because a counting allocator slows those down that allocate.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    println!("| task | by | allocations | bytes |");
    println!("|---|---|---:|---:|");
    for mut task in otp_benches::all() {
        let mut name = format!("**{}**", task.name);
        for contender in task.contenders() {
            // What is done once in a lifetime is not the question.
            contender.run(1);
            let region = Region::new(ALLOCATOR);
            contender.run(1);
            let change = region.change();
            let calls = change.allocations + change.reallocations;
            println!(
                "| {name} | {} | {calls} | {} |",
                contender.name, change.bytes_allocated
            );
            name.clear();
        }
    }
}
