//! Wrong passwords, as a list of what was typed since the last success.

use mfa_policy::PasswordLockout;

use super::Reference;

/// The right password among those that are typed in stories.
pub(crate) const RIGHT: usize = 0;

#[derive(Default)]
pub(crate) struct Passwords {
    /// When, and which: what was counted since a password was right, oldest first.
    counted: Vec<(i64, usize)>,
    pub(crate) locked_until: Option<i64>,
    told: bool,
}

/// What was typed, and what came of it.
#[derive(Clone, Copy)]
pub(crate) struct Try {
    typed: usize,
    at: i64,
    counted: bool,
    pub(crate) open: bool,
    /// Whether it locks, and until when.
    pub(crate) locks: Option<i64>,
    /// Whether the person hears now of a lock that was before.
    pub(crate) tells: bool,
}

impl Passwords {
    fn try_one(&mut self, typed: usize, now: i64, limits: &PasswordLockout) -> Try {
        let open = self.locked_until.is_none_or(|until| until <= now);
        let tells = self.locked_until.is_some() && !self.told;
        let not_twice = usize::try_from(limits.remembered_values()).unwrap();
        let mut last = self.counted.iter().rev().take(not_twice);
        let counted = open && !last.any(|(_, known)| *known == typed);
        let mut locks = None;
        if counted {
            self.counted.push((now, typed));
            let most = usize::try_from(limits.failures()).unwrap();
            if self.counted.len() >= most {
                let first = i64::from(limits.seconds());
                let seconds =
                    (most..self.counted.len()).fold(first, |lock, _| (lock * 2).min(18_000));
                locks = Some(now + seconds);
                self.locked_until = locks;
            }
        }
        Try {
            typed,
            at: now,
            counted,
            open,
            locks,
            tells,
        }
    }

    /// How many were wrong before, and when the last of them were.
    fn right(&mut self, right: Try, limits: &PasswordLockout) -> (usize, Vec<i64>) {
        let before = std::mem::take(self).counted;
        let mut count = before.len();
        let mut recent: Vec<(i64, usize)> = before[count.saturating_sub(10)..].to_vec();
        let not_twice = usize::try_from(limits.remembered_values()).unwrap();
        let first_known = recent.len().saturating_sub(not_twice);
        let own = (first_known..recent.len())
            .rfind(|place| recent[*place].1 == right.typed)
            .or_else(|| {
                recent
                    .iter()
                    .rposition(|(at, _)| right.counted && *at == right.at)
            });
        if let Some(own) = own {
            recent.remove(own);
            count -= 1;
        }
        (count, recent.iter().map(|(at, _)| *at).collect())
    }

    pub(super) fn bring_back(&mut self, now: i64) {
        for (at, _) in &mut self.counted {
            *at = now.min(*at);
        }
        self.locked_until = self.locked_until.map(|until| until.min(now + 18_000));
    }
}

impl Reference {
    pub(crate) fn type_password(&mut self, typed: usize) -> Try {
        let limits = self.policy.password_lockout().clone();
        let mut tried = self.passwords.try_one(typed, self.now, &limits);
        tried.tells &= !self.suspended;
        self.passwords.told |= tried.tells;
        tried
    }

    /// The password was right: how many were wrong before, and when, if it lets in.
    pub(crate) fn password_was_right(&mut self, tried: Try) -> Option<(usize, Vec<i64>)> {
        if !tried.open || !self.password() {
            return None;
        }
        let limits = self.policy.password_lockout().clone();
        Some(self.passwords.right(tried, &limits))
    }
}
