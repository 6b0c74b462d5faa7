//! Learning the drift of a clock, under guard.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use otp_core::{
    AcceptedStep, Digits, Drift, Period, Secret, TimeStep, Totp, TotpParameters, UnixTime, Window,
};

const NOW: u64 = 5_000;

/// An acceptance that is off by so many steps, seen through a window around the drift.
fn accepted(drift: Drift, offset: i64) -> AcceptedStep {
    let parameters = TotpParameters::default().with_period(Period::new(1).unwrap());
    let totp = Totp::new(
        &Secret::import(b"12345678901234567890").unwrap(),
        parameters,
    );
    let code = totp.generate_at(TimeStep::new(NOW.saturating_add_signed(offset)));
    let window = Window::new(5, 5).unwrap().centred_on(drift);
    totp.verify(code.as_str(), UnixTime::from_secs(NOW), window, None)
        .accepted()
        .unwrap()
}

fn after(drift: Drift, offsets: &[i64]) -> Drift {
    offsets.iter().fold(drift, |drift, &offset| {
        drift.learned(&accepted(drift, offset))
    })
}

#[test]
fn one_late_code_is_no_drift() {
    assert_eq!(after(Drift::default(), &[-1]).steps(), 0);
    assert_eq!(after(Drift::default(), &[-1, -1]).steps(), 0);
    assert_eq!(after(Drift::default(), &[1, 1]).steps(), 0);
}

#[test]
fn three_in_a_row_move_it_by_one_step_however_far_off_they_are() {
    assert_eq!(after(Drift::default(), &[-1, -1, -1]).steps(), -1);
    assert_eq!(after(Drift::default(), &[4, 2, 5]).steps(), 1);
    assert_eq!(after(Drift::default(), &[4; 6]).steps(), 2);
    assert_eq!(after(Drift::default(), &[4; 5]).steps(), 1);
}

#[test]
fn a_code_in_the_centre_or_on_the_other_side_starts_the_row_anew() {
    assert_eq!(after(Drift::default(), &[-1, -1, 0, -1, -1]).steps(), 0);
    assert_eq!(after(Drift::default(), &[-1, -1, 1, -1, -1]).steps(), 0);
    assert_eq!(after(Drift::default(), &[1, 1, -1, 1, 1]).steps(), 0);
    assert_eq!(after(Drift::default(), &[-1, -1, 1, 1, 1]).steps(), 1);
}

#[test]
fn it_stays_where_the_codes_are() {
    let drift = after(Drift::default(), &[2; 6]);
    assert_eq!(drift.steps(), 2);
    assert_eq!(after(drift, &[2; 20]).steps(), 2);
}

#[test]
fn it_ends_at_the_limit() {
    for (limit, side) in [(Drift::MAX_STEPS, 1), (-Drift::MAX_STEPS, -1)] {
        let drift = Drift::new(limit).unwrap();
        assert_eq!(after(drift, &[i64::from(limit) + side; 4]).steps(), limit);
        assert_eq!(
            after(drift, &[i64::from(limit) - side; 3]).steps(),
            limit - i16::try_from(side).unwrap()
        );
        assert!(Drift::new(limit + i16::try_from(side).unwrap()).is_err());
    }
}

#[test]
fn it_moves_the_window_and_keeps_its_width() {
    let parameters = TotpParameters::default()
        .with_digits(Digits::Eight)
        .with_period(Period::new(1).unwrap());
    let totp = Totp::new(
        &Secret::import(b"12345678901234567890").unwrap(),
        parameters,
    );
    for drift in [-1000, -7, 0, 7, 1000] {
        let window = Window::new(2, 1)
            .unwrap()
            .centred_on(Drift::new(drift).unwrap());
        let accepted: Vec<i64> = (-1010..=1010)
            .filter(|&offset| {
                let code = totp.generate_at(TimeStep::new(NOW.saturating_add_signed(offset)));
                totp.verify(code.as_str(), UnixTime::from_secs(NOW), window, None)
                    .accepted()
                    .is_some()
            })
            .collect();
        let centre = i64::from(drift);
        assert_eq!(accepted, (centre - 2..=centre + 1).collect::<Vec<_>>());
    }
}
