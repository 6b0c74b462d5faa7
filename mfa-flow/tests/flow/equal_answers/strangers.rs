//! What a stranger sees who begins a reset or a sign-in in the name of somebody.

use super::*;

/// People of whom a stranger must not learn anything, each with what the audit log says.
fn people(world: &mut World) -> Vec<(Person, Class)> {
    let real = somebody(world, "real");
    let locked = somebody(world, "locked");
    let until = world.now.plus_minutes(60);
    world.plant(&locked, |stored| {
        stored["reset"] = json!({ "locked_until": until });
    });
    let suspended = somebody(world, "suspended");
    world.plant(&suspended, |stored| stored["suspended"] = json!(true));
    let all_factors_locked = somebody(world, "spoiled");
    for place in 0..4 {
        let budget = json!({ "consecutive": 6, "locked_until": until });
        plant(world, &all_factors_locked, place, "budget", budget);
    }
    let new = Person::new("new");
    let one_gate = Person::new("one");
    world.give_text(&one_gate, &real_id('B'), "+31612345642");
    let mut excluded = somebody(world, "excluded");
    let group = Group::new("no reset").unwrap();
    excluded.subject = excluded.subject.in_group(group);
    vec![
        (real, Class::Accepted),
        (locked, Class::Locked),
        (suspended, Class::Suspended),
        (all_factors_locked, Class::Accepted),
        (new, Class::NoFactor),
        (one_gate, Class::NotAllowed),
        (excluded, Class::NotAllowed),
        (decoy(world, "nobody"), Class::UnknownPerson),
        (decoy(world, "nobody else"), Class::UnknownPerson),
    ]
}

fn world_of_resets() -> World {
    World::with(|draft| {
        let group = Group::new("no reset").unwrap();
        draft.reset.exclude = Some(BTreeSet::from([group]));
    })
}

/// What a stranger sees of a prompt, without what is random and without which methods there are.
fn is_well_formed(prompt: &Prompt) {
    assert!(prompt.choices().len() >= 2);
    assert!(
        prompt
            .choices()
            .is_sorted_by_key(|choice| choice.method().clone())
    );
    for choice in prompt.choices() {
        assert_eq!(choice.name(), "");
        assert_eq!(choice.registration().as_str().len(), 22);
        let number = choice
            .hint()
            .is_some_and(|hint| hint.starts_with("••• ") && hint.chars().count() == 6);
        assert_eq!(number, choice.method().is_telephone());
    }
}

#[test]
fn a_reset_begins_in_the_same_way_for_everybody() {
    let mut world = world_of_resets();
    let mut classes = BTreeSet::new();
    for (person, class) in people(&mut world) {
        let before = world.version(&person.key).get();
        let (browser, begun) = world.begin_reset(&person);
        assert_eq!(world.version(&person.key).get(), before + 1);
        assert_eq!(browser.session.unwrap().expose().len(), 22);
        assert!(begun.asked().is_none());
        assert_eq!(begun.expires(), world.now.plus_minutes(10));
        is_well_formed(&begun);
        let events: Vec<_> = world.events().map(|event| event.what.clone()).collect();
        let challenged = What::Challenged {
            purpose: Purpose::PasswordReset,
        };
        assert_eq!(events, [What::ResetBegun { result: class }, challenged]);
        let told = world.effects().count();
        assert_eq!(told, usize::from(class == Class::Accepted));
        assert!(
            world
                .effects()
                .all(|e| matches!(e, Effect::NotifyUser { .. }))
        );
        classes.insert(class);
    }
    assert_eq!(classes.len(), 6);
}

#[test]
fn what_a_stranger_asks_for_is_asked_for_in_the_same_way_whoever_it_is() {
    let mut world = world_of_resets();
    let mut asked_for = BTreeSet::new();
    for (person, _) in people(&mut world) {
        let (browser, begun) = world.begin_reset(&person);
        let challenge = begun.challenge();
        for choice in begun.choices() {
            let what = format!("{:?} {}", person.key, choice.method());
            let registration = choice.registration();
            // In a challenge of its own, so that nothing was sent before.
            let prompt = world.run(&browser, |on| on.next_gate()).unwrap();
            assert_eq!(prompt.choices(), begun.choices(), "{what}");
            let prompt = world.ask(&browser, prompt.challenge(), registration);
            let ask = prompt.asked().unwrap();
            assert_eq!(ask.choice(), choice, "{what}");
            let is_push = *choice.method() == Method::AuthenticatorPush;
            assert_eq!(ask.number().is_some(), is_push, "{what}");
            let questions = if *choice.method() == Method::SecurityQuestions {
                3
            } else {
                0
            };
            let each: BTreeSet<_> = ask.questions().iter().collect();
            assert_eq!(
                (each.len(), ask.questions().len()),
                (questions, questions),
                "{what}"
            );
            let is_sent =
                is_push || choice.method().is_telephone() || *choice.method() == Method::Email;
            let minutes = if is_sent { 5 } else { 10 };
            assert_eq!(ask.until(), world.now.plus_minutes(minutes), "{what}");
            // Once more at once.
            let again = world.run(&browser, |on| on.ask(prompt.challenge(), registration));
            match again {
                Err(Refused::TooSoon { until }) => {
                    assert!(is_sent && !is_push, "{what}");
                    assert_eq!(until, world.now.plus_seconds(30), "{what}");
                }
                Ok(_) => assert!(!is_sent || is_push, "{what}"),
                Err(other) => panic!("{what}: {other}"),
            }
            asked_for.insert(choice.method().clone());
        }
        // The first challenge was followed by others, and is over for everybody.
        let old = begun.choices()[0].registration();
        let over = world.run(&browser, |on| on.ask(challenge, old));
        assert!(matches!(over, Err(Refused::Over)));
        let finished = world.run(&browser, |on| on.finish_reset());
        assert!(matches!(finished, Err(Refused::Over)));
    }
    assert!(asked_for.len() >= 5, "{asked_for:?}");
}

/// The page of a challenge, loaded again.
fn again(world: &mut World, browser: &Person, prompt: &Prompt) -> String {
    let challenge = prompt.challenge();
    format!("{:?}", world.read(browser, |on| on.prompt(challenge)))
}

#[test]
fn a_page_that_is_loaded_again_shows_the_same_whoever_it_is() {
    let mut world = world_of_resets();
    for (person, _) in people(&mut world) {
        let what = format!("{:?}", person.key);
        let (browser, begun) = world.begin_reset(&person);
        let first = format!("{:?}", Some(&begun));
        assert_eq!(again(&mut world, &browser, &begun), first, "{what}");
        for choice in begun.choices() {
            let prompt = world.run(&browser, |on| on.next_gate()).unwrap();
            let (challenge, registration) = (prompt.challenge(), choice.registration());
            let asked = world.run(&browser, |on| on.ask(challenge, registration));
            let asked = asked.unwrap();
            let first = format!("{:?}", Some(&asked));
            assert_eq!(again(&mut world, &browser, &asked), first, "{what}");
            // Not in another session, and not in none.
            let (other, _) = world.begin_reset(&person);
            for elsewhere in [other, person.elsewhere()] {
                assert_eq!(again(&mut world, &elsewhere, &asked), "None", "{what}");
            }
        }
        let (browser, begun) = world.begin_phone_sign_in(&person);
        let first = format!("{:?}", Some(&begun));
        assert_eq!(again(&mut world, &browser, &begun), first, "{what}");
        world.pass_minutes(10);
        assert_eq!(again(&mut world, &browser, &begun), "None", "{what}");
    }
}

#[test]
fn nothing_goes_out_to_who_cannot_reset() {
    let mut world = world_of_resets();
    for (person, class) in people(&mut world) {
        if class == Class::Accepted {
            continue;
        }
        let (browser, begun) = world.begin_reset(&person);
        for choice in begun.choices() {
            let registration = choice.registration();
            let prompt = world.run(&browser, |on| on.next_gate()).unwrap();
            let challenge = prompt.challenge();
            let asked = world.run(&browser, |on| on.ask(challenge, registration));
            assert!(asked.is_ok());
            assert_eq!(world.effects().count(), 0);
            for (_, answer) in answers("000000") {
                let no = world.run(&browser, |on| on.answer(challenge, registration, answer));
                assert!(no.is_err());
            }
        }
    }
}

#[test]
fn somebody_who_is_locked_or_switched_off_shows_what_was_shown_before() {
    let mut world = world_of_resets();
    let ada = somebody(&mut world, "ada");
    let shown = world.begin_reset(&ada).1.choices().to_vec();
    let until = world.now.plus_minutes(60);
    world.plant(&ada, |stored| {
        stored["reset"]["locked_until"] = json!(until);
    });
    assert_eq!(world.begin_reset(&ada).1.choices(), shown);
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    assert_eq!(world.begin_reset(&ada).1.choices(), shown);
}

/// Counts what is drawn.
struct Counting(ChaCha20Rng, usize);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.1 += 4;
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.1 += 8;
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.1 += bytes.len();
        self.0.try_fill_bytes(bytes)
    }
}

impl TryCryptoRng for Counting {}

#[test]
fn beginning_draws_as_much_at_random_for_everybody() {
    let mut world = world_of_resets();
    let mut drawn = BTreeSet::new();
    for (person, _) in people(&mut world) {
        for phone in [false, true] {
            let visit = world.visit(&person);
            let mut rng = Counting(ChaCha20Rng::from_seed([5; 32]), 0);
            let on = world.flow.on(world.account(&person.key), &visit, &mut rng);
            let change = if phone {
                on.begin_phone_sign_in()
            } else {
                on.begin_reset()
            };
            let events = change.write().outgoing().iter();
            let events = events.filter(|outgoing| matches!(outgoing, Outgoing::Event(_)));
            drawn.insert((phone, events.count(), rng.1));
        }
    }
    assert_eq!(drawn.len(), 2, "{drawn:?}");
}
