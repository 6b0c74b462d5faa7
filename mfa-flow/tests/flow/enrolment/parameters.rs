//! Algorithms, digits and periods, and the apps that misread them.

use super::*;

const DIGITS: [Digits; 3] = [Digits::Six, Digits::Seven, Digits::Eight];

const ALGORITHMS: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];

#[test]
fn an_app_that_took_defaults_is_recognised_named_and_not_activated() {
    let sha256 = TotpParameters::default().with_algorithm(Algorithm::Sha256);
    let eight = TotpParameters::default().with_digits(Digits::Eight);
    let minute = TotpParameters::default().with_period(Period::new(60).unwrap());
    let all = sha256
        .with_digits(Digits::Eight)
        .with_period(Period::new(60).unwrap());
    let default = TotpParameters::default();
    use Parameter::{Algorithm as Hash, Digits as Length, Period as Time};
    let old = App::OldGoogleAuthenticator;
    let cases: [(TotpParameters, TotpParameters, &[Parameter], &[App]); 6] = [
        (
            sha256,
            default,
            &[Hash],
            &[App::MicrosoftAuthenticator, old, App::Authy, App::Duo],
        ),
        (eight, default, &[Length], &[old]),
        (
            minute,
            default,
            &[Time],
            &[
                App::MicrosoftAuthenticator,
                App::GoogleAuthenticatorAndroid,
                old,
                App::Authy,
            ],
        ),
        (all, default, &[Hash, Length, Time], &[old]),
        (
            all,
            eight,
            &[Hash, Time],
            &[App::MicrosoftAuthenticator, App::Authy],
        ),
        (
            all,
            sha256.with_digits(Digits::Eight),
            &[Time],
            &[App::GoogleAuthenticatorAndroid],
        ),
    ];
    for (told, read, parameters, apps) in cases {
        let mut world = World::new();
        let mut ada = with_password(&mut world, "ada");
        // Where a code of half a minute and one of a whole minute cannot be the same one.
        let (id, key) = begin_app(&mut world, &ada, told);
        let code = code_of(&key, read, world.unix());
        let refused = world.confirm(&mut ada, &id, Test::Code(&code)).unwrap_err();
        let Refused::MisreadKey(misread) = refused else {
            panic!("not recognised: {refused:?}");
        };
        assert_eq!(misread.parameters(), parameters);
        assert_eq!(misread.apps(), apps);
        assert_eq!(world.class(), Some(Class::Wrong), "it counts as a failure");
        assert!(methods(&world, &ada).is_empty());
        // With another app the same key is good.
        let code = code_of(&key, told, world.unix());
        assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
    }
}

#[test]
fn a_code_that_is_merely_wrong_is_no_misread_key() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let told = TotpParameters::default().with_algorithm(Algorithm::Sha512);
    let (id, key) = begin_app(&mut world, &ada, told);
    let misread = code_of(&key, TotpParameters::default(), world.unix());
    let refused = world.confirm(&mut ada, &id, Test::Code(&wrong(&misread)));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
}

#[test]
fn every_algorithm_and_length_is_enrolled() {
    for algorithm in ALGORITHMS {
        for digits in DIGITS {
            let mut world = World::new();
            let mut ada = with_password(&mut world, "ada");
            let parameters = TotpParameters::default()
                .with_algorithm(algorithm)
                .with_digits(digits);
            let (id, key) = begin_app(&mut world, &ada, parameters);
            let code = code_of(&key, parameters, world.unix());
            assert_eq!(code.len(), usize::from(digits.get()));
            assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
        }
    }
}

#[test]
fn the_codes_of_oathtool_pass_the_test() {
    for (algorithm, name) in [
        (Algorithm::Sha1, "sha1"),
        (Algorithm::Sha256, "sha256"),
        (Algorithm::Sha512, "sha512"),
    ] {
        let mut world = World::new();
        let mut ada = with_password(&mut world, "ada");
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(Digits::Eight);
        let (id, key) = begin_app(&mut world, &ada, parameters);
        let key = otp_uri::base32::encode(&key);
        let output = std::process::Command::new("oathtool")
            .args(["--base32", "--digits=8"])
            .arg(format!("--totp={name}"))
            .arg(format!("--now=@{}", world.now.unix_seconds()))
            .arg(key.expose())
            .output();
        let Ok(output) = output else {
            assert!(
                std::env::var_os("OTP_REQUIRE_ALL").is_none(),
                "oathtool is not installed"
            );
            eprintln!("SKIPPED: oathtool is not installed");
            return;
        };
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let code = String::from_utf8(output.stdout).unwrap();
        assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
    }
}

#[test]
fn fewer_digits_than_the_policy_wants_and_odd_periods_are_refused() {
    let mut world = World::with(|draft| draft.challenge.totp_digits = Some(8));
    let ada = with_password(&mut world, "ada");
    let account = account();
    let key = AppKey::new(&account);
    let enrolling = begin(&mut world, &ada, Enrol::OtherAuthenticator { key }).unwrap();
    let Instruction::AddKey(shown) = enrolling.instruction() else {
        panic!("no key is shown");
    };
    assert_eq!(shown.uri().kind().code_len(), 8);
    let eight = TotpParameters::default().with_digits(Digits::Eight);
    for parameters in [
        TotpParameters::default().with_digits(Digits::Seven),
        eight.with_period(Period::new(14).unwrap()),
        eight.with_period(Period::new(61).unwrap()),
        eight.with_t0(otp_core::UnixTime::from_secs(1)),
    ] {
        let key = AppKey::new(&account).with_parameters(parameters);
        let refused = begin(&mut world, &ada, Enrol::OtherAuthenticator { key });
        assert!(
            matches!(refused, Err(Refused::Invalid(_))),
            "{parameters:?}"
        );
    }
}
