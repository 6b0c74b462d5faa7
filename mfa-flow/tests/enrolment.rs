//! Enrolment: pending until its test is passed.

mod common;

use common::{Person, World};
use mfa_flow::Next;

#[test]
fn a_password_alone_opens_a_session_that_may_only_register() {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    assert_eq!(world.password(&mut ada), Next::Register);

    let app = world.give_totp(&ada, "app");
    assert_eq!(world.password(&mut ada), Next::SecondStep);
    let proof = world.sign_in(&mut ada, &app);
    assert_eq!(proof.registration(), &app);
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
}
