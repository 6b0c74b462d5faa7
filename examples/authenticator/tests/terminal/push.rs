//! What portals ask, from the link to the signed answer.

use mfa_flow::Decision;

use crate::portal::{Portal, TOKEN, request};
use crate::program::{Folder, PASSPHRASE, Program};

/// Types keys as soon as the request takes them: it does not within its first second. Enter without a number does no harm.
fn answer(program: &mut Program, keys: &str) {
    program.wait_for("The number on the page:");
    program.retry("\r", "! Type the two digits that the page shows.");
    program.types(keys);
}

#[test]
fn paired_asked_approved_denied_and_reported() {
    let portal = Portal::start();
    let folder = Folder::with(&[]);
    let mut program = Program::unlocked(&folder);
    program.pastes(&portal.link());
    program.wait_for("Pair this app with the portal at");
    program.types("y");
    program.wait_for("Acme portal (ada@example.com)");
    program.wait_for("● connected");

    portal.ask(&request("AA", "two_step", false));
    program.wait_for("Acme portal asks");
    program.wait_for("192.0.2.7");
    answer(&mut program, "42\r");
    let approved = Decision::Approved {
        number: 42,
        user_verified: false,
    };
    assert_eq!(portal.answer().decision(), approved);
    program.wait_for("Approved. The page goes on by itself.");
    program.types("\r");

    portal.ask(&request("AB", "password_reset", false));
    program.wait_for("Somebody resets your password.");
    answer(&mut program, "d");
    assert_eq!(portal.answer().decision(), Decision::Denied);
    program.wait_for("Denied.");
    program.types("\r");

    portal.ask(&request("AC", "two_step", false));
    program.wait_for("Somebody signs in with your password.");
    answer(&mut program, "n");
    program.wait_for("Report that somebody else did this?");
    program.types("y");
    assert_eq!(portal.answer().decision(), Decision::Suspicious);
    program.wait_for("Denied and reported.");
    assert!(!program.written().contains(TOKEN));
}

#[test]
fn unlocking_connects_and_the_passphrase_is_the_gesture() {
    let portal = Portal::start();
    let folder = Folder::with(&[]);
    let mut program = Program::unlocked(&folder);
    program.pastes(&portal.link());
    program.wait_for("Pair this app");
    program.types("y");
    program.wait_for("● connected");
    program.types("\x1b");
    program.wait_until("the portals are gone", |program| {
        !program.screen().contains("● connected")
    });
    program.types("l");
    program.wait_for("The vault is locked");

    portal.ask(&request("AD", "first_factor", true));
    program.types(PASSPHRASE);
    program.types("\r");
    program.wait_for("Somebody signs in as you, without a password. Is it you?");
    answer(&mut program, "07\r");
    program.wait_for("Nobody was asked for a password.");
    program.types("wrong horse\r");
    program.wait_for("! The passphrase is wrong.");
    program.types(PASSPHRASE);
    program.types("\r");
    let approved = Decision::Approved {
        number: 7,
        user_verified: true,
    };
    assert_eq!(portal.answer().decision(), approved);
    program.wait_for("Approved. The page goes on by itself.");
    assert!(!program.written().contains(PASSPHRASE));
}
