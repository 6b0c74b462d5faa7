//! What two policies decide differently, in words.

use mfa_policy::{Difference, Direction, Messages, Question, Role, Who};

use crate::visitor::Visitor;

/// "Users can no longer use text messages for two-step verification."
pub(super) fn words(visitor: &Visitor, messages: &Messages, difference: &Difference) -> String {
    let question = difference.question();
    let methods = question.methods().iter();
    let methods: Vec<String> = methods
        .map(|method| in_sentence(&messages.method(method)))
        .collect();
    let purpose = match question {
        Question::Use { purpose, .. } => in_sentence(&messages.purpose(*purpose)),
        _ => String::new(),
    };
    let variables = [("methods", methods.join(", ")), ("purpose", purpose)];
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let what = visitor.say(question_name(question), &variables);
    let who = who(visitor, difference.who());
    let sentence = match difference.direction() {
        Direction::Allowed => "difference-allowed",
        Direction::Denied => "difference-denied",
        Direction::Changed => "difference-changed",
    };
    visitor.say(sentence, &[("who", &who), ("what", &what)])
}

fn who(visitor: &Visitor, who: &Who) -> String {
    let (name, groups) = match who {
        Who::Everybody => ("who-everybody", Vec::new()),
        Who::Users => ("who-users", Vec::new()),
        Who::Administrators => ("who-administrators", Vec::new()),
        Who::Some { role, groups } => {
            let name = match (role, groups.is_empty()) {
                (Role::User, true) => "who-other-users",
                (Role::User, false) => "who-users-in",
                (Role::Administrator, true) => "who-other-administrators",
                (Role::Administrator, false) => "who-administrators-in",
            };
            (name, groups.iter().map(|group| group.as_str()).collect())
        }
    };
    visitor.say(name, &[("groups", &groups.join(", "))])
}

const fn question_name(question: &Question) -> &'static str {
    match question {
        Question::Use { .. } => "difference-use",
        Question::Add { .. } => "difference-add",
        Question::Confirm { .. } => "difference-confirm",
        Question::Remove { .. } => "difference-remove",
        Question::Replace { .. } => "difference-replace",
        Question::Rename { .. } => "difference-rename",
        Question::SetDefault { .. } => "difference-set-default",
        Question::Default { .. } => "difference-default",
        Question::Sending { .. } => "difference-sending",
        Question::StartReset => "difference-start-reset",
        Question::FinishReset => "difference-finish-reset",
        Question::RememberDevice => "difference-remember-device",
        Question::AdministratorAdds { .. } => "difference-administrator-adds",
        Question::AdministratorRemoves { .. } => "difference-administrator-removes",
        Question::AdministratorActs => "difference-administrator-acts",
        Question::IssuePass => "difference-issue-pass",
        _ => "difference-other",
    }
}

/// A heading within a sentence: without its capital, unless it is an abbreviation.
fn in_sentence(heading: &str) -> String {
    let mut letters = heading.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    match first {
        Some(first) if second.is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => heading.to_owned(),
    }
}
