//! The portal as people use it: in Chromium, driven by WebDriver, with decoders and code generators that are not ours.
//!
//! Each test is a story with a portal, a data folder and browsers of its own, which are gone when it ends, however it ends.
//! What a page is asked for is what a person sees and hears: names of buttons and fields as a screen reader says them,
//! headings, alerts, and the picture on the screen.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may stop"
)]

mod accessibility;
mod acts;
mod administration;
mod app;
mod app_password;
mod app_rounds;
mod app_screen;
mod authenticator;
mod axe;
mod browser;
mod driver;
mod languages;
mod methods;
mod phone;
mod phone_sign_in;
mod portal;
mod postgres;
mod recovery_codes;
mod registration;
mod reset;
mod security_key;
mod signing_in;
mod stage;
mod temporary_pass;
mod two_portals;
