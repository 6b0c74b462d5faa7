//! Steps of signing in, told to both.

use mfa_flow::{
    Answer, Ask, Class, Decision, DeviceKeyPair, Effect, PhoneSaid, Prompt, PushRequest, Refused,
    SecurityKeyResult, SignedAnswer, What, Why,
};
use mfa_policy::Purpose;

use super::super::naive;
use super::super::reference::{Asking, Gesture, Given, Reply, Secret, Sent};
use super::super::steps::{ASKED, Does, Typed};
use super::{CREDENTIAL, NUMBER, Ring, World, back, device, other_code};

impl World {
    pub(crate) fn password(&mut self) {
        let signed_in = self.run(None, |on| on.first_factor(None));
        assert_eq!(signed_in.is_ok(), self.reference.password());
        let Ok(signed_in) = signed_in else { return };
        self.know_session(signed_in.session().clone());
        let newest = self.sessions.len() - 1;
        assert_eq!(signed_in.next(), self.reference.next(newest));
    }

    pub(super) fn sign_out(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        self.run(Some(session), |on| on.sign_out());
        self.reference.sign_out(session);
    }

    pub(crate) fn challenge(&mut self, session: usize, purpose: Purpose) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let prompt = self.run(Some(session), |on| on.challenge(purpose));
        self.is_shown_again(session, prompt.as_ref().ok());
        let asks_here = purpose != Purpose::FirstFactor;
        let asking = if asks_here {
            self.reference.challenge(session, purpose)
        } else {
            Asking::Over
        };
        match asking {
            Asking::Over => {
                assert!(matches!(prompt, Err(Refused::Over)), "{prompt:?}");
                assert!(self.sent().is_empty());
            }
            Asking::Choice { sent } => {
                let prompt = prompt.unwrap();
                self.challenges.push(prompt.challenge());
                let place = self.challenges.len() - 1;
                let kept = &self.reference.challenges[place];
                assert_eq!(prompt.expires().unix_seconds(), kept.expires);
                let choices = prompt.choices().iter();
                let choices: Vec<usize> = choices
                    .map(|choice| self.reference.place(choice.registration()))
                    .collect();
                assert_eq!(choices, self.reference.choices(session, purpose));
                let is_told = match (&sent, prompt.unsent()) {
                    (Some((_, Reply::TooSoon)), Some(Refused::TooSoon { .. }))
                    | (Some((_, Reply::NoMore)), Some(Refused::NoMoreSends)) => true,
                    (Some((_, Reply::TooSoon | Reply::NoMore)), _) => false,
                    (_, unsent) => unsent.is_none(),
                };
                assert!(is_told, "{sent:?} is not {:?}", prompt.unsent());
                match sent {
                    None => assert!(prompt.asked().is_none() && self.sent().is_empty()),
                    Some((factor, reply)) => {
                        self.something_was_sent(place, factor, &reply, prompt.asked());
                    }
                }
            }
        }
    }

    pub(super) fn ask(&mut self, session: usize, challenge: usize, factor: usize) {
        let Some((session, challenge)) = self.places(session, challenge) else {
            return;
        };
        let factor = factor % self.reference.factors.len();
        let id = self.reference.factors[factor].id.clone();
        let asked = self.challenges[challenge];
        let prompt = self.run(Some(session), |on| on.ask(asked, &id));
        self.is_shown_again(session, prompt.as_ref().ok());
        let reply = self.reference.ask(session, challenge, factor);
        match (&reply, &prompt) {
            (Reply::Over, Err(Refused::Over))
            | (Reply::TooSoon, Err(Refused::TooSoon { .. }))
            | (Reply::NoMore, Err(Refused::NoMoreSends)) => assert!(self.sent().is_empty()),
            (_, Ok(prompt)) => self.something_was_sent(challenge, factor, &reply, prompt.asked()),
            _ => panic!("{reply:?} is not {prompt:?}"),
        }
    }

    /// All but why nothing was sent, which is told once.
    fn is_shown_again(&mut self, session: usize, prompt: Option<&Prompt>) {
        let Some(prompt) = prompt else { return };
        let visit = self.visit(Some(session));
        let on = self.flow.on(self.account(), &visit, &mut self.random);
        let again = on.prompt(prompt.challenge()).unwrap();
        assert!(again.unsent().is_none());
        let [again, prompt] = [&again, prompt].map(|prompt| {
            let asked = format!("{:?}", prompt.asked());
            (
                prompt.challenge(),
                asked,
                prompt.choices(),
                prompt.expires(),
            )
        });
        assert_eq!(again, prompt);
    }

    /// What was sent is what the reference foresaw. It learns the code, and the people learn what they see.
    pub(super) fn something_was_sent(
        &mut self,
        challenge: usize,
        factor: usize,
        reply: &Reply,
        ask: Option<&Ask>,
    ) {
        let id = &self.reference.factors[factor].id;
        if matches!(reply, Reply::TooSoon | Reply::NoMore | Reply::Over) {
            assert!(ask.is_none() && self.sent().is_empty());
            return;
        }
        let ask = ask.unwrap();
        assert_eq!(ask.choice().registration(), id);
        let sent = self.sent();
        let why = Why::Challenge {
            challenge: self.challenges[challenge],
            registration: id.clone(),
            purpose: self.reference.challenges[challenge].purpose,
        };
        let (really, effect) = match (reply, sent.as_slice()) {
            (
                Reply::Code { really } | Reply::Push { really } | Reply::Call { really },
                [effect],
            ) => (*really, Some(effect.clone())),
            (Reply::Code { really } | Reply::Push { really } | Reply::Call { really }, []) => {
                (*really, None)
            }
            (Reply::Nothing, []) => return,
            other => panic!("{other:?}"),
        };
        // Who has the password only is not told of a lock: it looks as if it were sent.
        assert_eq!(really, effect.is_some());
        let number = ask.number();
        match (reply, effect) {
            (Reply::Code { .. }, None) => {
                // A code that nobody knows.
                self.reference.sent(challenge, Sent::Code(None));
            }
            (
                Reply::Code { .. },
                Some(Effect::SendText {
                    code, reason, to, ..
                }),
            ) => {
                assert_eq!((reason, to.as_str()), (why, NUMBER));
                self.know_code(challenge, code.expose());
            }
            (Reply::Push { .. }, effect) => {
                let number = number.unwrap();
                assert!((10..100).contains(&number));
                self.pushes += 1;
                let sent = Sent::Push {
                    number,
                    which: self.pushes,
                    approved: false,
                };
                self.reference.sent(challenge, sent);
                if let Some(effect) = effect {
                    let Effect::Push { request, .. } = effect else {
                        panic!("{effect:?}");
                    };
                    assert_eq!(*request.reason(), why);
                    assert_eq!(request.person(), self.key.holder());
                    let asked = Some((request, self.pushes, number));
                    self.rings.push(Ring {
                        why,
                        challenge,
                        factor,
                        asked,
                    });
                }
            }
            (Reply::Call { .. }, effect) => {
                self.reference
                    .sent(challenge, Sent::Call { approved: false });
                if let Some(effect) = effect {
                    assert!(matches!(effect, Effect::PlaceCall { reason, .. } if reason == why));
                    self.rings.push(Ring {
                        why,
                        challenge,
                        factor,
                        asked: None,
                    });
                }
            }
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn know_code(&mut self, challenge: usize, code: &str) {
        let digits = self.flow.policy().challenge().code_digits();
        assert!(code.len() == usize::try_from(digits).unwrap());
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
        self.reference
            .sent(challenge, Sent::Code(Some(code.to_owned())));
        self.secrets.add(code, "a code that was sent");
        self.codes.push(code.to_owned());
    }

    pub(crate) fn answer(&mut self, session: usize, challenge: usize, factor: usize, typed: Typed) {
        let Some((session, challenge)) = self.places(session, challenge) else {
            return;
        };
        let asked = self.reference.challenges[challenge].asked.as_ref();
        let factor = match factor {
            ASKED => asked.map_or(0, |asked| asked.factor),
            _ => factor % self.reference.factors.len(),
        };
        let given = self.given(challenge, factor, typed);
        let id = self.reference.factors[factor].id.clone();
        let asked = self.challenges[challenge];
        let result = match &given {
            Given::Code(code) => {
                let code = match typed {
                    Typed::Spaced => code.chars().flat_map(|c| [c, ' ']).collect(),
                    _ => code.clone(),
                };
                self.run(Some(session), |on| {
                    on.answer(asked, &id, Answer::Code(&code))
                })
            }
            Given::Approved => {
                self.run(Some(session), |on| on.answer(asked, &id, Answer::Approved))
            }
            Given::SecurityKey {
                same_credential,
                verified,
                count,
            } => {
                let result = SecurityKeyResult {
                    credential: if *same_credential {
                        CREDENTIAL
                    } else {
                        "other"
                    },
                    user_verified: *verified,
                    sign_count: *count,
                };
                self.run(Some(session), |on| {
                    on.answer(asked, &id, Answer::SecurityKey(result))
                })
            }
        };
        let failures = self.reference.factors[factor].failed.in_a_row;
        let was = self.reference.factors[factor].state;
        let (class, purpose) = self.reference.answer(session, challenge, factor, &given);
        let told: Vec<What> = self.events().map(|event| event.what.clone()).collect();
        let answers: Vec<&What> = told
            .iter()
            .filter(|what| matches!(what, What::Answered { .. }))
            .collect();
        assert_eq!(
            answers,
            [&What::Answered {
                purpose,
                result: class
            }],
            "{typed:?} for {id}"
        );
        assert_eq!(result.is_ok(), class == Class::Accepted);
        *self.classes.entry(class).or_default() += 1;
        let disabled = was != self.reference.factors[factor].state;
        assert_eq!(told.contains(&What::Disabled), disabled);
        if let Ok(proof) = result {
            assert_eq!(proof.registration(), &id);
            assert_eq!(Some(proof.purpose()), purpose);
            assert_eq!(proof.at().unix_seconds(), self.now());
            assert_eq!(proof.challenge(), asked);
            assert_eq!(proof.person(), self.key.person());
            assert_eq!(proof.failures().count(), failures);
            let rotated = self.sent_of(|effect| matches!(effect, Effect::RotateSession { .. }));
            assert_eq!(rotated, 1);
            let debug = format!("{proof:?}");
            self.know_session(proof.session().clone());
            self.secrets.are_not_in(&debug, None, "the proof");
            if let Given::Code(code) = &given {
                self.accepted.push(code.clone());
            }
            // INVARIANT: what was used is never used again.
            if let Some(step) = self.last_used(factor) {
                assert!(self.used.insert((factor, step)), "{id} used {step} twice");
            }
        }
    }

    pub(super) fn places(&self, session: usize, challenge: usize) -> Option<(usize, usize)> {
        let challenge = back(challenge, self.challenges.len())?;
        let session = match session.checked_sub(1) {
            None => self.reference.challenges[challenge].session,
            Some(session) => back(session, self.sessions.len())?,
        };
        Some((session, challenge))
    }

    /// The step or counter that a factor has used last.
    pub(super) fn last_used(&self, factor: usize) -> Option<i64> {
        match &self.reference.factors[factor].secret {
            Secret::Totp(authenticator) => authenticator.newest,
            Secret::Hotp { next, .. } => i64::try_from(*next).unwrap().checked_sub(1),
            _ => None,
        }
    }

    pub(super) fn given(&self, challenge: usize, factor: usize, typed: Typed) -> Given {
        let nth = |codes: &[String], back_by: usize| {
            back(back_by, codes.len()).map_or_else(|| "000000".to_owned(), |n| codes[n].clone())
        };
        match typed {
            Typed::Right { offset } => self.right(challenge, factor, offset),
            Typed::Spaced => self.right(challenge, factor, 0),
            Typed::Again { back } => Given::Code(nth(&self.accepted, back)),
            Typed::Sent { back } => Given::Code(nth(&self.codes, back)),
            Typed::OfAnother { factor } => {
                let factor = factor % self.reference.factors.len();
                self.right(challenge, factor, 0)
            }
            Typed::Wrong => match self.right(challenge, factor, 0) {
                Given::Code(code) => Given::Code(other_code(&code)),
                other => other,
            },
            Typed::Nothing => Given::Code(String::new()),
            Typed::Approved => Given::Approved,
            Typed::Key {
                same_credential,
                verified,
                ahead,
            } => Given::SecurityKey {
                same_credential,
                verified,
                count: self.count(factor, ahead),
            },
        }
    }

    pub(super) fn count(&self, factor: usize, ahead: i64) -> u32 {
        match self.reference.factors[factor].secret {
            Secret::SecurityKey { count } => u32::try_from(i64::from(count) + ahead).unwrap_or(0),
            _ => 0,
        }
    }

    /// The answer that is right, or would be that many steps from now.
    pub(super) fn right(&self, challenge: usize, factor: usize, offset: i64) -> Given {
        match &self.reference.factors[factor].secret {
            Secret::Totp(authenticator) => {
                let step = (naive::step(self.now()) + offset).max(0);
                Given::Code(naive::totp(&authenticator.key, step))
            }
            Secret::Paper { unused } => {
                Given::Code(unused.first().cloned().unwrap_or_else(|| "A".repeat(24)))
            }
            Secret::Hotp { key, next } => {
                Given::Code(naive::hotp(key, next.saturating_add_signed(offset)))
            }
            Secret::Sent => match &self.reference.challenges[challenge].asked {
                Some(asked) => match &asked.sent {
                    Sent::Code(code) => {
                        Given::Code(code.clone().unwrap_or_else(|| "123456".to_owned()))
                    }
                    _ => Given::Approved,
                },
                None => Given::Code("123456".to_owned()),
            },
            Secret::SecurityKey { count } => Given::SecurityKey {
                same_credential: true,
                verified: true,
                count: count + 1,
            },
        }
    }

    pub(super) fn phone(&mut self, ring: usize, does: Does) {
        if let Does::SaysAgain = does {
            let Some(said) = back(ring, self.said.len()) else {
                return;
            };
            let (answer, ring, gesture) = self.said[said].clone();
            return self.device(&answer, &ring, true, gesture);
        }
        let Some(ring) = back(ring, self.rings.len()) else {
            return;
        };
        let ring = self.rings[ring].clone();
        match &ring.asked {
            None => self.call(&ring, does),
            Some((request, _, number)) => self.notified(&ring, request, *number, does),
        }
    }

    fn call(&mut self, ring: &Ring, does: Does) {
        let (gesture, said) = match does {
            Does::PressesHash => (Gesture::PressesHash, PhoneSaid::PressedHash),
            Does::Denies => (Gesture::Denies, PhoneSaid::Denied),
            Does::Reports => (Gesture::Reports, PhoneSaid::Suspicious),
            // Nothing is typed on a call, or signed.
            _ => return,
        };
        let result = self.run(None, |on| on.phone_said(&ring.why, said));
        let taken = self.reference.phone(ring.challenge, ring.factor, gesture);
        assert_eq!(result.is_ok(), taken, "{does:?} for {:?}", ring.why);
    }

    fn notified(&mut self, ring: &Ring, request: &PushRequest, number: u8, does: Does) {
        let approved = |number| Decision::Approved {
            number,
            user_verified: true,
        };
        let (gesture, decision) = match does {
            Does::ApprovesWrongly => {
                let number = number ^ 1;
                (Gesture::Approves { number }, approved(number))
            }
            Does::Denies => (Gesture::Denies, Decision::Denied),
            Does::Reports => (Gesture::Reports, Decision::Suspicious),
            _ => (Gesture::Approves { number }, approved(number)),
        };
        let answer = match does {
            Does::PressesHash => {
                let why = &ring.why;
                let result = self.run(None, |on| on.phone_said(why, PhoneSaid::PressedHash));
                assert!(result.is_err(), "a device presses nothing");
                return;
            }
            Does::IsAnother => DeviceKeyPair::from_bytes(&[8; 32]).answer(request, decision),
            Does::IsAltered => {
                let denied = device().answer(request, Decision::Denied);
                let mut altered = serde_json::to_value(denied).unwrap();
                altered["decision"] = serde_json::to_value(decision).unwrap();
                serde_json::from_value(altered).unwrap()
            }
            _ => device().answer(request, decision),
        };
        let is_its_own = !matches!(does, Does::IsAnother | Does::IsAltered);
        assert_eq!(answer.is_signed_by(&device().public()), is_its_own);
        if is_its_own {
            self.said.push((answer.clone(), ring.clone(), gesture));
        }
        self.device(&answer, ring, is_its_own, gesture);
    }

    fn device(&mut self, answer: &SignedAnswer, ring: &Ring, is_its_own: bool, gesture: Gesture) {
        let (challenge, factor) = (ring.challenge, ring.factor);
        let Some((request, which, _)) = &ring.asked else {
            return;
        };
        let result = self.run(None, |on| on.device_answered(answer));
        let reference = &mut self.reference;
        let class = reference.device(challenge, factor, *which, is_its_own, gesture);
        let accepted = class == Some(Class::Accepted);
        assert_eq!(result.is_ok(), accepted, "{gesture:?} for {request}");
        let told: Vec<Class> = self
            .events()
            .filter_map(|event| match event.what {
                What::Answered { result, .. } => Some(result),
                _ => None,
            })
            .collect();
        // What is taken has an event of its own, or none; what is not says why.
        match class {
            Some(Class::Accepted) => assert!(told.is_empty(), "{told:?}"),
            Some(class) => assert_eq!(told, [class], "{gesture:?} for {request}"),
            None => assert_eq!(told.len(), 1, "{told:?}"),
        }
        let visit = self.visit(None);
        let on = self.flow.on(self.account(), &visit, &mut self.random);
        let awaits = self.reference.awaits(challenge, factor, *which);
        assert_eq!(on.awaits(request), awaits, "{gesture:?} for {request}");
        *self.signed.entry(class).or_default() += 1;
    }
}
