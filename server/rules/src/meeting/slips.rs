//! New slips for the free seats of a group, after a box of them was lost or a page was torn: which series of codes its slips
//! are of. The codes are no part of a meeting; who prints them draws them.

use serde::{Deserialize, Serialize};

use super::plan::Admission;
use super::refusal::Refusal;
use super::{Meeting, Phase};

/// New series that a group may have: a hundred lost boxes.
pub const SLIP_SERIES_MAX: u32 = 100;

/// Whose link new slips were printed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintedBy {
    /// 主持人.
    Chair,
    /// 计票人.
    Teller,
}

impl PrintedBy {
    /// Its name in histories.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::Teller => "teller",
        }
    }
}

impl Meeting {
    /// Whether slips can be replaced now: phones are let in by slips, or will be.
    #[must_use]
    pub fn takes_new_slips(&self) -> bool {
        self.plan.admission == Admission::Slips
            && matches!(self.phase, Phase::Draft | Phase::Checkin | Phase::InSession)
    }

    /// Notes a series. How many seats are free is known to the store alone, which carries it out in the same step.
    pub(super) fn replace_slips(&mut self, group: &str, series: u32, slips: u32) -> Result<(), Refusal> {
        if self.plan.admission != Admission::Slips {
            return Err(Refusal::NoSlips);
        }
        if !self.takes_new_slips() {
            return Err(Refusal::WrongPhase);
        }
        let entitled = self.plan.group(group).ok_or(Refusal::OutOfRange)?.entitled;
        if !(1..=entitled).contains(&slips) || series == 0 {
            return Err(Refusal::OutOfRange);
        }
        if series > SLIP_SERIES_MAX {
            return Err(Refusal::LimitIsReached);
        }
        let noted = self.slip_series.entry(group.to_owned()).or_default();
        *noted = series.max(*noted);
        Ok(())
    }
}
