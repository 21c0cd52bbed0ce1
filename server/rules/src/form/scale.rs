//! The scale: the marks that a row can get, best first. A plan and a manifest write a mark in the same way, so it has one type; what
//! a manifest allows of it beyond that is the ballot's question.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::scoring::Worth;

/// Longest mark id, in `a-z 0-9 _`.
pub const MARK_ID_MAX: usize = 24;
/// The highest number that a scale of numbers may have.
pub const NUMERIC_MAX: u32 = 100;

/// One mark of the scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// 1 to [`MARK_ID_MAX`] of `a-z 0-9 _`, as `hao`, but not [`ABSTAIN`](super::ABSTAIN).
    pub id: String,
    /// As `好`, 1 to 20 characters.
    pub label: String,
    /// As `Good`, up to 40 characters; empty for none. Here because it says what a voter agrees to.
    pub label_en: String,
    /// What the mark means for the count.
    pub kind: MarkKind,
    /// What it is worth, in hundredths of a point, 0 to 1,000,000: 100 points are 10,000. 0 for marks that are no grade.
    pub points_hundredths: u32,
}

impl Mark {
    /// What it is worth for the count.
    #[must_use]
    pub fn worth(&self) -> Worth {
        match self.kind {
            MarkKind::Grade => Worth::PointsHundredths(self.points_hundredths),
            MarkKind::Unknown => Worth::Unknown,
            MarkKind::Abstain => Worth::Abstain,
        }
    }
}

/// What a mark means for the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A grade with points.
    Grade,
    /// 不了解: has a column and a policy of its own.
    Unknown,
    /// 弃权, marked as such.
    Abstain,
}

/// The marks of a scale of numbers: every whole number from the highest to 0, each worth itself.
#[must_use]
pub fn numbers(highest: u32) -> Vec<Mark> {
    let mark = |number: u32| Mark {
        id: number.to_string(),
        label: number.to_string(),
        label_en: String::new(),
        kind: MarkKind::Grade,
        points_hundredths: number * 100,
    };
    (0..=highest.min(NUMERIC_MAX)).rev().map(mark).collect()
}
