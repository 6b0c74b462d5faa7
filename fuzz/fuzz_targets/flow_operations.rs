//! A row of operations on one account, told to `mfa-flow` and to the reference of its tests: both do the same, and what must
//! always hold, holds.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| otp_fuzz::stories::tell(data));
