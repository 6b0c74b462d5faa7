//! Files of other apps: every row is kept or named, nothing secret is shown, and what is exported is read as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::imports;

fuzz_target!(|data: &[u8]| {
    // Pictures have a target of their own, and take a thousand times as long.
    if !data.starts_with(b"\x89PNG") && !data.starts_with(b"\xff\xd8") {
        imports::check(data);
    }
});
