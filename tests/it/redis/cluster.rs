//! A Cluster of three primaries on loopback, whose slots a test can move while servers write.

use std::process::Command;
use std::time::Duration;

use super::process::{RedisProcess, free_port};
use crate::patience::eventually;

/// Keys that are moved at once.
const KEYS_A_MOVE: &str = "16";
/// The pace of a move.
const KEY_INTERVAL: Duration = Duration::from_millis(20);

pub struct Cluster {
    pub nodes: Vec<RedisProcess>,
}

impl Cluster {
    pub async fn start() -> Self {
        let node = |_| {
            let bus = free_port().to_string();
            RedisProcess::start_with(&[
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "2000",
                "--cluster-port",
                &bus,
            ])
        };
        let nodes: Vec<RedisProcess> = (0..3).map(node).collect();
        let hosts = nodes.iter().map(|node| format!("127.0.0.1:{}", node.port()));
        let made = Command::new("redis-cli").args(["--cluster", "create"]).args(hosts).arg("--cluster-yes").output();
        let made = made.unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        let cluster = Self { nodes };
        cluster.is_whole().await;
        cluster
    }

    pub async fn is_whole(&self) {
        eventually("every node to see the whole Cluster", async || {
            let is_ok = |node: &RedisProcess| {
                let info: String = node.ask(&["CLUSTER", "INFO"]);
                info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")
            };
            self.nodes.iter().all(is_ok).then_some(())
        })
        .await;
    }

    /// What servers are started with.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect();
        format!("redis+cluster://{}", hosts.join(","))
    }

    fn id(&self, node: usize) -> String {
        self.nodes[node].ask(&["CLUSTER", "MYID"])
    }

    pub fn slot(&self, meeting: &str) -> u16 {
        self.nodes[0].ask(&["CLUSTER", "KEYSLOT", &format!("pingyi:{{{meeting}}}")])
    }

    /// The node whose slot it is, as the nodes' own list has it: `myself` begins the node's own ranges.
    pub fn owner(&self, slot: u16) -> usize {
        let owns = |node: &RedisProcess| {
            let lines: String = node.ask(&["CLUSTER", "NODES"]);
            let own = lines.lines().find(|line| line.contains("myself")).unwrap_or_default().to_owned();
            own.split_whitespace().skip(8).filter(|range| !range.starts_with('[')).any(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                (first.parse().unwrap()..=last.parse::<u16>().unwrap()).contains(&slot)
            })
        };
        self.nodes.iter().position(owns).unwrap()
    }

    /// Moves a slot with all its keys to another node, step by step as `redis-cli --cluster reshard` does.
    pub async fn moves(&self, slot: u16, to: usize) {
        let from = self.owner(slot);
        let (from_id, to_id, slot) = (self.id(from), self.id(to), slot.to_string());
        let ask = |node: usize, command: &[&str]| -> String { self.nodes[node].ask(command) };
        ask(to, &["CLUSTER", "SETSLOT", &slot, "IMPORTING", &from_id]);
        ask(from, &["CLUSTER", "SETSLOT", &slot, "MIGRATING", &to_id]);
        let port = self.nodes[to].port().to_string();
        let mut pace = tokio::time::interval(KEY_INTERVAL);
        loop {
            let keys: Vec<String> = self.nodes[from].ask(&["CLUSTER", "GETKEYSINSLOT", &slot, KEYS_A_MOVE]);
            if keys.is_empty() {
                break;
            }
            for key in &keys {
                // One after the other, with the servers' steps in between: what a large meeting looks like on its way.
                pace.tick().await;
                ask(from, &["MIGRATE", "127.0.0.1", &port, key, "0", "5000"]);
            }
        }
        for node in [to, from].into_iter().chain(0..self.nodes.len()) {
            ask(node, &["CLUSTER", "SETSLOT", &slot, "NODE", &to_id]);
        }
    }
}
