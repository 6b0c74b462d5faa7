//! Computes and verifies a code in a program without the standard library.
//!
//! It brings its own panic handler. If anything that otp-core pulls in needed `std`, there would be two, and the
//! build would fail. The exit status is 0 if the code is the one of RFC 6238 and is accepted once, not twice.

#![no_std]
#![no_main]

use core::ffi::c_int;
use core::panic::PanicInfo;

use otp_core::{Secret, Totp, TotpParameters, UnixTime, Verdict, Window};
#[cfg(feature = "std-twin")]
use std_twin as _;

// Start-up code, and the functions on memory that the compiler calls.
#[link(name = "c")]
#[expect(
    unsafe_code,
    reason = "without std, nobody else asks for the C library"
)]
unsafe extern "C" {
    safe fn abort() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    abort()
}

/// What the ready-made `core` names for unwinding; nothing here unwinds.
#[expect(
    unsafe_code,
    reason = "without std, a symbol that the linker looks for has to be here"
)]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// What the C library's start-up code calls.
#[expect(
    unsafe_code,
    reason = "without std, a symbol that the linker looks for has to be here"
)]
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    match accepts_once() {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    }
}

/// `None` if the library refuses what it must take.
fn accepts_once() -> Option<bool> {
    // RFC 6238 Appendix B: the key, a time, and the last six digits of its code.
    let secret = Secret::import(b"12345678901234567890").ok()?;
    let now = UnixTime::from_secs(1_111_111_109);
    let totp = Totp::new(&secret, TotpParameters::default());
    let code = totp.generate(now).ok()?;
    let accepted = totp
        .verify("081804", now, Window::default(), None)
        .accepted()?;
    let again = totp.verify("081804", now, Window::default(), Some(accepted.step()));
    Some(code.as_str() == "081804" && again == Verdict::Rejected)
}
