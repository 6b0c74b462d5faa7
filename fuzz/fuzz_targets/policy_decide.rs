//! Questions put together from pieces that mean something to a policy, right and wrong: the laws of `mfa-policy`, asked of each.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otp_fuzz::policy;

fuzz_target!(|data: &[u8]| {
    // Some hundred choices make a question.
    if data.len() > 2048 {
        return;
    }
    if let Some(question) = policy::Question::read(data) {
        question.check();
    }
});
