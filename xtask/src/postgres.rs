//! A PostgreSQL that lives as long as the checks do.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use crate::tools::{self, INITDB, RUNUSER};

/// What test binaries read: the URL of a server that is theirs to create databases in, and to crash.
pub(crate) const URL: &str = "OTP_POSTGRES";

/// Whom Debian's package makes for the server, which refuses to run as root.
const USER: &str = "postgres";

/// The whole life of the server. It ends when standard input does, so it never outlives the checks, however they end.
///
/// Nobody else reaches it: its socket lies in a folder of mode 0700, and it has no port. `/var/tmp` is on a disk where `/tmp`
/// may be memory, and durability is what the tests are about. Nothing makes it faster at the cost of that.
const LIFE: &str = r#"
set -e
exec 2>&1
folder=$(mktemp -d /var/tmp/otp-postgres.XXXXXX)
end() {
    "$1/pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop || :
    rm -rf "$folder"
}
trap 'end "$1"' EXIT
"$1/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --no-locale
# One line: what comes after the first is not handed on.
options="-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=300"
"$1/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait --silent --options="$options" start || {
    cat "$folder/log"
    exit 1
}
echo "ready $folder"
read -r _ || :
"#;

/// A running server. Dropped, it is gone with all its data.
#[derive(Debug)]
pub(crate) struct Postgres {
    life: Child,
    url: String,
}

impl Postgres {
    /// Starts one, as the user who runs the checks, or for root as `postgres`.
    ///
    /// # Errors
    ///
    /// Why there is none, in words.
    pub(crate) fn start() -> Result<Self, String> {
        INITDB.ensure()?;
        let folder = tools::find("initdb")
            .and_then(|program| program.canonicalize().ok())
            .and_then(|program| program.parent().map(ToOwned::to_owned))
            .ok_or("`initdb` is gone")?;
        let mut command = if tools::is_root() {
            RUNUSER.ensure()?;
            let mut command = Command::new("runuser");
            command.args(["-u", USER, "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command
            .args(["-c", LIFE, "sh"])
            .arg(folder)
            // A folder that `postgres` may not enter would stop it.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // Ctrl-C is for the checks; the server ends after them, in its own way.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let failed = |problem| format!("PostgreSQL could not be started: {problem}");
        let mut life = command
            .spawn()
            .map_err(|problem| failed(problem.to_string()))?;
        let mut output = BufReader::new(life.stdout.take().ok_or("no standard output")?);
        let mut said = String::new();
        while output.read_line(&mut said).is_ok_and(|length| length > 0) {
            let last = said.lines().next_back().unwrap_or_default();
            if let Some(folder) = last.strip_prefix("ready ") {
                let url = format!("postgres:///postgres?host={folder}&user=postgres");
                return Ok(Self { life, url });
            }
        }
        // What it could not say in text is left out.
        let _ = output.read_to_string(&mut said);
        let _ = life.wait();
        Err(failed(said))
    }

    /// Its URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.life.stdin.take());
        // It has been told; nothing else can be done about it here.
        let _ = self.life.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_server_that_is_dropped_leaves_nothing_behind() {
        let server = match Postgres::start() {
            Ok(server) => server,
            Err(why) => {
                assert!(std::env::var_os(crate::REQUIRE_ALL).is_none(), "{why}");
                println!("SKIPPED: {why}");
                return;
            }
        };
        let (_, folder) = server.url().split_once("host=").unwrap();
        let folder = Path::new(folder.split('&').next().unwrap()).to_owned();
        let pid = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
        let command = Path::new("/proc")
            .join(pid.lines().next().unwrap())
            .join("cmdline");
        // A process that has ended and was not waited for yet has an empty one.
        let runs = || std::fs::read(&command).is_ok_and(|words| !words.is_empty());
        assert!(runs());
        let files = std::fs::read_dir(&folder).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        assert!(names.into_iter().any(|name| name.starts_with(".s.PGSQL.")));
        let log = std::fs::read_to_string(folder.join("log")).unwrap();
        assert!(!log.contains("address"), "it has a port: {log}");
        drop(server);
        assert!(!runs());
        assert!(!folder.exists());
    }
}
