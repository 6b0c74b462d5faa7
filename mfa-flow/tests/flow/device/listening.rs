//! Visits: whose device it is that listens.

use super::enrolment::paired;
use super::*;

#[test]
fn a_visit_is_that_of_the_device_by_its_key_to_us_and_now() {
    let mut asked = asked();
    let (ada, push, now) = (
        PersonId::new("ada").unwrap(),
        asked.push.clone(),
        asked.world.now,
    );
    let person = asked.ada.elsewhere();
    let mut is = |visit: &SignedVisit| asked.world.read(&person, |on| on.is_device(visit, PORTAL));
    for seconds in [0, 60] {
        let behind = device().visit(&ada, &push, PORTAL, earlier(now, seconds));
        let ahead = device().visit(&ada, &push, PORTAL, earlier(now, -seconds));
        assert_eq!((is(&behind), is(&ahead)), (Ok(()), Ok(())));
    }
    let bob = PersonId::new("bob").unwrap();
    let other = RegistrationId::new("other").unwrap();
    for visit in [
        device().visit(&ada, &push, PORTAL, earlier(now, 61)),
        device().visit(&ada, &push, PORTAL, now.plus_seconds(61)),
        device().visit(&ada, &push, "https://id.example.org", now),
        device().visit(&ada, &push, "", now),
        device().visit(&bob, &push, PORTAL, now),
        device().visit(&ada, &other, PORTAL, now),
        DeviceKeyPair::from_bytes(&[8; 32]).visit(&ada, &push, PORTAL, now),
    ] {
        assert_eq!(is(&visit), Err(NoDevice::NotSigned), "{visit:?}");
    }
    // Another letter anywhere.
    let text = device().visit(&ada, &push, PORTAL, now).to_string();
    let mut read = 0;
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        let other = String::from_utf8(bytes).unwrap();
        if let Ok(visit) = other.parse::<SignedVisit>() {
            read += 1;
            assert_eq!(is(&visit), Err(NoDevice::NotSigned), "{other}");
        }
    }
    assert!(read > 50, "{read}");
}

#[test]
fn a_device_that_is_being_paired_may_listen_and_one_that_was_removed_is_told() {
    let mut world = World::new();
    let key = DeviceKeyPair::from_bytes(&[5; 32]);
    let (mut ada, id, request, number) = paired(&mut world, &key);
    let is = |world: &mut World, key: &DeviceKeyPair| {
        let name = PersonId::new("ada").unwrap();
        let visit = key.visit(&name, &id, PORTAL, world.now);
        let person = Person::new("ada");
        let is = world.read(&person, |on| on.is_device(&visit, PORTAL));
        assert_eq!(world.read(&person, |on| on.has_device(&id)), is.is_ok());
        is
    };
    assert_eq!(is(&mut world, &key), Ok(()));
    let answer = key.answer(&request, approved(number));
    world
        .run(&ada.elsewhere(), |on| on.device_answered(&answer))
        .unwrap();
    let enrolled = world
        .run(&ada, |on| on.confirm_enrolment(&id, Test::Approved))
        .unwrap();
    ada.session = enrolled.session().cloned().or(ada.session);
    assert_eq!(is(&mut world, &key), Ok(()));
    world.give_totp(&ada, "app");
    world
        .run(&ada, |on| on.remove(&id, Confirmed::after_asking()))
        .unwrap();
    assert_eq!(is(&mut world, &key), Err(NoDevice::Gone));

    // One that took too long was never there.
    let mut world = World::new();
    let (_, id, _, _) = paired(&mut world, &key);
    world.pass_minutes(10);
    let name = PersonId::new("ada").unwrap();
    let visit = key.visit(&name, &id, PORTAL, world.now);
    let is = world.read(&Person::new("ada"), |on| on.is_device(&visit, PORTAL));
    assert_eq!(is, Err(NoDevice::NotSigned));
}
