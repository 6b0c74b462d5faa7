//! What is known when something is asked.

use crate::context::{Context, Proven};
use crate::method::Capability;
use crate::name::PersonId;
use crate::subject::Role;
use crate::timestamp::Timestamp;

/// What is known when something is asked. Ages are in minutes.
#[derive(Clone, Default)]
pub(super) struct Circumstances {
    pub(super) by_administrator: bool,
    pub(super) proofs: Vec<(Proven, u32)>,
    pub(super) webauthn: bool,
    pub(super) telephony: bool,
    pub(super) number_is_safe: bool,
    pub(super) registered_elsewhere: Option<bool>,
    pub(super) reset_started: Option<u32>,
}

impl Circumstances {
    /// As many facts and proofs as there are.
    pub(super) fn weight(&self) -> usize {
        let facts = [
            self.by_administrator,
            self.webauthn,
            self.telephony,
            self.number_is_safe,
            self.registered_elsewhere.is_some(),
            self.reset_started.is_some(),
        ];
        self.proofs
            .len()
            .saturating_add(facts.into_iter().filter(|&fact| fact).count())
    }

    pub(super) fn at(&self, now: Timestamp) -> Context {
        let ago = |minutes: u32| {
            Timestamp::from_unix_seconds(
                now.unix_seconds()
                    .saturating_sub(i64::from(minutes).saturating_mul(60)),
            )
        };
        let mut context = Context::at(now);
        if self.by_administrator
            && let Ok(id) = PersonId::new("administrator")
        {
            context = context.asked_by(id, Role::Administrator);
        }
        for (by, minutes) in &self.proofs {
            context = context.proven(by.clone(), ago(*minutes));
        }
        for (capability, there) in [
            (Capability::Webauthn, self.webauthn),
            (Capability::Telephony, self.telephony),
        ] {
            if there {
                context = context.with_capability(capability, true);
            }
        }
        if self.number_is_safe {
            context = context.with_number_at_risk(false);
        }
        if let Some(elsewhere) = self.registered_elsewhere {
            context = context.with_registered_elsewhere(elsewhere);
        }
        if let Some(minutes) = self.reset_started {
            context = context.with_reset_started(ago(minutes));
        }
        context
    }
}

/// Each proof with each of the facts.
pub(super) fn each_with(proofs: &[Circumstances], facts: &[Circumstances]) -> Vec<Circumstances> {
    let with = |proof: &Circumstances, facts: &Circumstances| Circumstances {
        by_administrator: proof.by_administrator,
        proofs: proof.proofs.clone(),
        ..facts.clone()
    };
    proofs
        .iter()
        .flat_map(|proof| facts.iter().map(move |facts| with(proof, facts)))
        .collect()
}
