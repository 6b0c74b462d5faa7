//! Codes that change with time, and which of them are used.

use mfa_flow::Class;

use super::super::naive;

pub(crate) struct Authenticator {
    pub(crate) key: Vec<u8>,
    /// Every step up to this one is used.
    pub(crate) up_to: Option<i64>,
    /// The last eight steps that were accepted, and that up to which nobody knows.
    pub(super) accepted: Vec<i64>,
    pub(super) unknown: Option<i64>,
    /// The step that was accepted last.
    pub(crate) newest: Option<i64>,
    pub(super) drift: i64,
    /// Codes in a row that were off to one side.
    pub(super) streak: i64,
}

impl Authenticator {
    pub(crate) fn new(key: &[u8]) -> Self {
        Self {
            key: key.to_vec(),
            up_to: None,
            accepted: Vec::new(),
            unknown: None,
            newest: None,
            drift: 0,
            streak: 0,
        }
    }

    pub(super) fn answer(&mut self, code: &str, now: i64, past: i64, future: i64) -> Class {
        let centre = naive::step(now) + self.drift;
        if self.up_to > Some(centre + future) {
            return Class::ClockBehind;
        }
        let matching = (centre - past..=centre + future)
            .filter(|&step| step >= 0 && naive::totp(&self.key, step) == *code);
        match matching.max() {
            None => Class::Wrong,
            Some(step) if Some(step) <= self.up_to || self.accepted.contains(&step) => {
                Class::Replayed
            }
            Some(step) => {
                self.accept(step);
                let side = (step - centre).signum();
                self.streak = if side == self.streak.signum() {
                    self.streak + side
                } else {
                    side
                };
                if self.streak.abs() == 3 {
                    self.drift += side;
                    self.streak = 0;
                }
                Class::Accepted
            }
        }
    }

    fn accept(&mut self, step: i64) {
        self.newest = Some(step);
        self.up_to = self.up_to.max(Some(step));
        self.accepted.push(step);
        self.accepted.sort_unstable();
        if self.accepted.len() > 8 {
            self.unknown = self.unknown.max(Some(self.accepted.remove(0)));
        }
    }
}
