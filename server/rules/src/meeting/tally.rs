//! What was counted in a round: integers only. Means, scores and ranks are computed from it by `scoring` whenever a
//! screen or a print needs them, so that no figure is stored twice.

use serde::{Deserialize, Serialize};

use crate::scoring::SubjectCount;

/// The count of a round: one row a subject in the order of its sheet, in each one count a group in the order of the plan,
/// with `valid sheets = Σ marks + abstained + recused + void` (rule a2); 不了解 is one of the marks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// One row a subject.
    pub rows: Vec<SubjectCount>,
}
