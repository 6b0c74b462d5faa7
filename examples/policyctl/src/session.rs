//! The circumstances of a question, as they are given on the command line.

use clap::{Args, ValueEnum};
use mfa_policy::{Capability, Context, Person, Proven, RegistrationId, Timestamp};

/// What was proven, and what the place of use can do.
#[derive(Args)]
pub(crate) struct Session {
    /// What was proven in this session: `password` or a registration
    ///
    /// For adding a method: everything that the account has, if absent.
    #[arg(long, value_name = "WHAT", value_parser = proven)]
    proven: Vec<Proven>,
    /// What the client or the place cannot do
    #[arg(long, value_enum, value_name = "WHAT")]
    without: Vec<Missing>,
    /// The telephone number shows signs of a take-over
    #[arg(long)]
    number_at_risk: bool,
    /// What is to be added is registered for somebody else
    #[arg(long)]
    registered_elsewhere: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Missing {
    Webauthn,
    Telephony,
}

impl Session {
    /// Before a second step: what was proven is only what is said.
    pub(crate) fn before_proof(&self, now: Timestamp) -> Context {
        let place = Context::at(now)
            .with_capability(
                Capability::Webauthn,
                !self.without.contains(&Missing::Webauthn),
            )
            .with_capability(
                Capability::Telephony,
                !self.without.contains(&Missing::Telephony),
            )
            .with_number_at_risk(self.number_at_risk)
            .with_registered_elsewhere(self.registered_elsewhere)
            .with_reset_started(now);
        let proofs = self.proven.iter().cloned();
        proofs.fold(place, |context, proof| context.proven(proof, now))
    }

    /// On the page of the security info: with everything proven that the account has, where nothing else is said.
    pub(crate) fn signed_in(&self, person: &Person, now: Timestamp) -> Context {
        let context = self.before_proof(now);
        if !self.proven.is_empty() {
            return context;
        }
        let registrations = person.account.registrations().iter();
        registrations.fold(
            context.proven(Proven::Password, now),
            |context, registration| {
                context.proven(Proven::Registration(registration.id().clone()), now)
            },
        )
    }
}

fn proven(text: &str) -> Result<Proven, String> {
    if text == "password" {
        return Ok(Proven::Password);
    }
    let id = RegistrationId::new(text).map_err(|error| error.to_string())?;
    Ok(Proven::Registration(id))
}
