//! The result of a round, cut to what an audience may see. A figure that is not for it is absent, never hidden by the page.

use crate::meeting::plan::{Plan, Publication};
use crate::meeting::round::SmallGroups;
use crate::meeting::tally::pooled;
use crate::meeting::{Meeting, Round, RoundState};
use crate::protocol::{GroupResult, ResultRow, ResultView};
use crate::scoring::{GroupWeight, ScoreTable, Shown, SubjectCount, SubjectScore, percentages, score};
use crate::view::worths;

/// The table of a counted round, with everything in it that may be printed at all.
#[must_use]
pub fn table(meeting: &Meeting, round: &Round) -> Option<ScoreTable> {
    let plan = &meeting.plan;
    let tally = round.tally.as_ref()?;
    let weights: Vec<GroupWeight> =
        plan.groups.iter().map(|group| GroupWeight { id: group.id.clone(), weight_bp: group.weight_bp }).collect();
    let shown = Shown { k_min: plan.k_min, totals_only: round.small_groups == SmallGroups::TotalsOnly };
    Some(score(&plan.scoring, &weights, &worths(meeting), &tally.rows, shown))
}

/// The last published result as the hall may see it.
#[must_use]
pub fn for_hall(meeting: &Meeting) -> Option<ResultView> {
    let round = last_published(meeting)?;
    match round.publication? {
        Publication::Held | Publication::Chair | Publication::Leaders | Publication::EachOwn => None,
        Publication::HallGrades => Some(grades_only(whole(meeting, round)?)),
        Publication::HallScores => whole(meeting, round),
    }
}

/// The last published result as the chair sees it; a result that is held is seen by nobody.
#[must_use]
pub fn for_chair(meeting: &Meeting) -> Option<ResultView> {
    let round = last_published(meeting)?;
    match round.publication? {
        Publication::Held => None,
        Publication::Chair
        | Publication::Leaders
        | Publication::EachOwn
        | Publication::HallGrades
        | Publication::HallScores => whole(meeting, round),
    }
}

fn last_published(meeting: &Meeting) -> Option<&Round> {
    meeting.rounds.iter().rev().find(|round| round.state == RoundState::Published)
}

fn grades_only(result: ResultView) -> ResultView {
    let rows = result.rows.into_iter().map(|row| ResultRow {
        subject: row.subject,
        marks: None,
        percents: None,
        abstained: None,
        recused: None,
        groups: None,
        score: None,
        rank: None,
        suggested_grade: row.suggested_grade,
        top_rate_percent: None,
    });
    ResultView { groups: Vec::new(), rows: rows.collect(), ..result }
}

/// Everything that may be printed of a counted round.
#[must_use]
pub fn whole(meeting: &Meeting, round: &Round) -> Option<ResultView> {
    let plan = &meeting.plan;
    let table = table(meeting, round)?;
    let tally = round.tally.as_ref()?;
    let accounting = round.accounting.as_ref()?;
    let is_large = |returned: u32| returned == 0 || returned >= plan.k_min;
    let all_large = accounting.groups.iter().all(|group| is_large(group.returned));
    let groups_shown = round.small_groups != SmallGroups::TotalsOnly && all_large;
    let rows = tally.rows.iter().zip(&table.subjects).map(|(count, figures)| row(plan, count, figures, groups_shown));
    Some(ResultView {
        round: round.number,
        publication: round.publication.unwrap_or(Publication::Held),
        total: accounting.total(),
        groups: if groups_shown { accounting.groups.clone() } else { Vec::new() },
        rows: rows.collect(),
        rules: super::rules::in_words(plan),
    })
}

fn row(plan: &Plan, count: &SubjectCount, figures: &SubjectScore, groups_shown: bool) -> ResultRow {
    let sum = pooled(count);
    let is_small = count.groups.iter().any(|group| (1..u64::from(plan.k_min)).contains(&group.ballots()));
    let groups = (groups_shown && !is_small).then(|| {
        plan.groups
            .iter()
            .zip(&count.groups)
            .zip(&figures.groups)
            .map(|((group, count), figures)| {
                Some(GroupResult {
                    group: group.id.clone(),
                    marks: count.marks.clone(),
                    abstained: count.abstained,
                    recused: count.recused,
                    mean: figures.mean.clone(),
                })
            })
            .collect()
    });
    ResultRow {
        subject: count.subject,
        percents: Some(percentages(&sum.marks)),
        marks: Some(sum.marks),
        abstained: Some(sum.abstained),
        recused: Some(sum.recused),
        groups,
        score: figures.score.clone(),
        rank: figures.rank,
        suggested_grade: figures.suggested_grade.clone(),
        top_rate_percent: figures.top_rate_percent.clone(),
    }
}
