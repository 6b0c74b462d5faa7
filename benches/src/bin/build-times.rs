//! How many crates our crates and `totp-rs` bring along, and how long a clean release build of each takes.
//!
//! `cargo run --release --bin build-times [-- ROUNDS]`: everybody takes turns, the least time counts. Each build has a
//! package and a target folder of its own, and the versions of this workspace's lock file. It works offline when this workspace
//! has been built before.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};

const ROUNDS: usize = 3;

struct Build {
    name: &'static str,
    folder: PathBuf,
    /// Built into the program.
    linked: usize,
    /// Compiled, with macros and build scripts.
    compiled: usize,
    times: Vec<Duration>,
}

fn main() {
    let rounds = env::args()
        .nth(1)
        .map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.parent().expect("a folder above");
    let folder = env::temp_dir().join(format!("otp-build-times-{}", std::process::id()));

    let ours = |name: &str| format!("{name} = {{ path = {:?} }}\n", root.join(name));
    let all: String = ["otp-core", "otp-uri", "otp-qr"].map(ours).concat();
    // The QR code of `totp-rs` is always a PNG; ours is one by a feature.
    let with_png = all.replace("otp-qr\" }", "otp-qr\", features = [\"png\"] }");
    assert_ne!(all, with_png);
    let theirs = r#"totp-rs = { version = "6", features = ["otpauth", "qr"] }"#;
    let mut builds = [
        ("otp-core", ours("otp-core").as_str()),
        ("otp-core, otp-uri and otp-qr", &all),
        ("the same with png", &with_png),
        ("totp-rs", r#"totp-rs = "6""#),
        ("totp-rs with otpauth and qr", theirs),
    ]
    .map(|(name, dependencies)| Build::new(name, dependencies, &folder, here));

    for _ in 0..rounds {
        builds.iter_mut().for_each(Build::time);
    }

    println!("| clean release build | crates linked | compiled | least time |");
    println!("|---|---:|---:|---:|");
    for build in &builds {
        let Build {
            name,
            linked,
            compiled,
            times,
            ..
        } = build;
        let least = times.iter().min().expect("at least one round");
        println!(
            "| {name} | {linked} | {compiled} | {:.2} s |",
            least.as_secs_f64()
        );
    }
    fs::remove_dir_all(&folder).expect("removing our own folder");
}

impl Build {
    fn new(name: &'static str, dependencies: &str, parent: &Path, workspace: &Path) -> Self {
        let folder = parent.join(name.replace([' ', ','], "-"));
        let manifest = format!(
            "[workspace]\n[package]\nname = \"empty\"\nedition = \"2024\"\n[dependencies]\n{dependencies}\n"
        );
        fs::create_dir_all(folder.join("src")).expect("a folder of our own");
        fs::write(folder.join("src/lib.rs"), "").expect("an empty crate");
        fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");

        let mut build = Self {
            name,
            folder,
            linked: 0,
            compiled: 0,
            times: Vec::new(),
        };
        build.linked = build.crates("normal,no-proc-macro");
        build.compiled = build.crates("normal,build");
        build
    }

    fn crates(&self, edges: &str) -> usize {
        let tree = self.cargo(&["tree", "--prefix", "none", "--edges", edges]);
        let tree = String::from_utf8(tree.stdout).expect("text");
        // Name and version; the package that we made up is not one of them.
        let crates: BTreeSet<Vec<&str>> = tree
            .lines()
            .map(|line| line.split(' ').take(2).collect())
            .filter(|crate_: &Vec<&str>| !matches!(crate_.as_slice(), [] | [""] | ["empty", ..]))
            .collect();
        crates.len()
    }

    fn time(&mut self) {
        let target = self.folder.join("target");
        if target.exists() {
            fs::remove_dir_all(&target).expect("removing our own folder");
        }
        let start = Instant::now();
        self.cargo(&["build", "--release"]);
        self.times.push(start.elapsed());
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .arg("--offline")
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .output()
            .expect("cargo");
        assert!(
            output.status.success(),
            "{}: {}",
            self.name,
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }
}
