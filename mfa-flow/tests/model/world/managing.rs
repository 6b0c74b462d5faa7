//! Steps that change an account, told to both.

use std::fmt::Debug;

use mfa_flow::{AppKey, Confirmed, Effect, Enrol, Instruction, Notice, Refused, Test};

use super::super::naive;
use super::super::reference::Wish;
use super::super::steps::Act;
use super::{World, back, other_code};

impl World {
    pub(super) fn remove(&mut self, session: usize, factor: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let factor = factor % self.reference.factors.len();
        let id = self.reference.factors[factor].id.clone();
        let removed = self.run(Some(session), |on| {
            on.remove(&id, Confirmed::after_asking())
        });
        let wish = self.reference.remove(session, factor);
        came_of(wish, &removed);
        if wish == Wish::Done {
            let told = self.sent_of(|effect| {
                matches!(
                    effect,
                    Effect::NotifyUser {
                        notice: Notice::Removed { .. },
                        ..
                    }
                )
            });
            let ended = self.sent_of(|effect| matches!(effect, Effect::EndSessions { .. }));
            assert_eq!((told, ended), (1, 1));
            *self.done.entry("remove").or_default() += 1;
        }
    }

    pub(super) fn set_default(&mut self, session: usize, factor: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let factor = factor % self.reference.factors.len();
        let id = self.reference.factors[factor].id.clone();
        let set = self.run(Some(session), |on| on.set_default(&id));
        let wish = self.reference.set_default(session, factor);
        came_of(wish, &set);
        if wish == Wish::Done {
            *self.done.entry("set default").or_default() += 1;
        }
    }

    pub(super) fn enrol(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let account = otp_uri::Account::new("alice").unwrap();
        let enrol = Enrol::OtherAuthenticator {
            key: AppKey::new(&account),
        };
        let begun = self.run(Some(session), |on| on.begin_enrolment(enrol, "tablet"));
        let wish = self.reference.begin_enrolment(session);
        came_of(wish, &begun);
        if let Ok(begun) = begun {
            let Instruction::AddKey(shown) = begun.instruction() else {
                panic!("an authenticator is given a key");
            };
            let key = shown.uri().secret().expose();
            self.secrets.add_key(key);
            let id = begun.registration().clone();
            self.reference.begun(session, id.clone(), key);
            let view = self.account().view();
            let device = view.registration(&id).unwrap().device().cloned();
            self.reference.pending.as_mut().unwrap().device = device;
            *self.done.entry("enrol").or_default() += 1;
        }
    }

    pub(super) fn confirm(&mut self, session: usize, offset: i64, wrong: bool) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let step = (naive::step(self.now()) + offset).max(0);
        let (id, mut code) = match &self.reference.pending {
            Some(pending) => (pending.id.clone(), naive::totp(&pending.key, step)),
            None => (self.reference.factors[0].id.clone(), "123456".to_owned()),
        };
        if wrong {
            code = other_code(&code);
        }
        let confirmed = self.run(Some(session), |on| {
            on.confirm_enrolment(&id, Test::Code(&code))
        });
        let wish = self.reference.confirm(session, &code);
        came_of(wish, &confirmed);
        if let Ok(enrolled) = confirmed {
            let factor = self.reference.place(&id);
            // INVARIANT: the confirming code is used.
            let step = self.last_used(factor).unwrap();
            assert!(self.used.insert((factor, step)));
            self.accepted.push(code);
            self.know_session(enrolled.session().unwrap().clone());
            *self.done.entry("confirm").or_default() += 1;
        }
    }

    pub(super) fn make_paper(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let made = self.run(Some(session), |on| on.make_recovery_codes());
        let wish = self.reference.make_paper(session);
        came_of(wish, &made);
        if let Ok(made) = made {
            let shown = made.codes().iter().map(|code| code.expose());
            let codes: Vec<String> = shown.clone().map(|code| code.replace('-', "")).collect();
            for code in codes.iter().map(String::as_str).chain(shown) {
                self.secrets.add(code, "a recovery code");
            }
            self.reference.paper(session, made.registration(), codes);
            *self.done.entry("paper").or_default() += 1;
        }
    }

    pub(super) fn password_changed(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        self.run(Some(session), |on| on.password_changed());
        self.reference.password_changed(session);
    }

    pub(super) fn operate(&mut self, act: Act) {
        self.by_operator = true;
        let done = match act {
            Act::Suspend => self.run(None, |on| on.suspend()),
            Act::Resume => self.run(None, |on| on.resume()),
            Act::RepairClock => self.run(None, |on| on.repair_clock()),
            Act::Burn => self.run(None, |on| on.burn()),
        };
        self.by_operator = false;
        done.unwrap();
        match act {
            Act::Suspend => self.reference.suspend(true),
            Act::Resume => self.reference.suspend(false),
            Act::RepairClock => self.reference.repair_clock(),
            Act::Burn => self.reference.burn(),
        }
    }
}

/// What was foreseen is what came of it.
fn came_of<T: Debug>(wish: Wish, result: &Result<T, Refused>) {
    let as_foreseen = match wish {
        Wish::Done => result.is_ok(),
        Wish::Denied => matches!(result, Err(Refused::Policy(_))),
        Wish::Over => matches!(result, Err(Refused::Over)),
        Wish::Rejected => matches!(result, Err(Refused::Rejected(_))),
    };
    assert!(as_foreseen, "{wish:?} is not {result:?}");
}
