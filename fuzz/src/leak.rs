//! Whether what is shown about an input holds any of it.

use std::fmt::Debug;

/// Texts that no message of the crates has in it, and that stand for a secret: one that is Base32, one that is a number.
const MARKS: [&str; 2] = ["GEZDGNBVGY3TQOJQX7", "3141592653"];

/// The text with each mark put in somewhere. Where is up to the text, so that it is the same every time.
pub fn marked(text: &str) -> impl Iterator<Item = String> {
    // FNV-1a.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    let place = match places.len() {
        0 => 0,
        count => places[usize::try_from(hash % count as u64).unwrap()],
    };
    MARKS
        .into_iter()
        .map(move |mark| format!("{}{mark}{}", &text[..place], &text[place..]))
}

/// A mark, to be put where it belongs.
#[must_use]
pub fn mark() -> &'static str {
    MARKS[0]
}

/// Panics if a mark can be seen.
pub fn assert_hidden(shown: &str) {
    assert!(
        MARKS.iter().all(|mark| !shown.contains(mark)),
        "shows a part of the input: {shown}"
    );
}

/// Panics if a mark can be seen in a value for developers.
pub fn assert_debug_hides(value: &impl Debug) {
    assert_hidden(&format!("{value:?} {value:#?}"));
}

/// Panics if a mark can be seen in an error, or in one that caused it.
pub fn assert_error_hides(error: &dyn std::error::Error) {
    let mut next = Some(error);
    while let Some(error) = next {
        assert_hidden(&format!("{error} {error:?}"));
        next = error.source();
    }
}
