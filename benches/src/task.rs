//! What a benchmark is here: one task, our way of doing it, and other ways of doing the same.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// One way of doing a task.
pub struct Contender {
    /// Who does it, and how if that is not plain.
    pub name: &'static str,
    /// How long the output is, where its length is part of the question.
    pub bytes: Option<usize>,
    repeat: Box<dyn FnMut(u64) -> Duration>,
}

/// Inputs that are prepared at once, before calls that use them up are timed.
const BATCH: u64 = 64;

impl Contender {
    /// A way of doing it. The loop is compiled together with the call, so that nothing comes between two calls.
    pub fn new<T>(name: &'static str, mut call: impl FnMut() -> T + 'static) -> Self {
        Self {
            name,
            bytes: None,
            repeat: Box::new(move |times| {
                let start = Instant::now();
                for _ in 0..times {
                    black_box(call());
                }
                start.elapsed()
            }),
        }
    }

    /// The same, for a call that uses its input up: preparing one is no part of the time.
    pub fn prepared<I, T>(
        name: &'static str,
        mut prepare: impl FnMut() -> I + 'static,
        mut call: impl FnMut(I) -> T + 'static,
    ) -> Self {
        Self {
            name,
            bytes: None,
            repeat: Box::new(move |times| {
                let mut spent = Duration::ZERO;
                let mut left = times;
                while left > 0 {
                    let inputs: Vec<I> = (0..left.min(BATCH)).map(|_| prepare()).collect();
                    left = left.saturating_sub(BATCH);
                    let start = Instant::now();
                    for input in inputs {
                        black_box(call(input));
                    }
                    spent += start.elapsed();
                }
                spent
            }),
        }
    }

    /// The same, for a call whose output should be short.
    pub fn with_output<T>(
        name: &'static str,
        mut call: impl FnMut() -> T + 'static,
        bytes: impl Fn(&T) -> usize,
    ) -> Self {
        Self {
            bytes: Some(bytes(&call())),
            ..Self::new(name, call)
        }
    }

    /// Does it so many times.
    pub fn run(&mut self, times: u64) {
        (self.repeat)(times);
    }

    /// How long it takes to do it so many times.
    pub fn time(&mut self, times: u64) -> Duration {
        (self.repeat)(times)
    }
}

/// What our time (or our bytes), divided by the other's, is meant to be.
#[derive(Clone, Copy)]
pub enum Goal {
    /// At most this.
    AtMost(f64),
    /// 1, give or take this.
    Equal(f64),
    /// Our time is at most this much longer than the other's.
    AtMostLonger(Duration),
}

impl Goal {
    /// Whether ours is good enough beside theirs: seconds, or bytes.
    pub fn is_reached(self, ours: f64, theirs: f64) -> bool {
        match self {
            Self::AtMost(goal) => ours / theirs <= goal,
            Self::Equal(tolerance) => (ours / theirs - 1.0).abs() <= tolerance,
            Self::AtMostLonger(time) => ours - theirs <= time.as_secs_f64(),
        }
    }
}

/// Somebody else who does the task.
pub struct Other {
    /// How.
    pub contender: Contender,
    /// What is asked of our time compared with this one's.
    pub time: Option<Goal>,
    /// What is asked of the length of our output.
    pub bytes: Option<Goal>,
}

/// One question, and everybody's answer to it.
///
/// The functions that make tasks compare the results first, and panic when one differs: what is timed is right.
pub struct Task {
    /// What is to be done.
    pub name: &'static str,
    /// Our way.
    pub ours: Contender,
    /// The others, baselines first.
    pub others: Vec<Other>,
    /// How long it may take us, where that is a goal of its own.
    pub within: Option<Duration>,
}

impl Task {
    /// A task that only we do as yet.
    pub fn new<T>(name: &'static str, ours: impl FnMut() -> T + 'static) -> Self {
        Self {
            name,
            ours: Contender::new("ours", ours),
            others: Vec::new(),
            within: None,
        }
    }

    /// A task whose input is used up.
    pub fn prepared<I, T>(
        name: &'static str,
        prepare: impl FnMut() -> I + 'static,
        ours: impl FnMut(I) -> T + 'static,
    ) -> Self {
        Self {
            name,
            ours: Contender::prepared("ours", prepare, ours),
            others: Vec::new(),
            within: None,
        }
    }

    /// A task of ours whose output should be short.
    pub fn with_output<T>(
        name: &'static str,
        ours: impl FnMut() -> T + 'static,
        bytes: impl Fn(&T) -> usize,
    ) -> Self {
        Self {
            name,
            ours: Contender::with_output("ours", ours, bytes),
            others: Vec::new(),
            within: None,
        }
    }

    /// What we want to need at most, whoever else does it.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self {
            within: Some(time),
            ..self
        }
    }

    /// Adds somebody, for comparison only.
    #[must_use]
    pub fn against(self, contender: Contender) -> Self {
        self.compared(contender, None, None)
    }

    /// Adds somebody whose time we want to stay below this multiple of.
    #[must_use]
    pub fn at_most(self, ratio: f64, contender: Contender) -> Self {
        self.compared(contender, Some(Goal::AtMost(ratio)), None)
    }

    /// Adds somebody whose time and whose bytes we want to stay below these multiples of.
    #[must_use]
    pub fn at_most_in_time_and_bytes(self, time: f64, bytes: f64, contender: Contender) -> Self {
        self.compared(
            contender,
            Some(Goal::AtMost(time)),
            Some(Goal::AtMost(bytes)),
        )
    }

    /// Adds somebody whose time ours should equal, within this.
    #[must_use]
    pub fn equal(self, tolerance: f64, contender: Contender) -> Self {
        self.compared(contender, Some(Goal::Equal(tolerance)), None)
    }

    /// Adds somebody beside whom we want to need at most this much more time.
    #[must_use]
    pub fn at_most_longer(self, time: Duration, contender: Contender) -> Self {
        self.compared(contender, Some(Goal::AtMostLonger(time)), None)
    }

    fn compared(mut self, contender: Contender, time: Option<Goal>, bytes: Option<Goal>) -> Self {
        self.others.push(Other {
            contender,
            time,
            bytes,
        });
        self
    }

    /// Everybody, us first.
    pub fn contenders(&mut self) -> impl Iterator<Item = &mut Contender> {
        std::iter::once(&mut self.ours)
            .chain(self.others.iter_mut().map(|other| &mut other.contender))
    }
}
