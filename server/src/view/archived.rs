//! What an archive may keep of a meeting. Counts by group stay where the chair's screen shows them all; elsewhere an archive
//! holds no more than that screen does, so that a file on a stick is no side door to a small group or to a held result.

use std::collections::BTreeMap;

use super::result;
use pingyi_rules::meeting::{Accounting, Command, Links, Meeting, Round, Tally};

/// A meeting as its archive keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Without the counts that are withheld.
    pub meeting: Meeting,
    /// The rounds whose counts by group are withheld, by number: their figures are in the result files only.
    pub withheld: Vec<u32>,
}

/// The meeting for its archive.
#[must_use]
pub fn archived(meeting: &Meeting) -> Archived {
    let is_withheld = |round: &&Round| round.accounting.is_some() && !is_shown_whole(meeting, round);
    let withheld: Vec<u32> = meeting.rounds.iter().filter(is_withheld).map(|round| round.number).collect();
    let mut kept = meeting.clone();
    // An archive lies about for years: what only a phone has is not in it, erased or not.
    for reissue in kept.rounds.iter_mut().flat_map(|round| &mut round.reissues) {
        (reissue.slip, reissue.credential, reissue.request) = (String::new(), None, None);
    }
    for round in &mut kept.rounds {
        round.kiosk.clear();
        // Of the few sheets on paper the counts are in what was counted together, and nowhere by themselves.
        (round.paper.entries, round.paper.counted) = (BTreeMap::new(), None);
        if withheld.contains(&round.number) {
            round.paper.issued.clear();
            round.tally = None;
            round.accounting = round.accounting.as_ref().map(together);
        }
    }
    // Whose links they were is the business of this server alone.
    kept.links = Links::default();
    for entry in &mut kept.history {
        entry.command = told_again(meeting, entry.command.remembered(), &withheld);
    }
    Archived { meeting: kept, withheld }
}

/// The history says again what was counted: as far as the round may tell it.
fn told_again(meeting: &Meeting, command: Command, withheld: &[u32]) -> Command {
    let mut command = command;
    match &mut command {
        Command::Freeze { round, accounting, tally } => {
            // Paper is counted later: taken from what was counted in the end, this would leave the paper's marks.
            let counted = meeting.round(*round).and_then(|round| round.tally.as_ref());
            if withheld.contains(round) || counted != Some(&*tally) {
                *tally = Tally::default();
            }
            if withheld.contains(round) {
                *accounting = together(accounting);
            }
        }
        Command::Arm { round, accounting, .. } if withheld.contains(round) => *accounting = together(accounting),
        Command::IssuePaper { round, group, .. } if withheld.contains(round) => group.clear(),
        // What a history keeps of these names what was done, and counts nothing that is withheld.
        Command::Plain(_)
        | Command::Arm { .. }
        | Command::CloseWithout { .. }
        | Command::Confirm { .. }
        | Command::AddStep { .. }
        | Command::ErasePeople { .. }
        | Command::IssuePaper { .. }
        | Command::EnterPaper { .. }
        | Command::ImportComponents { .. }
        | Command::AskReissue { .. }
        | Command::SeatAtKiosk { .. }
        | Command::TakeReissue { .. }
        | Command::NoteReissue { .. }
        | Command::ReplaceSlips { .. }
        | Command::NoteLinks { .. }
        | Command::GiveLink { .. }
        | Command::WithdrawLink { .. }
        | Command::Certify { .. }
        | Command::Publish { .. }
        | Command::Void { .. } => {}
    }
    command
}

/// Whether the chair's screen shows every count of the round by group.
fn is_shown_whole(meeting: &Meeting, round: &Round) -> bool {
    let is_told = result::of_round(meeting, round).is_some();
    let hides_nothing = result::published(meeting, round).is_some_and(|published| !published.hides());
    let counts = round.tally.iter().flat_map(|tally| &tally.rows).flat_map(|row| &row.groups);
    // Rows of several items tell more than any table does.
    let has_item_rows = counts.into_iter().any(|count| !count.item_rows.is_empty());
    is_told && hides_nothing && !has_item_rows
}

fn together(accounting: &Accounting) -> Accounting {
    Accounting { groups: vec![accounting.total()] }
}
