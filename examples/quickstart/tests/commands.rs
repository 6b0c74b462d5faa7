//! The program as a person uses it: a folder, commands, exit codes.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// An empty folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Seen {
        Seen::from(self.command(arguments).output().unwrap())
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }
}

struct Seen {
    exit: i32,
    out: String,
    error: String,
}

impl From<Output> for Seen {
    fn from(output: Output) -> Self {
        Self {
            exit: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The code that `quickstart code` prints first.
fn code(folder: &Folder, source: &str) -> String {
    let seen = folder.run(&["code", source]);
    assert_eq!(seen.exit, 0, "{}", seen.error);
    seen.out.split_whitespace().next().unwrap().to_owned()
}

const HOTP: &str =
    "otpauth://hotp/Acme:token?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme&counter=0";

#[test]
fn the_story_ends_well() {
    let seen = Folder::new("story").run(&[]);
    assert_eq!(seen.exit, 0, "{}", seen.error);
    let answers = |answer: &str| {
        seen.out
            .lines()
            .filter(|line| line.contains("typed:") && line.ends_with(answer))
            .count()
    };
    assert_eq!(
        (answers("accepted"), answers("rejected")),
        (6, 3),
        "{}",
        seen.out
    );
}

#[test]
fn a_code_is_accepted_once() {
    let folder = Folder::new("once");
    assert_eq!(
        folder
            .run(&["new", "--issuer", "Acme", "--account", "ada"])
            .exit,
        0
    );
    let code = code(&folder, "enrolment.json");
    let (left, right) = code.split_at(3);
    let typed = format!(" {left}-{right}");
    let first = folder.run(&["verify", "enrolment.json", &typed]);
    assert_eq!((first.exit, first.out.trim()), (0, "accepted"));
    let after = folder.text("enrolment.json");
    let second = folder.run(&["verify", "enrolment.json", &typed]);
    assert_eq!((second.exit, second.out.trim()), (1, "rejected"));
    assert_eq!(folder.text("enrolment.json"), after);
}

#[test]
fn of_many_processes_with_one_code_one_is_let_in() {
    let folder = Folder::new("many");
    assert_eq!(
        folder
            .run(&["new", "--issuer", "Acme", "--account", "ada"])
            .exit,
        0
    );
    let code = code(&folder, "enrolment.json");
    let children: Vec<_> = (0..12)
        .map(|_| {
            let mut command = folder.command(&["verify", "enrolment.json", &code]);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut exits: Vec<i32> = children
        .into_iter()
        .map(|child| Seen::from(child.wait_with_output().unwrap()).exit)
        .collect();
    exits.sort_unstable();
    assert_eq!(exits, [[0].as_slice(), &[1; 11]].concat());
}

#[test]
fn a_new_enrolment_is_private_and_overwrites_nothing() {
    let folder = Folder::new("new");
    let new = [
        "new",
        "--issuer",
        "Ac me",
        "--account",
        "ada@example.com",
        "--svg",
        "qr.svg",
        "--png",
        "qr.png",
    ];
    let seen = folder.run(&new);
    assert_eq!(seen.exit, 0, "{}", seen.error);
    for file in ["enrolment.json", "qr.svg", "qr.png"] {
        let metadata = fs::metadata(folder.0.join(file)).unwrap();
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777,
            0o600,
            "{file}"
        );
        assert!(metadata.len() > 0);
    }
    let before = folder.text("enrolment.json");
    assert_eq!(folder.run(&new).exit, 2);
    assert_eq!(folder.text("enrolment.json"), before);

    // The picture, the file and the printed key are the same key.
    assert_eq!(code(&folder, "qr.png"), code(&folder, "enrolment.json"));
    let key: String = seen
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("key"))
        .unwrap()
        .split_whitespace()
        .collect();
    assert!(before.contains(&key));
    let read = folder.run(&["read", "qr.png"]);
    assert!(
        read.out.contains("Ac me") && read.out.contains("ada@example.com"),
        "{}",
        read.out
    );
    assert!(
        !read.out.contains(&key),
        "reading is not showing the secret"
    );
}

#[test]
fn a_token_that_ran_ahead_is_found_by_two_codes() {
    let folder = Folder::new("ahead");
    assert_eq!(folder.run(&["import", HOTP]).exit, 0);
    // RFC 4226 appendix D.
    let verify = |code| folder.run(&["verify", "enrolment-1.json", code]).exit;
    assert_eq!(verify("755224"), 0);
    assert_eq!(verify("755224"), 1);
    // Counter 7 is beyond the look-ahead of 3 from counter 1; 7 and 8 in a row are found.
    assert_eq!(verify("162583"), 1);
    assert_eq!(
        folder
            .run(&["resync", "enrolment-1.json", "399871", "162583"])
            .exit,
        1
    );
    assert_eq!(
        folder
            .run(&["resync", "enrolment-1.json", "162583", "399 871"])
            .exit,
        0
    );
    assert_eq!(verify("399871"), 1);
    assert_eq!(verify("520489"), 0);
}

#[test]
fn enrolments_move_by_migration_and_keep_their_counter() {
    let folder = Folder::new("move");
    assert_eq!(folder.run(&["import", HOTP]).exit, 0);
    assert_eq!(
        folder.run(&["verify", "enrolment-1.json", "755224"]).exit,
        0
    );
    assert_eq!(
        folder
            .run(&["new", "--issuer", "Acme", "--account", "ada"])
            .exit,
        0
    );
    let seen = folder.run(&["export", "enrolment-1.json", "enrolment.json"]);
    let uri = seen
        .out
        .lines()
        .find(|line| line.starts_with("otpauth-migration:"))
        .unwrap();
    fs::create_dir(folder.0.join("phone")).unwrap();
    let seen = folder.run(&["import", uri, "--directory", "phone"]);
    assert_eq!(seen.exit, 0, "{}", seen.error);
    // RFC 4226 appendix D: counter 1.
    assert_eq!(code(&folder, "phone/enrolment-1.json"), "287082");
    assert_eq!(
        code(&folder, "phone/enrolment-2.json"),
        code(&folder, "enrolment.json")
    );
}

#[test]
fn bad_input_is_an_error_that_changes_nothing_and_tells_no_secret() {
    let folder = Folder::new("bad");
    assert_eq!(folder.run(&["import", HOTP]).exit, 0);
    let before = folder.text("enrolment-1.json");
    fs::write(
        folder.0.join("broken.json"),
        before.replace("GEZDGNB", "GEZDGN1"),
    )
    .unwrap();
    fs::write(folder.0.join("other.json"), before.replace("hotp", "totp")).unwrap();
    fs::write(
        folder.0.join("cut.json"),
        before.get(..before.len() / 2).unwrap(),
    )
    .unwrap();
    fs::write(folder.0.join("picture.png"), &before).unwrap();
    let with_secret = HOTP.replace("hotp", "motp");
    for arguments in [
        vec!["verify", "absent.json", "755224"],
        vec!["verify", "broken.json", "755224"],
        vec!["verify", "other.json", "755224"],
        vec!["verify", "cut.json", "755224"],
        vec!["verify", "enrolment-1.json"],
        vec!["read", "picture.png"],
        vec!["read", &with_secret],
        vec!["read", "-"],
        vec!["resync", "enrolment-1.json", "162583"],
        vec!["import", "phonefactor://activate_account?code=123456789"],
        vec!["new", "--issuer", "a:b", "--account", "ada", "new.json"],
        vec!["new", "--issuer", "", "--account", "ada", "new.json"],
        vec!["nonsense"],
    ] {
        let seen = folder.run(&arguments);
        assert_eq!(seen.exit, 2, "{arguments:?}: {}{}", seen.out, seen.error);
        assert!(
            !seen.error.contains("GEZDGN") && !seen.error.contains("panicked"),
            "{}",
            seen.error
        );
    }
    for wrong in ["", "000000", "75522", "7552244", "７５５２２４", "-55224"] {
        assert_eq!(
            folder
                .run(&["verify", "--", "enrolment-1.json", wrong])
                .exit,
            1
        );
    }
    assert_eq!(folder.text("enrolment-1.json"), before);
    assert!(!folder.0.join("new.json").exists());
}
