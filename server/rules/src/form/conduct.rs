//! How a round by this form is held: who marks the own branch, and what the hall sees meanwhile. A plan decides it, and a manifest
//! promises it in the same words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether a reporter marks the own branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OwnBranch {
    /// No ballot is issued for it (回避).
    Recused,
    /// It is marked like every other.
    Allowed,
}

/// What the projector shows while a round is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// That the round is open.
    Off,
    /// How many sheets have returned.
    Turnout,
    /// Counts of each mark as well, released by the pool rule.
    Tally,
}
