//! Servers as processes of their own, each with a directory of its own: started, killed and started again as machines are.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use pingyi::rehearsal::{ServerAddress, Wire};
use pingyi::server_secret::ServerSecret;
use pingyi::store::redis::sealing::Sealing;
use tempfile::TempDir;

use super::process::free_port;
use crate::patience::{PATIENCE, eventually};

/// A server's patience with itself: requests of a hall are repeated by the hall.
const ONE_ATTEMPT: Duration = Duration::ZERO;

/// What every server is given.
pub const OPERATOR_KEY: &str = "the operator key of all servers";

/// How things lie at the Redis of these servers, for who has their operator key.
pub fn sealing() -> &'static Sealing {
    static SEALING: LazyLock<Sealing> =
        LazyLock::new(|| Sealing::new(&ServerSecret::of_operator_key(OPERATOR_KEY).unwrap()));
    &SEALING
}

/// Lines of a server's log that a test that failed shows.
const LAST_LINES: usize = 40;

pub struct Server {
    data: TempDir,
    redis: Vec<String>,
    /// Whether anybody may make meetings, or only who has the key.
    is_open: bool,
    /// As `ulimit` is told them; nothing for those of the test.
    files: Option<&'static str>,
    talks_of: &'static str,
    child: Option<Child>,
    /// What the process that runs printed after its address.
    said: Arc<Mutex<Vec<String>>>,
    pub wire: Wire,
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // What it said last, for whoever looks into it.
            let log = std::fs::read_to_string(self.log()).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(LAST_LINES).collect();
            println!("{}", last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
        self.kill();
    }
}

impl Server {
    /// A server that meets others at Redis, with more arguments, as `["--redis-replicas", "1"]`.
    pub fn start(redis: &str, more: &[&str]) -> Self {
        let mut arguments = vec!["--redis".to_owned(), redis.to_owned()];
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        Self::start_with(arguments, "pingyi=trace")
    }

    /// A server at that Redis, or alone, of which every part logs all that it can: also the libraries.
    pub fn start_talkative(redis: Option<&str>) -> Self {
        let arguments = redis.into_iter().flat_map(|redis| ["--redis".to_owned(), redis.to_owned()]).collect();
        Self::start_with(arguments, "trace")
    }

    /// A server alone that leaks: it logs what goes through its sockets, which only this very name brings about.
    pub fn start_leaking() -> Self {
        Self::start_with(Vec::new(), "trace,tungstenite::protocol=trace")
    }

    /// A server alone which may have so many files open: `-n 400`.
    pub fn start_limited(files: &'static str) -> Self {
        Self::start_as(Vec::new(), true, Some(files), "pingyi=trace")
    }

    /// A server alone whose meetings are made with the key.
    pub fn start_with_key() -> Self {
        Self::start_as(Vec::new(), false, None, "pingyi=trace")
    }

    fn start_with(arguments: Vec<String>, talks_of: &'static str) -> Self {
        Self::start_as(arguments, true, None, talks_of)
    }

    fn start_as(arguments: Vec<String>, is_open: bool, files: Option<&'static str>, talks_of: &'static str) -> Self {
        let nowhere = Arc::new(ServerAddress::parse("http://127.0.0.1:1").unwrap());
        let mut server = Self {
            data: TempDir::new().unwrap(),
            redis: arguments,
            is_open,
            files,
            talks_of,
            child: None,
            said: Arc::default(),
            wire: Wire::new(nowhere, ONE_ATTEMPT),
        };
        let base_url = server.runs_on(&format!("127.0.0.1:{}", free_port()));
        server.wire = Wire::new(Arc::new(ServerAddress::parse(&base_url).unwrap()), ONE_ATTEMPT);
        server
    }

    fn runs_on(&mut self, listen: &str) -> String {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let binary = env!("CARGO_BIN_EXE_pingyi");
        let mut command = Command::new(if self.files.is_some() { "sh" } else { binary });
        if let Some(files) = self.files {
            command.args(["-c", r#"ulimit $0 && exec "$@""#, files, binary]);
        }
        let mut child = command
            .args(["serve", "--listen", listen, "--data"])
            .arg(self.data())
            .args(self.is_open.then_some("--open"))
            .args(&self.redis)
            .args(["--key", OPERATOR_KEY])
            .env("LC_ALL", "C")
            .env("RUST_LOG", self.talks_of)
            .env_remove("PINGYI_KEY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        self.child = Some(child);
        let address =
            |line: String| line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned);
        let Some(base_url) = lines.by_ref().find_map(address) else {
            panic!("the server does not start: {}", std::fs::read_to_string(self.log()).unwrap())
        };
        // Whoever prints must be read, or it waits.
        let said = Arc::new(Mutex::new(Vec::new()));
        self.said = Arc::clone(&said);
        std::thread::spawn(move || lines.for_each(|line| said.lock().unwrap().push(line)));
        base_url
    }

    /// The link of a meeting that it printed at its start, for a page.
    pub async fn printed_link(&self, page: &str, meeting: &str) -> String {
        let (page, meeting) = (format!("/{page}#k="), format!("&m={meeting}&"));
        let printed = async || {
            let said = self.said.lock().unwrap();
            said.iter().find(|line| line.contains(&page) && line.contains(&meeting)).cloned()
        };
        eventually("links to be printed", printed).await
    }

    /// What it logs, at the most talkative level.
    pub fn log(&self) -> std::path::PathBuf {
        self.data.path().join("log")
    }

    /// Its data directory.
    pub fn data(&self) -> std::path::PathBuf {
        self.data.path().join("data")
    }

    pub fn process(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// The same directory and port again.
    pub fn start_again(&mut self) {
        self.kill();
        let listen = self.wire.address().authority.clone();
        self.runs_on(&listen);
    }

    /// Asks it to stop, as a service manager does, and waits until it has.
    pub async fn stops(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        let status = tokio::time::timeout(PATIENCE, ended).await.unwrap().unwrap();
        assert!(status.success(), "{status}");
    }
}
