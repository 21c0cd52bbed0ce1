//! What a cast came to, in the five words that everybody uses: the steps at Redis, the stores, the wire and the phone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The outcome of one ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CastVerdict {
    /// In the box since this step, durably.
    In,
    /// In the box since before, the same to the byte. Also answered when the round is closed.
    Same,
    /// Its token (public key) is in the box with other bytes. Nothing of its batch was taken.
    Conflict,
    /// Not in the box, and the round takes no casts.
    Closed,
    /// Not in the box, because another ballot of its batch conflicts.
    #[serde(rename = "bad")]
    BatchConflict,
}
