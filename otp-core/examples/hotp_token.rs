//! A hardware token with a button (HOTP): a code, a token that ran ahead, and how it is found again.
//!
//! Run with `cargo run -p otp-core --example hotp_token`.

use std::error::Error;

use otp_core::{Counter, Hotp, HotpParameters, LookAhead, ResyncRange, Secret, Verdict};

fn main() -> Result<(), Box<dyn Error>> {
    // The maker delivers the secret with the token, so it is imported, not issued.
    let secret = Secret::import(b"12345678901234567890")?;
    println!("the secret of the token: {:?}", secret.strength());
    let hotp = Hotp::new(&secret, HotpParameters::default());
    let pressed = |times| hotp.generate(Counter::new(times));

    // What the server stores for this token.
    let mut next = Counter::new(0);

    // Pressed twice by accident, then used: the look-ahead allows for that.
    match hotp.verify(pressed(2).as_str(), next, LookAhead::default())? {
        Verdict::Accepted(accepted) => {
            println!("accepted at counter {}", accepted.counter().get());
            next = accepted.next();
        }
        Verdict::Rejected => println!("rejected"),
    }

    // Played with by a child: 400 codes later one code alone is not enough.
    match hotp.verify(pressed(400).as_str(), next, LookAhead::default())? {
        Verdict::Accepted(accepted) => next = accepted.next(),
        Verdict::Rejected => println!("rejected: too far ahead"),
    }

    // Two codes in a row find the token again.
    let (one, two) = (pressed(401), pressed(402));
    let range = ResyncRange::new(500)?;
    match hotp.resynchronise([one.as_str(), two.as_str()].into(), next, range)? {
        Verdict::Accepted(accepted) => {
            next = accepted.next();
            println!("found again, the next counter is {}", next.get());
        }
        Verdict::Rejected => println!("rejected"),
    }
    Ok(())
}
