//! How safely an acknowledged ballot is kept. A store says which of these it is, and the chair is shown it; what each one takes
//! is not known here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How safely a ballot is kept once acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Durability {
    /// Lost with the process.
    Memory,
    /// On this machine's disk.
    Local,
    /// On this machine's disk and in Redis.
    Redis,
    /// On this machine's disk, in Redis and in its replicas.
    RedisReplicated,
}
