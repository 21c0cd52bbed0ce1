//! How many files and connections the system lets this process have open, and how many connections that leaves room for.
//! It knows limits and nothing of what is open.

use crate::config::CONNECTIONS_MAX;

/// Descriptors that are not for connections of phones: 64 boxes, the database with its readers, key files, 32 connections to
/// Redis, the process itself, and 64 connections that were told to go and have not gone yet.
const OTHERS: u64 = 64 + 16 + 8 + 32 + 16 + 64;

/// Lets this process have as many files open as the system allows it at most: a shell gives a thousand, of which a hall's
/// phones need two each. Where that cannot be done the limit stays as it is.
pub fn raise() {
    #[cfg(unix)]
    {
        // Whoever cannot raise it is told by the number of connections.
        let _ = rlimit::increase_nofile_limit(u64::MAX);
    }
}

/// Connections that this process can have at once: what it is made for, or what its descriptors leave room for.
#[must_use]
pub fn connections_max() -> usize {
    limit().map_or(CONNECTIONS_MAX, connections_within)
}

/// Descriptors that may be open now; nothing where the system has no such limit.
fn limit() -> Option<u64> {
    #[cfg(unix)]
    {
        rlimit::getrlimit(rlimit::Resource::NOFILE).ok().map(|(soft, _)| soft)
    }
    #[cfg(not(unix))]
    {
        None
    }
}

/// Connections that so many descriptors leave room for; where there are hardly any, half of them.
fn connections_within(descriptors: u64) -> usize {
    let left = descriptors.saturating_sub(OTHERS).max(descriptors / 2);
    usize::try_from(left).unwrap_or(usize::MAX).min(CONNECTIONS_MAX)
}
