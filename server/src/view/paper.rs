//! The paper of a round as chair, teller and scrutineer may see it: how many sheets, who has entered them, and to those who
//! entered them where they differ. What one of the two entered is never shown to the other before both have.

use crate::protocol::{
    Channel, ChannelAccount, PaperDifference, PaperFigure, PaperGroupView, PaperView, Role, Turnout,
};
use pingyi_rules::meeting::paper::{Entries, Paper, PaperCount};
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::meeting::{GroupAccount, Meeting, Phase, Round};

/// Most differences that are listed of a group; by then it is quicker to count again.
const DIFFERENCES_MAX: usize = 200;

/// The paper of a round that waits for it, though the meeting may have gone on meanwhile; else of the round of now.
#[must_use]
pub fn of_now(meeting: &Meeting, role: Role, turnout: &[Turnout]) -> Option<PaperView> {
    let waits = meeting.rounds.iter().find(|round| round.waits_for_paper());
    let round = waits.or_else(|| meeting.round_of_now())?;
    let plan = meeting.plan_of(round);
    let may_see = matches!(role, Role::Teller | Role::Scrutineer);
    Some(PaperView {
        round: round.number,
        may_issue: round.issues_paper() && matches!(meeting.phase, Phase::Checkin | Phase::InSession),
        is_open: round.waits_for_paper(),
        groups: plan
            .groups
            .iter()
            .map(|group| PaperGroupView {
                exceeds: turnout.iter().any(|heads| heads.group == group.id && exceeds(round, heads)),
                ..of_group(&plan, round, &group.id, may_see)
            })
            .collect(),
    })
}

/// The accounts of a counted round by channel; nothing where everybody had a phone of their own.
#[must_use]
pub fn channels(total: &GroupAccount) -> Vec<ChannelAccount> {
    if total.paper_issued + total.paper_returned + total.kiosk_issued == 0 {
        return Vec::new();
    }
    let paper_valid = total.paper_returned - total.paper_invalid;
    let phones = ChannelAccount {
        channel: Channel::Phone,
        issued: total.issued - total.paper_issued + total.reissued,
        returned: total.returned - total.paper_returned,
        valid: total.valid - paper_valid,
        invalid: total.invalid - total.paper_invalid,
        kiosk_issued: total.kiosk_issued,
    };
    let paper = ChannelAccount {
        channel: Channel::Paper,
        issued: total.paper_issued,
        returned: total.paper_returned,
        valid: paper_valid,
        invalid: total.paper_invalid,
        kiosk_issued: 0,
    };
    vec![phones, paper]
}

/// Sheets of all groups that a round waits for.
#[must_use]
pub fn open(round: &Round) -> u32 {
    if round.waits_for_paper() { round.paper.issued.values().sum() } else { 0 }
}

/// Papers issued anew are for voters who had some before.
fn exceeds(round: &Round, heads: &Turnout) -> bool {
    let anew =
        round.reissues.iter().filter(|reissue| reissue.has_papers && round.group_of(&reissue.group) == heads.group);
    let anew = u32::try_from(anew.count()).unwrap_or(u32::MAX);
    round.state.issues_papers() && heads.issued.saturating_sub(anew) > heads.entitled
}

fn of_group(plan: &Plan, round: &Round, group: &str, may_see: bool) -> PaperGroupView {
    let Paper { issued, entries, counted } = &round.paper;
    let entered = entries.get(group);
    let counted = counted.as_ref().and_then(|counted| counted.get(group));
    let differences = entered.map(|entered| differences(plan, round, entered)).unwrap_or_default();
    PaperGroupView {
        group: group.to_owned(),
        issued: issued.get(group).copied().unwrap_or(0),
        exceeds: false,
        teller: counted.is_some() || entered.is_some_and(|entered| entered.teller.is_some()),
        scrutineer: counted.is_some() || entered.is_some_and(|entered| entered.scrutineer.is_some()),
        agrees: counted.is_some() || entered.is_some_and(Entries::agree),
        returned: counted.map(|count| count.returned),
        valid: counted.map(|count| count.returned - count.invalid),
        invalid: counted.map(|count| count.invalid),
        differ: u32::try_from(differences.len()).unwrap_or(u32::MAX),
        // Of few sheets the figures are marks of people: they are for those who have the sheets in their hands.
        differences: if may_see { differences } else { Vec::new() },
    }
}

fn differences(plan: &Plan, round: &Round, entered: &Entries) -> Vec<PaperDifference> {
    let (Some(teller), Some(scrutineer)) = (&entered.teller, &entered.scrutineer) else { return Vec::new() };
    let mut found = Vec::new();
    let mut compare = |subject: Option<u16>, figure: PaperFigure, teller: u32, scrutineer: u32| {
        if teller != scrutineer && found.len() < DIFFERENCES_MAX {
            found.push(PaperDifference { subject, figure, teller, scrutineer });
        }
    };
    compare(None, PaperFigure::Returned, teller.returned, scrutineer.returned);
    compare(None, PaperFigure::Invalid, teller.invalid, scrutineer.invalid);
    let rows = |count: &PaperCount| count.rows.clone();
    for ((subject, one), other) in round.subjects.iter().zip(rows(teller)).zip(rows(scrutineer)) {
        for ((mark, one), other) in plan.scale.iter().zip(&one.marks).zip(&other.marks) {
            compare(Some(*subject), PaperFigure::Mark { mark: mark.id.clone() }, *one, *other);
        }
        let answers: std::collections::BTreeSet<&String> = one.answers.keys().chain(other.answers.keys()).collect();
        for answer in answers {
            let of = |row: &pingyi_rules::meeting::paper::PaperMarks| row.answers.get(answer).copied().unwrap_or(0);
            compare(Some(*subject), PaperFigure::Answer { answer: answer.clone() }, of(&one), of(&other));
        }
        compare(Some(*subject), PaperFigure::Abstained, one.abstained, other.abstained);
        compare(Some(*subject), PaperFigure::Recused, one.recused, other.recused);
    }
    found
}
