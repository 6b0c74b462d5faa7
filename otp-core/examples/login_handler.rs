//! The second step of a sign-in: what a handler does with a code, from the form to the database.
//!
//! Run with `cargo run -p otp-core --example login_handler --features getrandom`.

use std::{
    collections::HashMap,
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use otp_core::{
    Algorithm, Secret, TimeStep, Totp, TotpParameters, TypedCode, UnixTime, Verdict, Window,
};

/// One row of the table `factor`.
struct Factor {
    secret: Secret,
    last_accepted: Option<TimeStep>,
    failures: u32,
}

/// Stands for the database.
struct Factors(HashMap<&'static str, Factor>);

impl Factors {
    /// `UPDATE factor SET last_accepted = $2, failures = 0 WHERE user = $1 AND (last_accepted IS NULL OR last_accepted < $2)`,
    /// true if a row was changed. Two servers that see the same code at once cannot both succeed.
    fn accept(&mut self, user: &str, step: TimeStep) -> bool {
        match self.0.get_mut(user) {
            Some(factor) if Some(step) > factor.last_accepted => {
                factor.last_accepted = Some(step);
                factor.failures = 0;
                true
            }
            _ => false,
        }
    }

    /// `UPDATE factor SET failures = failures + 1 WHERE user = $1 AND failures < 5`, true if a row was changed.
    fn reserve_attempt(&mut self, user: &str) -> bool {
        match self.0.get_mut(user) {
            Some(factor) if factor.failures < 5 => {
                factor.failures = factor.failures.saturating_add(1);
                true
            }
            _ => false,
        }
    }
}

/// True if the person may come in. The answer for every other case is the same.
fn second_step(factors: &mut Factors, user: &str, typed: &str, now: UnixTime) -> bool {
    // An attempt counts before the code is looked at, so that parallel guesses cannot outrun the limit.
    if !factors.reserve_attempt(user) {
        return false;
    }
    let Some(factor) = factors.0.get(user) else {
        return false;
    };
    let totp = Totp::new(&factor.secret, TotpParameters::default());
    let code = TypedCode::clean(typed);
    match totp.verify(code.as_str(), now, Window::default(), factor.last_accepted) {
        // The verdict alone lets nobody in: the step has to be stored, and somebody else may have been faster.
        Verdict::Accepted(accepted) => factors.accept(user, accepted.step()),
        Verdict::Rejected => false,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let now = UnixTime::from_secs(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    let secret = Secret::generate_from_system(Algorithm::Sha1)?;
    let phone = Totp::new(&secret, TotpParameters::default());
    let factor = Factor {
        secret,
        last_accepted: None,
        failures: 0,
    };
    let mut factors = Factors(HashMap::from([("ada", factor)]));

    let code = phone.generate(now)?;
    let (left, right) = code.as_str().split_at(3);
    let typed = format!("{left} {right}");
    println!(
        "right code:      {}",
        second_step(&mut factors, "ada", &typed, now)
    );
    println!(
        "the same again:  {}",
        second_step(&mut factors, "ada", &typed, now)
    );
    println!(
        "somebody else:   {}",
        second_step(&mut factors, "bob", &typed, now)
    );
    for _ in 0..5 {
        second_step(&mut factors, "ada", "no code", now);
    }
    let later = UnixTime::from_secs(now.secs().saturating_add(30));
    let fresh = phone.generate(later)?;
    println!(
        "after 5 guesses: {}",
        second_step(&mut factors, "ada", fresh.as_str(), later)
    );
    Ok(())
}
