//! What cannot be built cannot be deserialised.

#![cfg(feature = "serde")]
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use otp_core::{
    Algorithm, Counter, Digits, Drift, HotpParameters, LookAhead, Period, ResyncRange, TimeStep,
    TotpParameters, UnixTime, Window,
};
use serde::{Serialize, de::DeserializeOwned};

fn is_written<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, text: &str) {
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
    assert_eq!(serde_json::from_str::<T>(text).unwrap(), value);
}

fn is_refused<T: DeserializeOwned>(texts: &[&str]) {
    for text in texts {
        assert!(serde_json::from_str::<T>(text).is_err(), "{text}");
    }
}

#[test]
fn values_are_read_as_they_are_written() {
    is_written(Algorithm::Sha256, "\"SHA256\"");
    is_written(Digits::Eight, "8");
    is_written(Period::default(), "30");
    is_written(Counter::MAX, "18446744073709551615");
    is_written(TimeStep::new(7), "7");
    is_written(UnixTime::from_secs(59), "59");
    is_written(Window::strict(), r#"{"past":1,"future":0}"#);
    is_written(LookAhead::MAX, "50");
    is_written(ResyncRange::MAX, "1000");
    is_written(Drift::new(-3).unwrap(), r#"{"steps":-3,"streak":0}"#);
    is_written(
        HotpParameters::default(),
        r#"{"algorithm":"SHA1","digits":6}"#,
    );
    is_written(
        TotpParameters::default(),
        r#"{"algorithm":"SHA1","digits":6,"period":30,"t0":0}"#,
    );
    assert_eq!(
        serde_json::from_str::<TotpParameters>("{}").unwrap(),
        TotpParameters::default()
    );
}

#[test]
fn wrong_values_are_refused() {
    is_refused::<Algorithm>(&["\"SHA384\"", "\"sha1\"", "\"\"", "1"]);
    is_refused::<Digits>(&["5", "9", "0", "-6", "6.5", "\"6\"", "262"]);
    is_refused::<Period>(&["0", "-30", "2147483648", "4294967326"]);
    is_refused::<Window>(&[
        r#"{"past":6,"future":5}"#,
        r#"{"past":1}"#,
        r#"{"past":1,"future":1,"wide":1}"#,
    ]);
    is_refused::<LookAhead>(&["51", "-1", "256"]);
    is_refused::<ResyncRange>(&["0", "1001"]);
    is_refused::<Drift>(&[
        r#"{"steps":1001}"#,
        r#"{"steps":-1001}"#,
        r#"{"steps":0,"x":0}"#,
    ]);
    is_refused::<TotpParameters>(&[r#"{"digits":9}"#, r#"{"perod":60}"#]);
    is_refused::<Counter>(&["-1", "18446744073709551616"]);
}

#[test]
fn a_streak_that_learning_cannot_leave_behind_is_forgotten() {
    let read =
        |text: &str| serde_json::to_string(&serde_json::from_str::<Drift>(text).unwrap()).unwrap();
    assert_eq!(
        read(r#"{"steps":1,"streak":2}"#),
        r#"{"steps":1,"streak":2}"#
    );
    for streak in ["3", "-3", "127", "-128"] {
        let text = format!(r#"{{"steps":1,"streak":{streak}}}"#);
        assert_eq!(read(&text), r#"{"steps":1,"streak":0}"#);
    }
}
