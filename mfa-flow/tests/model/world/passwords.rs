//! Passwords that are typed, told to both.

use std::rc::Rc;

use mfa_flow::{Class, Effect, Notice, What};
use mfa_policy::Timestamp;

use super::super::reference::RIGHT;
use super::{World, back};

impl World {
    pub(super) fn type_password(&mut self, typed: usize) {
        let text = format!("pass phrase {typed}");
        self.secrets.add(&text, "a password");
        let tried = self.run(None, |on| on.password_tried(&text));
        let expected = self.reference.type_password(typed);
        assert_eq!(tried.is_open(), expected.open);
        let result = match (self.reference.suspended, expected.open) {
            (true, _) => Class::Suspended,
            (_, true) => Class::Waiting,
            (_, false) => Class::Locked,
        };
        let mut events = vec![What::PasswordTried { result }];
        let until = expected.locks.map(Timestamp::from_unix_seconds);
        events.extend(until.map(|until| What::PasswordLocked { until }));
        let happened: Vec<What> = self.events().map(|event| event.what.clone()).collect();
        assert_eq!(happened, events);
        let told = |effect: &Effect| {
            let notice = Notice::PasswordLocked {
                until: self.account().password_locked_until().unwrap(),
            };
            matches!(effect, Effect::NotifyUser { notice: told, .. } if *told == notice)
        };
        assert_eq!(self.sent_of(told), usize::from(expected.tells));
        assert_eq!(self.effects().count(), usize::from(expected.tells));
        self.tries.push((Rc::new(tried), typed, expected));
        let done = match (expected.open, expected.locks) {
            (false, _) => "closed",
            (true, Some(_)) => "locks",
            (true, None) => "open",
        };
        *self.done.entry(done).or_default() += 1;
    }

    /// The host has looked at a password that was typed before, and goes on if it is right.
    pub(super) fn look(&mut self, tried: usize) {
        let Some(place) = back(tried, self.tries.len()) else {
            return;
        };
        let (tried, typed, expected) = self.tries[place].clone();
        if typed != RIGHT {
            return;
        }
        let signed_in = self.run(None, |on| on.password_was_right(&tried, None));
        let before = self.reference.password_was_right(expected);
        assert_eq!(signed_in.is_ok(), before.is_some());
        let (Ok(signed_in), Some((count, times))) = (signed_in, before) else {
            return;
        };
        self.know_session(signed_in.session().clone());
        let newest = self.sessions.len() - 1;
        assert_eq!(signed_in.next(), self.reference.next(newest));
        let failures = signed_in.failures();
        assert_eq!(usize::try_from(failures.count()), Ok(count));
        let told = failures.times().iter().map(|time| time.unix_seconds());
        assert_eq!(told.collect::<Vec<i64>>(), times);
        *self.done.entry("right").or_default() += 1;
    }
}
