//! Which texts a finding has, and with what in them.

use fluent_bundle::FluentValue;

use super::{Messages, Variables};
use crate::lint::{Lint, ResetLimit};
use crate::method::Method;
use crate::representatives::Who;
use crate::subject::Role;

impl Messages {
    pub(super) fn of_lint(&self, lint: &Lint) -> (&'static str, Variables) {
        match lint {
            Lint::NoAdministrator | Lint::ResetForNobody => ("", vec![]),
            Lint::RequiredUnreachable {
                purpose,
                strength,
                who,
            } => {
                let mut variables = vec![
                    ("purpose", self.quoted(&self.purpose(*purpose))),
                    ("who", self.who(who)),
                ];
                match strength {
                    None => ("", variables),
                    Some(strength) => {
                        variables.push(("strength", self.strength(*strength, ".name")));
                        (".strength", variables)
                    }
                }
            }
            Lint::CannotManage { who }
            | Lint::NoHelp { who }
            | Lint::TelephoneOnly { who }
            | Lint::NoPhishingResistant { who }
            | Lint::AppPasswordsSkipTwoStep { who } => ("", vec![("who", self.who(who))]),
            Lint::TwoStepNotRequired {
                who: Who::Everybody,
            } => ("", vec![]),
            Lint::TwoStepNotRequired { .. } => (".administrators", vec![]),
            Lint::TooFewResetMethods {
                gates,
                has,
                limit,
                who,
            } => (
                "",
                vec![
                    ("gates", (*gates).into()),
                    ("gates-word", self.number(*gates)),
                    ("has", (*has).into()),
                    ("has-word", self.number(*has)),
                    ("limit", field_of(*limit).into()),
                    ("who", self.who(who)),
                ],
            ),
            Lint::PoolTooSmall {
                pool,
                max,
                method,
                one_of,
            } => (
                "",
                vec![
                    ("pool", self.quoted(pool.as_str())),
                    ("max", (*max).into()),
                    ("max-word", self.number(*max)),
                    ("method", self.heading(method)),
                    ("others", self.headings(one_of, "list-or")),
                ],
            ),
            Lint::SunsetLeavesNothing {
                purpose,
                at,
                methods,
                who,
            } => (
                "",
                vec![
                    ("purpose", self.quoted(&self.purpose(*purpose))),
                    ("time", self.date_or_time(*at)),
                    ("methods", self.headings(methods, "list-and")),
                    ("who", self.who(who)),
                ],
            ),
            Lint::SunsetLeavesNoDefault { at, methods, who } => (
                "",
                vec![
                    ("time", self.date_or_time(*at)),
                    ("methods", self.headings(methods, "list-and")),
                    ("who", self.who(who)),
                ],
            ),
            Lint::ResetWeakerThanSignIn {
                needs,
                gates,
                methods,
                who,
            } => (
                "",
                vec![
                    ("strength", self.strength(*needs, ".name")),
                    ("gates", (*gates).into()),
                    ("gates-word", self.number(*gates)),
                    ("methods", self.headings(methods, "list-or")),
                    ("who", self.who(who)),
                ],
            ),
            Lint::WeakSingleGate { methods, who } => (
                "",
                vec![
                    ("methods", self.headings(methods, "list-or")),
                    ("who", self.who(who)),
                ],
            ),
            Lint::SingleFactorSignIn { methods }
            | Lint::NumberTakeOverUnwatched { methods }
            | Lint::BackupWithoutMethod { methods } => {
                ("", vec![("methods", self.headings(methods, "list-or"))])
            }
            Lint::AdministratorsNeedLess { purpose, strength } => {
                let mut variables = vec![("purpose", self.quoted(&self.purpose(*purpose)))];
                match strength {
                    None => ("", variables),
                    Some(strength) => {
                        variables.push(("strength", self.strength(*strength, ".name")));
                        (".strength", variables)
                    }
                }
            }
            Lint::RememberedTooLong { days, most } => (
                "",
                vec![("days", self.days(*days)), ("most", self.days(*most))],
            ),
            Lint::RememberedSkipsStrength { needs, who } => (
                "",
                vec![
                    ("strength", self.strength(*needs, ".name")),
                    ("who", self.who(who)),
                ],
            ),
            Lint::WeakerRankedFirst { weaker, stronger } => (
                "",
                vec![
                    ("weaker", self.heading(weaker)),
                    ("stronger", self.heading(stronger)),
                ],
            ),
            Lint::MethodForNobody { method }
            | Lint::MethodWithoutUse { method }
            | Lint::CampaignWithoutMethod { method } => {
                ("", vec![("method", self.heading(method))])
            }
            Lint::MethodRetired { method, since } => (
                "",
                vec![
                    ("method", self.heading(method)),
                    ("time", self.date_or_time(*since)),
                ],
            ),
            Lint::MethodNeedsUnavailable { method, other } => (
                "",
                vec![
                    ("method", self.heading(method)),
                    ("other", self.heading(other)),
                ],
            ),
            Lint::MethodNeedsUnreachable { method, one_of } => (
                "",
                vec![
                    ("method", self.heading(method)),
                    ("others", self.headings(one_of, "list-or")),
                ],
            ),
            Lint::MethodsTooWeak {
                purpose,
                needs,
                methods,
            } => (
                "",
                vec![
                    ("purpose", self.quoted(&self.purpose(*purpose))),
                    ("strength", self.strength(*needs, ".name")),
                    ("methods", self.headings(methods, "list-or")),
                ],
            ),
            Lint::RequirementForNobody { purpose } => {
                ("", vec![("purpose", self.quoted(&self.purpose(*purpose)))])
            }
        }
    }

    /// The heading of a method in quotation marks: who reads about a policy is not the one who has the telephone, so "your
    /// telephone" would be wrong.
    fn heading(&self, method: &Method) -> FluentValue<'static> {
        self.quoted(&self.method(method))
    }

    fn headings(&self, methods: &[Method], joint: &str) -> FluentValue<'static> {
        let headings = methods.iter().map(|method| self.heading(method));
        self.list(headings.collect(), joint)
    }

    fn who(&self, who: &Who) -> FluentValue<'static> {
        let (id, groups) = match who {
            Who::Everybody => ("who-everybody", None),
            Who::Users => ("who-users", None),
            Who::Administrators => ("who-administrators", None),
            Who::Some { role, groups } => (
                match role {
                    Role::User => "who-some_users",
                    Role::Administrator => "who-some_administrators",
                },
                Some(groups),
            ),
        };
        let groups: Vec<_> = groups.into_iter().flatten().collect();
        if groups.is_empty() {
            return self.text(id, &[]).unwrap_or_else(|| id.to_owned()).into();
        }
        let names = groups.iter().map(|group| self.quoted(group.as_str()));
        let groups = self.list(names.collect(), "list-and");
        self.text(&format!("{id}.groups"), &[("groups", groups)])
            .unwrap_or_else(|| id.to_owned())
            .into()
    }
}

/// The field of the policy, for the text to choose by.
const fn field_of(limit: ResetLimit) -> &'static str {
    match limit {
        ResetLimit::Gates => "gates",
        ResetLimit::OneGateWithout => "one_gate_without",
        ResetLimit::AdministratorsWithout => "administrators_without",
        ResetLimit::CountsOnce => "counts_once",
    }
}
