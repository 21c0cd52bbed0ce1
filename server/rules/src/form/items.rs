//! The items (测评指标): the criteria by which a row is marked, where it is not marked as a whole. How a row of several is spelled
//! is in `answer`, what they weigh in the scoring rules.

use serde::{Deserialize, Serialize};

/// Most items of a row: each is a column on A4.
pub const ITEMS_MAX: usize = 16;

/// One of several criteria by which a row is marked (测评指标).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// As `政治建设`, 1 to 40 characters.
    pub label: String,
    /// As `Political work`, up to 60 characters; empty where the meeting has no English.
    pub label_en: String,
    /// The subjects to which it does not apply, ascending.
    pub not_for: Vec<u16>,
}
