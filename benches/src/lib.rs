//! The same task given to our crates and to others, side by side, each result checked before it is timed.
//!
//! A [`Task`] is defined once here. `cargo bench` gives them to criterion, the binary `ratios` runs them interleaved and
//! prints the table of the README, and the binary `allocations` counts what they allocate.

pub mod codes;
pub mod flow;
pub mod policy;
pub mod portal;
pub mod qr;
pub mod raw;
mod read;
pub mod stores;
mod task;
pub mod uri;

pub use task::{Contender, Goal, Other, Task};

/// Every task, in the order of the table.
pub fn all() -> Vec<Task> {
    let mut tasks = codes::tasks();
    tasks.extend(uri::tasks());
    tasks.extend(qr::tasks());
    tasks.extend(policy::tasks());
    tasks.extend(flow::tasks());
    tasks
}
