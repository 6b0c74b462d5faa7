//! The page that asks for the second step, and why it asks for nothing.

use crate::common::browser::{Answer, Browser};
use crate::common::{Portal, accounts};

/// Where the method that a sign-in begins with would be a code by text.
fn with_text() -> Portal {
    let portal = Portal::start(&[]);
    accounts::give_text(&portal, "ada");
    portal
}

/// A new browser, and where its visitor is led.
fn signs_in(portal: &Portal, language: &str, password: &str) -> (Browser, Answer) {
    let mut browser = Browser::of(portal);
    let chosen = [("language", language), ("path", "/")];
    assert_eq!(browser.post("/language", &chosen).status, 303);
    let form = [("name", "ada"), ("password", password)];
    let answer = browser.post("/sign-in", &form);
    (browser, answer)
}

/// What the alert of a page says.
fn alert(page: &Answer) -> &str {
    let alert = page.body.split_once("role=\"alert\"");
    let words = alert.and_then(|(_, rest)| rest.split_once("<p>"));
    words.map_or("", |(_, rest)| rest.split_once("</p>").unwrap().0)
}

#[test]
fn where_nothing_is_sent_because_it_was_just_now_the_page_says_so() {
    let portal = with_text();
    let password = portal.password("ada");
    let (mut first, answer) = signs_in(&portal, "en", password);
    assert_eq!(answer.location(), "/verify");
    let page = first.get("/verify");
    assert!(
        page.body.contains("Enter the code that we sent"),
        "{page:?}"
    );
    assert_eq!(alert(&page), "");

    let too_soon = [
        (
            "en",
            "Something was sent to you just now",
            " seconds, or choose another way.",
        ),
        (
            "nl",
            "Er is zojuist al iets naar u verzonden",
            " seconden, of kies een andere manier.",
        ),
    ];
    for (language, begins, ends) in too_soon {
        let (mut browser, _) = signs_in(&portal, language, password);
        let page = browser.get("/verify");
        assert!(page.body.contains("class=\"choices\""), "{page:?}");
        let said = alert(&page);
        assert!(said.starts_with(begins) && said.ends_with(ends), "{said}");
        let digits = said.split(|sign: char| !sign.is_ascii_digit());
        let seconds = digits.filter(|word| !word.is_empty());
        let seconds: Vec<u32> = seconds.map(|word| word.parse().unwrap()).collect();
        assert!(matches!(seconds[..], [1..=30]), "{said}");
        // It is said once; what the person sees again is what can be chosen.
        assert_eq!(alert(&browser.get("/verify")), "");
    }
}

#[test]
fn who_does_not_know_the_password_hears_nothing_of_what_was_sent() {
    let portal = with_text();
    let (mut ada, _) = signs_in(&portal, "en", portal.password("ada"));
    assert_eq!(ada.get("/verify").status, 200);
    let (mut stranger, wrong) = signs_in(&portal, "en", "wrong");
    assert_eq!(alert(&wrong), "The name or the password is not right.");
    assert_eq!(stranger.get("/verify").location(), "/sign-in");
    // Nor does who begins with the name alone.
    let begun = stranger.post("/sign-in/phone", &[("name", "ada")]);
    assert_eq!(begun.location(), "/verify");
    assert_eq!(alert(&stranger.get("/verify")), "");
}
