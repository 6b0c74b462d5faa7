//! Every number and switch of a policy in one table: its meaning, range, default, and which way is stricter.

use std::collections::BTreeSet;

use crate::problem::Report;

/// Which of two values is stricter; merging keeps the stricter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stricter {
    Lower,
    Higher,
    /// Lower, but 0 stands for never and is the least strict.
    LowerButNotZero,
}

/// A kind of value in the table.
pub(crate) trait Setting: Sized {
    /// As it stands in a policy file.
    type Draft: Clone + PartialEq;
    /// Range, default and direction.
    type Spec;

    /// The value of a policy; what is wrong goes to the report, under `path`.
    fn resolve(
        draft: Option<&Self::Draft>,
        spec: &Self::Spec,
        path: &str,
        report: &mut Report,
    ) -> Self;

    /// The stricter of two drafts. Commutative, associative and idempotent.
    fn stricter(a: &Self::Draft, b: &Self::Draft, spec: &Self::Spec) -> Self::Draft;

    /// Whether `new` is at least as strict as `old`.
    fn at_least_as_strict(new: &Self, old: &Self, spec: &Self::Spec) -> bool;

    /// The smallest and greatest number, for the JSON Schema.
    #[cfg(feature = "schema")]
    fn range(spec: &Self::Spec) -> Option<(u32, u32)>;
}

/// A whole number.
pub(crate) struct Number {
    least: u32,
    most: u32,
    default: u32,
    stricter: Stricter,
}

pub(crate) const fn number(least: u32, most: u32, default: u32, stricter: Stricter) -> Number {
    Number {
        least,
        most,
        default,
        stricter,
    }
}

/// Puts 0, which stands for never, after every number.
const fn never_last(value: i64) -> (bool, i64) {
    (value == 0, value)
}

fn in_range(value: i64, least: u32, most: u32, path: &str, report: &mut Report) -> Option<u32> {
    let number = u32::try_from(value)
        .ok()
        .filter(|number| (least..=most).contains(number));
    if number.is_none() {
        report.error(
            "out_of_range",
            path,
            format!("{value} is not between {least} and {most}"),
        );
    }
    number
}

impl Setting for u32 {
    type Draft = i64;
    type Spec = Number;

    fn resolve(draft: Option<&i64>, spec: &Number, path: &str, report: &mut Report) -> Self {
        draft
            .and_then(|&value| in_range(value, spec.least, spec.most, path, report))
            .unwrap_or(spec.default)
    }

    fn stricter(a: &i64, b: &i64, spec: &Number) -> i64 {
        match spec.stricter {
            Lower => *a.min(b),
            Higher => *a.max(b),
            LowerButNotZero => {
                if never_last(*a) <= never_last(*b) {
                    *a
                } else {
                    *b
                }
            }
        }
    }

    fn at_least_as_strict(new: &Self, old: &Self, spec: &Number) -> bool {
        match spec.stricter {
            Lower => new <= old,
            Higher => new >= old,
            LowerButNotZero => never_last(i64::from(*new)) <= never_last(i64::from(*old)),
        }
    }

    #[cfg(feature = "schema")]
    fn range(spec: &Number) -> Option<(u32, u32)> {
        Some((spec.least, spec.most))
    }
}

/// A limit in minutes that may be absent, which stands for no limit. Lower is stricter.
pub(crate) struct Minutes {
    most: u32,
}

pub(crate) const fn minutes(most: u32) -> Minutes {
    Minutes { most }
}

impl Setting for Option<u32> {
    type Draft = i64;
    type Spec = Minutes;

    fn resolve(draft: Option<&i64>, spec: &Minutes, path: &str, report: &mut Report) -> Self {
        draft.and_then(|&value| in_range(value, 1, spec.most, path, report))
    }

    fn stricter(a: &i64, b: &i64, _: &Minutes) -> i64 {
        *a.min(b)
    }

    fn at_least_as_strict(new: &Self, old: &Self, _: &Minutes) -> bool {
        match (new, old) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(new), Some(old)) => new <= old,
        }
    }

    #[cfg(feature = "schema")]
    fn range(spec: &Minutes) -> Option<(u32, u32)> {
        Some((1, spec.most))
    }
}

/// A switch.
pub(crate) struct Flag {
    default: bool,
    stricter: bool,
}

pub(crate) const fn flag(default: bool, stricter: bool) -> Flag {
    Flag { default, stricter }
}

impl Setting for bool {
    type Draft = Self;
    type Spec = Flag;

    fn resolve(draft: Option<&Self>, spec: &Flag, _: &str, _: &mut Report) -> Self {
        draft.copied().unwrap_or(spec.default)
    }

    fn stricter(a: &Self, b: &Self, spec: &Flag) -> Self {
        if a == b { *a } else { spec.stricter }
    }

    fn at_least_as_strict(new: &Self, old: &Self, spec: &Flag) -> bool {
        new == old || *new == spec.stricter
    }

    #[cfg(feature = "schema")]
    fn range(_: &Flag) -> Option<(u32, u32)> {
        None
    }
}

/// A list of texts.
pub(crate) struct Texts {
    most: usize,
    shortest: usize,
    longest: usize,
}

pub(crate) const fn texts(most: usize, shortest: usize, longest: usize) -> Texts {
    Texts {
        most,
        shortest,
        longest,
    }
}

impl Setting for BTreeSet<String> {
    type Draft = Self;
    type Spec = Texts;

    fn resolve(draft: Option<&Self>, spec: &Texts, path: &str, report: &mut Report) -> Self {
        let texts = draft.cloned().unwrap_or_default();
        let (most, shortest, longest) = (spec.most, spec.shortest, spec.longest);
        if texts.len() > most {
            report.error(
                "out_of_range",
                path,
                format!("{} texts are more than {most}", texts.len()),
            );
        }
        for text in &texts {
            if !(shortest..=longest).contains(&text.chars().count()) {
                report.error(
                    "out_of_range",
                    path,
                    format!("`{text}` has not {shortest} to {longest} characters"),
                );
            }
        }
        texts
    }

    fn stricter(a: &Self, b: &Self, _: &Texts) -> Self {
        a.union(b).cloned().collect()
    }

    fn at_least_as_strict(_: &Self, _: &Self, _: &Texts) -> bool {
        true
    }

    #[cfg(feature = "schema")]
    fn range(_: &Texts) -> Option<(u32, u32)> {
        None
    }
}

/// The type of a value in a policy, in a policy file, and as it is handed out.
macro_rules! value {
    (number) => { u32 };
    (minutes) => { Option<u32> };
    (flag) => { bool };
    (texts) => { BTreeSet<String> };
    (draft number) => { i64 };
    (draft minutes) => { i64 };
    (draft flag) => { bool };
    (draft texts) => { BTreeSet<String> };
    (given texts) => { &BTreeSet<String> };
    (given $kind:ident) => { value!($kind) };
    (give texts, $field:expr) => { &$field };
    (give $kind:ident, $field:expr) => { $field };
}

/// Declares a section of the policy: the draft of it, with everything optional, and the section itself, with every value right.
macro_rules! section {
    (
        $(#[$meta:meta])*
        $name:ident, $draft:ident {
            $( $(#[$field_meta:meta])* $field:ident: $kind:ident($($spec:expr),*); )*
        }
    ) => {
        $(#[$meta])*
        ///
        /// As it stands in a policy file: what is absent has the default.
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct $draft {
            $(
                $(#[$field_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<value!(draft $kind)>,
            )*
        }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $( pub(crate) $field: value!($kind), )*
        }

        impl $name {
            $(
                $(#[$field_meta])*
                #[must_use]
                pub const fn $field(&self) -> value!(given $kind) {
                    value!(give $kind, self.$field)
                }
            )*

            pub(crate) fn resolve(draft: &$draft, path: &str, report: &mut Report) -> Self {
                Self {
                    $( $field: Setting::resolve(
                        draft.$field.as_ref(), &$kind($($spec),*), &format!(concat!("{}.", stringify!($field)), path), report,
                    ), )*
                }
            }

            /// The fields in which `new` is not at least as strict as `old`.
            pub(crate) fn looser_fields(new: &Self, old: &Self) -> Vec<&'static str> {
                let mut looser = Vec::new();
                $(
                    if !<value!($kind) as Setting>::at_least_as_strict(&new.$field, &old.$field, &$kind($($spec),*)) {
                        looser.push(stringify!($field));
                    }
                )*
                looser
            }
        }

        impl $draft {
            /// The stricter of both in every field; an absent field has no opinion.
            pub(crate) fn merge(&self, other: &Self) -> Self {
                Self {
                    $( $field: match (&self.$field, &other.$field) {
                        (Some(a), Some(b)) => Some(<value!($kind) as Setting>::stricter(a, b, &$kind($($spec),*))),
                        (one, None) | (None, one) => one.clone(),
                    }, )*
                }
            }

            pub(crate) fn is_default(&self) -> bool {
                *self == Self::default()
            }

            /// The ranges of the numbers, for the JSON Schema.
            #[cfg(feature = "schema")]
            pub(crate) fn ranges() -> Vec<(&'static str, (u32, u32))> {
                let mut ranges = Vec::new();
                $(
                    if let Some(range) = <value!($kind) as Setting>::range(&$kind($($spec),*)) {
                        ranges.push((stringify!($field), range));
                    }
                )*
                ranges
            }
        }
    };
}

use Stricter::{Higher, Lower, LowerButNotZero};

section! {
    /// How old a proof may be, in minutes (1 to 1440), for what changes an account. Absent: any proof of this session.
    ///
    /// Sources: Entra asks for 5 minutes before a passkey is added and 10 at its Graph interface; SP 800-63B-4 §4.1.2.1.
    Freshness, FreshnessDraft {
        /// Before a method is added, and when its test is passed.
        add: minutes(1440);
        /// Before a method is removed.
        remove: minutes(1440);
        /// Before a method is replaced.
        replace: minutes(1440);
        /// Before a method is renamed.
        rename: minutes(1440);
        /// Before another default is chosen.
        set_default: minutes(1440);
        /// Before an administrator acts on the account of somebody else.
        administer: minutes(1440);
    }
}

section! {
    /// What failures of a second factor lead to.
    Lockout, LockoutDraft {
        /// Failures before the first delay, 0 to 20. Default 5.
        free_failures: number(0, 20, 5, Lower);
        /// The first delay in seconds, 1 to 3600; it doubles with each failure. Default 30.
        first_delay_seconds: number(1, 3_600, 30, Higher);
        /// The longest delay in seconds, 60 to 86400. Default 3600.
        longest_delay_seconds: number(60, 86_400, 3_600, Higher);
        /// Failures in a row after which the factor is disabled until it is bound again, 1 to 100 (SP 800-63B-4 §3.2.2). Default 100.
        consecutive_failures: number(1, 100, 100, Lower);
        /// Failures within the rolling time, success or not, 1 to 1000. Default 300.
        rolling_failures: number(1, 1_000, 300, Lower);
        /// The rolling time in days, 1 to 365. Default 30.
        rolling_days: number(1, 365, 30, Higher);
    }
}

section! {
    /// What wrong passwords lead to (Entra's smart lockout).
    PasswordLockout, PasswordLockoutDraft {
        /// Failures before the first lock, 1 to 50. Default 10. After a lock the first failure locks again.
        failures: number(1, 50, 10, Lower);
        /// The first lock in seconds, 5 to 18000, growing. Default 60.
        seconds: number(5, 18_000, 60, Higher);
        /// As many of the last wrong values are not counted twice, 0 to 3. Default 3.
        remembered_values: number(0, 3, 3, Lower);
    }
}

section! {
    /// The limits of a password reset.
    ResetLimits, ResetLimitsDraft {
        /// How long one reset may take in minutes, 5 to 60. Default 15.
        session_minutes: number(5, 60, 15, Lower);
        /// Failed proofs in 24 hours that lock the reset, 1 to 10. Default 5.
        failed_proofs_a_day: number(1, 10, 5, Lower);
        /// Failed validations in an hour that lock the reset, 1 to 10. Default 5.
        failed_validations_an_hour: number(1, 10, 5, Lower);
        /// Mails in ten minutes that lock the reset, 1 to 20. Default 10.
        mails_in_ten_minutes: number(1, 20, 10, Lower);
        /// How long the reset is locked in hours, 1 to 168. Default 24.
        locked_hours: number(1, 168, 24, Higher);
    }
}

section! {
    /// The limits of a challenge.
    Challenge, ChallengeDraft {
        /// How long a challenge lives in minutes, 1 to 10 (SP 800-63B-4 §3.1.3.2). Default 10.
        minutes: number(1, 10, 10, Lower);
        /// How long a mailed or texted code is good in minutes, 1 to 10. Default 5.
        code_minutes: number(1, 10, 5, Lower);
        /// The digits of a mailed or texted code, 6 to 8. Default 6.
        code_digits: number(6, 8, 6, Higher);
        /// The digits of an authenticator's code that is enrolled here, 6 to 8. Default 6.
        totp_digits: number(6, 8, 6, Higher);
        /// Codes sent for one challenge, 1 to 10. Default 3.
        sends: number(1, 10, 3, Lower);
        /// Seconds before a code is sent again, 10 to 600. Default 30.
        resend_seconds: number(10, 600, 30, Higher);
        /// Notifications since the last success, 1 to 20, against approving out of fatigue. Default 5.
        pushes: number(1, 20, 5, Lower);
        /// Whether a notification asks for the number on the screen. It must (SP 800-63B-4 §3.1.3): only `true` builds. Default true.
        number_matching: flag(true, true);
        /// Steps of 30 seconds that are accepted late, 0 to 10. Default 1.
        window_past: number(0, 10, 1, Lower);
        /// Steps of 30 seconds that are accepted early, 0 to 10. Default 1.
        window_future: number(0, 10, 1, Lower);
        /// How long a pending enrolment waits for its test in minutes, 1 to 10. Default 10.
        enrolment_minutes: number(1, 10, 10, Lower);
    }
}

section! {
    /// Security questions.
    Questions, QuestionsDraft {
        /// Questions to register, 3 to 5. Default 5.
        register: number(3, 5, 5, Higher);
        /// Questions to answer in a reset, 3 to 5. Default 3.
        reset: number(3, 5, 3, Higher);
        /// Questions that the server offers ready-made, 0 to 50. Default 20.
        standard: number(0, 50, 20, Higher);
        /// Questions of the organisation's own: at most 20, of 3 to 200 characters.
        own: texts(20, 3, 200);
    }
}

section! {
    /// Temporary passes.
    TemporaryPass, TemporaryPassDraft {
        /// The shortest life in minutes, 10 to 43200. Default 60.
        least_minutes: number(10, 43_200, 60, Lower);
        /// The longest life in minutes, 10 to 43200. Default 480.
        most_minutes: number(10, 43_200, 480, Lower);
        /// The life where none is asked for, 10 to 43200. Default 60.
        minutes: number(10, 43_200, 60, Lower);
        /// Characters, 8 to 48. Default 8.
        characters: number(8, 48, 8, Higher);
        /// Whether every pass is good for one use only. Default false.
        one_time: flag(false, true);
    }
}

section! {
    /// Devices on which the second step is skipped. Never instead of authentication (SP 800-63B-4 §5.1), so off by default.
    RememberedDevices, RememberedDevicesDraft {
        /// Whether a device may be remembered. Default false.
        enabled: flag(false, false);
        /// For how many days, 1 to 365. Default 14.
        days: number(1, 365, 14, Lower);
    }
}

section! {
    /// Asking people from time to time whether their security info is still right.
    Reconfirmation, ReconfirmationDraft {
        /// Days between, 0 to 730; 0 is never. Default 180.
        days: number(0, 730, 180, LowerButNotZero);
    }
}

section! {
    /// Asking people at sign-in to register a better method.
    Campaign, CampaignDraft {
        /// Whether it runs. Default false.
        enabled: flag(false, true);
        /// Days before it asks again, 0 to 14. Default 1.
        snooze_days: number(0, 14, 1, Lower);
        /// Whether it can be put off three times only. Default true.
        limited: flag(true, true);
    }
}
