//! The small types: their limits, their errors, what they show of themselves.

use otp_core::{
    Algorithm, BeforeT0, Counter, Digits, Drift, Exhausted, Hotp, HotpParameters, LookAhead,
    Period, ResyncRange, Secret, SecretError, Steam, Strength, TimeStep, Totp, TotpParameters,
    TypedCode, UnixTime, Window,
};

#[test]
fn a_secret_has_1_to_128_bytes() {
    assert_eq!(Secret::import(&[]).unwrap_err(), SecretError::Empty);
    assert_eq!(Secret::import(&[7; 129]).unwrap_err(), SecretError::TooLong);
    for len in 1..=128 {
        let bytes: Vec<u8> = (0..len).collect();
        let secret = Secret::import(&bytes).unwrap();
        assert_eq!(secret.expose(), bytes);
        assert_eq!(secret.duplicate().expose(), bytes);
        assert_eq!(secret.bits(), u32::from(len) * 8);
    }
}

#[test]
fn a_long_key_is_what_hmac_makes_of_it() {
    assert_eq!(
        Secret::import_long(&[], Algorithm::Sha1).unwrap_err(),
        SecretError::Empty
    );
    for algorithm in Algorithm::ALL {
        assert_eq!(
            Secret::import_long(&[7; 128], algorithm).unwrap().expose(),
            [7; 128]
        );
        let long = Secret::import_long(&[7; 129], algorithm).unwrap();
        assert_eq!(long.expose().len(), algorithm.output_len());
    }
}

#[test]
fn a_short_secret_may_be_imported_but_not_issued() {
    assert_eq!(
        Secret::issue(&[7; 15]).unwrap_err(),
        SecretError::TooShortToIssue
    );
    assert_eq!(Secret::issue(&[]).unwrap_err(), SecretError::Empty);
    assert_eq!(Secret::issue(&[7; 129]).unwrap_err(), SecretError::TooLong);
    assert_eq!(Secret::issue(&[7; 16]).unwrap().expose(), [7; 16]);
    let strength = |len| Secret::import(&vec![7; len]).unwrap().strength();
    assert_eq!([1, 10, 15].map(strength), [Strength::Short; 3]);
    assert_eq!([16, 19].map(strength), [Strength::Sufficient; 2]);
    assert_eq!([20, 128].map(strength), [Strength::Recommended; 2]);
}

#[test]
fn numbers_keep_to_their_ranges() {
    let digits: Vec<u8> = (0..=255).filter(|&n| Digits::new(n).is_ok()).collect();
    assert_eq!(digits, [6, 7, 8]);
    assert_eq!(Digits::ALL.map(Digits::get), [6, 7, 8]);
    assert!(Period::new(0).is_err() && Period::new(1 << 31).is_err());
    assert_eq!(Period::new(1).unwrap().seconds(), 1);
    assert_eq!(Period::new((1 << 31) - 1).unwrap().seconds(), (1 << 31) - 1);
    assert_eq!(
        (Period::default().seconds(), Period::NIST_MAX.seconds()),
        (30, 120)
    );
    for (past, future) in [(0, 0), (10, 0), (0, 10), (4, 6)] {
        let window = Window::new(past, future).unwrap();
        assert_eq!((window.past(), window.future()), (past, future));
    }
    for (past, future) in [(11, 0), (0, 11), (6, 5), (255, 255), (255, 1)] {
        assert!(Window::new(past, future).is_err());
    }
    assert_eq!(LookAhead::default().get(), 3);
    assert_eq!(LookAhead::new(50).unwrap(), LookAhead::MAX);
    assert!(LookAhead::new(51).is_err());
    assert_eq!(ResyncRange::default().get(), 100);
    assert_eq!(ResyncRange::new(1000).unwrap(), ResyncRange::MAX);
    assert!(ResyncRange::new(0).is_err() && ResyncRange::new(1001).is_err());
    assert_eq!(Counter::new(5).next(), Some(Counter::new(6)));
    assert_eq!(Counter::MAX.next(), None);
}

#[test]
fn the_clock_shows_how_long_a_code_lasts() {
    let totp = Totp::new(&Secret::import(b"key").unwrap(), TotpParameters::default());
    let left = |secs| totp.seconds_left(UnixTime::from_secs(secs)).unwrap();
    assert_eq!([0, 1, 29, 30, 59].map(left), [30, 29, 1, 30, 1]);
}

#[test]
fn steam_shows_letters_for_the_same_hash() {
    // RFC 4226 appendix D: the truncated values of counters 0 to 2, written in base 26 with the least digit first.
    let alphabet: Vec<char> = "23456789BCDFGHJKMNPQRTVWXY".chars().collect();
    let steam = Steam::new(&Secret::import(b"12345678901234567890").unwrap());
    for (step, mut truncated) in [1_284_755_224_u32, 1_094_287_082, 137_359_152]
        .into_iter()
        .enumerate()
    {
        let mut expected = String::new();
        for _ in 0..5 {
            expected.push(alphabet[truncated as usize % 26]);
            truncated /= 26;
        }
        let at = u64::try_from(step).unwrap();
        assert_eq!(steam.generate_at(TimeStep::new(at)).as_str(), expected);
        assert_eq!(
            steam.generate(UnixTime::from_secs(at * 30 + 29)).as_str(),
            expected
        );
    }
}

#[test]
fn typed_codes_lose_spaces_and_dashes_and_nothing_else() {
    let clean = |text| TypedCode::clean(text).as_str().to_owned();
    assert_eq!(clean(" 123 456\n"), "123456");
    assert_eq!(clean("123\u{a0}456"), "123456");
    assert_eq!(clean("1234\u{2011}5678"), "12345678");
    for refused in [
        "",
        "+123456",
        "１２３４５６",
        "123456789",
        "12.34",
        "0x1234",
        "123\u{200b}456",
    ] {
        assert_eq!(clean(refused), "", "{refused:?}");
    }
}

/// A change of wording is to be seen in a review.
#[test]
fn error_texts() {
    let texts = [
        Secret::import(&[]).unwrap_err().to_string(),
        Secret::import(&[0; 129]).unwrap_err().to_string(),
        Secret::issue(&[0; 9]).unwrap_err().to_string(),
        Digits::new(5).unwrap_err().to_string(),
        Period::new(0).unwrap_err().to_string(),
        Window::new(6, 7).unwrap_err().to_string(),
        LookAhead::new(51).unwrap_err().to_string(),
        ResyncRange::new(0).unwrap_err().to_string(),
        Drift::new(1001).unwrap_err().to_string(),
        BeforeT0.to_string(),
        Exhausted.to_string(),
    ];
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/error-texts.txt");
    assert_eq!(
        texts.join("\n") + "\n",
        std::fs::read_to_string(path).unwrap()
    );
}

#[test]
fn errors_say_what_was_refused() {
    assert_eq!(Digits::new(5).unwrap_err().given(), 5);
    assert_eq!(Period::new(1 << 31).unwrap_err().given(), 1 << 31);
    let window = Window::new(6, 7).unwrap_err();
    assert_eq!((window.past(), window.future()), (6, 7));
    assert_eq!(LookAhead::new(51).unwrap_err().given(), 51);
    assert_eq!(ResyncRange::new(1001).unwrap_err().given(), 1001);
    assert_eq!(Drift::new(-1001).unwrap_err().given(), -1001);
}

#[test]
fn debug_shows_no_secret_and_no_code() {
    let secret = Secret::import(b"12345678901234567890").unwrap();
    let hotp = Hotp::new(&secret, HotpParameters::default());
    let totp = Totp::new(&secret, TotpParameters::default());
    let steam = Steam::new(&secret);
    assert_eq!(format!("{secret:?}"), "Secret(redacted)");
    assert_eq!(
        format!("{:?}", hotp.generate(Counter::new(0))),
        "Code(redacted)"
    );
    assert_eq!(
        format!("{:?}", steam.generate_at(TimeStep::new(0))),
        "SteamCode(redacted)"
    );
    assert_eq!(
        format!("{:?}", TypedCode::clean("755224")),
        "TypedCode(redacted)"
    );
    assert_eq!(
        format!("{hotp:?}"),
        "Hotp { parameters: HotpParameters { algorithm: Sha1, digits: Six }, .. }"
    );
    assert_eq!(
        format!("{totp:?}"),
        "Totp { parameters: TotpParameters { algorithm: Sha1, digits: Six, period: Period(30), t0: UnixTime(0) }, .. }"
    );
    assert_eq!(format!("{steam:?}"), "Steam { .. }");
    assert_eq!(format!("{:>7}", Algorithm::Sha1), "   SHA1");
}

#[test]
fn a_token_says_what_it_is() {
    let secret = Secret::import(b"key").unwrap();
    let hotp = HotpParameters::default()
        .with_algorithm(Algorithm::Sha512)
        .with_digits(Digits::Eight);
    assert_eq!(Hotp::new(&secret, hotp).parameters(), hotp);
    assert_eq!(
        (hotp.algorithm(), hotp.digits()),
        (Algorithm::Sha512, Digits::Eight)
    );
    let totp = TotpParameters::default()
        .with_algorithm(Algorithm::Sha256)
        .with_digits(Digits::Seven)
        .with_period(Period::new(60).unwrap())
        .with_t0(UnixTime::from_secs(9));
    assert_eq!(Totp::new(&secret, totp).parameters(), totp);
    assert_eq!(
        (totp.algorithm(), totp.digits()),
        (Algorithm::Sha256, Digits::Seven)
    );
    assert_eq!((totp.period().seconds(), totp.t0().secs()), (60, 9));
}
