//! Small terminals, other sizes, and no colours.

use crate::program::{Folder, KEY, Program};

fn folder() -> Folder {
    Folder::with(&[
        &format!("otpauth://hotp/Bank:ada@example.com?secret={KEY}&counter=0&digits=8"),
        &format!("otpauth://totp/Acme:ada?secret={KEY}"),
    ])
}

/// Whether some text was written in a colour (ECMA-48, 8.3.117).
fn has_colours(written: &str) -> bool {
    written.split("\x1b[").skip(1).any(|sequence| {
        let end = sequence.find(|letter: char| letter.is_ascii_alphabetic());
        let Some((parameters, rest)) = end.and_then(|end| sequence.split_at_checked(end)) else {
            return false;
        };
        let numbers = parameters
            .split(';')
            .filter_map(|number| number.parse::<u16>().ok());
        rest.starts_with('m')
            && numbers
                .into_iter()
                .any(|number| matches!(number, 30..=38 | 40..=48 | 90..=107))
    })
}

#[test]
fn codes_are_whole_on_a_small_terminal_and_after_it_was_resized() {
    let folder = folder();
    let mut program = Program::start_with(&folder, (20, 6), &[], &[]);
    program.wait_for("Passphrase");
    program.unlock_small();
    program.types("n");
    program.wait_for("8475 5224");
    for size in [(100, 30), (34, 9), (20, 4), (200, 50)] {
        program.resize(size);
        program.wait_for("8475 5224");
    }
    program.wait_for("ada@example.com");
}

#[test]
fn without_colours_none_is_written() {
    for (environment, coloured) in [
        (&[][..], true),
        (&[("NO_COLOR", "1")][..], false),
        (&[("TERM", "vt100")][..], false),
    ] {
        let folder = folder();
        let mut program = Program::start_with(&folder, (80, 24), &[], environment);
        program.unlock();
        program.types("n");
        program.wait_for("8475 5224");
        program.types("?");
        program.wait_for("Help");
        program.types("q");
        program.types("q");
        program.end();
        assert_eq!(has_colours(&program.written()), coloured, "{environment:?}");
    }
}

#[test]
fn only_what_changes_is_written() {
    let folder = folder();
    let mut program = Program::unlocked(&folder);
    program.wait_for("n: next code");
    program.types("?");
    program.wait_for("Help");
    let before = program.written().len();
    program.types("\x1b");
    program.wait_until("help is gone", |program| !program.screen().contains("Help"));
    // Its last lines may still be coming: what comes after them shows that they have come.
    let second = " › ••• •••";
    program.types("j");
    program.wait_for(second);
    let whole = program.written().len() - before;
    let before = program.written().len();
    // The seconds go on beneath, and nothing else.
    program.types("k");
    program.wait_until("the first is chosen", |program| {
        !program.screen().contains(second)
    });
    let moved = program.written().len() - before;
    assert!(moved < whole / 2, "{moved} bytes after {whole}");
}
