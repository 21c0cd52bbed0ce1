//! What every follower of a meeting's views gets, over a socket or as server-sent events: the time first, and when to end.

use crate::clock::now_ms;
use crate::hub::OpenedWith;
use crate::protocol::{PROTOCOL, ServerMessage};

/// The first message on every connection.
#[must_use]
pub(super) fn welcome() -> String {
    serde_json::to_string(&ServerMessage::Welcome { now_ms: now_ms(), protocol: PROTOCOL }).unwrap_or_default()
}

/// Comes back when the link that something was opened with is withdrawn; never where it was opened without one.
pub(super) async fn withdrawn(opened_with: &mut Option<OpenedWith>) {
    match opened_with {
        Some(opened_with) => opened_with.withdrawn().await,
        None => std::future::pending().await,
    }
}
