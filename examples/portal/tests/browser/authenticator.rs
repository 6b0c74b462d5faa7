//! Somebody's authenticator app: reads the picture on the screen with zbar, and shows codes as the OATH Toolkit does.

use std::cell::Cell;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use url::Url;

/// Seconds that a code is shown.
const PERIOD: u64 = 30;

/// An account in the app.
pub(crate) struct Authenticator {
    /// In Base32, as it came.
    pub(crate) secret: String,
    /// The number of the period whose code was last typed.
    used: Cell<u64>,
}

impl Authenticator {
    /// Takes the account up from the text of a QR code.
    pub(crate) fn scan(text: &str) -> Self {
        let uri = Url::parse(text).unwrap();
        assert_eq!((uri.scheme(), uri.host_str()), ("otpauth", Some("totp")));
        let (_, secret) = uri
            .query_pairs()
            .find(|(name, _)| name == "secret")
            .unwrap();
        Self::typed(&secret)
    }

    /// Takes it up from the key, as somebody types it.
    pub(crate) fn typed(key: &str) -> Self {
        Self {
            secret: key.split_whitespace().collect(),
            used: Cell::new(0),
        }
    }

    /// A code that was not typed yet and is good now: of this period, or of the next, which the portal takes as well. So there are two
    /// at any time, and a story that needs a third at once proves itself by something else.
    pub(crate) fn code(&self) -> String {
        let now = UNIX_EPOCH.elapsed().unwrap().as_secs() / PERIOD;
        let period = now.max(self.used.get() + 1);
        assert!(period <= now + 1, "the app has no third code yet");
        self.used.set(period);
        self.code_of(period)
    }

    /// The code that was typed last.
    pub(crate) fn same_code(&self) -> String {
        self.code_of(self.used.get())
    }

    /// A code that the app shows at no time near now.
    pub(crate) fn wrong_code(&self) -> String {
        let now = UNIX_EPOCH.elapsed().unwrap().as_secs() / PERIOD;
        let near: Vec<String> = (now - 3..now + 4)
            .map(|period| self.code_of(period))
            .collect();
        let all = (0..).map(|number| format!("{number:06}"));
        all.into_iter().find(|code| !near.contains(code)).unwrap()
    }

    fn code_of(&self, period: u64) -> String {
        let time = period * PERIOD;
        let output = filter(
            "oathtool",
            &["--totp", "--base32", &format!("--now=@{time}"), "-"],
            self.secret.as_bytes(),
        );
        output.trim().to_owned()
    }
}

/// The texts of the QR codes that a picture shows.
pub(crate) fn qr_codes(png: &[u8]) -> Vec<String> {
    let output = filter(
        "zbarimg",
        &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "png:-"],
        png,
    );
    output.lines().map(str::to_owned).collect()
}

/// What a program makes of its input.
fn filter(program: &str, arguments: &[&str], input: &[u8]) -> String {
    let mut process = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    let output = process.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
