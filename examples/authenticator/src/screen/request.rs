//! What portals ask: somebody signs in there, is it you?

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use mfa_flow::{Decision, PushRequest, RequestId};
use mfa_policy::{RegistrationId, Timestamp};
use zeroize::Zeroizing;

use super::field::Field;
use super::moment::Moment;
use crate::{harmless, push};

/// What a portal asks.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The pairing that is asked.
    pub(crate) registration: RegistrationId,
    pub(crate) id: RequestId,
    /// For what, in words.
    pub(crate) asks: &'static str,
    pub(crate) needs_gesture: bool,
    pub(crate) application: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) until: Timestamp,
}

/// The requests that wait, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    waiting: VecDeque<Waiting>,
    /// Not on top of everything for the moment.
    aside: bool,
}

/// A request, and how far the person is with it.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) request: Request,
    pub(crate) step: Step,
    /// Since when it is on top.
    seen: Option<Moment>,
    /// An answer was not taken.
    refused: bool,
}

/// How far the person is.
#[derive(Debug)]
pub(crate) enum Step {
    /// The number that the page shows.
    Number {
        typed: Field,
        problem: Option<String>,
    },
    /// The passphrase of the vault: nobody was asked for a password.
    Passphrase {
        number: u8,
        typed: Field,
        problem: Option<&'static str>,
    },
    /// Whether it is to be reported.
    Report,
    /// The answer is on its way.
    Sending(Decision),
    /// What became of it.
    Over { good: bool, words: String },
}

/// What follows from a key.
#[derive(Debug)]
pub(crate) enum Reply {
    Nothing,
    /// Tell the portal.
    Answer(RegistrationId, RequestId, Decision),
    /// See whether that is the passphrase.
    Verify(Zeroizing<String>),
}

impl Request {
    /// What a portal asks this pairing.
    pub(crate) fn new(registration: RegistrationId, request: &PushRequest) -> Self {
        Self {
            registration,
            id: *request.id(),
            asks: push::asks(request),
            needs_gesture: request.needs_gesture(),
            application: request.application().map(harmless),
            origin: request.origin().map(harmless),
            until: request.until(),
        }
    }
}

impl Requests {
    /// The request on top of everything.
    pub(crate) fn on_top(&self) -> Option<&Waiting> {
        self.waiting.front().filter(|_| !self.aside)
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Puts the requests on top again.
    pub(crate) fn look(&mut self, now: Moment) {
        self.aside = false;
        self.see(now);
    }

    /// A portal asks.
    pub(crate) fn ask(&mut self, request: Request, now: Moment) {
        // Sent again after a connection was lost.
        if self.find(&request.id).is_some() {
            return;
        }
        let new = Waiting {
            request,
            step: Step::number(None),
            seen: None,
            refused: false,
        };
        // The newest is what the person has just caused. It does not take the place of one that is being answered.
        match self.waiting.front_mut().filter(|_| !self.aside) {
            Some(first) if first.is_begun() => self.waiting.insert(1, new),
            Some(first) => {
                first.seen = None;
                self.waiting.push_front(new);
            }
            None => self.waiting.push_front(new),
        }
        self.look(now);
    }

    /// A request is over, whoever ended it.
    pub(crate) fn over(&mut self, id: &RequestId, now: Moment) {
        if self.aside
            || self
                .waiting
                .front()
                .is_none_or(|first| first.request.id != *id)
        {
            self.waiting.retain(|waiting| waiting.request.id != *id);
        } else if let Some(waiting) = self.find(id)
            && !matches!(waiting.step, Step::Sending(_) | Step::Over { .. })
        {
            waiting.end(
                false,
                if waiting.refused {
                    "The answer was not taken, and the request is over. Was it the number of another page? Begin there again."
                } else {
                    "It is over: it was answered elsewhere, or there is a newer one."
                },
            );
        }
        self.see(now);
    }

    /// A portal does not ask this pairing any more.
    pub(crate) fn removed(&mut self, registration: &RegistrationId, now: Moment) {
        self.waiting.retain(|waiting| {
            waiting.request.registration != *registration
                || matches!(waiting.step, Step::Over { .. })
        });
        self.see(now);
    }

    /// The portal has the answer, or not.
    pub(crate) fn answered(&mut self, id: &RequestId, outcome: Result<(), String>) {
        let Some(waiting) = self.find(id) else {
            return;
        };
        let Step::Sending(decision) = waiting.step else {
            return;
        };
        match (outcome, decision) {
            (Ok(()), Decision::Approved { .. }) => {
                waiting.end(true, "Approved. The page goes on by itself.");
            }
            (Ok(()), Decision::Denied) => waiting.end(true, "Denied."),
            (Ok(()), Decision::Suspicious) => waiting.end(
                true,
                "Denied and reported. Somebody may know your password: change it.",
            ),
            // It may be answered again, until the portal says that it is over.
            (Err(why), _) => {
                waiting.refused = true;
                waiting.step = Step::number(Some(format!("It was not taken: {why}.")));
            }
        }
    }

    /// The passphrase that was typed is that of the vault, or not.
    pub(crate) fn verified(&mut self, right: bool) -> Reply {
        let Some(waiting) = self.waiting.front_mut() else {
            return Reply::Nothing;
        };
        let Step::Passphrase {
            number, problem, ..
        } = &mut waiting.step
        else {
            return Reply::Nothing;
        };
        if !right {
            *problem = Some("The passphrase is wrong.");
            return Reply::Nothing;
        }
        let number = *number;
        waiting.send(Decision::Approved {
            number,
            user_verified: true,
        })
    }

    /// Time went on.
    pub(crate) fn tick(&mut self, now: Moment) {
        let at = now.timestamp();
        let is_over = |waiting: &Waiting| {
            at > waiting.request.until.plus_seconds(GRACE)
                && !matches!(waiting.step, Step::Over { .. })
        };
        if let Some(first) = self.waiting.front_mut().filter(|_| !self.aside)
            && is_over(first)
        {
            first.end(false, "It is over: its time has run out.");
        }
        self.waiting.retain(|waiting| !is_over(waiting));
        self.see(now);
    }

    /// Takes a key for the request on top.
    pub(crate) fn key(&mut self, key: KeyEvent, now: Moment) -> Reply {
        let Some(waiting) = self.waiting.front_mut() else {
            return Reply::Nothing;
        };
        // What was typed for something else does not answer what appeared just then.
        if waiting
            .seen
            .is_none_or(|seen| now.since(seen) < BEFORE_KEYS)
        {
            return Reply::Nothing;
        }
        if matches!(waiting.step, Step::Over { .. }) {
            self.waiting.pop_front();
            self.see(now);
            return Reply::Nothing;
        }
        if key.code == KeyCode::Esc
            && matches!(waiting.step, Step::Number { .. } | Step::Sending(_))
        {
            self.aside = true;
            waiting.seen = None;
            return Reply::Nothing;
        }
        waiting.key(key)
    }

    /// Takes what was pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        if let Some(Step::Passphrase { typed, .. }) =
            self.waiting.front_mut().map(|first| &mut first.step)
        {
            typed.paste(text);
        }
    }

    fn find(&mut self, id: &RequestId) -> Option<&mut Waiting> {
        self.waiting
            .iter_mut()
            .find(|waiting| waiting.request.id == *id)
    }

    fn see(&mut self, now: Moment) {
        if let Some(first) = self.waiting.front_mut().filter(|_| !self.aside) {
            first.seen.get_or_insert(now);
        }
    }
}

impl Waiting {
    fn key(&mut self, key: KeyEvent) -> Reply {
        match &mut self.step {
            Step::Number { typed, problem } => match key.code {
                KeyCode::Char(digit) if digit.is_ascii_digit() && typed.text().len() >= DIGITS => {}
                KeyCode::Char(digit) if digit.is_ascii_digit() => {
                    *problem = None;
                    typed.key(key);
                }
                KeyCode::Char('d') if key.modifiers == KeyModifiers::NONE => {
                    return self.send(Decision::Denied);
                }
                KeyCode::Char('n') if key.modifiers == KeyModifiers::NONE => {
                    self.step = Step::Report;
                }
                KeyCode::Char(_) => {}
                KeyCode::Enter => match typed.text().parse() {
                    Ok(number) if typed.text().len() == DIGITS => return self.approve(number),
                    _ => *problem = Some("Type the two digits that the page shows.".to_owned()),
                },
                _ => {
                    typed.key(key);
                }
            },
            Step::Passphrase { typed, problem, .. } => match key.code {
                KeyCode::Esc => self.step = Step::number(None),
                KeyCode::Enter => return Reply::Verify(typed.take()),
                _ => {
                    *problem = None;
                    typed.key(key);
                }
            },
            Step::Report => match key.code {
                KeyCode::Char('y') => return self.send(Decision::Suspicious),
                KeyCode::Char('n') | KeyCode::Esc => self.step = Step::number(None),
                _ => {}
            },
            Step::Sending(_) | Step::Over { .. } => {}
        }
        Reply::Nothing
    }

    /// Whether the person is at it.
    fn is_begun(&self) -> bool {
        match &self.step {
            Step::Number { typed, .. } => !typed.text().is_empty(),
            _ => true,
        }
    }

    fn approve(&mut self, number: u8) -> Reply {
        if self.request.needs_gesture {
            self.step = Step::Passphrase {
                number,
                typed: Field::hidden(),
                problem: None,
            };
            return Reply::Nothing;
        }
        self.send(Decision::Approved {
            number,
            user_verified: false,
        })
    }

    fn send(&mut self, decision: Decision) -> Reply {
        self.step = Step::Sending(decision);
        Reply::Answer(self.request.registration.clone(), self.request.id, decision)
    }

    fn end(&mut self, good: bool, words: &str) {
        self.step = Step::Over {
            good,
            words: words.to_owned(),
        };
    }
}

impl Step {
    fn number(problem: Option<String>) -> Self {
        Self::Number {
            typed: Field::new(),
            problem,
        }
    }
}

/// Of the number.
const DIGITS: usize = 2;
/// How long a request is on top before it takes keys.
const BEFORE_KEYS: Duration = Duration::from_secs(1);
/// In seconds: the clock here may be ahead of the portal's, which says itself when a request is over.
const GRACE: u32 = 60;
