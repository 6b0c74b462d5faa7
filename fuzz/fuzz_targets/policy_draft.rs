//! Any text as a draft of a policy, in TOML and in JSON: what is read is written and read back alike, and judged alike.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mfa_policy::{DraftError, Policy, PolicyDraft, Severity, merge};

fuzz_target!(|data: &[u8]| {
    // Presets have 8 kB; beyond twice that nothing changes, and every byte costs time.
    if data.len() > 16 * 1024 {
        return;
    }
    if let Ok(text) = str::from_utf8(data) {
        for read in [PolicyDraft::from_toml, PolicyDraft::from_json] {
            match read(text) {
                Ok(draft) => is_kept_and_judged_alike(&draft),
                Err(error) => has_a_place_in(text, &error),
            }
        }
    }
});

/// From the first line and column to just behind the last.
fn has_a_place_in(text: &str, error: &DraftError) {
    assert!(!error.text().is_empty());
    let mut lines = text.split('\n');
    let line = error.line().checked_sub(1).and_then(|line| lines.nth(line));
    let line = line.unwrap_or_else(|| panic!("{error} is beyond the end"));
    let columns = line.chars().count() + 1;
    assert!((1..=columns).contains(&error.column()), "{error}");
}

fn is_kept_and_judged_alike(draft: &PolicyDraft) {
    let report = draft.check();
    let problems = report.problems();
    assert!(problems.is_sorted_by(|one, next| one < next));
    for problem in problems {
        assert!(!problem.path().is_empty() && !problem.text().is_empty());
        let code = problem.code();
        assert!(
            code.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        );
    }
    let has_errors = problems
        .iter()
        .any(|problem| problem.severity() == Severity::Error);
    assert_eq!(report.has_errors(), has_errors);

    for (read, written) in [
        (PolicyDraft::from_toml as fn(&str) -> _, draft.to_toml()),
        (PolicyDraft::from_json, draft.to_json()),
    ] {
        let again =
            read(&written).unwrap_or_else(|error: DraftError| panic!("{error} in\n{written}"));
        assert_eq!(&again, draft);
        assert_eq!(again.check(), report);
    }

    match draft.validate() {
        Err(errors) => {
            assert!(has_errors);
            assert_eq!(errors, report);
        }
        Ok(policy) => {
            assert!(!has_errors && draft.schema == 1);
            assert_eq!(policy.draft(), draft);
            let written = serde_json::to_string(&policy).unwrap();
            let read: Policy = serde_json::from_str(&written).unwrap();
            assert_eq!(read, policy);
            // A policy agrees with itself.
            let merged = merge([draft.clone(), draft.clone()]).unwrap();
            assert_eq!(merged, merge([draft.clone()]).unwrap());
        }
    }
}
