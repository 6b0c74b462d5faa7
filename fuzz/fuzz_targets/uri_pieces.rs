//! Key URIs put together from pieces that mean something to a reader, right and wrong. Each byte is one piece.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::key_uri;
use otp_fuzz::pieces::PIECES;

fuzz_target!(|data: &[u8]| {
    // Room for everything that a URI has, and more.
    if data.len() > 64 {
        return;
    }
    let text: String = data
        .iter()
        .map(|piece| PIECES[usize::from(*piece) % PIECES.len()])
        .collect();
    key_uri::check_text(&text);
});
