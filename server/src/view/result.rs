//! The result of a round, cut to what an audience may see. A figure that is not for it is absent, never hidden by the page.

use crate::protocol::{GroupResult, ResultRow, ResultView, RoundAccounts};
use crate::view::combined;
use crate::view::form::{self, item_results, worths};
use pingyi_rules::meeting::plan::{Plan, Publication};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{Meeting, Round, RoundState};
use pingyi_rules::scoring::{
    GroupWeight, Published, SmallGroupPolicy, SubjectCount, SubjectScore, percentages, publish,
};

/// The table of a counted round, and what of it may be printed at all.
#[must_use]
pub fn published(meeting: &Meeting, round: &Round) -> Option<Published> {
    let plan = meeting.plan_of(round);
    let tally = round.tally.as_ref()?;
    let accounting = round.accounting.as_ref()?;
    let returned: Vec<u32> = accounting.groups.iter().map(|group| group.returned).collect();
    let weights: Vec<GroupWeight> =
        plan.groups.iter().map(|group| GroupWeight { id: group.id.clone(), weight_bp: group.weight_bp }).collect();
    let policy = SmallGroupPolicy { k_min: plan.k_min, totals_only: round.small_groups == SmallGroups::TotalsOnly };
    Some(publish(&plan.scoring, &weights, &worths(&plan), &tally.rows, &returned, policy))
}

/// The last published result as the hall may see it.
#[must_use]
pub fn for_hall(meeting: &Meeting) -> Option<ResultView> {
    let round = last_published(meeting)?;
    match round.publication? {
        Publication::Held | Publication::Chair | Publication::Leaders | Publication::EachOwn => None,
        Publication::HallGrades => Some(grades_only(whole(meeting, round)?)),
        Publication::HallScores => whole(meeting, round).map(without_group_items),
    }
}

/// The last published result as the chair sees it; a result that is held is seen by nobody.
#[must_use]
pub fn for_chair(meeting: &Meeting) -> Option<ResultView> {
    of_round(meeting, last_published(meeting)?)
}

/// The results of all rounds that the chair may see, by number.
#[must_use]
pub fn all_for_chair(meeting: &Meeting) -> Vec<ResultView> {
    meeting.rounds.iter().filter_map(|round| of_round(meeting, round)).collect()
}

/// The result of one round as the chair sees it. Exports and prints are made from this and from nothing beside it.
#[must_use]
pub fn of_round(meeting: &Meeting, round: &Round) -> Option<ResultView> {
    if round.state != RoundState::Published {
        return None;
    }
    match round.publication? {
        Publication::Held => None,
        Publication::Chair
        | Publication::Leaders
        | Publication::EachOwn
        | Publication::HallGrades
        | Publication::HallScores => whole(meeting, round),
    }
}

/// The closed accounts of a counted round. They are told in the hall before the result is; groups that are too small are not.
#[must_use]
pub fn accounts(meeting: &Meeting, round: &Round) -> Option<RoundAccounts> {
    if !round.state.is_counted() && round.tally.is_none() {
        return None;
    }
    let accounting = round.accounting.as_ref()?;
    // Of a round whose counts its archive withheld there is one account for all groups, and nothing to show beside it.
    let shows = published(meeting, round).is_some_and(|published| published.shows_sheets);
    let groups = if shows { accounting.groups.clone() } else { Vec::new() };
    let total = accounting.total();
    let channels = super::paper::channels(&total);
    let confirmed_at_ms = meeting.certified_together_at_ms(round.number);
    Some(RoundAccounts { round: round.number, channels, total, groups, confirmed_at_ms })
}

fn last_published(meeting: &Meeting) -> Option<&Round> {
    meeting.rounds.iter().rev().find(|round| round.state == RoundState::Published)
}

/// What a group got by item is for the tables: a wall of it could not be read, and every phone would fetch it.
fn without_group_items(mut result: ResultView) -> ResultView {
    let groups = result.rows.iter_mut().filter_map(|row| row.groups.as_mut());
    groups.flatten().flatten().for_each(|group| group.items.clear());
    result
}

fn grades_only(result: ResultView) -> ResultView {
    let rows = result.rows.into_iter().map(|row| ResultRow {
        subject: row.subject,
        marks: None,
        percents: None,
        items: None,
        abstained: None,
        recused: None,
        groups: None,
        score: None,
        rank: None,
        suggested_grade: row.suggested_grade,
        top_rate_percent: None,
        // A total tells the score.
        combined: None,
    });
    ResultView { groups: Vec::new(), rows: rows.collect(), combination: None, ..result }
}

/// Everything that may be printed of a counted round.
#[must_use]
pub fn whole(meeting: &Meeting, round: &Round) -> Option<ResultView> {
    let plan = meeting.plan_of(round);
    let published = published(meeting, round)?;
    let tally = round.tally.as_ref()?;
    let accounting = round.accounting.as_ref()?;
    let shows = published.shows_groups.iter().zip(&published.shows_totals);
    let figures = published.table.subjects.iter().zip(shows);
    let rows = tally.rows.iter().zip(figures);
    let rows = rows.map(|(count, (figures, (groups, totals)))| {
        row(&plan, count, (figures, published.table.decimals), *groups, *totals)
    });
    let mut rows: Vec<ResultRow> = rows.collect();
    for (row, combined) in rows.iter_mut().zip(combined::combined(&plan, round, &published.table).iter().flatten()) {
        row.suggested_grade.clone_from(&combined.suggested_grade);
        row.combined = Some(combined::row(&plan, round, combined));
    }
    Some(ResultView {
        round: round.number,
        merged: super::merged(meeting, round),
        publication: round.publication.unwrap_or(Publication::Held),
        record: round.record.clone(),
        channels: super::paper::channels(&accounting.total()),
        total: accounting.total(),
        groups: if published.shows_sheets { accounting.groups.clone() } else { Vec::new() },
        form: form::of_round(meeting, round),
        rows,
        rules: super::rules::in_words(&plan),
        combination: combined::combination(&plan),
    })
}

fn row(
    plan: &Plan,
    count: &SubjectCount,
    (figures, decimals): (&SubjectScore, u32),
    shows_groups: bool,
    shows_totals: bool,
) -> ResultRow {
    let sum = Some(count.total()).filter(|_| shows_totals);
    let groups = shows_groups.then(|| {
        plan.groups
            .iter()
            .zip(&count.groups)
            .zip(&figures.groups)
            .map(|((group, count), figures)| {
                Some(GroupResult {
                    group: group.id.clone(),
                    marks: plan.shown_marks(&count.marks),
                    items: item_results(plan, count, decimals).unwrap_or_default(),
                    abstained: count.abstained,
                    recused: count.recused,
                    mean: figures.mean.clone(),
                })
            })
            .collect()
    });
    let marks = sum.as_ref().filter(|_| plan.items.is_empty()).map(|sum| plan.shown_marks(&sum.marks));
    ResultRow {
        subject: count.subject,
        percents: marks.as_deref().map(percentages),
        marks,
        items: sum.as_ref().and_then(|sum| item_results(plan, sum, decimals)),
        abstained: sum.as_ref().map(|sum| sum.abstained),
        recused: sum.as_ref().map(|sum| sum.recused),
        groups,
        score: figures.score.clone(),
        rank: figures.rank,
        suggested_grade: figures.suggested_grade.clone(),
        top_rate_percent: figures.top_rate_percent.clone(),
        combined: None,
    }
}
