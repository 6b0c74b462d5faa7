//! Security questions, for a password reset only.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use mfa_policy::{Action, Method, Questions, RegistrationId};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subtle::Choice;
use zeroize::Zeroizing;

use crate::challenge::{Asked, Sent};
use crate::change::Change;
use crate::effect::Notice;
use crate::event::Class;
use crate::hashing::HashKey;
use crate::id::{self, ChallengeId};
use crate::operation::{Operation, Refused};
use crate::password;
use crate::registration::{AnsweredQuestion, Factor};

/// The characters of an answer (Entra: 3 to 40), in normal form and with single spaces.
const SHORTEST: usize = 3;
const LONGEST: usize = 40;
/// What is longer than this when it is typed is no answer, so that comparing has an end.
const LONGEST_TYPED: usize = 256;

/// A security question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// One of the ready-made ones, by its number from 1. The host has the texts, in every language that it speaks.
    Standard(u8),
    /// One of the organisation's own, as the policy has it.
    Own(String),
}

impl Question {
    /// Everything that can be chosen from under a policy: the ready-made ones, then the organisation's own.
    #[must_use]
    pub fn offered(policy: &Questions) -> Vec<Self> {
        let standard = u8::try_from(policy.standard()).unwrap_or(u8::MAX);
        let standard = (1..=standard).map(Self::Standard);
        standard
            .chain(policy.own().iter().cloned().map(Self::Own))
            .collect()
    }
}

impl Operation<'_> {
    /// Registers security questions with their answers, in the place of those that were registered before. They need no test.
    ///
    /// Of the answers password hashes are kept. They are compared without regard to case, to white space, and to how a
    /// character is put together.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], and [`Refused::Invalid`] if there are not as many questions as the policy wants, one of them is
    /// not offered or stands there twice, or an answer has not 3 to 40 characters or stands there twice.
    pub fn set_questions(
        mut self,
        answers: &[(Question, &str)],
    ) -> Change<Result<RegistrationId, Refused>> {
        let set = self.questions_set(answers);
        self.finish(set)
    }

    fn questions_set(&mut self, answers: &[(Question, &str)]) -> Result<RegistrationId, Refused> {
        let method = Method::SecurityQuestions;
        let old = self.account.of_method(&method).next();
        let old = old.map(|registered| registered.id.clone());
        let action = match &old {
            None => Action::Add {
                method: method.clone(),
                device: None,
            },
            Some(old) => Action::Replace {
                registration: old.clone(),
                method: method.clone(),
                device: None,
            },
        };
        self.permitted(&action)?;
        let folded = self.checked(answers)?;
        let hashed = answers.iter().zip(&folded).map(|((question, _), answer)| {
            let hash = password::hash(&self.flow.hash_key, answer, self.rng);
            AnsweredQuestion {
                question: question.clone(),
                hash,
            }
        });
        let answers = hashed.collect();
        self.adopt(&action);
        if old.is_none() {
            self.end_pending();
        }
        let id = id::registration(self.rng);
        let factor = Factor::Questions { answers };
        self.bind_at_once(id.clone(), method.clone(), String::new(), factor);
        self.notify(match old {
            None => Notice::Added {
                method,
                name: String::new(),
            },
            Some(_) => Notice::Replaced {
                by: method.clone(),
                method,
            },
        });
        Ok(id)
    }

    /// The answers as they are compared, if the set can be registered.
    fn checked(&self, answers: &[(Question, &str)]) -> Result<Vec<Zeroizing<String>>, Refused> {
        let policy = self.flow.policy.questions();
        if u32::try_from(answers.len()) != Ok(policy.register()) {
            return Err(Refused::Invalid(
                "that is not the number of questions to be answered",
            ));
        }
        let offered = Question::offered(policy);
        let mut questions: Vec<&Question> = Vec::new();
        let mut folded: Vec<Zeroizing<String>> = Vec::new();
        for (question, answer) in answers {
            if !offered.contains(question) {
                return Err(Refused::Invalid("one of the questions is not offered"));
            }
            if questions.contains(&question) {
                return Err(Refused::Invalid("a question can be chosen once"));
            }
            if !(SHORTEST..=LONGEST).contains(&length(answer)) {
                return Err(Refused::Invalid("an answer has 3 to 40 characters"));
            }
            let answer = comparable(answer);
            if folded.contains(&answer) {
                return Err(Refused::Invalid("an answer can be given once"));
            }
            questions.push(question);
            folded.push(answer);
        }
        Ok(folded)
    }

    /// Chooses the questions of a challenge by their places, or those that were chosen: who asks again does not see more of them.
    pub(crate) fn choose_questions(
        &mut self,
        before: Option<&Asked>,
        registration: &RegistrationId,
    ) -> Vec<u8> {
        let all = self.all_questions(registration).len();
        let drawn = select(self.questions_to_answer(), all, self.rng);
        match before {
            Some(Asked {
                registration: before,
                sent: Sent::Questions { asked },
                ..
            }) if before == registration => asked.clone(),
            _ => drawn,
        }
    }

    /// The questions at those places, in that order.
    pub(crate) fn questions_at(
        &self,
        registration: &RegistrationId,
        places: &[u8],
    ) -> Vec<Question> {
        let all = self.all_questions(registration);
        let places = places.iter();
        places
            .filter_map(|&place| all.get(usize::from(place)).cloned())
            .collect()
    }

    /// The questions that the person has answered, or could have.
    fn all_questions(&self, registration: &RegistrationId) -> Vec<Question> {
        let decoys = self.decoy_questions();
        match self.answered_questions(registration) {
            Some(answers) => answers.iter().map(|a| a.question.clone()).collect(),
            None => decoys,
        }
    }

    /// Ends a choice of questions that was answered wrongly: the next one is another.
    pub(crate) fn questions_over(&mut self, challenge: ChallengeId, registration: &RegistrationId) {
        let Some(record) = self.account.challenge_mut(challenge) else {
            return;
        };
        let over = |asked: &mut Asked| {
            asked.registration == *registration && matches!(asked.sent, Sent::Questions { .. })
        };
        let _ = record.asked.take_if(over);
    }

    /// Checks the answers to the questions that were asked.
    pub(crate) fn check_questions(
        &self,
        challenge: ChallengeId,
        registration: &RegistrationId,
        given: &[&str],
    ) -> Class {
        let asked = self.account.challenge(challenge);
        let asked = asked.and_then(|challenge| challenge.asked.as_ref());
        let places: &[u8] = match asked {
            Some(Asked {
                registration: asked,
                sent: Sent::Questions { asked: places },
                ..
            }) if asked == registration => places,
            _ => &[],
        };
        let answers = self.answered_questions(registration);
        let hashes = places.iter().map(|&place| {
            let answer = answers.and_then(|answers| answers.get(usize::from(place)));
            answer.map_or("", |answer| answer.hash.as_str())
        });
        let hashes: Vec<&str> = hashes.collect();
        let right = self.compare(given, &hashes);
        if answers.is_none() {
            Class::NoFactor
        } else if right && hashes.len() >= self.questions_to_answer() {
            Class::Accepted
        } else {
            Class::Wrong
        }
    }

    /// Whether every answer is right. However many there are, and whichever is wrong, it takes as long.
    pub(crate) fn compare(&self, given: &[&str], hashes: &[&str]) -> bool {
        let key: &HashKey = &self.flow.hash_key;
        let right = (0..self.questions_to_answer()).fold(Choice::from(1), |right, place| {
            let answer = comparable(given.get(place).copied().unwrap_or_default());
            let hash = hashes.get(place).copied().unwrap_or_default();
            right & Choice::from(u8::from(password::matches(key, &answer, hash)))
        });
        bool::from(right) && given.len() == hashes.len()
    }

    fn answered_questions(&self, registration: &RegistrationId) -> Option<&[AnsweredQuestion]> {
        match &self.account.registered(registration)?.factor {
            Factor::Questions { answers } => Some(answers),
            _ => None,
        }
    }

    fn questions_to_answer(&self) -> usize {
        usize::try_from(self.flow.policy.questions().reset()).unwrap_or(usize::MAX)
    }
}

/// So many of that many places, in random order, each choice as likely as the other.
fn select(wanted: usize, all: usize, rng: &mut dyn CryptoRng) -> Vec<u8> {
    let mut left: Vec<u8> = (0..u8::try_from(all).unwrap_or(u8::MAX)).collect();
    let mut chosen = Vec::new();
    while chosen.len() < wanted && !left.is_empty() {
        let [drawn] = id::random::<1>(rng);
        let drawn = usize::from(drawn);
        // INVARIANT: at most 255 are left, so some numbers are drawn that are not drawn again.
        let fair = 256_usize.saturating_sub(256_usize.checked_rem(left.len()).unwrap_or(0));
        if let Some(place) = drawn.checked_rem(left.len()).filter(|_| drawn < fair) {
            chosen.push(left.remove(place));
        }
    }
    chosen
}

/// How many characters an answer has, however they are put together, without white space around it and with single spaces in it.
fn length(typed: &str) -> usize {
    if typed.chars().nth(LONGEST_TYPED).is_some() {
        return usize::MAX;
    }
    let composed = Zeroizing::new(
        ComposingNormalizerBorrowed::new_nfc()
            .normalize(typed)
            .into_owned(),
    );
    single_spaces(&composed).chars().count()
}

/// An answer as it is compared: two that are a compatibility caseless match (Unicode 3.13, D146) become the same, and so do those
/// that differ in white space.
///
/// ICU4X does it, of which `url` brings the normal forms along already; the standard library has upper and lower case, and these do
/// not match every case ("STRASSE" and "Straße").
fn comparable(typed: &str) -> Zeroizing<String> {
    if typed.chars().nth(LONGEST_TYPED).is_some() {
        return Zeroizing::default();
    }
    let (case, nfkd) = (CaseMapper::new(), DecomposingNormalizerBorrowed::new_nfkd());
    let nfd = DecomposingNormalizerBorrowed::new_nfd();
    let decomposed = Zeroizing::new(nfd.normalize(typed).into_owned());
    let folded = Zeroizing::new(case.fold_string(&decomposed).into_owned());
    let decomposed = Zeroizing::new(nfkd.normalize(&folded).into_owned());
    let folded = Zeroizing::new(case.fold_string(&decomposed).into_owned());
    single_spaces(&Zeroizing::new(nfkd.normalize(&folded).into_owned()))
}

fn single_spaces(text: &str) -> Zeroizing<String> {
    // Never longer than the text, so nothing is left behind where a string moved from.
    let mut single = Zeroizing::new(String::with_capacity(text.len()));
    for word in text.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(word);
    }
    single
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_people_take_for_the_same_compare_as_the_same() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("Émile", "e\u{301}mile"),
            ("  New\u{a0} York\t", "new york"),
            ("ﬁets", "Fiets"),
            ("Ⅳ", "iv"),
            ("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"),
            ("각", "\u{1100}\u{1161}\u{11a8}"),
        ] {
            assert_eq!(*comparable(one), *comparable(other), "{one}");
        }
        assert_ne!(*comparable("Anna"), *comparable("Ana"));
        assert_ne!(*comparable("new york"), *comparable("newyork"));
    }

    #[test]
    fn an_answer_is_as_long_as_it_looks() {
        assert_eq!(length(" a\u{301}  b "), 3);
        assert_eq!(length("各各各"), 3);
        assert_eq!(length(&"a".repeat(LONGEST_TYPED)), LONGEST_TYPED);
        assert_eq!(
            length(&"a".repeat(LONGEST_TYPED.saturating_add(1))),
            usize::MAX
        );
    }

    #[test]
    fn what_is_too_long_to_compare_is_not_cut_to_something_right() {
        let padded = format!("blue{}red", " ".repeat(300));
        assert_eq!(*comparable(&padded), "");
    }

    #[test]
    fn every_choice_of_questions_comes_up_and_none_holds_one_twice() {
        use chacha20::ChaCha20Rng;
        use chacha20::rand_core::SeedableRng as _;

        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            let chosen = select(3, 5, &mut rng);
            let each: std::collections::BTreeSet<u8> = chosen.iter().copied().collect();
            assert_eq!((chosen.len(), each.len()), (3, 3));
            seen.insert(chosen);
        }
        assert_eq!(seen.len(), 60);
        assert_eq!(select(3, 2, &mut rng).len(), 2);
    }
}
