//! Recovery codes.

use super::*;

#[test]
fn ten_recovery_codes_of_24_letters_are_shown_once() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);

    let (set, codes) = recovery_codes(&mut world, &ada);

    assert_eq!(codes.len(), 10);
    let stored = String::from_utf8(world.account(&ada.key).to_stored().to_vec()).unwrap();
    let went_out = format!("{:?}", world.outgoing);
    for code in &codes {
        let groups: Vec<&str> = code.split('-').collect();
        assert!(
            groups.len() == 6 && groups.iter().all(|group| group.len() == 4),
            "{code}"
        );
        let letters = groups.concat();
        let base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
        assert!(letters.chars().all(base32));
        for text in [&stored, &went_out] {
            assert!(!text.contains(code.as_str()) && !text.contains(&letters));
        }
    }
    let different: std::collections::BTreeSet<_> = codes.iter().collect();
    assert_eq!(different.len(), 10);
    let account = world.account(&ada.key);
    let made = account.registrations().find(|r| *r.id() == set).unwrap();
    assert_eq!((made.state(), made.codes_left()), (State::Active, Some(10)));
    assert!(world.told(&Notice::RecoveryCodesMade).is_some());
    assert!(world.happened(&What::RecoveryCodesMade) && world.happened(&What::Bound));
    assert_eq!(account.history().last().unwrap().what(), Binding::Bound);
}

#[test]
fn each_recovery_code_is_good_once_however_it_is_typed() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (set, codes) = recovery_codes(&mut world, &ada);
    let as_typed = [
        codes[0].clone(),
        codes[1].to_lowercase(),
        codes[2].replace('-', ""),
        codes[3].replace('-', " "),
    ];

    for (used, code) in (1..).zip(&as_typed) {
        let _ = sign_in_by_recovery_code(&mut world, &ada, &set, code);
        let notice = Notice::RecoveryCodeUsed { left: 10 - used };
        assert!(world.told(&notice).is_some());

        let mut again = ada.elsewhere();
        world.password(&mut again);
        let answer = world.prove(&mut again, Purpose::TwoStep, &set, Answer::Code(code));
        assert!(answer.is_err());
        assert_eq!(world.class(), Some(Class::Wrong));
        world.pass_minutes(60);
    }
}

#[test]
fn a_recovery_code_of_somebody_else_never_works() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (eve, _) = world.with_app("eve");
    let (set, _) = recovery_codes(&mut world, &ada);
    let (eves, codes) = recovery_codes(&mut world, &eve);
    // Even where both sets bear one name.
    world.plant(&ada, |stored| {
        stored["registrations"][2]["id"] = json!(eves.as_str());
    });
    assert_ne!(set, eves);

    let mut browser = ada.elsewhere();
    world.password(&mut browser);
    let answer = world.prove(
        &mut browser,
        Purpose::TwoStep,
        &eves,
        Answer::Code(&codes[0]),
    );
    assert!(answer.is_err());
    assert_eq!(world.class(), Some(Class::Wrong));
}

#[test]
fn a_new_set_takes_the_place_of_the_old_one_in_one_change() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (old, old_codes) = recovery_codes(&mut world, &ada);

    let (new, new_codes) = recovery_codes(&mut world, &ada);

    assert_ne!(old, new);
    let account = world.account(&ada.key);
    let sets: Vec<_> = account
        .registrations()
        .filter(|r| r.codes_left().is_some())
        .collect();
    assert_eq!(sets.len(), 1);
    assert_eq!(sets[0].codes_left(), Some(10));
    let last: Vec<_> = account.history().iter().rev().take(2).collect();
    assert_eq!(
        (last[1].registration(), last[1].what()),
        (&old, Binding::Removed)
    );
    assert_eq!(
        (last[0].registration(), last[0].what()),
        (&new, Binding::Bound)
    );

    let mut browser = ada.elsewhere();
    world.password(&mut browser);
    for set in [&new, &old] {
        let answer = world.prove(
            &mut browser,
            Purpose::TwoStep,
            set,
            Answer::Code(&old_codes[0]),
        );
        assert!(answer.is_err());
    }
    let _ = sign_in_by_recovery_code(&mut world, &ada, &new, &new_codes[0]);
}

#[test]
fn when_all_recovery_codes_are_used_nothing_more_is_asked_for() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (set, codes) = recovery_codes(&mut world, &ada);
    for code in &codes {
        let _ = sign_in_by_recovery_code(&mut world, &ada, &set, code);
    }
    assert!(world.told(&Notice::RecoveryCodeUsed { left: 0 }).is_some());

    let mut browser = ada.elsewhere();
    world.password(&mut browser);
    let prompt = world.challenge(&browser, Purpose::TwoStep);
    assert!(
        prompt
            .choices()
            .iter()
            .all(|choice| *choice.registration() != set)
    );
}

#[test]
fn a_wrong_recovery_code_is_counted_and_uses_nothing_up() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let (set, _) = recovery_codes(&mut world, &ada);
    let mut browser = ada.elsewhere();
    world.password(&mut browser);

    for _ in 0..5 {
        let code = "A".repeat(24);
        let answer = world.prove(&mut browser, Purpose::TwoStep, &set, Answer::Code(&code));
        assert!(answer.is_err());
    }

    assert!(
        world
            .events()
            .any(|event| matches!(event.what, What::Locked { .. }))
    );
    let account = world.account(&ada.key);
    let left = account.registrations().find_map(|r| r.codes_left());
    assert_eq!(left, Some(10));
}
