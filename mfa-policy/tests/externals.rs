//! How many methods of its own an organisation may have.

use mfa_policy::{Method, MethodDraft, PolicyDraft, Preset, Severity};

/// The preset with that many external methods, none of them switched on.
fn with_externals(number: u32) -> PolicyDraft {
    let mut draft = Preset::SecurityInfo.draft();
    for n in 0..number {
        let method: Result<Method, _> = format!("external:badge-{n}").parse();
        draft
            .methods
            .extend(method.map(|method| (method, MethodDraft::default())));
    }
    draft
}

fn errors(draft: &PolicyDraft) -> Vec<String> {
    let report = draft.validate().err();
    let problems = report.iter().flat_map(|report| report.problems());
    problems
        .filter(|problem| problem.severity() == Severity::Error)
        .map(|problem| problem.code().to_owned())
        .collect()
}

#[test]
fn a_policy_has_at_most_thirty_two_external_methods() {
    assert_eq!(errors(&with_externals(32)), [""; 0]);
    assert_eq!(errors(&with_externals(33)), ["too_many_externals"]);
}
