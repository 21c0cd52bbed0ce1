//! What was imported for a round, as its record tells it, and the totals that follow from it and from the printed scores of the
//! tally. The values are no part of the manifest: nobody marks with other results before the eyes.

use serde::{Deserialize, Serialize};

use super::{TallyPart, TallyRow, rules};
use crate::ballot::manifest::Manifest;
use crate::scoring::{Combined, Explanation, Imported, Rules, ScoreTable, SubjectScore, combine};

/// The imported components of one contest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedRow {
    /// Points added or, with `-`, taken away; empty for none.
    pub adjustment: String,
    /// The place of the best band that is still possible; 0 for any.
    pub best_band: u32,
    /// The contest.
    pub c: u16,
    /// One decimal string a component, in the order of the rules; empty for one that is missing.
    pub components: Vec<String>,
}

impl ImportedRow {
    fn imported(&self) -> Imported {
        Imported {
            subject: self.c,
            components: self.components.clone(),
            adjustment: self.adjustment.clone(),
            best_band: self.best_band,
        }
    }
}

/// Whether a record's `imported` is what the rules ask for: there with a tally where they have a combination, and nowhere else;
/// by contest, ascending, each number in its one spelling. Then rows have totals, else none.
pub(crate) fn fits(manifest: &Manifest, imported: Option<&[ImportedRow]>, tally: Option<&TallyPart>) -> bool {
    let rules = rules(manifest).unwrap_or_default();
    let combines = rules.combination.is_some();
    if imported.is_some() != (combines && tally.is_some()) {
        return false;
    }
    let rows = imported.unwrap_or_default();
    let is_contest = |c: u16| manifest.contests.iter().any(|contest| contest.c == c);
    let ascends = rows.windows(2).all(|pair| pair[0].c < pair[1].c);
    let has_total = |row: &TallyRow| row.total.is_some() || row.total_rank.is_some();
    ascends
        && rows.iter().all(|row| is_contest(row.c) && row.imported().fits(&rules))
        && (combines || !tally.is_some_and(|tally| tally.rows.iter().any(has_total)))
}

/// The totals of a tally by contest, from its printed scores; nothing where scores are not combined.
pub(crate) fn totals(rules: &Rules, imported: &[ImportedRow], rows: &[TallyRow]) -> Option<Vec<Combined>> {
    let subject = |row: &TallyRow| SubjectScore {
        subject: row.c,
        score: row.score.clone(),
        rank: row.rank,
        groups: Vec::new(),
        pooled_mean: None,
        top_rate_percent: None,
        suggested_grade: None,
        flags: Vec::new(),
        explanation: Explanation::default(),
    };
    // A total is made of what is printed: the decimals of the table are in the scores already.
    let subjects = rows.iter().map(subject).collect();
    let table = ScoreTable { decimals: rules.decimals, has_small_group: false, subjects };
    let imported: Vec<Imported> = imported.iter().map(ImportedRow::imported).collect();
    combine(rules, &table, &imported)
}

impl TallyPart {
    /// The same tally with its totals, and grades that follow from them.
    #[must_use]
    pub(super) fn combined(mut self, manifest: &Manifest, imported: &[ImportedRow]) -> Self {
        let totals = totals(&rules(manifest).unwrap_or_default(), imported, &self.rows);
        for (row, total) in self.rows.iter_mut().zip(totals.into_iter().flatten()) {
            (row.total, row.total_rank, row.suggested_grade) = (total.total, total.rank, total.suggested_grade);
        }
        self
    }
}
