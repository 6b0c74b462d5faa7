//! What went out with the last change.

use mfa_flow::{
    Class, Contact, Effect, Event, Notice, Outgoing, PushRequest, SessionRef, What, Why,
};

use super::World;

impl World {
    pub(crate) fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Effect(effect) => Some(effect),
            Outgoing::Event(_) => None,
        })
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Event(event) => Some(event),
            Outgoing::Effect(_) => None,
        })
    }

    pub(crate) fn happened(&self, what: &What) -> bool {
        self.events().any(|event| event.what == *what)
    }

    pub(crate) fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.effects().filter_map(|effect| match effect {
            Effect::NotifyUser { notice, .. } => Some(notice),
            _ => None,
        })
    }

    /// Where that notice went beside the ways that the host knows; `None` if it did not go.
    pub(crate) fn told(&self, notice: &Notice) -> Option<Vec<Contact>> {
        self.effects().find_map(|effect| match effect {
            Effect::NotifyUser { notice: sent, also } if sent == notice => Some(also.clone()),
            _ => None,
        })
    }

    /// The one that goes on, if sessions were ended.
    pub(crate) fn ended_sessions(&self) -> Option<Option<SessionRef>> {
        self.effects().find_map(|effect| match effect {
            Effect::EndSessions { except } => Some(except.clone()),
            _ => None,
        })
    }

    /// The class of the last answer, as the audit log has it.
    pub(crate) fn class(&self) -> Option<Class> {
        let classes = self.events().filter_map(|event| match event.what {
            What::Answered { result, .. }
            | What::EnrolmentTested { result }
            | What::AppPasswordUsed { result } => Some(result),
            _ => None,
        });
        classes.last()
    }

    /// The code that was sent with the last change.
    pub(crate) fn sent_code(&self) -> Option<String> {
        self.effects().find_map(|effect| match effect {
            Effect::SendText { code, .. } | Effect::SendMail { code, .. } => {
                Some(code.expose().to_owned())
            }
            _ => None,
        })
    }

    /// What a device was asked with the last change.
    pub(crate) fn sent_request(&self) -> Option<PushRequest> {
        self.effects().find_map(|effect| match effect {
            Effect::Push { request, .. } => Some(request.clone()),
            _ => None,
        })
    }

    /// For what something was sent with the last change.
    pub(crate) fn sent_for(&self) -> Option<Why> {
        self.effects().find_map(|effect| match effect {
            Effect::SendText { reason, .. }
            | Effect::SendMail { reason, .. }
            | Effect::PlaceCall { reason, .. }
            | Effect::Push { reason, .. } => Some(reason.clone()),
            _ => None,
        })
    }
}
