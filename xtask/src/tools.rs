//! Programs that some checks need and that may be missing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::Job;

/// A program, and how it gets here.
#[derive(Debug)]
pub(crate) struct Tool {
    program: &'static str,
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// A package of Debian and its relatives.
    Debian(&'static str),
    /// A crate of this exact version, with more flags for `cargo install`.
    Crate(&'static str, &'static [&'static str]),
}

/// What every test suite may call, so it is here before the first one starts.
pub(crate) const FOR_TESTS: [Tool; 8] = [
    Tool {
        program: "age",
        source: Source::Debian("age"),
    },
    Tool {
        program: "aiosmtpd",
        source: Source::Debian("python3-aiosmtpd"),
    },
    Tool {
        program: "chromedriver",
        source: Source::Debian("chromium-driver"),
    },
    Tool {
        program: "chromium",
        source: Source::Debian("chromium"),
    },
    Tool {
        program: "oathtool",
        source: Source::Debian("oathtool"),
    },
    Tool {
        program: "tmux",
        source: Source::Debian("tmux"),
    },
    Tool {
        program: "zbarimg",
        source: Source::Debian("zbar-tools"),
    },
    STRACE,
];
pub(crate) const STRACE: Tool = Tool {
    program: "strace",
    source: Source::Debian("strace"),
};
/// Some distributions have it in the package of Node.js, so it is installed only where it is missing.
pub(crate) const NPM: Tool = Tool {
    program: "npm",
    source: Source::Debian("npm"),
};
/// Comes with the server; Debian's package also starts a server of its own, which is not used.
pub(crate) const INITDB: Tool = Tool {
    program: "initdb",
    source: Source::Debian("postgresql"),
};
pub(crate) const RUNUSER: Tool = Tool {
    program: "runuser",
    source: Source::Debian("util-linux"),
};
pub(crate) const VALGRIND: Tool = Tool {
    program: "valgrind",
    source: Source::Debian("valgrind"),
};
pub(crate) const OBJDUMP: Tool = Tool {
    program: "objdump",
    source: Source::Debian("binutils"),
};
pub(crate) const CARGO_FUZZ: Tool = Tool {
    program: "cargo-fuzz",
    source: Source::Crate("cargo-fuzz@0.13.2", &[]),
};
/// Unoptimised it is built in a minute, and the lock file it reads is small.
pub(crate) const CARGO_DENY: Tool = Tool {
    program: "cargo-deny",
    source: Source::Crate("cargo-deny@0.20.2", &["--debug", "--no-default-features"]),
};

impl Tool {
    /// Makes sure that the program is there, installing it where that is possible without asking: a Debian package
    /// as root, a crate anywhere.
    ///
    /// # Errors
    ///
    /// Why it is not there, in words.
    pub(crate) fn ensure(&self) -> Result<(), String> {
        if self.is_there() {
            return Ok(());
        }
        match self.source {
            Source::Debian(package) => install_package(package)?,
            Source::Crate(version, flags) => install_crate(version, flags)?,
        }
        if self.is_there() {
            Ok(())
        } else {
            Err(format!(
                "`{}` was installed and is still not in the PATH",
                self.program
            ))
        }
    }

    fn is_there(&self) -> bool {
        find(self.program).is_some()
    }
}

/// Whether the nightly toolchain, which fuzzing needs, is there. It is large, so it is not installed unasked.
///
/// # Errors
///
/// Why it is not there, in words.
pub(crate) fn ensure_nightly() -> Result<(), String> {
    match Job::new("rustup")
        .args(["run", "nightly", "rustc", "--version"])
        .run()
    {
        Ok(ended) if ended.status.success() => Ok(()),
        _ => Err("no nightly toolchain (`rustup toolchain install nightly`)".to_owned()),
    }
}

fn install_package(package: &str) -> Result<(), String> {
    let by_hand = format!("`{package}` is not installed (`apt-get install {package}`)");
    if find("apt-get").is_none() || !is_root() {
        return Err(by_hand);
    }
    println!("installing {package}");
    let apt = |words: &[&str]| {
        Job::new("apt-get")
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    let install = ["install", "--yes", "--no-install-recommends", package];
    // The package lists of a new machine are empty or old.
    if apt(&install)?.status.success() {
        return Ok(());
    }
    apt(&["update"])?;
    let ended = apt(&install)?;
    if ended.status.success() {
        Ok(())
    } else {
        Err(format!("{by_hand}\n{}", ended.details()))
    }
}

fn install_crate(version: &str, flags: &[&str]) -> Result<(), String> {
    println!("installing {version}");
    let ended = Job::new("cargo")
        .args(["install", "--locked", version])
        .args(flags)
        .run()?;
    if ended.status.success() {
        Ok(())
    } else {
        Err(ended.details())
    }
}

pub(crate) fn is_root() -> bool {
    Job::new("id")
        .arg("-u")
        .run()
        .is_ok_and(|ended| ended.output.trim() == "0")
}

/// Where the PATH finds a program, or Debian keeps the programs of PostgreSQL, each version in a folder of its own.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let versions = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    env::split_paths(&path)
        .chain(versions)
        .map(|folder| folder.join(program))
        .find(|file: &PathBuf| Path::is_file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_in_the_path_and_nothing_else() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-here").is_none());
    }
}
