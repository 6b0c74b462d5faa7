//! Runs otp-core on keys and codes that memcheck holds for uninitialised.
//!
//! memcheck follows such bytes through every computation and reports a jump or an address that depends on them: the
//! two ways in which a secret shows in the time. To be run as
//! `valgrind -q --error-exitcode=99 --suppressions=declassify.supp exact all`.
//!
//! `all` must end with 0; `twin NAME` runs code that leaks and must end with 99. Without valgrind, everything ends with 2.

mod secrecy;
mod subjects;
mod twins;

use std::env;
use std::process::ExitCode;

use twins::TWINS;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if !secrecy::is_watched() {
        eprintln!("this shows nothing outside valgrind");
        return ExitCode::from(2);
    }
    match words[..] {
        ["all"] => {
            let count = subjects::check_all();
            println!("{count} computations with secret inputs");
            ExitCode::SUCCESS
        }
        ["twin", name] => match TWINS.iter().find(|twin| twin.name == name) {
            Some(twin) => {
                (twin.run)();
                ExitCode::SUCCESS
            }
            None => ExitCode::from(2),
        },
        _ => ExitCode::from(2),
    }
}
