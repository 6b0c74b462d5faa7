//! What the known apps make of a URI.

use otp_uri::App::{
    Authy, Duo, GoogleAuthenticatorAndroid, MicrosoftAuthenticator, OldGoogleAuthenticator,
};
use otp_uri::Handling::{Ignores, Unsupported};
use otp_uri::Parameter::{self, Algorithm, Digits, Encoder, Period};
use otp_uri::{App, Handling, KeyUri};

fn misreadings(parameters: &str) -> Vec<(App, Parameter, Handling)> {
    let uri = format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&{parameters}");
    KeyUri::parse(&uri)
        .unwrap()
        .compatibility()
        .iter()
        .map(|misreading| {
            (
                misreading.app(),
                misreading.parameter(),
                misreading.handling(),
            )
        })
        .collect()
}

#[test]
fn everyone_reads_the_defaults() {
    assert_eq!(misreadings("algorithm=SHA1&digits=6&period=30"), []);
    assert_eq!(misreadings("algorithm=sha1"), []);
    let hotp = KeyUri::parse("otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=5").unwrap();
    assert_eq!(hotp.compatibility(), []);
}

#[test]
fn another_algorithm_is_read_by_few() {
    let expected = [
        (MicrosoftAuthenticator, Algorithm, Ignores),
        (OldGoogleAuthenticator, Algorithm, Ignores),
        (Authy, Algorithm, Unsupported),
        (Duo, Algorithm, Unsupported),
    ];
    assert_eq!(misreadings("algorithm=SHA256"), expected);
    assert_eq!(misreadings("algorithm=SHA512"), expected);
}

#[test]
fn an_algorithm_in_lower_case_is_not_read_on_android() {
    let google = (GoogleAuthenticatorAndroid, Algorithm, Unsupported);
    assert!(misreadings("algorithm=sha256").contains(&google));
    assert!(!misreadings("algorithm=SHA256").contains(&google));
    // Writing it cures it.
    let uri = KeyUri::parse("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&algorithm=sha256").unwrap();
    let written = KeyUri::parse(uri.to_text().expose()).unwrap();
    assert_eq!(written.compatibility().len() + 1, uri.compatibility().len());
}

#[test]
fn other_digits_and_periods_are_misread() {
    for digits in ["digits=7", "digits=8"] {
        assert_eq!(
            misreadings(digits),
            [(OldGoogleAuthenticator, Digits, Ignores)]
        );
    }
    assert_eq!(
        misreadings("period=60"),
        [
            (MicrosoftAuthenticator, Period, Ignores),
            (GoogleAuthenticatorAndroid, Period, Ignores),
            (OldGoogleAuthenticator, Period, Ignores),
            (Authy, Period, Unsupported),
        ]
    );
}

#[test]
fn none_of_them_makes_steam_codes() {
    let steam = misreadings("encoder=steam");
    assert_eq!(steam.len(), 5);
    assert!(
        steam
            .iter()
            .all(|(_, parameter, handling)| (*parameter, *handling) == (Encoder, Ignores))
    );
}
