//! Processes of their own: the server under test and the floor. Their CPU time and memory are read from outside.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running process that is ended when it is dropped.
pub struct Process {
    child: Child,
    pub base_url: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the release binary's `serve` on a data directory, with more arguments.
pub fn server(data: &Path, listen: &str, more: &[&str]) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    command.args(["serve", "--listen", listen, "--data"]).arg(data).args(more);
    command.env("LANG", "C").env("RUST_LOG", "pingyi=warn");
    started(command)
}

/// CPU time that a process used so far, user and system.
pub fn cpu_of(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    // The second field is a name in parentheses; 14 and 15 are ticks of 10 ms (proc(5)).
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = [11, 12].into_iter().map(|at| fields[at].parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// Starts this binary once more, as the floor.
pub fn floor() -> Process {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(crate::FLOOR);
    started(command)
}

fn started(mut command: Command) -> Process {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = |line: String| line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned);
    let base_url = lines.by_ref().map(Result::unwrap).find_map(address).unwrap();
    // Whoever prints must be read, or it waits.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    Process { child, base_url }
}

impl Process {
    /// The address without its scheme.
    pub fn authority(&self) -> &str {
        self.base_url.trim_start_matches("http://")
    }

    /// CPU time used so far, user and system.
    pub fn cpu(&self) -> Duration {
        cpu_of(self.child.id())
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Waits until the process does next to nothing.
    pub async fn settles(&self) {
        let give_up_at = Instant::now() + Duration::from_secs(60);
        let mut last = self.cpu();
        while Instant::now() < give_up_at {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let now = self.cpu();
            if now.saturating_sub(last) <= Duration::from_millis(10) {
                return;
            }
            last = now;
        }
    }
}

/// Thousands of sockets need as many file descriptors: starts this program once more with all that the system allows.
pub fn raise_file_limit() {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        const RAISED: &str = "PINGYI_LOAD_RAISED";
        if std::env::var_os(RAISED).is_none() {
            let again = r#"ulimit -n "$(ulimit -Hn)"; exec "$0" "$@""#;
            let program = std::env::current_exe().unwrap();
            let error = Command::new("sh")
                .arg("-c")
                .arg(again)
                .arg(program)
                .args(std::env::args().skip(1))
                .env(RAISED, "1")
                .exec();
            println!("the limit of open files could not be raised: {error}");
        }
    }
}
