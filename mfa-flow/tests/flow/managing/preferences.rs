//! Names, the default, and what people are asked.

use super::*;

#[test]
fn a_registration_gets_another_name() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);

    world
        .run(&ada, |on| on.rename(&app, "  Ada's phone "))
        .unwrap();

    let account = world.account(&ada.key);
    let names: Vec<_> = account
        .registrations()
        .map(|r| r.name().to_owned())
        .collect();
    assert_eq!(names, ["Ada's phone", "text"]);
    assert!(world.happened(&What::Renamed));
    assert!(world.ended_sessions().is_none(), "no factor has changed");
}

#[test]
fn what_cannot_be_a_name_changes_nothing() {
    let mut world = World::new();
    let (ada, app, _) = ada(&mut world);

    for name in ["", " ", "a\u{202e}b", "a\nb", &"a".repeat(65)] {
        let refused = world.refused(&ada, |on| on.rename(&app, name));
        assert!(matches!(refused, Refused::Invalid(_)), "{name:?}");
    }
    let refused = world.refused(&ada, |on| on.rename(&nobody(), "mine"));
    assert_eq!(codes(&refused), ["no_such_registration"]);
}

#[test]
fn the_default_is_chosen_and_the_person_is_told() {
    let mut world = World::new();
    let (ada, _, text) = ada(&mut world);

    world.run(&ada, |on| on.set_default(&text)).unwrap();

    assert_eq!(world.stored(&ada)["default"], "text");
    assert!(world.happened(&What::DefaultChanged));
    let method = Some(Method::Text);
    assert!(world.told(&Notice::DefaultChanged { method }).is_some());
    world.pass_minutes(2);
    let prompt = world.challenge(&ada, Purpose::StepUp);
    assert_eq!(prompt.asked().unwrap().choice().registration(), &text);
}

#[test]
fn what_never_is_a_second_factor_is_never_the_default() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let email = world.give_email(&ada, "email", "ada@example.org");

    let refused = world.refused(&ada, |on| on.set_default(&email));

    assert!(codes(&refused).contains(&"not_as_default"));
}

#[test]
fn what_was_looked_over_is_not_asked_again_before_its_time() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let asks = |world: &World| {
        let (policy, account) = (world.flow.policy(), world.account(&ada.key));
        let context = mfa_policy::Context::anywhere(world.now);
        let overview = policy.overview(&ada.subject, &account.view(), &context);
        overview.asks_to_reconfirm()
    };
    assert!(asks(&world));

    world.run(&ada, |on| on.reconfirm()).unwrap();

    assert!(world.happened(&What::Reconfirmed));
    assert!(!asks(&world));
    world.pass_minutes(180 * 24 * 60);
    assert!(asks(&world));
}

#[test]
fn a_campaign_can_be_put_off_as_often_as_the_policy_says() {
    let mut world = World::with(|draft| draft.campaign.enabled = Some(true));
    let (ada, ..) = ada(&mut world);

    for skips in 1..=3 {
        world.run(&ada, |on| on.snooze_campaign()).unwrap();
        assert!(world.happened(&What::CampaignSnoozed));
        assert_eq!(world.stored(&ada)["campaign_skips"], skips);
        let refused = world.refused(&ada, |on| on.snooze_campaign());
        assert!(
            skips == 3 || matches!(refused, Refused::Over),
            "asked for tomorrow"
        );
        world.pass_minutes(24 * 60);
    }
    let refused = world.refused(&ada, |on| on.snooze_campaign());
    assert!(matches!(refused, Refused::Over), "no more skips");
}

#[test]
fn no_campaign_cannot_be_put_off() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let refused = world.refused(&ada, |on| on.snooze_campaign());
    assert!(matches!(refused, Refused::Over));
}
