//! What the print page lays out: the plan, the closed accounts, and the results that the chair's screen may show. An
//! archive's print page holds the same, so that a form that is printed years later has the same figures.

use std::collections::BTreeMap;

use super::{archived, chain, history, result, round};
use crate::protocol::{OpinionsView, Prints, RosterLine, SeatUse};
use crate::store::SeatCount;
use pingyi_rules::meeting::Meeting;

/// What prints are made of beside the meeting itself.
#[derive(Clone, Debug, Default)]
pub struct PrintInputs {
    /// The names, where the meeting has a roster.
    pub roster: Option<Vec<RosterLine>>,
    /// Seats taken and slips replaced, by group id.
    pub seats: BTreeMap<String, SeatCount>,
    /// What was written, as far as whoever prints may read it.
    pub opinions: Vec<OpinionsView>,
    /// The server's clock in milliseconds since 1970.
    pub now_ms: u64,
    /// Where phones join the meeting, as it is in the code on the wall.
    pub join_link: String,
}

/// Everything that chair, teller and scrutineer may print now.
#[must_use]
pub fn prints(meeting: &Meeting, inputs: PrintInputs) -> Prints {
    let mut commands = history(meeting, usize::MAX);
    commands.reverse();
    Prints {
        plan: super::plan(meeting, &super::digest(meeting)),
        phase: meeting.phase,
        rounds: meeting.rounds.iter().map(|each| round(meeting, each)).collect(),
        accounts: meeting.rounds.iter().filter_map(|round| result::accounts(meeting, round)).collect(),
        results: result::all_for_chair(meeting),
        opinions: inputs.opinions,
        roster: inputs.roster,
        // Who sat is erased with who they were: no number is better than a wrong one.
        seats: if meeting.people_erased { Vec::new() } else { seats(meeting, &inputs.seats) },
        history: commands,
        history_digits: chain::digits(&archived::archived(meeting).meeting.history),
        rules: super::rules::in_words(&super::plan_of_now(meeting)),
        now_ms: inputs.now_ms,
        join_qr: inputs.join_link,
    }
}

fn seats(meeting: &Meeting, counts: &BTreeMap<String, SeatCount>) -> Vec<SeatUse> {
    let of = |group: &pingyi_rules::meeting::plan::Group| {
        let SeatCount { present: taken, slips_void: replaced, .. } = counts.get(&group.id).cloned().unwrap_or_default();
        let left = group.entitled.saturating_sub(taken);
        SeatUse { group: group.id.clone(), made: group.entitled + replaced, taken, left, replaced }
    };
    let mut seats: Vec<SeatUse> = meeting.plan.groups.iter().map(of).collect();
    let all = seats.iter().fold(SeatUse::default(), |sum, group| SeatUse {
        group: String::new(),
        made: sum.made + group.made,
        taken: sum.taken + group.taken,
        left: sum.left + group.left,
        replaced: sum.replaced + group.replaced,
    });
    seats.push(all);
    seats
}
