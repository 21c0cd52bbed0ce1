//! A primary with replicas and three Sentinels that watch it. Every node is reached through a fault proxy, by everybody: its
//! proxy's address is the one that it announces, so that a test can part any of them from any other.

use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::fault_proxy::FaultProxy;
use super::process::{RedisProcess, free_port};
use crate::patience::eventually;

const SERVICE: &str = "meetings";
/// How soon a Sentinel calls a silent node dead, in milliseconds: tests do not wait for minutes.
const DOWN_AFTER_MS: u32 = 1_000;

pub struct Node {
    pub process: RedisProcess,
    pub proxy: FaultProxy,
}

pub struct Watched {
    pub nodes: Vec<Node>,
    sentinels: Vec<Sentinel>,
}

struct Sentinel {
    _directory: TempDir,
    port: u16,
    child: Child,
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watched {
    /// A primary and its replicas, connected.
    pub async fn start(replicas: usize) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        for _ in 0..=replicas {
            let proxy = FaultProxy::start().await;
            let port = proxy.port().to_string();
            let mut more = vec!["--replica-announce-ip", "127.0.0.1", "--replica-announce-port", &port];
            more.extend([
                "--min-replicas-to-write",
                "1",
                "--min-replicas-max-lag",
                "2",
                "--repl-ping-replica-period",
                "1",
            ]);
            more.extend(["--repl-diskless-sync-delay", "0", "--replica-serve-stale-data", "no"]);
            // A replica whose new primary is silent tries again within the patience of a hall.
            more.extend(["--repl-timeout", "5"]);
            let primary = nodes.first().map(|first| first.proxy.port().to_string());
            if let Some(primary) = &primary {
                more.extend(["--replicaof", "127.0.0.1", primary]);
            }
            let process = RedisProcess::start_with(&more);
            proxy.leads_to(process.port());
            nodes.push(Node { process, proxy });
        }
        let sentinels = (0..3).map(|_| Sentinel::start(nodes[0].proxy.port())).collect();
        let watched = Self { nodes, sentinels };
        watched.is_whole(replicas).await;
        watched
    }

    /// Waits until every replica follows and every Sentinel knows of all.
    async fn is_whole(&self, replicas: usize) {
        eventually("all replicas and Sentinels to know of each other", async || {
            let info: String = self.nodes[0].process.ask(&["INFO", "replication"]);
            let following = info.matches("state=online").count();
            let known = self.sentinels.iter().all(|sentinel| {
                let master = sentinel.asks("master");
                let field = |name: &str| master.lines().skip_while(|line| *line != name).nth(1).map(str::to_owned);
                field("num-slaves") == Some(replicas.to_string())
                    && field("num-other-sentinels").as_deref() == Some("2")
            });
            (following == replicas && known).then_some(())
        })
        .await;
    }

    /// What servers are started with.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self.sentinels.iter().map(|sentinel| format!("127.0.0.1:{}", sentinel.port)).collect();
        format!("redis+sentinel://{}/{SERVICE}", hosts.join(","))
    }

    /// The processes of all nodes and Sentinels.
    pub fn everybody(&self) -> Vec<u32> {
        let nodes = self.nodes.iter().filter_map(|node| node.process.id());
        nodes.chain(self.sentinels.iter().map(|sentinel| sentinel.child.id())).collect()
    }

    /// The node that the Sentinels call the primary.
    pub fn primary(&self) -> usize {
        let said = self.sentinels[0].asks("get-master-addr-by-name");
        let port: u16 = said.lines().nth(1).unwrap().parse().unwrap();
        self.nodes.iter().position(|node| node.proxy.port() == port).unwrap()
    }

    /// Waits until another node than that one is the primary.
    pub async fn moves_away_from(&self, old: usize) -> usize {
        eventually("another primary", async || {
            let now = self.primary();
            let role = || {
                let info: String = self.nodes[now].process.ask(&["INFO", "replication"]);
                info.contains("role:master")
            };
            (now != old && role()).then_some(now)
        })
        .await
    }
}

impl Sentinel {
    fn start(primary: u16) -> Self {
        let directory = TempDir::new().unwrap();
        let port = free_port();
        let configuration = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\nsentinel monitor {SERVICE} 127.0.0.1 {primary} 2\n\
             sentinel down-after-milliseconds {SERVICE} {DOWN_AFTER_MS}\nsentinel failover-timeout {SERVICE} 3000\n",
            directory.path().display()
        );
        let file = directory.path().join("sentinel.conf");
        std::fs::write(&file, configuration).unwrap();
        let child = Command::new("redis-server")
            .arg(&file)
            .arg("--sentinel")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { _directory: directory, port, child }
    }

    /// One answer of its own, a value a line; nothing while it does not answer.
    fn asks(&self, what: &str) -> String {
        let port = self.port.to_string();
        let asked = Command::new("redis-cli").args(["-p", &port, "sentinel", what, SERVICE]).output().unwrap();
        String::from_utf8(asked.stdout).unwrap()
    }
}
