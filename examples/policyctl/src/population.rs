//! A made-up population, for those who have none at hand.

use std::io::Write;

use anyhow::Result;
use fastrand::Rng;
use mfa_policy::{
    AccountView, DeviceId, Group, Method, Pass, Person, PersonId, Registration, RegistrationId,
    State, Subject, Timestamp,
};

/// The time that stands for today where `--now` is not given, so that the same seed gives the same people.
pub(crate) const TODAY: &str = "2026-01-01T00:00:00Z";

/// Writes that many people, one a line.
pub(crate) fn write(
    count: u64,
    seed: u64,
    today: Timestamp,
    output: &mut impl Write,
) -> Result<()> {
    let mut rng = Rng::with_seed(seed);
    for number in 1..=count {
        serde_json::to_writer(&mut *output, &person(number, today, &mut rng)?)?;
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}

/// The shares below are guesses at a large organisation of some years; they are nobody's statistics.
fn person(number: u64, today: Timestamp, rng: &mut Rng) -> Result<Person> {
    let mut subject = Subject::new(PersonId::new(&format!("p{number:06}"))?);
    let administrator = chance(rng, 20);
    let group = if administrator {
        subject = subject.administrator();
        "it"
    } else {
        match rng.u32(..100) {
            ..55 => "office",
            55..80 => "field",
            80..92 => "production",
            _ => "contractors",
        }
    };
    subject = subject.in_group(Group::new(group)?);
    let careful = administrator || chance(rng, 150);
    let has_smartphone = group != "production" || chance(rng, 400);

    let mut account = Account {
        registrations: Vec::new(),
        today,
        rng,
    };
    if has_smartphone && account.chance(660) {
        let phone = "phone-1";
        account.add(Method::AuthenticatorPush, Some(phone))?;
        account.add(Method::AuthenticatorCode, Some(phone))?;
        if account.chance(60) {
            account.add(Method::PhoneSignIn, Some(phone))?;
        }
        if account.chance(70) {
            account.add(Method::AuthenticatorPush, Some("phone-2"))?;
            account.add(Method::AuthenticatorCode, Some("phone-2"))?;
        }
    }
    if account.chance(70) {
        account.add(Method::OtherAuthenticator, None)?;
    }
    if account.chance(640) {
        let mobile = "mobile-1";
        account.add(Method::Text, Some(mobile))?;
        if account.chance(450) {
            account.add(Method::CallMobile, Some(mobile))?;
        }
        if account.chance(50) {
            account.add(Method::CallAlternate, Some("mobile-2"))?;
        }
    }
    if group == "office" && account.chance(180) {
        account.add(Method::CallOffice, Some("desk"))?;
    }
    if account.chance(if group == "production" { 300 } else { 20 }) {
        account.add(Method::HardwareToken, None)?;
    }
    if account.chance(if careful { 500 } else { 40 }) {
        account.add(Method::SecurityKey, None)?;
        if account.chance(300) {
            account.add(Method::SecurityKey, None)?;
        }
    }
    if account.chance(480) {
        account.add(Method::Email, None)?;
    }
    if !administrator && account.chance(160) {
        account.add(Method::SecurityQuestions, None)?;
    }
    if account.chance(30) {
        account.add(Method::AppPassword, None)?;
    }
    if account.chance(if careful { 400 } else { 60 }) {
        account.add(Method::RecoveryCodes, None)?;
    }
    if account.registrations.is_empty() && account.chance(300) {
        account.add(Method::TemporaryPass, None)?;
    }
    let view = account.finish()?;
    Ok(Person {
        subject,
        account: view,
    })
}

/// Whether something that happens to that many of a thousand happens.
fn chance(rng: &mut Rng, of_a_thousand: u32) -> bool {
    rng.u32(..1_000) < of_a_thousand
}

struct Account<'a> {
    registrations: Vec<Registration>,
    today: Timestamp,
    rng: &'a mut Rng,
}

impl Account<'_> {
    fn chance(&mut self, of_a_thousand: u32) -> bool {
        chance(self.rng, of_a_thousand)
    }

    fn add(&mut self, method: Method, device: Option<&str>) -> Result<()> {
        let id = RegistrationId::new(&format!("r{}", self.registrations.len().saturating_add(1)))?;
        let mut registration = Registration::new(id, method.clone());
        if let Some(device) = device {
            registration = registration.on(DeviceId::new(device)?);
        }
        registration = match method {
            Method::TemporaryPass => registration.with_pass(Pass {
                from: self.days_ago(1),
                until: self.days_ago(0).plus_days(1),
                one_time: true,
                used: false,
            }),
            Method::RecoveryCodes => registration.with_codes_left(self.rng.u32(0..=10)),
            _ => match self.rng.u32(..1_000) {
                ..15 => registration.in_state(State::Pending),
                15..23 => registration.in_state(State::Disabled),
                // Most are used often, and some hardly ever.
                _ => {
                    let age = self.rng.u32(1..=20);
                    let days = self.rng.u32(..age.saturating_pow(2));
                    let last_use = self.days_ago(days);
                    registration.last_used(last_use)
                }
            },
        };
        self.registrations.push(registration);
        Ok(())
    }

    fn days_ago(&self, days: u32) -> Timestamp {
        let seconds = i64::from(days).saturating_mul(86_400);
        Timestamp::from_unix_seconds(self.today.unix_seconds().saturating_sub(seconds))
    }

    /// Three in ten have chosen a default themselves.
    fn finish(mut self) -> Result<AccountView> {
        let choosable: Vec<RegistrationId> = self
            .registrations
            .iter()
            .filter(|registration| registration.method().can_be_default())
            .map(|registration| registration.id().clone())
            .collect();
        let chosen = self
            .chance(300)
            .then(|| self.rng.choice(choosable))
            .flatten();
        let view = AccountView::new(self.registrations)?;
        Ok(match chosen {
            Some(default) => view.with_default(default),
            None => view,
        })
    }
}
