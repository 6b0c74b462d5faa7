//! The measurement of the portal, with small numbers: that it runs, and that everybody is let in.

use std::time::Duration;

use otp_benches::portal::{Data, Postgres, Size, Sqlite, measure, program};

fn measures(data: &impl Data) {
    let size = Size {
        accounts: 200,
        people: 6,
        clients: 3,
        bare: Duration::from_millis(30),
    };
    let measured = measure(data, size);
    for rate in [&measured.sign_ins, &measured.second_steps] {
        assert!(rate.a_second > 0.0 && rate.median <= rate.slowest && !rate.median.is_zero());
    }
    assert!(measured.bare > 0.0);
    let [first, last] = measured.memory;
    assert!(first > 0 && last > 0 && measured.most_memory >= first.max(last));
    assert_eq!(measured.to_string().matches('|').count(), 13);
}

#[test]
fn sign_ins_at_the_portal_are_measured() {
    let program = program(false);
    measures(&Sqlite::new(&program));
    match Postgres::new(&program) {
        Some(postgres) => measures(&postgres),
        None => println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES"),
    }
}
