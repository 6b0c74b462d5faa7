//! Where the packages are, and what each has.

use std::cell::OnceCell;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::REQUIRE_ALL;
use crate::axe;
use crate::postgres::{self, Postgres};
use crate::process::Job;

/// Workspaces of their own beside the main one, each with its own lock file.
pub(crate) const OWN_WORKSPACES: [&str; 4] = ["benches", "constant-time", "fuzz", "no-std-probe"];

/// The repository.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Shared by all workspaces, so that what two of them need is built once.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
    require_all: bool,
    postgres: OnceCell<Result<Postgres, String>>,
    axe: OnceCell<Result<PathBuf, String>>,
}

/// A member of the main workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Its single-file examples.
    pub(crate) examples: Vec<String>,
    /// What `[features]` of its manifest lists, without `default`.
    features: Vec<String>,
    /// Which of them are on by default.
    default_features: Vec<String>,
}

/// A choice of features, as words and as flags of cargo.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FeatureSet {
    pub(crate) name: String,
    pub(crate) flags: Vec<String>,
}

impl FeatureSet {
    fn new(name: &str, flags: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            flags: flags.iter().map(|&flag| flag.to_owned()).collect(),
        }
    }
}

impl Workspace {
    /// Finds the members by asking cargo.
    ///
    /// # Errors
    ///
    /// In words, when cargo cannot read the workspace, or its lock file is out of date.
    pub(crate) fn discover(require_all: bool) -> Result<Self, String> {
        let manifest_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest_directory.parent().unwrap_or(manifest_directory);
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        let mut workspace = Self {
            root: root.to_owned(),
            target,
            packages: Vec::new(),
            require_all,
            postgres: OnceCell::new(),
            axe: OnceCell::new(),
        };
        let listing = workspace
            .cargo("tree")
            .args(["--workspace", "--locked", "--depth=0", "--prefix=none"])
            .run()?;
        if !listing.status.success() {
            return Err(listing.details());
        }
        // `otp-core v0.1.0 (/where/it/is)`
        for line in listing.output.lines() {
            let name = line.split(' ').next().unwrap_or_default();
            let folder = line
                .split_once('(')
                .and_then(|(_, rest)| rest.strip_suffix(')'));
            if let Some(folder) = folder {
                workspace
                    .packages
                    .push(Package::read(name, Path::new(folder))?);
            }
        }
        Ok(workspace)
    }

    /// A cargo command in the main workspace.
    pub(crate) fn cargo(&self, command: &str) -> Job {
        self.settle(Job::new("cargo").arg(command))
    }

    /// A cargo command in one of the workspaces of their own.
    pub(crate) fn cargo_in(&self, own: &str, command: &str) -> Job {
        self.cargo(command).directory(&self.root.join(own))
    }

    /// The same for the nightly toolchain, which fuzzing needs.
    pub(crate) fn nightly_cargo_in(&self, own: &str, command: &str) -> Job {
        let job = Job::new("rustup").args(["run", "nightly", "cargo", command]);
        self.settle(job).directory(&self.root.join(own))
    }

    /// Tells the job where PostgreSQL is, which is started for the first who asks. Without one, tests say what they skip.
    pub(crate) fn with_postgres(&self, job: Job) -> Job {
        match self.postgres() {
            Ok(postgres) => job.env(postgres::URL, postgres.url()),
            Err(_) => job,
        }
    }

    /// Tells the job where axe-core is, which is fetched for the first who asks. Without it, tests say what they skip.
    pub(crate) fn with_axe(&self, job: Job) -> Job {
        match self.axe() {
            Ok(script) => job.env(axe::SCRIPT, script),
            Err(_) => job,
        }
    }

    /// The script of axe-core, or in words why there is none.
    pub(crate) fn axe(&self) -> Result<&Path, &str> {
        let script = self.axe.get_or_init(|| axe::ensure(&self.target));
        script.as_deref().map_err(String::as_str)
    }

    /// PostgreSQL, or in words why there is none.
    pub(crate) fn postgres(&self) -> Result<&Postgres, &str> {
        let postgres = self.postgres.get_or_init(Postgres::start);
        postgres.as_ref().map_err(String::as_str)
    }

    fn settle(&self, job: Job) -> Job {
        let job = job
            .directory(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_TERM_COLOR", "never");
        if self.require_all {
            job.env(REQUIRE_ALL, "1")
        } else {
            job
        }
    }
}

impl Package {
    fn read(name: &str, folder: &Path) -> Result<Self, String> {
        let path = folder.join("Cargo.toml");
        let manifest = fs::read_to_string(&path)
            .map_err(|problem| format!("{}: {problem}", path.display()))?;
        let mut examples = Vec::new();
        // No such folder: no examples.
        for entry in fs::read_dir(folder.join("examples")).into_iter().flatten() {
            let path = entry.map_err(|problem| problem.to_string())?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                examples.extend(
                    path.file_stem()
                        .map(|stem| stem.to_string_lossy().into_owned()),
                );
            }
        }
        examples.sort_unstable();
        let (features, default_features) = listed_features(&manifest);
        Ok(Self {
            name: name.to_owned(),
            examples,
            features,
            default_features,
        })
    }

    /// None, default and all of its features, as far as these differ.
    pub(crate) fn feature_sets(&self) -> Vec<FeatureSet> {
        if self.features.is_empty() {
            return vec![FeatureSet::new("", &[])];
        }
        let is_default = |feature: &String| self.default_features.contains(feature);
        let mut sets = Vec::new();
        if !self.default_features.is_empty() {
            sets.push(FeatureSet::new("no features", &["--no-default-features"]));
        }
        if !self.features.iter().all(is_default) {
            sets.push(FeatureSet::new("default features", &[]));
        }
        sets.push(FeatureSet::new("all features", &["--all-features"]));
        sets
    }

    /// Each of its features alone.
    pub(crate) fn single_features(&self) -> Vec<FeatureSet> {
        self.features
            .iter()
            .map(|feature| {
                FeatureSet::new(feature, &["--no-default-features", "--features", feature])
            })
            .collect()
    }
}

/// The keys of the `[features]` table without `default`, and what stands there, on one line.
fn listed_features(manifest: &str) -> (Vec<String>, Vec<String>) {
    let (default, others): (Vec<_>, Vec<_>) = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[features]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, enables)| (name.trim().trim_matches('"'), enables))
        .partition(|(name, _)| *name == "default");
    let on = default
        .iter()
        .flat_map(|(_, enables)| enables.split('"').skip(1).step_by(2));
    (
        others.iter().map(|(name, _)| (*name).to_owned()).collect(),
        on.map(str::to_owned).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(manifest: &str) -> Package {
        let (features, default_features) = listed_features(manifest);
        Package {
            name: "example".to_owned(),
            examples: Vec::new(),
            features,
            default_features,
        }
    }

    fn names(sets: &[FeatureSet]) -> Vec<&str> {
        sets.iter().map(|set| set.name.as_str()).collect()
    }

    #[test]
    fn a_package_without_features_is_built_once() {
        let package = package("[package]\nname = \"x\"\n");
        assert_eq!(names(&package.feature_sets()), [""]);
        assert_eq!(names(&package.single_features()), [""; 0]);
    }

    #[test]
    fn without_a_default_feature_none_and_default_are_the_same() {
        let package = package(
            "[features]\n## Words = more words.\nserde = [\"dep:serde\"]\n\n[lints]\nx = 1\n",
        );
        assert_eq!(
            names(&package.feature_sets()),
            ["default features", "all features"]
        );
        assert_eq!(names(&package.single_features()), ["serde"]);
    }

    #[test]
    fn a_default_feature_can_be_taken_away() {
        let package = package("[features]\ndefault = [\"png\"]\npng = []\nsvg = []\n");
        assert_eq!(
            names(&package.feature_sets()),
            ["no features", "default features", "all features"]
        );
        assert_eq!(names(&package.single_features()), ["png", "svg"]);
    }

    #[test]
    fn what_is_the_same_is_built_once() {
        let all = package("[features]\ndefault = [\"png\", \"svg\"]\npng = []\nsvg = []\n");
        assert_eq!(names(&all.feature_sets()), ["no features", "all features"]);
        let none = package("[features]\ndefault = []\npng = []\n");
        assert_eq!(
            names(&none.feature_sets()),
            ["default features", "all features"]
        );
    }

    #[test]
    fn finds_the_members_of_this_workspace() {
        let workspace = Workspace::discover(false).unwrap();
        let names: Vec<&str> = workspace
            .packages
            .iter()
            .map(|package| package.name.as_str())
            .collect();
        for expected in [
            "otp-core",
            "otp-uri",
            "otp-qr",
            "mfa-policy",
            "quickstart",
            "policyctl",
            "xtask",
        ] {
            assert!(
                names.contains(&expected),
                "{expected} is missing in {names:?}"
            );
        }
    }
}
