//! One-time codes: making and checking them, over a key that is prepared already.
//!
//! `totp-rs` has no HOTP. `libreauth` and `slauth` read the clock for TOTP, so only their HOTP can be given the same task. None
//! of them has resynchronisation by consecutive codes.

use std::hint::black_box;

use libreauth::oath::{HOTP, HOTPBuilder};
use otp_core::{
    Algorithm, Counter, Hotp, HotpParameters, LookAhead, ResyncRange, Secret, TimeStep, Totp,
    TotpParameters, UnixTime, Verdict, Window,
};
use slauth::oath::hotp::HOTPContext;

use crate::{Contender, Task, raw};

/// The keys of RFC 6238 appendix B are this text, cut to the length of the hash.
const KEY: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";
/// 2026-01-01, 15 seconds into a step.
const NOW: u64 = 1_767_225_615;
const STEP: u64 = NOW / 30;
/// Belongs to no candidate of any task here, which each of them checks.
const WRONG: &str = "000000";

/// Every task about codes.
pub fn tasks() -> Vec<Task> {
    vec![
        generate(),
        verify_no_match(),
        verify_match("verify ±1, match before", Some(-1)),
        verify_match("verify ±1, match now", Some(0)),
        verify_match("verify ±1, match after", Some(1)),
        verify_widest(),
        prepare_and_verify(),
        look_ahead(),
        resynchronise(),
        verify_sha256(),
        verify_sha512(),
    ]
}

/// The code of this moment, to a value on the stack that holds its text.
fn generate() -> Task {
    let totp = ours(Algorithm::Sha1);
    let code = totp
        .generate(UnixTime::from_secs(NOW))
        .unwrap()
        .as_str()
        .to_owned();
    let [chained, independent] = raw::sha1::<2>("2 raw", "2 raw, independent");
    let task = Task::new("TOTP code", move || {
        totp.generate(UnixTime::from_secs(black_box(NOW)))
    })
    .at_most(1.9, chained)
    .against(independent);

    let totp = totp_rs(Algorithm::Sha1, 1);
    assert_eq!(totp.generate(NOW).to_string(), code);
    let task = task.at_most(
        0.7,
        Contender::new("totp-rs", move || totp.generate(black_box(NOW))),
    );
    let totp = totp_rs(Algorithm::Sha1, 1);
    let task = task.at_most(
        0.55,
        Contender::new("totp-rs, to text", move || {
            totp.generate(black_box(NOW)).to_string()
        }),
    );

    let (key, totp) = totp_rfc(Algorithm::Sha1);
    assert_eq!(totp.generate(&key, NOW).unwrap().to_string(), code);
    let task = task.against(Contender::new("totp-rfc", move || {
        totp.generate(&key, black_box(NOW))
    }));

    let hotp = libreauth(STEP, 0);
    assert_eq!(hotp.generate(), code);
    let task = task.against(Contender::new("libreauth, to text", move || {
        black_box(&hotp).generate()
    }));

    let hotp = slauth(STEP, 0);
    assert_eq!(hotp.r#gen(), code);
    task.against(Contender::new("slauth, to text", move || {
        black_box(&hotp).r#gen()
    }))
}

/// A wrong code against the default window.
fn verify_no_match() -> Task {
    let this = Verification {
        algorithm: Algorithm::Sha1,
        steps: 1,
        offset: None,
    };
    let [chained, independent] = raw::sha1::<6>("6 raw", "6 raw, independent");
    this.task("verify ±1, no match")
        .at_most(1.35, chained)
        .against(independent)
        .at_most(0.45, this.totp_rs("totp-rs"))
        .against(this.totp_rfc("totp-rfc"))
}

/// A right code must take as long as a wrong one, wherever it matches. `totp-rs` stops at the match.
fn verify_match(name: &'static str, offset: Option<i64>) -> Task {
    let no_match = Verification {
        algorithm: Algorithm::Sha1,
        steps: 1,
        offset: None,
    };
    let this = Verification { offset, ..no_match };
    this.task(name)
        .equal(0.03, no_match.ours("ours, no match"))
        .against(this.totp_rs("totp-rs"))
        .against(this.totp_rfc("totp-rfc"))
}

/// The widest window that `otp-core` lets anybody ask for, ten steps besides the present one.
fn verify_widest() -> Task {
    let this = Verification {
        algorithm: Algorithm::Sha1,
        steps: 5,
        offset: None,
    };
    let [chained, independent] = raw::sha1::<22>("22 raw", "22 raw, independent");
    this.task("verify ±5, no match")
        .at_most(1.25, chained)
        .against(independent)
        .at_most(0.42, this.totp_rs("totp-rs"))
        .against(this.totp_rfc("totp-rfc"))
}

/// The same from the bytes of the key on, for a server that prepares a key for each sign-in.
fn prepare_and_verify() -> Task {
    let theirs = Verification {
        algorithm: Algorithm::Sha1,
        steps: 1,
        offset: None,
    };
    let secret = Secret::import(key(Algorithm::Sha1)).unwrap();
    let verify = move || {
        let now = UnixTime::from_secs(black_box(NOW));
        Totp::new(black_box(&secret), TotpParameters::default()).verify(
            black_box(WRONG),
            now,
            Window::default(),
            black_box(None),
        )
    };
    assert_eq!(verify(), Verdict::Rejected);
    let [chained, independent] = raw::sha1::<8>("8 raw", "8 raw, independent");
    Task::new("prepare the key and verify ±1, no match", verify)
        .against(chained)
        .against(independent)
        .against(theirs.totp_rs("totp-rs"))
        .against(theirs.totp_rfc("totp-rfc"))
}

fn verify_sha256() -> Task {
    let this = Verification {
        algorithm: Algorithm::Sha256,
        steps: 1,
        offset: None,
    };
    let [chained, independent] = raw::sha256::<6>("6 raw", "6 raw, independent");
    this.task("verify ±1, SHA-256")
        .at_most(1.35, chained)
        .against(independent)
        .against(this.totp_rs("totp-rs"))
        .against(this.totp_rfc("totp-rfc"))
}

fn verify_sha512() -> Task {
    let this = Verification {
        algorithm: Algorithm::Sha512,
        steps: 1,
        offset: None,
    };
    let [chained, independent] = raw::sha512::<6>("6 raw", "6 raw, independent");
    this.task("verify ±1, SHA-512")
        .at_most(1.15, chained)
        .against(independent)
        .against(this.totp_rs("totp-rs"))
        .against(this.totp_rfc("totp-rfc"))
}

/// A wrong HOTP code against the next counter and fifty more.
fn look_ahead() -> Task {
    const AHEAD: u8 = 50;

    let (hotp, next) = (our_hotp(), Counter::new(0));
    let ahead = LookAhead::new(AHEAD).unwrap();
    let last = hotp.generate(Counter::new(AHEAD.into()));
    assert_eq!(
        hotp.verify(last.as_str(), next, ahead)
            .unwrap()
            .accepted()
            .map(|accepted| accepted.counter().get()),
        Some(AHEAD.into())
    );
    assert_eq!(hotp.verify(WRONG, next, ahead), Ok(Verdict::Rejected));
    let [chained, independent] = raw::sha1::<102>("102 raw", "102 raw, independent");
    let task = Task::new("HOTP look-ahead 50, no match", move || {
        hotp.verify(black_box(WRONG), black_box(next), ahead)
    })
    .at_most(1.25, chained)
    .against(independent);

    let (key, _) = totp_rfc(Algorithm::Sha1);
    let hotp = totp_rfc::Hotp::default();
    let found = hotp.verify_window(&key, 0, AHEAD.into(), last.as_str());
    assert_eq!(
        found.unwrap().map(|found| found.counter()),
        Some(AHEAD.into())
    );
    assert_eq!(hotp.verify_window(&key, 0, AHEAD.into(), WRONG), Ok(None));
    let task = task.against(Contender::new("totp-rfc", move || {
        hotp.verify_window(&key, black_box(0), AHEAD.into(), black_box(WRONG))
    }));

    let hotp = libreauth(0, AHEAD.into());
    assert!(hotp.is_valid(last.as_str()) && !hotp.is_valid(WRONG));
    let task = task.against(Contender::new("libreauth", move || {
        hotp.is_valid(black_box(WRONG))
    }));

    // Its range does not include its end.
    let candidates = u16::from(AHEAD) + 1;
    assert!(slauth(0, candidates).verify(last.as_str()));
    let mut hotp = slauth(0, candidates);
    assert!(!hotp.verify(WRONG));
    task.against(Contender::new("slauth", move || {
        hotp.verify(black_box(WRONG))
    }))
}

/// Two consecutive HOTP codes, looked for over a thousand counters and not found.
fn resynchronise() -> Task {
    let (hotp, next) = (our_hotp(), Counter::new(0));
    let last = [1000, 1001].map(|counter| hotp.generate(Counter::new(counter)));
    let found = hotp.resynchronise(
        [last[0].as_str(), last[1].as_str()].into(),
        next,
        ResyncRange::MAX,
    );
    assert_eq!(
        found.unwrap().accepted().map(|found| found.counter().get()),
        Some(1001)
    );
    let resynchronise = move || {
        let codes = black_box([WRONG, WRONG]);
        hotp.resynchronise(codes.into(), black_box(next), ResyncRange::MAX)
    };
    assert_eq!(resynchronise(), Ok(Verdict::Rejected));
    // The first code lies up to 1000 counters ahead, the second one further: 1002 candidates.
    let [chained, independent] = raw::sha1::<2004>("2004 raw", "2004 raw, independent");
    Task::new("HOTP resynchronisation 1000, no match", resynchronise)
        .at_most(1.25, chained)
        .against(independent)
}

/// A TOTP code against a symmetric window, the only kind that `totp-rs` has.
#[derive(Clone, Copy)]
struct Verification {
    algorithm: Algorithm,
    /// To each side.
    steps: u8,
    /// Where the code belongs to; a wrong code if nowhere.
    offset: Option<i64>,
}

impl Verification {
    fn task(self, name: &'static str) -> Task {
        Task {
            name,
            ours: self.ours("ours"),
            others: Vec::new(),
            within: None,
        }
    }

    fn ours(self, name: &'static str) -> Contender {
        let totp = ours(self.algorithm);
        let window = Window::new(self.steps, self.steps).unwrap();
        let (code, expected) = (self.code(), self.expected());
        let verify = move || {
            let now = UnixTime::from_secs(black_box(NOW));
            totp.verify(black_box(&code), now, window, black_box(None))
        };
        let found = verify().accepted().map(|accepted| accepted.step().get());
        assert_eq!(found, expected, "{name}");
        Contender::new(name, verify)
    }

    fn totp_rs(self, name: &'static str) -> Contender {
        let totp = totp_rs(self.algorithm, self.steps.into());
        let (code, expected) = (self.code(), self.expected());
        let check = move || totp.check(black_box(&code), black_box(NOW));
        assert_eq!(check(), expected, "{name}");
        Contender::new(name, check)
    }

    fn totp_rfc(self, name: &'static str) -> Contender {
        let (key, totp) = totp_rfc(self.algorithm);
        let window = totp_rfc::ValidationWindow::new(self.steps.into(), self.steps.into());
        let (code, expected) = (self.code(), self.expected());
        let verify =
            move || totp.verify_window(&key, black_box(NOW), window, black_box(code.as_str()));
        let found = verify().unwrap().map(|found| found.counter());
        assert_eq!(found, expected, "{name}");
        Contender::new(name, verify)
    }

    fn expected(self) -> Option<u64> {
        self.offset
            .map(|offset| STEP.checked_add_signed(offset).unwrap())
    }

    fn code(self) -> String {
        self.expected().map_or_else(
            || WRONG.to_owned(),
            |step| {
                let code = ours(self.algorithm).generate_at(TimeStep::new(step));
                code.as_str().to_owned()
            },
        )
    }
}

fn key(algorithm: Algorithm) -> &'static [u8] {
    &KEY[..algorithm.output_len()]
}

fn ours(algorithm: Algorithm) -> Totp {
    Totp::new(
        &Secret::import(key(algorithm)).unwrap(),
        TotpParameters::default().with_algorithm(algorithm),
    )
}

fn our_hotp() -> Hotp {
    Hotp::new(
        &Secret::import(key(Algorithm::Sha1)).unwrap(),
        HotpParameters::default(),
    )
}

fn totp_rs(algorithm: Algorithm, skew: u16) -> totp_rs::Totp {
    totp_rs::Builder::new()
        .with_algorithm(match algorithm {
            Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
            Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
            Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
        })
        .with_secret(key(algorithm))
        .with_account_name("alice")
        .with_skew(skew)
        .build()
        .unwrap()
}

fn totp_rfc(algorithm: Algorithm) -> (totp_rfc::Secret<'static>, totp_rfc::Totp) {
    let name = match algorithm {
        Algorithm::Sha1 => totp_rfc::Algorithm::Sha1,
        Algorithm::Sha256 => totp_rfc::Algorithm::Sha256,
        Algorithm::Sha512 => totp_rfc::Algorithm::Sha512,
    };
    (
        totp_rfc::Secret::new(key(algorithm)).unwrap(),
        totp_rfc::Totp::new(name, totp_rfc::Digits::SIX, 30, 0).unwrap(),
    )
}

fn libreauth(counter: u64, look_ahead: u64) -> HOTP {
    HOTPBuilder::new()
        .key(key(Algorithm::Sha1))
        .counter(counter)
        .look_ahead(look_ahead)
        .finalize()
        .unwrap()
}

fn slauth(counter: u64, candidates: u16) -> HOTPContext {
    HOTPContext::builder()
        .secret(key(Algorithm::Sha1))
        .counter(counter)
        .re_sync_parameter(candidates)
        .build()
}
