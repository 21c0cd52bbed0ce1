//! What the time is.

use std::time::{SystemTime, UNIX_EPOCH};

/// What the time is, in milliseconds since 1970: the hours of a meeting are read from it, and when a closing round ends. What is
/// waited for goes by the clock of the runtime.
pub type Clock = fn() -> u64;

/// The clock of this server in milliseconds since 1970.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
