//! Sessions, and what was begun in them.

use super::*;

#[test]
fn signing_out_elsewhere_keeps_this_session_only() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);

    world.run(&ada, |on| on.sign_out_elsewhere()).unwrap();

    assert!(world.ended_sessions().unwrap().is_some());
    assert!(world.happened(&What::SessionsEnded));
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    assert_eq!(world.read(&other, |on| on.next()), Next::SecondStep);
    assert_is_not_signed_in(&mut world, &other);
}

#[test]
fn an_enrolment_ends_with_its_session_and_with_no_other() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);
    let own = world.stored(&ada)["sessions"][0]["id"].clone();
    let pending = json!({
        "id": "new", "session": own, "method": "email", "name": "new", "begun": world.now,
        "factor": { "email": { "address": "ada@example.org" } },
    });
    world.plant(&ada, |stored| stored["enrolment"] = pending.clone());

    world.run(&ada, |on| on.sign_out_elsewhere()).unwrap();
    assert_eq!(world.stored(&ada)["enrolment"], pending);

    let _ = world.sign_in(&mut other, &app);
    world.run(&other, |on| on.sign_out_elsewhere()).unwrap();
    assert_eq!(world.stored(&ada).get("enrolment"), None);
}

#[test]
fn another_password_ends_other_sessions_and_leaves_two_step_verification_as_it_was() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let mut other = ada.elsewhere();
    let _ = world.sign_in(&mut other, &app);
    let before = world.stored(&ada)["registrations"].clone();

    world.run(&ada, |on| on.password_changed());

    assert_eq!(world.stored(&ada)["registrations"], before);
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    assert_eq!(world.read(&other, |on| on.next()), Next::SecondStep);
    assert!(world.happened(&What::PasswordChanged));
    let token = token.token().expose();
    let (next, _) = world.password_on_device(&ada, token);
    assert_eq!(next, Next::SecondStep);
}

#[test]
fn a_new_start_ends_what_is_pending() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let session = world.stored(&ada)["sessions"][0]["id"].clone();
    let pending = json!({
        "id": "new", "session": session, "method": "email", "name": "new", "begun": world.now,
        "factor": { "email": { "address": "ada@example.org" } },
    });
    world.plant(&ada, |stored| stored["enrolment"] = pending.clone());
    let _ = recovery_codes(&mut world, &ada);
    assert_eq!(world.stored(&ada).get("enrolment"), None);

    world.plant(&ada, |stored| stored["enrolment"] = pending);
    let _ = app_password(&mut world, &ada, "Mail");
    assert_eq!(world.stored(&ada).get("enrolment"), None);
    assert!(world.happened(&What::EnrolmentEnded));
}
