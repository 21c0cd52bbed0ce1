//! Components that the score is combined with: each round has its own, first taken from the plan, and the chair may replace
//! them until the count is witnessed. They are other results about the same subjects, and say nothing of any ballot.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::refusal::Refusal;
use super::round::RoundState;
use super::{Meeting, Phase, Round};
use crate::scoring::Imported;

/// The components of one subject as a file gave them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ComponentsRow {
    /// The subject's number.
    pub subject: u16,
    /// In the order of `CombinationView::components`: 0 to 9,999 with at most four decimals; empty for one that is missing.
    pub components: Vec<String>,
    /// Points added or, with a minus, taken away; empty for none.
    pub adjustment: String,
    /// The place of the best suggested grade that is still possible; 0 for any.
    pub best_band: u32,
}

impl From<ComponentsRow> for Imported {
    fn from(row: ComponentsRow) -> Self {
        let ComponentsRow { subject, components, adjustment, best_band } = row;
        Self { subject, components, adjustment, best_band }
    }
}

impl From<Imported> for ComponentsRow {
    fn from(row: Imported) -> Self {
        let Imported { subject, components, adjustment, best_band } = row;
        Self { subject, components, adjustment, best_band }
    }
}

impl Meeting {
    /// Puts these in the place of a round's components (rule m20). Rows of subjects that the round is not about are left out,
    /// so that one file serves every round.
    pub(super) fn import_components(&mut self, number: u32, imported: &[Imported]) -> Result<(), Refusal> {
        if self.phase == Phase::Archived {
            return Err(Refusal::WrongPhase);
        }
        let rules = self.form_plan(self.round(number).ok_or(Refusal::UnknownRound)?).scoring.clone();
        let is_first = |(at, row): (usize, &Imported)| imported[..at].iter().all(|other| other.subject != row.subject);
        let fits = |row: &Imported| row.fits(&rules) && self.plan.subject(row.subject).is_some();
        if !imported.iter().all(fits) || !imported.iter().enumerate().all(is_first) {
            return Err(Refusal::OutOfRange);
        }
        let round = self.round_mut(number)?;
        let kept = round.of_its_subjects(imported);
        if kept == round.imported {
            return Ok(());
        }
        if kept.is_empty() {
            return Err(Refusal::OutOfRange);
        }
        match round.state {
            RoundState::Draft
            | RoundState::Armed
            | RoundState::Open
            | RoundState::Closing { .. }
            | RoundState::Closed => round.imported = kept,
            RoundState::Certified | RoundState::Published | RoundState::Void => return Err(Refusal::WrongRoundState),
        }
        Ok(())
    }
}

impl Round {
    /// The rows of this round's subjects, in the order of its sheet.
    pub(super) fn of_its_subjects(&self, imported: &[Imported]) -> Vec<Imported> {
        let of = |subject: &u16| imported.iter().find(|row| row.subject == *subject).cloned();
        self.subjects.iter().filter_map(of).collect()
    }
}
