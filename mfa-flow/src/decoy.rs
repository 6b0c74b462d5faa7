//! What is shown in the place of what somebody does not have, so that a name alone tells nothing.
//!
//! Everything is drawn from a keyed hash of the name, so one name always looks the same. The shares are ours: they make up people
//! like those that the documents describe, an app and a telephone before a mailbox, and a few with questions.

use mfa_policy::{Capability, Method, Purpose, Role};

use crate::challenge::Choice;
use crate::contact;
use crate::hashing::{Digest, Domain};
use crate::id;
use crate::operation::Operation;
use crate::questions::Question;

/// What goes together on one device, and of 256 people how many have it.
const KITS: [(&[Method], u8); 4] = [
    (&[Method::AuthenticatorPush, Method::AuthenticatorCode], 192),
    (&[Method::Text, Method::CallMobile], 192),
    (&[Method::Email], 128),
    (&[Method::SecurityQuestions], 32),
];

impl Operation<'_> {
    fn drawn(&self, what: &str) -> Digest {
        let key = self.account.key();
        let parts: [&[u8]; 3] = [
            key.tenant().as_str().as_bytes(),
            &key.shown_as(),
            what.as_bytes(),
        ];
        self.flow.hash_key.mac(Domain::Shown, &parts)
    }

    /// The gates of somebody who cannot reset a password.
    pub(crate) fn decoy_gates(&self) -> Vec<Choice> {
        let kits = KITS.iter().zip(self.drawn("gates").as_bytes().to_owned());
        let mut kits: Vec<(Vec<Method>, bool)> = kits
            .map(|((methods, share), drawn)| {
                let offered = methods.iter().filter(|method| self.is_gate(method));
                (offered.cloned().collect(), drawn < *share)
            })
            .filter(|(methods, _): &(Vec<Method>, bool)| !methods.is_empty())
            .collect();
        // As many as a reset takes, at least.
        let least = usize::try_from(self.flow.policy.reset_gates(&self.visit.subject));
        for place in 0..kits.len() {
            let has = kits.iter().filter(|(_, has)| *has).count();
            if let Some((_, missing)) = kits.get_mut(place)
                && least.is_ok_and(|least| has < least)
            {
                *missing = true;
            }
        }
        let has = kits.into_iter().filter(|(_, has)| *has);
        let mut choices: Vec<Choice> = has
            .flat_map(|(methods, _)| methods)
            .map(|method| self.decoy_choice(method))
            .collect();
        choices.sort_by(|a, b| a.method.cmp(&b.method));
        choices
    }

    /// Something that somebody could have registered.
    pub(crate) fn decoy_choice(&self, method: Method) -> Choice {
        let hint = method.is_telephone().then(|| {
            let [first, second, ..] = *self.drawn("number").as_bytes();
            // Each pair of digits as likely as the other, to one part in six hundred.
            let last = u16::from_be_bytes([first, second]) % 100;
            contact::number_hint(&format!("{last:02}"))
        });
        Choice {
            registration: id::registration_of(self.drawn(method.kind()).as_bytes()),
            method,
            name: String::new(),
            hint,
        }
    }

    /// The questions of somebody who has answered none, in the order in which they would have been chosen.
    pub(crate) fn decoy_questions(&self) -> Vec<Question> {
        let policy = self.flow.policy.questions();
        let mut offered = Question::offered(policy);
        let wanted = usize::try_from(policy.register()).unwrap_or(usize::MAX);
        let mut questions = Vec::new();
        for drawn in self.drawn("questions").as_bytes() {
            if questions.len() < wanted
                && let Some(place) = usize::from(*drawn).checked_rem(offered.len())
            {
                questions.push(offered.remove(place));
            }
        }
        questions
    }

    /// Whether the policy lets the method be a gate for anybody in the role of the visit.
    fn is_gate(&self, method: &Method) -> bool {
        let reset = &self.flow.policy.draft().reset;
        let one_gate = self.flow.policy.reset_gates(&self.visit.subject) == 1;
        let administrator = self.visit.subject.role() == Role::Administrator;
        let without = [
            reset.one_gate_without.as_ref().filter(|_| one_gate),
            reset
                .administrators
                .without
                .as_ref()
                .filter(|_| administrator),
        ];
        let mut without = without.into_iter().flatten();
        self.is_offered(method, Purpose::PasswordReset)
            && !without.any(|methods| methods.contains(method))
    }

    /// Whether the policy offers the method for that to anybody, and it works at this place: all that a stranger can know.
    pub(crate) fn is_offered(&self, method: &Method, purpose: Purpose) -> bool {
        let Some(rule) = self.flow.policy.draft().methods.get(method) else {
            return false;
        };
        let works = match method.needs_capability() {
            Some(Capability::Webauthn) => self.visit.webauthn == Some(true),
            Some(Capability::Telephony) => {
                self.visit.telephony == Some(true) && self.visit.number_at_risk != Some(true)
            }
            None => true,
        };
        works
            && rule.enabled == Some(true)
            && rule.sunset.is_none_or(|sunset| self.now() < sunset)
            && rule
                .purposes
                .as_ref()
                .is_some_and(|purposes| purposes.contains(&purpose))
    }
}
