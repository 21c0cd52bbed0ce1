//! A redis-server process of a test's own: on a free port, in a directory that is removed with it. It can be killed and
//! started again, with what it saved or without. It knows nothing of what is kept in it.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;

/// Where the ports begin that the system gives to outgoing connections.
const PORTS_END: u16 = 32_768;

/// A running redis-server, killed when it is dropped.
pub struct RedisProcess {
    directory: TempDir,
    port: u16,
    more: Vec<String>,
    child: Option<Child>,
}

impl RedisProcess {
    /// One as a server wants it: no append-only file, nothing evicted, nothing saved by itself.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments, as `["--replicaof", "127.0.0.1 7000"]`.
    pub fn start_with(more: &[&str]) -> Self {
        let more = more.iter().map(|argument| (*argument).to_owned()).collect();
        let mut process = Self { directory: TempDir::new().unwrap(), port: 0, more, child: None };
        process.runs_on(free_port());
        process
    }

    /// One that finds this snapshot.
    pub fn start_from(snapshot: &[u8]) -> Self {
        let mut process = Self { directory: TempDir::new().unwrap(), port: 0, more: Vec::new(), child: None };
        std::fs::write(process.directory.path().join("dump.rdb"), snapshot).unwrap();
        process.runs_on(free_port());
        process
    }

    /// None at all: for who must give a running one away.
    pub fn nowhere() -> Self {
        Self { directory: TempDir::new().unwrap(), port: 0, more: Vec::new(), child: None }
    }

    /// Starts the process and waits until it takes connections.
    fn runs_on(&mut self, port: u16) {
        let mut child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--maxmemory-policy", "noeviction", "--daemonize", "no", "--logfile", "", "--dir"])
            .arg(self.directory.path())
            .args(&self.more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        if !is_ready(&mut log) {
            panic!("redis-server on port {port} ended: {}", child.wait().unwrap());
        }
        // What it says later is read away: a full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        self.port = port;
        self.child = Some(child);
    }

    /// The process, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Where its snapshots are.
    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// A connection of the test itself.
    pub fn connection(&self) -> redis::Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }

    /// One command of the test itself, as `["CONFIG", "SET", "maxmemory-policy", "noeviction"]`.
    pub fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let mut packed = redis::cmd(command[0]);
        command[1..].iter().for_each(|argument| {
            packed.arg(argument);
        });
        packed.query(&mut self.connection()).unwrap()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// On the same port again, with the snapshot of the last `SAVE` where there is one.
    pub fn start_again(&mut self) {
        self.kill();
        self.runs_on(self.port);
    }

    /// On the same port again, with nothing.
    pub fn start_again_empty(&mut self) {
        self.kill();
        // Where nothing was saved there is nothing to remove.
        let _ = std::fs::remove_file(self.directory.path().join("dump.rdb"));
        self.start_again();
    }
}

impl Drop for RedisProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_ready(log: &mut BufReader<ChildStdout>) -> bool {
    log.lines().map_while(Result::ok).any(|line| line.contains("Ready to accept connections"))
}

/// A port that nobody listens on, and that is not given again. Nobody else takes it while the process that it was
/// given to is down; test runs side by side begin apart.
pub fn free_port() -> u16 {
    static NEXT: LazyLock<AtomicU16> =
        LazyLock::new(|| AtomicU16::new(10_000 + 100 * u16::try_from(std::process::id() % 100).unwrap()));
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(port < PORTS_END, "all ports below {PORTS_END} were given");
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
