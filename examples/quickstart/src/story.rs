//! One enrolment from beginning to end. The server and the phone share nothing but the picture.

use anyhow::{Context, Result, bail};
use otp_core::{
    Algorithm, Code, Drift, ResyncRange, Secret, TimeStep, Totp, TotpParameters, TypedCode,
    UnixTime, Verdict, Window,
};
use otp_qr::{PngOptions, Qr, decode};
use otp_uri::{Account, Issuer, KeyUri, base32};

use crate::commands::print_qr;

/// What the server keeps of the token.
struct Server {
    totp: Totp,
    last_accepted: Option<TimeStep>,
    drift: Drift,
}

impl Server {
    /// Checks what was typed, stores what must be stored, says what happened.
    fn sign_in(&mut self, typed: &str, now: UnixTime, expected: &str) -> Result<()> {
        let code = TypedCode::clean(typed);
        let window = Window::default().centred_on(self.drift);
        let answer = match self
            .totp
            .verify(code.as_str(), now, window, self.last_accepted)
        {
            Verdict::Accepted(accepted) => {
                self.last_accepted = Some(accepted.step());
                self.drift = self.drift.learned(&accepted);
                "accepted"
            }
            Verdict::Rejected => "rejected",
        };
        println!("   typed: {typed}   {answer}");
        if answer != expected {
            bail!("the code should have been {expected}");
        }
        Ok(())
    }
}

pub(crate) fn tell(now: UnixTime) -> Result<()> {
    println!("1. The server makes a secret, and a URI that every authenticator app reads.\n");
    let secret = Secret::generate_from_system(Algorithm::Sha1)?;
    let uri = KeyUri::widely_compatible(
        Issuer::new("Acme")?,
        Account::new("ada@example.com")?,
        &secret,
    );
    let text = uri.to_text();
    let qr = Qr::encode(text.expose())?;
    println!("   secret: {} bit, {:?}", secret.bits(), secret.strength());
    println!("   {}", text.expose());
    println!(
        "   apps that would misread it: {}\n",
        uri.compatibility().len()
    );
    let mut server = Server {
        totp: Totp::new(&secret, TotpParameters::default()),
        last_accepted: None,
        drift: Drift::default(),
    };

    println!("2. It shows the URI as a QR code, and the key for those who cannot scan.\n");
    print_qr(&qr);
    println!("   key: {}\n", base32::grouped(secret.expose()).expose());

    println!("3. The phone takes a picture, reads it, and shows codes.\n");
    let picture = qr.png(&PngOptions::default())?;
    let seen = decode::from_image(picture.expose())?;
    let seen = seen.first().context("the phone sees no QR code")?;
    let phone_uri = KeyUri::parse(seen.expose())?;
    let phone = phone_uri.totp().context("no TOTP key")?;
    println!(
        "   {}: {}   {}   for {} s\n",
        phone_uri.issuer().unwrap_or_default(),
        phone_uri.account(),
        spaced(&phone.generate(now)?),
        phone.seconds_left(now)?
    );

    println!("4. The first code proves that the phone has the secret. It is used up by that.\n");
    let first = spaced(&phone.generate(now)?);
    server.sign_in(&first, now, "accepted")?;

    println!("\n5. The same code again, by somebody who looked over the shoulder: a replay.\n");
    server.sign_in(&first, now, "rejected")?;

    println!("\n6. A code that was written down two minutes ago: too late.\n");
    let later = after(now, 300);
    let old = spaced(&phone.generate(after(later, -120))?);
    server.sign_in(&old, later, "rejected")?;

    println!(
        "\n7. The clock of the phone is half a minute slow. Each code is accepted, and the third in a row"
    );
    println!("   teaches the server the drift. Then even a code from a minute ago is good.\n");
    for time in [60, 120, 180].map(|seconds| after(later, seconds)) {
        let code = spaced(&phone.generate(after(time, -30))?);
        server.sign_in(&code, time, "accepted")?;
    }
    println!("   drift: {} step of 30 s", server.drift.steps());
    let time = after(later, 300);
    let code = spaced(&phone.generate(after(time, -60))?);
    server.sign_in(&code, time, "accepted")?;

    println!(
        "\n8. After a year in a drawer it is ten minutes slow. Two codes in a row find it again.\n"
    );
    let year = after(time, 365 * 86_400);
    let slow = after(year, -600);
    let (one, two) = (phone.generate(slow)?, phone.generate(after(slow, 30))?);
    server.sign_in(&spaced(&one), year, "rejected")?;
    let found = server
        .totp
        .resynchronise(
            [one.as_str(), two.as_str()].into(),
            year,
            ResyncRange::default(),
            server.last_accepted,
        )
        .accepted()
        .context("the token was not found again")?;
    server.last_accepted = Some(found.step());
    server.drift = found.drift();
    println!("   resynchronised, drift: {} steps", server.drift.steps());
    let next = after(slow, 60);
    server.sign_in(&spaced(&phone.generate(next)?), after(year, 60), "accepted")?;

    println!("\nNow with files:");
    println!("   quickstart new --issuer Acme --account ada@example.com --png qr.png");
    println!("   quickstart --help");
    Ok(())
}

/// As phones show it: two groups.
fn spaced(code: &Code) -> String {
    let (left, right) = code.as_str().split_at(code.as_str().len() / 2);
    format!("{left} {right}")
}

fn after(time: UnixTime, seconds: i64) -> UnixTime {
    UnixTime::from_secs(time.secs().saturating_add_signed(seconds))
}
