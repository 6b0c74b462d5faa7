//! Gives tasks to criterion.

use criterion::Criterion;
use otp_benches::Task;

/// One group for each task, one entry for everybody who does it.
pub(crate) fn run(criterion: &mut Criterion, tasks: Vec<Task>) {
    for mut task in tasks {
        let mut group = criterion.benchmark_group(task.name);
        for contender in task.contenders() {
            group.bench_function(contender.name, |bencher| {
                bencher.iter_custom(|times| contender.time(times));
            });
        }
        group.finish();
    }
}
