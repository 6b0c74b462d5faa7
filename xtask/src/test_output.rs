//! What `cargo test` prints, read: how many tests passed, and what those that failed said.

/// Lines shown of what one test said: a property says at the end which case broke it, after thousands of lines of the search for it.
const SHOWN_FIRST: usize = 12;
const SHOWN_LAST: usize = 60;

/// The sum over the lines `test result: ok. 5 passed; 0 failed; 1 ignored; …` of the number before this word.
pub(crate) fn count(output: &str, word: &str) -> u64 {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("test result: "))
        .flat_map(|counts| counts.split([';', '.']))
        .filter_map(|count| count.trim().strip_suffix(word))
        .filter_map(|number| number.trim().parse::<u64>().ok())
        .fold(0, u64::saturating_add)
}

/// What each failed test said, or nothing when no test failed (a crate that does not build, a test binary that was killed).
pub(crate) fn failures(output: &str) -> Option<String> {
    let said: Vec<String> = output
        .split("\nfailures:\n")
        .skip(1)
        .map(one_list)
        .collect();
    // Each test binary prints two lists: what the tests said, and their names.
    (!said.is_empty()).then(|| said.concat())
}

/// One list of failures, without the rest of the output that follows it.
fn one_list(text: &str) -> String {
    let end = text.find("\ntest result: ").unwrap_or(text.len());
    let list = text.get(..end).unwrap_or(text);
    let mut tests: Vec<Vec<&str>> = vec![Vec::new()];
    for line in list.lines().filter(|line| !line.is_empty()) {
        if line.starts_with("---- ") {
            tests.push(Vec::new());
        }
        if let Some(test) = tests.last_mut() {
            test.push(line);
        }
    }
    tests
        .iter()
        .map(|lines| shortened(lines, SHOWN_FIRST, SHOWN_LAST) + "\n")
        .collect()
}

/// The first and the last of these lines, and how many there are between them.
pub(crate) fn shortened(lines: &[&str], first: usize, last: usize) -> String {
    let end = lines.len().saturating_sub(last);
    match (lines.get(..first), lines.get(first..end), lines.get(end..)) {
        (Some(first), Some(hidden @ [_, ..]), Some(last)) => {
            format!(
                "{}\n[{} lines]\n{}",
                first.join("\n"),
                hidden.len(),
                last.join("\n")
            )
        }
        _ => lines.join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_the_test_binaries() {
        let text = "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; finished in 0.01s\n\
                    test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; finished in 2.00s";
        assert_eq!(count(text, "passed"), 7);
        assert_eq!(count(text, "ignored"), 1);
    }

    /// As libtest prints them, with `--show-output`: one binary between two that pass.
    fn output(said_by_the_first: &str) -> String {
        format!(
            "running 1 test\ntest fine ... ok\n\nsuccesses:\n\n---- fine stdout ----\nall is well\n\n\nsuccesses:\n    fine\n\n\
             test result: ok. 1 passed; 0 failed; 0 ignored\n\n     Running tests/second.rs\n\nrunning 2 tests\n\n\
             failures:\n\n---- adds stdout ----\n{said_by_the_first}\n\n---- divides stdout ----\nby zero\n\n\nfailures:\n    adds\n    divides\n\n\
             test result: FAILED. 0 passed; 2 failed; 0 ignored\n\n     Running tests/third.rs\n\nrunning 0 tests\n\n\
             test result: ok. 0 passed; 0 failed; 0 ignored\n\nerror: 1 target failed\n"
        )
    }

    #[test]
    fn shows_what_each_failed_test_said_and_nothing_else() {
        assert_eq!(
            failures(&output("one and one is three")).as_deref(),
            Some(
                "\n---- adds stdout ----\none and one is three\n---- divides stdout ----\nby zero\n    adds\n    divides\n"
            )
        );
    }

    #[test]
    fn a_test_that_said_much_hides_no_other() {
        let long: Vec<String> = (1..=1000).map(|step| format!("step {step}")).collect();
        let shown = failures(&output(&long.join("\n"))).unwrap_or_default();
        for line in ["step 11", "[929 lines]", "step 941", "step 1000", "by zero"] {
            assert!(
                shown.lines().any(|shown| shown == line),
                "{line} is not in\n{shown}"
            );
        }
        assert!(!shown.contains("step 500"));
    }

    #[test]
    fn a_run_without_a_failed_test_has_nothing_to_show() {
        assert_eq!(failures("error[E0308]: mismatched types"), None);
    }

    #[test]
    fn a_long_text_keeps_its_ends() {
        let numbers: Vec<String> = (1..=1000).map(|number| number.to_string()).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let of = |count: usize| shortened(numbers.get(..count).unwrap_or_default(), 60, 100);
        assert_eq!(of(160).lines().count(), 160);
        let text = of(1000);
        assert_eq!(text.lines().count(), 161);
        assert_eq!(text.lines().next(), Some("1"));
        assert_eq!(text.lines().nth(60), Some("[840 lines]"));
        assert_eq!(text.lines().last(), Some("1000"));
    }
}
