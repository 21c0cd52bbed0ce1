//! Sheets on paper as a record tells them: sums of a group, never a sheet. It knows no phone and no score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ballot::Edition;

/// What one group returned on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperGroup {
    /// Paper sheets issued.
    pub issued: u32,
    /// Paper sheets returned.
    pub returned: u32,
    /// Returned sheets that are invalid as a whole.
    pub invalid: u32,
    /// Rows of voters who lead the subject, over all contests. In the first edition each row tells its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<u32>,
    /// One histogram a contest, from contest 1 on.
    pub rows: Vec<PaperRow>,
}

/// The valid paper ballots of one contest and group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperRow {
    /// The contest.
    pub c: u16,
    /// Ballots by mark, in the order of the scale; none where rows have several items.
    pub marks: Vec<u32>,
    /// Ballots by answer, as `hao..cha`, where rows have several items; left out in all other rounds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, u32>,
    /// Rows that nobody marked.
    pub abstained: u32,
    /// Rows of voters who lead the subject: as it was counted, and in records of the first edition. In later ones who leads a
    /// subject is not told row by row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<u32>,
    /// Rows that broke a rule.
    pub void: u32,
}

impl PaperGroup {
    /// Valid sheets.
    #[must_use]
    pub fn valid(&self) -> u32 {
        self.returned.saturating_sub(self.invalid)
    }

    /// Valid sheets without this row.
    pub(super) fn recused_in(&self, row: &PaperRow) -> u32 {
        let without = u64::from(self.valid()).saturating_sub(row.rows());
        row.recused.unwrap_or_else(|| u32::try_from(without).unwrap_or(u32::MAX))
    }

    /// As a record of this edition tells it; nothing where there is nothing to tell.
    pub(super) fn told(&self, edition: Edition) -> Option<Self> {
        if edition == Edition::First {
            return Some(self.clone());
        }
        let recused = self.rows.iter().map(|row| self.recused_in(row)).sum();
        let rows = self.rows.iter().map(|row| PaperRow { recused: None, ..row.clone() }).collect();
        (self.issued > 0 || self.returned > 0).then(|| Self { recused: Some(recused), rows, ..self.clone() })
    }
}

impl PaperRow {
    /// Sheets that have the row, whatever stands in it.
    pub(in crate::ballot) fn rows(&self) -> u64 {
        let counts = self.marks.iter().chain(self.answers.values()).chain([&self.abstained, &self.void]);
        counts.copied().map(u64::from).sum()
    }
}
