//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    authenticator::cli::run()
}
