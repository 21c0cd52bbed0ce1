//! The rules of a meeting: agenda, turns, rounds and accounting.
//! Pure: no clock, no I/O, no randomness. Beside std only the derives of serde and ts-rs, which are marks on a type,
//! so that a meeting is stored and its words reach the wire as they are.

pub mod accounting;
pub mod agenda;
pub mod apply;
pub mod command;
mod form;
pub mod heads;
pub mod history;
pub mod imported;
pub mod links;
pub mod next;
pub mod paper;
pub mod permission;
pub mod plan;
pub mod refusal;
pub mod reissue;
pub mod request;
pub mod round;
pub mod slips;
pub mod tally;
pub mod wish;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use accounting::{Accounting, GroupAccount};
pub use agenda::Timer;
pub use command::Command;
pub use history::{HISTORY_MAX, HistoryEntry};
pub use links::{Link, LinkOccasion, LinkRole, Links};
pub use next::Next;
pub use paper::Paper;
pub use plan::Plan;
pub use refusal::Refusal;
pub use request::CoSigned;
pub use round::{Round, RoundState};
pub use tally::Tally;
pub use wish::{PlainWish, Wish};

/// A meeting: its plan, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Eight lower-case letters and digits; public, part of the join address.
    pub id: String,
    /// What was decided before.
    pub plan: Plan,
    /// Where the whole meeting stands.
    pub phase: Phase,
    /// The step that runs, by id; none before the first and after the last.
    pub current: Option<u32>,
    /// Steps that were current once and are over, by id, in the order of the agenda.
    pub done: Vec<u32>,
    /// The timer of the current report.
    pub timer: Option<Timer>,
    /// Subjects who did not come; their turns are skipped, they are still evaluated unless the chair removes them before arming.
    pub absent: Vec<u16>,
    /// The rounds by number from 1; a repeated round comes last.
    pub rounds: Vec<Round>,
    /// What the projector shows.
    pub scene: Scene,
    /// What the chair did, and when.
    pub history: Vec<HistoryEntry>,
    /// Whether stores destroy what they have of its people: seats, slips, papers, sessions and private keys.
    #[serde(default)]
    pub people_erased: bool,
    /// By group id: the series of slips that replaced those before, from 1; none for a group with its first slips.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slip_series: BTreeMap<String, u32>,
    /// The links of its roles.
    #[serde(default, skip_serializing_if = "Links::are_unknown")]
    pub links: Links,
}

/// Where a meeting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Being prepared; no phone can join.
    Draft,
    /// Phones join and are counted.
    Checkin,
    /// The agenda runs.
    InSession,
    /// Over; results may still be published.
    Closed,
    /// Sealed.
    Archived,
}

impl Meeting {
    /// The plan as a round has it: with its form and its merged groups.
    #[must_use]
    pub fn plan_of(&self, round: &Round) -> Cow<'_, Plan> {
        let plan = self.form_plan(round);
        if round.merged.is_empty() { plan } else { Cow::Owned(plan.with_merged(&round.merged)) }
    }

    /// The plan with the form of a round, its groups apart.
    #[must_use]
    pub fn form_plan(&self, round: &Round) -> Cow<'_, Plan> {
        self.plan.form(round.step).map_or(Cow::Borrowed(&self.plan), |form| Cow::Owned(self.plan.with_form(form)))
    }
}

/// What the projector shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// What the current step asks for.
    Follow,
    /// The join code, full screen.
    Join,
    /// The published result.
    Result,
    /// Nothing.
    Black,
}
