//! Which servers live: each says once a second something that it did not say before, and whoever says nothing new for a while is
//! not waited for. No server's clock is compared with another's.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A server that said nothing new for this long is not waited for.
const ALIVE: Duration = Duration::from_secs(5);

/// What each server said last.
pub(in crate::store::redis) struct Heartbeats {
    /// This server's id.
    own: String,
    // A std mutex: held for a look-up, never across an await.
    servers: Mutex<HashMap<String, Heartbeat>>,
    /// How often this server said that it lives.
    count: AtomicU64,
}

struct Heartbeat {
    /// A count, a blank, and what people call the server.
    said: String,
    /// Since when it is this.
    at: Instant,
}

impl Heartbeats {
    pub(in crate::store::redis) fn new(own: &str) -> Self {
        Self { own: own.to_owned(), servers: Mutex::default(), count: AtomicU64::new(0) }
    }

    fn servers(&self) -> MutexGuard<'_, HashMap<String, Heartbeat>> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What this server says next.
    pub(in crate::store::redis) fn next(&self, name: &str) -> String {
        format!("{} {name}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// Hears what all servers said last: id, what it said.
    pub(in crate::store::redis) fn hear(&self, all: &[String]) {
        let mut servers = self.servers();
        for server in all.chunks_exact(2) {
            if servers.get(&server[0]).is_none_or(|before| before.said != server[1]) {
                servers.insert(server[0].clone(), Heartbeat { said: server[1].clone(), at: Instant::now() });
            }
        }
    }

    /// What people call a server.
    pub(in crate::store::redis) fn name_of(&self, server: &str) -> String {
        let name = self.servers().get(server).and_then(|heartbeat| Some(heartbeat.said.split_once(' ')?.1.to_owned()));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| server.chars().take(8).collect())
    }

    /// Whether a server lives, as far as this one can know; `began` is since when it listens.
    pub(in crate::store::redis) fn lives(&self, server: &str, began: Instant) -> bool {
        match self.servers().get(server) {
            Some(heartbeat) => heartbeat.at.elapsed() < ALIVE,
            None => server != self.own && began.elapsed() < ALIVE,
        }
    }

    /// All that live.
    pub(in crate::store::redis) fn living(&self) -> Vec<String> {
        let servers = self.servers();
        servers.iter().filter(|(_, heartbeat)| heartbeat.at.elapsed() < ALIVE).map(|(id, _)| id.clone()).collect()
    }
}
