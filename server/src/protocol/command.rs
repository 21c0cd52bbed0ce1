//! What a wish is answered with, and how the chair reads what was done. The wishes themselves are [`Wish`](pingyi_rules::meeting::Wish).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The answer to a command that was carried out, or that changed nothing because it had been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Done {
    /// The meeting's version after it.
    pub version: u32,
}

/// One line of the chair's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryLine {
    /// Milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// The command's name, as `go_to`.
    pub command: String,
    /// The title of the form, Chinese and English, where an evaluation was added by another one than the meeting's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub form: Option<[String; 2]>,
}
