//! How old a proof may be, at the edges of time.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use mfa_policy::{
    AccountView, Action, Context, Method, PersonId, Preset, Proven, Subject, Timestamp,
};

fn may_add(now: Timestamp, proven_at: Timestamp) -> bool {
    let person = Subject::new(PersonId::new("person").unwrap());
    let context = Context::anywhere(now).proven(Proven::Password, proven_at);
    let add = Action::Add {
        method: Method::AuthenticatorPush,
        device: None,
    };
    let policy = Preset::SecurityInfo.policy();
    policy.allows(&person, &AccountView::default(), &add, &context)
}

#[test]
fn a_proof_of_the_last_second_that_can_be_written_is_fresh() {
    let last = Timestamp::from_unix_seconds(i64::MAX);
    assert!(may_add(last, last));
    let an_hour_before = Timestamp::from_unix_seconds(last.unix_seconds() - 3_600);
    assert!(!may_add(last, an_hour_before));
}

#[test]
fn a_proof_of_the_future_is_none() {
    let now = Timestamp::from_unix_seconds(0);
    assert!(!may_add(now, now.plus_seconds(1)));
    assert!(may_add(now.plus_seconds(1), now.plus_seconds(1)));
}
